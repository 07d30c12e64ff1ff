"""The timeline: the ruler on top, the lanes below, bound to the playhead both ways."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QToolTip, QVBoxLayout, QWidget

from inspector.ui.lane_items import GAP_PATTERN, Band, BandItem, LaneView
from inspector.ui.lane_stack import DENSE, ROOMY, LaneStack
from inspector.ui.lanes import Lane
from inspector.ui.ruler import Ruler
from inspector.ui.session import Session
from inspector.ui.theme import THEMES, Theme

_REDRAW_MS = 250
_SCROLLBAR = 10
_ROOMY_FROM = 300


class Timeline(QWidget):
    """Reads the session; `sought` is where the user clicked or dragged."""

    sought = Signal(object)  # float: seconds since the first picture

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAccessibleName("Timeline")
        self._session = session
        self._signals_shown = True
        self.ruler = Ruler(_SCROLLBAR)
        self.stack = LaneStack(session, self.ruler.view)
        self._arrange()
        self._redraw_timer = QTimer(self, singleShot=True, interval=_REDRAW_MS)
        self._redraw_timer.timeout.connect(self._redraw)
        self.ruler.sought.connect(self.sought)
        self.stack.sought.connect(self.sought)
        session.clip_changed.connect(lambda _clip: self._on_clip_changed())
        session.theme_changed.connect(lambda _name: self._rebuild())
        session.shown_changed.connect(lambda _shown: self._move_playhead())
        session.scores_added.connect(self._on_scores_added)
        session.analysis_changed.connect(lambda _analysis: self._on_analysis_changed())
        session.track_selected.connect(lambda _track: self._sync())
        session.notes_changed.connect(self._draw_marks)
        session.job_changed.connect(lambda _job: self._show_hint())
        session.model_changed.connect(lambda _card: self._redraw())
        self._on_clip_changed()

    def _arrange(self) -> None:
        for widget in (self.ruler, self.stack):
            widget.viewport().installEventFilter(self)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("lanes")
        self._scroll.setWidget(self.stack)
        self._scroll.setWidgetResizable(True)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._hint = QLabel("")
        self._hint.setObjectName("timeline_hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.ruler)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._hint, 1)

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return THEMES[self._session.theme_name]

    @property
    def lanes(self) -> list[Lane]:
        """The rows, tracks first."""
        return self.stack.lanes

    @property
    def view(self) -> LaneView:
        """The ruler's view, whose range all lanes share."""
        return self.ruler.view

    # --- zoom --------------------------------------------------------------------------------------------------------

    def zoom(self, factor: float) -> None:
        """Show `factor` of the present stretch, about the playhead where it is in sight."""
        low, high = self.view.viewRange()[0]
        about = self._playhead_seconds()
        if not low <= about <= high:
            about = (low + high) / 2
        self.view.setXRange(about - (about - low) * factor, about + (high - about) * factor, padding=0)

    def zoom_all(self) -> None:
        """The whole clip."""
        self.view.setXRange(0.0, self._limits()[0], padding=0)

    def show_signals(self, shown: bool) -> None:
        """With or without the signals' lanes."""
        self._signals_shown = shown
        self._sync()

    # --- in step with the session ------------------------------------------------------------------------------------

    def _limits(self) -> tuple[float, float]:
        """Where the last frame ends, in seconds, and five frames' length."""
        opened = self._session.opened
        if opened is None:
            return 1.0, 0.2
        last = opened.clip.seconds(int(opened.pts[-1]))
        step = max(last / (len(opened.pts) - 1), 1e-3) if len(opened.pts) > 1 else 0.04
        return last + step, 5 * step

    def _on_clip_changed(self) -> None:
        self.ruler.set_duration(*self._limits())
        self.zoom_all()
        self._rebuild()

    def _on_analysis_changed(self) -> None:
        self._sync()
        self._redraw()

    def _rebuild(self) -> None:
        """Make all rows anew: another clip, theme or height."""
        for widget in (self.ruler, self.stack):
            widget.setBackground(self.theme.plot)
        self.ruler.set_theme(self.theme)
        self.stack.clear_lanes()
        self._sync()
        self._redraw()

    def _sync(self) -> None:
        """Bring the rows in line with tracks and signals."""
        heights = ROOMY if self.height() >= _ROOMY_FROM else DENSE
        if set(self.stack.tracks) - set(self._session.board.track_ids):
            self.stack.clear_lanes()
        self.stack.sync(self.theme, heights, self._limits(), self._signals_shown)
        # pyqtgraph gives its layout the widget's width only when the widget is resized.
        self.stack.ci.setGeometry(QRectF(self.stack.rect()))
        self._show_hint()
        self._move_playhead()

    def _on_scores_added(self) -> None:
        tracks = self._session.board.tracks
        known = {track_id: lane.is_scored for track_id, lane in self.stack.tracks.items()}
        if known != {track_id: tracks[track_id].is_scored for track_id in self._session.board.track_ids}:
            self._sync()
            self._redraw()
        elif not self._redraw_timer.isActive():
            self._redraw_timer.start()

    def _show_hint(self) -> None:
        session, has_lanes = self._session, bool(self.lanes)
        words = ""
        if session.clip is not None and not has_lanes:
            if session.analysis is not None:
                words = "No face was found, so there is nothing to plot."
            elif session.job is not None:
                words = "The analysis has started; the first scores will appear here."
            else:
                words = "Once the clip is analysed, each face's probability is plotted here."
        self._hint.setText(words)
        self._hint.setVisible(not has_lanes)
        self._scroll.setVisible(has_lanes)

    def _redraw(self) -> None:
        self.stack.draw()
        self._draw_marks()
        self._move_playhead()

    def _draw_marks(self) -> None:
        session, clip = self._session, self._session.clip
        if clip is None:
            self.ruler.set_marks([])
            self.ruler.set_gaps([])
            return
        marked = [mark.pts for mark in session.bookmarks]
        marked += [note.pts for note in session.notes if note.pts is not None]
        self.ruler.set_marks([clip.seconds(pts) for pts in marked])
        colour = self.theme.problem
        self.ruler.set_gaps(
            [
                Band(clip.seconds(g.start_pts), clip.seconds(g.end_pts), GAP_PATTERN, colour, 200, f"gap: {g.reason}")
                for g in session.gaps
            ]
        )

    def _playhead_seconds(self) -> float:
        shown, clip = self._session.shown, self._session.clip
        return 0.0 if shown is None or clip is None else clip.seconds(shown.pts)

    def _move_playhead(self) -> None:
        shown = self._session.shown
        seconds = self._playhead_seconds()
        self.ruler.playhead.setPos(seconds)
        self.stack.move_playhead(seconds, None if shown is None else shown.pts)
        low, high = self.view.viewRange()[0]
        if self._session.playback.is_playing and not low <= seconds <= high:
            # Turn the page: the playhead enters at the left edge again.
            self.view.setXRange(seconds, seconds + high - low, padding=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Higher lanes where there is room for them."""
        super().resizeEvent(event)
        was_roomy = event.oldSize().height() >= _ROOMY_FROM
        if was_roomy != (self.height() >= _ROOMY_FROM) and self.lanes:
            self._rebuild()

    # --- tooltips ----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer tooltips with what lies under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            widget = self.ruler if watched is self.ruler.viewport() else self.stack
            words = self._words_at(widget, event)
            if words:
                QToolTip.showText(event.globalPos(), words, widget)
            else:
                QToolTip.hideText()
            return True
        return super().eventFilter(watched, event)

    def _words_at(self, widget: Ruler | LaneStack, event: QHelpEvent) -> str:
        at = widget.mapToScene(event.pos())
        rows: list[tuple[LaneView, BandItem]] = [(self.view, self.ruler.gaps)]
        rows += [(lane.view, lane.bands) for lane in self.lanes]
        for view, bands in rows:
            if view.scene() is widget.scene() and view.sceneBoundingRect().contains(at):
                seconds = view.mapSceneToView(at).x()
                words = [f"{seconds:.2f} s", *(band.words for band in bands.at(seconds))]
                return "\n".join(words + self._threshold_words())
        return ""

    def _threshold_words(self) -> list[str]:
        model = self._session.model
        if model is None:
            return []
        limits = model.threshold
        return [
            f"dashed: a stretch is noted from a smoothed probability of {limits.segment:.2f} on",
            f"dotted: whole tracks between {limits.low:.2f} and {limits.high:.2f} are inconclusive",
        ]
