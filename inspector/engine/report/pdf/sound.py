"""The report's section on the sound: waveform and spectrogram, and what was measured."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from inspector.domain.answer import NO_NAMES, FaceNames, face_name
from inspector.domain.arrays import Image
from inspector.domain.sound.facts import SoundEvent, SoundFacts, SoundPicture
from inspector.domain.sound.mouth import CAUSES, MouthLag
from inspector.engine.report import text
from inspector.engine.report.pdf import axes as ax
from inspector.engine.report.pdf import style
from inspector.engine.report.pdf.key_frames import reader_of
from inspector.engine.sound.picture import as_decibels
from inspector.engine.sound.text import value_rows

_MOST_EVENTS, _MOST_FACES = 40, 12
_WAVE, _SPECTRUM, _LEFT, _RIGHT = 46.0, 120.0, 24.0, 30.0  # points
_PIXELS = 960  # across: 150 dpi
_QUIET_DB, _LOUD_DB = -100.0, -20.0


def sound_facts(
    facts: SoundFacts | None, mouths: tuple[MouthLag, ...] = (), names: FaceNames = NO_NAMES
) -> style.Flowables:
    """Observations on the sound with their usual causes; none of them is part of the score."""
    if facts is None:
        return [style.paragraph("The sound was not examined.")]
    story: style.Flowables = [style.paragraph(text.markup(facts.sentence))]
    if not facts.is_examined:
        return [*story, *style.items([text.markup(problem) for problem in facts.problems])]
    story.append(
        style.paragraph(
            "<b>These are observations, not part of the score.</b> Each has innocent causes, and none says that a "
            "clip is manipulated."
        )
    )
    if facts.picture is not None and len(facts.picture.lowest) > 1:
        story.append(style.block("Waveform and spectrogram", [_plot(facts.picture)]))
    for fact in facts.facts:
        said = f"{text.markup(fact.sentence)} <i>Usual causes:</i> {text.markup(fact.causes)}"
        story += style.items([f"{said} [{text.markup(fact.source)}]"])
    story += style.items([text.markup(problem) for problem in facts.problems])
    rows = [(text.markup(name), text.markup(value)) for name, value in value_rows(facts)]
    story += [*style.subheading("Measured"), style.facts(rows)]
    return [*story, *_mouths(mouths, names), *_events(facts.events, facts.left_out)]


def _mouths(mouths: tuple[MouthLag, ...], names: FaceNames) -> style.Flowables:
    """By how much each mouth follows the sound; faces with a lag first."""
    if not mouths:
        return []
    ordered = sorted(mouths, key=lambda mouth: mouth.lag_ms is None)[:_MOST_FACES]
    said = [f"{text.markup(face_name(mouth.track_id, names))}: {mouth.sentence}" for mouth in ordered]
    more = len(mouths) - len(said)
    if more:
        said.append(f"{text.count(more, 'more face is', 'more faces are')} in report.json.")
    intro = (
        "The lag at which the opening of a mouth and the level of the voice agree best, within 1 s. Clips as they are "
        f"showed lags of up to 100 ms. <i>Usual causes:</i> {CAUSES}"
    )
    return [*style.subheading("Mouth against speech"), style.paragraph(intro), *style.items(said)]


def _events(events: tuple[SoundEvent, ...], left_out: int) -> style.Flowables:
    if not events:
        return []
    rows = [
        [f"{text.clock(event.start_seconds)} to {text.clock(event.end_seconds)}", event.kind, text.markup(event.detail)]
        for event in events[:_MOST_EVENTS]
    ]
    more = len(events) + left_out - len(rows)
    rest = [style.paragraph(f"{text.whole(more)} more; report.json lists the first 200.")] if more > 0 else []
    return [*style.subheading("Where"), style.grid(["From, to", "What", "Detail"], rows, (4, 2.5, 7), "lll"), *rest]


def _plot(picture: SoundPicture) -> Any:
    """The waveform over the spectrogram on one time axis."""
    end = picture.start_seconds + len(picture.lowest) * picture.step_seconds
    width, base = style.WIDTH - _LEFT - _RIGHT, 16.0
    lower = ax.Axes(_LEFT, base, width, _SPECTRUM, picture.start_seconds, end, 0.0, picture.top_hz / 1000)
    upper = ax.Axes(_LEFT, base + _SPECTRUM + 12, width, _WAVE, picture.start_seconds, end, -1.0, 1.0)
    reader = reader_of(spectrogram(picture))
    groups = np.array_split(np.arange(len(picture.lowest)), min(len(picture.lowest), _PIXELS))
    lowest = [picture.lowest[group].min() / 127.5 - 1 for group in groups]
    highest = [picture.highest[group].max() / 127.5 - 1 for group in groups]

    def paint(canvas: Any) -> None:
        canvas.drawImage(reader, lower.left, lower.bottom, lower.width, lower.height)
        ax.frame(canvas, lower, time=True, most_values=5)
        ax.label(canvas, lower.left + lower.width + 4, lower.bottom + lower.height - 7, "kHz")
        canvas.setFillColor(style.MUTED)
        each = width / len(groups)
        for at, (low, high) in enumerate(zip(lowest, highest, strict=True)):
            bottom = upper.y(float(low))
            canvas.rect(upper.left + at * each, bottom, each, max(upper.y(float(high)) - bottom, 0.3), stroke=0, fill=1)
        ax.frame(canvas, upper, time=False, most_values=2)

    return style.Drawn(style.WIDTH, base + _SPECTRUM + 12 + _WAVE + 4, paint)


def spectrogram(picture: SoundPicture) -> Image:
    """The levels as grey, dark for loud, uint8 (H, W, 3) RGB, low frequencies below, at most 960 px wide."""
    share = (as_decibels(picture.levels) - _QUIET_DB) / (_LOUD_DB - _QUIET_DB)
    grey = (255 * (1 - np.clip(share, 0, 1))).astype(np.uint8).T[::-1]
    width = min(grey.shape[1], _PIXELS)
    drawn = cv2.resize(np.ascontiguousarray(grey), (width, 2 * grey.shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(np.repeat(drawn[:, :, None], 3, axis=2), np.uint8)
