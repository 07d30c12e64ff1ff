"""The gap at the end of a clip, for pictures that the file declares, or once held, behind the last one that is read."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from av.packet import Packet
from av.video.stream import VideoStream

from inspector.domain.clip import Clip, Gap
from inspector.engine.decode.timing.file_end import CUT_IN_PACKET, FileEnd
from inspector.engine.decode.timing.losses import other_codec
from inspector.engine.decode.timing.stream_index import StreamIndex

_ESTIMATED = "{reason}; the length of this gap is estimated from the number of bytes"


@dataclass(slots=True)
class Extent:
    """What the file holds, as read to its end: how many pictures are stored, where the last one ends, and why reading
    stopped there, "" for the regular end of the file."""

    packets: int = 0
    end_pts: int | None = None
    read_error: str = ""

    def add(self, packet: Packet[VideoStream]) -> None:
        """Count a packet; an error before it did not stop the reading."""
        self.packets += 1
        self.read_error = ""
        if packet.pts is not None:
            end = packet.pts + int(packet.duration or 0)
            self.end_pts = end if self.end_pts is None else max(end, self.end_pts)


def missing_end(clip: Clip, streams: StreamIndex, extent: Extent | None, last: int) -> Gap | None:
    """The gap between the end of what was read, at or after `last`, and the declared end, if there is one."""
    end, declared_end = max(streams.span[1], last), clip.start_pts + (clip.duration_pts or 0)
    if extent is not None and extent.end_pts is not None and extent.packets < len(streams.packets):
        end = max(extent.end_pts, last)  # the file cannot be read any more as it was when it was opened
    lost, index_end = streams.lost_at_end
    if lost:
        reason = f"the last {lost:,} pictures of the file's index could not be read"
        return Gap(end, max(index_end, end + 1), reason)
    # The count of an AVI file is one of ticks, and often wrong.
    has_count = clip.container != "avi" or bool(streams.end.missing_bytes or streams.end.zeros)
    if has_count and streams.declared is not None and streams.stored < streams.declared:
        return _uncounted(clip, streams, end, declared_end)
    if _declares_length(clip, streams) and declared_end - end > 2 * _usual_step(clip, streams, end):
        breaks_off = "the file breaks off before its declared end"
        return Gap(
            end, declared_end, _cause(streams.end, streams.end.unread_text if streams.end.unread_tail else breaks_off)
        )
    if streams.end.seconds is not None and streams.timeline.is_plain:
        by_header = round(streams.end.seconds / clip.time_base)
        reason = _cause(streams.end, "the pictures end before the declared end of the file")
        return Gap(end, max(by_header, end + 1), reason)
    if streams.end.missing_bytes or streams.end.unread_tail:
        return _by_bytes(clip, streams, end, declared_end)
    read_error = streams.read_error if extent is None else extent.read_error
    if read_error and not streams.end.foreign:
        reason = _cause(streams.end, f"reading the file stopped here: {read_error}")
        return Gap(end, max(declared_end, end + 1), reason)
    return Gap(end, end + 1, _cause(streams.end, CUT_IN_PACKET)) if streams.end.is_cut else None


def _cause(found: FileEnd, otherwise: str) -> str:
    """Why pictures are missing at the end, as far as the bytes there tell."""
    if found.zeros:
        return found.zeros_text
    if found.missing_bytes:
        return f"the file breaks off {found.missing_bytes:,} bytes before its declared end"
    return otherwise


def _usual_step(clip: Clip, streams: StreamIndex, end: int) -> float:
    return (end - clip.start_pts) / max(len(streams.packets), 1)


def _uncounted(clip: Clip, streams: StreamIndex, end: int, declared_end: int) -> Gap | None:
    """The gap for pictures that the file counts and does not hold."""
    assert streams.declared is not None
    rate = clip.average_rate or Fraction(25)
    declared_end = max(declared_end, clip.start_pts + round(streams.declared / rate / clip.time_base))
    if streams.stored + sum(run.count for run in streams.others) >= streams.declared:
        run = streams.others[-1]  # behind the last one that FFmpeg delivers, or in a gap of its own
        return None if run.before < len(streams.packets) else Gap(end, max(declared_end, end + 1), other_codec(run))
    count = f"{streams.stored} of {streams.declared} declared pictures"
    reason = f"the file breaks off after {count}"
    if streams.end.zeros or streams.end.unread_tail:
        reason = f"{_cause(streams.end, streams.end.unread_text)}; {count} are stored before"
    return Gap(end, max(declared_end, end + 1), reason)


def _by_bytes(clip: Clip, streams: StreamIndex, end: int, declared_end: int) -> Gap:
    """The gap for bytes that are missing or unreadable, as long as other pictures of so many bytes at least."""
    found = streams.end
    share = Fraction(found.missing_bytes or found.unread_tail, max(streams.packets.end, 1))
    estimated = end + round((end - clip.start_pts) * share)
    if found.missing_bytes and not (clip.duration_pts and streams.timeline.is_plain):
        declared_end = 0
    reason = _cause(found, found.unread_text)
    if estimated > declared_end:
        reason = _ESTIMATED.format(reason=reason)
    return Gap(end, max(declared_end, estimated, end + 1), reason)


def _declares_length(clip: Clip, streams: StreamIndex) -> bool:
    """Whether the declared duration is that of the pictures; elsewhere it is an estimate or that of the sound."""
    has_own = any(key.upper().startswith("DURATION") for key, _ in clip.metadata)
    return clip.container.startswith("matroska") and streams.timeline.is_plain and (has_own or not clip.has_audio)
