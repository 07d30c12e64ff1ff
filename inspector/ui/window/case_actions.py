"""What one does with whole cases: make, open, fill, analyse and export them. Asks the user, then has the desk act."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from inspector.engine.case.case_folder import CASE_JSON
from inspector.ui.case.case_export import CaseExport
from inspector.ui.case.exhibit_rows import ExhibitRow
from inspector.ui.controller import Controller
from inspector.ui.engine.queue import AnalysisEnded
from inspector.ui.panels.exhibits import ExhibitsPanel
from inspector.ui.session import Session
from inspector.ui.state import Notice
from inspector.ui.widgets import file_dialogs as dialogs
from inspector.ui.widgets.actions import ActionBook

_RECENT_KEPT = 10
_STORED = "recent_cases"


class CaseActions(QObject):
    """`recent_changed` comes with the folders of the cases opened last, the newest first."""

    recent_changed = Signal(object)  # list[Path]
    state_changed = Signal()  # of what `present` says

    def __init__(
        self, session: Session, controller: Controller, store: QSettings, book: ActionBook, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._controller, self._store, self._window = session, controller, store, window
        self._exhibits, self._queue = controller.exhibits, controller.queue
        self.export = CaseExport(session, controller.engine, self._exhibits, self)
        self.panel = ExhibitsPanel(session, self._exhibits, self._queue, book)
        self.panel.open_wanted.connect(self._exhibits.open_row)
        self.panel.find_wanted.connect(self._find)
        self.panel.removed.connect(self._exhibits.remove)
        self.panel.renamed.connect(self._exhibits.rename)
        self._exhibits.opened.connect(self._on_opened)
        self._ended = 0
        self._queue.ended.connect(self._on_analysis_ended)
        self._queue.emptied.connect(self._on_emptied)
        self._state = self.present()
        for signal in (self._exhibits.changed, self._queue.changed, self.panel.chosen_changed):
            signal.connect(self._on_changed)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of the Case menu does."""
        return {
            "new_case": self._new_case,
            "open_case": self._open_case,
            "add_clips": self._add_clips,
            "analyse_all": lambda: self._exhibits.analyse(self._exhibits.rows),
            "stop_all": self._queue.cancel_all,
            "export_case": self._export_case,
            "next_exhibit": lambda: self._step(1),
            "previous_exhibit": lambda: self._step(-1),
            "find_exhibit": self._find_chosen,
        }

    def present(self) -> set[str]:
        """What of a case is there, for enabling actions."""
        rows = self._exhibits.rows
        found = {
            "exhibits": any(row.is_there for row in rows),
            "several": len(rows) > 1,
            "queue": self._queue.is_busy,
            "analyses": any(row.outcome.conclusion is not None for row in rows),
            "chosen": self.panel.chosen is not None,
        }
        return {name for name, is_so in found.items() if is_so}

    def take(self, paths: list[Path]) -> None:
        """Open one file or case, or add several files to the list."""
        is_folder = any(path.is_dir() and not (path / CASE_JSON).exists() for path in paths)
        if len(paths) > 1 or is_folder:
            self._exhibits.add(paths)
        elif paths:
            self._controller.open_path(paths[0])

    def recent(self) -> list[Path]:
        """The cases opened last."""
        stored = self._store.value(_STORED, [])
        # QSettings gives a list of one back as a bare string.
        names = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return [Path(str(name)) for name in names]

    def _on_opened(self, folder: Path) -> None:
        recent = [folder, *(other for other in self.recent() if other != folder)][:_RECENT_KEPT]
        self._store.setValue(_STORED, [str(item) for item in recent])
        self.recent_changed.emit(recent)

    def _on_changed(self) -> None:
        # Progress comes with every batch; what can be done changes seldom.
        state = self.present()
        if state != self._state:
            self._state = state
            self.state_changed.emit()

    def _on_analysis_ended(self, _ending: AnalysisEnded) -> None:
        self._ended += 1

    def _on_emptied(self) -> None:
        count, self._ended = self._ended, 0
        rows = self._exhibits.rows
        done = sum(row.outcome.conclusion is not None for row in rows)
        if count > 1:
            rest = "" if done == len(rows) else " The list says what became of the others."
            self._session.post(Notice(f"{done} of {len(rows)} exhibits are analysed.{rest}", done < len(rows)))

    def _new_case(self) -> None:
        folder = dialogs.ask_for_folder(self._window, "Choose or make the case's folder", self._place())
        if folder is not None:
            self._exhibits.new_case(folder)

    def _open_case(self) -> None:
        folder = dialogs.ask_for_folder(self._window, "Choose a case's folder", self._place())
        if folder is not None:
            self._exhibits.open_case(folder)

    def _place(self) -> Path | None:
        recent = self.recent()
        return recent[0].parent if recent else None

    def _add_clips(self) -> None:
        paths = dialogs.ask_for_clips(self._window, self._exhibits.folder)
        if paths:
            self._exhibits.add(paths)

    def _find(self, row: ExhibitRow) -> None:
        path = dialogs.ask_for_exhibit(self._window, row.exhibit.label, row.clip_path)
        if path is not None:
            self._exhibits.find(row, path)

    def _find_chosen(self) -> None:
        if (row := self.panel.chosen) is not None:
            self._find(row)

    def _export_case(self) -> None:
        name = self._exhibits.case.name or "Exhibits"
        folder = dialogs.ask_for_report_folder(self._window, Path(name))
        if folder is not None:
            self.export.write(folder)

    def _step(self, by: int) -> None:
        rows = self._exhibits.rows
        shown = self._exhibits.shown
        at = rows.index(shown) + by if shown is not None else 0
        if rows:
            self._exhibits.open_row(rows[at % len(rows)])
