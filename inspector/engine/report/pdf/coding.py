"""The report's page on how the clip is coded: facts with their causes, and the series over the whole clip."""

from __future__ import annotations

from typing import Any

import numpy as np

from inspector.domain.arrays import Floats
from inspector.domain.clip import Clip
from inspector.domain.observations.coding import CHANGE, INTRA, QUANTISER, SIZE, TYPE, UNCHANGED, CodingSeries
from inspector.engine.provenance.coding.history import CodingHistory, bit_rates, groups_of
from inspector.engine.report import text
from inspector.engine.report.coding import FILE, type_name
from inspector.engine.report.pdf import axes as ax
from inspector.engine.report.pdf import style
from inspector.engine.report.pdf.axes import Axes

_LANE, _LEFT, _RIGHT = 58.0, 34.0, 20.0


def coding_history(history: CodingHistory | None, clip: Clip) -> style.Flowables:
    """What was measured of the coding, set apart from the score."""
    if history is None or not len(history.series):
        why = "A still has no coding history." if clip.is_still else "The coding was not recorded by this analysis."
        return [style.paragraph(why)]
    series, facts = history.series, history.facts
    story: style.Flowables = [
        style.paragraph(
            "<b>These are observations, not part of the score.</b> They describe how the file stores its pictures; "
            "each has innocent causes, and none says that a clip is manipulated."
        ),
        style.facts(_overview(history, clip)),
    ]
    for fact in facts:
        said = f"{text.markup(fact.sentence)} <i>Usual causes:</i> {text.markup(fact.causes)}"
        story += style.items([f"{said} [{text.markup(fact.source)}]"])
    if not facts:
        story.append(style.paragraph("No rule on coding found anything."))
    story += style.items([text.markup(problem) for problem in history.problems])
    lanes = _lanes(series, clip)
    return [*story, _plots(series, clip, lanes), style.paragraph(f"{FILE} holds every value.")]


def _overview(history: CodingHistory, clip: Clip) -> list[tuple[str, str]]:
    series = history.series
    types = [type_name(value) for value in series.values[TYPE].tolist()]
    counted = ", ".join(f"{types.count(name)} {name}" for name in "IPB" if name in types) or "not known"
    groups, rate = groups_of(series), bit_rates(series, clip)
    lengths = "none: no I picture is known"
    if groups.lengths:
        shortest, longest = min(groups.lengths), max(groups.lengths)
        is_varied = shortest < longest
        usual = f"; usually {text.count(groups.usual, 'picture')}" if groups.usual and is_varied else ""
        span = f"{shortest} to {longest} pictures" if is_varied else text.count(longest, "picture")
        lengths = f"{text.count(len(groups.lengths), 'group')} of {span}{usual}"
    rates = f"{rate.min():.0f} to {rate.max():.0f} kbit/s" if np.isfinite(rate).any() else "not known"
    return [
        ("Pictures by type", counted),
        ("Groups of pictures", lengths),
        ("Bit rate, mean of a second", rates),
        ("An earlier coding", history.earlier),
    ]


def _lanes(series: CodingSeries, clip: Clip) -> list[tuple[str, Floats]]:
    lanes = [
        ("Packet size (kB), I pictures marked below", series.values[SIZE] / 1000),
        ("Bit rate (kbit/s)", bit_rates(series, clip)),
        ("Quantiser (the codec's scale)", series.values[QUANTISER]),
        ("Change from the frame before (grey levels)", series.values[CHANGE]),
        ("Unchanged area (%)", series.values[UNCHANGED]),
        ("Area coded without reference to another picture (%)", series.values[INTRA]),
    ]
    return [(name, values) for name, values in lanes if np.isfinite(values).any()]


def _plots(series: CodingSeries, clip: Clip, lanes: list[tuple[str, Floats]]) -> Any:
    seconds = (series.pts - clip.start_pts).astype(np.float64) * float(clip.time_base)
    room = 0.02 * float(seconds[-1] - seconds[0]) or 0.5
    start, end = float(seconds[0]) - room, float(seconds[-1]) + room
    keys = seconds[series.values[TYPE] == 1]

    def paint(canvas: Any) -> None:
        for index, (name, values) in enumerate(lanes):
            bottom = 16 + (len(lanes) - 1 - index) * _LANE
            known = np.isfinite(values)
            low, high = float(values[known].min()), float(values[known].max())
            margin = 0.08 * (high - low) or 0.5
            width = style.WIDTH - _LEFT - _RIGHT
            axes = Axes(_LEFT, bottom, width, _LANE - 15, start, end, low - margin, high + margin)
            ax.curve(canvas, axes, seconds[known], values[known], style.SMOOTH, 0.6)
            if index == 0:
                _ticks(canvas, axes, keys)
            ax.frame(canvas, axes, time=index == len(lanes) - 1, most_values=4)
            ax.label(canvas, axes.left, bottom + _LANE - 12, name)

    return style.Drawn(style.WIDTH, _LANE * len(lanes) + 16, paint)


def _ticks(canvas: Any, axes: Axes, keys: Floats) -> None:
    """A tick under the curve for each I picture, at most one a point."""
    canvas.setStrokeColor(style.MUTED)
    canvas.setLineWidth(0.5)
    for x in sorted({round(axes.x(float(second)), 0) for second in keys}):
        canvas.line(x, axes.bottom, x, axes.bottom + 4)
