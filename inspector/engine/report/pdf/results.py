"""The report's sections of results: frames, tracks with their plots, findings, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inspector.domain.analysis import Analysis, Conclusion, TrackSummary
from inspector.domain.answer import (
    FaceNames,
    decision_text,
    finding_title,
    full_face_name,
    ordered_findings,
    unexamined,
    why_not_scored,
)
from inspector.domain.case import Review, finding_key
from inspector.domain.clip import Clip
from inspector.engine.analysis.deep_rule import threshold_of
from inspector.engine.faces.blinks import DEPTH, SLOWEST_RATE
from inspector.engine.faces.signals import BLINK_SECONDS
from inspector.engine.report import text
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf import plots, style
from inspector.engine.report.pdf.deep_rows import deep_rows
from inspector.engine.report.series import NO_MODEL, NOT_ANALYSED, SCORED, Overview, Series

MOST_TRACKS, MOST_ROWS = 24, 200  # in the PDF; report.json has them all

_RANK = (Conclusion.INDICATED, Conclusion.INCONCLUSIVE, Conclusion.NOT_INDICATED, Conclusion.NO_FACE)


def plotted_tracks(tracks: Sequence[TrackSummary]) -> list[TrackSummary]:
    """The tracks that get plots: those called first, then the doubtful, the longest of each; shown in track order."""
    ranked = sorted(tracks, key=lambda t: (_RANK.index(t.conclusion), -t.frames_scored, t.track_id))
    return sorted(ranked[:MOST_TRACKS], key=lambda t: t.track_id)


def rest(total: int, shown: int, what: str) -> style.Flowables:
    """A line that says what was left out of the PDF."""
    if total <= shown:
        return []
    return [style.paragraph(f"{text.whole(total - shown)} more {what} are in report.json.")]


def frames(analysis: Analysis, overview: Overview) -> style.Flowables:
    """How many frames had which outcome; the rows add up to the frames decoded."""
    total = max(overview.frames, 1)
    order = [SCORED, *sorted(set(overview.outcomes) - {SCORED, NOT_ANALYSED}), NOT_ANALYSED]
    rows = [
        [name if name in (SCORED, NO_MODEL, NOT_ANALYSED) else f"no face scored: {text.markup(name)}",
         text.whole(overview.outcomes[name]), text.percent(overview.outcomes[name] / total)]
        for name in order if name in overview.outcomes
    ]  # fmt: skip
    rows.append(["<b>all frames</b>", text.whole(overview.frames), ""])
    story: style.Flowables = [style.grid(["Frames", "Number", "Share"], rows, (6, 2, 2), "lrr"), style.space(4)]
    story += [style.paragraph(text.markup(sentence)) for sentence in unexamined(analysis)]
    story.append(
        style.paragraph(
            "frames.csv lists each frame and face with its pts, SHA-256, and probability or reason for having none."
        )
    )
    return story


def _interval(clip: Clip, start: int, end: int) -> str:
    return f"{clip.seconds(start):.3f} to {clip.seconds(end):.3f} s"


_SIGNIFICANCE = (
    "Significance states how much attention a finding needs. “Nothing notable found” describes the tool's search, not "
    "the clip: what the tool cannot detect may still be there."
)
_DEEP_SEGMENTS = (
    "A segment is a stretch in which neighbouring frames that the deep look saw, at least three, all reach the upper "
    "limit ({limit}). Frames between them were seen by the fast look only."
)
_MEAN_AND_PEAK = (
    "The mean covers the segment's single frames. The curve is also smoothed over frames outside the segment, so "
    "its peak can be lower than that mean."
)


def findings(material: ReportMaterial) -> style.Flowables:
    """Every finding with its significance, reason and the examiner's decision, then the segments."""
    analysis = material.analysis
    story: style.Flowables = []
    rows = []
    for finding in ordered_findings(analysis)[:MOST_ROWS]:
        key = finding_key(analysis, finding)
        decided = [_decision(review) for review in material.reviews if review.finding == key]
        rows.append(
            [
                text.markup(finding_title(finding, analysis, material.names)),
                finding.significance.text,
                text.markup(finding.justification),
                "<br/>".join(decided) or "no decision",
            ]
        )
    if rows:
        story.append(style.grid(["Finding", "Significance", "Reason", "Decision"], rows, (3.5, 2.5, 6, 4), "llll"))
        story += [style.space(4), style.paragraph(_SIGNIFICANCE)]
    else:
        story.append(style.paragraph("The analysis made no finding."))
    story += rest(len(analysis.findings), MOST_ROWS, "findings")
    if analysis.segments:
        story += [*style.subheading("Segments"), _segments(analysis), style.space(4)]
        limit = deep_limit(analysis)
        explained = _MEAN_AND_PEAK if limit is None else _DEEP_SEGMENTS.format(limit=text.probability(limit, 3))
        story.append(style.paragraph(explained))
        story += rest(len(analysis.segments), MOST_ROWS, "segments")
    return story


def _decision(review: Review) -> str:
    by = f"{text.stated(review.author)}, {text.moment(review.written_at)}"
    return f"{text.lines(decision_text(review), text.LONG)}<br/>({by})"


def deep_limit(analysis: Analysis) -> float | None:
    """The probability that is the segment threshold where a deep look decided; None where the fast network did."""
    model = analysis.model
    if model is None or model.deep is None or not any(track.deep for track in analysis.summaries):
        return None
    return threshold_of(model.deep.limits(analysis.clip.is_still)).segment


def _segments(analysis: Analysis) -> Any:
    clip, is_deep = analysis.clip, deep_limit(analysis) is not None
    rows = [
        [str(s.track_id), _interval(clip, s.start_pts, s.end_pts), text.probability(s.mean_probability),
         text.probability(s.peak_probability), f"{clip.seconds(s.peak_pts):.3f} s (pts {s.peak_pts})"]
        for s in analysis.segments[:MOST_ROWS]
    ]  # fmt: skip
    of = ("Mean of frames seen", "Highest frame") if is_deep else ("Mean of single frames", "Peak of smoothed curve")
    head = ["Face", "From, to (end not included)", *of, "Peak at"]
    return style.grid(head, rows, (1.2, 4, 2.2, 2.4, 4), "llrrl")


def tracks(analysis: Analysis, overview: Overview, names: FaceNames) -> style.Flowables:
    """All tracks in one table and on one time axis, then the plotted ones with their statistics."""
    if not analysis.summaries:
        return [style.paragraph("No face was followed in this clip, so there is nothing to plot.")]
    shown = plotted_tracks(analysis.summaries)
    rows = [
        [str(t.track_id), _interval(analysis.clip, t.start_pts, t.end_pts), text.whole(t.frames_found),
         text.whole(t.frames_scored), text.probability(t.fake_probability), str(t.conclusion)]
        for t in analysis.summaries[:MOST_ROWS]
    ]  # fmt: skip
    head = ["Face", "Seen (first to last face)", "Faces found", "Scored", "Probability", "Indication"]
    story: style.Flowables = [style.grid(head, rows, (1.2, 4, 2.4, 1.6, 2.2, 4.6), "llrrrl")]
    story += rest(len(analysis.summaries), MOST_ROWS, "tracks")
    story += [style.space(8), _lanes(analysis, overview, shown)]
    if any(track.deep and track.frames_scored for track in shown):
        story.append(style.paragraph(_HOW_TO_READ_DEEP))
    elif any(track.frames_scored for track in shown):
        story.append(style.paragraph(_how_to_read(analysis)))
    for track in shown:
        story.append(_track(analysis, overview, track, names))
    return story + rest(len(analysis.summaries), len(shown), "tracks without a plot")


_HOW_TO_READ_DEEP = (
    "The plots below show the calibrated probability of manipulation (0 to 1) over the seconds since the first frame. "
    "Points joined by a line are the frames that the deep look saw; it decides. The thin curve is the fast look at "
    "every frame; it is for screening and has a calibration of its own, so the two are not to be compared. The "
    "limits and the inconclusive band between them hold for the probability of the track (the mark at the right). A "
    "track's mean, median, peak and segments are those of the deep look. Of a long series the plot shows the extremes; "
    "it is hatched where most frames were not scored."
)


def _how_to_read(analysis: Analysis) -> str:
    return (
        "The plots below show the calibrated probability of manipulation (0 to 1) over the seconds since the first "
        f"frame. The smoothed curve is the centred mean over {analysis.settings.smoothing_seconds:g} s. The limits "
        "of the rule and the inconclusive band between them hold for the probability of the track (the mark at the "
        "right). Of a long series the plot shows the extremes; it is hatched where most frames were not scored."
    )


def _lanes(analysis: Analysis, overview: Overview, shown: Sequence[TrackSummary]) -> Any:
    explained = (
        "Faces (numbered at the left) over the examined frames. Each is one face followed through one shot (a track); "
        "two may show the same person."
    )
    marks = [("lane", "scored"), ("abstained", "not scored"), ("gap", "not decodable")]
    indicated = {segment.track_id in analysis.indicated_tracks for segment in analysis.segments}
    names = {True: ("lane segment", "segment, manipulation indicated"), False: ("grey lane segment", "other segment")}
    marks[1:1] = [names[kind] for kind in sorted(indicated, reverse=True)]
    return style.together(
        [plots.presence(analysis, overview, shown), plots.legend(marks), style.paragraph(explained, style.CAPTION)]
    )


_MARKS = (
    ("raw", "each frame"),
    ("smooth", "smoothed"),
    ("limits", "limits of the rule"),
    ("segment", "segment"),
    ("band", "inconclusive band"),
    ("track", "track probability"),
    ("abstained", "not scored"),
    ("gap", "gap"),
)


_DEEP_MARKS = (
    ("deep", "deep look, each frame that it saw"),
    ("raw", "fast look, screening only"),
    ("limits", "limits of the rule"),
    ("segment", "segment"),
    ("band", "inconclusive band"),
    ("track", "track probability"),
    ("abstained", "not scored"),
    ("gap", "gap"),
)


def marks(track: TrackSummary) -> list[tuple[str, str]]:
    """What the legend beneath a track's plot names."""
    is_indicated = track.conclusion is Conclusion.INDICATED
    chosen = _MARKS if track.deep is None else _DEEP_MARKS
    return [("grey segment" if kind == "segment" and not is_indicated else kind, label) for kind, label in chosen]


def _track(analysis: Analysis, overview: Overview, track: TrackSummary, names: FaceNames) -> Any:
    """One track: heading, reason, plot, statistics; kept on one page."""
    if not track.frames_scored:
        return unscored(track, names, _seen(analysis.clip, track))
    story: style.Flowables = [style.paragraph(text.markup(track.reason))]
    series = overview.series.get(track.track_id)
    if series is not None and series.scored.any():
        story += [plots.timeline(analysis, series, track), plots.legend(marks(track)), style.space(6)]
    rows = [*_seen(analysis.clip, track), *_blinks(analysis.clip, track), *_scores(analysis, track, series)]
    rows += deep_rows(analysis.clip, track, is_complete=analysis.is_complete)
    title = f"{text.markup(full_face_name(track.track_id, names))}: {track.conclusion}"
    return style.block(title, [*story, style.facts(rows)])


def unscored(track: TrackSummary, names: FaceNames, rows: list[tuple[str, str]]) -> Any:
    """A track without any score has no probability, no plot and no blinks: it says why instead."""
    why = why_not_scored(track.abstentions) or track.reason
    explained = (
        f"The tool says nothing about this face. {text.markup(why)} Faces are left out where the numbers would not be "
        "reliable; that does not count for or against the face."
    )
    title = f"{text.markup(full_face_name(track.track_id, names))}: not scored"
    return style.block(title, [style.paragraph(explained), style.facts(rows)])


def _seen(clip: Clip, track: TrackSummary) -> list[tuple[str, str]]:
    reasons = "; ".join(f"{text.markup(reason, 60)}: {text.whole(n)}" for reason, n in track.abstentions.items())
    return [
        ("Seen", f"{_interval(clip, track.start_pts, track.end_pts)} (pts {track.start_pts} to {track.end_pts})"),
        ("Frames", f"{text.count(track.frames_found, 'face')} found, {text.whole(track.frames_scored)} scored"),
        ("Faces not scored", reasons or "none"),
        box_row(track),
    ]  # fmt: skip


def box_row(track: TrackSummary) -> tuple[str, str]:
    """Where the face is, and how large."""
    box = track.median_box
    return "Median face box", f"x {box.x:.0f}, y {box.y:.0f}, {box.width:.0f} × {box.height:.0f} pixels"


def _blinks(clip: Clip, track: TrackSummary) -> list[tuple[str, str]]:
    blinks, seen = track.blinks_per_minute, clip.seconds(track.end_pts) - clip.seconds(track.start_pts)
    measured = f"not measured: this needs {BLINK_SECONDS:g} s and {SLOWEST_RATE:g} frames per second"
    if blinks is not None:
        measured = f"{blinks:.1f} per minute in {seen:.1f} s seen; a dip by less than {DEPTH:.0%} of the open "
        measured += "eye's ratio is no blink"
    return [("Blinks, not part of the score", measured)]


def _scores(analysis: Analysis, track: TrackSummary, series: Series | None) -> list[tuple[str, str]]:
    clip, peak, highest = analysis.clip, "none", "none"
    if track.peak_pts is not None:
        peak = f"{text.probability(track.peak_probability)} at {text.clock(clip.seconds(track.peak_pts))}"
    is_seen = track.deep is None or track.deep.mean_logit is not None  # a stopped analysis may not have come to it
    if is_seen and series is not None and (found := series.highest) is not None:
        highest = f"{text.probability(found[1], 3)} at {text.clock(found[0])}"
    whole = "of the frames of the deep look" if track.deep else "of the whole track or of the deciding segment"
    rows = [
        ("Deciding probability", f"{text.probability(track.fake_probability, 3)} (from the mean raw score {whole}, see "
         "the reason above)"),
        (f"Frame probabilities{', deep look' if track.deep else ''}", f"mean {text.number(track.mean_probability, 3)}, "
         f"median {text.number(track.median_probability, 3)}{_over_threshold(analysis, track)}"),
        ("Longest segment", text.clock(track.longest_run_seconds) if track.longest_run_seconds else "none"),
    ]  # fmt: skip
    if not track.deep:  # of a deep look it is the highest frame
        rows.append(("Peak of the curve", peak))
    return [*rows, ("Highest single frame", highest)]


def _over_threshold(analysis: Analysis, track: TrackSummary) -> str:
    """How many frames reach the segment threshold, and of how many."""
    share, model = track.share_over_threshold, analysis.model
    if share is None or model is None:
        return ""
    limit = deep_limit(analysis) if track.deep else model.threshold.segment
    n = len(track.deep.pts) + len(track.deep.chosen_pts) if track.deep else track.frames_scored
    if limit is None or limit >= 1:
        return ""
    reached = f"{text.whole(round(share * n))} of {text.count(n, 'frame')}"
    return f"; at or over the segment threshold of {text.probability(limit, 3)}: {reached}"


def signals(material: ReportMaterial) -> style.Flowables:
    """What was measured on the landmarks, set apart from the score."""
    story: style.Flowables = [
        style.paragraph(
            "<b>These are observations, not part of the score.</b> They are measured on the landmarks and describe "
            "what a face does. No error rate is known for judging a clip by them. signals.csv holds every value."
        )
    ]
    analysis = material.analysis
    if not any(len(s.pts) for track in analysis.tracks for s in material.signals(track.track_id)[:1]):
        return [*story, style.paragraph("No signal was measured.")]
    for track in plotted_tracks(analysis.summaries):
        own = [s for s in material.signals(track.track_id) if len(s.pts) > 1]
        if own:
            title = f"Signals of {text.markup(full_face_name(track.track_id, material.names))}"
            story.append(style.block(title, [plots.signals(analysis.clip, track, own)]))
    return story


def gaps(analysis: Analysis) -> style.Flowables:
    """What could not be decoded, and why; and where the time stamps in the file are not continuous."""
    return [*_gaps(analysis), *_seams(analysis.clip)]


def _gaps(analysis: Analysis) -> style.Flowables:
    if analysis.clip.is_still and not analysis.gaps:
        return [style.paragraph("A still is one picture, so that none can be missing.")]
    if not analysis.gaps:
        return [style.paragraph("No gap was found: every decoded frame is directly followed by the next one.")]
    clip = analysis.clip
    rows = [
        [_interval(clip, gap.start_pts, gap.end_pts), f"{gap.start_pts} to {gap.end_pts}", text.markup(gap.reason)]
        for gap in analysis.gaps[:MOST_ROWS]
    ]
    head = ["From, to (end not included)", "pts", "Reason"]
    return [style.grid(head, rows, (4, 3, 6), "lll"), *rest(len(analysis.gaps), MOST_ROWS, "gaps")]


def _seams(clip: Clip) -> style.Flowables:
    if len(clip.sections) < 2:
        return []
    explained = (
        "The time stamps in the file do not run on where these sections begin. No picture is missing or moved for that "
        "reason: the times in this report run on, and frames.csv lists the stored time stamps beside them."
    )
    rows = [
        [text.clock(clip.seconds(section.start_pts)), text.whole(section.start_pts), text.whole(section.stored_pts),
         text.markup(section.reason) or "start of the clip"]
        for section in clip.sections[:MOST_ROWS]
    ]  # fmt: skip
    head = ["Section begins", "pts", "Time stamp in the file", "Reason"]
    return [
        *style.subheading("Sections of the time stamps"),
        style.paragraph(explained),
        style.grid(head, rows, (2.5, 2, 2.5, 6), "lrrl"),
        *rest(len(clip.sections), MOST_ROWS, "sections"),
    ]
