"""The timeline: time axis and marks on top, a lane per track and per signal below, bound to the playhead both ways."""

from __future__ import annotations

from typing import Any, NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QToolTip, QVBoxLayout, QWidget

from inspector.ui.lane_items import GAP_PATTERN, Band, BandItem, LaneView, TimeAxis, playhead_line
from inspector.ui.lanes import AXIS_WIDTH, LABEL_WIDTH, Lane, SignalLane, TrackLane
from inspector.ui.session import Session
from inspector.ui.theme import THEMES, Theme

_REDRAW_MS = 250
_SCROLLBAR = 10
_RULER_HEIGHT = 40
_SPACING = 4
_ROOMY_FROM = 300


class _Heights(NamedTuple):
    track: int
    unscored: int
    signal: int


_DENSE = _Heights(62, 32, 38)
_ROOMY = _Heights(92, 36, 52)


class Timeline(QWidget):
    """Reads the session; `sought` is where the user clicked or dragged."""

    sought = Signal(object)  # float: seconds since the first picture

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAccessibleName("Timeline")
        self._session = session
        self._lanes: list[Lane] = []
        self._drawn: list[tuple[int, bool]] = []
        self._signals_shown = True
        self._build()
        self._redraw_timer = QTimer(self, singleShot=True, interval=_REDRAW_MS)
        self._redraw_timer.timeout.connect(self._redraw)
        session.clip_changed.connect(lambda _clip: self._rebuild())
        session.theme_changed.connect(lambda _name: self._rebuild())
        session.shown_changed.connect(lambda _shown: self._move_playhead())
        session.scores_added.connect(self._on_scores_added)
        session.analysis_changed.connect(lambda _analysis: self._rebuild())
        session.track_selected.connect(lambda _track: self._rebuild())
        session.notes_changed.connect(self._draw_marks)
        session.job_changed.connect(lambda _job: self._show_hint())
        session.model_changed.connect(lambda _card: self._rebuild())
        self._rebuild()

    def _build(self) -> None:
        self._ruler = pg.GraphicsLayoutWidget()
        self._ruler.setFixedHeight(_RULER_HEIGHT)
        self._canvas = pg.GraphicsLayoutWidget()
        for widget in (self._ruler, self._canvas):
            widget.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
            widget.ci.setSpacing(_SPACING)
            widget.ci.setContentsMargins(4, 0, 6, 0)
            widget.viewport().installEventFilter(self)
        self._ruler.ci.setContentsMargins(4, 0, 6 + _SCROLLBAR, 0)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._canvas)
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
        column.addWidget(self._ruler)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._hint, 1)

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return THEMES[self._session.theme_name]

    @property
    def lanes(self) -> list[Lane]:
        """The rows, tracks first."""
        return self._lanes

    @property
    def view(self) -> LaneView:
        """The ruler's view, whose range all lanes share."""
        return self._ruler_view

    # --- zoom --------------------------------------------------------------------------------------------------------

    def zoom(self, factor: float) -> None:
        """Show `factor` of the present stretch, about the playhead where it is in sight."""
        low, high = self._ruler_view.viewRange()[0]
        about = self._playhead_seconds()
        if not low <= about <= high:
            about = (low + high) / 2
        self._ruler_view.setXRange(about - (about - low) * factor, about + (high - about) * factor, padding=0)

    def zoom_all(self) -> None:
        """The whole clip."""
        self._ruler_view.setXRange(0.0, self._duration(), padding=0)

    def show_signals(self, shown: bool) -> None:
        """With or without the signals' lanes."""
        self._signals_shown = shown
        self._rebuild()

    # --- building ----------------------------------------------------------------------------------------------------

    def _duration(self) -> float:
        opened = self._session.opened
        if opened is None:
            return 1.0
        last = opened.clip.seconds(int(opened.pts[-1]))
        return max(last + self._frame_seconds(), 1e-3)

    def _frame_seconds(self) -> float:
        opened = self._session.opened
        if opened is None or len(opened.pts) < 2:
            return 0.04
        return max(opened.clip.seconds(int(opened.pts[-1])) / (len(opened.pts) - 1), 1e-3)

    def _rebuild(self) -> None:
        """Make all rows anew; the stretch in sight stays if the clip does."""
        kept = self._ruler_view.viewRange()[0] if self._lanes_of_clip() else None
        self._clip_shown = self._session.opened
        theme = self.theme
        for widget in (self._ruler, self._canvas):
            widget.setBackground(theme.plot)
            widget.ci.clear()
        self._lanes, self._drawn = [], []
        self._build_ruler(theme)
        self._build_lanes(theme)
        for widget in (self._ruler, self._canvas):
            # Clearing the layout shrinks it, and pyqtgraph only widens it again when the widget is resized.
            widget.ci.setGeometry(QRectF(widget.rect()))
        if kept is None:
            self.zoom_all()
        else:
            self._ruler_view.setXRange(*kept, padding=0)
        self._redraw()

    def _lanes_of_clip(self) -> bool:
        return getattr(self, "_clip_shown", None) is not None and self._clip_shown is self._session.opened

    def _build_ruler(self, theme: Theme) -> None:
        self._ruler_view = LaneView()
        self._ruler_view.sought.connect(self.sought)
        spacer = pg.LabelItem("")
        spacer.setFixedWidth(LABEL_WIDTH)
        self._ruler.addItem(spacer, 0, 0)
        for widget in (self._ruler, self._canvas):
            widget.ci.layout.setColumnFixedWidth(0, LABEL_WIDTH)
            widget.ci.layout.setColumnStretchFactor(1, 1)
        plot = pg.PlotItem(viewBox=self._ruler_view, axisItems={"top": TimeAxis("top")})
        plot.hideButtons()
        plot.hideAxis("bottom")
        plot.showAxis("top")
        plot.getAxis("left").setWidth(AXIS_WIDTH)
        plot.getAxis("left").setStyle(showValues=False, tickLength=0)
        plot.getAxis("left").setPen(pg.mkPen(theme.plot))
        top = plot.getAxis("top")
        top.setPen(pg.mkPen(theme.grid))
        top.setTextPen(pg.mkPen(theme.muted))
        top.setHeight(22)
        self._ruler.addItem(plot, 0, 1)
        self._ruler_view.setYRange(0, 1, padding=0)
        self._set_limits(self._ruler_view)
        self._gap_bands = BandItem()
        plot.addItem(self._gap_bands)
        self._marks = pg.ScatterPlotItem(symbol="t", size=9, pen=None, brush=pg.mkBrush(theme.accent))
        plot.addItem(self._marks)
        self._ruler_playhead = playhead_line(theme.playhead)
        plot.addItem(self._ruler_playhead, ignoreBounds=True)

    def _set_limits(self, view: LaneView) -> None:
        end = self._duration()
        view.setLimits(xMin=0.0, xMax=end, minXRange=min(5 * self._frame_seconds(), end))

    def _build_lanes(self, theme: Theme) -> None:
        session = self._session
        clip = session.clip
        if clip is None:
            self._show_hint()
            return
        heights = self._heights()
        self._drawn = self._lane_kinds()
        for track_id, is_scored in self._drawn:
            height = heights.track if is_scored else heights.unscored
            lane = TrackLane(self._canvas, len(self._lanes), theme, height, track_id)
            lane.set_threshold(None if session.model is None else session.model.threshold)
            self._add_lane(lane)
        analysis = session.analysis
        if analysis is not None and self._signals_shown:
            for series in analysis.signals:
                if series.track_id == session.selected_track:
                    self._add_lane(SignalLane(self._canvas, len(self._lanes), theme, heights.signal, series, clip))
        height = sum(lane.height + _SPACING for lane in self._lanes)
        filler = pg.LabelItem("")
        self._canvas.addItem(filler, len(self._lanes), 0)
        self._canvas.ci.layout.setRowStretchFactor(len(self._lanes), 1)
        self._canvas.setMinimumHeight(height + 8)
        self._show_hint()

    def _heights(self) -> _Heights:
        return _ROOMY if self.height() >= _ROOMY_FROM else _DENSE

    def _lane_kinds(self) -> list[tuple[int, bool]]:
        """Each track, and whether any of its frames has a probability: one without is drawn as a thin lane."""
        tracks = self._session.board.tracks
        return [(track_id, tracks[track_id].is_scored) for track_id in self._session.board.track_ids]

    def _add_lane(self, lane: Lane) -> None:
        lane.set_limits(self._duration(), 5 * self._frame_seconds())
        lane.plot.setXLink(self._ruler_view)
        lane.view.sought.connect(self.sought)
        self._lanes.append(lane)

    def _show_hint(self) -> None:
        session = self._session
        words = ""
        if session.clip is not None and not self._lanes:
            if session.analysis is not None:
                words = "No face was found, so there is nothing to plot."
            elif session.job is not None:
                words = "The analysis has started; the first scores will appear here."
            else:
                words = "Press Analyse to plot each face's probability here."
        self._hint.setText(words)
        self._hint.setVisible(not self._lanes)
        self._scroll.setVisible(bool(self._lanes))

    # --- drawing -----------------------------------------------------------------------------------------------------

    def _on_scores_added(self) -> None:
        if self._drawn != self._lane_kinds():
            self._rebuild()
        elif not self._redraw_timer.isActive():
            self._redraw_timer.start()

    def _redraw(self) -> None:
        session = self._session
        clip = session.clip
        if clip is None:
            return
        segments = list(session.analysis.segments) if session.analysis is not None else []
        for lane in self._lanes:
            if isinstance(lane, TrackLane):
                series = session.board.tracks[lane.track_id]
                lane.set_series(series, clip, session.settings.smoothing_seconds, segments)
        self._draw_marks()
        self._move_playhead()

    def _draw_marks(self) -> None:
        clip = self._session.clip
        if clip is None:
            self._marks.setData([], [])
            return
        marked = [mark.pts for mark in self._session.bookmarks]
        marked += [note.pts for note in self._session.notes if note.pts is not None]
        self._marks.setData([clip.seconds(pts) for pts in marked], [0.5] * len(marked))
        colour = self.theme.problem
        gaps = [
            Band(clip.seconds(gap.start_pts), clip.seconds(gap.end_pts), GAP_PATTERN, colour, 200, f"gap: {gap.reason}")
            for gap in self._session.gaps
        ]
        self._gap_bands.set_bands(gaps)

    def _playhead_seconds(self) -> float:
        shown, clip = self._session.shown, self._session.clip
        return 0.0 if shown is None or clip is None else clip.seconds(shown.pts)

    def _move_playhead(self) -> None:
        seconds = self._playhead_seconds()
        shown = self._session.shown
        self._ruler_playhead.setPos(seconds)
        for lane in self._lanes:
            lane.playhead.setPos(seconds)
            if isinstance(lane, TrackLane | SignalLane):
                lane.show_value(None if shown is None else shown.pts)
        low, high = self._ruler_view.viewRange()[0]
        if self._session.playback.is_playing and not low <= seconds <= high:
            # Turn the page: the playhead enters at the left edge again.
            self._ruler_view.setXRange(seconds, seconds + high - low, padding=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Higher lanes where there is room for them."""
        super().resizeEvent(event)
        was_roomy = event.oldSize().height() >= _ROOMY_FROM
        if was_roomy != (self.height() >= _ROOMY_FROM) and self._lanes:
            self._rebuild()

    # --- tooltips ----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer tooltips with what lies under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            widget: Any = self._ruler if watched is self._ruler.viewport() else self._canvas
            words = self._words_at(widget, event)
            if words:
                QToolTip.showText(event.globalPos(), words, widget)
            else:
                QToolTip.hideText()
            return True
        return super().eventFilter(watched, event)

    def _threshold_words(self) -> list[str]:
        model = self._session.model
        if model is None:
            return []
        limits = model.threshold
        return [
            f"dashed: a stretch is noted from a smoothed probability of {limits.segment:.2f} on",
            f"dotted: whole tracks between {limits.low:.2f} and {limits.high:.2f} are inconclusive",
        ]

    def _words_at(self, widget: Any, event: QHelpEvent) -> str:
        at = widget.mapToScene(event.pos())
        rows: list[tuple[Any, BandItem]] = [(self._ruler_view, self._gap_bands)]
        rows += [(lane.view, lane.bands) for lane in self._lanes]
        for view, bands in rows:
            if view.scene() is widget.scene() and view.sceneBoundingRect().contains(at):
                seconds = view.mapSceneToView(at).x()
                words = [f"{seconds:.2f} s", *(band.words for band in bands.at(seconds))]
                return "\n".join(words + self._threshold_words())
        return ""
