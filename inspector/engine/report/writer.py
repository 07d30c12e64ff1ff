"""Writing a whole report: complete under its final names, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath

import msgspec

from inspector.domain.errors import OutputError, VerificationError
from inspector.engine import atomic
from inspector.engine.codec import from_json
from inspector.engine.report import coding, csv_tables, figure_files, json_report, search_frames
from inspector.engine.report.drafts import make_draft
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf.document import make_pdf
from inspector.engine.report.png import BackgroundWriter, Save
from inspector.engine.seal.instructions import VERIFY, instructions
from inspector.engine.seal.manifest import BESIDE, MANIFEST, read_file, read_manifest, write_manifest

PDF = "report.pdf"
_FORMER_FOLDER = "exhibits"  # of the figures in reports of schema 1 and 2
_FORMER_MANIFEST = "manifest.json"  # of reports of schema 1 to 3


class _FormerFile(msgspec.Struct):
    name: str


class _Former(msgspec.Struct):
    files: list[_FormerFile]


def write_report(material: ReportMaterial, folder: Path, *, has_pdf: bool = True) -> tuple[Path, ...]:
    """Write report.pdf, report.json, the CSV tables, figures/*.png, VERIFY.txt and a manifest.

    Without `has_pdf` there is no report.pdf, without a coding history no coding.csv, and without sound no sound.csv.

    The folder is created if missing. All files are first written to a temporary folder in it and take their final names
    once all of them are on the disk, the manifest last. The files of an earlier report are replaced, and figures that
    only its manifest names are removed. Returns the paths written. Raises OutputError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = make_draft(folder)
        try:
            names = _draft(material, draft, has_pdf=has_pdf)
            return _publish(draft, folder, names)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        cause = error.strerror or str(error)
        raise OutputError(
            f"The report cannot be written to {folder}: {cause}; free some space there or choose another folder."
        ) from error


def _draft(material: ReportMaterial, draft: Path, *, has_pdf: bool) -> list[str]:
    """Write every file of the report under `draft`; return their names, the manifest last."""
    with BackgroundWriter() as pictures:
        names = [*_documents(material, draft, list(_figures(material, draft, pictures.save)), has_pdf=has_pdf)]
    write_manifest(draft, names)
    return [*names, MANIFEST]


def _figures(material: ReportMaterial, draft: Path, save: Save) -> Iterator[str]:
    """Write the pictures; yields their names."""
    (draft / figure_files.FOLDER).mkdir()
    yield from figure_files.write_key_frames(material.analysis, material.key_frames, draft, save)
    yield from figure_files.write_saved_figures(material.analysis.clip, material.saved_figures, draft, save)
    yield from search_frames.write_search_frames(material.search_frames, draft, save)


def _documents(material: ReportMaterial, draft: Path, figures: list[str], *, has_pdf: bool) -> list[str]:
    """Write all but the pictures; returns the names of all."""
    overview = csv_tables.write_frames(material, draft / "frames.csv")
    csv_tables.write_signals(material, draft / "signals.csv")
    tables = ["frames.csv", "signals.csv"]
    if material.sound is not None and csv_tables.has_sound_table(material.sound):
        csv_tables.write_sound(material.sound, draft / "sound.csv")
        tables.append("sound.csv")
    if material.coding is not None and len(material.coding.series):
        coding.write_coding(material.coding.series, material.analysis.clip, draft / coding.FILE)
        tables.append(coding.FILE)
    (draft / "report.json").write_bytes(json_report.dumps(json_report.as_json(material, overview)))
    if has_pdf:
        (draft / PDF).write_bytes(make_pdf(material, overview))
    (draft / VERIFY).write_bytes(instructions(material.analysis.clip.sha256))
    return [*([PDF] if has_pdf else []), "report.json", *tables, VERIFY, *dict.fromkeys(figures)]


def _publish(draft: Path, folder: Path, names: list[str]) -> tuple[Path, ...]:
    for name in names:  # before they take their names, so that a power cut leaves no empty report
        atomic.sync(draft / name)
    stale = (_named_by_earlier(folder) | {PDF, coding.FILE, "sound.csv"}) - set(names)
    # Without a manifest, a report that was cut off between two renames can be told from a whole one.
    for former in (MANIFEST, *BESIDE, _FORMER_MANIFEST):
        (folder / former).unlink(missing_ok=True)
    for own in (figure_files.FOLDER, _FORMER_FOLDER):
        if (folder / own).is_symlink():  # somebody's, to have files outside of the report replaced or removed
            (folder / own).unlink()
    (folder / figure_files.FOLDER).mkdir(exist_ok=True)
    for name in names:
        atomic.move(draft / name, folder / name)
    for name in stale:
        (folder / name).unlink(missing_ok=True)
    for own in (figure_files.FOLDER, _FORMER_FOLDER):
        with suppress(OSError):  # it holds figures or other files, or does not exist
            (folder / own).rmdir()
    return tuple(folder / name for name in names)


def _named_by_earlier(folder: Path) -> set[str]:
    """Figures of an earlier report in this folder, by its manifest; none if that is missing or not ours."""
    try:
        names = set(read_manifest(folder / MANIFEST))
    except VerificationError:
        names = _named_by_former(folder)
    # A manifest may be tampered with: only plain names of figures are ever removed.
    folders = (PurePath(figure_files.FOLDER), PurePath(_FORMER_FOLDER))
    return {n for n in names if PurePath(n).parent in folders and n.endswith(".png") and ".." not in n}


def _named_by_former(folder: Path) -> set[str]:
    """The files that the manifest of an older report names."""
    try:
        earlier = from_json(read_file(folder / _FORMER_MANIFEST), _Former)
    except (VerificationError, ValueError):
        return set()
    return {entry.name for entry in earlier.files}
