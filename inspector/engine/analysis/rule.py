"""The decision rule: from a track's frame scores to its segments and its conclusion.

The rule (docs/method.md): a track is judged by the calibrated probability of its mean logit. Between the card's two
thresholds it is inconclusive. A long, strong segment indicates manipulation by itself, so that a short manipulated
stretch is not averaged away; its own mean logit then stands for the track. A track with too few scored frames is
inconclusive.

Where a bundle has a deep network and it looked, the rule of deep_rule.py takes the place of all of that but the
requirement of enough scored frames.

This is the only place that holds the rule; which track decides for a clip is in domain/answer.py, for all who name it.
The analysis calls it through `summarise_track`; training calls `conclude_track`, so that thresholds and error rates are
measured with the rule that is shipped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from inspector.domain.analysis import Conclusion, Summary, TrackSummary
from inspector.domain.answer import deciding, judged_tracks
from inspector.domain.faces import Abstention, FaceTrack
from inspector.domain.model_card import Calibration, ModelCard, Threshold
from inspector.domain.scores import Segment, digits_apart, rounded
from inspector.domain.settings import Settings
from inspector.engine.analysis.deep_rule import DeepLook, conclude_deep, summarise_look
from inspector.engine.analysis.segments import TrackConclusion, TrackSeries, find_segments, smooth
from inspector.engine.model.calibration import probability


def conclude_track(
    series: TrackSeries,
    calibration: Calibration,
    threshold: Threshold,
    settings: Settings,
    *,
    is_still: bool = False,
    look: DeepLook | None = None,
) -> TrackConclusion:
    """Apply the decision rule to one track.

    Of `settings` it reads `smoothing_seconds` and `minimum_scored_frames`; a still needs one scored frame only.
    """
    # A still has no stretch of time, and segments of the fast look would be reported as those of the deep one.
    has_none = is_still or look is not None
    segments = () if has_none else tuple(find_segments(series, threshold.segment, settings.smoothing_seconds))
    n, fewest = len(series.logits), settings.minimum_scored_frames
    if n == 0:
        return TrackConclusion(Conclusion.NO_FACE, "No frame of this track could be scored.", None, segments)
    whole = float(probability(float(series.logits.mean()), calibration.track))
    shown = whole if look is None else look.probability
    if n < (1 if is_still else fewest):
        counted = "1 frame" if n == 1 else f"{n} frames"
        reason = f"Only {counted} could be scored; at least {fewest} are needed."
        return TrackConclusion(Conclusion.INCONCLUSIVE, reason, shown, segments)
    if look is not None:
        return conclude_deep(look, n, is_still=is_still)
    kind = "picture" if is_still else "track"
    digits = digits_apart(whole, (threshold.low, threshold.high))
    said, low, high = rounded(whole, digits), f"{threshold.low:.{digits}f}", f"{threshold.high:.{digits}f}"
    if whole >= threshold.high:
        reason = f"The {kind}'s probability {said} reaches {high}."
        return TrackConclusion(Conclusion.INDICATED, reason, whole, segments)
    best = _strongest(series, segments, threshold)
    if best is not None:
        inside = (series.pts >= best.start_pts) & (series.pts < best.end_pts)
        part = float(probability(float(series.logits[inside].mean()), calibration.track))
        start = float(series.seconds[inside][0])
        reason = (
            f"From {start:.2f} s to {start + series.length(best):.2f} s the mean frame probability is "
            f"{rounded(best.mean_probability)}; the probability of the whole track is {rounded(whole)}."
        )
        return TrackConclusion(Conclusion.INDICATED, reason, max(whole, part), segments)
    if whole <= threshold.low:
        reason = f"The {kind}'s probability {said} is at most {low}."
        return TrackConclusion(Conclusion.NOT_INDICATED, reason, whole, segments)
    reason = (
        f"The {kind}'s probability {said} lies between {low} and {high}, "
        "where errors are too frequent for a conclusion."
    )
    return TrackConclusion(Conclusion.INCONCLUSIVE, reason, whole, segments)


def _strongest(series: TrackSeries, segments: Sequence[Segment], threshold: Threshold) -> Segment | None:
    """The segment with the highest mean that is long and strong enough to indicate manipulation by itself, if any."""
    strong = [
        s
        for s in segments
        if series.length(s) >= threshold.segment_seconds and s.mean_probability >= threshold.segment_mean
    ]
    return max(strong, key=lambda s: (s.mean_probability, -s.start_pts), default=None)


def summarise_track(
    track: FaceTrack,
    series: TrackSeries,
    abstentions: Mapping[Abstention, int],
    card: ModelCard,
    settings: Settings,
    *,
    is_still: bool = False,
    blinks_per_minute: float | None = None,
    look: DeepLook | None = None,
) -> tuple[TrackSummary, list[Segment]]:
    """A track's statistics, segments, calibrated probability and conclusion; with a `look` they are that look's."""
    ruled = conclude_track(series, card.calibration, card.threshold, settings, is_still=is_still, look=look)
    frames_scored = len(series.logits)
    width, threshold = settings.smoothing_seconds, card.threshold.segment
    if look is not None and len(look.series.logits):
        series, width, threshold = look.series, 0.0, look.threshold
    smoothed = smooth(series.seconds, series.probabilities, width)
    peak = int(np.argmax(smoothed)) if len(series.logits) else None
    # A stopped analysis may have come to no frame of the deep look: the fast look then only names a frame to see.
    scored = peak is not None and (look is None or look.mean is not None)
    summary = TrackSummary(
        track_id=track.track_id,
        median_box=track.median_box,
        start_pts=track.start_pts,
        end_pts=track.end_pts,
        frames_found=track.faces_found,
        frames_scored=frames_scored,
        abstentions={str(k): v for k, v in abstentions.items() if v},
        fake_probability=ruled.fake_probability,
        mean_probability=float(series.probabilities.mean()) if scored else None,
        median_probability=float(np.median(series.probabilities)) if scored else None,
        share_over_threshold=float((series.probabilities >= threshold).mean()) if scored else None,
        longest_run_seconds=max((series.length(s) for s in ruled.segments), default=0.0),
        peak_pts=None if peak is None else int(series.pts[peak]),
        peak_probability=float(smoothed[peak]) if scored else None,
        blinks_per_minute=blinks_per_minute,
        conclusion=ruled.conclusion,
        reason=ruled.reason,
        deep=None if look is None else summarise_look(look, is_still=is_still),
    )
    return summary, list(ruled.segments)


def _conclude(tracks: Sequence[TrackSummary]) -> tuple[Conclusion, str, float | None]:
    judged = judged_tracks(tracks)
    if not judged:
        return Conclusion.NO_FACE, "No face could be scored.", None
    left_out = sum(t.frames_scored > 0 for t in tracks) - len(judged)
    values = [t.fake_probability for t in judged if t.fake_probability is not None]
    for conclusion in (Conclusion.INDICATED, Conclusion.INCONCLUSIVE, Conclusion.NOT_INDICATED):
        if (track := deciding(judged, conclusion)) is not None:
            many = f" {left_out} short tracks were left out." if left_out else ""
            note = " One short track was left out." if left_out == 1 else many
            return conclusion, f"Track {track.track_id}: {track.reason}{note}", max(values, default=None)
    raise AssertionError("a scored track has one of three conclusions")


def summarise_clip(
    tracks: Sequence[TrackSummary],
    card: ModelCard | None,
    *,
    is_still: bool = False,
    frames_decoded: int,
    frames_analysed: int,
    abstentions: Mapping[Abstention, int],
) -> Summary:
    """The clip's conclusion: indicated if any track indicates manipulation, else the least certain track decides."""
    conclusion, reason, value = _conclude(tracks)
    if card is None:
        conclusion = Conclusion.INCONCLUSIVE if tracks else Conclusion.NO_FACE
        reason = "No model bundle was loaded, so nothing was scored."
    is_deep = any(track.deep is not None for track in tracks)
    rates = card.rates(is_still=is_still, is_deep=is_deep) if card else None
    return Summary(
        conclusion=conclusion,
        reason=reason,
        fake_probability=value,
        false_positive_rate=None if rates is None else rates.false_positive_rate,
        false_positive_interval=None if rates is None else rates.false_positive_interval,
        n_real=None if rates is None else rates.n_real,
        frames_decoded=frames_decoded,
        frames_analysed=frames_analysed,
        frames_scored=sum(t.frames_scored for t in tracks),
        abstentions={str(k): v for k, v in abstentions.items() if v},
    )
