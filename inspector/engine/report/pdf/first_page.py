"""Page one, for readers who read no other page: what was examined, what is indicated, how certain, what stays open."""

from __future__ import annotations

from pathlib import PurePath

from reportlab.lib.units import mm

from inspector.domain.analysis import Analysis, Conclusion, Finding, Significance, TrackSummary
from inspector.domain.answer import (
    FaceNames,
    answer,
    applied_rates,
    clip_reason,
    deciding_track,
    decisions_text,
    finding_title,
    full_face_name,
    highest_track,
    is_reason_of_clip,
    judged_tracks,
    unexamined,
    unfitting,
)
from inspector.domain.case import disagreements, finding_key
from inspector.domain.known_models import UNKNOWN_MODEL, is_known
from inspector.domain.likelihood import NO_WORD, clip_beyond_text, clip_ratio_text
from inspector.domain.model_card import ErrorRates
from inspector.engine.analysis.deep_rule import scores_as_probabilities
from inspector.engine.report import fonts, text
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf import overview_frames, style
from inspector.engine.report.pdf.faces import faces
from inspector.engine.report.pdf.key_frames import fitted_picture, small_frame
from inspector.engine.report.series import SCORED, Overview

_PICTURE, _PICTURE_HIGH = 50 * mm, 38 * mm

_NO_MODEL = "This report states facts about the file and where faces were found; it contains no indication of any kind."


_OVER_GROUPS = "; each group counts once, so no rate is a share of n"
_UNTESTED = " The test of mild changes is not counted: with it the rule calls fewer faces, manipulated ones too."
_DEEP = (
    "A large network decided (the deep look){seen}. The rates above are not those of this network but of its siblings, "
    "which learnt from fewer crops or sources: on unseen sources its own are not known."
)
_RAW = "These are raw scores of the network, which have no unit; on the scale of probabilities: {mean}{limits}."
_RATIO = (
    "Likelihood ratio{of}: <b>{ratio}</b> (scale of ENFSI 2015{below}, at the end of the interval nearer to 1). It is "
    "how many times as often such a score comes from manipulated as from unmanipulated faces, on sources not learnt."
)
_NO_CHANCE = (
    "The probability is not the chance that this {kind} is manipulated: that also depends on where the {kind} comes "
    "from and on how common manipulation is there, which the tool does not know."
)
_MOST_FINDINGS = 3
_WEIGHTY = (Significance.NOTABLE, Significance.LIKELY_NOTABLE)


def _looked_at(analysis: Analysis, scored: int) -> str:
    """How many frames and faces there were; `scored` frames have at least one scored face."""
    summary, found = analysis.summary, len(analysis.summaries)
    if analysis.clip.is_still:
        of_them = sum(track.frames_scored > 0 for track in analysis.summaries)
        return f"The tool found {text.count(found, 'face')} in it and scored {text.whole(of_them)}."
    decoded = text.count(summary.frames_decoded, "frame")
    frames = f"The tool decoded {decoded}, analysed {text.whole(summary.frames_analysed)}"
    if not found:
        return f"{frames} and found no face in any of them."
    tracks = text.count(found, "face track")
    scores = f"at least one face in {text.whole(scored)}" if scored else "none of the faces"
    return f"{frames}, followed {tracks} and scored {scores}."


def _examined(material: ReportMaterial, overview: Overview) -> list[str]:
    analysis, clip = material.analysis, material.analysis.clip
    name = text.markup(PurePath(clip.path).name, 80)
    kind = "The picture" if clip.is_still else "The clip"
    last = "last frame" if analysis.is_complete and analysis.settings.every == 1 else "last analysed frame"
    length = "" if clip.is_still else f"{last} at {text.clock(overview.last_seconds)}, "
    others = len(clip.alternatives)
    also = f" The file holds {text.count(others, 'other stream')} of pictures, not examined here." if others else ""
    silent = " The tool scored the pictures only, not the sound." if clip.has_audio and not clip.is_still else ""
    if material.sound is not None:
        shorter = (fact.sentence for fact in material.sound.facts if fact.rule == "shorter-than-pictures")
        silent += "".join(f" {text.markup(said)}" for said in shorter)
    sentences = [
        f"{kind} “{name}” ({length}{clip.width} × {clip.height} pixels).{also}{silent} "
        f"{_looked_at(analysis, overview.outcomes.get(SCORED, 0))}"
    ]
    if material.file_facts is not None and (foremost := material.file_facts.credentials.foremost):
        sentences.append(f"<b>{text.markup(foremost)}</b>")
    if len(analysis.formats) > 1:
        sentences.append("The stored pictures change within the stream (see Container and stream).")
    on_file = [finding for finding in analysis.findings if finding.track_id is None]
    told = " ".join(f"{finding.conclusion} {finding.justification}" for finding in on_file)
    account = analysis.account
    if account is not None and account.is_remarkable and account.text()[1:] not in told:
        sentences.append(f"Pictures in the file: {text.markup(account.text())}.")
    if len(clip.sections) > 1 and "not continuous" not in told:
        seams = text.count(len(clip.sections) - 1, "place")
        sentences.append(f"The time stamps in the file are not continuous at {seams} (see Gaps).")
    if material.imported:
        sentences.append(
            "<b>Imported, not verified here.</b> This installation did not make this analysis; whoever made the case "
            "file could have written any number into it. Analyse the clip again to verify it. It comes from: "
            f"{text.markup(material.imported, 200)}."
        )
    sentences += [f"<b>{text.markup(sentence)}</b>" for sentence in unexamined(analysis)]
    if analysis.is_evidence_changed:
        sentences.append(
            "<b>The file changed while it was analysed, or could not be read again at the end.</b> This result is "
            "about the file with the SHA-256 above, of which a private copy was analysed. Repeat it with a "
            "write-protected file."
        )
    if material.log_problems:
        first = text.markup(material.log_problems[0], 160)
        more = f" and {len(material.log_problems) - 1} more" if len(material.log_problems) > 1 else ""
        sentences.append(
            f"<b>Something else than this program changed the case file:</b> {first}{more} (see Log of the case)."
        )
    if material.left_out:
        sentences.append(f"<b>The examiner left out</b> {text.markup('; '.join(material.left_out))}.")
    if analysis.gaps and "could not be decoded" not in told:
        sentences.append(f"{text.count(len(analysis.gaps), 'part')} of the clip could not be decoded (see Gaps).")
    return sentences + _first_findings(on_file, analysis, material.names)


def _finding(finding: Finding, analysis: Analysis, names: FaceNames) -> str:
    title = finding_title(finding, analysis, names)
    return f"{text.markup(title, text.SHORT)}. {text.markup(finding.justification, 300)}"


def _first_findings(findings: list[Finding], analysis: Analysis, names: FaceNames) -> list[str]:
    shown = [_finding(finding, analysis, names) for finding in findings[:_MOST_FINDINGS]]
    more = len(findings) - len(shown)
    return [*shown, f"{more} more important findings are listed under Findings."] if more else shown


def _result(material: ReportMaterial) -> list[str]:
    """The answer in the words of the window, the reason, further important findings, and the examiner's decisions."""
    analysis = material.analysis
    found = answer(analysis)
    sentences = [f"<b>{text.markup(found.headline)}. {text.markup(found.consequence)}</b>"]
    sentences += [text.markup(sentence) for sentence in found.sentences[1:]]
    if analysis.model is None:
        return [*sentences, _NO_MODEL]
    if reason := clip_reason(analysis, material.names):
        sentences.append(" ".join(filter(None, (text.markup(reason), _as_probability(analysis)))))
    further = [
        finding
        for finding in analysis.findings
        if finding.track_id is not None
        and finding.significance in _WEIGHTY
        and not is_reason_of_clip(finding, analysis)
    ]
    sentences += _first_findings(further, analysis, material.names)
    if decided := decisions_text(analysis, material.reviews, material.names, material.case_info.examiner):
        sentences.append(f"Decisions on the findings: {text.markup(decided, 300)}")
    if material.names:
        sentences.append("Faces have the examiner's names; the tool identifies nobody.")
    present = {finding_key(analysis, finding) for finding in analysis.findings}
    if apart := disagreements(tuple(review for review in material.reviews if review.finding in present)):
        sentences.append(f"<b>The examiners disagree</b> on {text.count(len(apart), 'finding')} (see Findings).")
    return sentences


def _as_probability(analysis: Analysis) -> str:
    """The raw scores of the reason on the scale of the plot below; "" where the reason has none."""
    found = scores_as_probabilities(analysis)
    if found is None:
        return ""
    mean, *limits = found
    named = zip(("lower", "upper"), limits, strict=True)
    said = "".join(f", {what} limit {text.probability(value)}" for what, value in named if value is not None)
    return _RAW.format(mean=text.probability(mean), limits=said)


def _of_several(track: TrackSummary | None, material: ReportMaterial) -> str:
    """Whose a figure is, where several faces have one."""
    if track is None or _scored(material.analysis) < 2:
        return ""
    return f" of {text.markup(full_face_name(track.track_id, material.names))}"


def _scored(analysis: Analysis) -> int:
    return sum(track.frames_scored > 0 for track in analysis.summaries)


def _highest(material: ReportMaterial) -> str:
    """Of what the probability of the clip is: of which face, and the segment only where one can decide."""
    analysis = material.analysis
    of = _of_several(highest_track(analysis), material)
    short = _scored(analysis) - len(judged_tracks(analysis.summaries))
    left_out = f", {text.count(short, 'short track')} left out" if short else ""
    among = f" It is that{of}, the highest{left_out}." if of else ""
    can_segment = analysis.segments and not any(track.deep for track in analysis.summaries)
    return among + (" It is that of the whole track or of the segment named above." if can_segment else "")


def _how_sure(material: ReportMaterial) -> list[str]:
    analysis = material.analysis
    summary, rates = analysis.summary, applied_rates(analysis)
    if analysis.model is None:
        return ["No probability was computed."]
    if summary.conclusion is Conclusion.NO_FACE:
        return ["No probability was computed, because no face could be scored; error rates do not apply."]
    sentences = [] if is_known(analysis.model) else [style.warning(UNKNOWN_MODEL)]
    if summary.fake_probability is not None:
        wrong = text.rate(summary.false_positive_rate, summary.n_real)
        sentences.append(
            f"Probability of manipulation: <b>{text.probability(summary.fake_probability)}</b> on a scale of 0 to 1."
            f"{_highest(material)} False-positive rate: the rule wrongly indicated manipulation of <b>{wrong}</b> of "
            f"unmanipulated faces ({text.interval(summary.false_positive_interval)}, "
            f"n = {text.whole(summary.n_real or 0)})."
        )
    if rates is None:
        sentences.append("The model's card states no error rates, so this number must not be relied on.")
        return sentences
    unfit = unfitting(analysis.settings, is_still=analysis.clip.is_still)
    sentences += [f"<b>{text.markup(sentence)}</b>" for sentence in unfit]
    caught = _caught(rates, analysis)
    sentences.append(
        f"The same rule missed or left undecided {text.rate(rates.false_negative_rate, rates.n_fake)} of manipulated "
        f"faces ({text.interval(rates.false_negative_interval)}, n = {text.whole(rates.n_fake)}){caught}. "
        f"Measured on: {text.markup(rates.measured_on, 300)}{_OVER_GROUPS if rates.is_over_groups else ''}."
        f"{_UNTESTED if rates.is_without_changes else ''} On other material the rates can be higher."
    )
    if ratio := clip_ratio_text(analysis):
        below = ", which has no word below 2" if NO_WORD in ratio else ""
        said = _RATIO.format(ratio=ratio, of=_of_several(deciding_track(analysis), material), below=below)
        sentences.append(" ".join(filter(None, (said, clip_beyond_text(analysis)))))
    if any(track.deep for track in analysis.summaries):
        screened = ", from some frames of each track; a small one screened every frame"
        seen = "" if analysis.clip.is_still else screened
        sentences.append(_DEEP.format(seen=seen))
    if len(analysis.summaries) > 2:
        count = text.whole(len(analysis.summaries))
        here = f"This picture has {count} faces" if analysis.clip.is_still else f"This clip has {count} face tracks"
        sentences.append(f"These rates were measured on material with one or two faces. {here}.")
    return sentences


def _caught(rates: ErrorRates, analysis: Analysis) -> str:
    """What became of the other manipulated faces; the missed and the undecided are one number in the card."""
    rest = " and caught the rest" if rates.false_negative_rate < 1 else ""
    deep = None if analysis.model is None else analysis.model.deep
    is_deep = deep is not None and any(track.deep for track in analysis.summaries)
    if deep is not None and is_deep and deep.limits(analysis.clip.is_still).low is None:
        kind = "stills" if analysis.clip.is_still else "clips"
        return f"{rest}; for {kind} no lower limit could be set, so it called none “{Conclusion.NOT_INDICATED}”"
    called = f"how many of the missed or undecided ones it called “{Conclusion.NOT_INDICATED}”"
    return f"{rest}; {called}, the model's card does not state"


def _cannot_tell(analysis: Analysis) -> list[str]:
    has_probability = analysis.summary.fake_probability is not None
    kind = "picture" if analysis.clip.is_still else "clip"
    sentences = [_NO_CHANCE.format(kind=kind)] if analysis.model is not None and has_probability else []
    sentences.append(
        "It judges faces in pictures only. It does not judge sound or captions, whether the scene is staged, old, cut "
        f"or shown out of context, who a person is, or who made the {kind}."
    )
    model = analysis.model
    if model is not None and model.never_seen:
        more = len(model.never_seen) - 4
        names = "; ".join(text.markup(each, 200) for each in model.never_seen[:4])
        sentences.append(
            f"The model was not trained on: {names}{f'; and {more} more (see Model)' if more > 0 else ''}."
        )
    if model is not None:
        sentences += [text.markup(limit, 200) for limit in model.limits[:1]]
    return sentences


def _block(title: str, sentences: list[str]) -> style.Flowables:
    return [style.paragraph(f"<b>{title}</b>", style.FIRST_HEAD), *style.items(sentences, style.FIRST_ITEM)]


def _identity(material: ReportMaterial) -> style.Flowables:
    """What this report is about, beside the first key frame, so that the clip is recognised."""
    analysis, case = material.analysis, material.case_info
    rows = [
        ("Evidence", f"{text.markup(PurePath(analysis.clip.path).name, 80)}, {text.size(analysis.clip.size_bytes)}"),
        ("SHA-256", f'<font name="{fonts.MONO}">{text.markup(analysis.clip.sha256)}</font>'),
        ("Case", f"{text.stated(case.name, 60)}; exhibit: {text.stated(case.exhibit, 60)}"),
        ("Examiner", f"{text.stated(case.examiner, 60)}; organisation: {text.stated(case.organisation, 60)}"),
        ("Source", f"{text.recorded(case.source, 60)}; obtained: {text.recorded(case.obtained_at, 30)}"),
        ("Analysed", f"{text.moment(analysis.started_at)} to {text.moment(analysis.finished_at)}"),
    ]
    if material.key_frames:
        key_frame = material.key_frames[0]
        picture, what = small_frame(key_frame, _PICTURE, _PICTURE_HIGH), "Key frame"
        seconds = key_frame.seconds
    elif material.overview_frames:
        frame = overview_frames.most_telling(material.overview_frames)
        picture, what = fitted_picture(frame.image, _PICTURE, _PICTURE_HIGH), "Frame"
        seconds = analysis.clip.seconds(frame.pts)
    else:
        return [style.facts(rows, style.FIRST, 28 * mm)]
    shown_at = "The picture" if analysis.clip.is_still else f"{what}{text.at(analysis.clip, seconds, 2)}"
    shown = [picture, style.paragraph(shown_at, style.FIRST)]
    return [style.beside(style.facts(rows, style.FIRST, 28 * mm, style.WIDTH - _PICTURE - 4 * mm), shown, _PICTURE)]


def first_page(material: ReportMaterial, overview: Overview) -> style.Flowables:
    """Page one in one type size, so that the answer does not outweigh its limits."""
    analysis = material.analysis
    return [
        style.paragraph("Evidence report", style.TITLE),
        *_identity(material),
        *_block("What was examined", _examined(material, overview)),
        *_block("The result", _result(material)),
        *_block("How sure it is", _how_sure(material)),
        *_block("What it cannot tell", _cannot_tell(analysis)),
        style.paragraph("The tool reports; the examiner concludes.", style.FIRST_END),
        *faces(material, overview),
        *overview_frames.strip(analysis.clip, material.overview_frames),
    ]
