"""What an analysis keeps of each track: a few numbers per scored frame, so that memory hardly grows with length.

About 60 bytes a face and frame (pts, logit, probability, box), and about 70 more in the signals: a two-hour clip at 30
frames a second with one face keeps under 40 MB.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from inspector.domain.clip import Clip
from inspector.domain.faces import Abstention, Face, FaceTrack
from inspector.domain.geometry import Box
from inspector.domain.scores import FaceScore
from inspector.engine.analysis.rule import TrackSeries


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
    abstentions: Counter[Abstention] = field(default_factory=Counter)

    def add_box(self, pts: int, box: Box) -> None:
        """Count a face of this track."""
        self.end_pts = pts
        self.boxes.extend((box.x, box.y, box.width, box.height))

    def add_score(self, score: FaceScore) -> None:
        """Count a score or abstention of this track."""
        if score.abstained is not None:
            self.abstentions[score.abstained] += 1
        elif score.logit is not None and score.fake_probability is not None:
            self.pts.append(score.pts)
            self.logits.append(score.logit)
            self.probabilities.append(score.fake_probability)

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


@dataclass(slots=True, eq=False)
class RunAccumulator:
    """All tracks and abstentions of an analysis so far; rebuilt from the case file when one is resumed."""

    tracks: dict[int, TrackAccumulator] = field(default_factory=dict)
    abstentions: Counter[Abstention] = field(default_factory=Counter)

    def add_face(self, track_id: int, face: Face) -> None:
        """Count a face."""
        if track_id not in self.tracks:
            self.tracks[track_id] = TrackAccumulator(track_id, face.pts, face.pts)
        self.tracks[track_id].add_box(face.pts, face.box)

    def add_score(self, score: FaceScore) -> None:
        """Count a score or abstention; those of frames without a face have track 0."""
        if score.abstained is not None:
            self.abstentions[score.abstained] += 1
        if score.track_id in self.tracks:
            self.tracks[score.track_id].add_score(score)
