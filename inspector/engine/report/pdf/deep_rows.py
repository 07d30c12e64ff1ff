"""The rows of a track about its deep look: which frames it saw, the likelihood ratio, and what was tested of it."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.domain.analysis import FRAMES_CHECKED, PLAIN_SHARE, DeepSummary, TrackSummary
from inspector.domain.clip import Clip
from inspector.domain.likelihood import beyond_text, ratio_text
from inspector.engine.report import text

_MOST_TIMES = 64
_ASKED_OF_CHANGES = (
    "A conclusion stands while the 95 % interval of the likelihood ratio at these scores, too, lies on its side of 1; "
    "they need not reach the limit"
)
_PLAIN_PIXELS = (
    "Counted are pixels at most one grey level from the next ones and four from the median of all, as behind a "
    "cut-out; the noise of a photographed wall is not counted"
)


def deep_rows(clip: Clip, track: TrackSummary, *, is_complete: bool) -> list[tuple[str, str]]:
    """What the deep network saw of a track, and how stable its mean is."""
    deep = track.deep
    if deep is None:
        return []
    return [
        ("Deep look", f"mean raw score {text.number(deep.mean_logit, 3)} over {text.count(len(deep.pts), 'frame')} "
         f"spread over the track, which decides; {text.count(len(deep.chosen_pts), 'further frame')} where the fast "
         "look is highest or most unsure"),
        ("Frames of the deep look", _seconds(clip, deep.pts)),
        ("Further frames", _seconds(clip, deep.chosen_pts)),
        ("Likelihood ratio", ratio_row(deep)),
        ("Mean raw score after mild changes", after_changes(deep, is_complete=is_complete)),
        ("Plain surroundings of the face", plain_surroundings(deep, is_complete=is_complete)),
    ]  # fmt: skip


def ratio_row(deep: DeepSummary) -> str:
    """The likelihood ratio, and what its bound means for the probability if it is held there."""
    return ". ".join(filter(None, (ratio_text(deep), beyond_text(deep))))


def after_changes(deep: DeepSummary, *, is_complete: bool) -> str:
    """The raw score after each mild change of the picture, and what is asked of it."""
    if not deep.changes:
        return f"not run, {_why_unchecked(is_complete)}"
    shifted = (f"{text.markup(c.name, 40)}: {text.number((deep.mean_logit or 0) + c.shift)}" for c in deep.changes)
    tested = f", from up to {FRAMES_CHECKED} of the frames" if len(deep.pts) > FRAMES_CHECKED else ""
    return f"{'; '.join(shifted)}{tested}. {_ASKED_OF_CHANGES}"


def plain_surroundings(deep: DeepSummary, *, is_complete: bool) -> str:
    """The share of the face's surroundings that is of one colour, and what follows from it."""
    if deep.plain_share is None:
        return "not measured" if deep.changes else f"not measured, {_why_unchecked(is_complete)}"
    said = f"{deep.plain_share:.1%} of one colour; from {PLAIN_SHARE:.0%} on the deep look never indicates manipulation"
    tested = f"Measured on up to {FRAMES_CHECKED} of the frames. " if len(deep.pts) > FRAMES_CHECKED else ""
    return f"{said}. {tested}{_PLAIN_PIXELS}"


def _why_unchecked(is_complete: bool) -> str:
    if not is_complete:
        return "because the analysis was stopped before"
    return "because the result is inconclusive anyway"


def _seconds(clip: Clip, pts: Sequence[int]) -> str:
    shown = ", ".join(f"{clip.seconds(p):.2f}" for p in pts[:_MOST_TIMES])
    more = f" and {text.whole(len(pts) - _MOST_TIMES)} more (see frames.csv)" if len(pts) > _MOST_TIMES else ""
    return f"{shown} s{more}" if pts else "none"
