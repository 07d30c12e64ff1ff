"""The timeline's rows: a lane per track, then the chosen track's signals; kept in step with the session row by row."""

from __future__ import annotations

from typing import NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from inspector.domain.clip import Clip
from inspector.ui.lane_items import LABEL_WIDTH, SPACING, LaneView
from inspector.ui.lanes import Lane, SignalLane, TrackLane
from inspector.ui.session import Session
from inspector.ui.theme import Theme


class Heights(NamedTuple):
    """Pixels of a lane with a curve, of a track that was never scored, and of a signal."""

    track: int
    unscored: int
    signal: int


DENSE = Heights(62, 32, 38)
ROOMY = Heights(92, 36, 52)


class LaneStack(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """Lanes are added as tracks appear; only another clip, theme or size makes them all anew."""

    sought = Signal(object)  # float: seconds

    def __init__(self, session: Session, ruler: LaneView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.ci.setSpacing(SPACING)
        self.ci.setContentsMargins(4, 0, 6, 0)
        self.ci.layout.setColumnFixedWidth(0, LABEL_WIDTH)
        self.ci.layout.setColumnStretchFactor(1, 1)
        self._session, self._ruler = session, ruler
        self.tracks: dict[int, TrackLane] = {}
        self.signals: list[SignalLane] = []

    @property
    def lanes(self) -> list[Lane]:
        """All rows from the top."""
        return [*self.tracks.values(), *self.signals]

    def clear_lanes(self) -> None:
        """Take all rows away."""
        self.ci.clear()
        self.tracks, self.signals = {}, []

    def sync(self, theme: Theme, heights: Heights, limits: tuple[float, float], with_signals: bool) -> None:
        """Add what is missing, so that there is a lane for each track and each signal of the chosen track."""
        session = self._session
        clip, analysis = session.clip, session.analysis
        if clip is None:
            self.clear_lanes()
            return
        self._drop_signals()
        for track_id in session.board.track_ids:
            if track_id not in self.tracks:
                lane = TrackLane(self, len(self.tracks), theme, heights.track, track_id)
                self._add(lane, limits)
                self.tracks[track_id] = lane
        self._resize_tracks(heights)
        if analysis is not None and with_signals:
            self._add_signals(theme, heights, limits, clip)
        self.setFixedHeight(sum(lane.height + SPACING for lane in self.lanes) + 8)

    def _resize_tracks(self, heights: Heights) -> None:
        for track_id, lane in self.tracks.items():
            is_scored = self._session.board.tracks[track_id].is_scored
            lane.set_height(heights.track if is_scored else heights.unscored)

    def _add_signals(self, theme: Theme, heights: Heights, limits: tuple[float, float], clip: Clip) -> None:
        analysis = self._session.analysis
        for series in () if analysis is None else analysis.signals:
            if series.track_id == self._session.selected_track:
                lane = SignalLane(self, len(self.lanes), theme, heights.signal, series, clip)
                self._add(lane, limits)
                self.signals.append(lane)

    def _drop_signals(self) -> None:
        for lane in self.signals:
            self.ci.removeItem(lane.label)
            self.ci.removeItem(lane.plot)
        self.signals = []

    def _add(self, lane: Lane, limits: tuple[float, float]) -> None:
        lane.set_limits(*limits)
        # Before they are linked: a link goes both ways, and the new lane's own range would win.
        lane.view.setXRange(*self._ruler.viewRange()[0], padding=0)
        lane.plot.setXLink(self._ruler)
        lane.view.sought.connect(self.sought)

    def draw(self) -> None:
        """Draw the tracks' scores as far as they are known."""
        session = self._session
        if session.clip is None:
            return
        segments = [] if session.analysis is None else list(session.analysis.segments)
        threshold = None if session.model is None else session.model.threshold
        for track_id, lane in self.tracks.items():
            lane.set_threshold(threshold)
            series = session.board.tracks[track_id]
            lane.set_series(series, session.clip, session.settings.smoothing_seconds, segments)

    def move_playhead(self, seconds: float, pts: int | None) -> None:
        """Put the playhead into all lanes, and the frame's values to their labels."""
        for lane in self.lanes:
            lane.playhead.setPos(seconds)
            lane.show_value(pts)
