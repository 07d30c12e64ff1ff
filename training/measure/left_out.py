"""Limits of a deep network from sources that were left out, measured on its siblings.

The shipped network learnt all sources, so nothing it says of them counts. Its siblings were trained alike, each without
a quarter of the sources, and on those they show what an unseen source does to a network of this kind. Every group of
sources (one repository, one owner, or a method in common) counts once, whatever its size: the question is how the next,
unknown source behaves. Intervals are bootstrap intervals over whole groups.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inspector.domain.analysis import Conclusion
from inspector.domain.arrays import Flags, Floats
from inspector.domain.errors import TrainingError
from inspector.domain.model_card import DeepLimits, ErrorRates, Platt
from inspector.engine.analysis.deep_rule import deep_conclusion
from training.measure.bootstrap import rate_over_groups, weighted_figures

ERROR_RATE = 0.05  # of unseen sources, for both limits
_DRAWS = 1000
_RATIO_LOGITS = np.arange(-5.0, 5.01, 0.5)
_STEPS = 25  # of Newton's method, which converges within ten


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """One kind of input: mean logits float64 (n,) of each track by the sibling that did not learn its source."""

    logits: Floats
    is_fake: Flags
    groups: npt.NDArray[np.str_]

    def weights(self) -> Floats:
        """Float64 (n,): groups have equal weights within each class, and both classes the sum 1."""
        weights = np.zeros(len(self.logits))
        for label in (False, True):
            chosen = self.is_fake == label
            names, inverse, counts = np.unique(self.groups[chosen], return_inverse=True, return_counts=True)
            weights[chosen] = 1 / counts[inverse] / len(names)
        return weights

    def draws(self) -> Floats:
        """Weights (draws, n) with whole groups drawn with replacement; the seed is fixed."""
        names, inverse = np.unique(self.groups, return_inverse=True)
        share = np.full(len(names), 1 / len(names))
        counts = np.random.default_rng(1).multinomial(len(names), share, size=_DRAWS)
        drawn = counts[:, inverse] * self.weights()
        sums = np.stack([drawn[:, self.is_fake == label].sum(axis=1) for label in (False, True)], axis=1)
        drawn = drawn[(sums > 0).all(axis=1)]
        for label in (False, True):
            chosen = self.is_fake == label
            drawn[:, chosen] /= drawn[:, chosen].sum(axis=1, keepdims=True)
        return np.asarray(drawn)


def read(path: Path) -> tuple[dict[str, LeftOut], float]:
    """Clips and stills of the table of tracks, on the shipped network's scale, and that scale.

    The shipped network was trained longer and is surer of itself: on what both learnt, its median logits are `scale`
    times those of its siblings. Their logits are multiplied by it, which moves limits outwards. Raises TrainingError.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        siblings = np.array([[float(row[f"sibling_{n}"]) for n in range(4)] for row in rows])
        folds = np.array([int(row["fold"]) for row in rows])
        shipped = np.array([float(row["shipped"]) for row in rows])
        is_fake = np.array([row["label"] == "fake" for row in rows])
        kinds, groups = (np.array([row[name] for row in rows]) for name in ("kind", "group"))
    except (OSError, KeyError, ValueError) as error:
        raise TrainingError(f"{path} is not a table of left-out tracks ({error}); restore it.") from error
    learnt = folds[:, None] != np.arange(4)
    ratios = []
    for label in (False, True):
        rated = (is_fake == label) & (kinds != "face")
        own = np.median(siblings[rated][learnt[rated]])
        ratios.append(float(np.median(shipped[rated]) / own))
    scale = max(1.0, float(np.mean(ratios)))
    logits = scale * siblings[np.arange(len(rows)), folds]
    return {
        kind: LeftOut(logits[kinds == kind], is_fake[kinds == kind], groups[kinds == kind])
        for kind in ("clip", "still")
    }, scale


def set_limits(tracks: LeftOut, measured_on: str) -> DeepLimits:
    """The calibration and the limits from tracks of left-out sources.

    Upper limit: with 95 % confidence at most 5 % of the originals of a new source reach it. Lower limit: the same of
    fakes below it. Neither is set where higher logits do not reliably mean fakes.
    """
    draws = tracks.draws()
    whole = _platt(tracks, tracks.weights()[None])[0]
    drawn = _platt(tracks, draws)
    ratios = np.exp(np.outer(drawn[:, 0], _RATIO_LOGITS) + drawn[:, 1:])
    low, high = np.quantile(ratios, [0.025, 0.975], axis=0)
    points = tuple(
        (float(x), round(float(a), 4), round(float(b), 4)) for x, a, b in zip(_RATIO_LOGITS, low, high, strict=True)
    )
    if np.quantile(drawn[:, 0], 0.025) <= 0:
        upper = lower = None
    else:
        upper = float(np.quantile(_cut(tracks, draws, 1 - ERROR_RATE, is_fake=False), 0.95))
        lower = float(np.quantile(_cut(tracks, draws, ERROR_RATE, is_fake=True), 0.05))
        upper, lower = float(np.ceil(upper * 100) / 100), float(np.floor(lower * 100) / 100)
    platt = Platt(round(float(whole[0]), 4), round(float(whole[1]), 4))
    return DeepLimits(platt, points, upper, lower, measured_on)


def _platt(tracks: LeftOut, weights: Floats) -> Floats:
    """Slope and intercept float64 (draws, 2) of the weighted logistic regression, by Newton's method."""
    x = np.stack([tracks.logits, np.ones_like(tracks.logits)], axis=1)
    found = np.tile([0.3, 0.0], (len(weights), 1))
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(found @ x.T, -30, 30)))
        slope = (weights * (p - tracks.is_fake)) @ x
        curve = np.einsum("dn,ni,nj->dij", weights * p * (1 - p), x, x) + 1e-6 * np.eye(2)
        found = found - np.linalg.solve(curve, slope[..., None])[..., 0]
    return np.asarray(found)


def _cut(tracks: LeftOut, draws: Floats, share: float, *, is_fake: bool) -> Floats:
    """The weighted quantile of one class's logits in each draw, float64 (draws,)."""
    chosen = np.flatnonzero(tracks.is_fake == is_fake)
    order = chosen[np.argsort(tracks.logits[chosen])]
    sums = np.cumsum(draws[:, order], axis=1)
    rows = np.minimum((sums < share * sums[:, -1:]).sum(axis=1), len(order) - 1)
    return np.asarray(tracks.logits[order][rows])


def error_rates(tracks: LeftOut, found: DeepLimits, level: str) -> ErrorRates:
    """How often the limits are wrong on the tracks that set them, each group of sources counted once."""
    conclusions = [deep_conclusion(float(logit), found) for logit in tracks.logits]
    called = np.array([c is Conclusion.INDICATED for c in conclusions])
    open_ = np.array([c is Conclusion.INCONCLUSIVE for c in conclusions])
    real = ~tracks.is_fake
    wrong, wrong_interval = rate_over_groups(called[real], tracks.groups[real], each_once=True)
    missed, missed_interval = rate_over_groups(~called[~real], tracks.groups[~real], each_once=True)
    return ErrorRates(
        level=level,
        measured_on=found.measured_on,
        false_positive_rate=wrong,
        false_positive_interval=wrong_interval,
        n_real=int(real.sum()),
        false_negative_rate=missed,
        false_negative_interval=missed_interval,
        n_fake=int((~real).sum()),
        inconclusive_rate=round(float(open_.mean()), 4),
        counted=(
            "the conclusion of sibling networks on each track of sources that they did not learn; every group of "
            "sources counts once; the limits were set on the same tracks"
        ),
    )


def figures(tracks: LeftOut, found: DeepLimits) -> dict[str, tuple[float, tuple[float, float]]]:
    """ROC AUC and the cost of the log likelihood ratio (Cllr, Bruemmer 2006), each with its 95 % interval."""
    platt = found.calibration
    ratio = platt.slope * tracks.logits + platt.intercept
    costs = np.logaddexp(0, np.where(tracks.is_fake, -ratio, ratio)) / np.log(2) / 2
    probabilities = 1 / (1 + np.exp(-ratio))

    def of(weights: Floats) -> tuple[Floats, Floats]:
        return weighted_figures(tracks.is_fake, probabilities, 0.5, weights)["ROC AUC"], np.asarray(weights @ costs)

    values, drawn = of(tracks.weights()[None]), of(tracks.draws())
    names: Sequence[str] = ("ROC AUC", "Cllr")
    found_figures = {}
    for name, value, many in zip(names, values, drawn, strict=True):
        low, high = np.quantile(many, [0.025, 0.975])
        found_figures[name] = (round(float(value[0]), 4), (round(float(low), 4), round(float(high), 4)))
    return found_figures
