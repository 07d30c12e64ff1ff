"""From a track's frame scores to its smoothed curve, segments, statistics and conclusion; calibration uses it too.

The rule (docs/method.md): a track is judged by the calibrated probability of its mean logit. Between the card's two
thresholds it is inconclusive. A long, strong segment indicates manipulation by itself, so that a short manipulated
stretch is not averaged away; its own mean logit then stands for the track.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inspector.domain.analysis import Conclusion, Summary, TrackSummary
from inspector.domain.arrays import Floats, PtsArray
from inspector.domain.clip import Clip
from inspector.domain.faces import Abstention, FaceTrack
from inspector.domain.model_card import ModelCard, Platt
from inspector.domain.scores import Segment

_LONGEST_HOLE_SECONDS = 0.5  # scored frames further apart than this do not belong to one segment


def probability(logit: Floats | float, platt: Platt) -> Floats:
    """Calibrated probability of logits, float64 of the same shape."""
    z = np.clip(platt.slope * np.asarray(logit, dtype=np.float64) + platt.intercept, -60.0, 60.0)
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def smooth(seconds: Floats, values: Floats, width: float) -> Floats:
    """Centred mean of `values` float64 (n,) over all samples within width / 2 seconds; `seconds` ascend."""
    if len(values) == 0 or width <= 0:
        return np.array(values, dtype=np.float64)
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    # A hair's breadth keeps samples on the very edge inside in spite of rounding.
    first = np.searchsorted(seconds, seconds - width / 2 - 1e-9, side="left")
    last = np.searchsorted(seconds, seconds + width / 2 + 1e-9, side="right")
    return np.asarray((sums[last] - sums[first]) / (last - first))


@dataclass(frozen=True, slots=True, eq=False)
class TrackSeries:
    """The scored frames of a track: pts int64 (n,), seconds, logits and probabilities float64 (n,), in pts order."""

    track_id: int
    pts: PtsArray
    seconds: Floats
    logits: Floats
    probabilities: Floats
    frame_ticks: int  # how long the last frame lasts


def _runs(series: TrackSeries, smoothed: Floats, threshold: float) -> list[tuple[int, int]]:
    """Index ranges [first, last] of neighbouring frames whose smoothed probability reaches the threshold."""
    over = np.flatnonzero(smoothed >= threshold)
    if len(over) == 0:
        return []
    hole = np.maximum(
        _LONGEST_HOLE_SECONDS, 2.5 * np.median(np.diff(series.seconds)) if len(series.seconds) > 1 else 0.0
    )
    breaks = (np.diff(over) > 1) | (np.diff(series.seconds[over]) > hole)
    starts = np.concatenate(([0], np.flatnonzero(breaks) + 1))
    ends = np.concatenate((np.flatnonzero(breaks), [len(over) - 1]))
    return [(int(over[a]), int(over[b])) for a, b in zip(starts, ends, strict=True)]


def find_segments(series: TrackSeries, threshold: float, smoothing_seconds: float) -> list[Segment]:
    """The stretches at or over `threshold` after smoothing, in time order; each ends where its last frame ends."""
    smoothed = smooth(series.seconds, series.probabilities, smoothing_seconds)
    found = []
    for first, last in _runs(series, smoothed, threshold):
        peak = first + int(np.argmax(smoothed[first : last + 1]))
        following = int(series.pts[last + 1]) if last + 1 < len(series.pts) else None
        end = int(series.pts[last]) + series.frame_ticks
        found.append(
            Segment(
                track_id=series.track_id,
                start_pts=int(series.pts[first]),
                end_pts=end if following is None else min(end, following),
                mean_probability=float(series.probabilities[first : last + 1].mean()),
                peak_probability=float(smoothed[peak]),
                peak_pts=int(series.pts[peak]),
            )
        )
    return found


def _length(segment: Segment, clip: Clip) -> float:
    return float((segment.end_pts - segment.start_pts) * clip.time_base)


def _judge(
    series: TrackSeries, segments: Sequence[Segment], card: ModelCard, clip: Clip, fewest: int
) -> tuple[float | None, Conclusion, str]:
    """The track's calibrated probability, its conclusion, and one sentence of reason."""
    n = len(series.logits)
    if n == 0:
        return None, Conclusion.NO_FACE, "No frame of this track could be scored."
    whole = float(probability(float(series.logits.mean()), card.calibration.track))
    if n < (1 if clip.is_still else fewest):
        return whole, Conclusion.INCONCLUSIVE, f"Only {n} frames could be scored; at least {fewest} are needed."
    limits, kind = card.threshold, "picture" if clip.is_still else "track"
    if whole >= limits.high:
        return whole, Conclusion.INDICATED, f"The {kind}'s probability {whole:.2f} reaches {limits.high:.2f}."
    best = _strongest(segments, card, clip)
    if best is not None:
        inside = (series.pts >= best.start_pts) & (series.pts < best.end_pts)
        part = float(probability(float(series.logits[inside].mean()), card.calibration.track))
        start, end = clip.seconds(best.start_pts), clip.seconds(best.end_pts)
        reason = f"From {start:.2f} s to {end:.2f} s the mean frame probability is {best.mean_probability:.2f}; "
        return max(whole, part), Conclusion.INDICATED, reason + f"the whole track averages it away ({whole:.2f})."
    if whole <= limits.low:
        return whole, Conclusion.NOT_INDICATED, f"The {kind}'s probability {whole:.2f} is at most {limits.low:.2f}."
    reason = f"The {kind}'s probability {whole:.2f} lies between {limits.low:.2f} and {limits.high:.2f}, "
    return whole, Conclusion.INCONCLUSIVE, reason + "where errors are too frequent to say."


def _strongest(segments: Sequence[Segment], card: ModelCard, clip: Clip) -> Segment | None:
    """The segment, long and strong enough to speak for itself, with the highest mean; None if there is none."""
    limits = card.threshold
    strong = [
        s for s in segments if _length(s, clip) >= limits.segment_seconds and s.mean_probability >= limits.segment_mean
    ]
    return max(strong, key=lambda s: (s.mean_probability, -s.start_pts), default=None)


def summarise_track(
    track: FaceTrack,
    series: TrackSeries,
    abstentions: Mapping[Abstention, int],
    card: ModelCard,
    clip: Clip,
    *,
    smoothing_seconds: float,
    fewest_frames: int,
    blinks_per_minute: float | None = None,
) -> tuple[TrackSummary, list[Segment]]:
    """A track's statistics, segments, calibrated probability and conclusion."""
    segments = find_segments(series, card.threshold.segment, smoothing_seconds)
    smoothed = smooth(series.seconds, series.probabilities, smoothing_seconds)
    value, conclusion, reason = _judge(series, segments, card, clip, fewest_frames)
    scored = len(series.logits)
    peak = int(np.argmax(smoothed)) if scored else None
    summary = TrackSummary(
        track_id=track.track_id,
        median_box=track.median_box,
        start_pts=track.start_pts,
        end_pts=track.end_pts,
        frames_found=track.faces_found,
        frames_scored=scored,
        abstentions={str(k): v for k, v in abstentions.items() if v},
        fake_probability=value,
        mean_probability=float(series.probabilities.mean()) if scored else None,
        median_probability=float(np.median(series.probabilities)) if scored else None,
        share_over_threshold=float((series.probabilities >= card.threshold.segment).mean()) if scored else None,
        longest_run_seconds=max((_length(s, clip) for s in segments), default=0.0),
        peak_pts=None if peak is None else int(series.pts[peak]),
        peak_probability=None if peak is None else float(smoothed[peak]),
        blinks_per_minute=blinks_per_minute,
        conclusion=conclusion,
        reason=reason,
    )
    return summary, segments


def _conclude(tracks: Sequence[TrackSummary]) -> tuple[Conclusion, str, float | None]:
    scored = [t for t in tracks if t.frames_scored > 0]
    if not scored:
        return Conclusion.NO_FACE, "No face could be scored.", None
    # Short fragments count for the clip only when there is nothing longer; one flicker must not veil a clear result.
    longest = max(t.frames_scored for t in scored)
    judged = [t for t in scored if t.conclusion is Conclusion.INDICATED or t.frames_scored >= 0.1 * longest]
    values = [t.fake_probability for t in judged if t.fake_probability is not None]
    highest = max(judged, key=lambda t: (t.fake_probability or 0.0, -t.track_id))
    for conclusion in (Conclusion.INDICATED, Conclusion.INCONCLUSIVE, Conclusion.NOT_INDICATED):
        matching = [t for t in judged if t.conclusion is conclusion]
        if matching:
            speaker = highest if highest in matching else matching[0]
            note = "" if len(judged) == len(scored) else f" {len(scored) - len(judged)} short track(s) were left out."
            return conclusion, f"Track {speaker.track_id}: {speaker.reason}{note}", max(values)
    raise AssertionError("a scored track has one of three conclusions")


def summarise_clip(
    tracks: Sequence[TrackSummary],
    card: ModelCard | None,
    *,
    frames_decoded: int,
    frames_analysed: int,
    abstentions: Mapping[Abstention, int],
) -> Summary:
    """The clip's conclusion: manipulation is indicated if any track indicates it; else the most doubtful speaks."""
    conclusion, reason, value = _conclude(tracks)
    if card is None:
        conclusion = Conclusion.INCONCLUSIVE if tracks else Conclusion.NO_FACE
        reason = "No model bundle was loaded, so nothing was scored."
    rates = next((r for r in card.error_rates if r.level == "track"), None) if card else None
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
