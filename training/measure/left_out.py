"""Limits of a deep network from sources that were left out, measured on its siblings.

The shipped network learnt all sources, so nothing it says of them counts. Its siblings were trained alike, each without
a part of the sources, and on those they show what an unseen source does to a network of this kind. Every group of
sources (one repository, one owner, or a method in common) counts once, whatever its size: the question is how the next,
unknown source behaves. Intervals are bootstrap intervals over whole groups; error rates and Cllr are of limits and
calibrations that were set without the group in question.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from inspector.domain.analysis import Conclusion, is_plain
from inspector.domain.arrays import Flags, Floats, Floats32
from inspector.domain.errors import TrainingError
from inspector.domain.model_card import DeepCard, DeepLimits, ErrorRates, Platt
from inspector.engine.analysis.deep_rule import deep_conclusion
from inspector.engine.spreadsheet import SheetWriter
from training.files import reading, write_bytes
from training.fit.lora import FULL
from training.measure.bootstrap import rate_over_groups, weighted_figures
from training.measure.groups import Names, group_weights, reserve
from training.prepare.folds import family_of, source_groups, source_of
from training.prepare.index import Row

TRACKS = "held_out_tracks.csv"
TRACK = "file"  # its column that tells tracks apart: a hash of the prepared file's name
SIBLING = "sibling_"  # and the fold whose sources that network did not learn: its columns of siblings
PLAIN = "plain"  # its column of the plain share of the face's surroundings; tables of before have none
SHIPPED = "shipped"  # its column of the network that ships
AUC = "ROC AUC"
BESIDE = "beside_"  # and the name of a bundle's deep network, which learnt no track of the table: what that one says
ERROR_RATE = 0.05  # of unseen sources, for both limits
# Where a kind has too few groups for that: of its own sources, and of those of all kinds together.
FEW_RATE, POOLED_RATE = 0.1, 0.02
_ABOUT = (TRACK, "group", "kind", "family", "label", "fold", "frames")
_DRAWS = 1000
_RATIO_LOGITS = np.arange(-5.0, 5.01, 0.5)
_FLAT = 1e-3  # slope of a calibration that knows nothing; a card demands that probabilities rise
_LEAST_RATIO = 1e-4  # on a card, whose ratios have four digits after the point
_STEPS = 25  # of Newton's method, which converges within ten
_KNOTS = ((False, (0.01, 0.5)), (True, (0.5, 0.99)))  # quantiles of each class at which the scales are equated
_COUNTED = (
    "the conclusion of sibling networks on each track of sources that they did not learn, with limits that were set "
    "without that track's group of sources; every group counts once; the test whether a mild change of the picture "
    "turns a conclusion is left out, so fewer are called, originals and fakes, than these rates say"
)


@dataclass(frozen=True, eq=False)
class LeftOut:
    """One kind of input: mean logits float64 (n,) of each track by the sibling that did not learn its source."""

    logits: Floats
    is_fake: Flags
    groups: Names
    is_plain: Flags | None = None  # before a plain surface, where manipulation is never indicated; None if none is

    @cached_property
    def weights(self) -> Floats:
        """Float64 (n,): groups have equal weights within each class, and each class the sum 1."""
        return group_weights(self.groups, self.is_fake)

    @cached_property
    def draws(self) -> Floats:
        """Weights (draws, n) with whole groups drawn with replacement; the seed is fixed."""
        names, inverse = np.unique(self.groups, return_inverse=True)
        share = np.full(len(names), 1 / len(names))
        counts = np.random.default_rng(1).multinomial(len(names), share, size=_DRAWS)
        drawn = counts[:, inverse] * self.weights
        sums = np.stack([drawn[:, self.is_fake == label].sum(axis=1) for label in (False, True)], axis=1)
        drawn = drawn[(sums > 0).all(axis=1)]
        for label in (False, True):
            chosen = self.is_fake == label
            drawn[:, chosen] /= drawn[:, chosen].sum(axis=1, keepdims=True)
        return np.asarray(drawn)

    def count(self, *, is_fake: bool) -> int:
        """How many groups have tracks of this class."""
        return len(set(self.groups[self.is_fake == is_fake].tolist()))

    @property
    def has_both(self) -> bool:
        """Whether there are originals and fakes."""
        return bool(self.is_fake.any() and not self.is_fake.all())

    def take(self, which: Flags) -> LeftOut:
        """The tracks of a mask."""
        return LeftOut(self.logits[which], self.is_fake[which], self.groups[which], self.plain[which])

    @cached_property
    def plain(self) -> Flags:
        """Bool (n,): which tracks stand before a plain surface."""
        return np.zeros(len(self.logits), bool) if self.is_plain is None else self.is_plain

    @cached_property
    def not_plain(self) -> LeftOut:
        """The tracks that do not."""
        return self.take(~self.plain)

    @cached_property
    def log_ratios(self) -> Floats:
        """Natural logarithms of likelihood ratios, each calibrated without the track's own group."""
        found = np.zeros(len(self.logits))
        for name in np.unique(self.groups):
            mine = self.groups == name
            rest = self.take(~mine)
            slope, intercept = _platt(rest, rest.weights[None])[0]
            found[mine] = slope * self.logits[mine] + intercept
        return found


def beside(deep: DeepCard) -> str:
    """The table's column of a bundle's deep network."""
    return BESIDE + deep.sha256[:12]


def is_of_own_clips(table: bytes) -> bool:
    """Whether the table of tracks has the logits of a bundle's network beside those of a run."""
    return f",{BESIDE}".encode() in table.partition(b"\n")[0]


def write_tracks(
    path: Path,
    rows: Sequence[Row],
    folds: Sequence[int],
    logits: Mapping[str, Floats32],
    plain: Floats,
    others: Mapping[str, Floats] | None = None,
) -> None:
    """Write the table that `read` reads: one row per file, with the mean of each network's logits over its crops.

    `rows` are crops, `folds` the fold that leaves out the source of each, `logits` those of "full", "fold-0",
    "fold-1" and so on, float32 (crops,), and `plain` the plain share of each, float64 (crops,). `others` are further
    columns, of networks that learnt none of the sources, float64 (crops,). Raises OutputError.
    """
    others = others or {}
    groups, files = source_groups(rows), defaultdict(list)
    for number, row in enumerate(rows):
        files[row["part"]].append(number)
    siblings = [name for name in logits if name != FULL]
    columns: list[Floats | Floats32] = [*(logits[name] for name in (*siblings, FULL)), *others.values()]
    text = io.StringIO()
    writer = SheetWriter(text)
    writer.writerow([*_ABOUT, PLAIN, *(f"{SIBLING}{n}" for n in range(len(siblings))), SHIPPED, *others])
    for numbers in files.values():
        row = rows[numbers[0]]
        name = hashlib.sha256(row["part"].encode()).hexdigest()[:12]
        about = name, groups[source_of(row)], row["kind"], family_of(row), "fake" if row["is_fake"] else "real"
        means = [f"{column[numbers].mean():.3f}" for column in columns]
        writer.writerow([*about, folds[numbers[0]], len(numbers), f"{plain[numbers].mean():.3f}", *means])
    write_bytes(path, text.getvalue().encode())


def read(path: Path) -> dict[str, LeftOut]:
    """Clips and stills of the table of tracks, on the shipped network's scale. Raises TrainingError."""
    with reading(path, "restore it"):
        return parse(path.read_bytes(), path)


def parse(content: bytes, path: Path) -> dict[str, LeftOut]:
    """The table of tracks in `content`, as `read` returns it; `path` names it in a TrainingError."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        names = [name for name in rows[0] if name.startswith(SIBLING)]
        siblings = np.array([[float(row[name] or "nan") for name in names] for row in rows])
        folds = np.array([names.index(SIBLING + row["fold"]) for row in rows])
        shipped = np.array([float(row[SHIPPED]) for row in rows])
        is_fake = np.array([row["label"] == "fake" for row in rows])
        before_plain = np.array([is_plain(float(row.get(PLAIN, 0))) for row in rows])
        kinds, groups = (np.array([row[name] for row in rows]) for name in ("kind", "group"))
        own = siblings[np.arange(len(rows)), folds]
        if np.isnan(own).any():
            raise ValueError("a track has no logit of the sibling that did not learn it")
    except (KeyError, ValueError, IndexError) as error:
        raise TrainingError(f"{path} is not a table of left-out tracks ({error}); restore it.") from error
    rated, learnt = kinds != "face", np.isfinite(siblings) & (folds[:, None] != np.arange(len(names)))
    both = [(siblings[m][learnt[m]], shipped[m]) for m in (rated & (is_fake == label) for label in (False, True))]
    logits = _equated(own, both)
    return {
        kind: LeftOut(logits[kinds == kind], is_fake[kinds == kind], groups[kinds == kind], before_plain[kinds == kind])
        for kind in ("clip", "still")
    }


def _equated(logits: Floats, both: list[tuple[Floats, Floats]]) -> Floats:
    """Siblings' logits on the shipped network's scale, which may have learnt from more and be surer of itself.

    `both` holds siblings' and shipped logits of what both learnt, of originals and of fakes. The scales are equated at
    zero, at the medians of the classes and near their ends, and lie a constant apart beyond. One factor would not do:
    the logits of all networks with low-rank updates end near 4.6, because their features are normalised.
    """
    low, high = ([np.quantile(logits_of, shares) for logits_of in both[label]] for label, shares in _KNOTS)
    own, other = (np.array([*low[n], 0.0, *high[n]]) for n in (0, 1))
    if (np.diff(own) <= 0).any() or (np.diff(other) <= 0).any():
        return logits  # a network that cannot tell even what it learnt has no scale
    inside = np.interp(logits, own, other)
    return np.asarray(inside + np.minimum(logits - own[0], 0) + np.maximum(logits - own[-1], 0))


def together(tracks: Mapping[str, LeftOut]) -> LeftOut:
    """The tracks of all kinds; a group with tracks of several kinds counts once."""
    parts = tracks.values()
    columns = ((p.logits, p.is_fake, p.groups, p.plain) for p in parts)
    return LeftOut(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def set_limits(tracks: LeftOut, measured_on: str, pool: LeftOut | None = None) -> DeepLimits:
    """The calibration, the limits and the bounds of the likelihood ratio from tracks of left-out sources.

    The limits are those of `limits`, and none where higher logits do not reliably mean fakes. Without tracks of both
    classes nothing is known: every ratio is 1.
    """
    if not tracks.has_both:
        return DeepLimits(Platt(_FLAT, 0.0), (), None, None, measured_on, (1.0, 1.0))
    slope, intercept = _platt(tracks, tracks.weights[None])[0]
    drawn = _platt(tracks, tracks.draws)
    exponents = np.outer(drawn[:, 0], _RATIO_LOGITS) + drawn[:, 1:]
    ratios = np.exp(np.clip(exponents, -30, 30))  # beyond, where scores hardly vary, a card could not hold them
    low, high = np.quantile(ratios, [0.025, 0.975], axis=0)
    low, high = (np.maximum(ends.round(4), _LEAST_RATIO) for ends in (low, high))
    points = tuple((float(x), float(a), float(b)) for x, a, b in zip(_RATIO_LOGITS, low, high, strict=True))
    lower, upper = limits(tracks, pool) if np.quantile(drawn[:, 0], 0.025) > 0 else (None, None)
    platt = Platt(round(float(slope), 4), round(float(intercept), 4))
    return DeepLimits(platt, points, upper, lower, measured_on, ratio_bounds(tracks))


def limits(tracks: LeftOut, pool: LeftOut | None = None) -> tuple[float | None, float | None]:
    """The lower and the upper limit, rounded outwards; None with too few groups.

    Upper limit: an original of one more source reaches it with a chance of at most 5 %. Lower limit: the same of a fake
    below it. With fewer than the 19 groups that this takes, and a `pool` of the tracks of all kinds: the chance is at
    most 10 % for a source of this kind and 2 % for one of any kind, so that no track of the few has the last word.
    Originals before a plain surface do not count for the upper limit, which does not hold for them.
    """
    others = None if pool is None else pool.not_plain
    return _limit(tracks, pool, is_fake=True), _limit(tracks.not_plain, others, is_fake=False)


def _limit(tracks: LeftOut, pool: LeftOut | None, *, is_fake: bool) -> float | None:
    """The limit that tracks of one class are to stay within."""
    found = _bound(tracks, ERROR_RATE, is_fake=is_fake)
    if found is not None or pool is None:
        return found
    own, of_all = _bound(tracks, FEW_RATE, is_fake=is_fake), _bound(pool, POOLED_RATE, is_fake=is_fake)
    return None if own is None or of_all is None else min(own, of_all) if is_fake else max(own, of_all)


def _bound(tracks: LeftOut, rate: float, *, is_fake: bool) -> float | None:
    """The limit that a track of one more source is beyond with a chance of at most `rate`."""
    chosen, sign = tracks.is_fake == is_fake, 1 if is_fake else -1
    groups = tracks.count(is_fake=is_fake)
    found = reserve(sign * tracks.logits[chosen], tracks.weights[chosen], groups, rate)
    # A track at the bound does not count as beyond it, and one at the limit does.
    return None if found is None else float(sign * (np.ceil(found * 100) - 1) / 100)


def ratio_bounds(tracks: LeftOut) -> tuple[float, float]:
    """The least and the greatest likelihood ratio that so many groups of sources support.

    The empirical bounds of Vergeer et al. (2016, Science and Justice 56): from 1 outwards, ratios are stated as long as
    deciding by them would beat not deciding, if one more source of the other class were misleading.
    """
    real, fake = (np.where(tracks.is_fake == label, tracks.weights, 0.0) for label in (False, True))
    most = _most(tracks.log_ratios, fake, real, tracks.count(is_fake=False))
    least = _most(-tracks.log_ratios, real, fake, tracks.count(is_fake=True))
    return float(np.ceil(1000 / least) / 1000), float(np.floor(1000 * most) / 1000)


def _most(log_ratios: Floats, for_it: Floats, against: Floats, groups: int) -> float:
    """The greatest ratio of `ratio_bounds` for the class with weights `for_it`, against `groups` of the other."""
    order = np.argsort(-log_ratios)
    ratios = np.exp(log_ratios[order])
    hits, misled = np.cumsum(for_it[order]), (groups * np.cumsum(against[order]) + 1) / (groups + 1)
    reached = 1.0
    for ratio, supported in zip(ratios[::-1], (hits / misled)[::-1], strict=True):
        if ratio > supported:
            return max(reached, min(float(ratio), float(supported)))
        reached = max(reached, float(ratio))
    return reached


def _platt(tracks: LeftOut, weights: Floats) -> Floats:
    """Slope and intercept float64 (draws, 2) of the weighted logistic regression, by Newton's method.

    It begins at zero, where no logit is too large: from a slope it would diverge for a network with wide logits.
    """
    x = np.stack([tracks.logits, np.ones_like(tracks.logits)], axis=1)
    found = np.zeros((len(weights), 2))
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(found @ x.T, -30, 30)))
        slope = (weights * (p - tracks.is_fake)) @ x
        curve = np.einsum("dn,ni,nj->dij", weights * p * (1 - p), x, x) + 1e-6 * np.eye(2)
        found = found - np.linalg.solve(curve, slope[..., None])[..., 0]
    return np.asarray(found)


def error_rates(tracks: LeftOut, found: DeepLimits, level: str, pool: LeftOut | None = None) -> ErrorRates:
    """How often the rule is wrong on each group of sources with limits from the others, each group counted once."""
    conclusions = np.full(len(tracks.logits), Conclusion.INCONCLUSIVE, dtype=object)
    for name in np.unique(tracks.groups):
        mine = tracks.groups == name
        rest = None if pool is None else pool.take(pool.groups != name)
        has_limits = found.high is not None or found.low is not None
        lower, upper = limits(tracks.take(~mine), rest) if has_limits else (None, None)
        others = DeepLimits(found.calibration, (), upper, lower, "")
        conclusions[mine] = [deep_conclusion(float(logit), others) for logit in tracks.logits[mine]]
    conclusions[(conclusions == Conclusion.INDICATED) & tracks.plain] = Conclusion.INCONCLUSIVE
    called, open_ = conclusions == Conclusion.INDICATED, conclusions == Conclusion.INCONCLUSIVE
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
        inconclusive_rate=rate_over_groups(open_, tracks.groups, each_once=True)[0],
        counted=_COUNTED,
    )


def named(figure: str, kind: str) -> str:
    """What a card calls one of the `figures` of a kind of input."""
    return f"{figure} of {kind}s, left-out sources, siblings"


def figures(tracks: LeftOut) -> dict[str, tuple[float, tuple[float, float]]]:
    """ROC AUC, and the cost of the log likelihood ratio (Cllr, Bruemmer 2006), each with its 95 % interval.

    Each group's ratios are calibrated without it. The AUC is that of the logits.
    """
    ratio = tracks.log_ratios
    costs = np.logaddexp(0, np.where(tracks.is_fake, -ratio, ratio)) / np.log(2) / 2
    places = np.unique(tracks.logits, return_inverse=True)[1] / len(tracks.logits)  # of the logits among each other

    def of(weights: Floats) -> tuple[Floats, Floats]:
        return weighted_figures(tracks.is_fake, places, 0.5, weights)[AUC], np.asarray(weights @ costs)

    found = {}
    for name, value, many in zip((AUC, "Cllr"), of(tracks.weights[None]), of(tracks.draws), strict=True):
        low, high = np.quantile(many, [0.025, 0.975])
        found[name] = (round(float(value[0]), 4), (round(float(low), 4), round(float(high), 4)))
    return found
