"""report.pdf: the order of its sections, its pages' head and foot, its outline and contents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import PurePath
from typing import Any

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate

from inspector.domain.analysis import Analysis
from inspector.domain.answer import FaceNames
from inspector.engine import activity
from inspector.engine.report import fonts, text
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.parts import SECTIONS, ReportPart
from inspector.engine.report.pdf import (
    closing,
    coding,
    credentials,
    facts,
    key_frames,
    results,
    saved_figures,
    sound,
    still,
    structure,
    style,
)
from inspector.engine.report.pdf.first_page import first_page
from inspector.engine.report.series import Overview

_HEAD_SIZE, _NAME_WIDTH = 7.5, 110 * mm

# The room for a heading with its first block; for the key frames that is a row of figures with its facts.
_ROOM = {"Key frames": 135 * mm, "Signals, not part of the score": 75 * mm, "Saved figures": 75 * mm, "Sound": 90 * mm,
         "Robustness of the key frames": 60 * mm}  # fmt: skip

Section = tuple[str, Callable[[], style.Flowables]]


def _sections(material: ReportMaterial, overview: Overview) -> list[Section]:
    analysis = material.analysis
    figures = saved_figures.Pages(material.saved_figures, analysis)
    hidden = {title for part in material.left_out for title in SECTIONS.get(part, ())}
    has_tags = ReportPart.FILE not in material.left_out
    sections: list[Section] = [
        ("Case", lambda: facts.case_facts(material.case_info)),
        ("File and hashes", lambda: facts.file_facts(material)),
        ("Content Credentials", lambda: credentials.credential_facts(material.file_facts)),
        ("Findings", lambda: results.findings(material)),
        ("Frames analysed and not analysed", lambda: results.frames(analysis, overview)),
        ("Face tracks", lambda: _tracks(analysis, overview, material.names)),
        ("Key frames", lambda: key_frames.key_frame_pages(analysis, material.key_frames, material.names)),
        ("Robustness of the key frames", lambda: key_frames.robustness(analysis, material.key_frames)),
        ("Error rates", lambda: facts.error_rates(analysis)),
        ("Model", lambda: facts.model_facts(analysis.model)),
        ("Signals, not part of the score", lambda: results.signals(material)),
        ("Sound", lambda: sound.sound_facts(material.sound, material.mouths, material.names)),
        (
            "Container and stream",
            lambda: facts.stream_facts(analysis, has_tags=has_tags),
        ),
        ("File structure", lambda: structure.structure_facts(material.file_facts)),
        ("Coding history", lambda: coding.coding_history(material.coding, analysis.clip)),
        ("Gaps", lambda: results.gaps(analysis)),
        ("Settings", lambda: facts.setting_facts(analysis.settings)),
        ("Software and device", lambda: facts.software_facts(analysis, material.player_confinement)),
        ("Saved figures", figures.story),
        ("Examiner's notes", lambda: closing.notes(material)),
        ("Log of the case", lambda: closing.log(material)),
        ("How to repeat the analysis", lambda: closing.run_again(analysis)),
        ("Glossary", closing.glossary),
    ]
    return [section for section in sections if section[0] not in hidden]


def _tracks(analysis: Analysis, overview: Overview, names: FaceNames) -> style.Flowables:
    return still.faces(analysis, names) if analysis.clip.is_still else results.tracks(analysis, overview, names)


def _contents(sections: list[Section], pages: dict[str, int]) -> style.Flowables:
    rows = [[title, str(pages.get(title, 0))] for title, _ in sections]
    half = (len(rows) + 1) // 2
    pairs = zip(rows[:half], [*rows[half:], *[["", ""]] * (2 * half - len(rows))], strict=True)
    head = ["Contents", "Page", "", "Page"]
    return [style.grid(head, [[*left, *right] for left, right in pairs], (8, 1.5, 8, 1.5), "lrlr")]


def _story(
    first: style.Flowables, sections: list[Section], pages: dict[str, int]
) -> tuple[style.Flowables, dict[str, int]]:
    """All flowables of the document, and the page of each section, filled in while it is built."""
    found: dict[str, int] = {}
    story: style.Flowables = [*style.bookmark("Summary"), *first, PageBreak(), *_contents(sections, pages)]
    for title, make in activity.each(sections):
        story += [*style.heading(title, found.__setitem__, _ROOM.get(title, 34 * mm)), *make()]
    return story, found


def _page(material: ReportMaterial, total: int) -> Callable[[Any, Any], None]:
    """Paints the head and foot of a page."""
    clip = material.analysis.clip
    exhibit = material.case_info.exhibit.strip()
    kind, name = ("Exhibit", exhibit) if exhibit else ("Evidence", PurePath(clip.path).name)
    head = style.fitted(f"{kind}: {text.visible(name, 80)}", _HEAD_SIZE, _NAME_WIDTH)
    right = style.PAGE_WIDTH - style.MARGIN

    def paint(canvas: Any, _document: Any) -> None:
        activity.note()
        canvas.saveState()
        canvas.setFont(fonts.SANS, _HEAD_SIZE)
        canvas.setFillColor(style.MUTED)
        canvas.setStrokeColor(style.RULE)
        canvas.setLineWidth(0.5)
        top, foot = style.PAGE_HEIGHT - 13 * mm, 11 * mm
        canvas.drawString(style.MARGIN, top, head)
        canvas.drawRightString(right, top, f"SHA-256 {clip.sha256[:16]}…")
        canvas.line(style.MARGIN, top - 4, right, top - 4)
        canvas.drawString(
            style.MARGIN, foot, "Deepfake Inspector, evidence report. The tool reports; the examiner concludes."
        )
        canvas.drawRightString(right, foot, f"page {canvas.getPageNumber()} of {total or '?'}")
        canvas.restoreState()

    return paint


def _moment(iso: str) -> datetime:
    try:
        moment = datetime.fromisoformat(iso)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime(2000, 1, 1, tzinfo=UTC)


def _stamped(written_at: str) -> type[Any]:
    """A canvas whose file is dated by the report, not by the clock: the same material gives the same bytes."""
    moment = _moment(written_at)

    class Stamped(Canvas):  # type: ignore[misc]  # reportlab has no types
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **{**options, "invariant": 1, "pageCompression": 1})
            stamp = self._doc._timeStamp
            stamp.t, stamp.YMDhms = moment.timestamp(), tuple(moment.timetuple())[:6]

    return Stamped


def _build(material: ReportMaterial, story: style.Flowables, total: int) -> tuple[bytes, int]:
    data = BytesIO()
    name = text.visible(PurePath(material.analysis.clip.path).name)
    document = BaseDocTemplate(
        data,
        pagesize=(style.PAGE_WIDTH, style.PAGE_HEIGHT),
        title=f"Evidence report: {name}",
        author=text.visible(material.case_info.examiner) or "not stated",
        subject=f"SHA-256 {material.analysis.clip.sha256}",
        creator="Deepfake Inspector",
        lang="en-GB",
    )
    height = style.PAGE_HEIGHT - style.TOP - style.BOTTOM
    frame = Frame(style.MARGIN, style.BOTTOM, style.WIDTH, height, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=_page(material, total)))
    document.build(story, canvasmaker=_stamped(material.written_at))
    return data.getvalue(), document.page


def make_pdf(material: ReportMaterial, overview: Overview) -> bytes:
    """The whole PDF. It is laid out again until page numbers in contents and foot are those of the pages."""
    fonts.register()
    rl_config.useA85 = 0  # plain binary streams: a fifth smaller, and no loop over every byte in Python
    # Each is made once, with its pictures, and laid out as often as needed.
    first = first_page(material, overview)
    sections: list[Section] = [(title, cache(make)) for title, make in _sections(material, overview)]
    known: dict[str, int] = {}
    total, data = 0, b""
    for _ in range(4):
        story, pages = _story(first, sections, known)
        style.as_new(story)
        data, count = _build(material, story, total)
        if (count, pages) == (total, known):
            break
        total, known = count, pages
    return data
