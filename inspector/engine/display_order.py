"""What comes out of a decoder, put against what went in: pictures with pts of their own, and gaps for what got lost."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

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
    is_corrupt: bool  # the decoder concealed damage in it
    picture_type: str  # I, P, B, or "" when unknown


def is_flush(packet: Packet[VideoStream]) -> bool:
    """Whether it is the empty packet that stands for the end of the stream."""
    return not packet.size and packet.pts is None and packet.dts is None


class DisplayOrder:
    """Follows one run of a decoder.

    In a regular clip every packet's pts must come out as a picture; what is missing when a later one comes out is a
    gap. In an irregular one packets say nothing reliable about pictures, and only errors make gaps.
    """

    def __init__(self, is_regular: bool, first_index: int = 0, floor: int | None = None) -> None:
        self._is_regular = is_regular
        self._index = first_index
        self._floor = floor  # pictures before the key frame that decoding began at lack their references
        self._pending: list[tuple[int, int]] = []  # heap of (pts, duration) that were sent in and have not come out
        self._reasons: dict[int, str] = {}
        self._last: int | None = None
        self._step = 1
        self._skipped = 0
        self._lost_reason = ""

    def expect(self, packet: Packet[VideoStream]) -> None:
        """Note a packet that was sent to the decoder."""
        if not self._is_regular or packet.pts is None or packet.is_discard:
            return
        if self._floor is None or packet.pts >= self._floor:
            heapq.heappush(self._pending, (packet.pts, int(packet.duration or 0)))

    def fail(self, packet: Packet[VideoStream], reason: str) -> None:
        """Note that the decoder refused a packet."""
        if self._is_regular and packet.pts is not None:
            self._reasons[packet.pts] = reason
        else:
            self._lost_reason = reason
            self._skipped += 1

    def accept(self, frame: VideoFrame) -> Iterator[Picture | Gap]:
        """A frame that came out, behind the gap that it closes, if any."""
        pts = self._stamp(frame)
        if pts is None:
            return
        lost = self._pop_before(pts)
        if lost:
            yield Gap(lost[0], pts, self._reason(lost))
        elif self._lost_reason and not self._is_regular:
            start = 0 if self._last is None else self._last + self._step
            if start < pts:
                yield Gap(start, pts, self._lost_reason)
        self._index += len(lost)
        kind = PictureType(frame.pict_type).name
        picture_type = "" if kind == "NONE" else kind
        yield Picture(pts, frame, self._index, frame.key_frame, frame.is_corrupt, picture_type)
        self._index += 1
        self._last, self._lost_reason, self._skipped = pts, "", 0
        self._step = max(int(frame.duration or 0), 1)

    def finish(self) -> Iterator[Gap]:
        """The gap at the end, if the last packets gave no pictures."""
        if self._pending:
            end = max(pts + max(duration, 1) for pts, duration in self._pending)
            lost = self._pop_before(end)
            yield Gap(lost[0], end, self._reason(lost))
        elif self._lost_reason and not self._is_regular:
            start = 0 if self._last is None else self._last + self._step
            yield Gap(start, start + self._skipped * self._step, self._lost_reason)

    def _stamp(self, frame: VideoFrame) -> int | None:
        """The frame's pts, made up where the clip gives none that rises; None for one that comes too late to show."""
        pts = frame.pts if frame.pts is not None else frame.dts
        if self._is_regular and pts is not None:
            is_late = self._last is not None and pts <= self._last
            return None if is_late or (self._floor is not None and pts < self._floor) else pts
        expected = self._skipped * self._step if self._last is None else self._last + (1 + self._skipped) * self._step
        if pts is None:
            return expected
        return pts if self._last is None or pts > self._last else self._last + 1

    def _pop_before(self, pts: int) -> list[int]:
        lost = []
        while self._pending and self._pending[0][0] <= pts:
            head = heapq.heappop(self._pending)[0]
            if head < pts:
                lost.append(head)
            else:
                self._reasons.pop(head, None)
        return lost

    def _reason(self, lost: list[int]) -> str:
        reasons = [self._reasons.pop(pts) for pts in lost if pts in self._reasons]
        return reasons[0] if reasons else self._lost_reason or _SILENT
