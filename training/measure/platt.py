"""Platt's map from logits to probabilities, fitted with equal weights of people and of classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from inspector.domain.arrays import Flags, Floats
from inspector.domain.errors import TrainingError
from inspector.domain.model_card import Platt
from training.measure.groups import group_weights
from training.measure.tracks import Track


class BackwardsError(TrainingError):
    """Raised when higher logits do not mean fakes on the held-out people, so that calibration is impossible."""


def maps(tracks: Sequence[Track]) -> tuple[Platt, Platt]:
    """The map for frames' logits and the one for tracks' mean logits.

    Raises TrainingError when a class is missing, BackwardsError when the ranking is in the wrong order.
    """
    labels = np.array([track.is_fake for track in tracks])
    if labels.all() or not labels.any():
        raise TrainingError("The held-out people are all of one class; hold out more of the samples.")
    weights = person_weights(tracks)
    means = np.array([track.logits.mean() for track in tracks])
    sizes = [len(track.logits) for track in tracks]
    frames = np.concatenate([track.logits for track in tracks])
    frame_map = platt(frames, np.repeat(labels, sizes), np.repeat(weights / sizes, sizes))
    return frame_map, platt(means, labels, weights)


def person_weights(tracks: Sequence[Track]) -> Floats:
    """A weight per track: equal for each person in a class, with equal sums of both classes."""
    groups, is_fake = np.array([t.group for t in tracks]), np.array([t.is_fake for t in tracks], bool)
    return len(set(zip(groups, is_fake, strict=True))) / 2 * group_weights(groups, is_fake)


def platt(logits: Floats, labels: Flags, weights: Floats) -> Platt:
    """Weighted Platt scaling with Platt's (1999) soft targets, which keep separable sets away from 0 and 1."""
    mass = {side: weights[labels == side].sum() for side in (False, True)}
    targets = np.where(labels, (mass[True] + 1) / (mass[True] + 2), 1 / (mass[False] + 2))
    x = np.concatenate([logits, logits])[:, None]
    y = np.repeat([1, 0], len(logits))
    model = LogisticRegression(C=1e6).fit(
        x, y, sample_weight=np.concatenate([weights * targets, weights * (1 - targets)])
    )
    slope = float(model.coef_[0, 0])
    if slope <= 0:
        raise BackwardsError(
            "Higher logits do not mean fakes on the held-out people; train longer or check the labels."
        )
    return Platt(slope, float(model.intercept_[0]))
