"""The likelihood ratio of a deep look in words, as forensic reports state it.

The verbal scale is that of the ENFSI guideline for evaluative reporting in forensic science (2015), which begins at 2;
support of less than that is called "hardly any" here. The end of the interval that is nearer to 1 gives the word, the
weaker one where it reads as the border of two: that a bound of 10.02 is called "moderate" would hang on its rounding.
"""

from __future__ import annotations

from inspector.domain.analysis import Analysis, Conclusion, DeepSummary, is_plain
from inspector.domain.answer import deciding_track

NO_WORD = "hardly any"
"""What support is called for which the guideline's scale has no word."""
_VERBAL = ((2.0, NO_WORD), (10.0, "weak"), (100.0, "moderate"), (1000.0, "moderately strong"))


def support_text(deep: DeepSummary) -> str:
    """The weight of a deep look's ratio in words, such as "weak support for manipulation"; "" without a ratio."""
    if deep.likelihood_ratio is None or deep.likelihood_interval is None:
        return ""
    low, high = deep.likelihood_interval
    if low <= 1 <= high:
        return "no support for either side"
    nearest, side = (low, "for") if low > 1 else (1 / high, "against")
    word = next((word for limit, word in _VERBAL if float(_ratio(nearest)) <= limit), "strong")
    return f"{word} support {side} manipulation"


def ratio_text(deep: DeepSummary) -> str:
    """The likelihood ratio with its interval, its bounds and the word for its weight; "not measured" without one."""
    if deep.likelihood_ratio is None or deep.likelihood_interval is None:
        return "not measured"
    low, high = deep.likelihood_interval
    bounds = deep.likelihood_bounds
    beyond = "" if bounds is None else f"; none beyond {_ratio(bounds[0])} and {_ratio(bounds[1])} is stated"
    ratio, low_text, high_text = (_bounded(value, bounds) for value in (deep.likelihood_ratio, low, high))
    return f"{ratio} (95 % interval {low_text} to {high_text}{beyond}): {support_text(deep)}"


def beyond_text(deep: DeepSummary) -> str:
    """What a ratio that was held at a bound means for the probability beside it, which has none; "" for another."""
    ratio, bounds = deep.likelihood_ratio, deep.likelihood_bounds
    if ratio is None or bounds is None or bounds[0] < ratio < bounds[1]:
        return ""
    return (
        f"At equal odds a ratio of {_ratio(ratio)} is a probability of {ratio / (1 + ratio):.2f}; the sources support "
        "none beyond it."
    )


def clip_beyond_text(analysis: Analysis) -> str:
    """The same for the track that decides the clip; "" without a deep look."""
    track = deciding_track(analysis)
    return "" if track is None or track.deep is None else beyond_text(track.deep)


def _bounded(ratio: float, bounds: tuple[float, float] | None) -> str:
    """A ratio that was held at a bound says so: without the words an interval there would seem to have no width."""
    least, greatest = bounds or (0.0, float("inf"))
    held = "at most " if ratio <= least else "at least " if ratio >= greatest else ""
    return held + _ratio(ratio)


def _ratio(ratio: float) -> str:
    """Two digits; three decimals near 1, so that an end of an interval never reads as 1 when it is not."""
    return f"{ratio:.3f}" if 0.95 <= ratio < 1.05 else f"{ratio:.2g}"


def clip_ratio_text(analysis: Analysis) -> str:
    """The ratio of the track that decides the clip, in the words of `ratio_text`; "" without a deep look."""
    track = deciding_track(analysis)
    if track is None or track.deep is None or track.deep.likelihood_ratio is None:
        return ""
    said = ratio_text(track.deep)
    if analysis.summary.conclusion is not Conclusion.INCONCLUSIVE:
        return said
    return f"{said}, {_why_inconclusive(analysis, track.track_id, track.deep)}"


def _why_inconclusive(analysis: Analysis, track_id: int, deep: DeepSummary) -> str:
    """What keeps a ratio from leading to a conclusion: it need not be too little, as the reason beside it says."""
    if deep.likelihood_ratio is not None and deep.likelihood_ratio > 1 and is_plain(deep.plain_share):
        return "which does not hold before a plain surface"
    card, mean = None if analysis.model is None else analysis.model.deep, deep.mean_logit
    limits = None if card is None else card.limits(analysis.clip.is_still)
    if limits is None or mean is None:
        return "too little for a conclusion"
    if limits.low is not None and mean <= limits.low and any(s.track_id == track_id for s in analysis.segments):
        return "which a stretch of the clip that stands out contradicts"
    is_enough = (limits.high is not None and mean >= limits.high) or (limits.low is not None and mean <= limits.low)
    return "not confirmed after mild changes of the picture" if is_enough else "too little for a conclusion"
