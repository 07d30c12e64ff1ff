"""The report's section on Content Credentials."""

from __future__ import annotations

from typing import Any

from reportlab.lib.units import mm

from inspector.domain.file_facts import FileFacts
from inspector.engine.provenance.text import HistoryRow, code_rows, history_rows, manifest_rows
from inspector.engine.report import text
from inspector.engine.report.pdf import style
from inspector.engine.report.pdf.key_frames import reader_of

_THUMBNAIL, _INDENT = 16 * mm, 6 * mm


def credential_facts(facts: FileFacts | None) -> style.Flowables:
    """What the file's Content Credentials say and what their validation says; it is no part of the score."""
    if facts is None:
        return [style.paragraph("Content Credentials were not read.")]
    found = facts.credentials
    story: style.Flowables = [style.paragraph(text.markup(found.sentence))]
    if found.ai_statement:
        story.append(style.paragraph(f"<b>{text.markup(found.ai_statement)}</b>"))
    rows = (
        [("State by the C2PA library", text.markup(f"{found.state} (c2pa-rs {found.library})"))] if found.state else []
    )
    if found.remote_url:
        rows.append(("Address, not fetched", text.markup(found.remote_url)))
    if found.active is not None:
        rows += [(name, text.markup(value)) for name, value in manifest_rows(found.active)]
        rows.append(("Trust list", text.markup(found.trust_lists) or "none installed"))
    if rows:
        story.append(style.facts(rows))
    history = history_rows(found)
    if len(history) > 1:
        story += [*style.subheading("History"), *(_history_row(row) for row in history)]
    if found.codes:
        codes = [[text.markup(kind), text.markup(code)] for kind, code in code_rows(found)]
        story += [*style.subheading("Validation codes"), style.grid(["Kind", "Code"], codes, (2, 10), "ll")]
    return story


def _history_row(row: HistoryRow) -> Any:
    """A file of the history: its thumbnail, indented by its depth, with its title and what is known of it."""
    said = style.paragraph(f"<b>{text.markup(row.title, 120)}</b><br/>{text.markup(row.detail)}", style.CELL)
    indent = min(row.depth, 8) * _INDENT

    def paint(canvas: Any) -> None:
        if row.thumbnail is None:
            canvas.setStrokeColor(style.RULE)
            canvas.rect(indent, 0, _THUMBNAIL, _THUMBNAIL)
            return
        height, width = row.thumbnail.shape[:2]
        share = _THUMBNAIL / max(height, width)
        canvas.drawImage(reader_of(row.thumbnail), indent, _THUMBNAIL - height * share, width * share, height * share)

    left = style.Drawn(indent + _THUMBNAIL, _THUMBNAIL, paint)
    return style.beside(left, [said], style.WIDTH - indent - _THUMBNAIL - 3 * mm)
