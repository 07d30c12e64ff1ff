"""The decision rule where a bundle has a deep network: its mean logit over evenly spread frames decides the track.

The fast network then only helps to choose further frames, which decide nothing by themselves: they keep a conclusion
from being drawn where a stretch of the track stands out. A conclusion that does not survive a mild change of the
picture is not drawn either, nor is manipulation indicated where the face stands before a plain surface, as a cut-out
does: there real faces come out as fakes too often. So everything but the mean logit can only lead to "inconclusive".

`deep_conclusion` is the only place that compares the mean with the card's limits; training calls it as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.domain.analysis import (
    UNCHECKED,
    Analysis,
    Conclusion,
    DeepChecks,
    DeepSummary,
    TrackSummary,
    is_plain,
)
from inspector.domain.answer import deciding_track
from inspector.domain.arrays import Flags
from inspector.domain.model_card import DeepLimits, Threshold
from inspector.domain.scores import Segment, digits_apart
from inspector.engine.analysis.segments import TrackConclusion, TrackSeries, find_segments
from inspector.engine.model.calibration import probability

LEAST_FRAMES = 8  # evenly spread ones, of a track that has as many scored frames
_SCORE = "The deep look's"  # the beginning of what states a score
_LEAST_IN_STRETCH = 3  # deep frames in a row above the limit, also of a track that has no more


@dataclass(frozen=True, slots=True, eq=False)
class DeepLook:
    """The frames of a track that the deep network saw, bool (n,) which of them are evenly spread, and the checks.

    The checks are None where the analysis was stopped before them.
    """

    series: TrackSeries
    is_even: Flags
    limits: DeepLimits
    checks: DeepChecks | None = UNCHECKED

    @property
    def mean(self) -> float | None:
        """The mean logit of the evenly spread frames."""
        logits = self.series.logits[self.is_even]
        return float(logits.mean()) if len(logits) else None

    @property
    def probability(self) -> float | None:
        """The calibrated probability of the mean logit."""
        return None if self.mean is None else float(probability(self.mean, self.limits.calibration))

    @property
    def threshold(self) -> float:
        """The probability at the upper limit; above 1 without one."""
        return 2.0 if self.limits.high is None else float(probability(self.limits.high, self.limits.calibration))


def threshold_of(limits: DeepLimits) -> Threshold:
    """The limits as probabilities, for drawing: a missing one lies at the end of the scale."""
    low, high = (
        end if logit is None else float(probability(logit, limits.calibration))
        for end, logit in ((0.0, limits.low), (1.0, limits.high))
    )
    return Threshold(high=high, low=low, segment=high, segment_seconds=0.0, segment_mean=high)


def deep_conclusion(mean: float, limits: DeepLimits) -> Conclusion:
    """What a mean logit indicates by itself."""
    if limits.high is not None and mean >= limits.high:
        return Conclusion.INDICATED
    if limits.low is not None and mean <= limits.low:
        return Conclusion.NOT_INDICATED
    return Conclusion.INCONCLUSIVE


def conclude_deep(look: DeepLook, frames_scored: int, *, is_still: bool = False) -> TrackConclusion:
    """Apply the rule to one track with `frames_scored` frames scored by the fast network."""
    segments = () if is_still else tuple(_segments(look))  # one frame is no stretch of time
    mean, n = look.mean, int(look.is_even.sum())
    fewest = min(LEAST_FRAMES, frames_scored)
    if mean is None or n < fewest:
        reason = f"The deep look has seen only {n} frames; at least {fewest} are needed."
        return TrackConclusion(Conclusion.INCONCLUSIVE, reason, look.probability, segments)
    conclusion = deep_conclusion(mean, look.limits)
    reason = _reason(mean, n, look.limits, conclusion, is_still=is_still)
    if conclusion is not Conclusion.INCONCLUSIVE and (objection := _objection(mean, look, conclusion)):
        reason, conclusion = f"{reason} {objection}, so no conclusion is drawn.", Conclusion.INCONCLUSIVE
    stretch = max(segments, key=lambda s: s.mean_probability, default=None)
    if conclusion is not Conclusion.INDICATED and stretch is not None:
        start, end = (_seconds(look, pts) for pts in (stretch.start_pts, stretch.end_pts))
        reason += (
            f" From {start:.2f} s to {end:.2f} s every frame that the deep look saw reaches the upper limit: examine "
            "that stretch."
        )
        conclusion = Conclusion.INCONCLUSIVE
    return TrackConclusion(conclusion, reason, look.probability, segments)


def _objection(mean: float, look: DeepLook, conclusion: Conclusion) -> str:
    """What keeps the conclusion of a mean logit from being drawn; "" where nothing does."""
    if look.checks is None:
        return (
            "But the analysis was stopped before it was tested whether a mild change of the picture turns the score "
            "and whether the face stands before a plain surface"
        )
    if conclusion is Conclusion.INDICATED and is_plain(look.checks.plain_share):
        return (
            f"But {look.checks.plain_share:.0%} of what surrounds the face is a plain surface of one colour. Before "
            "such a surface real faces that were cut out come out as fakes too often"
        )
    side = 1 if conclusion is Conclusion.INDICATED else -1
    flips = [c for c in look.checks.changes if _side(mean + c.shift, look.limits) != side]
    if not flips:
        return ""
    after = "; ".join(f"{c.name}: {mean + c.shift:.2f}" for c in flips)
    return f"But after a mild change of the picture the score no longer clearly points that way ({after})"


def states_score(reason: str) -> bool:
    """Whether a reason that `conclude_deep` gave, maybe within that of a clip, states a raw score."""
    return _SCORE in reason


def is_before_plain(analysis: Analysis) -> bool:
    """Whether the face that decides would be called, if it were not before a plain surface."""
    model, track = analysis.model, deciding_track(analysis)
    if model is None or model.deep is None or track is None or track.deep is None or track.deep.mean_logit is None:
        return False
    found = deep_conclusion(track.deep.mean_logit, model.deep.limits(analysis.clip.is_still))
    return found is Conclusion.INDICATED and is_plain(track.deep.plain_share)


def scores_as_probabilities(
    analysis: Analysis, of: TrackSummary | None = None
) -> tuple[float, float | None, float | None] | None:
    """The raw scores in the reason of a conclusion on the scale of the plots: mean, lower and upper limit.

    The conclusion is that of a track, or of the clip. A limit that the card lacks is None; None for all where the
    reason states no raw score.
    """
    model, track = analysis.model, of or deciding_track(analysis)
    if model is None or model.deep is None or track is None or track.deep is None or track.fake_probability is None:
        return None
    if not states_score(analysis.summary.reason if of is None else of.reason):
        return None
    raw = model.deep.limits(analysis.clip.is_still)
    drawn = threshold_of(raw)
    return track.fake_probability, None if raw.low is None else drawn.low, None if raw.high is None else drawn.high


def _side(mean: float, limits: DeepLimits) -> int:
    """1 if the likelihood ratio clearly points to manipulation, -1 to none, 0 if its interval includes 1."""
    low, high = _interval(mean, limits) or (_ratio(mean, limits),) * 2
    return 1 if low > 1 else -1 if high < 1 else 0


def _seconds(look: DeepLook, pts: int) -> float:
    return float(look.series.seconds[0]) + float((pts - look.series.pts[0]) * look.series.time_base)


def _reason(mean: float, n: int, limits: DeepLimits, conclusion: Conclusion, *, is_still: bool) -> str:
    of = "score is" if n == 1 else f"mean score over {n} frames is"
    digits = digits_apart(mean, (limits.low, limits.high))
    score = f"{_SCORE} {of} {mean:.{digits}f}"
    if conclusion is Conclusion.INDICATED:
        return f"{score}, which reaches the upper limit of {limits.high:.{digits}f}."
    if conclusion is Conclusion.NOT_INDICATED:
        return f"{score}, which is at most the lower limit of {limits.low:.{digits}f}."
    kind = "stills" if is_still else "clips"
    if limits.high is None and limits.low is None:
        return f"{score}, but for {kind} no limits could be set at which errors are rare enough for a conclusion."
    if limits.low is None or limits.high is None:
        there, lacking = ("below the upper", "lower") if limits.low is None else ("above the lower", "upper")
        limit = limits.high if limits.low is None else limits.low
        none = f"for {kind} no {lacking} limit could be set, so no conclusion is drawn"
        return f"{score}, {there} limit of {limit:.{digits}f}; {none}."
    return (
        f"{score}, between {limits.low:.{digits}f} and {limits.high:.{digits}f}, where errors are too frequent for a "
        "conclusion."
    )


def _segments(look: DeepLook) -> list[Segment]:
    """Stretches of the track in which neighbouring deep frames all reach the upper limit."""
    pts, found = look.series.pts, find_segments(look.series, look.threshold, 0.0)
    return [s for s in found if ((pts >= s.start_pts) & (pts < s.end_pts)).sum() >= _LEAST_IN_STRETCH]


def summarise_look(look: DeepLook, *, is_still: bool = False) -> DeepSummary:
    """What is reported of the deep look at a track; a ratio only of as many frames as a conclusion takes."""
    pts, mean, checks = look.series.pts, look.mean, look.checks or UNCHECKED
    ratio, interval = None, None
    if mean is not None and (is_still or look.is_even.sum() >= LEAST_FRAMES):
        ratio, interval = _ratio(mean, look.limits), _interval(mean, look.limits)
    return DeepSummary(
        pts=tuple(int(p) for p in pts[look.is_even]),
        chosen_pts=tuple(int(p) for p in pts[~look.is_even]),
        mean_logit=mean,
        likelihood_ratio=ratio,
        likelihood_interval=interval,
        changes=checks.changes,
        likelihood_bounds=look.limits.ratio_bounds,
        plain_share=checks.plain_share,
    )


def _ratio(mean: float, limits: DeepLimits) -> float:
    return _bounded(float(np.exp(limits.calibration.slope * mean + limits.calibration.intercept)), limits)


def _interval(mean: float, limits: DeepLimits) -> tuple[float, float] | None:
    """The ratio's 95 % interval, between the card's points evenly in the logarithm, beyond them that of the last."""
    if not limits.ratios:
        return None
    logits, low, high = (np.array(column, dtype=np.float64) for column in zip(*limits.ratios, strict=True))
    ends = [_bounded(float(np.exp(np.interp(mean, logits, np.log(values)))), limits) for values in (low, high)]
    return ends[0], ends[1]


def _bounded(ratio: float, limits: DeepLimits) -> float:
    """The ratio, or the nearer of the card's bounds: so few sources do not support a greater or a lesser one."""
    low, high = limits.ratio_bounds or (0.0, np.inf)
    return min(max(ratio, low), high)
