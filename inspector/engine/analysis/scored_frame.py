"""Frames of a finished analysis, decoded again: each must be the one that was scored, pixel by pixel."""

from __future__ import annotations

from collections.abc import Iterable

from inspector.domain.clip import Frame
from inspector.domain.errors import CaseError
from inspector.engine.case.stored_analysis import StoredAnalysis
from inspector.engine.decode.decoder import Decoder, frame_sha256

_MOST_BYTES = 256 << 20


class ScoredFrames:
    """The analysed frames of one analysis by pts; those read last are kept, up to 256 MB, and at least one."""

    def __init__(self, stored: StoredAnalysis, decoder: Decoder, most_bytes: int = _MOST_BYTES) -> None:
        self.stored, self.decoder = stored, decoder
        self._kept: dict[int, Frame] = {}  # the one used longest ago first
        self._bytes, self._most_bytes = 0, most_bytes

    def at(self, pts: int) -> Frame:
        """The analysed frame at `pts`. Raises CaseError if it is not the one that was scored."""
        frame = self._kept.pop(pts, None)
        if frame is None:
            frame = self.decoder.frame_at(pts)
            check_scored(self.stored, frame, pts)
            self._bytes += frame.image.nbytes
        self._kept[pts] = frame
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            self._bytes -= self._kept.pop(next(iter(self._kept))).image.nbytes
        return frame

    def load(self, wanted: Iterable[int]) -> None:
        """Decode frames that will be needed, in the order of the file, as far as they can be kept.

        One after another as they are needed, each would be decoded from its keyframe on.
        """
        for pts in sorted(set(wanted)):
            largest = max((frame.image.nbytes for frame in self._kept.values()), default=1)
            if self._bytes + largest > self._most_bytes:
                break
            self.at(pts)


def check_scored(stored: StoredAnalysis, frame: Frame, pts: int) -> None:
    """Raise CaseError unless `frame` has the SHA-256 that the analysis stored for the frame at `pts`."""
    record = stored.frame_record(pts)
    if record is None:
        raise CaseError(f"{stored.path} lacks the frame at pts {pts}; analyse the clip again.")
    if frame.pts != pts or frame_sha256(frame.image) != record.sha256:
        raise CaseError(
            f"The frame at pts {pts} of {stored.clip().path} is not the one that was scored (its SHA-256 differs): "
            "the case file was changed, or this installation decodes otherwise; analyse the clip again."
        )
