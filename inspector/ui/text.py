"""Texts of the window: probabilities with their error rates, and the facts of clips and models.

The tool reports and the examiner concludes: no text calls a clip authentic.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction

from inspector.domain.analysis import Analysis, Conclusion, Finding, TrackSummary
from inspector.domain.answer import (
    NO_NAMES,
    FaceNames,
    applied_rates,
    deciding_track,
    why_not_scored,
)
from inspector.domain.clip import Clip, FormatUse, StreamInfo
from inspector.domain.likelihood import beyond_text, clip_ratio_text, ratio_text
from inspector.domain.model_card import ErrorRates, ModelCard
from inspector.domain.scores import rounded
from inspector.domain.timecode import clock_time
from inspector.engine.analysis.deep_rule import scores_as_probabilities
from inspector.engine.case.records import Earlier
from inspector.ui.time_text import short_time
from inspector.ui.widgets.engine_text import face_label, shown
from inspector.ui.widgets.language import mark, plural, tr, tr_marked

_NARROW = "\u202f"  # a narrow no-break space

CANNOT_TELL = (
    mark("It scores faces only. Voices, backgrounds, text and cuts are not scored."),
    mark(
        "A low probability does not prove that a clip is unaltered: new or heavily compressed manipulations are missed."
    ),
    mark("A high probability is no proof either: blur, make-up, filters and compression raise it. See its error rate."),
    mark("A heat map shows where the network looked, not what was changed."),
)
CAN_TELL = (
    mark("How strongly each face in each frame resembles the manipulations the detector was trained on."),
    mark("Which parts of the clip, and of the face, to examine more closely."),
    mark("What could not be scored, and why."),
)


def percent(share: float) -> str:
    """A share (0..1) as "4 %", below 10 % with a decimal unless that is zero."""
    value = 100 * share
    digits = 1 if 0 < value < 9.95 and abs(value - round(value)) >= 0.05 else 0
    return f"{value:.{digits}f}{_NARROW}%"


def error_text(rates: ErrorRates | None, conclusion: Conclusion | None = None) -> str:
    """The error rate shown beside a probability: of the error that `conclusion` may be, or of both kinds."""
    if rates is None:
        return tr("error rate not measured")
    counted = plural("n = %n unmanipulated tracks", "n = %n unmanipulated track", rates.n_real)
    false_positives = _rate(
        tr("false positives"), rates.false_positive_rate, rates.false_positive_interval, _counted(counted, rates)
    )
    counted = plural("n = %n manipulated tracks", "n = %n manipulated track", rates.n_fake)
    missed = _rate(
        tr("manipulations missed or left undecided"),
        rates.false_negative_rate,
        rates.false_negative_interval,
        _counted(counted, rates),
    )
    if conclusion is Conclusion.INDICATED:
        return tr("the rule's {false_positives}", false_positives=false_positives)
    return (
        tr("the rule's {missed}", missed=missed)
        if conclusion is Conclusion.NOT_INDICATED
        else tr("the rule's {false_positives} and {missed}", false_positives=false_positives, missed=missed)
    )


def _rate(kind: str, rate: float, interval: tuple[float, float], counted: str) -> str:
    return tr(
        "{kind} {rate} ({counted}, 95 % interval {low} to {high})",
        kind=kind,
        rate=percent(rate),
        counted=counted,
        low=percent(interval[0]),
        high=percent(interval[1]),
    )


def _counted(counted: str, rates: ErrorRates) -> str:
    """ "n = 55 ..." with narrow spaces that no line breaks at, and how they count."""
    said = counted.replace(" = ", f"{_NARROW}={_NARROW}")
    return f"{said}, {tr('each group counts once')}" if rates.is_over_groups else said


def probability_text(probability: float | None, rates: ErrorRates | None, conclusion: Conclusion | None = None) -> str:
    """ "probability 0.93 · the rule's false positives 4 % (n = 55 unmanipulated tracks, 95 % interval 1 to 12 %)"."""
    if probability is None:
        return tr("no probability")
    return f"{tr('probability {value}', value=rounded(probability))} · {error_text(rates, conclusion)}"


def track_rates(model: ModelCard | None, analysis: Analysis | None = None) -> ErrorRates | None:
    """The error rates of the rule that an analysis applied; without one, of the rule for tracks of clips."""
    if model is None or analysis is not None:
        return None if analysis is None else applied_rates(analysis)
    return model.rates(is_still=False, is_deep=True)


def clip_text(analysis: Analysis, names: FaceNames = NO_NAMES) -> str:
    """The clip's probability, the error rate of its conclusion, the likelihood ratio; "" without a probability.

    Of several faces the ratio is that of the one that decides, whose probability need not be the clip's.
    """
    summary = analysis.summary
    if summary.fake_probability is None:
        return ""
    said = probability_text(summary.fake_probability, track_rates(analysis.model, analysis), summary.conclusion)
    ratio = clip_ratio_text(analysis)
    track = deciding_track(analysis)
    if not ratio or track is None:
        return said
    if sum(each.frames_scored > 0 for each in analysis.summaries) < 2:
        return f"{said} · {tr('likelihood ratio {ratio}', ratio=shown(ratio))}"
    face = face_label(track.track_id, names)
    return f"{said} · {tr('{face}: likelihood ratio {ratio}', face=face, ratio=shown(ratio))}"


def scale_text(analysis: Analysis, track: TrackSummary | None = None) -> str:
    """The raw scores of the reason of a track, or of the clip, on the scale of the timeline; "" where it has none."""
    found = scores_as_probabilities(analysis, track)
    if found is None:
        return ""
    mean, low, high = found
    limits = [
        *([tr("lower limit {value}", value=rounded(low))] if low is not None else []),
        *([tr("upper limit {value}", value=rounded(high))] if high is not None else []),
    ]
    values = ", ".join([rounded(mean), *limits])
    if analysis.clip.is_still:  # which has no timeline
        return tr("As a probability: {values}.", values=values)
    return tr("On the scale of the timeline: {values}.", values=values)


def level(conclusion: str) -> str:
    """The level of a card: "indicated" where manipulation is indicated, else "plain"."""
    return "indicated" if conclusion == Conclusion.INDICATED else "plain"


def counts_text(analysis: Analysis) -> str:
    """How many frames were decoded and analysed, how many face scores there are, and of how many by the deep look."""
    summary = analysis.summary
    decoded, analysed = summary.frames_decoded, summary.frames_analysed
    frames = (
        plural("%n frames analysed", "%n frame analysed", decoded)
        if decoded == analysed
        else plural(
            "%n frames decoded, {analysed} analysed",
            "%n frame decoded, {analysed} analysed",
            decoded,
            analysed=analysed,
        )
    )
    said = f"{frames}, {plural('%n face scores.', '%n face score.', summary.frames_scored)}"
    deep = sum(len(track.deep.pts) + len(track.deep.chosen_pts) for track in analysis.summaries if track.deep)
    if not deep:
        return said
    return f"{said} {plural('The deep look, which decides, saw %n.', 'The deep look, which decides, saw %n.', deep)}"


def finding_when(finding: Finding, clip: Clip) -> str:
    """The times of a finding's segments."""
    if not finding.segments:
        return ""
    ends = [(short_time(clip.seconds(s.start_pts)), short_time(clip.seconds(s.end_pts))) for s in finding.segments[:4]]
    spans = [start if start == end else f"{start}–{end}" for start, end in ends]
    more = tr(" and {count} more", count=len(finding.segments) - 4) if len(finding.segments) > 4 else ""
    return ", ".join(spans) + more


def track_tip(summary: TrackSummary, rates: ErrorRates | None) -> str:
    """The tooltip of a track: its conclusion, its probability, and what was not scored."""
    lines = [shown(summary.reason), probability_text(summary.fake_probability, rates, summary.conclusion)]
    if summary.deep is not None:
        lines += [
            tr("likelihood ratio {ratio}", ratio=shown(ratio_text(summary.deep))),
            shown(beyond_text(summary.deep)),
        ]
    lines.append(shown(why_not_scored(summary.abstentions)))
    if summary.blinks_per_minute is not None and summary.frames_scored:
        lines.append(
            tr(
                "{value:.1f} blinks per minute (an observation, not part of the score)",
                value=summary.blinks_per_minute,
            )
        )
    return "\n".join(filter(None, lines))


_MOST_SECTIONS = 20
_ASSUMED = {"primaries": mark("primaries"), "transfer": mark("transfer curve"), "matrix": mark("matrix"),
            "range": mark("range")}  # fmt: skip


def clip_facts(clip: Clip, frames: int) -> list[tuple[str, list[tuple[str, str]]]]:
    """The facts of a clip in groups of (name, value)."""
    file = [
        (tr("Path"), clip.path),
        (tr("Size"), tr("{size_bytes:,} bytes", size_bytes=clip.size_bytes).replace(",", " ")),
        (tr("SHA-256"), clip.sha256),
        (tr("Container"), clip.container),
    ]
    groups = [(tr("File"), file), (tr("Picture"), _picture_facts(clip))]
    if not clip.is_still:
        groups.append((tr("Time"), _time_facts(clip, frames)))
    if len(clip.streams) > 1:
        streams = [(tr("Stream {number}", number=info.number), _stream_text(info)) for info in clip.other_streams]
        groups.insert(1, (tr("Other pictures in the file"), streams))
    if clip.remarks:
        groups.append((tr("How the file was read"), [("", shown(remark)) for remark in clip.remarks]))
    if clip.metadata:
        groups.append((tr("Container tags"), list(clip.metadata)))
    return groups


def _stream_text(info: StreamInfo) -> str:
    """What a file states of another stream of pictures, as `StreamInfo.text`."""
    parts = [tr_marked(info.kind), info.codec]
    if info.width and info.height:
        parts.append(f"{info.width} × {info.height} px")
    if info.pictures is not None:
        parts.append(plural("%n pictures", "%n picture", info.pictures))
    if info.seconds is not None:
        parts.append(f"{info.seconds:.3f} s")
    return ", ".join([*parts, f"“{info.title}”"] if info.title else parts)


def _picture_facts(clip: Clip) -> list[tuple[str, str]]:
    colour = clip.colour
    found = [
        (tr("Size"), f"{clip.width} × {clip.height} px"),
        (tr("Stored as"), _stored(clip)),
        (tr("Pixel aspect"), _ratio(clip.sample_aspect)),
        (
            tr("Codec"),
            tr("{codec}, {pix_fmt}, {bit_depth} bit", codec=clip.codec, pix_fmt=clip.pix_fmt, bit_depth=clip.bit_depth),
        ),
        (tr("Scanning"), tr("interlaced") if clip.is_interlaced else tr("progressive")),
        (
            tr("Colour"),
            tr(
                "{primaries} / {transfer} / {matrix}, range {range}",
                primaries=colour.primaries,
                transfer=colour.transfer,
                matrix=colour.matrix,
                range=colour.range,
            ),
        ),
    ]
    if colour.assumed:
        found.append((tr("Assumed"), ", ".join(tr_marked(_ASSUMED[name]) for name in colour.assumed)))
    if colour.tone_mapped:
        found.append((tr("HDR"), tr("tone-mapped to standard range for display and scoring")))
    return found


def _time_facts(clip: Clip, frames: int) -> list[tuple[str, str]]:
    duration = tr("unknown") if clip.duration_pts is None else clock_time(float(clip.duration_pts * clip.time_base))
    rate = tr("unknown") if clip.average_rate is None else tr("{rate:.3f} frames/s", rate=float(clip.average_rate))
    return [
        (
            tr("Frames"),
            tr("{frames} in the stream, none declared", frames=frames)
            if clip.declared_frames is None
            else tr("{frames} in the stream, {declared} declared", frames=frames, declared=clip.declared_frames),
        ),
        (tr("Rate"), f"{rate}, {tr('variable') if clip.is_variable_rate else tr('constant')}"),
        (tr("Duration"), duration),
        (
            tr("Time base"),
            tr("{time_base} s, starts at pts {start_pts}", time_base=clip.time_base, start_pts=clip.start_pts),
        ),
        *(
            (
                tr("Section {number}", number=number),
                tr(
                    "from {time}: {reason}",
                    time=clock_time(clip.seconds(section.start_pts)),
                    reason=shown(section.reason),
                ),
            )
            for number, section in enumerate(clip.sections[1 : 1 + _MOST_SECTIONS], 2)
        ),
        (tr("Sound"), tr("yes (not scored)") if clip.has_audio else tr("not present")),
    ]


def _stored(clip: Clip) -> str:
    crop = tr(", cropped by the container") if any(clip.crop) else ""
    turned = tr("rotated {angle}°", angle=clip.rotation)
    if clip.is_mirrored:
        turned = tr("mirrored and rotated {angle}°", angle=clip.rotation)
    return f"{clip.coded_width} × {clip.coded_height} px{crop}, {turned}"


def imported_text(origin: str, say: Callable[..., str] = tr) -> str:
    """The sentence about an analysis that this installation did not make."""
    return say(
        "Imported, not verified here: this installation did not make this analysis. Analyse the clip "
        "again to verify it. It comes from: {origin}.",
        origin=origin,
    )


def use_earlier_text(earlier: Earlier) -> str:
    """The label of the button that takes over an analysis from another case file."""
    when = _moment(earlier.started_at)
    if earlier.annotations:
        return tr("Use the analysis of {when}, with its notes", when=when)
    return tr("Use the analysis of {when}", when=when)


def earlier_text(earlier: Earlier, *, is_current: bool) -> str:
    """What is known of an analysis in another case file."""
    where = (
        tr("in the case “{case_name}”", case_name=earlier.case_name)
        if earlier.case_name
        else tr("in {folder}", folder=earlier.case_path.parent)
    )
    said = tr(
        "This file was analysed here before ({when}), {where}: {conclusion}.",
        when=_moment(earlier.started_at),
        where=where,
        conclusion=tr_marked(earlier.conclusion),
    )
    count = earlier.annotations
    if count:
        said += " " + plural(
            "%n entries of yours (notes, marks, decisions) come with it.",
            "%n entry of yours (notes, marks, decisions) comes with it.",
            count,
        )
    return (
        said
        if is_current
        else f"{said} {tr('It was made with other settings or another model than the present ones.')}"
    )


def _moment(iso: str) -> str:
    """A stored time in the computer's zone: "08:42" today, else "26 Nov 2026, 08:42"."""
    when = datetime.fromisoformat(iso).astimezone()
    return f"{when:%H:%M}" if when.date() == datetime.now(when.tzinfo).date() else f"{when.day} {when:%b %Y, %H:%M}"


def stream_name(stream: StreamInfo) -> str:
    """A stream as an entry of a list to choose from."""
    return f"{stream.number}{tr(' (main)') if stream.is_main else ''}: {_stream_text(stream)}"


def format_facts(clip: Clip, uses: tuple[FormatUse, ...]) -> list[tuple[str, str]]:
    """Where the stored pictures change within the stream, as (first time, changes)."""
    if len(uses) < 2:
        return []
    return [
        (
            tr("From {time}", time=clock_time(clip.seconds(use.first_pts))),
            "; ".join(map(shown, uses[0].format.differences(use.format))),
        )
        for use in uses[1:]
    ]


def _ratio(value: Fraction) -> str:
    return tr("square") if value == 1 else f"{value.numerator}:{value.denominator}"
