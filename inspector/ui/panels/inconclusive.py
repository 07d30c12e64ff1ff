"""Why no conclusion was drawn, in the words of the window, and what may help."""

from __future__ import annotations

from inspector.domain.analysis import Analysis, Conclusion
from inspector.domain.answer import NO_NAMES, FaceNames, clip_reason, deciding_track
from inspector.domain.scores import rounded
from inspector.engine.analysis.deep_rule import is_before_plain, scores_as_probabilities
from inspector.ui.text import finding_when
from inspector.ui.widgets.engine_text import face_label, shown
from inspector.ui.widgets.language import tr


def why_inconclusive(analysis: Analysis, names: FaceNames = NO_NAMES) -> list[str]:
    """Why no conclusion was drawn, as short as it can be said, and what may help; nothing where one was drawn.

    Nor without a model, nor where it has no limits for such a file: then the answer says so.
    """
    reason = clip_reason(analysis, names)
    if analysis.summary.conclusion is not Conclusion.INCONCLUSIVE or not reason or analysis.model is None:
        return []
    found = scores_as_probabilities(analysis)
    if found is not None and found[1:] == (None, None):
        return []
    return [_between_limits(analysis, names) or shown(reason), _advice(analysis, found)]


def _advice(analysis: Analysis, scores: tuple[float, float | None, float | None] | None) -> str:
    """What may help where no conclusion was drawn; `scores` are those of `scores_as_probabilities`."""
    if not analysis.is_complete:
        return tr("Resume the analysis: the rest of the clip may allow a conclusion.")
    settings = analysis.settings
    if analysis.summary.frames_analysed < settings.minimum_scored_frames and not analysis.clip.is_still:
        if settings.every > 1 or settings.start_seconds is not None or settings.end_seconds is not None:
            return tr(
                "Analyse more of the clip: with these settings (Analyse every, Start, End) too few of its frames were "
                "looked at."
            )
        return tr("Look for a longer version of the clip: this one has too few frames, however good the copy is.")
    if is_before_plain(analysis):
        return tr(
            "If the face was cut out, look for the picture that it comes from, else for one with other surroundings."
        )
    if analysis.clip.is_still and _cannot_be_cleared(scores):
        return tr(
            "No copy of a still can clear it; a better one may show a manipulation. Look for where it was first "
            "published, and for other pictures of that moment."
        )
    return tr("A better copy may help: larger, less compressed, not uploaded again.")


def _cannot_be_cleared(scores: tuple[float, float | None, float | None] | None) -> bool:
    """Whether a score lies below the upper limit where there is no lower one: no other score there concludes."""
    return scores is not None and scores[1] is None and scores[2] is not None and scores[0] < scores[2]


def _between_limits(analysis: Analysis, names: FaceNames) -> str:
    """The reason without raw scores, where the score lies within the limits and reads so when it is rounded."""
    track, found = deciding_track(analysis), scores_as_probabilities(analysis)
    if track is None or found is None or found[2] is None:
        return ""
    low = "" if found[1] is None else rounded(found[1])
    value, high = rounded(found[0]), rounded(found[2])
    is_within = found[0] < found[2] and (found[1] is None or found[0] > found[1])
    if not is_within or value in (low, high):
        return ""
    face = face_label(track.track_id, names)
    own = next((f for f in analysis.findings if f.track_id == track.track_id and f.segments), None)
    if found[1] is None:
        return "" if own else tr(
            "{face}: {value} lies below the upper limit {high}; no lower limit could be set, so no conclusion is "
            "drawn.",
            face=face, value=value, high=high,
        )  # fmt: skip
    if own is None:
        return tr(
            "{face}: {value} lies between the limits {low} and {high}, where errors are too frequent to conclude.",
            face=face, value=value, low=low, high=high,
        )  # fmt: skip
    return tr(
        "{face}: {value} lies between the limits {low} and {high}, where errors are too frequent to conclude. Examine "
        "what stands out: {when}.",
        face=face, value=value, low=low, high=high, when=finding_when(own, analysis.clip),
    )  # fmt: skip
