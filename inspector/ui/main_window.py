"""The window: puts the parts together and connects them to session and controller; it holds no state of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.settings import Settings
from inspector.engine.codec import to_json
from inspector.ui import preferences
from inspector.ui.actions import ACTIONS, MENUS, ActionBook, Keys
from inspector.ui.controller import Controller
from inspector.ui.empty_state import EmptyState
from inspector.ui.files import Files
from inspector.ui.help_sheet import HelpSheet, LimitsSheet
from inspector.ui.keys_dialog import KeysDialog, keys_as_text, stored_keys
from inspector.ui.message_bar import MessageBar
from inspector.ui.panels.close_up import CloseUpPanel
from inspector.ui.panels.facts import ClipPanel, ModelPanel
from inspector.ui.panels.findings import FindingsPanel
from inspector.ui.panels.notes import NotesPanel
from inspector.ui.picture_tools import PictureTools
from inspector.ui.preferences import Preferences
from inspector.ui.session import Notice, Session
from inspector.ui.settings_dialog import SettingsDialog
from inspector.ui.stretch import range_handlers
from inspector.ui.theme import THEMES, apply, mono_font, next_theme
from inspector.ui.toolbar import Toolbar
from inspector.ui.transport import Transport
from inspector.ui.viewer import OpenedClip

if TYPE_CHECKING:
    from inspector.ui.timeline import Timeline

_SIDE_WIDTH = 344
_TIMELINE_SHARE = 0.29


class MainWindow(QMainWindow):
    """The one window of the program."""

    first_shown = Signal()

    def __init__(self, session: Session, controller: Controller, store: QSettings) -> None:
        super().__init__()
        self.session, self.controller, self._store = session, controller, store
        self._was_shown = False
        self.timeline: Timeline | None = None
        self.setWindowTitle("Deepfake Inspector")
        self.setAcceptDrops(True)
        self.setMinimumSize(1000, 620)
        self.book = ActionBook(self, THEMES[session.theme_name], stored_keys(store.value("keys")))
        self._build_parts()
        self._build_menus()
        self._arrange()
        self._connect()
        self.book.bind(self._handlers())
        self._restore()
        self._update_actions()

    # --- building ----------------------------------------------------------------------------------------------------

    def _build_parts(self) -> None:
        session = self.session
        self.files = Files(session, self.controller, self._store, self)
        self.toolbar = Toolbar(session, self.book, self)
        self.addToolBar(self.toolbar)
        self.message_bar = MessageBar(THEMES[session.theme_name])
        self.pictures = PictureTools(session, self.controller, self)
        self.frame_view = self.pictures.frame_view
        self.empty_state = EmptyState(self.files.has_demo)
        self.transport = Transport(session, self.book)
        self.findings = FindingsPanel(session)
        self.notes = NotesPanel(session)
        self.side = QTabWidget()
        self.side.setObjectName("side")
        self.side.setDocumentMode(True)
        self.side.tabBar().setDrawBase(False)
        self.side.addTab(self.findings, "Findings")
        self.close_up = CloseUpPanel(session, self.controller.pictures)
        self.side.addTab(self.close_up, "Close-up")
        self.side.addTab(ClipPanel(session), "Clip")
        self.side.addTab(ModelPanel(session), "Model")
        self.side.addTab(self.notes, "Notes")
        self.side.setMinimumWidth(300)
        self._status = QLabel("")
        self.zoom_label, self.pixel_label = QLabel(""), QLabel("")
        self.pixel_label.setFont(mono_font())
        self.statusBar().addPermanentWidget(self.pixel_label)
        self.statusBar().addWidget(self._status, 1)
        self.statusBar().addPermanentWidget(self.zoom_label)
        self.statusBar().setSizeGripEnabled(False)

    def _build_menus(self) -> None:
        menus = {name: self.menuBar().addMenu(f"&{name}") for name in MENUS}
        for spec in ACTIONS:
            if spec.starts_group:
                menus[spec.menu].addSeparator()
            menus[spec.menu].addAction(self.book[spec.id])
            if spec.id == "open_demo":
                self._recent_menu: QMenu = menus["File"].addMenu("Open &recent")

    def _arrange(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty_state)
        self._stack.addWidget(self.pictures)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message_bar)
        column.addWidget(self._stack, 1)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._across.addWidget(above)
        self._across.addWidget(self.side)
        self._across.setStretchFactor(0, 1)
        self._below = QWidget()
        self._below_column = QVBoxLayout(self._below)
        self._below_column.setContentsMargins(0, 0, 0, 0)
        self._below_column.setSpacing(0)
        self._below_column.addWidget(self.transport)
        self._down = QSplitter(Qt.Orientation.Vertical)
        self._down.addWidget(self._across)
        self._down.addWidget(self._below)
        self._down.setStretchFactor(0, 1)
        for splitter in (self._across, self._down):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self.setCentralWidget(self._down)

    def _connect(self) -> None:
        session, controller = self.session, self.controller
        session.clip_changed.connect(self._on_clip_changed)
        for signal in (session.clip_changed, session.analysis_changed, session.job_changed, session.model_changed,
                       session.settings_changed):  # fmt: skip
            signal.connect(lambda *_: self._update_actions())
        session.overlays_changed.connect(lambda _options: self._update_actions())
        session.busy_changed.connect(lambda _what: self._show_status())
        session.job_changed.connect(lambda _job: self._show_status())
        session.model_changed.connect(lambda _card: self._show_status())
        session.analysis_changed.connect(lambda _analysis: self._show_status())
        session.notice_posted.connect(self._on_notice_posted)
        session.theme_changed.connect(self._on_theme_changed)
        self.findings.analysis_wanted.connect(controller.analyst.analyse)
        self.files.recent_changed.connect(self._show_recent)
        controller.engine.ready_changed.connect(lambda _ready: self._show_status())
        self.message_bar.action_wanted.connect(self._on_message_action)
        self.empty_state.open_wanted.connect(self.files.open_with_dialog)
        self.empty_state.demo_wanted.connect(self.files.open_demo)
        self.empty_state.path_wanted.connect(controller.open_path)
        self.transport.speed_chosen.connect(controller.set_speed)
        self.transport.position_typed.connect(self._on_position_typed)
        self.findings.peak_wanted.connect(controller.show_peak)
        scribe = controller.scribe
        self.notes.note_added.connect(lambda text, pts: scribe.add_note(session.case_info.examiner, text, pts))
        self.notes.note_changed.connect(scribe.change_note)
        self.notes.bookmark_renamed.connect(scribe.rename_bookmark)
        self.notes.removed.connect(scribe.remove)
        self.findings.reviewed.connect(scribe.review)
        scribe.stack.indexChanged.connect(self._on_undo_changed)
        self.notes.pts_wanted.connect(controller.seek_pts)
        self.notes.info_changed.connect(controller.set_case_info)
        self.pictures.zoom_changed.connect(self._on_zoom_changed)
        self.pictures.pixel_described.connect(self.pixel_label.setText)
        self.pictures.filter_bar_toggled.connect(self.book["filters"].setChecked)

    def _handlers(self) -> dict[str, Callable[[], object]]:
        """What each action of the table does."""
        controller = self.controller
        ranges = range_handlers(self.session, lambda: self.ensure_timeline().note_stretch())
        return self.pictures.handlers() | ranges | {
            "close_up": lambda: self.side.setCurrentWidget(self.close_up),
            "open": self.files.open_with_dialog,
            "open_demo": self.files.open_demo,
            "export": self.files.export,
            "settings": self._settings_dialog,
            "quit": self.close,
            "undo": controller.scribe.stack.undo,
            "redo": controller.scribe.stack.redo,
            "play": controller.toggle_play,
            "shuttle_back": lambda: controller.shuttle(-1),
            "shuttle_on": lambda: controller.shuttle(1),
            "mute": controller.toggle_mute,
            "frame_back": lambda: controller.step(-1),
            "frame_on": lambda: controller.step(1),
            "ten_back": lambda: controller.step(-10),
            "ten_on": lambda: controller.step(10),
            "first": lambda: controller.step(-(10**9)),
            "last": lambda: controller.step(10**9),
            "go_to": self.transport.focus_goto,
            "analyse": controller.analyst.analyse,
            "cancel": controller.analyst.cancel,
            "next_segment": lambda: controller.step_segment(1),
            "previous_segment": lambda: controller.step_segment(-1),
            "next_track": controller.next_track,
            "bookmark": controller.scribe.add_bookmark,
            "heat_map": lambda: self._toggle_overlay("heat_map"),
            "boxes": lambda: self._toggle_overlay("boxes"),
            "landmarks": controller.cycle_landmarks,
            "signals": self._toggle_signals,
            "timeline_in": lambda: self.ensure_timeline().zoom(0.5),
            "timeline_out": lambda: self.ensure_timeline().zoom(2.0),
            "timeline_all": lambda: self.ensure_timeline().zoom_all(),
            "theme": lambda: self.session.set_theme(next_theme(self.session.theme_name)),
            "help": lambda: HelpSheet(self.book.keys, self).open(),
            "keys": self._keys_dialog,
            "limits": lambda: LimitsSheet(self).open(),
        }

    def ensure_timeline(self) -> Timeline:
        """Make the timeline if it is not there yet: its plotting library takes longer to load than all else."""
        if self.timeline is None:
            from inspector.ui.timeline import Timeline

            self.timeline = Timeline(self.session)
            self.timeline.connect_to(self.controller)
            self._below_column.addWidget(self.timeline, 1)
            self.timeline.setVisible(self.session.clip is not None)
        return self.timeline

    # --- what the session says ---------------------------------------------------------------------------------------

    def _on_clip_changed(self, opened: OpenedClip | None) -> None:
        self._stack.setCurrentWidget(self.empty_state if opened is None else self.pictures)
        if opened is None:
            return
        timeline = self.ensure_timeline()
        is_first = not timeline.isVisible()
        timeline.show()
        if is_first:
            below = round(self._down.height() * _TIMELINE_SHARE) + self.transport.height()
            self._down.setSizes([self._down.height() - below, below])
        path = Path(opened.clip.path)
        self.setWindowTitle(f"{path.name} – Deepfake Inspector")
        self.message_bar.hide()
        self.frame_view.setFocus()

    def _on_undo_changed(self, _index: int) -> None:
        # A method and no lambda: the stack says so once more while the window is taken apart.
        self._update_actions()

    def _update_actions(self) -> None:
        session = self.session
        present = {"demo"} if self.files.has_demo else set()
        stack = self.controller.scribe.stack
        present |= {name for name, able in (("undo", stack.canUndo()), ("redo", stack.canRedo())) if able}
        if session.opened is not None:
            present.add("clip")
            if len(session.opened.pts) > 1:
                present.add("video")
            if session.opened.clip.has_audio:
                present.add("sound")
            if session.job is not None:
                present.add("job")
            elif not session.is_analysed:
                present.add("idle")
            if session.model is not None:
                present.add("model")
        if session.analysis is not None:
            present.add("analysis")
        self.book.enable(present)

    def _show_status(self) -> None:
        session = self.session
        if session.busy:
            words = session.busy
        elif session.job is not None and session.job.started is None:
            words = "The analysis process is loading the detector …"
        elif session.clip is not None and session.model is None:
            words = "No model bundle: clips play and faces are found, but nothing is scored."
        elif session.model is not None:
            words = f"Model {session.model.name} {session.model.version}"
        else:
            words = ""
        self._status.setText(words)

    def _on_notice_posted(self, notice: Notice) -> None:
        labels = {"analyse": "Go on", "open_report": "Open folder", "copy_fault": "Copy the details", "": ""}
        self.message_bar.say(notice, labels[notice.action_id])

    def _on_message_action(self, notice: Notice) -> None:
        if notice.action_id == "analyse":
            self.controller.analyst.analyse()
        elif notice.action_id == "open_report":
            QDesktopServices.openUrl(QUrl.fromLocalFile(notice.detail))
        elif notice.action_id == "copy_fault":
            QApplication.clipboard().setText(notice.detail)

    def _on_theme_changed(self, name: str) -> None:
        application = QApplication.instance()
        theme = THEMES[name]
        if isinstance(application, QApplication):
            apply(application, theme)
        self.book.set_theme(theme)
        self.message_bar.set_theme(theme)
        self._store.setValue("theme", name)

    def _on_position_typed(self, text: str) -> None:
        try:
            self.controller.go_to(text)
        except ValueError as error:
            self.session.post(Notice(str(error), is_problem=True))
            return
        self.transport.clear_goto()
        self.frame_view.setFocus()

    def _on_zoom_changed(self, zoom: float) -> None:
        self.zoom_label.setText("" if self.session.shown is None else f"{zoom * 100:.0f} %")

    def _toggle_overlay(self, name: str) -> None:
        self.session.change_overlays(**{name: not getattr(self.session.overlays, name)})

    def _toggle_signals(self) -> None:
        self.ensure_timeline().show_signals(self.book["signals"].isChecked())

    def _show_recent(self, recent: list[Path]) -> None:
        self._recent_menu.clear()
        self._recent_menu.setEnabled(bool(recent))
        for path in recent:
            action = self._recent_menu.addAction(str(path))
            action.triggered.connect(lambda _checked=False, path=path: self.controller.open_path(path))
        self.empty_state.set_recent(recent)

    def _settings_dialog(self) -> None:
        dialog = SettingsDialog(self.session.settings, self, preferences.load(self._store))
        dialog.accepted.connect(lambda: self._use_settings(dialog.result_settings()))
        dialog.accepted.connect(lambda: self._use_preferences(dialog.result_preferences()))
        dialog.open()

    def _use_preferences(self, chosen: Preferences) -> None:
        preferences.save(self._store, chosen)
        self.controller.viewer.limit_cache_to(chosen.cache_megabytes << 20)

    def _use_settings(self, settings: Settings) -> None:
        self.session.set_settings(settings)
        self.controller.clerk.read_card(settings.model)
        self._store.setValue("settings", to_json(settings).decode())

    def _keys_dialog(self) -> None:
        dialog = KeysDialog(self.book.keys, self)
        dialog.accepted.connect(lambda: self._use_keys(dialog.chosen))
        dialog.open()

    def _use_keys(self, chosen: dict[str, Keys]) -> None:
        self.book.set_keys(chosen)
        self._store.setValue("keys", keys_as_text(chosen))

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        self.controller.viewer.limit_cache_to(preferences.load(self._store).cache_megabytes << 20)
        self.book["signals"].setChecked(True)
        self._show_recent(self.files.recent())
        geometry = self._store.value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(_first_size())
        self._across.setSizes([self.width() - _SIDE_WIDTH, _SIDE_WIDTH])

    def is_first_start(self) -> bool:
        """Whether nobody has used the program here before; from now on somebody has."""
        was_used = bool(self._store.value("was_used"))
        self._store.setValue("was_used", "yes")
        return not was_used

    def showEvent(self, event: QShowEvent) -> None:
        """Load what may come later once the window stands."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            # After the first paint, while the user looks: the plotting library and the name of the model.
            QTimer.singleShot(50, self.ensure_timeline)
            QTimer.singleShot(0, self.first_shown.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End threads and processes."""
        self._store.setValue("geometry", self.saveGeometry())
        if self.timeline is not None:
            self.timeline.stop()
        self.controller.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.controller.open_path(paths[0])


def _first_size() -> QSize:
    """Large, but within the screen it opens on."""
    screen = QApplication.primaryScreen()
    room = screen.availableGeometry().size() if screen is not None else QSize(1366, 768)
    return QSize(min(room.width(), 1680), min(room.height(), 980))
