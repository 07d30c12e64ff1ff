"""The parts of a report that an examiner may leave out; the report says so on page one."""

from __future__ import annotations

from enum import StrEnum


class ReportPart(StrEnum):
    """The value is what the report calls the part."""

    SEARCH = "contact sheet and frames for a search by picture"
    FILE = "content of the file: Content Credentials, structure, tags and coding history"
    SIGNALS = "pages of the landmark signals"


SECTIONS = {
    ReportPart.FILE: ("Content Credentials", "File structure", "Coding history"),
    ReportPart.SIGNALS: ("Signals, not part of the score",),
}
"""The sections of the PDF that each part is."""
