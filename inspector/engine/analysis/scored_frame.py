"""Frames of a finished analysis, decoded again: each must be the one that was scored, pixel by pixel."""

from __future__ import annotations

from inspector.domain.clip import Frame
from inspector.domain.errors import CaseError
from inspector.engine.case.stored_analysis import StoredAnalysis
from inspector.engine.decode.decoder import Decoder, frame_sha256


def scored_frame(stored: StoredAnalysis, decoder: Decoder, pts: int) -> Frame:
    """The analysed frame at `pts`. Raises CaseError if it is not the one that was scored."""
    frame = decoder.frame_at(pts)
    check_scored(stored, frame, pts)
    return frame


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
