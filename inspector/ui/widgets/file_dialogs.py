"""The dialogs that ask for files and folders: None when the user cancels."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.engine.clock import now
from inspector.engine.decode.media_types import MEDIA_SUFFIXES
from inspector.ui.widgets.glance import glance
from inspector.ui.widgets.language import tr


def _filters(*, has_cases: bool = True) -> str:
    kinds = [(tr("Clips and stills"), " ".join(f"*{suffix}" for suffix in MEDIA_SUFFIXES))]
    kinds += [(tr("Cases and case files"), "case.json *.inspector")] if has_cases else []
    kinds.append((tr("All files"), "*"))
    return ";;".join(f"{name} ({patterns})" for name, patterns in kinds)


def ask_for_clip(parent: QWidget, recent: list[Path]) -> Path | None:
    """Ask for a clip, a still or a case file."""
    is_there = bool(recent) and glance(Path.is_dir, recent[0].parent, False)
    folder = recent[0].parent if is_there else Path(_standard_folder(QStandardPaths.StandardLocation.MoviesLocation))
    name, _ = QFileDialog.getOpenFileName(parent, tr("Open a clip"), str(folder), _filters())
    return Path(name) if name else None


def ask_for_clips(parent: QWidget, folder: Path | None) -> list[Path]:
    """Ask for clips and stills; empty when the user cancels."""
    start = folder or Path(_standard_folder(QStandardPaths.StandardLocation.MoviesLocation))
    names, _ = QFileDialog.getOpenFileNames(parent, tr("Add clips and stills"), str(start), _filters())
    return [Path(name) for name in names]


def ask_for_compared(parent: QWidget, folder: Path | None) -> Path | None:
    """Ask for a clip or still to compare with the open one."""
    title, filters = tr("Choose a clip or still to compare"), _filters(has_cases=False)
    name, _ = QFileDialog.getOpenFileName(parent, title, str(folder or ""), filters)
    return Path(name) if name else None


def ask_for_exhibit(parent: QWidget, label: str, last_seen: Path) -> Path | None:
    """Ask for the file of an exhibit that is missing."""
    title = tr("Choose the file of exhibit {label} ({name})", label=label, name=last_seen.name)
    name, _ = QFileDialog.getOpenFileName(parent, title, str(last_seen.parent), _filters())
    return Path(name) if name else None


def ask_for_folder(parent: QWidget, title: str, start: Path | None) -> Path | None:
    """Ask for a folder, which the dialog can create."""
    documents = _standard_folder(QStandardPaths.StandardLocation.DocumentsLocation)
    name = QFileDialog.getExistingDirectory(parent, title, str(start or documents))
    return Path(name) if name else None


def ask_for_report_folder(parent: QWidget, clip: Path) -> Path | None:
    """Ask for a folder; returns the path of a new one in it for the report, named after the clip."""
    documents = _standard_folder(QStandardPaths.StandardLocation.DocumentsLocation)
    title = tr("Choose where to create the report's folder")
    name = QFileDialog.getExistingDirectory(parent, title, documents)
    return None if not name else free_folder(Path(name), f"{clip.stem} report")


def free_folder(parent: Path, name: str) -> Path:
    """`parent / name`, with a number if that exists, so that a report never overwrites another."""
    return glance(_free, parent / name, parent / f"{name} {now().replace(':', '')[:17]}")


def _free(wanted: Path) -> Path:
    folder, number = wanted, 2
    while folder.exists():
        folder = wanted.with_name(f"{wanted.name} {number}")
        number += 1
    return folder


def ask_for_picture(parent: QWidget, name: str) -> Path | None:
    """Ask where to save a picture; the result ends in .png."""
    pictures = _standard_folder(QStandardPaths.StandardLocation.PicturesLocation)
    chosen, _ = QFileDialog.getSaveFileName(
        parent, tr("Save the picture"), str(Path(pictures) / name), tr("PNG (*.png)")
    )
    return Path(chosen).with_suffix(".png") if chosen else None


def _standard_folder(location: QStandardPaths.StandardLocation) -> str:
    """The folder of that kind, or its nearest parent that exists: a file dialog takes the rest for a name."""
    wanted = Path(QStandardPaths.writableLocation(location) or Path.home())
    return str(glance(_nearest, wanted, Path.home()))


def _nearest(wanted: Path) -> Path:
    return next((folder for folder in (wanted, *wanted.parents) if folder.is_dir()), Path.home())
