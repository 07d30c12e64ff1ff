"""Records the coding history while a clip is analysed, as blocks that are stored beside the signals of the faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.domain.analysis import SignalBlock
from inspector.domain.clip import Frame
from inspector.domain.observations.coding import CHANGE
from inspector.engine.provenance.coding.blocks import CODING_TRACK, HASH_TRACK, words
from inspector.engine.provenance.coding.measure import FrameMeasurer

HASH_SECONDS = 0.2
_NEW_PICTURE = 12.0  # grey levels of change beyond which a frame is hashed at once


@dataclass(frozen=True, slots=True)
class MeasuredFrame:
    """What was measured of one frame."""

    pts: int
    values: tuple[float, ...]
    hash: int | None


class FrameSequence:
    """Measures the frames of a clip in display order; for the thread that decodes them."""

    def __init__(self, hashed_seconds: float | None, *, is_still: bool) -> None:
        self._measurer, self._hashed, self._is_still = FrameMeasurer(), hashed_seconds, is_still

    def prime(self, frame: Frame) -> None:
        """Take over the last frame of an interrupted analysis."""
        self._measurer.prime(frame.image)

    def measure(self, frame: Frame, seconds: float) -> MeasuredFrame:
        """Measure the next frame; it is hashed if the last hash is old or the picture new. A still has no coding."""
        values = self._measurer.measure(frame)
        is_due = self._hashed is None or seconds >= self._hashed + HASH_SECONDS or values[CHANGE] >= _NEW_PICTURE
        if is_due:
            self._hashed = seconds
        return MeasuredFrame(frame.pts, () if self._is_still else values, self._measurer.hash() if is_due else None)


class CodingRecorder:
    """Keeps what was measured until it is taken; `hashed_pts` is that of the last hash, which a resumed run needs."""

    def __init__(self) -> None:
        self._new: list[MeasuredFrame] = []
        self.hashed_pts: int | None = None

    @property
    def has_new(self) -> bool:
        """Whether anything waits to be taken."""
        return bool(self._new)

    def add(self, measured: MeasuredFrame) -> None:
        """Record a frame, in pts order."""
        self._new.append(measured)
        if measured.hash is not None:
            self.hashed_pts = measured.pts

    def take(self) -> tuple[SignalBlock, ...]:
        """What was recorded since the last call."""
        new, self._new = self._new, []
        blocks = []
        hashed = [(frame.pts, frame.hash) for frame in new if frame.hash is not None]
        if hashed:
            pts = np.array([pts for pts, _ in hashed], np.int64)
            blocks.append(SignalBlock(HASH_TRACK, pts, words([value for _, value in hashed])))
        coded = [frame for frame in new if frame.values]
        if coded:
            values = np.array([frame.values for frame in coded], np.float32).T.copy()
            blocks.append(SignalBlock(CODING_TRACK, np.array([frame.pts for frame in coded], np.int64), values))
        return tuple(blocks)
