"""Where another recording begins, or pictures are missing: what must not be taken for what others refer to."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace

import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream

from inspector.domain.arrays import PtsArray
from inspector.engine.decode.container import MediaSource, open_media
from inspector.engine.decode.frame_index import NO_PTS
from inspector.engine.decode.timing.coding.coding_breaks import COUNTED, Breaks, CountedPictures, NumberedFrames
from inspector.engine.decode.timing.stored import Role, StoredPackets, is_stored, packets, role_of
from inspector.engine.decode.timing.timeline import REORDER, Timeline

_TELL = {"hevc", "vvc"}  # decoders that report each reference that is missing
_REFUSE = {*COUNTED, *_TELL, "mpeg1video", "mpeg2video", "vp8", "vp9", "av1"}  # decoders, all before a keyframe
_DRAWN = {"apng", "gif"}  # on an empty canvas, from the first picture on, whether that is a keyframe or not
# Numbers that do not go on are believed in one of so many pictures, or behind so many that go on.
_MOST_SHARE, _RIGHT_PICTURES = 4, 24
_MOST_GROUPS = 3  # that are damaged, of a short clip
_LONGEST_STEP = 1.5  # in usual ones, without a picture missing


@dataclass(frozen=True, slots=True, eq=False)
class Joints:
    """The first packets of recordings behind others, numbers int64 (m,) each.

    Before those in `anew` the decoder begins anew; the coding alone tells of those in `coded`; `keyless` are the ones,
    no keyframes, whose decoder does not tell what is missing. `lacking`, numbers too, are packets before which pictures
    are missing that others refer to: of H.264, and the file's first one where that is no keyframe and
    `has_keyless_start`. Once the times are known: `seams`, where the recording of each of `anew` begins, by the pts of
    its packet, and the pts of the others, of those in `coded` where no section begins.
    """

    anew: PtsArray
    coded: PtsArray
    keyless: PtsArray
    lacking: PtsArray = field(default_factory=lambda: np.empty(0, np.int64))
    has_keyless_start: bool = False
    seams: dict[int, int] = field(default_factory=dict)
    coded_pts: tuple[int, ...] = ()
    keyless_pts: frozenset[int] = frozenset()
    lacking_pts: frozenset[int] = frozenset()

    def seam_at(self, packet: Packet[VideoStream]) -> int | None:
        """Where the recording begins that this packet is the first of, else None.

        A packet that an edit list leaves out may have the stamp of one that is shown.
        """
        seam = self.seams.get(packet.pts) if packet.pts is not None else None
        return seam if seam is not None and role_of(packet) is Role.PICTURE else None

    def at(self, rows: PtsArray, times: PtsArray, section_starts: Set[int], keys: Set[int]) -> Joints:
        """With the display times of the pictures whose packets are `rows`, int64 (n,).

        `keys` are the times of further keyframes before which the decoder is to begin anew.
        """
        seams = {
            int(times[at]): int(times[at : at + REORDER].min())
            for at in np.flatnonzero(np.isin(rows, self.anew) | np.isin(times, list(keys))).tolist()
        }
        coded = times[np.isin(rows, self.coded)].tolist()
        return replace(
            self,
            seams=seams,
            coded_pts=tuple(sorted(pts for pts in coded if seams[pts] not in section_starts)),
            keyless_pts=frozenset(times[np.isin(rows, self.keyless)].tolist()),
            lacking_pts=frozenset(times[np.isin(rows, self.lacking)].tolist()),
        )


def find_joints(
    source: MediaSource, timeline: Timeline, stored: StoredPackets, rows: PtsArray, codec: str, coded: PtsArray
) -> Joints:
    """The joints of a stream; `rows` int64 (n,) are the numbers of the packets with a picture. Raises ClipError."""
    numbers = rows[timeline.joints()]
    is_key = stored.is_key[numbers]
    anew, keyless = np.union1d(numbers[is_key], coded), numbers[~is_key]
    if codec in COUNTED:
        # A number that goes on may mean that only the clock jumps, or that both recordings are as far in their groups.
        kept = np.array(_continued(source, keyless.tolist(), COUNTED[codec]()), np.int64)
        anew, keyless = np.union1d(anew, np.setdiff1d(keyless, kept)), kept
    keys = rows[stored.is_key[rows]]
    open_ = [number for number in stored.breaks.behind_open if not _follows(stored, rows, keys, number, timeline.step)]
    lacking = np.setdiff1d(np.intersect1d(rows, np.array(stored.breaks.lacking + open_, np.int64)), numbers)
    if _counts_otherwise(lacking, rows, keys):
        lacking = lacking[:0]
    first = np.flatnonzero(stored.role != Role.EXTRA)[:1]
    has_keyless_start = codec not in _REFUSE | _DRAWN and bool(stored.is_key.any() and not stored.is_key[first].all())
    if has_keyless_start:
        lacking = np.union1d(lacking, first)
    return Joints(anew, coded, keyless[:0] if codec in _TELL else keyless, lacking, has_keyless_start)


def _counts_otherwise(lacking: PtsArray, rows: PtsArray, keys: PtsArray) -> bool:
    """Whether an encoder counts as it likes: numbers do not go on in many pictures, or in most groups of them."""
    if not len(lacking) or np.searchsorted(rows, lacking[0]) >= _RIGHT_PICTURES:
        return False
    groups = len(np.unique(np.searchsorted(keys, lacking, "right")))
    return len(lacking) * _MOST_SHARE > len(rows) or (groups > _MOST_GROUPS and groups * 2 > len(keys))


def _follows(stored: StoredPackets, rows: PtsArray, keys: PtsArray, number: int, step: int) -> bool:
    """Whether the first packet behind a keyframe is displayed behind it, and no time between them is empty.

    Only pictures that are displayed before the keyframe are missing then, as where a program cuts an open group of
    pictures. What is displayed behind the keyframe does not refer to them.
    """
    at, behind = int(np.searchsorted(rows, number)), int(np.searchsorted(keys, number))
    if not behind or at == len(rows):
        return False
    key, following = stored.pts[keys[behind - 1]], stored.pts[rows[at : at + REORDER]]
    return bool(following[0] > key != NO_PTS and (following[following > key] <= key + _LONGEST_STEP * step).any())


def _continued(source: MediaSource, numbers: Iterable[int], frames: NumberedFrames | CountedPictures) -> list[int]:
    """Those of these packets of a stream that go on by the numbers of its pictures."""
    wanted, found = set(numbers), []
    if not wanted:
        return []
    with open_media(source, threaded=False) as media:
        for number, packet in enumerate(filter(is_stored, packets(media))):
            if number in wanted and frames.goes_on(packet):
                found.append(number)
            if number >= max(wanted):
                break
            frames.add(packet, number, Breaks())
    return found
