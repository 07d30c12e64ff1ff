"""Page one's faces: a large picture of each beside its probability over time, whatever the shape of the frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportlab.lib.utils import simpleSplit

from inspector.domain.analysis import Analysis, TrackSummary
from inspector.domain.answer import FaceNames, deciding_track, full_face_name, why_not_scored
from inspector.domain.arrays import Image
from inspector.domain.clip import Clip
from inspector.domain.geometry import Box
from inspector.engine.report import figures, fonts, text
from inspector.engine.report.material import KeyFrame, ReportMaterial
from inspector.engine.report.pdf import plots, style
from inspector.engine.report.pdf.key_frames import reader_of
from inspector.engine.report.pdf.results import marks
from inspector.engine.report.series import Overview

_AROUND = 2.0  # sides of the picture, in sides of the face: the face with hair, neck and some surroundings
_PIXELS = 560  # about 250 dpi at the largest size
_LOWEST = 60.0  # points: the height of faces on a full page, with their captions
_LEAST, _MOST = 62.0, 170.0  # points: the side of a face's picture
_LEAST_PLOT, _MOST_PLOT = 60.0, 78.0  # points: the height of the curve below it
_LEAST_BESIDE = 100.0  # points: the width of a curve beside it
_ALONE = 118.0  # points: the height of a plot without a picture
_CAPTION, _GAP = 12.0, 8.0
_BESIDE = 4  # faces


@dataclass(frozen=True, slots=True, eq=False)
class _Face:
    track: TrackSummary
    key_frame: KeyFrame | None


def around(image: Image, box: Box) -> Box:
    """The square that shows a face with its surroundings, moved into the picture (H, W, 3) as far as it fits."""
    height, width = image.shape[:2]
    side = round(min(max(_AROUND * max(box.width, box.height), 32.0), height, width))
    x, y = (centre - side / 2 for centre in box.centre)
    return Box(float(round(min(max(x, 0), width - side))), float(round(min(max(y, 0), height - side))), side, side)


def face_picture(key_frame: KeyFrame) -> Image | None:
    """The face with its box and surroundings, square uint8 RGB; None where the frame does not show it."""
    image, box = key_frame.frame.image, key_frame.score.box or key_frame.score.crop
    if box is None:
        return None
    part = around(image, box)
    scale = _PIXELS / part.width
    placed = Box((box.x - part.x) * scale, (box.y - part.y) * scale, box.width * scale, box.height * scale)
    return figures.marked_frame(figures.face_crop(image, part, _PIXELS), placed, None, "")


def _shown(material: ReportMaterial, overview: Overview) -> list[_Face]:
    """The tracks that have key frames, the deciding one first; without any picture only that one."""
    summaries = {track.track_id: track for track in material.analysis.summaries}
    first: dict[int, KeyFrame] = {}
    for key_frame in material.key_frames:
        first.setdefault(key_frame.track_id, key_frame)
    if first:
        return [_Face(summaries[track_id], each) for track_id, each in first.items() if track_id in summaries]
    track = deciding_track(material.analysis)
    return [] if track is None or not _has_curve(track, overview) else [_Face(track, None)]


def _has_curve(track: TrackSummary, overview: Overview) -> bool:
    return track.frames_scored > 1 and track.track_id in overview.series


def _title(face: _Face, names: FaceNames, *, has_time: bool = False) -> str:
    track = face.track
    at = f", here at {face.key_frame.seconds:.2f} s" if has_time and face.key_frame is not None else ""
    said = str(track.conclusion) if track.frames_scored else "not scored"
    value = "" if track.fake_probability is None else f", probability {text.probability(track.fake_probability)}"
    return text.visible(f"{full_face_name(track.track_id, names)}: {said}{value}{at}")


def _no_curve(track: TrackSummary, clip: Clip) -> str:
    if not track.frames_scored:
        return text.visible(why_not_scored(track.abstentions) or "It was not scored.", text.SHORT)
    return "" if clip.is_still else "Scored in one frame: there is no curve over time."


def _cell(face: _Face, analysis: Analysis, overview: Overview, names: FaceNames, height: float) -> style.Drawn:
    """The only face: its picture at the left, as high as the cell, and its curve with a caption at the right."""
    reader = _reader(face)
    left = 0.0 if reader is None else height + _GAP
    plot = _plot(face, analysis, overview, style.WIDTH - left, height - _CAPTION)
    said = [(style.INK, _title(face, names, has_time=not analysis.clip.is_still))]
    if plot is None:
        said.append((style.MUTED, _no_curve(face.track, analysis.clip)))

    def paint(canvas: Any) -> None:
        if reader is not None:
            canvas.drawImage(reader, 0, 0, height, height)
        top = height - style.FIRST.fontSize
        for colour, line in said:
            _write(canvas, left, top, style.fitted(line, style.FIRST.fontSize, style.WIDTH - left), colour)
            top -= _CAPTION + 4
        canvas.translate(left, 0)
        if plot is not None:
            plot.paint(canvas)

    return style.Drawn(style.WIDTH, height, paint)


def _column(face: _Face, analysis: Analysis, overview: Overview, names: FaceNames, sizes: _Sizes) -> style.Drawn:
    """One of several faces: its caption, its picture below, and its curve or the reason for none by the picture."""
    reader = _reader(face)
    left, width = (sizes.side + _GAP if sizes.is_beside else 0.0), sizes.plot_width
    # A curve below is lower than its room, not to touch the picture.
    plot = _plot(face, analysis, overview, width, sizes.plot - 4) if sizes.plot else None
    title = _wrapped(_title(face, names), sizes.width)[: sizes.lines]
    why = [] if plot is not None or not sizes.plot else _wrapped(_no_curve(face.track, analysis.clip), width)[:4]

    def paint(canvas: Any) -> None:
        top = sizes.height - style.FIRST.fontSize
        for line in title:
            _write(canvas, 0, top, line, style.INK)
            top -= _CAPTION
        if reader is not None:
            canvas.drawImage(reader, 0, 0 if sizes.is_beside else sizes.plot, sizes.side, sizes.side)
        for number, line in enumerate(why, 1):
            _write(canvas, left, sizes.plot - number * _CAPTION, line, style.MUTED)
        canvas.translate(left, 0)
        if plot is not None:
            plot.paint(canvas)

    return style.Drawn(sizes.width, sizes.height, paint)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Of faces beside each other: column, picture and curve (0: none) in points, and the lines of the caption.

    The curve stands below the picture, or at its right.
    """

    width: float
    side: float
    plot: float
    lines: int
    is_beside: bool = False

    @property
    def height(self) -> float:
        """Of the whole column."""
        return self.lines * _CAPTION + self.side + (0.0 if self.is_beside else self.plot)

    @property
    def plot_width(self) -> float:
        """Of the curve."""
        return self.width - (self.side + _GAP if self.is_beside else 0.0)


def _sizes(titles: list[str], room: float) -> _Sizes:
    """Pictures as large as the columns, with curves below them if there is room; else pictures as high as there is.

    Those have their curves at the right where the columns are wide enough.
    """
    width = (style.WIDTH - (len(titles) - 1) * _GAP) / len(titles)
    lines = min(max(len(_wrapped(title, width)) for title in titles), 3)
    left = room - lines * _CAPTION
    side = min(width, _MOST, left - _LEAST_PLOT)
    if side >= _LEAST:
        return _Sizes(width, side, min(left - side, _MOST_PLOT), lines)
    side = max(min(width, _MOST, left), 0.0)
    beside = _Sizes(width, side, side, lines, is_beside=True)
    return beside if beside.plot_width >= _LEAST_BESIDE else _Sizes(width, side, 0.0, lines)


def _wrapped(said: str, width: float) -> list[str]:
    return [str(line) for line in simpleSplit(said, fonts.SANS, style.FIRST.fontSize, width)]


def _write(canvas: Any, x: float, y: float, line: str, colour: Any) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(fonts.SANS, style.FIRST.fontSize)
    canvas.drawString(x, y, line)


def _reader(face: _Face) -> Any:
    picture = None if face.key_frame is None else face_picture(face.key_frame)
    return None if picture is None else reader_of(picture)


def _plot(face: _Face, analysis: Analysis, overview: Overview, width: float, height: float) -> style.Drawn | None:
    if not _has_curve(face.track, overview):
        return None
    return plots.timeline(analysis, overview.series[face.track.track_id], face.track, height, width)


def faces(material: ReportMaterial, overview: Overview) -> style.Flowables:
    """Up to four faces beside each other, as large as page one has room for; others are named."""
    shown = _shown(material, overview)
    if not shown:
        return []
    analysis, names = material.analysis, material.names
    has_curves = any(_has_curve(face.track, overview) for face in shown)
    legend = plots.legend(marks(shown[0].track)) if has_curves else style.Drawn(style.WIDTH, 0.0, lambda _canvas: None)
    shown, left_out = shown[:_BESIDE], shown[_BESIDE:]
    others = [_others(left_out, names)] if left_out else []
    titles = [_title(face, names) for face in shown]
    is_alone = len(shown) == 1
    most = (_ALONE if shown[0].key_frame is None else _MOST) + (0 if is_alone else 3 * _CAPTION + _MOST_PLOT)

    def stack(height: float) -> style.Drawn:
        room = height - _GAP - sum(part.height for part in others)
        # Without room for it the legend is left out here: it stands under Face tracks, too.
        below = others
        if room - legend.height >= _LEAST + 2 * _CAPTION + _LEAST_PLOT:
            below, room = [legend, *others], room - legend.height
        if is_alone:
            row = _cell(shown[0], analysis, overview, names, min(room, most))
        else:
            sizes = _sizes(titles, room)
            columns = [_column(face, analysis, overview, names, sizes) for face in shown]
            row = style.in_row(columns, sizes.height, sizes.width + _GAP)
        return style.stacked([style.in_row([row], row.height + _GAP, 0.0), *below])

    return [style.Fitted(_LOWEST + _GAP, most + _GAP + legend.height + _CAPTION + 2, stack)]


def _others(faces: list[_Face], names: FaceNames) -> style.Drawn:
    """A line that says where the faces without room are."""
    listed = ", ".join(full_face_name(face.track.track_id, names) for face in faces)
    said = style.fitted(
        text.visible(f"See Key frames and Face tracks for {listed}."), style.FIRST.fontSize, style.WIDTH
    )

    def paint(canvas: Any) -> None:
        canvas.setFont(fonts.SANS, style.FIRST.fontSize)
        canvas.setFillColor(style.MUTED)
        canvas.drawString(0, 3, said)

    return style.Drawn(style.WIDTH, 14.0, paint)
