"""Bootstrap intervals of figures over groups, computed for all draws at once.

scikit-learn takes 30 ms for one draw of all figures, mostly for checking its input, and an evaluation makes ten
thousand draws. A draw is an integer weight for every group, so here all draws are sums over one sorting of the scores.
The tests compare these figures with those that metrics.py reports.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inspector.domain.arrays import Flags, Floats

DRAWS = 1000
_AT_ONCE = 2_000_000  # weights in memory at a time: 16 MB


def drawn_figures(
    is_fake: Flags, probabilities: Floats, groups: npt.NDArray[np.str_], threshold: float, draws: int = DRAWS
) -> dict[str, Floats]:
    """The values of each figure, float64 (draws,), with whole groups drawn with replacement; the seed is fixed.

    Arguments as in `weighted_figures`, and groups str (n,).
    """
    names, inverse = np.unique(groups, return_inverse=True)
    counts = np.random.default_rng(1).multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)
    chunks = [
        weighted_figures(is_fake, probabilities, threshold, part[:, inverse].astype(np.float64))
        for part in np.array_split(counts, max(1, draws * len(inverse) // _AT_ONCE))
    ]
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}


def rate_over_groups(
    hits: Sequence[bool] | Flags, groups: Sequence[str] | npt.NDArray[np.str_], each_once: bool = False
) -> tuple[float, tuple[float, float]]:
    """The share of hits to four digits, and its 95 % bootstrap interval over whole groups; the seed is fixed.

    `each_once`: the mean of the groups' shares, so that each group has the same weight. The interval is widened to
    Wilson's (1927) for the number of groups, since without any hit the bootstrap interval has no width.
    """
    names, indices = np.unique(np.asarray(groups), return_inverse=True)
    sizes: Floats = np.bincount(indices).astype(np.float64)
    found: Floats = np.bincount(indices, np.asarray(hits, np.float64)).astype(np.float64)
    if each_once:
        found, sizes = found / sizes, np.ones_like(sizes)
    n = len(names)
    drawn = np.random.default_rng(1).multinomial(n, np.full(n, 1 / n), size=2 * DRAWS)
    shares = drawn @ found / (drawn @ sizes)
    value, (low, high) = float(found.sum() / sizes.sum()), np.quantile(shares, [0.025, 0.975]).tolist()
    least, most = wilson(value, n)
    return round(value, 4), (round(min(low, least), 4), round(max(high, most), 4))


def wilson(share: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's (1927) 95 % interval of a share among `n`."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def weighted_figures(is_fake: Flags, probabilities: Floats, threshold: float, weights: Floats) -> dict[str, Floats]:
    """Each figure of metrics.DEFINITIONS for every draw, float64 (draws,); NaN where undefined.

    is_fake bool (n,), probabilities float64 (n,), weights float64 (draws, n).
    """
    called = probabilities >= threshold
    positives, negatives = weights @ is_fake, weights @ ~is_fake
    hits, alarms = weights @ (is_fake & called), weights @ (~is_fake & called)
    with np.errstate(invalid="ignore", divide="ignore"):
        recall, specificity = hits / positives, 1 - alarms / negatives
        total = positives + negatives
        clipped = np.clip(probabilities, 1e-7, 1 - 1e-7)
        losses = -np.where(is_fake, np.log(clipped), np.log1p(-clipped))
        return {
            "accuracy": (hits + negatives - alarms) / total,
            "balanced accuracy": (recall + specificity) / 2,
            "precision": hits / (hits + alarms),
            "recall": recall,
            "F1": 2 * hits / (positives + hits + alarms),
            "specificity": specificity,
            "FPR": 1 - specificity,
            "FNR": 1 - recall,
            **_ranking(is_fake, probabilities, weights),
            "log loss": weights @ losses / total,
            "Brier": weights @ np.square(probabilities - is_fake) / total,
            "ECE": _calibration_error(is_fake, probabilities, weights, 10) / total,
        }


def _ranking(is_fake: Flags, probabilities: Floats, weights: Floats) -> dict[str, Floats]:
    """ROC AUC (trapezoids), average precision and EER from cumulative sums over the sorted scores, ties combined."""
    order = np.argsort(-probabilities, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(probabilities[order])), len(order) - 1)
    sorted_weights = weights[:, order]
    tps = np.cumsum(sorted_weights * is_fake[order], axis=1)[:, ends]
    fps = np.cumsum(sorted_weights * ~is_fake[order], axis=1)[:, ends]
    tpr, fpr = (_from_zero(sums / sums[:, -1:]) for sums in (tps, fps))
    auc = ((tpr[:, 1:] + tpr[:, :-1]) / 2 * np.diff(fpr, axis=1)).sum(axis=1)
    # A draw can lack everyone above a score; nothing is called there, and recall does not change.
    precision = np.where(tps + fps > 0, tps / np.maximum(tps + fps, 1), 0.0)
    average_precision = (np.diff(tpr, axis=1) * precision).sum(axis=1)
    eer = np.array([_crossing(x, y) for x, y in zip(fpr, tpr, strict=True)])
    return {"ROC AUC": auc, "PR AUC": average_precision, "EER": eer}


def _from_zero(rates: Floats) -> Floats:
    return np.concatenate([np.zeros((len(rates), 1)), rates], axis=1)


def _crossing(fpr: Floats, tpr: Floats) -> float:
    """The rate at which FPR = FNR; NaN when a class is missing."""
    return float(np.interp(0.0, fpr + tpr - 1, fpr)) if np.isfinite(fpr[-1] + tpr[-1]) else float("nan")


def _calibration_error(is_fake: Flags, probabilities: Floats, weights: Floats, bins: int) -> Floats:
    """The sum over equal bins of |fakes - summed probability|; a value between two bins belongs to the upper one."""
    edges = np.linspace(0, 1, bins + 1)[1:-1]
    members = np.equal.outer(np.searchsorted(edges, probabilities, side="right"), np.arange(bins)).astype(np.float64)
    return np.asarray(np.abs(weights @ (members * (is_fake - probabilities)[:, None])).sum(axis=1))
