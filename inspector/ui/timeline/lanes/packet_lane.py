"""The lane of the packets: how many bytes each picture takes in the file, and which of them are I pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from inspector.domain.analysis import Signal
from inspector.domain.arrays import Floats, PtsArray
from inspector.domain.clip import Clip
from inspector.domain.observations.coding import TYPES as LETTERS
from inspector.engine.provenance.coding.lanes import PACKETS
from inspector.ui.timeline.lanes.blink_lane import BarItem
from inspector.ui.timeline.lanes.lane import Table
from inspector.ui.timeline.lanes.signal_lanes import SignalLane
from inspector.ui.widgets.language import plural, tr
from inspector.ui.widgets.theme import Theme


class PacketLane(SignalLane):
    """Packet sizes as a curve over a bar for each I picture; an observation that is never part of the score."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int) -> None:
        self._types: Signal | None = None
        self._places: Signal | None = None
        super().__init__(layout, row, theme, height, PACKETS, "kB")
        self.keys = BarItem(theme.grid)
        self.keys.setZValue(-1)
        self.plot.addItem(self.keys, ignoreBounds=True)

    def set_values(self, pts: PtsArray, values: Floats, clip: Clip) -> None:
        """Draw the sizes in kB, float64 (n,), at pts int64 (n,)."""
        super().set_values(pts, values, clip)
        self._mark_keys()

    def set_types(self, types: Signal | None, places: Signal | None) -> None:
        """Take the picture types and how many pictures each is behind its I picture; both have the pts of the sizes."""
        self._types, self._places = types, places
        self._mark_keys()

    def _mark_keys(self) -> None:
        seconds = self.curve.pyramid.seconds
        if self._types is None or len(self._types.values) != len(seconds):
            self.keys.set_bars(np.empty(0), np.empty(0))
            return
        starts = seconds[self._types.values == 1]
        self.keys.set_bars(starts, starts)

    def _value_text(self, pts: int | None) -> str:
        text = super()._value_text(pts)
        if not text or self._types is None or pts is None:
            return text
        row = int(np.searchsorted(self._types.pts, pts))
        kind = self._types.values[row] if row < len(self._types.pts) and self._types.pts[row] == pts else 0
        letter = LETTERS[int(kind)] if 0 < kind < len(LETTERS) else ""
        return f"{text}, {letter}" if letter else text

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """The frame's size and type, and its place in the group of pictures."""
        lines = super().text_at(seconds, pts)
        places = self._places
        row = -1 if places is None else int(np.searchsorted(places.pts, pts))
        if places is not None and 0 <= row < len(places.pts) and places.pts[row] == pts:
            behind = places.values[row]
            lines += (
                [plural("%n pictures behind the I picture", "%n picture behind the I picture", round(behind))]
                if np.isfinite(behind) and behind
                else []
            )
        return [*lines, tr("an observation on the file, not part of the score")]

    def table(self) -> Table:
        """Size and type of each picture."""
        found, types = super().table(), self._types
        if types is not None and len(types.values) == len(self.curve.pyramid):
            kinds = np.nan_to_num(types.values).astype(np.intp)
            found["picture type"] = [LETTERS[kind] if 0 <= kind < len(LETTERS) else "" for kind in kinds]
        return found
