"""The timeline widget: puts overview, ruler, lanes and filmstrip together and keeps them in step with the session."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from inspector.ui.player.thumbnails import Thumbnailer
from inspector.ui.series import ABSTENTIONS
from inspector.ui.session import Session
from inspector.ui.timeline.filmstrip import Filmstrip
from inspector.ui.timeline.lanes.heights import DENSE, ROOMY, ChosenHeights, fitted
from inspector.ui.timeline.lanes.lane import Lane
from inspector.ui.timeline.lanes.lane_stack import LaneStack
from inspector.ui.timeline.lanes.lane_view import LaneView
from inspector.ui.timeline.lanes.waveform import Waveform
from inspector.ui.timeline.legend import Legend, entries
from inspector.ui.timeline.marks import Mark
from inspector.ui.timeline.menu import TimelineMenu
from inspector.ui.timeline.overview import Overview
from inspector.ui.timeline.pointer import Pointer
from inspector.ui.timeline.portraits import Portraits
from inspector.ui.timeline.ruler import Ruler
from inspector.ui.timeline.selector import Selector
from inspector.ui.timeline.text import hint_text, marks_of
from inspector.ui.widgets.labels import PlainLabel
from inspector.ui.widgets.language import keep_left_to_right, tr
from inspector.ui.widgets.theme import THEMES, Theme

_REDRAW_MS = 250
_SCROLLBAR = 10
# Heights of the timeline, in pixels, from which it shows high lanes, the filmstrip, and the line of the legend.
_ROOMY_FROM, _STRIP_FROM, _LEGEND_FROM = 420, 190, 230
_STRIP_PER_TRACK = 45  # so much higher for each further face: the filmstrip gives way to the lanes
_STACK_MARGIN = 10  # around the lanes


class Timeline(QWidget):
    """Reads the session. `sought` and `pts_sought` ask to seek, `note_wanted` to add a note on a range of frames."""

    sought = Signal(object)  # float: seconds since the first picture
    pts_sought = Signal(object)  # int
    note_wanted = Signal(object, object, object)  # str, pts, end_pts
    name_wanted = Signal(object)  # int: a track
    export_wanted = Signal(object)  # list[tuple[str, Table]]: lanes by name

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_left_to_right(self)
        self.setObjectName("timeline")
        self.setAccessibleName(tr("Timeline"))
        self._session = session
        self.thumbnails, self.waveform = Thumbnailer(self), Waveform(self)
        self.overview, self.ruler = Overview(_SCROLLBAR), Ruler(_SCROLLBAR)
        self.stack = LaneStack(session, self.ruler.view)
        self.filmstrip = Filmstrip(session, self.thumbnails, _SCROLLBAR)
        self.legend = Legend()
        self.menu = TimelineMenu(self.ruler)
        self.selector = Selector(session, self.ruler, self.stack, self)
        self._portraits = Portraits(self.thumbnails, self.stack)
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
        self._scroll.setAccessibleName(tr("Timeline"))
        self._scroll.setWidget(self.stack)
        self._scroll.setWidgetResizable(True)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._hint = PlainLabel("")
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
        self.stack.sought.connect(self.sought)
        self.stack.name_wanted.connect(self.name_wanted)
        self.stack.grown.connect(self._fit_rows)
        self.stack.edges.changed.connect(self._sync)
        self.stack.drawn.connect(self._draw_marks)
        self.stack.drawn.connect(self._move_playhead)
        self.overview.moved.connect(lambda start, end: self.view.setXRange(start, end, padding=0))
        self.filmstrip.sought.connect(self.pts_sought)
        self.view.sigXRangeChanged.connect(lambda *_: self._on_range_changed())
        self.waveform.grown.connect(lambda: self.stack.draw_sound(self.waveform.peaks()))
        self.menu.changed.connect(self._on_menu_changed)
        self.menu.export_wanted.connect(self._export)
        self.stack.menu_wanted.connect(lambda lane, at: self.menu.lane_menu(lane.name, self).popup(at))
        self.selector.note_wanted.connect(self.note_wanted)

    def _connect_session(self) -> None:
        session = self._session
        session.clip_changed.connect(lambda _clip: self._on_clip_changed())
        session.theme_changed.connect(lambda _name: self._rebuild())
        session.shown_changed.connect(lambda _shown: self._move_playhead())
        session.playback_changed.connect(lambda playback: self.thumbnails.rest(playback.is_playing))
        session.scores_added.connect(self._on_scores_added)
        session.analysis_changed.connect(lambda _analysis: self._on_analysis_changed())
        session.track_selected.connect(lambda _track: self._sync())
        session.signals_changed.connect(self._sync)
        session.sound_facts_changed.connect(lambda _facts: self._sync())
        session.notes_changed.connect(self._draw_marks)
        session.job_changed.connect(lambda _job: self._show_hint())
        session.model_changed.connect(lambda _card: self._redraw())

    def stop(self) -> None:
        """End the threads and wait for them."""
        self.thumbnails.stop()
        self.waveform.stop()

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return THEMES[self._session.theme_name]

    @property
    def lanes(self) -> list[Lane]:
        """All rows, from top to bottom."""
        return self.stack.lanes

    @property
    def view(self) -> LaneView:
        """The ruler's view; all lanes share its visible range."""
        return self.ruler.view

    def restore_heights(self, stored: object) -> None:
        """Use the heights that lanes were dragged to, as `heights` gave them in an earlier session."""
        self.stack.edges.chosen = ChosenHeights.parse(stored)
        self._sync()

    @property
    def heights(self) -> str:
        """The heights that lanes were dragged to, for the settings."""
        return self.stack.edges.chosen.text()

    # --- zoom --------------------------------------------------------------------------------------------------------

    def zoom(self, factor: float) -> None:
        """Multiply the visible range by `factor`, about the playhead if it is visible, else about the middle."""
        low, high = self.view.viewRange()[0]
        centre = self._playhead_seconds()
        if not low <= centre <= high:
            centre = (low + high) / 2
        self.view.setXRange(centre - (centre - low) * factor, centre + (high - centre) * factor, padding=0)

    def zoom_all(self) -> None:
        """Show the whole clip."""
        self.view.setXRange(0.0, self._limits()[0], padding=0)

    def show_signals(self, shown: bool) -> None:
        """Show or hide the signal lanes; those that the menu has switched off stay hidden."""
        self.menu.are_signals_shown = shown
        self._sync()

    def _on_range_changed(self) -> None:
        low, high = self.view.viewRange()[0]
        self.overview.set_view(low, high)
        self.filmstrip.set_view(low, high)
        self.selector.follow_view()

    # --- in step with the session ------------------------------------------------------------------------------------

    def _limits(self) -> tuple[float, float]:
        """The end of the last frame and the length of five frames, in seconds."""
        opened = self._session.opened
        if opened is None:
            return 1.0, 0.2
        last = opened.clip.seconds(int(opened.pts[-1]))
        step = max(last / (len(opened.pts) - 1), 1e-3) if len(opened.pts) > 1 else 0.04
        return last + step, 5 * step

    def _on_clip_changed(self) -> None:
        clip = self._session.clip
        self.selector.select(None)
        self._portraits.clear()
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

    def _export(self, name: str | None) -> None:
        """Ask for the export of one lane, or of all."""
        self.export_wanted.emit([(lane.name, lane.table()) for lane in self.lanes if name in (None, lane.name)])

    def _on_menu_changed(self) -> None:
        self._sync()
        self._show_parts()

    def _rebuild(self) -> None:
        """Build all rows again, for another clip, theme or height."""
        for widget in (self.ruler, self.stack):
            widget.setBackground(self.theme.plot)
        for part in (self.ruler, self.overview, self.filmstrip, self.pointer):
            part.set_theme(self.theme)
        self.stack.clear_lanes()
        self._sync()
        self._redraw()

    def _sync(self) -> None:
        """Update the rows to the tracks, the sound and the signals that there are."""
        self._show_parts()
        heights = fitted(ROOMY if self.height() >= _ROOMY_FROM else DENSE, self._scored_tracks(), self._room())
        if set(self.stack.tracks) - set(self._session.board.track_ids):
            self.stack.clear_lanes()
        self.menu.set_lanes(self.stack.possible_extras, self.stack.coding_extras)
        self.stack.sync(self.theme, self.stack.edges.chosen.applied(heights), self._limits(), self.menu.hidden)
        self._fit_rows()

    def _scored_tracks(self) -> int:
        return sum(series.is_scored for series in self._session.board.tracks.values())

    def _room(self) -> int:
        """The height that the lanes have, in pixels."""
        others = (self.overview, self.ruler, self.filmstrip, self.legend)
        return self.height() - sum(part.height() for part in others if part.isVisibleTo(self)) - _STACK_MARGIN

    def _fit_rows(self) -> None:
        """Give new rows the sound, the portraits, the selection and the playhead."""
        self.stack.draw_sound(self.waveform.peaks())
        # pyqtgraph updates the width of its layout only when the widget is resized.
        self.stack.ci.setGeometry(QRectF(self.stack.rect()))
        self._show_hint()
        self.selector.draw()
        self._portraits.show()
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
        has_lanes = bool(self.lanes) or not self.stack.is_whole
        self._hint.setText("" if has_lanes else hint_text(self._session))
        self._hint.setVisible(not has_lanes)
        self._scroll.setVisible(has_lanes)

    def _redraw(self) -> None:
        self.stack.draw()
        self._portraits.show()

    def _draw_marks(self) -> None:
        """Draw the marks on the ruler, the overview and the legend."""
        session, marks = self._session, self.ruler.marks
        found = marks_of(session)
        for kind in (Mark.GAP, Mark.SEAM, Mark.KEY, Mark.SHOT, Mark.NOTE, Mark.BOOKMARK):
            marks.set_marks(kind, *found[kind])
        clip = session.clip
        segments = () if session.analysis is None or clip is None else session.analysis.segments
        indicated = frozenset() if session.analysis is None else session.analysis.indicated_tracks
        spans = [
            (clip.seconds(s.start_pts), clip.seconds(s.end_pts), s.track_id in indicated) for s in segments if clip
        ]
        gaps = list(zip(found[Mark.GAP][0], found[Mark.GAP][1], strict=True))
        tracks = self.stack.tracks.values()
        self.overview.set_content(self._limits()[0], [lane.smoothed.pyramid for lane in tracks], spans, gaps)
        codes = {int(code) for lane in tracks for code in np.unique(lane.abstentions.codes)}
        reasons = [ABSTENTIONS[code] for code in sorted(codes)]
        kinds = [kind for kind in Mark if len(marks.starts(kind))]
        listed = entries(
            reasons,
            kinds,
            is_scored=any(lane.is_scored for lane in tracks),
            is_screened=session.is_screened and any(lane.is_scored for lane in tracks),
            is_indicated=bool(indicated),
            has_limits=session.threshold is not None,
        )
        self.legend.set_content(self.theme, listed)
        self.menu.set_legend(self.theme, listed)

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
            # Show the next page: the playhead enters at the left edge again.
            self.view.setXRange(seconds, seconds + high - low, padding=0)

    def _show_parts(self) -> None:
        """Show the filmstrip and the legend if they are switched on and there is enough height."""
        needed = _STRIP_FROM + _STRIP_PER_TRACK * max(self._scored_tracks() - 1, 0)
        self.filmstrip.setVisible(self.menu.is_filmstrip_shown and self.height() >= min(needed, _ROOMY_FROM))
        self.legend.setVisible(self.menu.is_legend_shown and self.height() >= _LEGEND_FROM)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make lanes higher, and show the filmstrip and the legend, if there is enough height."""
        super().resizeEvent(event)
        self._show_parts()
        was_roomy = event.oldSize().height() >= _ROOMY_FROM
        if was_roomy != (self.height() >= _ROOMY_FROM) and self.lanes:
            self._rebuild()
        elif self.lanes:
            self._sync()
