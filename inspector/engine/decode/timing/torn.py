"""Pictures of which a part is missing though their decoders may not tell."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from inspector.domain.arrays import PtsArray
from inspector.engine.decode.container import MediaSource
from inspector.engine.decode.formats.file_bytes import file_bytes
from inspector.engine.decode.formats.matroska_clusters import is_read_to_end
from inspector.engine.decode.timing.coding.bits import LENGTH_BYTE
from inspector.engine.decode.timing.counters.asf_packets import asf_losses
from inspector.engine.decode.timing.counters.ts_counters import torn_places
from inspector.engine.decode.timing.losses import COUNTERS_BREAK
from inspector.engine.decode.timing.stored import DAMAGED, StoredPackets

_FIRST = 4  # packets that are looked at in any case
_LEAST_ZEROS = 128
_LENGTH = 4  # bytes of a unit's length; fewer are allowed, and nobody writes them
_MOST_SHARE = 4  # of so many pictures FFmpeg may leave out one
_MOST_PADDED = 4  # of so many one may end in zeros that are none of its own
_BOXES, _FAR = (b"moof", b"mdat"), 1 << 26  # of the next fragments, and in how many bytes they are looked for
_FLV_AROUND = 16  # bytes of a tag with a picture that are not the picture, at least
_SILENT = {"hevc", "vvc"}  # whose decoders do not tell that the end of a picture is missing


def torn_text(container: str) -> str:
    """The part of a sentence about a picture of which a part is missing, in a container by FFmpeg's name."""
    return COUNTERS_BREAK if container == "mpegts" else DAMAGED


def torn_pictures(
    source: MediaSource,
    stored: StoredPackets,
    rows: PtsArray,
    container: str,
    codec: str,
    pid: int,
    fragment: tuple[int, int],
) -> tuple[PtsArray, PtsArray]:
    """The numbers of the packets, among `rows` int64 (n,) with a picture, of which a part is missing. Raises OSError.

    And the numbers of the packets behind the places at which something is missing in a transport stream or an ASF file.

    In an ASF file the numbers of its pictures tell, and the places of their parts. The picture behind a missing one is
    one of those found, unless it is a keyframe: the decoders of its codecs say nothing of a missing reference.
    Of an MP4 file `fragment` is the place of pictures behind which no box begins; see `Fragments.torn`.

    In a transport stream the counters of its packets tell. Where its next piece begins, recordings may be joined: the
    picture before counts as whole where its last packet is not full, and before a keyframe unless its decoder would
    not tell.
    """
    if not len(rows):
        return rows, rows
    if container == "asf":
        return (rows[:0], rows[:0]) if source.length else _torn_asf(source, stored, rows, pid)
    if container != "mpegts":
        # Where packets are stored without space between them, one before unread bytes has run into the hole.
        behind_hole = np.flatnonzero(stored.unread[1:]) + 1
        before = behind_hole - 1
        if container != "ogg":  # whose packets have the position of their page
            ends = stored.pos[before] + stored.size[before]
            before = before[ends == stored.unread_at[behind_hole]]  # elsewhere one of sound lies between
        others = (
            _before_zeros(source, stored, rows),
            _torn_in(source, stored, rows, codec, fragment),
            _torn_last(source, stored, rows, container),
            _overlapped(stored, rows) if container == "flv" else rows[:0],
            _moved(source, stored, rows, codec) if "mov" in container and not fragment[1] else rows[:0],
        )
        return np.intersect1d(rows, np.concatenate([before, *others])), rows[:0]
    if source.length:
        return rows[:0], rows[:0]
    position = stored.starts
    # FFmpeg tells of some of these places: of the one packet before, and so of none in the first one.
    end = stored.end if stored.is_corrupt.any() else int(position[min(_FIRST, len(stored) - 1)])
    found: set[int] = set()
    behind: set[int] = set()
    for place in torn_places(source.path, pid, end):
        number = int(np.searchsorted(position, place.before, "right")) - 1
        following = int(np.searchsorted(position, place.behind))
        behind.add(following)
        is_end = following >= len(stored) or stored.is_key[following]
        may_be_whole = place.begins and (not place.is_open or (is_end and codec not in _SILENT))
        if number < 0 or may_be_whole:
            continue
        first = int(np.searchsorted(position, position[number]))
        found.update(range(first, number + 1))
    own = np.searchsorted(rows, sorted(found), "right") - 1  # a second field belongs to the picture before
    return np.unique(rows[own[own >= 0]]), np.array(sorted(behind), np.int64)


def _torn_asf(source: MediaSource, stored: StoredPackets, rows: PtsArray, pid: int) -> tuple[PtsArray, PtsArray]:
    losses = asf_losses(source.path, pid)
    dts, pts = stored.dts[rows], stored.pts[rows]
    is_delivered = np.isin(losses.whole, stored.dts) | np.isin(losses.whole, stored.pts)
    lost = losses.whole[~is_delivered]
    if len(lost) * _MOST_SHARE > len(losses.whole):
        return rows[:0], rows[:0]  # FFmpeg takes other stamps
    torn = rows[np.isin(dts, losses.torn) | np.isin(pts, losses.torn)]
    at = np.searchsorted(np.maximum.accumulate(dts), np.concatenate([losses.behind, lost]))
    behind = np.unique(rows[at[at < len(rows)]])
    return np.union1d(torn, behind[~stored.is_key[behind]]), behind


def _before_zeros(source: MediaSource, stored: StoredPackets, rows: PtsArray) -> PtsArray:
    """Those that end in zeros which go on behind them: the beginning of a hole."""
    found = rows[stored.has_zero_end[rows] & (stored.pos[rows] >= 0)]
    if not len(found):
        return found
    goes_on, padded = [], 0
    with file_bytes(source.path) as data:
        for at in found.tolist():
            start = int(source.offset + stored.pos[at])
            end = start + int(stored.size[at])
            padded += any(data[start : start + _LEAST_ZEROS])
            goes_on.append(len(rest := data[end : end + _LEAST_ZEROS]) == _LEAST_ZEROS and not any(rest))
    if padded * _MOST_PADDED > len(rows):
        return found[:0]  # the program that wrote the file fills its pictures up
    return found[np.array(goes_on, np.bool_)]


def _torn_in(
    source: MediaSource, stored: StoredPackets, rows: PtsArray, codec: str, fragment: tuple[int, int]
) -> PtsArray:
    """Those in a fragment of an MP4 file with other bytes than it should have, from the one with a hole on.

    Where the units of a picture do not add up to it, it begins within another one, and the one before has run into the
    hole. Other codecs do not tell. Where no other box lies behind the fragment, bytes were added and none cut out.
    """
    found = rows[(stored.pos[rows] >= fragment[0]) & (stored.pos[rows] < fragment[1])]
    found = found[np.argsort(stored.pos[found], kind="stable")]
    if not len(found):
        return found
    with file_bytes(source.path) as data:
        goes_on = any(data.find(name, fragment[1], fragment[1] + _FAR) >= 0 for name in _BOXES)
        if codec not in LENGTH_BYTE:
            return found if goes_on else found[:0]
        for at, (start, size) in enumerate(zip(stored.pos[found].tolist(), stored.size[found].tolist(), strict=True)):
            if not _adds_up(data[start : start + size]):
                return found[max(at - 1, 0) :]
    return found[-1:] if goes_on else found[:0]


def _torn_last(source: MediaSource, stored: StoredPackets, rows: PtsArray, container: str) -> PtsArray:
    """The last one of a Matroska file if it has run into a hole behind which FFmpeg found no further cluster."""
    last = rows[-1:]
    is_last = container.startswith("matroska") and not source.length and stored.pos[last] == stored.last
    return last[:0] if not is_last or is_read_to_end(source.path, stored.last) else last


def _overlapped(stored: StoredPackets, rows: PtsArray) -> PtsArray:
    """Those of an FLV file that reach behind the beginning of the next one, which FFmpeg found in their data.

    Bytes are missing in them. Without a next one in the data, unread bytes tell of the hole.
    """
    end = stored.pos[rows[:-1]] + _FLV_AROUND + stored.size[rows[:-1]]
    found: PtsArray = rows[:-1][(stored.pos[rows[:-1]] >= 0) & (stored.pos[rows[1:]] < end)]
    return found


def _moved(source: MediaSource, stored: StoredPackets, rows: PtsArray, codec: str) -> PtsArray:
    """Those of an MP4 file from the one with a hole on, behind which no picture is where the index says.

    The first one whose units do not add up to it begins elsewhere, and the one before has run into the hole. Where the
    first of all does not add up, its units have other lengths; a last one that reaches to the end of the file breaks
    off there, and zeros are a hole of another kind.
    """
    found = rows[stored.pos[rows] >= 0] if codec in LENGTH_BYTE and not source.length else rows[:0]
    found = found[np.argsort(stored.pos[found], kind="stable")]
    if len(found) < 2:
        return found[:0]
    with file_bytes(source.path) as data:

        def is_moved(at: int) -> bool:
            start = int(stored.pos[found[at]])
            return not _adds_up(data[start : start + int(stored.size[found[at]])])

        last = len(found) - 1
        if not is_moved(last) or is_moved(0):
            return found[:0]
        first = bisect_left(range(last), True, key=is_moved)
        start, size = int(stored.pos[found[first]]), int(stored.size[found[first]])
        is_cut = start + size >= len(data)
        return found[:0] if is_cut or not any(data[start : start + _LENGTH]) else found[first - 1 :]


def _adds_up(picture: bytes) -> bool:
    at = 0
    while at < len(picture):
        size = int.from_bytes(picture[at : at + _LENGTH], "big")
        if not size:
            return False
        at += _LENGTH + size
    return at == len(picture)
