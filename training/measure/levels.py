"""The scores of held-out tracks by track, by file and by frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inspector.engine.model.calibration import probability
from training.measure.calibrate import Outcome
from training.measure.metrics import Scores
from training.measure.tracks import AS_RECORDED, Track


def by_level(tracks: Sequence[Track], outcome: Outcome) -> dict[str, Scores]:
    """The scores by track, by file and by frame."""
    return {"track": by_track(tracks, outcome), "file": by_file(tracks, outcome), "frame": by_frame(tracks, outcome)}


def by_frame(tracks: Sequence[Track], outcome: Outcome) -> Scores:
    """Every frame with its calibrated probability."""
    sizes = [len(track.logits) for track in tracks]
    logits = np.concatenate([track.logits for track in tracks])
    labels, groups = _labels(tracks)
    return Scores(np.repeat(labels, sizes), probability(logits, outcome.calibration.frame), np.repeat(groups, sizes))


def by_track(tracks: Sequence[Track], outcome: Outcome) -> Scores:
    """Every track with the calibrated probability of its mean logit."""
    means = np.array([track.logits.mean() for track in tracks])
    labels, groups = _labels(tracks)
    return Scores(labels, probability(means, outcome.calibration.track), groups)


def by_file(tracks: Sequence[Track], outcome: Outcome) -> Scores:
    """Every file as recorded with its highest track, as in the app; a file is fake if any labelled part is."""
    tracks = [track for track in tracks if track.condition == AS_RECORDED]
    scores = by_track(tracks, outcome)
    names, first, inverse = np.unique([t.clip or t.part for t in tracks], return_index=True, return_inverse=True)
    highest, is_fake = np.zeros(len(names)), np.zeros(len(names), dtype=bool)
    np.maximum.at(highest, inverse, scores.probabilities)
    np.logical_or.at(is_fake, inverse, scores.is_fake)
    return Scores(is_fake, highest, scores.groups[first])


def _labels(tracks: Sequence[Track]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([track.is_fake for track in tracks]), np.array([track.group for track in tracks])
