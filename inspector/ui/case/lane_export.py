"""Writes what lanes of the timeline show as CSV files, on a thread."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inspector.domain.arrays import Floats, PtsArray
from inspector.domain.errors import OutputError
from inspector.engine import atomic
from inspector.engine.file_names import plain_name
from inspector.engine.spreadsheet import SheetWriter
from inspector.ui.case.background import Background
from inspector.ui.session import Session
from inspector.ui.state import Notice
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.file_dialogs import ask_for_folder, free_folder
from inspector.ui.widgets.language import tr

Columns = Mapping[str, Floats | PtsArray | list[str]]


class LaneExport(QObject):
    """Asks for a folder, and writes a new one in it with a file for each lane."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.background = Background("lanes", self)
        self.background.failed.connect(lambda text: session.post(Notice(text, is_problem=True)))

    def ask(self, tables: Sequence[tuple[str, Columns]]) -> None:
        """Export lanes, given as their names and tables; those without a row are left out."""
        clip = self._session.clip
        full = [(name, table) for name, table in tables if any(len(column) for column in table.values())]
        if clip is None or not full:
            self._session.post(Notice(tr("There is nothing in these lanes to export yet.")))
            return
        chosen = ask_for_folder(self._window, tr("Choose where to create the folder of the lanes"), None)
        if chosen is not None:
            folder = free_folder(chosen, f"{Path(clip.path).stem} lanes")
            self.background.run(partial(write_lanes, folder, full), self._on_written)

    def _on_written(self, folder: Path) -> None:
        self._session.post(Notice(tr("The lanes were exported to {folder}.", folder=folder)))


def write_lanes(folder: Path, tables: Sequence[tuple[str, Columns]]) -> Path:
    """Write a CSV file for each lane into a new folder, and return it. Raises OutputError."""
    try:
        folder.mkdir()
        names = [f"{number:02d}_{plain_name(name, 'lane', 60)}.csv" for number, (name, _) in enumerate(tables, 1)]
        files = {folder / name: _csv(table) for name, (_, table) in zip(names, tables, strict=True)}
        atomic.write_all(files)
    except OSError as error:
        raise OutputError(
            tr(
                "The lanes cannot be written to {folder}: {reason}; choose another folder.",
                folder=folder,
                reason=shown(error.strerror or str(error)),
            )
        ) from error
    return folder


def _csv(table: Columns) -> bytes:
    text = io.StringIO()
    writer = SheetWriter(text)
    writer.writerow(table)
    columns = [column if isinstance(column, list) else column.tolist() for column in table.values()]
    for row in zip(*columns, strict=True):
        writer.writerow([_value(value) for value in row])
    return text.getvalue().encode()


def _value(value: str | float) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.9g}"
    return str(value)
