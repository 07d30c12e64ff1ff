"""The report's cover in a case file: filled from the command line without replacing what the examiner wrote."""

from __future__ import annotations

from dataclasses import fields, replace

from inspector.domain.case import CaseInfo
from inspector.engine.case.case_file import CaseFile


def fill_cover(case: CaseFile, info: CaseInfo) -> tuple[bool, list[str]]:
    """Fill empty fields of the cover; returns whether it changed, and one sentence for each field that was kept."""
    found = case.case_info()
    given = {item.name: getattr(info, item.name) for item in fields(info) if getattr(info, item.name)}
    missing = {name: value for name, value in given.items() if not getattr(found, name)}
    if missing:
        case.set_case_info(replace(found, **missing))
    kept = [
        f"The cover keeps its {CaseInfo.label(name)} “{getattr(found, name)}”; change it in the window if it should be "
        f"“{value}”."
        for name, value in given.items()
        if name not in missing and getattr(found, name) != value
    ]
    return bool(missing), kept
