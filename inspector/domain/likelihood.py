"""The likelihood ratio of a deep look in words, as forensic reports state it.

The verbal scale is that of the ENFSI guideline for evaluative reporting in forensic science (2015), which begins at 2;
support of less than that is called "hardly any" here. The end of the interval that is nearer to 1 gives the word.
"""

from __future__ import annotations

from inspector.domain.analysis import Analysis, Conclusion, DeepSummary
from inspector.domain.answer import deciding_track

_VERBAL = ((2.0, "hardly any"), (10.0, "weak"), (100.0, "moderate"), (1000.0, "moderately strong"))


def support_text(deep: DeepSummary) -> str:
    """The weight of a deep look's ratio in words, such as "weak support for manipulation"; "" without a ratio."""
    if deep.likelihood_ratio is None or deep.likelihood_interval is None:
        return ""
    low, high = deep.likelihood_interval
    if low <= 1 <= high:
        return "no support for either side"
    nearest, side = (low, "for") if low > 1 else (1 / high, "against")
    word = next((word for limit, word in _VERBAL if nearest < limit), "strong")
    return f"{word} support {side} manipulation"


def ratio_text(deep: DeepSummary) -> str:
    """The likelihood ratio with its interval, its bounds and the word for its weight; "not measured" without one."""
    if deep.likelihood_ratio is None or deep.likelihood_interval is None:
        return "not measured"
    low, high = deep.likelihood_interval
    bounds = deep.likelihood_bounds
    beyond = "" if bounds is None else f"; none beyond {bounds[0]:.2g} and {bounds[1]:.2g} is stated"
    return f"{deep.likelihood_ratio:.2g} (95 % interval {low:.2g} to {high:.2g}{beyond}): {support_text(deep)}"


def clip_ratio_text(analysis: Analysis) -> str:
    """The ratio of the track that decides the clip, in the words of `ratio_text`; "" without a deep look."""
    track = deciding_track(analysis)
    if track is None or track.deep is None or track.deep.likelihood_ratio is None:
        return ""
    is_open = analysis.summary.conclusion is Conclusion.INCONCLUSIVE
    return ratio_text(track.deep) + (", too little for a conclusion" if is_open else "")
