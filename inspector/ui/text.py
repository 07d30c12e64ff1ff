"""Texts of the window: probabilities with their error rates, and the facts of clips and models.

The tool reports and the examiner concludes: no text calls a clip authentic.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from inspector.domain.analysis import Analysis, Conclusion, Finding, Summary, TrackSummary
from inspector.domain.answer import applied_rates, why_not_scored
from inspector.domain.clip import Clip, FormatUse, StreamInfo
from inspector.domain.likelihood import clip_ratio_text, ratio_text
from inspector.domain.model_card import LEVELS, DeepCard, ErrorRates, ModelCard
from inspector.domain.timecode import clock_time
from inspector.engine.case.records import Earlier
from inspector.ui.time_text import short_time

_NARROW = "\u202f"  # a narrow no-break space

CANNOT_TELL = (
    "It scores faces only. Voices, backgrounds, text and cuts are not scored.",
    "A low probability does not prove that a clip is unaltered: new or heavily compressed manipulations are missed.",
    "A high probability is no proof either: blur, make-up, filters and compression raise it. See its error rate.",
    "A heat map shows where the network looked, not what was changed.",
)
CAN_TELL = (
    "How strongly each face in each frame resembles the manipulations the detector was trained on.",
    "Which parts of the clip, and of the face, to examine more closely.",
    "What could not be scored, and why.",
)


def percent(share: float) -> str:
    """A share (0..1) as "4 %", below 10 % with a decimal unless that is zero."""
    value = 100 * share
    digits = 1 if 0 < value < 9.95 and abs(value - round(value)) >= 0.05 else 0
    return f"{value:.{digits}f}{_NARROW}%"


def error_text(rates: ErrorRates | None, conclusion: Conclusion | None = None) -> str:
    """The error rate shown beside a probability: of the error that `conclusion` may be, or of both kinds."""
    if rates is None:
        return "error rate not measured"
    false_positives = _rate(
        "false positives", rates.false_positive_rate, rates.false_positive_interval, rates.n_real, "un"
    )
    missed = _rate(
        "manipulations missed or left undecided", rates.false_negative_rate, rates.false_negative_interval, rates.n_fake
    )
    if conclusion is Conclusion.INDICATED:
        return f"the rule's {false_positives}"
    return (
        f"the rule's {missed}"
        if conclusion is Conclusion.NOT_INDICATED
        else f"the rule's {false_positives} and {missed}"
    )


def _rate(kind: str, rate: float, interval: tuple[float, float], n: int, un: str = "") -> str:
    counted = f"n{_NARROW}={_NARROW}{n} {un}manipulated tracks"
    return f"{kind} {percent(rate)} ({counted}, 95 % interval {percent(interval[0])} to {percent(interval[1])})"


def probability_text(probability: float | None, rates: ErrorRates | None, conclusion: Conclusion | None = None) -> str:
    """ "probability 0.93 · the rule's false positives 4 % (n = 55 unmanipulated tracks, 95 % interval 1 to 12 %)"."""
    if probability is None:
        return "no probability"
    return f"probability {probability:.2f} · {error_text(rates, conclusion)}"


def track_rates(model: ModelCard | None, analysis: Analysis | None = None) -> ErrorRates | None:
    """The error rates of the rule that an analysis applied; without one, of the rule for tracks of clips."""
    if model is None or analysis is not None:
        return None if analysis is None else applied_rates(analysis)
    return model.rates(is_still=False, is_deep=True)


def clip_text(analysis: Analysis) -> str:
    """The clip's probability, the error rate of its conclusion, the likelihood ratio; "" without a probability."""
    summary = analysis.summary
    if summary.fake_probability is None:
        return ""
    said = probability_text(summary.fake_probability, track_rates(analysis.model, analysis), summary.conclusion)
    ratio = clip_ratio_text(analysis)
    return f"{said} · likelihood ratio {ratio}" if ratio else said


def level(conclusion: str) -> str:
    """The level of a card: "indicated" where manipulation is indicated, else "plain"."""
    return "indicated" if conclusion == Conclusion.INDICATED else "plain"


def counts_text(summary: Summary) -> str:
    """How many frames were decoded and analysed, and how many face scores there are."""
    decoded, analysed = summary.frames_decoded, summary.frames_analysed
    frames = f"{decoded} frames analysed" if decoded == analysed else f"{decoded} frames decoded, {analysed} analysed"
    return f"{frames}, {summary.frames_scored} face scores."


def finding_when(finding: Finding, clip: Clip) -> str:
    """The times of a finding's segments."""
    if not finding.segments:
        return ""
    ends = [(short_time(clip.seconds(s.start_pts)), short_time(clip.seconds(s.end_pts))) for s in finding.segments[:4]]
    spans = [start if start == end else f"{start}–{end}" for start, end in ends]
    more = f" and {len(finding.segments) - 4} more" if len(finding.segments) > 4 else ""
    return ", ".join(spans) + more


def track_tip(summary: TrackSummary, rates: ErrorRates | None) -> str:
    """The tooltip of a track: its conclusion, its probability, and what was not scored."""
    lines = [summary.reason, probability_text(summary.fake_probability, rates, summary.conclusion)]
    if summary.deep is not None:
        lines.append(f"likelihood ratio {ratio_text(summary.deep)}")
    lines.append(why_not_scored(summary.abstentions))
    if summary.blinks_per_minute is not None and summary.frames_scored:
        lines.append(f"{summary.blinks_per_minute:.1f} blinks per minute (an observation, not part of the score)")
    return "\n".join(filter(None, lines))


_MOST_SECTIONS = 20


def clip_facts(clip: Clip, frames: int) -> list[tuple[str, list[tuple[str, str]]]]:
    """The facts of a clip in groups of (name, value)."""
    colour = clip.colour
    duration = "unknown" if clip.duration_pts is None else clock_time(float(clip.duration_pts * clip.time_base))
    rate = "unknown" if clip.average_rate is None else f"{float(clip.average_rate):.3f} frames/s"
    picture = [
        ("Size", f"{clip.width} × {clip.height} px"),
        ("Stored as", _stored(clip)),
        ("Pixel aspect", _ratio(clip.sample_aspect)),
        ("Codec", f"{clip.codec}, {clip.pix_fmt}, {clip.bit_depth} bit"),
        ("Scanning", "interlaced" if clip.is_interlaced else "progressive"),
        ("Colour", f"{colour.primaries} / {colour.transfer} / {colour.matrix}, range {colour.range}"),
    ]
    if colour.assumed:
        picture.append(("Assumed", ", ".join(colour.assumed)))
    if colour.tone_mapped:
        picture.append(("HDR", "tone-mapped to standard range for display and scoring"))
    timing = [
        (
            "Frames",
            f"{frames} in the stream, {'none' if clip.declared_frames is None else clip.declared_frames} declared",
        ),
        ("Rate", f"{rate}, {'variable' if clip.is_variable_rate else 'constant'}"),
        ("Duration", duration),
        ("Time base", f"{clip.time_base} s, starts at pts {clip.start_pts}"),
        *(
            (f"Section {number}", f"from {clock_time(clip.seconds(section.start_pts))}: {section.reason}")
            for number, section in enumerate(clip.sections[1 : 1 + _MOST_SECTIONS], 2)
        ),
        ("Sound", "yes (not scored)" if clip.has_audio else "none"),
    ]
    file = [
        ("Path", clip.path),
        ("Size", f"{clip.size_bytes:,} bytes".replace(",", " ")),
        ("SHA-256", clip.sha256),
        ("Container", clip.container),
    ]
    groups = [("File", file), ("Picture", picture), ("Time", timing)]
    if len(clip.streams) > 1:
        streams = [(f"Stream {info.number}", info.text) for info in clip.other_streams]
        groups.insert(1, ("Other pictures in the file", streams))
    if clip.remarks:
        groups.append(("How the file was read", [("", remark) for remark in clip.remarks]))
    if clip.metadata:
        groups.append(("Container tags", list(clip.metadata)))
    return groups


def _stored(clip: Clip) -> str:
    crop = ", cropped by the container" if any(clip.crop) else ""
    turned = f"{'mirrored and ' if clip.is_mirrored else ''}rotated {clip.rotation}°"
    return f"{clip.coded_width} × {clip.coded_height} px{crop}, {turned}"


def imported_text(origin: str) -> str:
    """The sentence about an analysis that this installation did not make."""
    return (
        "Imported, not verified here: this installation did not make this analysis. Analyse the clip again to verify "
        f"it. It comes from: {origin}."
    )


def use_earlier_text(earlier: Earlier) -> str:
    """The label of the button that takes over an analysis from another case file."""
    when = _moment(earlier.started_at)
    return f"Use the analysis of {when}{', with its notes' if earlier.annotations else ''}"


def earlier_text(earlier: Earlier, *, is_current: bool) -> str:
    """What is known of an analysis in another case file."""
    where = f"in the case “{earlier.case_name}”" if earlier.case_name else f"in {earlier.case_path.parent}"
    said = f"This file was analysed here before ({_moment(earlier.started_at)}), {where}: {earlier.conclusion}."
    count = earlier.annotations
    if count:
        said += f" {count} {'entry' if count == 1 else 'entries'} of yours (notes, marks, decisions) come with it."
    return said if is_current else f"{said} It was made with other settings or another model than the present ones."


def _moment(iso: str) -> str:
    """A stored time in the computer's zone: "08:42" today, else "26 Nov 2026, 08:42"."""
    when = datetime.fromisoformat(iso).astimezone()
    return f"{when:%H:%M}" if when.date() == datetime.now(when.tzinfo).date() else f"{when.day} {when:%b %Y, %H:%M}"


def stream_name(stream: StreamInfo) -> str:
    """A stream as an entry of a list to choose from."""
    return f"{stream.number}{' (main)' if stream.is_main else ''}: {stream.text}"


def format_facts(clip: Clip, uses: tuple[FormatUse, ...]) -> list[tuple[str, str]]:
    """Where the stored pictures change within the stream, as (first time, changes)."""
    if len(uses) < 2:
        return []
    return [
        (f"From {clock_time(clip.seconds(use.first_pts))}", "; ".join(uses[0].format.differences(use.format)))
        for use in uses[1:]
    ]


def _ratio(value: Fraction) -> str:
    return "square" if value == 1 else f"{value.numerator}:{value.denominator}"


def model_facts(card: ModelCard) -> list[tuple[str, list[tuple[str, str]]]]:
    """A bundle's card in groups of (name, value)."""
    limits = card.threshold
    alone = "" if card.deep is None else ", deep look off"
    groups = [
        (
            "Model",
            [
                ("Name", f"{card.name} {card.version}"),
                ("Network", f"{card.network}, {card.input_size} px crops"),
                ("SHA-256", card.sha256),
                ("Licence", card.licence),
            ],
        ),
        (
            f"Thresholds{alone}",
            [
                ("Indicated", f"track probability of {limits.high:.2f} or more"),
                ("Inconclusive", f"between {limits.low:.2f} and {limits.high:.2f}"),
                ("Suspicious segment", f"smoothed frame probability of {limits.segment:.2f} or more"),
                ("Calibrated on", card.calibration.measured_on),
            ],
        ),
    ]
    if card.deep is not None:
        groups.append(("Deep look", _deep_rows(card, card.deep)))
    for rates in card.error_rates:
        groups.append((f"Measured errors per {LEVELS.get(rates.level, rates.level)}", _rate_rows(rates)))
    sources = [
        (source.name, f"{source.n_real} unmanipulated, {source.n_fake} manipulated; {source.licence}")
        for source in card.trained_on
    ]
    groups.append(("Trained on", sources))
    return groups


def _deep_rows(card: ModelCard, deep: DeepCard) -> list[tuple[str, str]]:
    """The deep network and its limits."""
    rows = [("Network", card.deep_network), ("SHA-256", deep.sha256)]
    for kind, limits in (("clips", deep.clips), ("stills", deep.stills)):
        if limits.high is None and limits.low is None:
            rows.append((f"Limits, {kind}", "none could be set: always inconclusive"))
            continue
        low, high = ("never" if end is None else f"{end:.2f}" for end in (limits.low, limits.high))
        rows.append((f"Limits, {kind}", f"mean score: indicated from {high}, not indicated up to {low}"))
    return [*rows, ("Limits set on", deep.clips.measured_on)]


def _rate_rows(rates: ErrorRates) -> list[tuple[str, str]]:
    fp, fn = rates.false_positive_interval, rates.false_negative_interval
    return [
        (
            "False positives",
            f"{percent(rates.false_positive_rate)} ({percent(fp[0])} to {percent(fp[1])}), n = {rates.n_real}",
        ),
        (
            "False negatives",
            f"{percent(rates.false_negative_rate)} ({percent(fn[0])} to {percent(fn[1])}), n = {rates.n_fake}",
        ),
        ("Inconclusive", percent(rates.inconclusive_rate)),
        ("Measured on", rates.measured_on),
    ]
