"""The lanes below the tracks: the clip's sound, and the signals of the selected track."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtGui import QColor

from inspector.domain.arrays import Floats, PtsArray
from inspector.domain.clip import Clip
from inspector.ui.timeline.lanes.curve_items import AreaItem, CurveItem
from inspector.ui.timeline.lanes.curves import clip_seconds
from inspector.ui.timeline.lanes.lane import Lane, Table
from inspector.ui.timeline.lanes.waveform import Peaks
from inspector.ui.widgets.language import capital, mark, tr, tr_marked
from inspector.ui.widgets.theme import Theme


class SoundLane(Lane):
    """The clip's sound: the lowest and highest sample of each 10 ms. The File tab says what was measured on it."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int) -> None:
        super().__init__(layout, row, theme, height, mark("Sound"))
        self.area = AreaItem(QColor(theme.muted), 1.0)
        self.plot.addItem(self.area, ignoreBounds=True)
        self.view.setYRange(-1.05, 1.05, padding=0)
        self.plot.getAxis("left").setTicks([[]])
        self.show_value(None)

    def set_peaks(self, peaks: Peaks) -> None:
        """Draw the sound that has been read so far."""
        drawn = len(self.area.lower)
        self.area.lower.update(peaks.seconds, peaks.lowest, drawn)
        self.area.upper.update(peaks.seconds, peaks.highest, drawn)
        self.area.update()

    def show_value(self, pts: int | None) -> None:
        """Show that the sound is not part of the score: it has no value for a frame."""
        self.label.set_text(tr_marked(self.name), tr("not scored"), self.theme.muted)

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """No lines: the sound has no values."""
        return []

    def table(self) -> Table:
        """The extremes of the samples in each 10 ms, -1..1."""
        lower, upper = self.area.lower, self.area.upper
        return {"seconds": lower.seconds, "lowest": lower.values, "highest": upper.values}


class SignalLane(Lane):
    """One signal of the selected track, in a neutral colour: an observation that is never part of the score."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int, name: str, unit: str) -> None:
        super().__init__(layout, row, theme, height, name)
        self._unit = unit
        self.curve = CurveItem(QColor(theme.text), 1.0)
        self.plot.addItem(self.curve, ignoreBounds=True)
        self._pts: PtsArray = np.empty(0, np.int64)
        self._is_count = False  # whole numbers only, which are shown as such
        self._digits = 2  # decimals, at which the ends of the scale read differently
        self.show_value(None)

    def set_values(self, pts: PtsArray, values: Floats, clip: Clip) -> None:
        """Draw values float64 (n,), NaN where a frame has none, at pts int64 (n,)."""
        self._pts = pts
        seconds = clip_seconds(clip, pts)
        known = values[np.isfinite(values)]
        self._is_count = bool(len(known)) and bool((known == np.rint(known)).all())
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        self._digits = next((n for n in (2, 3) if f"{low:.{n}f}" != f"{high:.{n}f}"), 2)
        margin = (high - low) * 0.15 or abs(high) * 0.05 or 0.5
        self.view.setYRange(low - margin, high + margin, padding=0)
        self.plot.getAxis("left").setTicks([[(low, self._tick(low)), (high, self._tick(high))]])
        self.curve.pyramid.update(seconds, values)
        self.curve.update()

    def _tick(self, value: float) -> str:
        """A number short enough for the axis."""
        return f"{value:.0f}" if self._is_count or abs(value) >= 10 else f"{value:.{self._digits}f}"

    def _value_text(self, pts: int | None) -> str:
        row = -1 if pts is None else int(np.searchsorted(self._pts, pts))
        if 0 <= row < len(self._pts) and self._pts[row] == pts:
            value = float(self.curve.pyramid.values[row])
            return f"{self._tick(value)} {self._unit}" if np.isfinite(value) else ""
        return ""

    def show_value(self, pts: int | None) -> None:
        """Show in the label the frame's value."""
        self.label.set_text(capital(tr_marked(self.name)), self._value_text(pts), self.theme.muted)

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """The frame's value."""
        text = self._value_text(pts)
        return [f"{capital(tr_marked(self.name))}: {text}"] if text else []

    def table(self) -> Table:
        """The signal's value for each frame."""
        name = f"{self.name} ({self._unit})" if self._unit else self.name
        pyramid = self.curve.pyramid
        return {"pts": self._pts, "seconds": pyramid.seconds, name: pyramid.values}
