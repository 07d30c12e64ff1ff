"""The report's pages of the frames that the examiner saved, each as decoded and, with filters, filtered."""

from __future__ import annotations

from typing import Any

from reportlab.lib.units import mm

from inspector.domain.analysis import Analysis
from inspector.domain.answer import face_name
from inspector.domain.clip import Clip
from inspector.domain.scores import FaceScore
from inspector.engine.filters.table import describe_chain
from inspector.engine.report import text
from inspector.engine.report.figure_files import saved_figure_files
from inspector.engine.report.material import SavedFigure
from inspector.engine.report.pdf import axes, style
from inspector.engine.report.pdf.key_frames import FRAME_ALONE, by_each_look, reader_of, scaled
from inspector.engine.report.pdf.steps import decoding
from inspector.engine.report.series import NO_MODEL

_MOST = 100  # half a page each
_GUTTER, _HIGH = 3 * mm, 70 * mm
_WIDE = (style.WIDTH - _GUTTER) / 2


class Pages:
    """The flowables of the saved figures; each frame is decoded once, however often the document is laid out."""

    def __init__(self, figures: tuple[SavedFigure, ...], analysis: Analysis) -> None:
        self._figures, self._clip = figures, analysis.clip
        self._has_deep = any(track.deep for track in analysis.summaries)
        self._drawn: dict[int, Any] = {}

    def story(self) -> style.Flowables:
        """What a filter is for, then every figure with its facts."""
        if not self._figures:
            return [style.paragraph("The examiner saved no frame of this clip.")]
        story: style.Flowables = [
            style.paragraph(
                "The examiner saved these frames in the window. For this report they were decoded again from the "
                "evidence file. They are shown as decoded, and beside it filtered where filters were on. Filters are "
                "for viewing only: no score, heat map or conclusion comes from a filtered picture. The figures in this "
                "PDF are scaled and JPEG-compressed; the folder figures/ holds lossless ones."
            )
        ]
        for number, figure in enumerate(self._figures[:_MOST], 1):
            if number not in self._drawn:
                self._drawn[number] = _pair(figure)
            rows = _rows(number, figure, self._clip, has_deep=self._has_deep)
            body = [self._drawn[number], style.facts(rows, label_width=28 * mm)]
            which = "" if self._clip.is_still else f" Frame {figure.index}{text.at(self._clip, figure.seconds)}"
            title = f"Saved figure {number}.{which}"
            story.append(style.block(title, body))
        if len(self._figures) > _MOST:
            story.append(
                style.paragraph(f"{len(self._figures) - _MOST} more are in figures/ and named in report.json.")
            )
        return story


def _pair(figure: SavedFigure) -> Any:
    """The frame as decoded and, with filters, filtered, at one size."""
    decoded, filtered = figure.render()
    share = min(_WIDE / decoded.shape[1], _HIGH / decoded.shape[0])
    wide, high = decoded.shape[1] * share, decoded.shape[0] * share
    placed = [("as decoded", reader_of(scaled(decoded)))]
    if filtered is not None:
        placed.append(("filtered, not scored", reader_of(scaled(filtered))))

    def paint(canvas: Any) -> None:
        for at, (name, reader) in enumerate(placed):
            x = at * (wide + _GUTTER)
            canvas.drawImage(reader, x, 4, wide, high)
            axes.label(canvas, x, high + 7, name)

    return style.Drawn(style.WIDTH, high + 16, paint)


def _probabilities(scores: tuple[FaceScore, ...], clip: Clip, *, has_deep: bool) -> str:
    """What the tool says of each face of the frame as decoded."""
    parts = []
    for score in scores:
        of = f"{face_name(score.track_id)}: " if score.track_id else ""
        if score.fake_probability is not None:
            parts.append(f"{of}{by_each_look(score, has_deep=has_deep)}")
        else:
            parts.append(f"{of}not scored ({score.abstained or NO_MODEL})")
    if not parts:
        return "not analysed"
    is_scored = any(score.fake_probability is not None for score in scores)
    alone = "" if clip.is_still else FRAME_ALONE
    return "; ".join(parts) + (f"; of the frame as decoded{alone}" if is_scored else "")


def _rows(number: int, figure: SavedFigure, clip: Clip, *, has_deep: bool) -> list[tuple[str, str]]:
    saved = figure.saved
    by = f"{text.stated(saved.author)}, {text.moment(saved.written_at)}"
    chain = describe_chain(figure.filters)
    after = "; then the filters above" if chain else ""
    return [
        ("Filters", text.markup(chain) or "none"),
        ("Steps", f"{decoding(clip, is_deinterlaced=clip.is_interlaced)}{after}"),
        ("Label", text.markup(saved.label, text.SHORT)),
        *text.frame_row(clip, figure.index, saved.pts, figure.seconds, figure.timecode),
        ("Frame SHA-256", style.mono(figure.sha256)),
        ("Probability", _probabilities(figure.scores, clip, has_deep=has_deep)),
        ("Also on screen", text.markup(saved.on_screen)),
        ("Saved by", by),
        ("Files", ", ".join(saved_figure_files(number, figure))),
    ]
