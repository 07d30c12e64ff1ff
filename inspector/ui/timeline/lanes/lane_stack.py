"""The timeline's rows: a lane per track, the sound, the chosen track's blinks and signals; in step with the session."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QWidget

from inspector.domain.analysis import Signal as Series
from inspector.domain.arrays import Floats
from inspector.engine.faces.signals import EYES
from inspector.ui.player.thumbnails import ThumbnailRequest
from inspector.ui.session import Session
from inspector.ui.timeline.lanes.blink_lane import BLINKS, BlinkLane
from inspector.ui.timeline.lanes.lane_items import LABEL_WIDTH, PORTRAIT, SPACING, LaneView
from inspector.ui.timeline.lanes.lanes import Lane, SignalLane, SoundLane, TrackLane
from inspector.ui.timeline.lanes.plots import drop_menu
from inspector.ui.timeline.lanes.waveform import Peaks
from inspector.ui.widgets.theme import Theme

SOUND = "sound"
_TURN_SECONDS = 0.01
_PAUSE_MS = 8  # between two turns: what was added is painted, and input is heard


class Heights(NamedTuple):
    """Pixels of a lane with a curve, of a track that was never scored or of blinks, and of the sound or a signal."""

    track: int
    unscored: int
    signal: int


DENSE = Heights(62, 32, 38)
ROOMY = Heights(92, 36, 52)


class _Plan(NamedTuple):
    """All that decides which rows there are and how they look; their values do not."""

    theme: Theme
    heights: Heights
    limits: tuple[float, float]
    track_ids: tuple[int, ...]
    names: tuple[str, ...]  # of the lanes below the tracks


class LaneStack(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """Lanes are added as tracks appear; only another clip, theme or size makes them all anew."""

    sought = Signal(object)  # float: seconds
    selected = Signal(object, object, object)  # as LaneView's
    grown = Signal()  # rows that were missing after `sync` are there
    drawn = Signal()  # all tracks, as far as they are known

    def __init__(self, session: Session, ruler: LaneView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Lanes of the timeline")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # the area around it scrolls by keys
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.ci.setSpacing(SPACING)
        self.ci.setContentsMargins(4, 0, 6, 0)
        self.ci.layout.setColumnFixedWidth(0, LABEL_WIDTH)
        self.ci.layout.setColumnStretchFactor(1, 1)
        self._session, self._ruler = session, ruler
        self.tracks: dict[int, TrackLane] = {}
        self._extras: list[Lane] = []  # below them
        self._filled: dict[str, Series] = {}  # what they show, by their names
        self._plan: _Plan | None = None  # which rows there are to be
        self._waiting: list[int] = []  # tracks still to be drawn
        self._missing: deque[Callable[[], None]] = deque()  # what adds or fills the rows still to come
        self._turn = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._turn.timeout.connect(self._go_on)
        self._arrays: dict[int, Floats] = {}  # signals as arrays, by id; long to make
        self._arrays_of: object = None

    @property
    def lanes(self) -> list[Lane]:
        """All rows from the top."""
        return [*self.tracks.values(), *self._extras]

    @property
    def blinks(self) -> BlinkLane | None:
        """The chosen track's blinks, if they are shown."""
        return next((lane for lane in self._extras if isinstance(lane, BlinkLane)), None)

    @property
    def signals(self) -> list[SignalLane]:
        """The chosen track's signals that are shown."""
        return [lane for lane in self._extras if isinstance(lane, SignalLane)]

    @property
    def names(self) -> list[str]:
        """The lanes below the tracks that can be shown, by name."""
        clip, analysis = self._session.clip, self._session.analysis
        names = [SOUND] if clip is not None and clip.has_audio and not clip.is_still else []
        found = list(dict.fromkeys(series.name for series in (() if analysis is None else analysis.signals)))
        return names + ([BLINKS] if EYES in found else []) + found

    def clear_lanes(self) -> None:
        """Take all rows away."""
        for lane in self.lanes:
            drop_menu(lane.plot)
        self.ci.clear()
        self.tracks, self._extras, self._filled, self._plan = {}, [], {}, None
        self._waiting, self._missing = [], deque()

    def sync(self, theme: Theme, heights: Heights, limits: tuple[float, float], hidden: set[str]) -> None:
        """Have a lane for each track, for the sound, and for the chosen track's blinks and signals.

        Those that are there are kept, with their new values; what is missing is added in later turns of the event loop,
        each of which ends with `grown`.
        """
        if self._session.clip is None:
            self.clear_lanes()
            return
        for track_id, track in self.tracks.items():
            track.set_height(self._track_height(track_id, heights))
        names = [name for name in self._wanted if name not in hidden]
        plan = _Plan(theme, heights, limits, tuple(self._session.board.track_ids), tuple(names))
        if plan == self._plan:
            self._missing += [partial(self._fill, lane) for lane in self._extras if not self._is_filled(lane)]
        else:
            self._plan = plan
            self._drop_extras()
            self._missing = deque(self._rows_to_add(plan))
        self._fit_height()
        if self._missing:
            self._turn.start()

    @property
    def _wanted(self) -> list[str]:
        """The lanes below the tracks that there is something to show in, by name."""
        chosen = self._chosen_signals()
        names = [SOUND] if SOUND in self.names else []
        return names + ([BLINKS] if EYES in chosen else []) + list(chosen)

    def _rows_to_add(self, plan: _Plan) -> Iterator[Callable[[], None]]:
        """What adds each of the rows that are missing, from the top."""
        theme, heights = plan.theme, plan.heights

        def add_track(track_id: int) -> None:
            height = self._track_height(track_id, heights)
            self.tracks[track_id] = TrackLane(self, len(self.tracks), theme, height, track_id)
            self._add(self.tracks[track_id], plan.limits)

        def add_extra(name: str) -> None:
            row = len(self.lanes)
            if name == SOUND:
                lane: Lane = SoundLane(self, row, theme, heights.signal)
            elif name == BLINKS:
                lane = BlinkLane(self, row, theme, heights.unscored)
            else:
                lane = SignalLane(self, row, theme, heights.signal, name, self._chosen_signals()[name].unit)
            self._fill(lane)
            self._add(lane, plan.limits)
            self._extras.append(lane)

        for track_id in plan.track_ids:
            if track_id not in self.tracks:
                yield partial(add_track, track_id)
        for name in plan.names:
            yield partial(add_extra, name)

    def _series_of(self, lane: Lane) -> Series | None:
        """What the chosen track has for a lane below the tracks; the sound comes by itself."""
        name = EYES if isinstance(lane, BlinkLane) else lane.name
        return self._chosen_signals().get(name)

    def _is_filled(self, lane: Lane) -> bool:
        return self._series_of(lane) is self._filled.get(lane.name)

    def _fill(self, lane: Lane) -> None:
        """Draw in a lane below the tracks what it is to show; hours of it take a while, so only what is new."""
        clip, series = self._session.clip, self._series_of(lane)
        if clip is None or series is None or self._is_filled(lane):
            return
        self._filled[lane.name] = series
        pts, values = self._array(series.pts).astype(np.int64), self._array(series.values)
        if isinstance(lane, BlinkLane):
            lane.set_ratios(pts, values, clip)
        elif isinstance(lane, SignalLane):
            lane.set_values(pts, values, clip)

    def _add_rows(self) -> None:
        """Add rows, at least one, for as long as the window can wait."""
        end = time.thread_time() + _TURN_SECONDS
        while self._missing:
            self._missing.popleft()()
            if time.thread_time() > end:
                break
        self._fit_height()

    def _fit_height(self) -> None:
        self.setFixedHeight(sum(lane.height + SPACING for lane in self.lanes) + 8)

    @property
    def is_whole(self) -> bool:
        """Whether all rows are there that `sync` was asked for."""
        return not self._missing

    def _go_on(self) -> None:
        if self._missing:
            self._add_rows()
            self.grown.emit()
            self._waiting = list(self.tracks)
            if self._missing:
                self._turn.start()
                return
        self._draw_on()

    def _track_height(self, track_id: int, heights: Heights) -> int:
        return heights.track if self._session.board.tracks[track_id].is_scored else heights.unscored

    def _chosen_signals(self) -> dict[str, Series]:
        """The chosen track's signals by name."""
        analysis, track = self._session.analysis, self._session.selected_track
        return (
            {} if analysis is None else {series.name: series for series in analysis.signals if series.track_id == track}
        )

    def _array(self, values: tuple[float | None, ...] | tuple[int, ...]) -> Floats:
        """The values as float64 (n,), NaN for None; pts fit into it exactly."""
        if self._arrays_of is not self._session.analysis:
            self._arrays, self._arrays_of = {}, self._session.analysis
        if id(values) not in self._arrays:
            self._arrays[id(values)] = np.array(values, dtype=np.float64)
        return self._arrays[id(values)]

    def _drop_extras(self) -> None:
        for lane in self._extras:
            self.ci.removeItem(lane.label)
            self.ci.removeItem(lane.plot)
            drop_menu(lane.plot)
        self._extras, self._filled = [], {}

    def _add(self, lane: Lane, limits: tuple[float, float]) -> None:
        lane.set_limits(*limits)
        # Before they are linked: a link goes both ways, and the new lane's own range would win.
        lane.view.setXRange(*self._ruler.viewRange()[0], padding=0)
        lane.plot.setXLink(self._ruler)
        lane.view.sought.connect(self.sought)
        lane.view.selected.connect(self.selected)

    def draw(self) -> None:
        """Draw the tracks' scores as far as they are known; hours of them over several turns of the event loop."""
        self._waiting = list(self.tracks)
        if not self._missing:  # else they are drawn when all rows are there
            self._draw_on()

    def _draw_on(self) -> None:
        clip, analysis, model = self._session.clip, self._session.analysis, self._session.model
        segments = [] if analysis is None else list(analysis.segments)
        end = time.monotonic() + _TURN_SECONDS
        while self._waiting and clip is not None:
            lane, series = self.tracks[self._waiting[0]], self._session.board.tracks[self._waiting[0]]
            lane.set_threshold(None if model is None else model.threshold)
            if lane.set_series(series, clip, self._session.settings.smoothing_seconds, segments):
                self._waiting.pop(0)
            if self._waiting and time.monotonic() > end:
                self._turn.start()
                return
        self.drawn.emit()

    def draw_sound(self, peaks: Peaks) -> None:
        """Draw the sound as far as it is read."""
        for lane in self._extras:
            if isinstance(lane, SoundLane):
                lane.set_peaks(peaks)

    def portraits(self) -> dict[int, ThumbnailRequest]:
        """The picture of each track's face that belongs before its lane."""
        found = {}
        for track_id in self.tracks:
            series = self._session.board.tracks.get(track_id)
            if series is not None and series.portrait is not None:
                found[track_id] = ThumbnailRequest(series.portrait[0], 2 * PORTRAIT, series.portrait[1])
        return found

    def set_spans(self, between: tuple[float, float] | None, selection: tuple[float, float] | None) -> None:
        """Show the in and out points and the selected stretch in all lanes, in seconds."""
        for lane in self.lanes:
            lane.spans.set_spans(between, selection)

    def lane_under(self, y: float) -> Lane | None:
        """The lane at a height of this widget, in its pixels."""
        for lane in self.lanes:
            if lane.plot.sceneBoundingRect().top() <= y < lane.plot.sceneBoundingRect().bottom():
                return lane
        return None

    def move_playhead(self, seconds: float, pts: int | None) -> None:
        """Put the playhead into all lanes, and the frame's values to their labels."""
        for lane in self.lanes:
            lane.playhead.setPos(seconds)
            lane.show_value(pts)
