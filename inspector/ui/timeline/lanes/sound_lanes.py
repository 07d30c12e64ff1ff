"""The lanes of what was measured on the sound: its spectrogram, and where a voice or nothing is heard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from inspector.domain.arrays import Bytes, Floats
from inspector.domain.sound.facts import SoundFacts, SoundPicture
from inspector.engine.sound.picture import as_decibels
from inspector.ui.timeline.lanes.blink_lane import BarItem
from inspector.ui.timeline.lanes.curves import runs
from inspector.ui.timeline.lanes.lane import Lane, Table
from inspector.ui.widgets.language import capital, mark, tr, tr_marked
from inspector.ui.widgets.theme import Theme

SPECTRUM, VOICE = mark("spectrogram"), mark("voice and silence")

_SHORTEST = 0.1  # seconds for which the pointer finds a break without a length
_QUIET, _LOUD = 42.5, 212.5  # -100 and -20 dBFS as they are stored
_NOT_SCORED = mark("an observation on the sound, not part of the score")
_BREAKS = {  # what a cut leaves, among other causes, by the kind of event
    "hum break": mark("the phase of the hum jumps"),
    "coding shift": mark("the frames of an earlier coding shift"),
    "time stamps": mark("the time stamps jump"),
    "format": mark("the sampling changes"),
}


class SpectrumLane(Lane):
    """The level of each frequency over time, from the background's colour for -100 dBFS to the text's for -20 dBFS."""

    def __init__(self, layout: Any, row: int, theme: Theme, height: int, facts: SoundFacts | None) -> None:
        super().__init__(layout, row, theme, height, SPECTRUM)
        self._picture = None if facts is None else facts.picture
        self.show_value(None)
        if self._picture is None or not len(self._picture.levels):
            return
        picture = self._picture
        self.image = pg.ImageItem(
            picture.levels, axisOrder="col-major", levels=(_QUIET, _LOUD), lut=_colours(theme), autoDownsample=True
        )
        top = picture.top_hz / 1000
        self.image.setRect(QRectF(picture.start_seconds, 0.0, len(picture.levels) * picture.step_seconds, top))
        self.image.setZValue(-10)
        self.plot.addItem(self.image, ignoreBounds=True)
        self.view.setYRange(0.0, top, padding=0)
        self.plot.getAxis("left").setTicks([[(0.0, "0"), (top, f"{top:.0f}k")]])

    def _loudest(self, seconds: float) -> str:
        picture = self._picture
        column = -1 if picture is None else int((seconds - picture.start_seconds) // picture.step_seconds)
        if picture is None or not 0 <= column < len(picture.levels):
            return ""
        levels = as_decibels(picture.levels[column])
        band = int(np.argmax(levels))
        middle = (band + 0.5) * picture.top_hz / len(levels) / 1000
        return tr("loudest at {middle:.1f} kHz, {level:.0f} dBFS", middle=middle, level=levels[band])

    def show_value(self, pts: int | None) -> None:
        """Show that the sound is not part of the score."""
        self.label.set_text(capital(tr_marked(self.name)), tr("not scored"), self.theme.muted)

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """The loudest frequency at a time."""
        text = self._loudest(seconds)
        return [tr("Sound: {text}", text=text), tr_marked(_NOT_SCORED)] if text else []

    def table(self) -> Table:
        """Level in dBFS of each band, named by its middle."""
        picture = self._picture
        if picture is None:
            return {}
        levels, bands = as_decibels(picture.levels), picture.levels.shape[1]
        found: Table = {"seconds": _times(picture)}
        for band in range(bands):
            found[f"{(band + 0.5) * picture.top_hz / bands:.0f} Hz (dBFS)"] = levels[:, band].astype(np.float64)
        return found


class VoiceLane(Lane):
    """Bars where a voice is heard, pale ones where it is silent, and coloured ones where the sound breaks.

    In between there is other sound.
    """

    def __init__(self, layout: Any, row: int, theme: Theme, height: int, facts: SoundFacts | None) -> None:
        super().__init__(layout, row, theme, height, VOICE)
        self.silence, self.voice = BarItem(theme.grid), BarItem(theme.text)
        self.breaks = {kind: BarItem(theme.accent) for kind in _BREAKS}  # orange is a high probability
        for bars in (self.silence, self.voice, *self.breaks.values()):
            self.plot.addItem(bars, ignoreBounds=True)
        self.view.setYRange(0.0, 1.0, padding=0)
        self.plot.getAxis("left").setTicks([[]])
        if facts is not None and facts.speech is not None:
            spans = np.array(runs(facts.speech.is_voiced > 0), np.float64).reshape(-1, 2)
            spans = facts.speech.start_seconds + spans * facts.speech.step_seconds
            self.voice.set_bars(spans[:, 0], spans[:, 1])
        events = facts.events if facts else ()
        for kind, bars in {"silence": self.silence, **self.breaks}.items():
            found = [(e.start_seconds, e.end_seconds) for e in events if e.kind == kind]
            spans = np.array(found, np.float64).reshape(-1, 2)
            bars.set_bars(spans[:, 0], spans[:, 1])
        self.show_value(None)

    def show_value(self, pts: int | None) -> None:
        """Show for how long a voice is heard in all."""
        total = float((self.voice.ends - self.voice.starts).sum())
        self.label.set_text(tr("Voice, silence"), tr("{total:.1f} s of voice", total=total), self.theme.muted)

    def text_at(self, seconds: float, pts: int) -> list[str]:
        """Which break is at a time, otherwise what is heard, by rules that take song for a voice."""
        breaks = [(tr_marked(_BREAKS[kind]), bars, _SHORTEST) for kind, bars in self.breaks.items()]
        heard = [(tr("a voice is heard"), self.voice, 0.0), (tr("silence"), self.silence, 0.0)]
        for name, bars, shortest in breaks + heard:
            row = int(np.searchsorted(bars.starts, seconds, side="right")) - 1
            if row >= 0 and seconds < max(bars.ends[row], bars.starts[row] + shortest):
                return [
                    tr(
                        "Sound: {name} from {start:.2f} to {end:.2f} s",
                        name=name,
                        start=bars.starts[row],
                        end=bars.ends[row],
                    ),
                    tr_marked(_NOT_SCORED),
                ]
        return []

    def table(self) -> Table:
        """The stretches of all kinds, in the order of time."""
        every = {"voice": self.voice, "silence": self.silence, **self.breaks}
        starts = np.concatenate([bars.starts for bars in every.values()])
        ends = np.concatenate([bars.ends for bars in every.values()])
        order = np.argsort(starts, kind="stable")
        kinds = [kind for kind, bars in every.items() for _ in bars.starts]
        return {"start seconds": starts[order], "end seconds": ends[order], "what": [kinds[at] for at in order]}


def _times(picture: SoundPicture) -> Floats:
    steps = np.arange(len(picture.levels), dtype=np.float64)
    return np.asarray(picture.start_seconds + steps * picture.step_seconds, np.float64)


def _colours(theme: Theme) -> Bytes:
    """256 colours from the plot's background to the text's, uint8 (256, 3) RGB."""
    quiet, loud = (QColor(colour) for colour in (theme.plot, theme.text))
    low, high = (np.array([each.red(), each.green(), each.blue()], np.float64) for each in (quiet, loud))
    share = np.linspace(0.0, 1.0, 256)[:, None]
    return np.asarray(np.rint((1 - share) * low + share * high), np.uint8)
