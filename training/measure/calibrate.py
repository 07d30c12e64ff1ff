"""Calibration: from logits to probabilities and thresholds, on held-out people.

Every person has the same weight, and so have both classes: long clips or films with many stills do not dominate.
Thresholds and error rates use the engine's decision rule, so what is measured is what ships.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.stats import t as student_t

from inspector.domain.analysis import Conclusion
from inspector.domain.model_card import Calibration, ErrorRates, Platt, Threshold
from inspector.domain.settings import Settings
from inspector.engine.analysis.rule import conclude_track
from inspector.engine.analysis.segments import TrackSeries
from inspector.engine.model.calibration import probability
from training.files import read, write
from training.log import Log
from training.measure.bootstrap import rate_over_groups
from training.measure.groups import reserve
from training.measure.held_out import held_out_tracks, whom
from training.measure.platt import maps, person_weights
from training.measure.tracks import AS_RECORDED, Track
from training.recipe import Recipe

TICKS = 100_000  # per second; the time base of the series made here
SEGMENT_SECONDS = 1.0
MOST = 0.99  # upper limit of segment_mean; higher probabilities are not distinguishable
_MARGIN = 0.01  # in logits; puts a bound above the highest observed value
_COUNTED = (
    "the conclusion on each track (one face through one file, or through one degraded or forged version of it); every "
    "{one} counts once; an original is wrong when manipulation is indicated, a fake is missed unless it is; "
)
COUNTED = _COUNTED.format(one="person") + (
    "the same people chose the checkpoint, the calibration and the thresholds, which flatters these rates"
)
CROSS_FITTED = _COUNTED.format(one="group of sources") + (
    "each was scored by a network that never saw it, while the one that ships learnt from all; the same sources chose "
    "the calibration and the thresholds"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of calibration, as stored in the card."""

    calibration: Calibration
    threshold: Threshold
    error_rates: tuple[ErrorRates, ...]


def calibrate_run(recipe: Recipe, run: Path, log: Log, frames: int = 0) -> Outcome:
    """Calibrate the averaged network of `run` on the recipe's held-out people and save `calibration.json`.

    `frames` as in `held_out_tracks`. Raises BackwardsError when the network ranks them in the wrong order.
    """
    tracks = held_out_tracks(recipe, run, log, frames)
    outcome = calibrate(tracks, recipe)
    write(run / "calibration.json", outcome)
    for line in (*_lines(outcome), *_too_few(tracks, recipe), *_too_short(tracks)):
        log(line)
    return outcome


def rates_text(rates: ErrorRates) -> str:
    """Error rates as one line of text."""
    return (
        f"{rates.measured_on}: {rates.false_positive_rate:.1%} of {rates.n_real} originals called manipulated, "
        f"{rates.false_negative_rate:.1%} of {rates.n_fake} fakes not, {rates.inconclusive_rate:.1%} inconclusive"
    )


def _lines(outcome: Outcome) -> Iterator[str]:
    yield from map(rates_text, outcome.error_rates)
    limits = outcome.threshold
    yield (
        f"manipulation is indicated from a track probability of {limits.high:g}, and from a mean of "
        f"{limits.segment_mean:g} over {limits.segment_seconds:g} s; none is indicated up to {limits.low:g}"
    )


def _too_few(tracks: Sequence[Track], recipe: Recipe) -> Iterator[str]:
    """Warnings about too few held-out people for a target rate, so that no track reaches a conclusion by it."""
    table = recipe.calibrate
    advice = "add sources" if recipe.source_folds else "raise held_out and prepare again"
    for is_fake, what, share in (
        (False, "originals", table.false_positive_rate),
        (True, "fakes", table.false_negative_rate),
    ):
        people, least = len({t.group for t in tracks if t.is_fake == is_fake}), math.ceil(1 / share - 1)
        if people < least:
            result = "no track is cleared" if is_fake else "no track is called"
            yield (
                f"warning: {people} {whom(recipe)} with {what} are held out, but a rate of {share:g} needs {least}: "
                f"{result} by its probability; {advice}, or raise the rate under [calibrate]"
            )


def _too_short(tracks: Sequence[Track]) -> Iterator[str]:
    """A warning about clips that the rule leaves inconclusive because few of their frames were scored."""
    clips = [track for track in tracks if track.kind == "clip"]
    least = Settings().minimum_scored_frames
    if short := sum(len(track.logits) < least for track in clips):
        yield (
            f"warning: {short} of {len(clips)} held-out tracks of clips have fewer than {least} scored frames and "
            "count as inconclusive; raise held_out_frames and prepare again, or score more --frames"
        )


def read_outcome(run: Path) -> Outcome:
    """Read what `calibrate_run` saved; TrainingError when it is missing or damaged."""
    return read(run / "calibration.json", Outcome, "run `python -m training calibrate` for it")


def calibrate(tracks: Sequence[Track], recipe: Recipe) -> Outcome:
    """Platt maps, thresholds and error rates from held-out tracks.

    Raises TrainingError when a class is missing, BackwardsError when the ranking is in the wrong order.
    """
    calibration = _described(tracks, *maps(tracks), recipe)
    threshold = thresholds(tracks, calibration, recipe)
    as_recorded = [track for track in tracks if track.condition == AS_RECORDED]
    changed = [track for track in tracks if track.condition != AS_RECORDED]
    parts = [
        (tracks, "all held-out tracks: as recorded, degraded and forged"),
        (as_recorded, "held-out originals and generated clips and stills as recorded"),
        (changed, "held-out originals degraded, and forged versions of them"),
    ]
    counted, of = (CROSS_FITTED, ", of left-out sources") if recipe.source_folds else (COUNTED, "")
    measured = [
        replace(rates(some, calibration, threshold, on + of), counted=counted)
        for some, on in parts
        if len({track.is_fake for track in some}) == 2
    ]
    return Outcome(calibration, threshold, tuple(measured))


def uncalibrated(tracks: Sequence[Track], recipe: Recipe) -> Outcome:
    """The network's own probabilities and a threshold of one half, for networks that cannot be calibrated."""
    own = Platt(1.0, 0.0)
    half = Threshold(high=0.5, low=0.5, segment=0.5, segment_seconds=SEGMENT_SECONDS, segment_mean=MOST)
    return Outcome(_described(tracks, own, own, recipe), half, ())


def _described(tracks: Sequence[Track], frame: Platt, track: Platt, recipe: Recipe) -> Calibration:
    on = "held-out people of the training sources"
    if recipe.source_folds:
        on = f"training sources, each scored by one of {recipe.source_folds.count} networks that never saw it"
    return Calibration(
        frame=frame,
        track=track,
        measured_on=f"{on}: files as recorded, the originals degraded, and forged",
        n_identities=len({t.group for t in tracks}),
        n_tracks=len(tracks),
        n_frames=sum(len(t.logits) for t in tracks),
    )


def thresholds(tracks: Sequence[Track], calibration: Calibration, recipe: Recipe) -> Threshold:
    """Thresholds that keep the rule (track, or long strong segment) at the recipe's rates for one more, unseen person.

    At most the target share of originals reaches `high`, counting one unseen person as wrong (as in conformal
    prediction); `low` is the same for fakes below it. `high` has no further margin: people of the same sources do not
    show how far other sources deviate, and a margin chosen on the public files would be tuned on them. `segment_mean`
    has its own bound (`segment_bound`).
    """
    scores = probability(np.array([track.logits.mean() for track in tracks]), calibration.track)
    labels = np.array([track.is_fake for track in tracks])
    weights = person_weights(tracks)
    targets = recipe.calibrate
    real, fake = ~labels, labels
    people = len({track.group for track in tracks if not track.is_fake})
    high = max(0.5, 1 - (reserve(1 - scores[real], weights[real], people, targets.false_positive_rate) or 0.0))
    people = len({track.group for track in tracks if track.is_fake})
    low = min(high, reserve(scores[fake], weights[fake], people, targets.false_negative_rate) or 0.0)
    segment = min(max(0.5, high - 0.15), 0.9)
    originals = [track for track in tracks if not track.is_fake]
    mean = min(MOST, max(high, segment_bound(originals, calibration.frame, targets.false_positive_rate)))
    return Threshold(
        high=_up(high), low=_down(low), segment=_up(segment), segment_seconds=SEGMENT_SECONDS, segment_mean=_up(mean)
    )


def segment_bound(originals: Sequence[Track], frame: Platt, share: float) -> float:
    """The mean probability that the strongest second of an unseen original exceeds with probability `share`.

    A clip has many seconds, and the segment rule applies to the strongest; so that one is measured, on clips as
    recorded and degraded, and in logits, where it is nearly normal. With a dozen people one new person in thirteen
    exceeds the highest observed value, so the bound is the normal prediction bound for one more person, mean + t s
    sqrt(1 + 1/n) (Hahn and Meeker, Statistical Intervals, 1991), and never below the highest observed one. With fewer
    than three people it is MOST.
    """
    found = [(track, strongest_second(track, frame)) for track in originals]
    able = [(track, value) for track, value in found if value is not None]
    n = len({track.group for track, _ in able})
    if n < 3:
        return MOST
    weights, values = person_weights([track for track, _ in able]), np.array([value for _, value in able])
    mean = float(np.average(values, weights=weights))
    spread = float(np.sqrt(np.average(np.square(values - mean), weights=weights) * n / (n - 1)))
    bound = mean + float(student_t.ppf(1 - share, n - 1)) * spread * np.sqrt(1 + 1 / n)
    return float(1 / (1 + np.exp(-max(bound, values.max() + _MARGIN))))


def strongest_second(track: Track, frame: Platt) -> float | None:
    """The highest mean frame probability over any second of a track, as a logit; None for a shorter track."""
    seconds = track.seconds - track.seconds[0]
    step = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 0.0
    starts = np.flatnonzero(seconds + SEGMENT_SECONDS <= seconds[-1] + step + 1e-9)
    if len(seconds) < 2 or len(starts) == 0:
        return None
    sums = np.concatenate(([0.0], np.cumsum(probability(track.logits, frame))))
    ends = np.searchsorted(seconds, seconds[starts] + SEGMENT_SECONDS - 1e-9, side="left")
    strongest = float(np.clip(((sums[ends] - sums[starts]) / (ends - starts)).max(), 1e-6, 1 - 1e-6))
    return float(np.log(strongest / (1 - strongest)))


def _up(value: float) -> float:
    return float(np.ceil(value * 1000) / 1000)


def _down(value: float) -> float:
    return float(np.floor(value * 1000) / 1000)


def series_of(track: Track, frame: Platt) -> TrackSeries:
    """A track as the engine's rule takes it, in ticks of 1 / TICKS s."""
    pts = np.round(track.seconds * TICKS).astype(np.int64)
    step = int(np.median(np.diff(pts))) if len(pts) > 1 else TICKS // 25
    return TrackSeries.from_logits(1, pts, track.logits, frame, Fraction(1, TICKS), step)


def conclusions(tracks: Sequence[Track], calibration: Calibration, threshold: Threshold) -> list[Conclusion]:
    """The conclusion of the engine's rule on each track, with the application's default settings.

    A track of a still or a face crop is judged as a still: one scored frame is enough.
    """
    settings = Settings()
    return [
        conclude_track(
            series_of(track, calibration.frame), calibration, threshold, settings, is_still=track.kind != "clip"
        ).conclusion
        for track in tracks
    ]


def rates(tracks: Sequence[Track], calibration: Calibration, threshold: Threshold, measured_on: str) -> ErrorRates:
    """Error rates of the whole rule, each person counted once; intervals from a bootstrap over people."""
    found = conclusions(tracks, calibration, threshold)
    indicated, inconclusive = (
        np.array([conclusion is wanted for conclusion in found])
        for wanted in (Conclusion.INDICATED, Conclusion.INCONCLUSIVE)
    )
    labels = np.array([track.is_fake for track in tracks])
    groups = np.array([track.group for track in tracks])
    wrong, wrong_between = rate_over_groups(indicated[~labels], groups[~labels], each_once=True)
    missed, missed_between = rate_over_groups(~indicated[labels], groups[labels], each_once=True)
    unsure, _ = rate_over_groups(inconclusive, groups, each_once=True)
    return ErrorRates(
        level="track",
        measured_on=measured_on,
        false_positive_rate=wrong,
        false_positive_interval=wrong_between,
        n_real=int((~labels).sum()),
        false_negative_rate=missed,
        false_negative_interval=missed_between,
        n_fake=int(labels.sum()),
        inconclusive_rate=unsure,
        counted=COUNTED,
    )
