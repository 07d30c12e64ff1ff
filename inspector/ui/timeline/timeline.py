"""The timeline: overview, ruler, lanes and filmstrip over one range of seconds, bound to the playhead both ways."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from inspector.ui.player.thumbnails import Thumbnailer, ThumbnailRequest
from inspector.ui.series import ABSTENTIONS
from inspector.ui.session import Session
from inspector.ui.timeline.filmstrip import Filmstrip
from inspector.ui.timeline.lanes.lane_items import LaneView
from inspector.ui.timeline.lanes.lane_stack import DENSE, ROOMY, LaneStack
from inspector.ui.timeline.lanes.lanes import Lane
from inspector.ui.timeline.lanes.waveform import Waveform
from inspector.ui.timeline.legend import Legend, entries
from inspector.ui.timeline.marks import Mark
from inspector.ui.timeline.menu import TimelineMenu
from inspector.ui.timeline.overview import Overview
from inspector.ui.timeline.pointer import Pointer
from inspector.ui.timeline.ruler import Ruler
from inspector.ui.timeline.selection import (
    Selection,
    SelectionBar,
    ask_for_note,
    end_after,
    frames_between,
    seconds_of,
)
from inspector.ui.timeline.text import marks_of
from inspector.ui.widgets.theme import THEMES, Theme

_REDRAW_MS = 250
_SCROLLBAR = 10
_ROOMY_FROM = 420
_STRIP_FROM, _LEGEND_FROM = 190, 230  # heights at which there is room for the filmstrip and for the legend's line


class Timeline(QWidget):
    """Reads the session; `sought` is where the user clicked or scrubbed, `note_wanted` a note on a stretch."""

    sought = Signal(object)  # float: seconds since the first picture
    pts_sought = Signal(object)  # int
    note_wanted = Signal(object, object, object)  # str, pts, end_pts

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAccessibleName("Timeline")
        self._session = session
        self._selection: Selection | None = None
        self._portraits: dict[int, ThumbnailRequest] = {}
        self.thumbnails, self.waveform = Thumbnailer(self), Waveform(self)
        self.overview, self.ruler = Overview(_SCROLLBAR), Ruler(_SCROLLBAR)
        self.stack = LaneStack(session, self.ruler.view)
        self.filmstrip = Filmstrip(session, self.thumbnails, _SCROLLBAR)
        self.legend = Legend()
        self.menu = TimelineMenu(self.ruler)
        self.bar = SelectionBar(self)
        parts = (self.ruler, self.stack, self.overview, self.filmstrip)
        self.pointer = Pointer(session, self.thumbnails, parts, self)
        self._arrange()
        self._redraw_timer = QTimer(self, singleShot=True, interval=_REDRAW_MS)
        self._redraw_timer.timeout.connect(self._redraw)
        self._connect_parts()
        self._connect_session()
        self._on_clip_changed()

    def _arrange(self) -> None:
        self._scroll = QScrollArea()
        self._scroll.setObjectName("lanes")
        self._scroll.setAccessibleName("Timeline")
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
        for part in (self.overview, self.ruler):
            column.addWidget(part)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._hint, 1)
        column.addWidget(self.filmstrip)
        column.addWidget(self.legend)

    def _connect_parts(self) -> None:
        self.ruler.sought.connect(self.sought)
        self.stack.sought.connect(self._on_lane_clicked)
        self.stack.selected.connect(self._on_selected)
        self.stack.grown.connect(self._fit_rows)
        self.stack.drawn.connect(self._draw_marks)
        self.stack.drawn.connect(self._move_playhead)
        self.overview.moved.connect(lambda start, end: self.view.setXRange(start, end, padding=0))
        self.filmstrip.sought.connect(self.pts_sought)
        self.view.sigXRangeChanged.connect(lambda *_: self._on_range_changed())
        self.thumbnails.ready.connect(lambda request: self._show_portraits() if request.box is not None else None)
        self.waveform.grown.connect(lambda: self.stack.draw_sound(self.waveform.peaks()))
        self.menu.changed.connect(self._on_menu_changed)
        self.bar.note_wanted.connect(self.note_selection)
        self.bar.range_wanted.connect(self._selection_to_range)
        self.bar.zoom_wanted.connect(self._zoom_to_selection)
        self.bar.dismissed.connect(lambda: self.select(None))

    def _connect_session(self) -> None:
        session = self._session
        session.clip_changed.connect(lambda _clip: self._on_clip_changed())
        session.theme_changed.connect(lambda _name: self._rebuild())
        session.shown_changed.connect(lambda _shown: self._move_playhead())
        session.playback_changed.connect(lambda playback: self.thumbnails.rest(playback.is_playing))
        session.scores_added.connect(self._on_scores_added)
        session.analysis_changed.connect(lambda _analysis: self._on_analysis_changed())
        session.track_selected.connect(lambda _track: self._sync())
        session.notes_changed.connect(self._draw_marks)
        session.range_changed.connect(self._draw_spans)
        session.job_changed.connect(lambda _job: self._show_hint())
        session.model_changed.connect(lambda _card: self._redraw())

    def stop(self) -> None:
        """End the threads."""
        self.thumbnails.stop()
        self.waveform.stop()

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
        """With or without the signals' lanes, whichever of them are chosen in the menu."""
        self.menu.are_signals_shown = shown
        self._sync()

    def _on_range_changed(self) -> None:
        low, high = self.view.viewRange()[0]
        self.overview.set_view(low, high)
        self.filmstrip.set_view(low, high)
        self._place_bar()

    # --- stretches ---------------------------------------------------------------------------------------------------

    @property
    def selection(self) -> Selection | None:
        """The pts of the first and last frame that are selected."""
        return self._selection

    def select(self, stretch: Selection | None) -> None:
        """Select from the first to the last of two frames, or nothing."""
        self._selection = stretch
        self._draw_spans()
        if stretch is None:
            self.bar.hide()

    def note_selection(self) -> None:
        """Ask for a note on the selection, else on what lies between in and out, else on the frame on the screen."""
        opened, shown = self._session.opened, self._session.shown
        stretch = self._selection or self._session.in_out_range
        if opened is None or shown is None:
            return
        first, last = stretch or (shown.pts, shown.pts)
        dialog = ask_for_note(self.window(), opened, (first, last))

        def write(text: str) -> None:
            if text.strip():
                self.note_wanted.emit(text.strip(), first, end_after(opened, last))
                self.select(None)

        dialog.textValueSelected.connect(write)
        dialog.open()

    def _on_lane_clicked(self, seconds: float) -> None:
        self.select(None)
        self.sought.emit(seconds)

    def _on_selected(self, start: float, end: float, is_finished: bool) -> None:
        opened = self._session.opened
        if opened is None:
            return
        self.select(frames_between(opened, start, end))
        if is_finished:
            self._place_bar(is_new=True)

    def _selection_to_range(self) -> None:
        if self._selection is not None:
            self._session.set_range(*self._selection)
            self.select(None)

    def _zoom_to_selection(self) -> None:
        if self._selection is not None and self._session.opened is not None:
            self.view.setXRange(*seconds_of(self._session.opened, self._selection), padding=0)

    def _place_bar(self, *, is_new: bool = False) -> None:
        opened = self._session.opened
        if self._selection is None or opened is None or not (is_new or self.bar.isVisible()):
            return
        end = seconds_of(opened, self._selection)[1]
        at = self.ruler.mapFromScene(self.view.mapViewToScene(QPointF(end, 0.5)))
        self.bar.place(at.x() + 6, self._scroll.y() + 4)

    def _draw_spans(self) -> None:
        opened, between = self._session.opened, self._session.in_out_range
        chosen = None if opened is None or self._selection is None else seconds_of(opened, self._selection)
        kept = None if opened is None or between is None else seconds_of(opened, between)
        self.stack.set_spans(kept, chosen)
        starts, ends = np.array([[], []] if kept is None else [[kept[0]], [kept[1]]], dtype=np.float64)
        self.ruler.marks.set_marks(Mark.RANGE, starts, ends)

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
        clip = self._session.clip
        self._selection, self._portraits = None, {}
        self.bar.hide()
        if clip is not None:
            self.thumbnails.open(clip)
            self.waveform.open(clip)
        self.ruler.set_duration(*self._limits())
        self.zoom_all()
        self._on_range_changed()
        self._rebuild()

    def _on_analysis_changed(self) -> None:
        self._sync()
        self._redraw()

    def _on_menu_changed(self) -> None:
        self._sync()
        self._show_parts()

    def _rebuild(self) -> None:
        """Make all rows anew: another clip, theme or height."""
        for widget in (self.ruler, self.stack):
            widget.setBackground(self.theme.plot)
        for part in (self.ruler, self.overview, self.filmstrip, self.pointer):
            part.set_theme(self.theme)
        self.stack.clear_lanes()
        self._sync()
        self._redraw()

    def _sync(self) -> None:
        """Bring the rows in line with tracks, sound and signals."""
        heights = ROOMY if self.height() >= _ROOMY_FROM else DENSE
        if set(self.stack.tracks) - set(self._session.board.track_ids):
            self.stack.clear_lanes()
        self.menu.set_lanes(self.stack.names)
        self.stack.sync(self.theme, heights, self._limits(), self.menu.hidden)
        self._fit_rows()

    def _fit_rows(self) -> None:
        """Bring new rows in line with what the others show."""
        self.stack.draw_sound(self.waveform.peaks())
        # pyqtgraph gives its layout the widget's width only when the widget is resized.
        self.stack.ci.setGeometry(QRectF(self.stack.rect()))
        self._show_hint()
        self._draw_spans()
        self._show_portraits()
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
        session, has_lanes = self._session, bool(self.lanes) or not self.stack.is_whole
        text = ""
        if session.clip is not None and not has_lanes:
            if session.analysis is not None:
                text = "No face was found, so there is nothing to plot."
            elif session.job is not None:
                text = "The analysis has started; the first scores will appear here."
            else:
                text = "Once the clip is analysed, each face's probability is plotted here."
        self._hint.setText(text)
        self._hint.setVisible(not has_lanes)
        self._scroll.setVisible(has_lanes)

    def _redraw(self) -> None:
        self.stack.draw()
        self._show_portraits()

    def _draw_marks(self) -> None:
        """Marks, overview and legend."""
        session, marks = self._session, self.ruler.marks
        found = marks_of(session)
        for kind in (Mark.GAP, Mark.KEY, Mark.SHOT, Mark.NOTE, Mark.BOOKMARK):
            marks.set_marks(kind, *found[kind])
        clip = session.clip
        segments = () if session.analysis is None or clip is None else session.analysis.segments
        spans = [] if clip is None else [(clip.seconds(s.start_pts), clip.seconds(s.end_pts)) for s in segments]
        gaps = list(zip(found[Mark.GAP][0], found[Mark.GAP][1], strict=True))
        tracks = self.stack.tracks.values()
        self.overview.set_content(self._limits()[0], [lane.smoothed.pyramid for lane in tracks], spans, gaps)
        codes = {int(code) for lane in tracks for code in np.unique(lane.abstentions.codes)}
        reasons = [ABSTENTIONS[code] for code in sorted(codes)]
        kinds = [kind for kind in Mark if len(marks.starts(kind))]
        listed = entries(reasons, kinds, is_scored=any(lane.is_scored for lane in tracks))
        self.legend.set_content(self.theme, listed)
        self.menu.set_legend(self.theme, listed)

    def _show_portraits(self) -> None:
        """Put the faces that are decoded before their lanes, and ask for the others."""
        wanted = self.stack.portraits()
        if wanted != self._portraits:
            self._portraits = wanted
            self.thumbnails.want("faces", list(wanted.values()))
        for track_id, request in wanted.items():
            image = self.thumbnails.image(request)
            if image is not None and not image.isNull():
                self.stack.tracks[track_id].label.set_portrait(image)

    def _playhead_seconds(self) -> float:
        shown, clip = self._session.shown, self._session.clip
        return 0.0 if shown is None or clip is None else clip.seconds(shown.pts)

    def _move_playhead(self) -> None:
        shown, seconds = self._session.shown, self._playhead_seconds()
        self.ruler.playhead.setPos(seconds)
        self.overview.set_playhead(seconds)
        self.filmstrip.set_playhead(seconds)
        self.stack.move_playhead(seconds, None if shown is None else shown.pts)
        low, high = self.view.viewRange()[0]
        if self._session.playback.is_playing and not low <= seconds <= high:
            # Turn the page: the playhead enters at the left edge again.
            self.view.setXRange(seconds, seconds + high - low, padding=0)

    def _show_parts(self) -> None:
        """What there is room for, of what is wanted."""
        self.filmstrip.setVisible(self.menu.is_filmstrip_shown and self.height() >= _STRIP_FROM)
        self.legend.setVisible(self.menu.is_legend_shown and self.height() >= _LEGEND_FROM)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Higher lanes, and more below them, where there is room."""
        super().resizeEvent(event)
        self._show_parts()
        was_roomy = event.oldSize().height() >= _ROOMY_FROM
        if was_roomy != (self.height() >= _ROOMY_FROM) and self.lanes:
            self._rebuild()
