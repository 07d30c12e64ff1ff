"""The report's last sections: the examiner's own words, the log, how to run it again, and what the words mean."""

from __future__ import annotations

import shlex
from dataclasses import fields

from inspector.domain.analysis import Analysis
from inspector.domain.case import finding_key
from inspector.domain.settings import Settings
from inspector.engine.report import text
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf import style
from inspector.engine.report.pdf.facts import setting_value

_MOST_NOTES, _MOST_LOG, _NOTE_LENGTH = 500, 300, 20_000
_OPTIONS = {
    "model": "--model",
    "device": "--device",
    "every": "--every",
    "start_seconds": "--start",
    "end_seconds": "--end",
}


def notes(material: ReportMaterial) -> style.Flowables:
    """The examiner's notes and bookmarks, apart from the tool's output."""
    clip = material.analysis.clip
    told: style.Flowables = [
        style.paragraph("This section holds the examiner's own words. The tool neither wrote nor checked them.")
    ]
    if not material.notes and not material.bookmarks and not material.reviews:
        return [*told, style.paragraph("No notes, bookmarks or decisions on findings were made.")]
    told += _reviews(material)
    for note in material.notes[:_MOST_NOTES]:
        where = "on the whole clip" if note.pts is None else f"at {text.clock(clip.seconds(note.pts))} (pts {note.pts})"
        if note.end_pts is not None:
            where += f" up to {text.clock(clip.seconds(note.end_pts))} (pts {note.end_pts})"
        told += style.subheading(f"{text.stated(note.author)}, {text.moment(note.written_at)}, {where}")
        told.append(style.paragraph(text.lines(note.text, _NOTE_LENGTH)))
    if len(material.notes) > _MOST_NOTES:
        told.append(style.paragraph(f"{len(material.notes) - _MOST_NOTES} more notes stand in report.json."))
    if material.bookmarks:
        rows = [
            [
                text.markup(mark.label),
                text.clock(clip.seconds(mark.pts)),
                str(mark.pts),
                text.moment(mark.written_at),
            ]
            for mark in material.bookmarks[:_MOST_NOTES]
        ]
        head = ["Bookmark", "Time", "pts", "Set at"]
        told += [*style.subheading("Bookmarks"), style.grid(head, rows, (5, 3, 2, 3), "llll")]
    return told


def _reviews(material: ReportMaterial) -> style.Flowables:
    """Which of the tool's findings the examiner accepted or rejected, and why."""
    if not material.reviews:
        return []
    present = {finding_key(finding) for finding in material.analysis.findings}
    rows = [
        [
            text.markup(review.finding) + ("" if review.finding in present else " (of another analysis)"),
            str(review.decision),
            text.markup(review.reason) or "none given",
            f"{text.stated(review.author)}, {text.moment(review.written_at)}",
        ]
        for review in material.reviews[:_MOST_NOTES]
    ]
    head = ["Finding", "Decision", "Reason", "By"]
    return [*style.subheading("Decisions on findings"), style.grid(head, rows, (4, 2, 4, 3), "llll")]


def log(material: ReportMaterial) -> style.Flowables:
    """The case's audit log; the newest entries when there are very many."""
    if not material.audit:
        return [style.paragraph("The log is empty.")]
    shown = material.audit[-_MOST_LOG:]
    rows = [[text.moment(e.at), text.markup(e.action), text.markup(e.detail)] for e in shown]
    told: style.Flowables = [style.grid(["At", "What", "Detail"], rows, (3, 3, 7), "lll")]
    if len(material.audit) > len(shown):
        told.append(style.paragraph(f"{len(material.audit) - len(shown)} earlier entries stand in report.json."))
    return told


def command(analysis: Analysis) -> tuple[list[str], list[str]]:
    """The command line that makes this analysis again, and the changed settings that it has no option for, in words."""
    words, others = ["inspector", "scan", analysis.clip.path, "--out", "OUT"], []
    for item in fields(Settings):
        value = getattr(analysis.settings, item.name)
        if item.name == "whole_frame":
            words += ["--no-faces", "whole-frame"] if value else []
        elif item.name in _OPTIONS:
            # Model and device are named even by default, since a default may become another.
            words += [_OPTIONS[item.name], setting_value(value)] if value is not None else []
        elif value != item.default:
            others.append(f"{item.metadata['label']}: {setting_value(value)} {item.metadata['unit']}".strip())
    return words, others


def run_again(analysis: Analysis) -> style.Flowables:
    """How somebody else gets the same numbers."""
    words, others = command(analysis)
    line = " ".join(word if word == "OUT" else shlex.quote(word) for word in words)
    model = "" if analysis.model is None else f" the model whose weights have SHA-256 {analysis.model.sha256},"
    told: style.Flowables = [
        style.paragraph(
            f"With the software listed above,{model} and the evidence file (check its SHA-256 first), run:"
        ),
        style.paragraph(text.markup(line, 4000), style.CODE),
    ]
    if others:
        told.append(
            style.paragraph(
                "These settings differ from their defaults and have no option on the command line; set them in the "
                f"window first: {text.markup('; '.join(others))}."
            )
        )
    told.append(
        style.paragraph(
            "The same file, settings and device give the same numbers; another device or library version may change "
            "the last digits. manifest.json holds the SHA-256 of every file of this report but itself, and not that of "
            "the case file, in which the examiner may go on working."
        )
    )
    return told


_GLOSSARY = (
    ("Abstention", "The tool declines to score a face and says why, because its numbers would not hold for it."),
    ("Calibrated probability", "The network's raw score (logit), mapped so that on held-out data the stated "
     "probability comes near the share of manipulated faces; elsewhere it can be far off. 1 stands for manipulated."),
    ("Face track", "One face followed from frame to frame within a shot. A track is no person."),
    ("False-positive rate", "The share of unmanipulated faces that the whole rule wrongly called manipulated."),
    ("Gap", "A stretch of the file from which no usable picture could be decoded."),
    ("Heat map", "Areas of the crop whose activations raised the score, by a named method. An aid for looking."),
    ("Inconclusive", "A proper result: the evidence supports neither answer at the stated error rates."),
    ("n", "How many faces or tracks a rate was measured on. The fewer, the wider its interval."),
    ("pts", "Presentation time stamp: the number in the file that says when a picture is shown. It "
     "names a frame exactly."),
    ("Segment", "A stretch of a track in which the smoothed frame probability stays at or over the segment threshold."),
    ("SHA-256", "A fingerprint of a file or picture: if it agrees, the bytes are the same."),
    ("Significance", "How much a finding asks for attention: notable, likely notable, inconclusive, or nothing notable "
     "found, which is no statement that nothing is there."),
    ("Smoothed curve", "Each frame's probability averaged with those around it, so that a single one weighs less."),
    ("Timecode", "Hours:minutes:seconds:frames since the first picture, counted at the frame rate; where that varies, "
     "milliseconds stand in place of frames. It is not read from the file."),
)  # fmt: skip


def glossary() -> style.Flowables:
    """What the report's words mean."""
    return [style.facts(list(_GLOSSARY))]
