"""The lane of what the rules observe on the coding: where the picture stands still, is black, or was there before."""

from __future__ import annotations

from typing import Any

import numpy as np

from inspector.domain.arrays import Floats
from inspector.domain.clip import Clip
from inspector.domain.observations.coding import CodingFact
from inspector.ui.timeline.lanes.blink_lane import BarItem
from inspector.ui.timeline.lanes.lane import Lane, Table
from inspector.ui.widgets.language import mark, plural, tr
from inspector.ui.widgets.theme import Theme

OBSERVED = mark("observed stretches")


class ObservedLane(Lane):
    """A bar wherever an observation has a place; never part of the score."""

    def __init__(
        self, layout: Any, row: int, theme: Theme, height: int, facts: tuple[CodingFact, ...], clip: Clip | None
    ) -> None:
        super().__init__(layout, row, theme, height, OBSERVED)
        self.view.setYRange(0.0, 1.0, padding=0)
        self.plot.getAxis("left").setTicks([[]])
        self.places = sorted(
            (clip.seconds(first), clip.seconds(last), fact.rule) for fact in facts for first, last in fact.spans if clip
        )
        starts, ends = _joined(np.array([place[:2] for place in self.places], np.float64).reshape(-1, 2))
        self.bars = BarItem(theme.text)
        self.bars.set_bars(starts, ends)
        self.plot.addItem(self.bars, ignoreBounds=True)
        self.show_value(None)

    def show_value(self, pts: int | None) -> None:
        """Show how many places there are."""
        self.label.set_text(tr("Observed"), plural("%n places", "%n place", len(self.places)), self.theme.muted)

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """The observations at a time, by the names of their rules; the File tab has their sentences and causes."""
        found = [place for place in self.places if place[0] - 0.02 <= seconds <= place[1] + 0.02]
        lines = [
            tr("{rule}: {start:.2f} to {end:.2f} s", rule=rule, start=start, end=end) for start, end, rule in found[:4]
        ]
        return [*lines, tr("observations with usual causes: see the File tab")] if lines else []

    def table(self) -> Table:
        """The places in the order of time."""
        ends = np.array([place[:2] for place in self.places], np.float64).reshape(-1, 2)
        return {
            "start seconds": ends[:, 0], "end seconds": ends[:, 1], "observation": [place[2] for place in self.places]
        }  # fmt: skip


def _joined(spans: Floats) -> tuple[Floats, Floats]:
    """The union of spans (n, 2), sorted by their starts, as the starts and ends of disjoint ones."""
    if not len(spans):
        return np.empty(0), np.empty(0)
    reach = np.maximum.accumulate(spans[:, 1])
    is_new = np.concatenate(([True], spans[1:, 0] > reach[:-1]))
    lasts = np.append(np.flatnonzero(is_new)[1:] - 1, len(spans) - 1)
    return np.asarray(spans[is_new, 0], np.float64), np.asarray(reach[lasts], np.float64)
