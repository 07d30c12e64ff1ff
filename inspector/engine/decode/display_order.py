"""Compares a decoder's output with its input: pictures with a unique pts each, and gaps for lost pictures."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from inspector.domain.clip import Gap
from inspector.engine.decode.timing.bitstream import is_hidden

_NO_PICTURE = "the decoder returned no picture"
NO_REFERENCE_AT_SEAM = (
    "what refers to pictures before the first keyframe of the recording that begins here cannot be decoded"
)
NO_REFERENCE = "what is stored before the file's first keyframe, or refers to pictures before it, cannot be decoded"


@dataclass(slots=True)
class Picture:
    """One decoded picture in the codec's pixel format, with its unique pts and its index in display order."""

    pts: int
    frame: VideoFrame
    index: int
    is_key: bool
    is_corrupt: bool  # the decoder concealed damage in it or in a picture that it refers to
    picture_type: str  # I, P, B, or "" when unknown
    is_interlaced: bool = False
    is_transient: bool = False  # the decoder needs its buffer back at once, else later concealment may differ


def _picture(pts: int, frame: VideoFrame, index: int, is_corrupt: bool) -> Picture:
    kind = PictureType(frame.pict_type).name
    kind = "" if kind == "NONE" else kind
    return Picture(pts, frame, index, frame.key_frame, is_corrupt, kind, bool(frame.interlaced_frame))


@dataclass(frozen=True, slots=True)
class _Sent:
    position: int  # in decoding order
    group: int  # number of its GOP, in decoding order
    end_pts: int
    is_leading: bool  # displayed before the keyframe of its GOP, so it refers to the previous GOP too


class StrictOrder:
    """The order of a clip with reliable timestamps: each packet must give a picture with its pts, else a gap.

    Pictures decoded after damage, up to the next keyframe, may refer to it and count as corrupt too; those displayed
    after a keyframe do not refer to those before it (ITU-T H.265, 7.4.2.2; H.264, D.2.8, recovery point). A picture is
    delayed until all packets before it in decoding order have given theirs, because only then their damage is known:
    a B-frame is displayed before the P-frame that it refers to.
    """

    def __init__(self, first_index: int = 0, floor: int | None = None) -> None:
        self._index = first_index
        self._floor = floor  # pictures before the keyframe that decoding began at lack their references
        self._sent: dict[int, _Sent] = {}  # by pts, in decoding order; those without a picture yet
        self._pending: list[int] = []  # the same pts as a heap
        self._delayed: deque[tuple[Picture | Gap, _Sent | None]] = deque()
        self._damage: dict[int, int] = {}  # GOP -> position of the first damage in it, leading pictures apart
        self._leading_damage: dict[int, int] = {}  # the same of its leading pictures
        self._reasons: dict[int, str] = {}
        self._spoiled: dict[int, str] = {}  # why a part of a packet is lost
        self._position = self._group = 0
        self._key_pts: int | None = None
        self._seam_group = -1  # the first group of the newest recording behind another one
        self._keyless_group = -1  # what that recording begins with where it does not begin with a keyframe
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
        self._sent[pts] = _Sent(self._position, self._group, pts + max(int(packet.duration or 0), 1), is_leading)
        self._position += 1
        heapq.heappush(self._pending, pts)

    def lose(self) -> None:
        """Data was lost before the next packet: pictures up to the next keyframe may refer to it."""
        self._damage.setdefault(self._group, self._position - 1)

    def spoil(self, packet: Packet[VideoStream], reason: str) -> None:
        """A part of the packet, which is expected, is lost, whether its decoder tells or not."""
        sent = None if packet.pts is None else self._sent.get(packet.pts)
        if sent is not None and packet.pts is not None:
            self._spoiled[packet.pts] = reason
            self._damage[sent.group] = min(sent.position - 1, self._damage.get(sent.group, sent.position))

    def fail(self, packet: Packet[VideoStream], reason: str) -> None:
        """The decoder rejected the packet."""
        if packet.pts is not None:
            self._reasons[packet.pts] = self._spoiled.get(packet.pts, reason)

    def accept(self, frame: VideoFrame) -> Iterator[Picture | Gap]:
        """A frame was decoded; one with an unexpected pts, or of a packet that was partly rejected, is discarded."""
        pts = frame.pts
        if pts not in self._sent or pts in self._reasons:
            return
        self._drop_before(pts)
        heapq.heappop(self._pending)
        sent = self._sent.pop(pts)
        if frame.is_corrupt:
            self._note_damage(sent)
        self._delayed.append((_picture(pts, frame, self._index, frame.is_corrupt), sent))
        self._index, self._last = self._index + 1, pts
        yield from self._ready()

    def finish(self) -> Iterator[Picture | Gap]:
        """The stream ended; packets without a picture are a gap."""
        if self._sent:
            self._drop_before(max(sent.end_pts for sent in self._sent.values()))
        yield from self._ready()

    def begin_recording(self, start_pts: int, *, with_key: bool) -> Iterator[Picture | Gap]:
        """The decoder returned all of a recording; its missing pictures end before the next one, at `start_pts`."""
        if self._sent:
            self._drop_before(min(max(sent.end_pts for sent in self._sent.values()), start_pts))
        if not with_key:
            self._group, self._key_pts = self._group + 1, None
            self._keyless_group = self._group
        self._seam_group = self._group + 1
        yield from self._ready()

    def _drop_before(self, end_pts: int) -> None:
        lost, lacking = [], []
        while self._pending and self._pending[0] < end_pts:
            lost.append(heapq.heappop(self._pending))
            sent = self._sent.pop(lost[-1])
            self._note_damage(sent)
            lacking.append(self._lacking(sent))
        if lost:
            known = self._spoiled | self._reasons
            reasons = [known[pts] for pts in lost if pts in known]
            self._reasons = {pts: reason for pts, reason in self._reasons.items() if pts >= end_pts}
            reason = lacking[0] if all(lacking) else reasons[0] if reasons else _NO_PICTURE
            self._delayed.append((Gap(lost[0], end_pts, reason), None))
            self._index += len(lost)

    def _lacking(self, sent: _Sent) -> str:
        """The reason that a picture refers to others before the first keyframe, "" where it does not."""
        if sent.group in (self._keyless_group, self._seam_group):
            return NO_REFERENCE_AT_SEAM if sent.is_leading or sent.group == self._keyless_group else ""
        is_first = self._last is None and self._floor is None
        return NO_REFERENCE if is_first and (sent.group == 0 or (sent.group == 1 and sent.is_leading)) else ""

    def _note_damage(self, sent: _Sent) -> None:
        damage = self._leading_damage if sent.is_leading else self._damage
        damage[sent.group] = min(sent.position, damage.get(sent.group, sent.position))

    def _ready(self) -> Iterator[Picture | Gap]:
        first_open = next(iter(self._sent.values())).position if self._sent else self._position
        while self._delayed:
            event, sent = self._delayed[0]
            if sent is not None and sent.position > first_open:
                return
            self._delayed.popleft()
            if isinstance(event, Picture) and sent is not None:
                event.is_corrupt = event.is_corrupt or self._depends_on_damage(sent)
            yield event

    def _depends_on_damage(self, sent: _Sent) -> bool:
        in_front = self._damage.get(sent.group, sent.position) < sent.position
        if in_front or not sent.is_leading:
            return in_front
        return self._leading_damage.get(sent.group, sent.position) < sent.position or sent.group - 1 in self._damage
