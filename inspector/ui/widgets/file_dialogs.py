"""The file dialogs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from inspector.engine.decode.media_types import MEDIA_SUFFIXES

_FILTERS = ";;".join(
    (
        f"Clips and stills ({' '.join(f'*{suffix}' for suffix in MEDIA_SUFFIXES)})",
        "Cases and case files (case.json *.inspector)",
        "All files (*)",
    )
)


def ask_for_clip(parent: QWidget, recent: list[Path]) -> Path | None:
    """A clip, still or case file, or None."""
    is_there = bool(recent) and recent[0].parent.is_dir()
    folder = recent[0].parent if is_there else Path(_place(QStandardPaths.StandardLocation.MoviesLocation))
    name, _ = QFileDialog.getOpenFileName(parent, "Open a clip", str(folder), _FILTERS)
    return Path(name) if name else None


def ask_for_clips(parent: QWidget, folder: Path | None) -> list[Path]:
    """Clips and stills, none when the user thought better of it."""
    start = folder or Path(_place(QStandardPaths.StandardLocation.MoviesLocation))
    names, _ = QFileDialog.getOpenFileNames(parent, "Add clips and stills", str(start), _FILTERS)
    return [Path(name) for name in names]


def ask_for_exhibit(parent: QWidget, label: str, last_seen: Path) -> Path | None:
    """Where the file of an exhibit went."""
    title = f"Choose the file of exhibit {label} ({last_seen.name})"
    name, _ = QFileDialog.getOpenFileName(parent, title, str(last_seen.parent), _FILTERS)
    return Path(name) if name else None


def ask_for_folder(parent: QWidget, title: str, start: Path | None) -> Path | None:
    """A folder that is there or that the user makes."""
    documents = _place(QStandardPaths.StandardLocation.DocumentsLocation)
    name = QFileDialog.getExistingDirectory(parent, title, str(start or documents))
    return Path(name) if name else None


def ask_for_report_folder(parent: QWidget, clip: Path) -> Path | None:
    """A folder for the report: a new one named after the clip, in the folder that was chosen."""
    documents = _place(QStandardPaths.StandardLocation.DocumentsLocation)
    title = "Choose where the report's folder is made"
    name = QFileDialog.getExistingDirectory(parent, title, documents)
    return None if not name else free_folder(Path(name), f"{clip.stem} report")


def free_folder(parent: Path, name: str) -> Path:
    """`name` in `parent`, numbered if there is such a folder already: a report never overwrites another."""
    folder, number = parent / name, 2
    while folder.exists():
        folder = parent / f"{name} {number}"
        number += 1
    return folder


def ask_for_picture(parent: QWidget, name: str) -> Path | None:
    """Where to save a picture."""
    pictures = _place(QStandardPaths.StandardLocation.PicturesLocation)
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save the picture", str(Path(pictures) / name), "PNG (*.png)")
    return Path(chosen).with_suffix(".png") if chosen else None


def _place(location: QStandardPaths.StandardLocation) -> str:
    """The folder of that kind, or the nearest one above it that is there: a file dialog takes the rest for a name."""
    place = Path(QStandardPaths.writableLocation(location) or Path.home())
    return str(next((folder for folder in (place, *place.parents) if folder.is_dir()), Path.home()))


def ask_for_reason(parent: QWidget, title: str) -> QInputDialog:
    """A dialog for the reason of a decision; it waits for nobody, and its text comes with `textValueSelected`."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setLabelText("Why? The reason stands in the report beside the decision.")
    dialog.setOkButtonText("Keep decision")
    dialog.resize(420, dialog.sizeHint().height())
    return dialog
