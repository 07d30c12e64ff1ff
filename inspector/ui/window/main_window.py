"""The main window: creates its parts and connects them with the session and the controller."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from inspector.ui.case.lane_export import LaneExport
from inspector.ui.controller import Controller
from inspector.ui.dialogs.keys_dialog import stored_keys
from inspector.ui.dialogs.sheets import Sheets
from inspector.ui.panels.close_up import CloseUpPanel
from inspector.ui.panels.facts import ClipPanel, ModelPanel
from inspector.ui.panels.file import FilePanel
from inspector.ui.panels.findings import FindingsPanel
from inspector.ui.panels.notes import NotesPanel
from inspector.ui.picture.picture_tools import PictureTools
from inspector.ui.player.players import PLAYERS
from inspector.ui.session import Session
from inspector.ui.state import Notice, OpenedClip
from inspector.ui.timeline.selection import range_handlers
from inspector.ui.widgets.actions import ActionBook
from inspector.ui.widgets.labels import PlainLabel
from inspector.ui.widgets.language import tr
from inspector.ui.widgets.theme import THEMES, apply, mono_font, next_theme
from inspector.ui.window.below import Below
from inspector.ui.window.busy_card import BusyCard
from inspector.ui.window.case_actions import CaseActions
from inspector.ui.window.compare_clips import CompareClips
from inspector.ui.window.cover import Cover
from inspector.ui.window.drop_window import DropWindow
from inspector.ui.window.empty_state import EmptyState
from inspector.ui.window.ending.closing import Closing
from inspector.ui.window.evidence_watch import EvidenceWatch
from inspector.ui.window.files import Files
from inspector.ui.window.full_close_up import FullCloseUp
from inspector.ui.window.handlers import Handlers, analysis_handlers, conditions, playback_handlers
from inspector.ui.window.menus import Menus
from inspector.ui.window.message_bar import MessageBar
from inspector.ui.window.naming import Naming
from inspector.ui.window.notices import Notices, status_text
from inspector.ui.window.title import WindowTitle
from inspector.ui.window.toolbar import Toolbar

if TYPE_CHECKING:
    from inspector.ui.timeline.timeline import Timeline

_SIDE_WIDTH = 344
_TIMELINE_MS = 50
_UNPAINTED_MS = 2000
_SMALLEST = 800, 510  # 800x600 with the bars of a desktop; 1366x768 at 150 % is 911x512


class MainWindow(DropWindow):
    """The one window of the program."""

    first_shown = Signal()  # after the first paint

    def __init__(self, session: Session, controller: Controller, store: QSettings) -> None:
        super().__init__()
        self.session, self.controller, self._store = session, controller, store
        self._was_shown = False
        self.setMinimumSize(*_SMALLEST)
        self.book = ActionBook(self, THEMES[session.theme_name], stored_keys(store.value("keys")))
        self._build_parts()
        self.menus = Menus(self.menuBar(), self.book)
        self._arrange()
        self._connect()
        self.book.bind(self._handlers())
        # Not before: once there is a style sheet, Qt looks through all that a widget holds whenever it gets a parent.
        self._apply_theme()
        self._restore()
        self._update_actions()

    # --- building ----------------------------------------------------------------------------------------------------

    def _build_parts(self) -> None:
        session = self.session
        self.files = Files(session, self.controller, self._store, self)
        self.sheets = Sheets(session, self.controller, self._store, self.book, self)
        self.cover = Cover(session, self.controller, self._store, self.sheets, self)
        self.naming = Naming(session, self.controller.annotator, self.cover, self)
        self.lane_export = LaneExport(session, self)
        self.cases = CaseActions(session, self.controller, self._store, self.book, self.cover, self)
        self.toolbar = Toolbar(session, self.book, self)
        self.addToolBar(self.toolbar)
        self.message_bar = MessageBar(THEMES[session.theme_name])
        Notices(session, self.message_bar, self.book, self.controller, self)
        EvidenceWatch(session, self)
        WindowTitle(session, self.controller, self)
        self.pictures = PictureTools(session, self.controller.pictures, self)
        self.frame_view = self.pictures.frame_view
        self.empty_state = EmptyState(self.files.has_demo)
        self._below = Below(session, self.book, self._store)
        self._below.timeline_made.connect(self._on_timeline_made)
        self.transport, self.ensure_timeline = self._below.transport, self._below.ensure_timeline
        self._build_side()
        self._closing = Closing(session, self.controller, self.notes, self.cases.export)
        self._build_status_bar()

    def _build_side(self) -> None:
        session = self.session
        self.findings = FindingsPanel(session)
        self.notes = NotesPanel(session)
        self.side = QTabWidget()
        self.side.setObjectName("side")
        self.side.setDocumentMode(True)
        self.side.tabBar().setDrawBase(False)
        self.close_up = CloseUpPanel(session, self.controller.pictures)
        panels: tuple[tuple[QWidget, str], ...] = (
            (self.findings, tr("Findings")),
            (self.close_up, tr("Close-up")),
            (ClipPanel(session, self.controller.open_stream), tr("Clip")),
            (FilePanel(session), tr("File")),
            (ModelPanel(session), tr("Model")),
            (self.notes, tr("Notes")),
            (self.cases.panel, tr("Case")),
        )
        for panel, name in panels:
            panel.setAccessibleName(name)
            self.side.addTab(panel, name)
        self.side.setAccessibleName(tr("Panels"))
        self.side.setMinimumWidth(300)

    def _build_status_bar(self) -> None:
        self._status = PlainLabel("")
        self.zoom_label, self.pixel_label = PlainLabel(""), PlainLabel("")
        self.pixel_label.setFont(mono_font())
        self.statusBar().addPermanentWidget(self.pixel_label)
        self.statusBar().addWidget(self._status, 1)
        self.statusBar().addPermanentWidget(self.zoom_label)
        self.statusBar().setSizeGripEnabled(False)

    def _arrange(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty_state)
        self._stack.addWidget(self.pictures)
        self.busy_card = BusyCard(self.session, self._stack)
        self.full_close_up = FullCloseUp(self.session, self.controller.pictures, self.close_up, self._stack)
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
        self._down = QSplitter(Qt.Orientation.Vertical)
        self._down.addWidget(self._across)
        self._down.addWidget(self._below)
        self._down.setStretchFactor(0, 1)  # when the window shrinks, the picture keeps its share
        self._down.setStretchFactor(1, 1)
        for splitter in (self._across, self._down):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self.setCentralWidget(self._down)
        self.parts = self.toolbar, self.message_bar, self._stack, self.side.tabBar(), self.side, self._below

    def _connect(self) -> None:
        session, controller = self.session, self.controller
        session.clip_changed.connect(self._on_clip_changed)
        for signal in (session.clip_changed, session.analysis_changed, session.job_changed, session.model_changed,
                       session.settings_changed):  # fmt: skip
            signal.connect(lambda *_: self._update_actions())
        session.overlays_changed.connect(lambda _options: self._update_actions())
        for update in (self._show_status, self._update_actions):
            session.busy_changed.connect(lambda _text, update=update: update())
        session.job_changed.connect(lambda _job: self._show_status())
        session.model_changed.connect(lambda _card: self._show_status())
        session.analysis_changed.connect(lambda _analysis: self._show_status())
        session.theme_changed.connect(self._on_theme_changed)
        self.findings.analysis_wanted.connect(controller.analyses.analyse)
        self.findings.earlier_wanted.connect(controller.records.use)
        self.files.recent_changed.connect(self._show_recent)
        self.cases.recent_changed.connect(self._on_case_opened)
        self.dropped.connect(self.cases.take_dropped)
        self.cases.state_changed.connect(self._update_actions)
        controller.engine.ready_changed.connect(lambda _ready: self._show_status())
        self.empty_state.open_wanted.connect(self.files.open_with_dialog)
        self.empty_state.demo_wanted.connect(self.files.open_demo)
        self.empty_state.path_wanted.connect(controller.open_path)
        self.transport.speed_chosen.connect(controller.set_speed)
        self.transport.position_typed.connect(self._on_position_typed)
        self.side.currentChanged.connect(lambda _at: self._on_tab_changed())
        self.side.tabBarClicked.connect(self._on_tab_clicked)
        self.findings.frame_wanted.connect(controller.show_frame)
        self.findings.name_wanted.connect(self.naming.ask)
        annotator = controller.annotator
        self.notes.note_added.connect(self._add_note)
        self.notes.note_changed.connect(annotator.change_note)
        self.notes.renamed.connect(annotator.rename)
        self.notes.removed.connect(annotator.remove)
        self.findings.reviewed.connect(
            lambda *decision: self.cover.before_decision(partial(annotator.review, *decision))
        )
        annotator.history.changed.connect(self._update_actions)
        self.notes.pts_wanted.connect(controller.seek_pts)
        self.notes.info_changed.connect(controller.set_case_info)
        self.pictures.zoom_changed.connect(self._on_zoom_changed)
        self.pictures.pixel_described.connect(self.pixel_label.setText)
        self.pictures.snapshots.pause_wanted.connect(controller.pause)
        self.pictures.snapshots.saved.connect(controller.keep_snapshot)
        CompareClips(session, controller, self.pictures.compare_bar, self)
        self.pictures.filter_bar_toggled.connect(self.book["filters"].setChecked)

    def _handlers(self) -> Handlers:
        """The handlers of all actions, by action id."""
        ranges = range_handlers(self.session, lambda: self.ensure_timeline().selector.write_note())
        return (
            playback_handlers(self.controller)
            | analysis_handlers(self.controller)
            | self.pictures.handlers()
            | ranges
            | self.cases.handlers()
            | self.sheets.handlers(self.frame_view)
            | self._own_handlers()
        )

    def _own_handlers(self) -> Handlers:
        return {
            "name_face": self.naming.ask,
            "close_up": lambda: self.side.setCurrentWidget(self.close_up),
            "close_up_full": self.full_close_up.toggle,
            "open": self.files.open_with_dialog,
            "open_demo": self.files.open_demo,
            "export": lambda: self.cover.before_report(self.files.export),
            "quit": self.close,
            "go_to": self.transport.focus_goto,
            "heat_map": lambda: self._toggle_overlay("heat_map"),
            "boxes": lambda: self._toggle_overlay("boxes"),
            "signals": self._toggle_signals,
            "timeline_in": lambda: self.ensure_timeline().zoom(0.5),
            "timeline_out": lambda: self.ensure_timeline().zoom(2.0),
            "timeline_all": lambda: self.ensure_timeline().zoom_all(),
            "theme": lambda: self.session.set_theme(next_theme(self.session.theme_name)),
        }

    @property
    def timeline(self) -> Timeline | None:
        """The timeline, if it was needed yet."""
        return self._below.timeline

    def _on_timeline_made(self, timeline: Timeline) -> None:
        timeline.sought.connect(self.controller.seek_seconds)
        timeline.pts_sought.connect(self.controller.seek_pts)
        timeline.note_wanted.connect(self._add_note)
        timeline.name_wanted.connect(self.naming.ask)
        timeline.export_wanted.connect(self.lane_export.ask)

    def _add_note(self, text: str, pts: int | None, end_pts: int | None = None) -> None:
        self.controller.annotator.add_note(self.session.case_info.examiner, text, pts, end_pts)

    @property
    def player(self) -> QWidget:
        """The picture, or the compared pictures."""
        return self.pictures.view

    def close_topmost(self) -> None:
        """Leave the full size of the close-up, and clear the selection with its buttons."""
        self.full_close_up.leave()
        if self.timeline is not None:
            self.timeline.selector.select(None)

    # --- changes of the session --------------------------------------------------------------------------------------

    def _on_clip_changed(self, opened: OpenedClip | None) -> None:
        self._stack.setCurrentWidget(self.empty_state if opened is None else self.pictures)
        if opened is None:
            return
        self._below.show_clip(self._down, is_still=opened.clip.is_still)
        self.message_bar.clear()
        self.player.setFocus()

    def _update_actions(self) -> None:
        demo = {"demo"} if self.files.has_demo else set()
        self.book.enable(conditions(self.session, self.controller) | self.cases.present() | demo)

    def _show_status(self) -> None:
        self._status.setText(status_text(self.session))

    def _apply_theme(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply(application, THEMES[self.session.theme_name])
        self.toolbar.keep_width()

    def _on_theme_changed(self, name: str) -> None:
        self._apply_theme()
        self.book.set_theme(THEMES[name])
        self.message_bar.set_theme(THEMES[name])

    def _on_position_typed(self, text: str) -> None:
        try:
            self.controller.go_to(text)
        except ValueError as error:
            self.session.post(Notice(str(error), is_problem=True, is_about_position=True))
            return
        self.transport.clear_goto()
        self.message_bar.hide_position_notice()
        self.player.setFocus()

    def _on_tab_changed(self) -> None:
        """Return the focus to the player: Qt gives it to the first field of the page, which would receive its keys."""
        page, here = self.side.currentWidget(), self.focusWidget()
        if here is not None and (here is page or page.isAncestorOf(here)):
            (self.player if self.player.isVisible() else self.side.tabBar()).setFocus()

    def _on_tab_clicked(self, at: int) -> None:
        """Focus the box of the notes: a click on their tab means to type, and keys must not reach the player."""
        if self.side.widget(at) is self.notes:
            QTimer.singleShot(0, self.notes, self.notes.focus_text)  # after the page has changed

    def _on_zoom_changed(self, zoom: float) -> None:
        self.zoom_label.setText("" if self.session.shown is None else f"{zoom * 100:.0f} %")

    def _toggle_overlay(self, name: str) -> None:
        self.session.change_overlays(**{name: not getattr(self.session.overlays, name)})

    def _toggle_signals(self) -> None:
        self.ensure_timeline().show_signals(self.book["signals"].isChecked())

    def _show_recent(self, recent: list[Path]) -> None:
        self.menus.show_recent("open_demo", recent, self.controller.open_path)
        self.empty_state.set_recent(recent)

    def _show_recent_cases(self, recent: list[Path]) -> None:
        self.menus.show_recent("open_case", recent, self.controller.open_path)
        self.empty_state.set_recent_cases(recent)

    def _on_case_opened(self, recent: list[Path]) -> None:
        self._show_recent_cases(recent)
        self.side.setCurrentWidget(self.cases.panel)

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        self.book["signals"].setChecked(True)
        self._show_recent(self.files.recent())
        self._show_recent_cases(self.cases.recent())
        geometry = self._store.value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(_first_size())
        side = max(_SIDE_WIDTH, self.side.tabBar().sizeHint().width())  # its tabs are wider in some languages
        self._across.setSizes([self.width() - side, side])

    def is_first_start(self) -> bool:
        """Whether the program is started for the first time; the next call returns False."""
        was_used = bool(self._store.value("was_used"))
        self._store.setValue("was_used", "yes")
        return not was_used

    def showEvent(self, event: QShowEvent) -> None:
        """A window that is not painted, because it is minimized or behind another, opens its clip all the same."""
        super().showEvent(event)
        QTimer.singleShot(_UNPAINTED_MS, self, self._on_first_painted)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Start what is slow when the window is on the screen with all that it holds."""
        super().paintEvent(event)
        if not self._was_shown:
            QTimer.singleShot(0, self, self._on_first_painted)  # its parts are painted after it, in the same turn

    def _on_first_painted(self) -> None:
        if not self._was_shown and self.isVisible():
            self._was_shown = True
            self.first_shown.emit()
            QTimer.singleShot(_TIMELINE_MS, self, self.ensure_timeline)  # loads the plotting library

    def closeEvent(self, event: QCloseEvent) -> None:
        """End threads and processes; what would be lost refuses the first attempt."""
        self.frame_view.setFocus()  # a field that is being edited commits its text
        self.controller.finish_writing()
        if self._closing.is_refused():
            event.ignore()
            return
        self._store.setValue("geometry", self.saveGeometry())
        PLAYERS.hurry()
        self._below.keep(self._down)
        self.lane_export.background.stop(cancel=False)
        self.controller.close()
        self.cases.export.close()
        super().closeEvent(event)


def _first_size() -> QSize:
    """1680 × 980, or the size of the screen if that is smaller."""
    screen = QApplication.primaryScreen()
    room = screen.availableGeometry().size() if screen is not None else QSize(1366, 768)
    return QSize(min(room.width(), 1680), min(room.height(), 980))
