"""The actions that open a clip or export a report: each asks the user for a path. Keeps the list of recent clips."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from inspector.engine.resources import resource
from inspector.ui.controller import Controller
from inspector.ui.report_wishes import ReportWishes
from inspector.ui.session import Session
from inspector.ui.widgets import file_dialogs as dialogs

_RECENT_KEPT = 10
DEMO_CLIP = "demo/demo.mp4"


class Files(QObject):
    """Owns the list of recent clips, newest first (`recent_changed`)."""

    recent_changed = Signal(object)  # list[Path]

    def __init__(self, session: Session, controller: Controller, store: QSettings, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._controller, self._store, self._window = session, controller, store, window
        controller.clip_remembered.connect(self._on_clip_remembered)
        controller.records.clip_forgotten.connect(self._on_clip_forgotten)

    @property
    def has_demo(self) -> bool:
        """Whether the demo clip is installed."""
        return resource(DEMO_CLIP).is_file()

    def recent(self) -> list[Path]:
        """The clips opened last, newest first."""
        stored = self._store.value("recent", [])
        # QSettings returns a list of one item as a string.
        names = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return [Path(str(name)) for name in names]

    def open_with_dialog(self) -> None:
        """Ask for a clip and open it."""
        path = dialogs.ask_for_clip(self._window, self.recent())
        if path is not None:
            self._controller.open_path(path)

    def open_demo(self) -> None:
        """Open the demo clip."""
        self._controller.open_path(resource(DEMO_CLIP))

    def export(self, wishes: ReportWishes) -> None:
        """Ask for a folder and write the report into it."""
        if self._session.clip is not None:
            folder = dialogs.ask_for_report_folder(self._window, Path(self._session.clip.path))
            if folder is not None:
                self._controller.analyses.write_report(folder, wishes)

    def _on_clip_remembered(self, path: Path) -> None:
        self._keep([path, *(other for other in self.recent() if other != path)][:_RECENT_KEPT])

    def _on_clip_forgotten(self, path: Path) -> None:
        self._keep([other for other in self.recent() if other != path])

    def _keep(self, recent: list[Path]) -> None:
        self._store.setValue("recent", [str(item) for item in recent])
        self.recent_changed.emit(recent)
