"""The actions of the Case menu: each asks the user for files or folders and calls the exhibit list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from inspector.engine.case.case_folder import CASE_JSON, is_case_path
from inspector.ui.case.case_export import CaseExport
from inspector.ui.case.exhibit_rows import ExhibitRow
from inspector.ui.controller import Controller
from inspector.ui.dialogs.drop_dialog import DropDialog
from inspector.ui.engine.queue import AnalysisEnded
from inspector.ui.panels.exhibits import ExhibitsPanel
from inspector.ui.report_wishes import ReportWishes
from inspector.ui.session import Session
from inspector.ui.state import Notice
from inspector.ui.widgets import file_dialogs as dialogs
from inspector.ui.widgets.actions import ActionBook
from inspector.ui.widgets.glance import glance
from inspector.ui.widgets.language import tr
from inspector.ui.window.cover import Cover

_RECENT_KEPT = 10
_STORED = "recent_cases"


class CaseActions(QObject):
    """Owns the exhibits panel and the list of recent cases, newest first (`recent_changed`)."""

    recent_changed = Signal(object)  # list[Path]
    state_changed = Signal()  # the result of `present` changed

    def __init__(
        self,
        session: Session,
        controller: Controller,
        store: QSettings,
        book: ActionBook,
        cover: Cover,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._cover = cover
        self._session, self._controller, self._store, self._window = session, controller, store, window
        self._exhibits, self._queue = controller.exhibits, controller.queue
        self.export = CaseExport(session, controller.engine, self._queue, self._exhibits, self)
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
        for signal in (self._exhibits.changed, self._queue.changed, self.panel.selection_changed):
            signal.connect(self._on_changed)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The handlers of the actions, by action id."""
        return {
            "new_case": self._new_case,
            "open_case": self._open_case,
            "add_clips": self._add_clips,
            "analyse_all": lambda: self._exhibits.analyse(self._exhibits.rows),
            "stop_all": self._queue.cancel_all,
            "export_case": lambda: self._cover.before_case_export(self._export_case),
            "next_exhibit": lambda: self._step(1),
            "previous_exhibit": lambda: self._step(-1),
            "find_exhibit": self._find_selected,
        }

    def present(self) -> set[str]:
        """The conditions that are met, for enabling actions."""
        rows = self._exhibits.rows
        conditions = {
            "exhibits": any(row.is_there for row in rows),
            "several": len(rows) > 1,
            "queue": self._queue.is_busy,
            "analyses": any(row.outcome.conclusion is not None for row in rows),
            "chosen": self.panel.selected is not None,
        }
        return {name for name, is_met in conditions.items() if is_met}

    def open_paths(self, paths: list[Path]) -> None:
        """Open a single file or case, or add several files to the list."""
        if len(paths) > 1 or any(glance(_is_plain_folder, path, False) for path in paths):
            self._exhibits.add(paths)
        elif paths:
            self._controller.open_path(paths[0])

    def take_dropped(self, paths: list[Path]) -> None:
        """Like `open_paths`, but while a case is open ask whether a clip is to be opened or added to the case."""
        if self._exhibits.folder is None or len(paths) != 1 or not glance(_is_clip, paths[0], False):
            self.open_paths(paths)
            return
        dialog = DropDialog(paths[0].name, self._exhibits.case.name, self._window)
        dialog.added.connect(lambda: self._exhibits.add(paths))
        dialog.opened.connect(lambda: self._controller.open_path(paths[0]))
        dialog.open()

    def recent(self) -> list[Path]:
        """The folders of the cases opened last, newest first."""
        stored = self._store.value(_STORED, [])
        # QSettings returns a list of one item as a string.
        names = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return [Path(str(name)) for name in names]

    def _on_opened(self, folder: Path) -> None:
        recent = [folder, *(other for other in self.recent() if other != folder)][:_RECENT_KEPT]
        self._store.setValue(_STORED, [str(item) for item in recent])
        self.recent_changed.emit(recent)

    def _on_changed(self) -> None:
        # The queue changes with every batch, the conditions seldom.
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
            rest = "" if done == len(rows) else tr(" The list shows the status of the others.")
            self._session.post(
                Notice(
                    tr("{done} of {count} exhibits are analysed.{rest}", done=done, count=len(rows), rest=rest),
                    done < len(rows),
                )
            )

    def _new_case(self) -> None:
        folder = dialogs.ask_for_folder(
            self._window, tr("Choose or create a folder for the case"), self._start_folder()
        )
        if folder is not None:
            self._exhibits.new_case(folder)

    def _open_case(self) -> None:
        folder = dialogs.ask_for_folder(self._window, tr("Choose the folder of a case"), self._start_folder())
        if folder is not None:
            self._exhibits.open_case(folder)

    def _start_folder(self) -> Path | None:
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

    def _find_selected(self) -> None:
        if (row := self.panel.selected) is not None:
            self._find(row)

    def _export_case(self, wishes: ReportWishes) -> None:
        name = self._exhibits.case.name or tr("Exhibits")
        folder = dialogs.ask_for_report_folder(self._window, Path(name))
        if folder is not None:
            self.export.write(folder, wishes)

    def _step(self, by: int) -> None:
        rows = self._exhibits.rows
        shown = self._exhibits.shown
        index = rows.index(shown) + by if shown is not None else 0
        if rows:
            self._exhibits.open_row(rows[index % len(rows)])


def _is_plain_folder(path: Path) -> bool:
    """Whether a path names a folder that is no case."""
    return path.is_dir() and not (path / CASE_JSON).exists()


def _is_clip(path: Path) -> bool:
    """Whether a path names a file that is no list of a case."""
    return path.is_file() and not is_case_path(path)
