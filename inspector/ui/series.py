"""The per-frame scores of each track, to which batches are appended while an analysis runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from inspector.domain.analysis import FrameRecord
from inspector.domain.arrays import Floats, Indices, PtsArray
from inspector.domain.faces import Abstention
from inspector.domain.geometry import Box
from inspector.domain.scores import FaceScore

ABSTENTIONS = tuple(Abstention)
_SCORED = 255
_LARGER = 1.2  # a portrait is replaced by a face larger by this factor: seldom, so that few frames are decoded


class TrackSeries:
    """One track's scores in pts order: pts int64, probability and deep float64 (NaN where abstained), abstention uint8.

    `probability` is that of the fast network, `deep` that of the deep one, which sees some of the frames.
    """

    def __init__(self, track_id: int) -> None:
        self.track_id = track_id
        self._count = 0
        self.is_scored = False  # whether any frame has a probability
        self.portrait: tuple[int, Box] | None = None  # pts and box of a large face of the track
        self._pts: PtsArray = np.empty(256, dtype=np.int64)
        self._probability: Floats = np.empty(256, dtype=np.float64)
        self._deep: Floats = np.empty(256, dtype=np.float64)
        self.is_deep = False  # whether the deep network saw any frame
        self._abstention: npt.NDArray[np.uint8] = np.empty(256, dtype=np.uint8)

    def append(self, score: FaceScore) -> None:
        """Append the next score; pts ascend, and a score that is present (sent again after a crash) is ignored."""
        if self._count and score.pts <= self._pts[self._count - 1]:
            return
        if self._count == len(self._pts):
            self._pts = np.resize(self._pts, 2 * self._count)
            self._probability = np.resize(self._probability, 2 * self._count)
            self._deep = np.resize(self._deep, 2 * self._count)
            self._abstention = np.resize(self._abstention, 2 * self._count)
        self._pts[self._count] = score.pts
        self._probability[self._count] = np.nan if score.fake_probability is None else score.fake_probability
        self._deep[self._count] = np.nan if score.deep_probability is None else score.deep_probability
        self.is_deep = self.is_deep or score.deep_probability is not None
        self._abstention[self._count] = _SCORED if score.abstained is None else ABSTENTIONS.index(score.abstained)
        self._count += 1
        self._update_portrait(score)
        self.is_scored = self.is_scored or score.fake_probability is not None

    def _update_portrait(self, score: FaceScore) -> None:
        """Use this face as the track's portrait if it is clearly larger, or the first one with a probability."""
        if score.box is None:
            return
        is_first_scored = not self.is_scored and score.fake_probability is not None
        is_larger = self.portrait is None or score.box.area > self.portrait[1].area * _LARGER**2
        if is_first_scored or (is_larger and (score.abstained is None or not self.is_scored)):
            self.portrait = score.pts, score.box

    def __len__(self) -> int:
        return self._count

    @property
    def pts(self) -> PtsArray:
        """int64 (n,), ascending."""
        return self._pts[: self._count]

    @property
    def probability(self) -> Floats:
        """float64 (n,), 0..1, NaN where the frame was not scored."""
        return self._probability[: self._count]

    @property
    def deep(self) -> Floats:
        """float64 (n,), 0..1, NaN where the deep network did not look."""
        return self._deep[: self._count]

    def deep_at(self, pts: int) -> float | None:
        """The deep network's probability of the frame at exactly that pts, or None."""
        row = self.at(pts)
        return None if row is None or np.isnan(self._deep[row]) else float(self._deep[row])

    def at(self, pts: int) -> int | None:
        """The row of exactly that pts, or None."""
        row = int(np.searchsorted(self.pts, pts))
        return row if row < self._count and self._pts[row] == pts else None

    def probability_at(self, pts: int) -> float | None:
        """The frame probability at exactly that pts, or None."""
        row = self.at(pts)
        if row is None or np.isnan(self._probability[row]):
            return None
        return float(self._probability[row])

    def labelled_at(self, pts: int, *, is_screened: bool) -> tuple[str, float | None]:
        """The probability to show of the frame at exactly that pts, and what it is: of which look, if two look.

        With `is_screened` a deep look decides, though it may have come to no frame of this track yet.
        """
        deep = self.deep_at(pts)
        if deep is not None:
            return "deep look", deep
        return "fast look" if is_screened else "frame probability", self.probability_at(pts)

    def highest(self) -> int | None:
        """The pts of the frame with the highest probability of its own, the first of several, or None.

        Where the deep network looked, it is the highest of its frames.
        """
        return int(self.pts[np.nanargmax(self.deep if self.is_deep else self.probability)]) if self.is_scored else None

    def abstention_at(self, pts: int) -> Abstention | None:
        """The reason why the frame at exactly that pts has no probability, or None."""
        row = self.at(pts)
        code = _SCORED if row is None else int(self._abstention[row])
        return None if code == _SCORED else ABSTENTIONS[code]

    def abstention_runs(self) -> AbstentionRuns:
        """Runs of neighbouring rows with the same reason."""
        codes = self._abstention[: self._count]
        edges = np.flatnonzero(np.diff(codes)) + 1
        firsts = np.concatenate(([0], edges)).astype(np.intp)[: max(len(codes), 0)]
        lasts = np.concatenate((edges - 1, [len(codes) - 1])).astype(np.intp)[: len(firsts)]
        kept = codes[firsts] != _SCORED
        return AbstentionRuns(firsts[kept], lasts[kept], codes[firsts][kept])


@dataclass(frozen=True, slots=True, eq=False)
class AbstentionRuns:
    """Rows [first, last] with one reason each: intp (n,), intp (n,), and indices into ABSTENTIONS uint8 (n,)."""

    first: Indices
    last: Indices
    code: npt.NDArray[np.uint8]


@dataclass(slots=True)
class ScoreBoard:
    """All tracks' series by track id; id 0 holds the frames without any face."""

    tracks: dict[int, TrackSeries] = field(default_factory=dict)
    shot_starts: list[int] = field(default_factory=list)  # pts of the frames that begin a shot, rising

    def add(self, scores: Iterable[FaceScore]) -> None:
        """Append a batch of scores."""
        for score in scores:
            if score.track_id not in self.tracks:
                self.tracks[score.track_id] = TrackSeries(score.track_id)
            self.tracks[score.track_id].append(score)

    def add_shots(self, frames: Iterable[FrameRecord]) -> None:
        """Append the starts of shots; frames that were added before are ignored."""
        for frame in frames:
            if frame.is_shot_start and (not self.shot_starts or frame.pts > self.shot_starts[-1]):
                self.shot_starts.append(frame.pts)

    @property
    def is_deep(self) -> bool:
        """Whether the deep network saw any frame."""
        return any(series.is_deep for series in self.tracks.values())

    @property
    def track_ids(self) -> list[int]:
        """The ids of real tracks, ascending."""
        return sorted(track_id for track_id in self.tracks if track_id)

    def strongest_at(self, pts: int) -> int | None:
        """The track with the highest probability in the frame at exactly that pts, or None."""
        found = {
            track_id: value
            for track_id in self.track_ids
            if (value := self.tracks[track_id].probability_at(pts)) is not None
        }
        return max(found, key=lambda track_id: found[track_id]) if found else None
