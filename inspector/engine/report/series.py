"""One pass over all frames and scores: what the CSV writes row by row and the plots need of each track."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from inspector.domain.analysis import FrameRecord
from inspector.domain.arrays import Flags, Floats
from inspector.domain.scores import FaceScore
from inspector.engine.report.material import ReportMaterial

NOT_ANALYSED = "not analysed"
NO_MODEL = "face found, no model to score it"
SCORED = "at least one face scored"
Row = Callable[[int, FrameRecord | None, FaceScore | None], None]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A track's rows in pts order: seconds and both networks' probability, float64 (n,), NaN where unscored."""

    seconds: Floats
    probability: Floats
    deep: Floats

    @property
    def scored(self) -> Flags:
        """Which rows have a probability, bool (n,)."""
        return np.isfinite(self.probability)

    @property
    def highest(self) -> tuple[float, float] | None:
        """Seconds and probability of the frame that scored highest by itself, the first of several, or None.

        Where the deep network looked, it is the highest of the frames that it saw.
        """
        values = self.deep if np.isfinite(self.deep).any() else self.probability
        if not np.isfinite(values).any():
            return None
        row = int(np.nanargmax(values))
        return float(self.seconds[row]), float(values[row])


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """Every track's series, and how many frames and faces came to what. Costs 24 bytes a row."""

    series: dict[int, Series]
    frames: int
    outcomes: dict[str, int]  # frames: SCORED, an abstention's value, NO_MODEL or NOT_ANALYSED; they add up
    abstentions: dict[str, int]  # rows of frames.csv, by the abstention's name
    last_seconds: float


@dataclass(slots=True)
class _Columns:
    seconds: array[float] = field(default_factory=lambda: array("d"))
    probability: array[float] = field(default_factory=lambda: array("d"))
    deep: array[float] = field(default_factory=lambda: array("d"))

    def add(self, seconds: float, score: FaceScore) -> None:
        self.seconds.append(seconds)
        self.probability.append(float("nan") if score.fake_probability is None else score.fake_probability)
        self.deep.append(float("nan") if score.deep_probability is None else score.deep_probability)

    def done(self) -> Series:
        return Series(
            np.frombuffer(self.seconds, dtype=np.float64),
            np.frombuffer(self.probability, dtype=np.float64),
            np.frombuffer(self.deep, dtype=np.float64),
        )


def _merged(material: ReportMaterial) -> Iterator[tuple[int, FrameRecord | None, list[FaceScore]]]:
    """Every pts in order with its frame and its scores; a damaged picture may have scores and no frame."""
    frames, scores = material.frames(), material.scores()
    frame, score = next(frames, None), next(scores, None)
    while frame is not None or score is not None:
        pts = min(item.pts for item in (frame, score) if item is not None)
        record = None
        if frame is not None and frame.pts == pts:
            record, frame = frame, next(frames, None)
        here: list[FaceScore] = []
        while score is not None and score.pts <= pts:
            here.append(score)
            score = next(scores, None)
        yield pts, record, here


def _outcome(scores: list[FaceScore]) -> str:
    if not scores:
        return NOT_ANALYSED
    if any(score.fake_probability is not None for score in scores):
        return SCORED
    return NO_MODEL if scores[0].abstained is None else str(scores[0].abstained)


def read(material: ReportMaterial, row: Row) -> Overview:
    """Walk the case file once, calling `row(pts, frame, score)` for each row of frames.csv."""
    columns: dict[int, _Columns] = {}
    outcomes: Counter[str] = Counter()
    abstentions: Counter[str] = Counter()
    frames, last = 0, 0.0
    clip = material.analysis.clip
    for pts, record, scores in _merged(material):
        seconds = last = clip.seconds(pts)
        frames += 1
        outcomes[_outcome(scores)] += 1
        for score in scores:
            row(pts, record, score)
            columns.setdefault(score.track_id, _Columns()).add(seconds, score)
            if score.abstained is not None:
                abstentions[score.abstained.name] += 1
        if not scores:
            row(pts, record, None)
    return Overview(
        {track_id: column.done() for track_id, column in sorted(columns.items())},
        frames,
        dict(outcomes),
        dict(sorted(abstentions.items())),
        last,
    )
