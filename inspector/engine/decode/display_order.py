"""What comes out of a decoder, put against what went in: pictures with pts of their own, and gaps for what got lost."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from inspector.domain.clip import Gap

_SILENT = "the decoder returned no picture"


@dataclass(slots=True)
class Picture:
    """One decoded, not yet converted picture: its unique pts and its place in display order."""

    pts: int
    frame: VideoFrame
    index: int
    is_key: bool
    is_corrupt: bool  # the decoder concealed damage in it, or in what it is built on
    picture_type: str  # I, P, B, or "" when unknown
    is_interlaced: bool = False
    is_transient: bool = False  # its buffer must go back at once: what the decoder conceals next may show through it


def is_flush(packet: Packet[VideoStream]) -> bool:
    """Whether it is the empty packet that stands for the end of the stream."""
    return not packet.size and packet.pts is None and packet.dts is None


def is_hidden(packet: Packet[VideoStream]) -> bool:
    """Whether it is a VP8 picture that only serves as a reference and is never shown (RFC 6386, 9.1: show_frame)."""
    return packet.stream.codec_context.name == "vp8" and packet.size > 0 and not memoryview(packet)[0] & 0x10


class Order(Protocol):
    """Follows one run of a decoder: told of each packet that goes in and each frame that comes out."""

    def expect(self, packet: Packet[VideoStream]) -> None:
        """A packet is about to be sent to the decoder."""

    def fail(self, packet: Packet[VideoStream], reason: str) -> None:
        """The decoder refused the packet."""

    def accept(self, frame: VideoFrame) -> Iterator[Picture | Gap]:
        """A frame came out; yields what can be handed out now."""

    def finish(self) -> Iterator[Picture | Gap]:
        """Nothing more will come; yields what is left."""


def _picture(pts: int, frame: VideoFrame, index: int, is_corrupt: bool) -> Picture:
    kind = PictureType(frame.pict_type).name
    kind = "" if kind == "NONE" else kind
    return Picture(pts, frame, index, frame.key_frame, is_corrupt, kind, bool(frame.interlaced_frame))


@dataclass(frozen=True, slots=True)
class _Sent:
    place: int  # in decoding order
    group: int  # counts key frames in decoding order
    end_pts: int
    is_leading: bool  # shown before its group's key frame, and so built on the group before, too


class StrictOrder:
    """The order of a regular clip: every packet's pts must come out as a picture; what does not is lost.

    What is decoded after damage, up to the next key frame, is built on it and counts as corrupt too. A picture is held
    back until all that was decoded before it has come out, because only then it is known whether that was whole: a
    B-frame is shown before the P-frame it is built on.
    """

    def __init__(self, first_index: int = 0, floor: int | None = None) -> None:
        self._index = first_index
        self._floor = floor  # pictures before the key frame that decoding began at lack their references
        self._sent: dict[int, _Sent] = {}  # by pts, in decoding order; what has not come out yet
        self._pending: list[int] = []  # the same pts as a heap
        self._held: deque[tuple[Picture | Gap, _Sent | None]] = deque()
        self._damage: dict[int, int] = {}  # group -> first damaged place in it
        self._reasons: dict[int, str] = {}
        self._place = self._group = 0
        self._key_pts: int | None = None
        self._last: int | None = None

    def expect(self, packet: Packet[VideoStream]) -> None:
        """A packet is about to be sent to the decoder."""
        pts = packet.pts
        if pts is None or is_hidden(packet):
            return
        if packet.is_keyframe:
            self._group, self._key_pts = self._group + 1, pts
        if packet.is_discard or (self._floor is not None and pts < self._floor):
            return
        is_leading = self._key_pts is not None and pts < self._key_pts
        self._sent[pts] = _Sent(self._place, self._group, pts + max(int(packet.duration or 0), 1), is_leading)
        self._place += 1
        heapq.heappush(self._pending, pts)

    def fail(self, packet: Packet[VideoStream], reason: str) -> None:
        """The decoder refused the packet."""
        if packet.pts is not None:
            self._reasons[packet.pts] = reason

    def accept(self, frame: VideoFrame) -> Iterator[Picture | Gap]:
        """A frame came out. One that nobody expects, or that the decoder refused in part, is no picture to show."""
        pts = frame.pts
        if pts not in self._sent or pts in self._reasons:
            return
        self._lose_before(pts)
        heapq.heappop(self._pending)
        sent = self._sent.pop(pts)
        if frame.is_corrupt:
            self._damage.setdefault(sent.group, sent.place)
        self._held.append((_picture(pts, frame, self._index, frame.is_corrupt), sent))
        self._index, self._last = self._index + 1, pts
        yield from self._release()

    def finish(self) -> Iterator[Picture | Gap]:
        """Nothing more will come."""
        if self._sent:
            self._lose_before(max(sent.end_pts for sent in self._sent.values()))
        yield from self._release()

    def _lose_before(self, end_pts: int) -> None:
        lost = []
        while self._pending and self._pending[0] < end_pts:
            lost.append(heapq.heappop(self._pending))
            sent = self._sent.pop(lost[-1])
            self._damage[sent.group] = min(sent.place, self._damage.get(sent.group, sent.place))
        if lost:
            reasons = [self._reasons.pop(pts) for pts in lost if pts in self._reasons]
            self._held.append((Gap(lost[0], end_pts, reasons[0] if reasons else _SILENT), None))
            self._index += len(lost)

    def _release(self) -> Iterator[Picture | Gap]:
        first_open = next(iter(self._sent.values())).place if self._sent else self._place
        while self._held:
            event, sent = self._held[0]
            if sent is not None and sent.place > first_open:
                return
            self._held.popleft()
            if isinstance(event, Picture) and sent is not None:
                event.is_corrupt = event.is_corrupt or self._is_built_on_damage(sent)
            yield event

    def _is_built_on_damage(self, sent: _Sent) -> bool:
        in_front = self._damage.get(sent.group, sent.place) < sent.place
        return in_front or (sent.is_leading and sent.group - 1 in self._damage)


class LooseOrder:
    """The order of an irregular clip, whose packets say nothing reliable of pictures: each frame gets a rising pts of
    its own, made up where it brings none, and only what the decoder refuses makes a gap."""

    def __init__(self) -> None:
        self._index = 0
        self._last: int | None = None
        self._step = 1
        self._skipped = 0
        self._reason = ""
        self._is_doubtful = False

    def expect(self, packet: Packet[VideoStream]) -> None:
        """A packet is about to be sent to the decoder; here it says nothing."""

    def fail(self, packet: Packet[VideoStream], reason: str) -> None:
        """The decoder refused the packet, so its time passes without a picture."""
        self._reason = self._reason or reason
        self._skipped += 1

    def accept(self, frame: VideoFrame) -> Iterator[Picture | Gap]:
        """A frame came out."""
        pts = frame.pts if frame.pts is not None else frame.dts
        start = self._next_pts
        if pts is None:
            pts = start + self._skipped * self._step
        elif self._last is not None and pts <= self._last:
            pts = self._last + 1
        is_damaged = bool(self._reason or frame.is_corrupt)
        self._is_doubtful = is_damaged or (self._is_doubtful and not frame.key_frame)
        if self._reason and start < pts:
            yield Gap(start, pts, self._reason)
        yield _picture(pts, frame, self._index, self._is_doubtful)
        self._index, self._last = self._index + 1, pts
        self._step, self._skipped, self._reason = max(int(frame.duration or 0), 1), 0, ""

    def finish(self) -> Iterator[Picture | Gap]:
        """Nothing more will come."""
        if self._reason:
            yield Gap(self._next_pts, self._next_pts + self._skipped * self._step, self._reason)

    @property
    def _next_pts(self) -> int:
        return 0 if self._last is None else self._last + self._step
