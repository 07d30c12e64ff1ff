"""The result of a run: tracks, segments, statistics, findings and the clip's summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inspector.domain.account import PictureAccount
from inspector.domain.analysis import Analysis, Conclusion, DeepChecks, Finding, Significance, TrackSummary
from inspector.domain.clip import Clip, FormatUse, Gap
from inspector.domain.faces import FaceTrack
from inspector.domain.scores import Segment
from inspector.domain.settings import Settings
from inspector.engine.analysis.accumulator import RunAccumulator, TrackAccumulator
from inspector.engine.analysis.deep_plan import deep_limits
from inspector.engine.analysis.rule import summarise_clip, summarise_track
from inspector.engine.clock import now
from inspector.engine.decode.decoder import hash_file
from inspector.engine.faces.signals import SignalRecorder
from inspector.engine.model.detector import Detector
from inspector.engine.versions import software_versions

_SIGNIFICANCE = {
    Conclusion.INDICATED: Significance.NOTABLE,
    Conclusion.INCONCLUSIVE: Significance.INCONCLUSIVE,
    Conclusion.NOT_INDICATED: Significance.LIKELY_NONE,
    Conclusion.NO_FACE: Significance.INCONCLUSIVE,
}

_MOST_SEAMS = 5  # named one by one in a finding; all of them are in the report's list


@dataclass(frozen=True, slots=True, eq=False)
class RunSummary:
    """Everything that a run accumulated."""

    accumulator: RunAccumulator
    signals: SignalRecorder
    gaps: tuple[Gap, ...]
    frames_decoded: int
    frames_analysed: int
    formats: tuple[FormatUse, ...] = ()
    account: PictureAccount | None = None  # if the whole clip was decoded
    checks: Mapping[int, DeepChecks] = field(default_factory=dict)  # by track; none of one that was not come to


def conclude(
    run: RunSummary,
    clip: Clip,
    detector: Detector | None,
    settings: Settings,
    started_at: str,
    *,
    is_complete: bool = True,
) -> Analysis:
    """Summarise a run into an Analysis; the evidence is hashed once more. Raises ClipError if it is gone.

    A run that is not complete is not hashed again and gives no findings about the whole clip: most of the frames that
    it lacks were never asked for.
    """
    card = detector.card if detector else None
    tracks, summaries, segments = _tracks(run, clip, detector, settings)
    return Analysis(
        clip=clip,
        model=card,
        settings=settings,
        device=detector.device_name if detector else "none (no model bundle)",
        versions=software_versions(),
        started_at=started_at,
        finished_at=now(),
        sha256_after=hash_file(Path(clip.path)) if is_complete else "",
        is_complete=is_complete,
        tracks=tuple(tracks),
        summaries=tuple(summaries),
        segments=tuple(segments),
        findings=(
            *(_finding(s, segments) for s in summaries if card),
            *(_clip_findings(clip, run) if is_complete else ()),
        ),
        gaps=run.gaps,
        account=run.account if is_complete else None,
        summary=summarise_clip(
            summaries,
            card,
            is_still=clip.is_still,
            frames_decoded=run.frames_decoded,
            frames_analysed=run.frames_analysed,
            abstentions=run.accumulator.abstentions,
        ),
        formats=run.formats,
    )


def _tracks(
    run: RunSummary, clip: Clip, detector: Detector | None, settings: Settings
) -> tuple[list[FaceTrack], list[TrackSummary], list[Segment]]:
    """The tracks by their id, their summaries in the same order, and the segments of all of them."""
    card = detector.card if detector else None
    limits = deep_limits(clip, detector, settings)
    ticks = _frame_ticks(clip, settings.every)
    tracks: list[FaceTrack] = []
    summaries: list[TrackSummary] = []
    segments: list[Segment] = []
    for accumulator in sorted(run.accumulator.tracks.values(), key=lambda t: t.track_id):
        track = accumulator.track()
        tracks.append(track)
        blinks = run.signals.blinks_per_minute(accumulator.track_id)
        if card is None:
            summaries.append(_unscored(track, accumulator, blinks))
            continue
        summary, found = summarise_track(
            track,
            accumulator.series(clip, ticks),
            accumulator.abstentions,
            card,
            settings,
            is_still=clip.is_still,
            blinks_per_minute=blinks,
            look=None if limits is None else accumulator.look(clip, ticks, limits, run.checks.get(track.track_id)),
        )
        summaries.append(summary)
        segments += found
    return tracks, summaries, segments


def _frame_ticks(clip: Clip, every: int) -> int:
    """How many pts ticks an analysed frame stands for; 40 ms where the container states no rate."""
    seconds = 1 / clip.average_rate if clip.average_rate else 0.04
    return max(1, round(every * seconds / clip.time_base))


def _unscored(track: FaceTrack, accumulator: TrackAccumulator, blinks: float | None) -> TrackSummary:
    return TrackSummary(
        track_id=track.track_id,
        median_box=track.median_box,
        start_pts=track.start_pts,
        end_pts=track.end_pts,
        frames_found=track.faces_found,
        frames_scored=0,
        abstentions={str(k): v for k, v in accumulator.abstentions.items()},
        fake_probability=None,
        mean_probability=None,
        median_probability=None,
        share_over_threshold=None,
        longest_run_seconds=0.0,
        peak_pts=None,
        peak_probability=None,
        blinks_per_minute=blinks,
        conclusion=Conclusion.INCONCLUSIVE,
        reason="No model bundle was loaded, so nothing was scored.",
    )


def _finding(summary: TrackSummary, segments: Sequence[Segment]) -> Finding:
    own = tuple(s for s in segments if s.track_id == summary.track_id)
    return Finding(
        conclusion=f"Track {summary.track_id}: {summary.conclusion}",
        significance=_SIGNIFICANCE[summary.conclusion],
        justification=summary.reason,
        track_id=summary.track_id,
        segments=own,
    )


def _clip_findings(clip: Clip, run: RunSummary) -> list[Finding]:
    """Facts about the file that an examiner should weigh; none of them enters the score."""
    found = _account_findings(run.account) if run.account else []
    if len(clip.sections) > 1:
        seams = "; ".join(
            f"at {clip.seconds(x.start_pts):.2f} s {x.reason}" for x in clip.sections[1 : 1 + _MOST_SEAMS]
        )
        more = "" if len(clip.sections) <= 1 + _MOST_SEAMS else f"; and {len(clip.sections) - 1 - _MOST_SEAMS} more"
        found.append(
            _fact(
                "The time stamps in the file are not continuous",
                f"The clip has {len(clip.sections)} sections: {seams}{more}. Joined recordings, cuts without "
                "re-encoding and restarts of a live stream can cause this. The times given here run on.",
            )
        )
    if run.gaps:
        reasons, n = "; ".join(sorted({g.reason for g in run.gaps})), len(run.gaps)
        counted = "1 part" if n == 1 else f"{n} parts"
        found.append(_fact("Parts of the clip could not be decoded", f"{counted}: {reasons}."))
    return found


def _account_findings(account: PictureAccount) -> list[Finding]:
    """Findings about pictures that are stored and not shown, or declared and not stored."""
    found = []
    counts = account.text()
    counts = f"{counts[0].upper()}{counts[1:]}."
    if account.cut:
        found.append(
            _fact(
                "The file stores pictures that its edit list does not show",
                f"{counts} The pictures cut off are still in the file; a program that ignores edit lists shows them. "
                "Trimming on a phone without re-encoding causes this.",
            )
        )
    if account.declared is not None and account.declared not in (account.stored, account.packets):
        found.append(
            _fact(
                "The declared number of pictures differs from the number stored",
                f"Declared {account.declared}. {counts} Cuts without re-encoding and damage can cause this.",
            )
        )
    if account.unexplained:
        found.append(
            _fact(
                "The account of the pictures does not add up",
                f"{counts} This is a fault of the program; please report it.",
            )
        )
    return found


def _fact(conclusion: str, justification: str) -> Finding:
    return Finding(conclusion, Significance.INCONCLUSIVE, justification)
