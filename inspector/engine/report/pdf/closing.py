"""The report's last sections: the examiner's notes, the log, how to repeat the analysis, and the glossary."""

from __future__ import annotations

import shlex
from dataclasses import fields

from inspector.domain.analysis import Analysis
from inspector.domain.answer import decision_text
from inspector.domain.case import Bookmark, Note, Review, finding_key, finding_text
from inspector.domain.clip import Clip
from inspector.domain.model_card import ModelCard
from inspector.domain.settings import Settings
from inspector.engine.report import text
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf import style
from inspector.engine.report.pdf.facts import setting_value

_MOST_NOTES, _MOST_LOG, _NOTE_LENGTH = 500, 300, 20_000
_MOST_PROBLEMS = 30
_OPTIONS = {
    "model": "--model",
    "device": "--device",
    "deep": "--deep",
    "deep_per_second": "--deep-per-second",
    "stream": "--stream",
    "every": "--every",
    "start_seconds": "--start",
    "end_seconds": "--end",
}


def notes(material: ReportMaterial) -> style.Flowables:
    """The examiner's notes, bookmarks and decisions, separate from the tool's output."""
    clip = material.analysis.clip
    story: style.Flowables = [
        style.paragraph("This section holds the examiner's own text. The tool neither wrote nor checked it.")
    ]
    if not material.notes and not material.bookmarks:
        story.append(style.paragraph("No notes or bookmarks were made; decisions stand beside the findings."))
    story += _reviews(material)
    for note in material.notes[:_MOST_NOTES]:
        where = _where(note, clip)
        story += style.subheading(f"{text.stated(note.author)}, {text.moment(note.written_at)}, {where}")
        story.append(style.paragraph(text.lines(note.text, _NOTE_LENGTH)))
    if len(material.notes) > _MOST_NOTES:
        story.append(style.paragraph(f"{len(material.notes) - _MOST_NOTES} more notes are in report.json."))
    if material.bookmarks:
        rows = [
            [text.markup(mark.label), *_position(mark, clip), text.moment(mark.written_at)]
            for mark in material.bookmarks[:_MOST_NOTES]
        ]
        head = ["Bookmark", *([] if clip.is_still else ["Time", "pts"]), "Set at"]
        widths = (5, 3) if clip.is_still else (5, 3, 2, 3)
        story += [*style.subheading("Bookmarks"), style.grid(head, rows, widths, "l" * len(head))]
    return story


def _where(note: Note, clip: Clip) -> str:
    """What a note is about."""
    if clip.is_still:
        return "on the picture"
    if note.pts is None:
        return "on the whole clip"
    start = f"at {text.clock(clip.seconds(note.pts))} (pts {note.pts})"
    if note.end_pts is None:
        return start
    return f"{start} up to {text.clock(clip.seconds(note.end_pts))} (pts {note.end_pts})"


def _position(mark: Bookmark, clip: Clip) -> list[str]:
    return [] if clip.is_still else [text.clock(clip.seconds(mark.pts)), str(mark.pts)]


def _reviews(material: ReportMaterial) -> style.Flowables:
    """Decisions on findings that another analysis in the case file made; the others stand beside their finding."""
    present = {finding_key(material.analysis, finding) for finding in material.analysis.findings}
    rows = [
        [
            text.markup(finding_text(review.finding)) + _unnamed(review),
            text.lines(decision_text(review), text.LONG),
            f"{text.stated(review.author)}, {text.moment(review.written_at)}",
        ]
        for review in material.reviews[:_MOST_NOTES]
        if review.finding not in present
    ]
    if not rows:
        return []
    head = ["Finding", "Decision", "By"]
    title = "Decisions on findings of another analysis"
    return [*style.subheading(title), style.grid(head, rows, (4, 5, 3), "lll")]


_CHAIN = (
    "Each entry has a hash over itself, the entry before, and what it is about (scores, notes, decisions, cover), so "
    "that a change by another tool shows. It does not show a change by somebody who holds the file and computes all "
    "hashes again; a signed or time-stamped report does, because it states the newest hash."
)


def _unnamed(review: Review) -> str:
    """What to say of a decision of which an older version did not record the analysis."""
    return "" if review.finding.startswith("analysis of ") else " (of which analysis, an older version did not record)"


def log(material: ReportMaterial) -> style.Flowables:
    """The case's audit log; the newest entries when there are very many."""
    if not material.audit:
        return [style.paragraph("The log is empty.")]
    story: style.Flowables = [style.paragraph(_CHAIN)]
    if material.log_problems:
        story.append(style.paragraph("<b>It does not hold:</b>"))
        story += style.items([text.markup(problem) for problem in material.log_problems[:_MOST_PROBLEMS]])
    else:
        last = style.mono(text.markup(material.audit[-1].chain))
        story.append(
            style.paragraph(f"The hashes agreed when this report was written. The hash of the newest entry: {last}")
        )
    shown = material.audit[-_MOST_LOG:]
    rows = [[text.moment(e.at), text.markup(e.action), text.markup(e.detail)] for e in shown]
    story.append(style.grid(["At", "What", "Detail"], rows, (3, 3, 7), "lll"))
    if len(material.audit) > len(shown):
        story.append(style.paragraph(f"{len(material.audit) - len(shown)} earlier entries are in report.json."))
    return story


def command(analysis: Analysis) -> tuple[list[str], list[str]]:
    """The command line that repeats this analysis, and the changed settings for which there is no option."""
    arguments, unsupported = ["inspector", "scan", analysis.clip.path, "--out", "OUT"], []
    for item in fields(Settings):
        value = getattr(analysis.settings, item.name)
        if item.name == "whole_frame":
            arguments += ["--no-faces", "whole-frame"] if value else []
        elif item.name in _OPTIONS:
            # Model and device are named even by default, since a default may become another.
            arguments += [_OPTIONS[item.name], setting_value(value)] if value is not None else []
        elif value != item.default:
            unsupported.append(f"{item.metadata['label']}: {setting_value(value)} {item.metadata['unit']}".strip())
    return arguments, unsupported


def _model(model: ModelCard) -> str:
    deep = "" if model.deep is None else f" and {model.deep.sha256} (deep network)"
    return f"the model whose weights have SHA-256 {model.sha256}{deep}"


def run_again(analysis: Analysis) -> style.Flowables:
    """How another examiner gets the same numbers."""
    arguments, unsupported = command(analysis)
    line = " ".join(word if word == "OUT" else shlex.quote(word) for word in arguments)
    model = "" if analysis.model is None else f" {_model(analysis.model)},"
    story: style.Flowables = [
        style.paragraph(
            f"Use the software listed above,{model} and the evidence file (check its SHA-256 first), and run:"
        ),
        style.paragraph(text.markup(line, 4000), style.CODE),
    ]
    if unsupported:
        story.append(
            style.paragraph(
                "These settings differ from their defaults and have no command-line option. Set them in the window "
                f"first: {text.markup('; '.join(unsupported))}."
            )
        )
    story.append(
        style.paragraph(
            "The same file, settings, device and versions give the same numbers to the last bit; inspector rerun "
            "compares them, and says what differs elsewhere. MANIFEST.sha256 holds the SHA-256 of every file of this "
            "report; VERIFY.txt says how to check them. The manifest does not cover the case file, which the examiner "
            "may continue to edit."
        )
    )
    return story


_GLOSSARY = (
    ("95 % interval", "A range made so that it holds the true rate in 95 of 100 such measurements, for material like "
     "that measured. It does not cover other material."),
    ("Abstention", "The tool does not score a face, and gives the reason, where its numbers would not be reliable."),
    ("Calibrated probability", "The network's raw score (logit), mapped so that on held-out data, half of it "
     "manipulated (equal odds), the stated probability is close to the share of manipulated faces; on other data it "
     "can be far off. 1 means manipulated."),
    ("Deep look", "The large network's scores of some frames of a face. The mean of those all over its track decides."),
    ("Face track", "One face followed from frame to frame within a shot. One person can have several tracks."),
    ("False-positive rate", "The share of unmanipulated faces for which the rule wrongly indicated manipulation."),
    ("Fast look", "The small network's scores of every face in every frame, for screening: they decide nothing, unless "
     "the deep look is switched off."),
    ("Gap", "A part of the file from which no usable picture could be decoded."),
    ("Heat map", "Areas of the crop whose activations raised the score, by a named method. It shows where to look "
     "and proves nothing."),
    ("Inconclusive", "A regular result: the evidence supports neither answer at the stated error rates."),
    ("Likelihood ratio", "How many times as often a score like this comes from manipulated as from unmanipulated "
     "faces, on the sources behind it. 1 says nothing. It is not the chance that this clip is manipulated. The word "
     "for its weight is that of the ENFSI guideline (2015) for the end of the interval that is nearer to 1; up to 2, "
     "where that scale has no word, it is “hardly any”."),
    ("Limits of the rule", "The two values that a track's score is compared with: from the upper one manipulation is "
     "indicated, up to the lower one none is, and between them the result is inconclusive."),
    ("n", "The number of faces or tracks that a rate was measured on. The smaller it is, the wider the interval."),
    ("pts", "Presentation time stamp: the number in the file that says when a picture is shown. It "
     "identifies a frame exactly."),
    ("Raw score (logit)", "What the network itself puts out: a number without a unit or fixed ends. The calibration "
     "makes a probability of it."),
    ("Segment", "A part of a track that stays at or above the segment threshold: with the deep look at least three "
     "neighbouring frames that it saw, all at the upper limit; without it the smoothed curve."),
    ("SHA-256", "A fingerprint of a file or picture: if two agree, the bytes are the same."),
    ("Sibling networks", "Networks made like the one that decides, each without a part of the sources, so that errors "
     "could be counted on sources that it did not learn. The one that decides learnt all."),
    ("Significance", "How much attention a finding needs: notable, likely notable, inconclusive, or nothing notable "
     "found, which does not mean that nothing is there."),
    ("Smoothed curve", "Each frame's probability averaged with those around it, so that a single frame weighs less."),
    ("Timecode", "Hours:minutes:seconds:frames since the first frame, counted at the frame rate; for a variable rate "
     "with milliseconds instead of frames. It is not read from the file."),
)  # fmt: skip


def glossary() -> style.Flowables:
    """The meaning of the report's terms."""
    return [style.facts(list(_GLOSSARY))]
