"""The figures of a detector, with intervals, from labels and calibrated probabilities.

scikit-learn does most of the arithmetic. Intervals are 95 % percentile intervals of a bootstrap over groups (people
and pairs): the frames and versions of one person are not independent, so people are resampled, not frames (Field and
Welsh, JRSS B 2007, on the cluster bootstrap).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn import config_context
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    log_loss,
    roc_auc_score,
    roc_curve,
)

from inspector.domain.arrays import Flags, Floats
from training.measure.bootstrap import DRAWS, drawn_figures

BINS = 10

DEFINITIONS: dict[str, str] = {
    "positive class": "fake = 1; every frame takes the label of its track",
    "called": "a probability at or over the block's threshold",
    "accuracy": "share of rightly called and rightly not called",
    "balanced accuracy": "mean of recall and specificity",
    "precision": "share of fakes among what is called",
    "recall": "share of fakes that are called (true positive rate)",
    "F1": "harmonic mean of precision and recall",
    "specificity": "share of originals that are not called",
    "FPR": "share of originals that are called, 1 - specificity",
    "FNR": "share of fakes that are not called, 1 - recall",
    "ROC AUC": "chance that a fake scores over an original, ties counting half",
    "PR AUC": "average precision: precision summed over steps of recall, without interpolation",
    "EER": "the error rate where FPR and FNR are equal, on the ROC curve with straight lines between its points",
    "log loss": "mean negative log likelihood, natural logarithm, probabilities kept 1e-7 from 0 and 1",
    "Brier": "mean squared distance of probability and label",
    "ECE": "10 equal bins of the probability; |share of fakes - mean probability| weighted by each bin's count",
    "interval": f"95 % percentile bootstrap over groups (people and pairs), {DRAWS} draws; null where not defined",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and its 95 % interval; null where undefined (a class is missing, nothing was called)."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts by label and call."""

    originals_not_called: int
    originals_called: int
    fakes_not_called: int
    fakes_called: int


@dataclass(frozen=True, slots=True)
class Block:
    """All figures of one set of scores at one threshold."""

    threshold: float
    n_originals: int
    n_fakes: int
    n_groups: int
    figures: dict[str, Figure]
    confusion: Confusion


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Labelled probabilities: is_fake bool (n,), probabilities float64 (n,) in 0..1, groups str (n,)."""

    is_fake: Flags
    probabilities: Floats
    groups: npt.NDArray[np.str_]

    def take(self, which: Flags | npt.NDArray[np.int64]) -> Scores:
        """The selected scores, by mask or index."""
        return Scores(self.is_fake[which], self.probabilities[which], self.groups[which])


def block(scores: Scores, threshold: float = 0.5, draws: int = DRAWS) -> Block:
    """All figures with intervals; `draws` = 0 omits the intervals. The same scores give the same block."""
    with config_context(assume_finite=True, skip_parameter_validation=True):
        values = figures_of(scores, threshold)
    n_groups = len(np.unique(scores.groups))
    drawn: dict[str, Floats] = {}
    if draws and n_groups > 1:  # with one group every draw is the same
        drawn = drawn_figures(scores.is_fake, scores.probabilities, scores.groups, threshold, draws)
    called = scores.probabilities >= threshold
    counts = confusion_matrix(scores.is_fake, called, labels=[False, True]).ravel().tolist()
    return Block(
        threshold=threshold,
        n_originals=int((~scores.is_fake).sum()),
        n_fakes=int(scores.is_fake.sum()),
        n_groups=n_groups,
        figures={
            name: Figure(_known(value), *_interval(drawn.get(name, np.zeros(0)))) for name, value in values.items()
        },
        confusion=Confusion(*counts),
    )


def figures_of(scores: Scores, threshold: float) -> dict[str, float]:
    """Every figure by its name in DEFINITIONS; NaN where undefined."""
    y, p = scores.is_fake, scores.probabilities
    called = p >= threshold
    true_real, false_fake, false_real, true_fake = confusion_matrix(y, called, labels=[False, True]).ravel().tolist()
    recall, specificity = _share(true_fake, false_real), _share(true_real, false_fake)
    precision = _share(true_fake, false_fake)
    values = (
        float(accuracy_score(y, called)),
        (recall + specificity) / 2,
        precision,
        recall,
        _share(2 * true_fake, false_fake + false_real),
        specificity,
        1 - specificity,
        1 - recall,
        *_ranking(y, p),
        float(log_loss(y, np.clip(p, 1e-7, 1 - 1e-7), labels=[False, True])),
        float(brier_score_loss(y, p, pos_label=True)),
        ece(y, p),
    )
    return dict(zip(_NAMES, values, strict=True))


_NAMES = (
    "accuracy", "balanced accuracy", "precision", "recall", "F1", "specificity", "FPR", "FNR",
    "ROC AUC", "PR AUC", "EER", "log loss", "Brier", "ECE",
)  # fmt: skip


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest else float("nan")


def _ranking(y: Flags, p: Floats) -> tuple[float, float, float]:
    """ROC AUC, PR AUC and EER; NaN when a class is missing."""
    if y.all() or not y.any():
        return (float("nan"),) * 3
    return float(roc_auc_score(y, p)), float(average_precision_score(y, p)), equal_error_rate(y, p)


def equal_error_rate(is_fake: Flags, probabilities: Floats) -> float:
    """The rate at which FPR = FNR on the linearly interpolated ROC curve; needs both classes."""
    fpr, tpr, _ = roc_curve(is_fake, probabilities)
    # FPR - FNR rises from -1 to 1 along the curve; find its zero.
    return float(np.interp(0.0, fpr + tpr - 1, fpr))


def ece(is_fake: npt.ArrayLike, probabilities: npt.ArrayLike) -> float:
    """Expected calibration error over 10 equal bins (Guo et al., ICML 2017, for the probability of "fake")."""
    p = np.asarray(probabilities, dtype=np.float64)
    sums, _ = np.histogram(p, BINS, (0, 1), weights=np.asarray(is_fake, dtype=np.float64) - p)
    return float(np.abs(sums).sum() / len(p))


def _interval(values: Floats) -> tuple[float | None, float | None]:
    defined = values[np.isfinite(values)]
    if len(defined) == 0 or len(defined) < len(values) / 2:
        return None, None
    low, high = np.quantile(defined, (0.025, 0.975))
    return float(low), float(high)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
