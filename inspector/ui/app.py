"""Starts the window: Qt application, fonts, theme, stored settings, and the clip to open."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from inspector.domain.settings import Settings, check
from inspector.engine.codec import from_json
from inspector.engine.installation import make_no_lasting_key
from inspector.engine.work_folder import WorkFolder, removed_even_if_killed
from inspector.ui import preferences
from inspector.ui.case import places
from inspector.ui.controller import Controller
from inspector.ui.engine.client import EngineClient
from inspector.ui.faults import FaultReporter
from inspector.ui.session import Session
from inspector.ui.widgets import language
from inspector.ui.widgets.theme import load_fonts, ui_font
from inspector.ui.window.ending.signals import EndSignals
from inspector.ui.window.main_window import MainWindow

PRIVATE = "--private"
_ENGINE_MS = 1000  # a clip that is named at the start is opened first


def make_application() -> QApplication:
    """The QApplication with the program's name, style and fonts."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0] or "inspector"])
    application.setApplicationName("Deepfake Inspector")
    application.setOrganizationName("Deepfake Inspector")
    application.setStyle("Fusion")
    # Numbers look as in the report, which does not depend on the locale.
    QLocale.setDefault(QLocale.c())
    load_fonts()
    application.setFont(ui_font())
    return application


def make_window(
    path: Path | None = None, engine_command: list[str] | None = None, private_folder: Path | None = None
) -> MainWindow:
    """A window that is not shown yet; `path` is opened as soon as it is.

    In a private session, case files of clips and the settings are in `private_folder`, which the caller removes.
    """
    store = QSettings() if private_folder is None else _private_settings(private_folder)
    places.keep_cases_in(private_folder)
    chosen = preferences.load(store)
    session = Session()
    session.theme_name = chosen.theme
    session.settings = stored_settings(store)
    application = QApplication.instance()
    if isinstance(application, QApplication):
        language.install(application, chosen.language)  # before the first text
    controller = Controller(session, EngineClient(engine_command))
    window = MainWindow(session, controller, store)
    session.setParent(window)
    controller.setParent(window)
    if path is not None:
        window.first_shown.connect(lambda: controller.open_path(path))
    return window


def _private_settings(folder: Path) -> QSettings:
    """The user's settings for one session, without the recent clips and cases; what changes is not kept."""
    usual, private = QSettings(), QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    for key in usual.allKeys():
        if not key.startswith("recent"):
            private.setValue(key, usual.value(key))
    # Qt's own file dialog notes the folders that were visited.
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder))
    return private


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
    """Open the window, with the clips or the case that are named, and return when it is closed.

    With --private, the session leaves nothing behind: no recent files and no case files, except those of a case folder
    and reports, which the user puts somewhere.
    """
    paths = [Path(word) for word in argv if word != PRIVATE]
    application = make_application()
    with ExitStack() as stack:
        folder = stack.enter_context(_private_session()) if PRIVATE in argv else None
        return _run(application, make_window(private_folder=folder), paths)


@contextmanager
def _private_session() -> Iterator[Path]:
    """The folder of a private session, which is removed at its end, however that comes; nothing else is written."""
    with removed_even_if_killed():
        folder = WorkFolder(tempfile.gettempdir())
        os.environ["XDG_STATE_HOME"] = str(folder.path)  # where Linux has the log of errors, which may name the clip
        make_no_lasting_key()
        _leave_no_core_dump()
        # Those of the system note what was chosen in its list of recent files.
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
        try:
            yield folder.path
        finally:
            QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)
            folder.remove()


def _leave_no_core_dump() -> None:
    """A dump of this process would hold pictures of the clip; its other processes leave none in any session."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _collect() -> None:
    """Have Python look for unused objects again, if that was off for the start: not among those that were made then."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _run(application: QApplication, window: MainWindow, paths: list[Path]) -> int:
    window.first_shown.connect(_collect)
    window.first_shown.connect(lambda: window.cases.open_paths(paths))
    # Its libraries are then loaded when a clip is open and *Analyse* is pressed.
    window.first_shown.connect(partial(QTimer.singleShot, _ENGINE_MS, window, window.controller.engine.start_ahead))
    reporter = FaultReporter(window.session)
    reporter.install()
    signals = EndSignals(window)
    signals.install()
    if window.is_first_start():
        window.first_shown.connect(window.book["limits"].trigger)
    window.show()
    code = application.exec()
    signals.remove()
    reporter.remove()
    # Deleted here: at interpreter exit the order is undefined.
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    return code
