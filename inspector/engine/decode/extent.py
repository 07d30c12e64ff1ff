"""How far a file reaches."""

from __future__ import annotations

from dataclasses import dataclass

from av.packet import Packet
from av.video.stream import VideoStream


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
