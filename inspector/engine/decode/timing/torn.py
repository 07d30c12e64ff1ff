"""Pictures of which a transport stream lost a part, by the counters of its packets."""

from __future__ import annotations

import numpy as np

from inspector.domain.arrays import PtsArray
from inspector.engine.decode.container import MediaSource
from inspector.engine.decode.formats.ts_counters import torn_places
from inspector.engine.decode.timing.stored import StoredPackets

_FIRST = 4  # packets that are looked at in any case
_SILENT = {"hevc", "vvc"}  # whose decoders do not tell that the end of a picture is missing


def torn_pictures(
    source: MediaSource, stored: StoredPackets, rows: PtsArray, container: str, codec: str, pid: int
) -> PtsArray:
    """The numbers of the packets, among `rows` int64 (n,) with a picture, of which a part is missing. Raises OSError.

    Where the next piece of the stream begins, recordings may be joined: the picture before counts as whole where its
    last packet is not full. It does too before a keyframe, unless its decoder would not tell.
    """
    if container != "mpegts" or source.length or not len(rows):
        return rows[:0]
    # FFmpeg tells of some of these places: of the one packet before, and so of none in the first one.
    end = stored.end if stored.is_corrupt.any() else int(stored.pos[min(_FIRST, len(stored) - 1)])
    position = np.maximum.accumulate(stored.pos)  # pictures that begin in one piece may have no position of their own
    found: set[int] = set()
    for place in torn_places(source.path, pid, end):
        number = int(np.searchsorted(position, place.before, "right")) - 1
        following = int(np.searchsorted(position, place.behind))
        is_end = following >= len(stored) or stored.is_key[following]
        may_be_whole = place.begins and (not place.is_open or (is_end and codec not in _SILENT))
        if number < 0 or may_be_whole:
            continue
        first = int(np.searchsorted(position, position[number]))
        found.update(range(first, number + 1))
    own = np.searchsorted(rows, sorted(found), "right") - 1  # a second field belongs to the picture before
    return np.unique(rows[own[own >= 0]])
