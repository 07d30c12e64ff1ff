"""What a file stores of its video stream: one pass over all packets, without decoding any."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction
from typing import Any, TypeGuard

import av
import numpy as np
import numpy.typing as npt
from av.packet import Packet
from av.video.stream import VideoStream

from inspector.domain.arrays import Flags, PtsArray
from inspector.engine import activity
from inspector.engine.decode.container import Media
from inspector.engine.decode.frame_index import NO_PTS
from inspector.engine.decode.timing.bitstream import ends_in_zeros, has_picture, is_flush, is_hidden
from inspector.engine.decode.timing.coding.coding_breaks import Breaks
from inspector.engine.decode.timing.coding.finders import finder_for
from inspector.engine.decode.timing.motion_jpeg import separated

# Reading ends after this many errors in a row without a packet between them.
_MAX_READ_ERRORS = 8
_MAX_FOREIGN_PACKETS = 100_000
# Containers in which packets follow each other closely, so that bytes between them are bytes that were not read.
_DENSE = ("matroska", "flv", "avi", "ogg")
_MIN_UNREAD_BYTES = 128
_MOST_SOUND_SECONDS = 1 << 20
_LEAST_PASSED_SECONDS = 2  # shorter steps are no jumps
_HEARD_SHARE = 0.8
_FAR_TICKS = 1 << 32  # between two pictures of an IVF file, whose stamps have 64 bits
DAMAGED = "its data is damaged"
# A packet over several pages has their headers between its parts: one byte for 255, and 27 for each page.
_MIN_UNREAD_OGG, _PAGE_SHARE = 2048, 64


class Role(IntEnum):
    """What a stored packet is for."""

    PICTURE = 0  # one displayed picture
    CUT = 1  # a picture outside the edit list: stored, and not displayed
    HIDDEN = 2  # a reference picture of VP8 or VP9 that is never displayed
    EXTRA = 3  # parameter sets, SEI or delimiters, without a picture
    REPEAT = 4  # a frame that was not coded: the picture before it stays
    FIELD = 5  # the second field of a picture whose fields are stored apart


@dataclass(frozen=True, slots=True, eq=False)
class StoredPackets:
    """The packets of a stream in the order in which they are stored.

    `pts`, `dts` and `duration` in ticks, `pos` and `size` in bytes, int64 (n,), NO_PTS and -1 where there is none;
    `role` uint8 (n,), values of Role; `is_key`, `is_corrupt` (the transport stream says so) and `has_zero_end` bool
    (n,), see `ends_in_zeros`; `unread` int64 (n,): bytes of the file before the packet that belong to no packet, where
    the container stores packets without space between them, and `unread_at`: where in the file these begin; `empty`:
    packets without data, which have no row; `end`: where the last packet of any stream ends in the file, `last`: where
    the one read last begins, and `all_packets`: how many there are of all streams; `errors`: (packets before it,
    cause); `end_seconds`: the highest time stamp at which a packet of any stream ends; `sound_seconds`: the time stamp
    at which the first sound begins, None where there is none; `with_sound`: the whole seconds in which packets of sound
    begin, int64 (m,), rising; `breaks`: keyframes at which the coding begins anew.
    """

    pts: PtsArray
    dts: PtsArray
    duration: PtsArray
    pos: PtsArray
    size: PtsArray
    role: npt.NDArray[np.uint8]
    is_key: Flags
    is_corrupt: Flags
    has_zero_end: Flags
    unread: PtsArray
    unread_at: PtsArray
    empty: int = 0
    end: int = -1
    last: int = -1
    all_packets: int = 0
    errors: tuple[tuple[int, str], ...] = ()
    end_seconds: float = 0.0
    sound_seconds: float | None = None
    with_sound: PtsArray = field(default_factory=lambda: np.empty(0, np.int64))
    breaks: Breaks = field(default_factory=Breaks)

    def __len__(self) -> int:
        return len(self.pts)

    @property
    def starts(self) -> PtsArray:
        """The positions, those of packets before for packets without one, as second fields and others may be."""
        starts: PtsArray = np.maximum.accumulate(self.pos)
        return starts

    def count(self, role: Role) -> int:
        """How many packets have a role."""
        return int(np.count_nonzero(self.role == role))

    @property
    def usual_duration(self) -> int:
        """The median of the packets' durations in ticks; 1 where they have none."""
        durations = self.duration[self.duration > 0]
        return int(np.median(durations)) if len(durations) else 1


def packets(media: Media) -> Generator[Packet[Any] | str, None, None]:
    """Yield the video packets from the container's position on, read errors as text, and an empty packet to flush.

    Packets without data are left out, because a decoder takes one for the end of the stream.
    """
    for packet in _demuxed(media, media.stream):
        if isinstance(packet, str) or packet.size or is_flush(packet):
            yield _undiscarded(packet, media) if is_stored(packet) and packet.is_discard else packet


def _undiscarded(packet: Packet[VideoStream], media: Media) -> Packet[VideoStream]:
    """The packet without its flag that the decoder is to drop the picture, unless an edit list set the flag.

    FFmpeg sets it in a fragmented MP4 file, whose track lists no pictures, for a fragment that goes back in time.
    """
    if not _is_fragmented(media):
        return packet
    kept: Packet[Any] = Packet(bytes(packet))
    kept.pts, kept.dts, kept.time_base = packet.pts, packet.dts, packet.time_base
    kept.duration, kept.is_keyframe, kept.stream = packet.duration, packet.is_keyframe, media.stream
    return kept


def _is_fragmented(media: Media) -> bool:
    return "mov" in media.container.format.name and not media.stream.frames


def is_stored(packet: Packet[VideoStream] | str) -> TypeGuard[Packet[VideoStream]]:
    """Whether it is a packet with data, and neither an error nor the end of the stream."""
    return not isinstance(packet, str) and not is_flush(packet)


def _demuxed(media: Media, *streams: Any) -> Generator[Packet[Any] | str, None, None]:
    errors = foreign = 0
    has_ended = False
    while errors < _MAX_READ_ERRORS and foreign < _MAX_FOREIGN_PACKETS:
        try:
            demuxed = activity.each(media.container.demux(*streams))
            for packet in _FILTERS.get(media.container.format.name, iter)(demuxed):
                if isinstance(packet, str):
                    yield packet
                    continue
                errors = 0
                has_ended = has_ended or is_flush(packet)
                yield packet
            return
        except IndexError:
            # PyAV knows no stream that a damaged transport stream begins later, and raises at its packets.
            if has_ended:
                return
            foreign += 1
        except (av.error.FFmpegError, OSError) as error:
            errors += 1
            yield describe_error(error)
    yield Packet()


def _without_foreign(demuxed: Iterable[Packet[Any]]) -> Iterator[Packet[Any]]:
    """The packets of an IVF file without other bytes behind them, which FFmpeg takes for one that is cut off."""
    last: int | None = None
    for packet in demuxed:
        if packet.is_corrupt and packet.pts is not None and abs(packet.pts - (last or 0)) > _FAR_TICKS:
            continue
        last = last if packet.pts is None else packet.pts
        yield packet


_FILTERS: dict[str, Callable[[Iterable[Packet[Any]]], Iterable[Packet[Any] | str]]] = {
    "mjpeg": separated,
    "ivf": _without_foreign,
}


def describe_error(error: Exception) -> str:
    """The cause of an FFmpeg error, as part of a sentence."""
    if isinstance(error, av.error.ExitError):
        return "reading took too long"
    if isinstance(error, av.error.InvalidDataError):
        return DAMAGED
    return f"FFmpeg reports: {getattr(error, 'strerror', None) or error}"


def role_of(packet: Packet[VideoStream]) -> Role:
    """What a packet is for, as far as it can be told without decoding."""
    if not has_picture(packet):
        return Role.EXTRA
    if packet.is_discard:
        return Role.CUT
    return Role.HIDDEN if is_hidden(packet) else Role.PICTURE


_ROW = np.dtype(
    [
        ("pts", np.int64), ("dts", np.int64), ("duration", np.int64), ("pos", np.int64), ("size", np.int64),
        ("unread", np.int64), ("unread_at", np.int64), ("role", np.uint8), ("is_key", np.bool_),
        ("is_corrupt", np.bool_), ("has_zero_end", np.bool_),
    ]
)  # fmt: skip


@dataclass(slots=True)
class _Pass:
    """The state of a pass over all packets of all streams."""

    is_dense: bool
    is_fragmented: bool
    is_ogg: bool
    end: int = -1  # of the packets so far, in bytes from the file's start
    packets: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)
    end_pts: dict[int, int] = field(default_factory=dict)  # of each stream
    start_pts: dict[int, int] = field(default_factory=dict)
    sound_bases: dict[int, float] = field(default_factory=dict)  # the time bases of the streams of sound
    with_sound: set[int] = field(default_factory=set)
    last: int = -1

    def unread(self, packet: Packet[Any]) -> tuple[int, int]:
        """The bytes between the packets before and this one, and where they begin."""
        self.packets += bool(packet.size)
        if packet.pts is not None:
            end, index = packet.pts + int(packet.duration or 0), packet.stream_index
            # The first packet of a stream is not believed alone: damaged bytes may look like one of another stream.
            self.end_pts[index] = max(self.end_pts[index], end) if index in self.end_pts else 0
            self.start_pts.setdefault(index, packet.pts)
            if index in self.sound_bases and len(self.with_sound) < _MOST_SOUND_SECONDS:
                self.with_sound.add(int(packet.pts * self.sound_bases[index]))
        if packet.pos is None:
            return 0, -1
        if packet.pos == self.last:  # several packets on a page of Ogg have the position of the page
            self.end += packet.size
            return 0, -1
        self.last = packet.pos
        before, self.end = self.end, max(self.end, packet.pos + packet.size)
        return max(packet.pos - before, 0) if self.is_dense and before >= 0 else 0, before


def read_packets(media: Media, should_continue: Callable[[], bool] = lambda: True) -> StoredPackets:
    """Read newly opened media to its end. Stops early, with what was read, when `should_continue` returns False."""
    container = media.container.format.name
    done = _Pass(any(name in container for name in _DENSE), _is_fragmented(media), container == "ogg")
    done.sound_bases = {sound.index: float(sound.time_base or 0) for sound in media.container.streams.audio}
    rows: list[Any] = []
    chunks: list[npt.NDArray[Any]] = []
    count = empty = 0
    pending = 0, -1
    breaks, finder = Breaks(), finder_for(media.stream.codec_context.name)
    for packet in _counted(media):
        if isinstance(packet, str):
            done.errors.append((count, packet))
            continue
        pending = max(pending, done.unread(packet))
        if packet.stream_index != media.stream.index or is_flush(packet):
            continue
        if not packet.size:
            empty += 1
            continue
        if finder is not None:
            finder.add(packet, count, breaks)
        rows.append(_row(packet, pending))
        pending, count = (0, -1), count + 1
        if len(rows) == 4096:  # tuples take ten times the memory of an array's row
            chunks.append(np.array(rows, dtype=_ROW))
            rows.clear()
            if not should_continue():
                break
    table = np.concatenate([*chunks, np.array(rows, dtype=_ROW)])
    columns = {name: np.ascontiguousarray(table[name]) for name in _ROW.names or ()}
    if done.is_fragmented:
        columns["role"][columns["role"] == Role.CUT] = Role.PICTURE  # see `_undiscarded`
    _join_fields(columns, np.array(breaks.second_fields, np.int64))
    least = np.full(len(table), _MIN_UNREAD_OGG if done.is_ogg else _MIN_UNREAD_BYTES)
    least[1:] += columns["size"][:-1] // _PAGE_SHARE * done.is_ogg
    columns["unread"][columns["unread"] < least] = 0
    bases = {stream.index: stream.time_base or 0 for stream in media.container.streams}
    ends = [float(end * bases.get(index, 0)) for index, end in done.end_pts.items()]
    starts = [float(pts * bases.get(index, 0)) for index, pts in done.start_pts.items() if index in done.sound_bases]
    return StoredPackets(
        **columns,
        empty=empty,
        end=done.end,
        last=done.last,
        all_packets=done.packets,
        errors=tuple(done.errors),
        end_seconds=max(ends, default=0.0),
        sound_seconds=min(starts, default=None),
        with_sound=np.array(sorted(done.with_sound), np.int64),
        breaks=breaks,
    )


def _join_fields(columns: dict[str, npt.NDArray[Any]], seconds: PtsArray) -> None:
    """Make the packets with these numbers, int64 (m,), the second fields of the pictures before, which last as long."""
    firsts = seconds - 1
    while (is_extra := columns["role"][firsts] == Role.EXTRA).any():
        firsts[is_extra] -= 1
    columns["duration"][firsts] += columns["duration"][seconds]
    columns["duration"][seconds] = 0
    columns["role"][seconds], columns["is_key"][seconds] = Role.FIELD, False


def _counted(media: Media) -> Iterator[Packet[Any] | str]:
    """All packets to the end, as a stage of work: where they are in the file tells how much of it is read."""
    with activity.stage(activity.Stage.INDEX, media.container.size) as reached:
        for packet in _demuxed(media):
            if not isinstance(packet, str) and packet.pos is not None:
                reached(packet.pos)
            yield packet


def _row(packet: Packet[VideoStream], unread: tuple[int, int]) -> tuple[Any, ...]:
    return (
        NO_PTS if packet.pts is None else packet.pts,
        NO_PTS if packet.dts is None else packet.dts,
        int(packet.duration or 0),
        -1 if packet.pos is None else packet.pos,
        packet.size,
        *unread,
        int(role_of(packet)),
        packet.is_keyframe,
        packet.is_corrupt,
        ends_in_zeros(packet),
    )


def has_passed(stored: StoredPackets, rows: PtsArray, time_base: Fraction) -> Flags:
    """Whether the file tells that the time before each picture has passed, bool (n,).

    The packet before lasts as long by its own duration, as in an MP4 file of a variable rate, or the sound goes on.
    `rows` int64 (n,) are the numbers of the packets with a picture.
    """
    pts, dts, duration = stored.pts[rows], stored.dts[rows], stored.duration[rows]
    passed = np.zeros(len(rows), np.bool_)
    known = (pts != NO_PTS) & (dts != NO_PTS)
    least = round(_LEAST_PASSED_SECONDS / time_base)
    steps = np.where(known[1:] & known[:-1], np.diff(dts), 0)
    passed[1:] = (steps > least) & (steps <= duration[:-1] + 1) & (np.diff(pts) <= steps + least)
    highest = np.maximum.accumulate(pts) if len(pts) else pts
    for at in (np.flatnonzero(known[1:] & known[:-1] & (pts[1:] - highest[:-1] > least)) + 1).tolist():
        first, last = int(highest[at - 1] * time_base) + 1, int(pts[at] * time_base)
        heard = np.searchsorted(stored.with_sound, (first, last))
        passed[at] |= bool(heard[1] - heard[0] >= _HEARD_SHARE * max(last - first, 1))
    return passed
