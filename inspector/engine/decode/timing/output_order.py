"""The order in which a decoder returns the pictures of packets, found by decoding with the packets' numbers as pts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice

import av
import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream

from inspector.domain.arrays import Flags, PtsArray
from inspector.engine.decode.container import Media, MediaSource, open_media
from inspector.engine.decode.frame_index import NO_PTS
from inspector.engine.decode.timing.bitstream import is_flush
from inspector.engine.decode.timing.losses import Evidence
from inspector.engine.decode.timing.stored import Role, StoredPackets, describe_error, is_stored, packets, role_of
from inspector.engine.decode.timing.timeline import fill

_PROBE_PACKETS = 24
_MOST_PROBED = 600  # packets from a keyframe to the first picture that may be reordered, and behind that
_LEAST_BEFORE_SEAM = 4
# Two fields stored apart give one picture for two packets; a damaged start may lose some pictures.
_PROBE_SHARE = 0.75


def has_regular_timestamps(
    source: MediaSource, stored: StoredPackets, is_restamped: bool = False, ends: Iterable[int] = ()
) -> bool:
    """Whether each of some pictures has a unique pts and is decoded with that pts, in the order of the pts.

    Those are the first ones from a keyframe on and, where all stamps rise though the coding may reorder later pictures,
    those too. `is_restamped`: the stamps are those of `stored`, not FFmpeg's own. `ends` are packets at which the
    coding begins anew.
    """
    stamps, keys = stored.pts if is_restamped else None, np.flatnonzero(stored.is_key)
    seconds = frozenset(stored.breaks.second_fields)
    first, ends = int(keys[0]) if len(keys) else 0, sorted(ends)
    last = min([first + _PROBE_PACKETS, *(end for end in ends if end > first)])
    if not _is_regular_from(source, stamps, seconds, first, last):
        return False
    late = stored.breaks.first_of_two or 0
    if late < last or not bool((np.diff(stored.pts[stored.role == Role.PICTURE]) > 0).all()):
        return True
    first = int(keys[keys <= late].max(initial=0))
    last = min([late + _PROBE_PACKETS, *(end for end in ends if end > first)])
    return last - first > _MOST_PROBED or _is_regular_from(source, stamps, seconds, first, last)


def _is_regular_from(
    source: MediaSource, stamps: PtsArray | None, seconds: frozenset[int], first: int, last: int
) -> bool:
    """See `has_regular_timestamps`; of the packets with these numbers, from a keyframe on.

    Packets before the first picture, and those that the decoder rejects, are ignored. `stamps` int64 (n,) are the pts
    of the stored packets where FFmpeg's own ones are not used; `seconds` are the packets of second fields.
    """
    expected: set[int] = set()
    shown: list[int | None] = []
    failures = 0
    with open_media(source, threaded=False) as media, closing(packets(media)) as found:
        restamped = islice(_restamped(found, stamps, seconds), first, last)
        stored = ((packet, is_second) for packet, is_second in restamped if role_of(packet) is not Role.EXTRA)
        for packet, is_second in chain(_before_seam(stored), [(None, False)]):
            try:
                frames = media.stream.decode(packet)
            except (av.error.FFmpegError, ValueError):
                failures += 1
                continue
            shown.extend(frame.pts for frame in frames)
            if packet is None or is_second or role_of(packet) is not Role.PICTURE:
                continue
            if packet.pts is None or packet.pts in expected:
                return False
            expected.add(packet.pts)
    if not shown:
        return True  # nothing was decoded, so nothing contradicts the timestamps
    if shown[0] is None:
        return not expected
    wanted = sorted(pts for pts in expected if pts >= shown[0])
    is_subset = set(shown) <= expected and len(shown) >= _PROBE_SHARE * len(wanted)
    return shown == wanted or bool(failures and is_subset and shown == sorted(shown, key=lambda pts: pts or 0))


def _restamped(
    found: Iterable[Packet[VideoStream] | str], stamps: PtsArray | None, seconds: frozenset[int]
) -> Iterator[tuple[Packet[VideoStream], bool]]:
    """The stored packets, and whether each is that of a second field."""
    for number, packet in enumerate(filter(is_stored, found)):
        if stamps is not None and number < len(stamps):
            packet.pts = None if stamps[number] == NO_PTS else int(stamps[number])
        yield packet, number in seconds


def _before_seam(stored: Iterable[tuple[Packet[VideoStream], bool]]) -> Iterator[tuple[Packet[VideoStream], bool]]:
    """The packets before a keyframe whose stamp was there before: another recording begins."""
    seen: set[int | None] = set()
    for packet, is_second in stored:
        if packet.is_keyframe and packet.pts in seen and len(seen) >= _LEAST_BEFORE_SEAM and not is_second:
            return
        seen.add(packet.pts)
        yield packet, is_second


def is_upset(stored: StoredPackets, evidence: list[Evidence], container: str) -> bool:
    """Whether damage among the first packets explains that the decoder's order is not that of the stamps."""
    pts = stored.pts[stored.role == Role.PICTURE]
    is_complete = NO_PTS not in pts and len(np.unique(pts)) == len(pts)
    has_times = any(name in container for name in ("matroska", "mov", "flv", "mpegts"))
    return has_times and is_complete and any(item.number < _PROBE_PACKETS for item in evidence)


@dataclass(slots=True)
class OutputOrder:
    """Numbers of packets in the order in which the decoder returned their pictures.

    `rejected`: packets that the decoder refused, with the cause; `interlaced`: those whose picture has two fields.
    """

    numbers: list[int] = field(default_factory=list)
    rejected: dict[int, str] = field(default_factory=dict)
    interlaced: set[int] = field(default_factory=set)


def decode_order(source: MediaSource, is_wanted: Flags, seams: PtsArray) -> OutputOrder:
    """Decode the packets that `is_wanted` (n,) marks, which begin with keyframes, and return the order of the pictures.

    Packets are numbered as in StoredPackets. Each run of wanted packets is decoded by itself, and so is what begins
    with one of `seams`, int64 (m,).
    """
    found, ends = OutputOrder(), set(seams.tolist())
    with open_media(source, threaded=False) as media:
        is_open = False
        for number, packet in enumerate(p for p in packets(media) if not isinstance(p, str)):
            is_left_out = is_flush(packet) or number >= len(is_wanted) or not is_wanted[number]
            if is_open and (is_left_out or number in ends):
                found.numbers += _decoded(media, None, found)
                media.stream.codec_context.flush_buffers()
            is_open = not is_left_out
            if is_left_out:
                continue
            packet.pts = number
            found.numbers += _decoded(media, packet, found)
    return found


def _decoded(media: Media, packet: Packet[VideoStream] | None, found: OutputOrder) -> Iterator[int]:
    try:
        frames = media.stream.decode(packet)
    except (av.error.FFmpegError, ValueError) as error:
        if packet is not None and packet.pts is not None:
            found.rejected[packet.pts] = describe_error(error)
        return
    for frame in frames:
        if frame.pts is not None:
            if frame.interlaced_frame:
                found.interlaced.add(frame.pts)
            yield frame.pts


def groups_around(numbers: Iterable[int], is_key: Flags) -> Flags:
    """Marks the groups of pictures that contain these packets, and a group on each side; bool (n,) in decoding order.

    The next group's leading pictures may be displayed before its keyframe.
    """
    keys = np.flatnonzero(is_key)
    marked = np.zeros(len(is_key), np.bool_)
    for number in numbers:
        at = int(np.searchsorted(keys, number, side="right"))
        start = int(keys[at - 2]) if at > 1 else 0
        end = int(keys[at + 1]) if at + 1 < len(keys) else len(is_key)
        marked[start:end] = True
    return marked


def rank_pictures(numbers: list[int], rows: PtsArray, times: PtsArray) -> PtsArray:
    """The display order of pictures: as decoded where they were decoded, else by their times; positions in `rows`."""
    at = np.searchsorted(rows, numbers)
    decoded = [int(i) for i, number in zip(at, numbers, strict=True) if i < len(rows) and rows[i] == number]
    keys = np.where(times == NO_PTS, -(2.0**62), times.astype(np.float64))
    highest = keys[0] if len(keys) else 0.0
    for position in decoded:
        if times[position] != NO_PTS:
            highest = max(highest, keys[position])
        keys[position] = highest
    is_decoded = np.zeros(len(rows), np.bool_)
    is_decoded[decoded] = True
    for position in np.flatnonzero((times == NO_PTS) & ~is_decoded).tolist():
        keys[position] = keys[position - 1] if position else keys[position]
    place = np.zeros(len(rows), np.int64)
    place[decoded] = np.arange(len(decoded))
    return np.lexsort((place, keys))


def fill_in_order(times: PtsArray, rank: PtsArray, step: int) -> PtsArray:
    """Times in decoding order, filled in the display order `rank`; one not later than all before is not used."""
    ordered = times[rank].copy()
    highest = NO_PTS
    for at, time in enumerate(ordered.tolist()):
        if time == NO_PTS:
            continue
        if time <= highest:
            ordered[at] = NO_PTS
        highest = max(highest, time)
    result = np.empty_like(ordered)
    result[rank] = fill(ordered, step)
    return result
