"""Where a file lost data: the evidence in it, and the intervals without pictures that the evidence explains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from inspector.domain.arrays import Flags, PtsArray
from inspector.domain.clip import Gap
from inspector.engine.decode.formats.sample_table import OtherCodec
from inspector.engine.decode.frame_index import NO_PTS
from inspector.engine.decode.timing.stored import StoredPackets

# Bytes that a container itself may take for each missing picture: an empty chunk with its entry in an index.
_BYTES_PER_EMPTY, _BYTES_OF_HEADERS = 24, 64
# The end of a file counts as unread if it is so large a share of it, and longer than so many packets.
_WITHOUT_INDEX = ("flv", "ogg", "mpegts", "asf", "ivf")
_TAIL_SHARE, _TAIL_PACKETS = 10, 20
_WITH_NUMBERED_REFERENCES = {"h264", "hevc", "vvc"}
SHORTER = "the file is {count:,} bytes shorter than it declares, though its end is there"
COUNTERS_BREAK = "the transport stream's packet counters break"
_NUMBERS_BREAK = "pictures, or parts of them, are missing here, by the numbers of the file's packets"
_LACKING = "pictures that later ones may refer to are missing here, by the numbers of the coding"
_IVF_HEADER = 12
_LEAST_STEPS = 4  # of a section, for a usual step of its own
_OGG_TAIL = 1 << 13  # the headers of pages, and the one that marks the end


@dataclass(frozen=True, slots=True)
class Evidence:
    """Data was lost before the packet with this number. A break in packet counters alone may also be a splice.

    `is_counted`: it is known that pictures are missing; `is_missing`: by bytes that are missing inside the file.
    """

    number: int
    reason: str
    is_break: bool = False
    is_counted: bool = False
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """An interval without pictures, next to evidence of lost data; `next_pts`: of the first picture stored after it."""

    gap: Gap
    next_pts: int


@dataclass(frozen=True, slots=True)
class MissingBytes:
    """Bytes that are missing inside a file: between two positions each, and how many more, wherever they are."""

    parts: tuple[tuple[int, int, int], ...] = ()
    more: int = 0

    def places(self) -> Iterator[tuple[int, int, str]]:
        """Two positions between which bytes are missing, and the reason to give for it."""
        for before, after, count in self.parts:
            yield before, after, f"{count:,} bytes are missing in the file here, by its index"
        if self.more:
            after = max((after for _, after, _ in self.parts), default=0)
            yield after, 1 << 62, SHORTER.format(count=self.more)


def find_evidence(
    stored: StoredPackets, container: str, missing_fragments: tuple[tuple[int, int], ...] = ()
) -> list[Evidence]:
    """All evidence of lost data, in the order of the packets; for `missing_fragments` see `Fragments.missing`."""
    cause = COUNTERS_BREAK if container == "mpegts" else "a packet is cut short"
    found = {at: Evidence(at, cause, is_break=True) for at in np.flatnonzero(stored.is_corrupt).tolist()}
    for at in np.flatnonzero(stored.unread).tolist():
        found[at] = Evidence(at, f"{stored.unread[at]:,} bytes of the file are damaged and could not be read")
    for at, error in stored.errors:
        found[at] = Evidence(at, f"reading failed: {error}")
    for position, count in missing_fragments:
        behind = stored.pos >= position
        if behind.any():
            what = "1 fragment is" if count == 1 else f"{count:,} fragments are"
            at = int(np.argmax(behind))
            found[at] = Evidence(at, f"{what} missing in the file, by the fragments' numbers")
    return [found[at] for at in sorted(found)]


def with_torn(evidence: list[Evidence], behind: PtsArray, container: str, is_key: Flags) -> list[Evidence]:
    """All evidence, also before the packets, int64 (m,), behind places at which something is missing by counters.

    Before a keyframe, of `is_key` bool (n,), the counters of another recording may begin, as of a transport stream
    anywhere.
    """
    known = {item.number for item in evidence}
    is_stream = container == "mpegts"
    reason = COUNTERS_BREAK if is_stream else _NUMBERS_BREAK
    more = [
        Evidence(at, reason, is_break=is_stream or bool(is_key[at]), is_counted=not is_stream)
        for at in behind.tolist()
        if at not in known
    ]
    return sorted([*evidence, *more], key=lambda item: item.number)


def with_other_codecs(evidence: list[Evidence], others: Iterable[OtherCodec]) -> list[Evidence]:
    """All evidence, also of samples of another codec in the track, which FFmpeg does not deliver."""
    more = [Evidence(run.before, f"{other_codec(run)} here", is_counted=True) for run in others]
    return sorted([*evidence, *more], key=lambda item: item.number)


def with_lacking(evidence: list[Evidence], lacking: PtsArray, is_key: Flags) -> list[Evidence]:
    """All evidence, also of pictures that are missing by the coding's own numbers before these packets, int64 (m,).

    Of several in a group of pictures the first one is named, and none where something else is known to be lost in it,
    or before the first keyframe.
    """
    groups = np.cumsum(is_key)
    known = {0, *(int(groups[min(item.number, len(groups) - 1)]) for item in evidence if len(groups))}
    found = list(evidence)
    for number in lacking.tolist():
        if int(groups[number]) not in known:
            found.append(Evidence(number, _LACKING, is_counted=True))
            known.add(int(groups[number]))
    return sorted(found, key=lambda item: item.number)


def other_codec(run: OtherCodec) -> str:
    """The part of a sentence about samples of another codec."""
    what = "1 picture is" if run.count == 1 else f"{run.count:,} pictures are"
    return f"{what} stored with another codec ({run.codec}) than the track's first and cannot be decoded"


def find_breaks(stored: StoredPackets, rows: PtsArray, evidence: Iterable[Evidence]) -> PtsArray:
    """The packets of keyframes at which the coding begins anew, by its own numbers; `rows` int64 (n,): of pictures."""
    losses = [item.number for item in evidence]
    return stored.breaks.found(rows, stored.pts[rows], stored.is_key[rows], losses)


def with_missing_bytes(
    evidence: list[Evidence], stored: StoredPackets, rows: PtsArray, missing: MissingBytes
) -> list[Evidence]:
    """All evidence, also of bytes that are missing inside the file; `rows` int64 (n,): the packets with a picture.

    The place is the longest step, in display order, to a picture between the two known positions; without a longer one
    than usual there is none.
    """
    shown = rows[stored.pts[rows] != NO_PTS]
    shown = shown[np.argsort(stored.pts[shown], kind="stable")]
    steps, behind = np.diff(stored.pts[shown]), shown[1:]
    usual = int(np.median(steps)) if len(steps) else 0
    found = {item.number: item for item in evidence}
    for before, after, reason in missing.places():
        own = np.where((stored.pos[behind] > before) & (stored.pos[behind] <= after), steps, 0)
        if len(own) and int(own.max()) > 1.5 * usual:
            number = int(behind[np.argmax(own)])
            found.setdefault(number, Evidence(number, reason, is_counted=True, is_missing=True))
    return [found[number] for number in sorted(found)]


def find_losses(
    stored: StoredPackets, rows: PtsArray, times: PtsArray, step: int, seams: set[int], evidence: list[Evidence]
) -> tuple[Loss, ...]:
    """Intervals of more than one and a half usual steps next to evidence, other than at the start of a section.

    `rows` are the numbers of the packets with a picture and `times` their display times, both int64 (n,). `step` is the
    usual one of the clip; a section that shows fewer pictures a second, as of a joined recording, has its own.
    """
    count = len(times)
    order = np.argsort(times, kind="stable")
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count)
    depth = int(np.abs(rank - np.arange(count)).max()) if count else 0
    found: dict[int, Loss] = {}
    steps = _section_steps(times[order], step, seams)
    for item in evidence:
        row = int(np.searchsorted(rows, item.number))
        # FFmpeg may continue the times for one more packet before it reads a new stamp. A torn picture keeps its number
        # and may have the time stamp of a later one, whose end it has.
        first = row - 2 if item.reason == _LACKING else row - 1
        near = rank[max(first - depth, 0) : row + 2 + depth]
        if len(near) < 2:
            continue
        shown = slice(int(near.min()), int(near.max()) + 1)
        ordered, usual = times[order[shown]].tolist(), steps[shown].tolist()
        unread = int(stored.unread[item.number]) if item.number < len(stored) else 0
        for (before, end), own in zip(pairwise(ordered), usual, strict=False):
            missing = (end - before) / own - 1
            is_container = not item.is_counted and 0 < unread < _BYTES_OF_HEADERS + _BYTES_PER_EMPTY * missing
            if missing > 0.5 and not is_container and end not in seams:
                gap = Gap(before + own, end, item.reason)
                found.setdefault(before, Loss(gap, int(times[min(row, count - 1)])))
    return tuple(found[before] for before in sorted(found))


def _section_steps(times: PtsArray, step: int, seams: set[int]) -> PtsArray:
    """The usual step at each of these times in order, int64 (n,): of its section, if that is greater than `step`."""
    found = np.full(len(times), step, np.int64)
    starts = np.searchsorted(times, sorted(seams))
    for first, end in pairwise([0, *starts.tolist(), len(times)] if seams else ()):
        own = np.diff(times[first:end])
        if len(own) >= _LEAST_STEPS:
            found[first:end] = max(step, int(np.median(own)))
    return found


def after_holes(
    stored: StoredPackets, rows: PtsArray, times: PtsArray, pts: PtsArray, codec: str
) -> tuple[frozenset[int], frozenset[int]]:
    """The times of the first pictures stored after holes, if they may refer to a picture in these, and of keyframes.

    What is displayed before one of these keyframes may refer to a picture in the hole.
    `rows` are the numbers of the packets with a picture and `times` their display times, both int64 (n,); `pts` int64
    (m,) are those of the pictures displayed after each hole. H.264 and its successors number their references, which
    tells what is missing; a picture whose packet lasts as long as the hole is followed by nothing that is missing.
    """
    found: set[int] = set()
    keys: set[int] = set()
    for time in pts.tolist() if codec not in _WITH_NUMBERED_REFERENCES else ():
        at = int(np.argmax(times >= time))
        earlier = np.flatnonzero(times < time)
        before = earlier[np.argmax(times[earlier])] if len(earlier) else at
        lasts = int(stored.duration[rows[before]]) >= time - int(times[before]) - 1
        if not lasts and not stored.is_key[rows[at]]:
            found.add(int(times[at]))
        elif not lasts and times[at] > time:
            keys.add(int(times[at]))
    return frozenset(found), frozenset(keys)


def without_interval(
    evidence: list[Evidence], losses: tuple[Loss, ...], rows: PtsArray, times: PtsArray
) -> Iterator[tuple[Evidence, int]]:
    """Evidence of damaged bytes at which the times have no interval without pictures, and the next picture's time."""
    explained = {loss.gap.reason for loss in losses}
    for item in evidence:
        row = int(np.searchsorted(rows, item.number))
        if not item.is_break and item.reason not in explained and row < len(times):
            yield item, int(times[row])


def unread_tail(stored: StoredPackets, data_end: int, container: str) -> int:
    """Bytes up to the end of a file's data that belong to no packet, in a container without an index there; else 0."""
    if stored.end < 0 or container not in _WITHOUT_INDEX:
        return 0
    tail = data_end - stored.end
    if container == "ivf":
        return max(tail - _IVF_HEADER, 0)  # the position of a packet is that of its header
    if container == "ogg":
        return tail if tail > _OGG_TAIL else 0
    limit = max(data_end // _TAIL_SHARE, _TAIL_PACKETS * stored.end // max(stored.all_packets, 1))
    return tail if tail > limit else 0
