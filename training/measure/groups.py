"""Figures over groups, people or sources: the members of a group are not independent, so each group counts once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from inspector.domain.arrays import Flags, Floats

Names = npt.NDArray[np.str_]


def group_weights(groups: Names, is_fake: Flags) -> Floats:
    """Float64 (n,): within each class its groups have equal weights and the sum is 1; groups str (n,), is_fake bool."""
    weights = np.zeros(len(groups))
    for label in (False, True):
        chosen = is_fake == label
        names, inverse, counts = np.unique(groups[chosen], return_inverse=True, return_counts=True)
        weights[chosen] = 1 / counts[inverse] / max(1, len(names))
    return weights


def reserve(scores: Floats, weights: Floats, groups: int, share: float) -> float | None:
    """The largest value below which a member of one more group scores with a chance of at most `share`.

    Hierarchical conformal prediction (Lee, Barber and Willett 2023, arXiv 2306.06342): the new group counts as wholly
    below, so that the bound holds for any number of groups like these. None for too few groups.
    """
    order = np.argsort(scores)
    under = np.concatenate(([0.0], np.cumsum(weights[order])))[:-1] / weights.sum() * groups
    fine = (under + 1) / (groups + 1) <= share
    return float(scores[order][fine][-1]) if fine.any() else None
