"""What an analysis keeps of each track: a few numbers per scored frame, so that memory hardly grows with length.

About 80 bytes a face and frame (pts, logits, probability, box, crop), and 12 more in the signals: a two-hour clip at 30
frames a second with one face keeps about 20 MB.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from inspector.domain.analysis import UNCHECKED, DeepChecks
from inspector.domain.arrays import Flags
from inspector.domain.clip import Clip
from inspector.domain.faces import Abstention, FaceTrack
from inspector.domain.geometry import Box
from inspector.domain.model_card import DeepLimits
from inspector.domain.scores import FaceScore
from inspector.engine.analysis.deep_plan import filled, pointed_at
from inspector.engine.analysis.deep_rule import DeepLook
from inspector.engine.analysis.segments import TrackSeries
from inspector.engine.model.calibration import probability


@dataclass(slots=True, eq=False)
class TrackAccumulator:
    """The scored frames, boxes and abstentions of one track so far."""

    track_id: int
    start_pts: int
    end_pts: int
    boxes: array[float] = field(default_factory=lambda: array("f"))  # x, y, width, height per face
    pts: array[int] = field(default_factory=lambda: array("q"))  # of scored frames
    logits: array[float] = field(default_factory=lambda: array("d"))
    probabilities: array[float] = field(default_factory=lambda: array("d"))
    crops: array[int] = field(default_factory=lambda: array("i"))  # x, y, side per scored frame
    deep_logits: array[float] = field(default_factory=lambda: array("d"))  # NaN where the deep network did not look
    planned: bytearray = field(default_factory=bytearray)  # 1 where it looks while the clip is analysed
    abstentions: Counter[Abstention] = field(default_factory=Counter)

    def add_box(self, pts: int, box: Box) -> None:
        """Count a face of this track."""
        self.end_pts = pts
        self.boxes.extend((box.x, box.y, box.width, box.height))

    def add_score(self, score: FaceScore, is_planned: bool = False) -> None:
        """Count a score or abstention of this track, and whether the deep network was to see the frame at once."""
        if score.abstained is not None:
            self.abstentions[score.abstained] += 1
        elif score.logit is not None and score.fake_probability is not None:
            self.pts.append(score.pts)
            self.logits.append(score.logit)
            self.probabilities.append(score.fake_probability)
            box = score.crop or Box(0, 0, 1, 1)
            self.crops.extend((round(box.x), round(box.y), round(box.width)))
            self.deep_logits.append(np.nan if score.deep_logit is None else score.deep_logit)
            self.planned.append(is_planned)

    def track(self) -> FaceTrack:
        """The track so far."""
        boxes = np.frombuffer(self.boxes, np.float32).reshape(-1, 4)
        x, y, width, height = (float(v) for v in np.median(boxes, axis=0))
        return FaceTrack(self.track_id, self.start_pts, self.end_pts, Box(x, y, width, height), len(boxes))

    def series(self, clip: Clip, frame_ticks: int) -> TrackSeries:
        """The scored frames so far, as arrays."""
        pts = np.array(self.pts, dtype=np.int64)
        seconds = np.asarray((pts - clip.start_pts) * float(clip.time_base), dtype=np.float64)
        logits = np.array(self.logits, dtype=np.float64)
        probabilities = np.array(self.probabilities, dtype=np.float64)
        return TrackSeries(self.track_id, pts, seconds, logits, probabilities, clip.time_base, frame_ticks)

    # --- the deep look -----------------------------------------------------------------------------------------------

    def crop_at(self, pts: int) -> Box:
        """The crop of the scored frame at that pts."""
        x, y, side = self.crops[3 * (row := self._row(pts)) : 3 * row + 3]
        return Box(float(x), float(y), float(side), float(side))

    def set_deep(self, score: FaceScore) -> None:
        """Note the deep network's logit of a frame that was counted before."""
        if score.deep_logit is not None:
            self.deep_logits[self._row(score.pts)] = score.deep_logit

    def _row(self, pts: int) -> int:
        return int(np.searchsorted(np.frombuffer(self.pts, np.int64), pts))

    def unseen(self, clip: Clip) -> list[int]:
        """The pts of frames that the deep network is to see after the last frame and has not seen yet, rising."""
        if not self.pts:
            return []
        series, even = self.series(clip, 1), self._even()
        wanted = even | pointed_at(series.seconds, series.probabilities, even)
        missing: list[int] = series.pts[wanted & ~np.isfinite(np.array(self.deep_logits))].tolist()
        return missing

    def _even(self) -> Flags:
        return filled(np.frombuffer(bytes(self.planned), np.uint8).astype(bool))

    def look(self, clip: Clip, frame_ticks: int, limits: DeepLimits, checks: DeepChecks | None = UNCHECKED) -> DeepLook:
        """The frames that the deep network has seen so far; `checks` are None where they were not come to."""
        series, logits = self.series(clip, frame_ticks), np.array(self.deep_logits, dtype=np.float64)
        seen = np.isfinite(logits)
        values = probability(logits[seen], limits.calibration)
        seconds, pts = series.seconds[seen], series.pts[seen]
        shown = TrackSeries(self.track_id, pts, seconds, logits[seen], values, clip.time_base, frame_ticks)
        return DeepLook(shown, self._even()[seen], limits, checks)


@dataclass(slots=True, eq=False)
class RunAccumulator:
    """All tracks and abstentions of an analysis so far; rebuilt from the case file when one is resumed."""

    tracks: dict[int, TrackAccumulator] = field(default_factory=dict)
    abstentions: Counter[Abstention] = field(default_factory=Counter)

    def add_face(self, track_id: int, pts: int, box: Box) -> None:
        """Count a face."""
        if track_id not in self.tracks:
            self.tracks[track_id] = TrackAccumulator(track_id, pts, pts)
        self.tracks[track_id].add_box(pts, box)

    def add_score(self, score: FaceScore, is_planned: bool = False) -> None:
        """Count a score or abstention; those of frames without a face have track 0."""
        if score.abstained is not None:
            self.abstentions[score.abstained] += 1
        if score.track_id in self.tracks:
            self.tracks[score.track_id].add_score(score, is_planned)
