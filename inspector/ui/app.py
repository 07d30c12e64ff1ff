"""The window's way in: Qt application, fonts, theme, and what happens with an error that nobody expected."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from inspector.domain.settings import Settings, check
from inspector.engine.codec import from_json
from inspector.ui.controller import Controller
from inspector.ui.engine_client import EngineClient
from inspector.ui.help_sheet import LimitsSheet
from inspector.ui.main_window import MainWindow
from inspector.ui.session import Notice, Session
from inspector.ui.theme import THEMES, apply, load_fonts, ui_font


class FaultReporter(QObject):
    """Shows an unhandled error once, from whatever thread, and writes it to a local log; never sends it."""

    happened = Signal(object)  # str: the traceback

    def __init__(self, session: Session, log: Path) -> None:
        super().__init__()
        self._session, self._log = session, log
        self.happened.connect(self._on_happened, Qt.ConnectionType.QueuedConnection)
        self._former = sys.excepthook

    def install(self) -> None:
        """Catch what would otherwise be lost on stderr."""
        sys.excepthook = self._caught
        threading.excepthook = lambda info: self._caught(info.exc_type, info.exc_value, info.exc_traceback)

    def remove(self) -> None:
        """Leave Python as it was."""
        sys.excepthook = self._former
        threading.excepthook = threading.__excepthook__

    def _caught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        text = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(text)
        self.happened.emit(text)

    def _on_happened(self, text: str) -> None:
        words = f"Something unexpected went wrong ({text.strip().splitlines()[-1]}); it was written to {self._log}."
        try:
            self._log.parent.mkdir(parents=True, exist_ok=True)
            with self._log.open("a", encoding="utf-8") as stream:
                stream.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{text}\n")
        except OSError as error:
            words = f"Something unexpected went wrong and could not be logged either ({error})."
        self._session.post(Notice(words, is_problem=True, action_id="copy_fault", detail=text))


def make_application() -> QApplication:
    """The QApplication with our name, style and fonts."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0] or "inspector"])
    application.setApplicationName("Deepfake Inspector")
    application.setOrganizationName("Deepfake Inspector")
    application.setStyle("Fusion")
    load_fonts()
    application.setFont(ui_font())
    return application


def make_window(path: Path | None = None, engine_command: list[str] | None = None) -> MainWindow:
    """A window with all it needs, not yet shown; `path` is opened as soon as it is."""
    store = QSettings()
    session = Session()
    name = str(store.value("theme", "dark"))
    session.theme_name = name if name in THEMES else "dark"
    session.settings = stored_settings(store)
    application = QApplication.instance()
    if isinstance(application, QApplication):
        apply(application, THEMES[session.theme_name])
    controller = Controller(session, EngineClient(engine_command))
    window = MainWindow(session, controller, store)
    session.setParent(window)
    controller.setParent(window)
    if path is not None:
        window.first_shown.connect(lambda: controller.open_path(path))
    return window


def stored_settings(store: QSettings) -> Settings:
    """The settings used last; the defaults if there are none or they are no longer valid."""
    text = store.value("settings")
    if not isinstance(text, str):
        return Settings()
    try:
        settings = from_json(text, Settings)
        check(settings)
    except ValueError:
        return Settings()
    return settings


def run(argv: Sequence[str]) -> int:
    """Open the window, on a clip or case file if one is named, and stay until it is closed."""
    application = make_application()
    window = make_window(Path(argv[0]) if argv else None)
    log = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)) / "faults.log"
    reporter = FaultReporter(window.session, log)
    reporter.install()
    # Python only sees Ctrl-C when it runs; a slow timer lets it.
    heartbeat = QTimer(window, interval=500)
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
    if window.is_first_start():
        window.first_shown.connect(lambda: LimitsSheet(window).open())
    window.show()
    code = application.exec()
    reporter.remove()
    return code
