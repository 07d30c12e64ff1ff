"""The timeline's rows: one lane per track, the sound, and the selected track's blinks and signals."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QWidget

from inspector.domain.analysis import Signal as Series
from inspector.engine.provenance.coding.lanes import GROUP, PACKETS, TYPES
from inspector.ui.player.thumbnails import ThumbnailRequest
from inspector.ui.session import Session
from inspector.ui.timeline.lanes.blink_lane import BLINKS, BlinkLane
from inspector.ui.timeline.lanes.heights import HeightDrag, Heights
from inspector.ui.timeline.lanes.lane import Lane
from inspector.ui.timeline.lanes.lane_label import PORTRAIT
from inspector.ui.timeline.lanes.lane_view import LaneView
from inspector.ui.timeline.lanes.observed_lane import OBSERVED, ObservedLane
from inspector.ui.timeline.lanes.packet_lane import PacketLane
from inspector.ui.timeline.lanes.plots import LABEL_WIDTH, SPACING, drop_menu
from inspector.ui.timeline.lanes.signal_lanes import SignalLane, SoundLane
from inspector.ui.timeline.lanes.signal_values import SOUND, SignalValues
from inspector.ui.timeline.lanes.sound_lanes import SPECTRUM, VOICE, SpectrumLane, VoiceLane
from inspector.ui.timeline.lanes.track_lane import TrackLane
from inspector.ui.timeline.lanes.waveform import Peaks
from inspector.ui.widgets.language import keep_left_to_right, tr
from inspector.ui.widgets.theme import Theme

_TURN_SECONDS = 0.01  # work at a time; longer work blocks the window
_NO_PTS, _NO_VALUES = np.empty(0, np.int64), np.empty(0)
_PAUSE_MS = 8  # between two turns, in which the window paints and handles input


_LOW = (BlinkLane, VoiceLane, ObservedLane)  # lanes of bars, which need no more height than a track without scores


class _Plan(NamedTuple):
    """Everything that decides which rows there are and how they look, but neither their values nor their heights."""

    theme: Theme
    limits: tuple[float, float]
    track_ids: tuple[int, ...]
    names: tuple[str, ...]  # the lanes below the tracks


class LaneStack(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """Follows the session: adds lanes as tracks appear, and builds all of them again for another clip, theme or size.

    Long work is done in turns of the event loop, so that the window stays responsive.
    """

    sought = Signal(object)  # float: seconds
    selected = Signal(object, object, object)  # as LaneView's
    name_wanted = Signal(object)  # int: the track of the label that was double-clicked
    menu_wanted = Signal(object, object)  # Lane, and the QPoint on the screen
    grown = Signal()  # rows were added after `sync`
    drawn = Signal()  # all known scores of all tracks are drawn

    def __init__(self, session: Session, ruler: LaneView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Lanes of the timeline"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # the scroll area around it handles the keys
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.ci.setSpacing(SPACING)
        keep_left_to_right(self.ci)
        self.ci.setContentsMargins(4, 0, 6, 0)
        self.ci.layout.setColumnFixedWidth(0, LABEL_WIDTH)
        self.ci.layout.setColumnStretchFactor(1, 1)
        self._session, self._ruler = session, ruler
        self.tracks: dict[int, TrackLane] = {}
        self._extras: list[Lane] = []  # the lanes below the tracks
        self._filled: dict[str, Series | None] = {}  # what those show, by lane name
        self._plan: _Plan | None = None  # the rows that `sync` asked for
        self._undrawn: list[int] = []  # track ids
        self._missing: deque[Callable[[], None]] = deque()  # each adds or fills one row
        self._turn = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._turn.timeout.connect(self._work)
        self._values = SignalValues(session)
        self.edges = HeightDrag(self, lambda: self.lanes, self._kind_of)
        session.names_changed.connect(self._rename)
        session.analysis_changed.connect(lambda _analysis: self._rename())

    @property
    def lanes(self) -> list[Lane]:
        """All rows, from top to bottom."""
        return [*self.tracks.values(), *self._extras]

    @property
    def blinks(self) -> BlinkLane | None:
        """The lane of the selected track's blinks, if it is shown."""
        return next((lane for lane in self._extras if isinstance(lane, BlinkLane)), None)

    @property
    def signals(self) -> list[SignalLane]:
        """The lanes of the selected track's signals."""
        coding = self.coding_extras
        return [lane for lane in self._extras if isinstance(lane, SignalLane) and lane.name not in coding]

    @property
    def coding_extras(self) -> list[str]:
        """Those of them that are about the coding of the clip."""
        return self._values.coding_lanes

    @property
    def possible_extras(self) -> list[str]:
        """The names of the lanes below the tracks that any track of the clip can fill."""
        return self._values.possible_lanes

    def clear_lanes(self) -> None:
        """Remove all rows."""
        for lane in self.lanes:
            drop_menu(lane.plot)
        self.ci.clear()
        self.tracks, self._extras, self._filled, self._plan = {}, [], {}, None
        self._undrawn, self._missing = [], deque()

    def sync(self, theme: Theme, heights: Heights, limits: tuple[float, float], hidden: set[str]) -> None:
        """Show a lane for each track, for the sound, and for the selected track's blinks and signals.

        Existing lanes are kept and get their new values. Missing lanes are added in later turns of the event loop, each
        of which ends with `grown`. `limits` is the clip's end and the shortest range to zoom to, in seconds; `hidden`
        holds the names of the lanes that the user has switched off.
        """
        if self._session.clip is None:
            self.clear_lanes()
            return
        for lane in self.lanes:
            lane.set_height(self._height_of(lane, heights))
        names = [name for name in self._values.lanes if name not in hidden]
        plan = _Plan(theme, limits, tuple(self._session.board.track_ids), tuple(names))
        if plan == self._plan:
            self._missing += [partial(self._fill, lane) for lane in self._extras if not self._is_filled(lane)]
        else:
            self._plan = plan
            self._drop_extras()
            self._missing = deque(self._rows_to_add(plan, heights))
        self._fit_height()
        if self._missing:
            self._turn.start()

    def _rows_to_add(self, plan: _Plan, heights: Heights) -> Iterator[Callable[[], None]]:
        """A function for each missing row that adds it, from top to bottom; a track is drawn before the next row."""
        theme = plan.theme

        def add_track(track_id: int) -> None:
            height = self._track_height(track_id, heights)
            name = self._session.face_name(track_id)
            lane = self.tracks[track_id] = TrackLane(self, len(self.tracks), theme, height, track_id, name)
            lane.label.name_wanted.connect(lambda: self.name_wanted.emit(track_id))
            lane.label.setToolTip(tr("Double-click to name this face"))
            self._add(lane, plan.limits)

        def add_extra(name: str) -> None:
            row = len(self.lanes)
            if name == SOUND:
                lane: Lane = SoundLane(self, row, theme, heights.signal)
            elif name == SPECTRUM:
                lane = SpectrumLane(self, row, theme, 2 * heights.signal, self._session.sound_facts)
            elif name == VOICE:
                lane = VoiceLane(self, row, theme, heights.unscored, self._session.sound_facts)
            elif name == OBSERVED:
                signals = self._session.signals
                facts = () if signals is None else signals.observed
                lane = ObservedLane(self, row, theme, heights.unscored, facts, self._session.clip)
            elif name == BLINKS:
                lane = BlinkLane(self, row, theme, heights.unscored)
            elif name == PACKETS:
                lane = PacketLane(self, row, theme, heights.signal)
            else:
                lane = SignalLane(self, row, theme, heights.signal, name, self._values.unit(name))
            self._add(lane, plan.limits)
            self._extras.append(lane)
            self._missing.appendleft(partial(self._fill, lane))  # a turn of its own

        added = [track_id for track_id in plan.track_ids if track_id not in self.tracks]
        for track_id in added:
            yield partial(add_track, track_id)
            yield partial(self._draw_early, track_id)  # before the next row: those in view are filled first
        for name in plan.names:
            yield partial(add_extra, name)

    def _is_filled(self, lane: Lane) -> bool:
        return self._values.for_lane(lane.name) is self._filled.get(lane.name)

    def _fill(self, lane: Lane) -> None:
        """Draw the selected track's signal in a lane below the tracks, unless the lane shows it already."""
        clip, series = self._session.clip, self._values.for_lane(lane.name)
        if clip is None or self._is_filled(lane):
            return
        self._filled[lane.name] = series
        pts, values = (_NO_PTS, _NO_VALUES) if series is None else (series.pts, series.values)
        if isinstance(lane, BlinkLane):
            lane.set_blinks(self._values.blinks())
        elif isinstance(lane, SignalLane):
            lane.set_values(pts, values, clip)
        if isinstance(lane, PacketLane):
            lane.set_types(self._values.for_lane(TYPES), self._values.for_lane(GROUP))

    def _fit_height(self) -> None:
        self.setFixedHeight(sum(lane.height + SPACING for lane in self.lanes) + 8)

    @property
    def is_whole(self) -> bool:
        """Whether all rows that `sync` was asked for exist."""
        return not self._missing

    @property
    def is_drawn(self) -> bool:
        """Whether all rows exist and show all known scores."""
        return self.is_whole and not self._undrawn

    def _work(self) -> None:
        """Add or fill one row, or draw tracks: a row alone takes half of the time for which a turn may last."""
        if not self._missing:
            self._draw_tracks()
            return
        self._missing.popleft()()
        self._fit_height()
        self.grown.emit()
        self._undrawn = list(self.tracks)
        self._turn.start()

    def _track_height(self, track_id: int, heights: Heights) -> int:
        series = self._session.board.tracks.get(track_id)
        return heights.track if series is not None and series.is_scored else heights.unscored

    def _height_of(self, lane: Lane, heights: Heights) -> int:
        if isinstance(lane, TrackLane):
            return self._track_height(lane.track_id, heights)
        if isinstance(lane, SpectrumLane):
            return 2 * heights.signal
        return heights.unscored if isinstance(lane, _LOW) else heights.signal

    def _kind_of(self, lane: Lane) -> str:
        """Which of the heights that can be dragged a lane has."""
        if isinstance(lane, TrackLane):
            return "track" if lane.is_scored else ""
        return "" if isinstance(lane, (*_LOW, SpectrumLane)) else "signal"

    def _drop_extras(self) -> None:
        for lane in self._extras:
            self.ci.removeItem(lane.label)
            self.ci.removeItem(lane.plot)
            drop_menu(lane.plot)
        self._extras, self._filled = [], {}

    def _add(self, lane: Lane, limits: tuple[float, float]) -> None:
        lane.set_limits(*limits)
        # Before linking: a link works both ways, and the new lane's own range would win.
        lane.view.setXRange(*self._ruler.viewRange()[0], padding=0)
        lane.plot.setXLink(self._ruler)
        lane.view.sought.connect(self.sought)
        lane.view.selected.connect(self.selected)
        lane.view.menu_wanted.connect(self._on_menu_wanted)

    def _on_menu_wanted(self, view: LaneView, at: QPoint) -> None:
        self.menu_wanted.emit(next(lane for lane in self.lanes if lane.view is view), at)

    def _rename(self) -> None:
        for track_id, lane in self.tracks.items():
            lane.rename(self._session.face_name(track_id))

    def draw(self) -> None:
        """Draw the scores known so far, over several turns of the event loop if there are many."""
        self._undrawn = list(self.tracks)
        if not self._missing:  # else they are drawn once all rows exist
            self._draw_tracks()

    def _draw_early(self, track_id: int) -> None:
        """Draw a new track, which takes a turn or more, before the many rows of signals are built."""
        if track_id in self._session.board.tracks and not self._draw_track(track_id):
            self._missing.appendleft(partial(self._draw_early, track_id))

    def _draw_track(self, track_id: int) -> bool:
        """Draw the scores of one track; False while some are left to take in."""
        clip, analysis = self._session.clip, self._session.analysis
        if clip is None:
            return True
        segments = [] if analysis is None else list(analysis.segments)
        is_indicated = analysis is not None and track_id in analysis.indicated_tracks
        lane, series = self.tracks[track_id], self._session.board.tracks[track_id]
        lane.set_threshold(self._session.threshold)
        lane.set_screened(self._session.is_screened)
        return lane.set_series(series, clip, self._session.settings.smoothing_seconds, segments, is_indicated)

    def _draw_tracks(self) -> None:
        end = time.monotonic() + _TURN_SECONDS
        while self._undrawn and self._session.clip is not None:
            if self._draw_track(self._undrawn[0]):
                self._undrawn.pop(0)
            if self._undrawn and time.monotonic() > end:
                self._turn.start()
                return
        self.drawn.emit()

    def draw_sound(self, peaks: Peaks) -> None:
        """Draw the sound that has been read so far."""
        for lane in self._extras:
            if isinstance(lane, SoundLane):
                lane.set_peaks(peaks)

    def portraits(self) -> dict[int, ThumbnailRequest]:
        """The thumbnail of each track's face, by track id."""
        found = {}
        for track_id in self.tracks:
            series = self._session.board.tracks.get(track_id)
            if series is not None and series.portrait is not None:
                found[track_id] = ThumbnailRequest(series.portrait[0], 2 * PORTRAIT, series.portrait[1])
        return found

    def set_spans(self, in_out: tuple[float, float] | None, selection: tuple[float, float] | None) -> None:
        """Show in all lanes the range between in and out and the selection, in seconds."""
        for lane in self.lanes:
            lane.spans.set_spans(in_out, selection)

    def lane_under(self, y: float) -> Lane | None:
        """The lane at a y coordinate of this widget, in pixels."""
        for lane in self.lanes:
            if lane.plot.sceneBoundingRect().top() <= y < lane.plot.sceneBoundingRect().bottom():
                return lane
        return None

    def move_playhead(self, seconds: float, pts: int | None) -> None:
        """Move the playhead in all lanes, and show the frame's values in their labels."""
        for lane in self.lanes:
            lane.playhead.setPos(seconds)
            lane.show_value(pts)
