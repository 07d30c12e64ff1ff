"""Page one's faces: a large picture of each beside its probability over time, whatever the shape of the frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from inspector.domain.analysis import Analysis, TrackSummary
from inspector.domain.answer import FaceNames, deciding_track, full_face_name, why_not_scored
from inspector.domain.arrays import Image
from inspector.domain.geometry import Box
from inspector.engine.report import figures, fonts, text
from inspector.engine.report.material import KeyFrame, ReportMaterial
from inspector.engine.report.pdf import plots, style
from inspector.engine.report.pdf.key_frames import reader_of
from inspector.engine.report.pdf.results import marks
from inspector.engine.report.series import Overview

_AROUND = 2.0  # sides of the picture, in sides of the face: the face with hair, neck and some surroundings
_PIXELS = 560  # about 250 dpi at the largest size
_LEAST, _MOST = 62.0, 170.0  # points: the height of a face's row, which is also its picture's side
_ALONE = 118.0  # points: the height of a plot without a picture
_CAPTION, _GAP = 12.0, 10.0
_BENEATH = 2  # faces: more of them stand in two columns


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


def _title(face: _Face, names: FaceNames, *, has_time: bool) -> str:
    track = face.track
    at = f", here at {face.key_frame.seconds:.2f} s" if has_time and face.key_frame is not None else ""
    said = str(track.conclusion) if track.frames_scored else "not scored"
    value = "" if track.fake_probability is None else f", probability {text.probability(track.fake_probability)}"
    return text.visible(f"{full_face_name(track.track_id, names)}: {said}{value}{at}")


def _no_curve(track: TrackSummary) -> str:
    if not track.frames_scored:
        return text.visible(why_not_scored(track.abstentions) or "It was not scored.", text.SHORT)
    return "Scored in one frame: there is no curve over time."


def _cell(
    face: _Face, analysis: Analysis, overview: Overview, names: FaceNames, size: tuple[float, float]
) -> style.Drawn:
    """A face's picture at the left, as high as the cell, and its curve with a caption at the right."""
    width, height = size
    picture = None if face.key_frame is None else face_picture(face.key_frame)
    reader = None if picture is None else reader_of(picture)
    is_narrow = width < style.WIDTH  # the caption then stands over the picture, too
    side = 0.0 if reader is None else height - (_CAPTION + 3 if is_narrow else 0)
    left = 0.0 if reader is None else side + _GAP
    plot = None
    if _has_curve(face.track, overview):
        series = overview.series[face.track.track_id]
        plot = plots.timeline(analysis, series, face.track, height - _CAPTION, width - left)
    below = [] if plot is not None else [_no_curve(face.track)]
    texts = [
        (0.0 if is_narrow else left, style.INK, _title(face, names, has_time=not is_narrow)),
        *((left, style.MUTED, each) for each in below),
    ]

    def paint(canvas: Any) -> None:
        if reader is not None:
            canvas.drawImage(reader, 0, 0, side, side)
        top = height - style.FIRST.fontSize
        for at, colour, said in texts:
            canvas.setFillColor(colour)
            canvas.setFont(fonts.SANS, style.FIRST.fontSize)
            canvas.drawString(at, top, style.fitted(said, style.FIRST.fontSize, width - at))
            top -= _CAPTION + 4
        canvas.translate(left, 0)
        if plot is not None:
            plot.paint(canvas)

    return style.Drawn(width, height, paint)


def _rows(
    material: ReportMaterial, overview: Overview, faces: list[_Face], columns: int, height: float
) -> list[style.Drawn]:
    """The faces' cells in rows of `height` points."""
    size = (style.WIDTH - (columns - 1) * _GAP) / columns, height - _GAP
    cells = [_cell(face, material.analysis, overview, material.names, size) for face in faces]
    rows = [cells[first : first + columns] for first in range(0, len(cells), columns)]
    return [style.in_row(row, height, size[0] + _GAP) for row in rows]


def faces(material: ReportMaterial, overview: Overview) -> style.Flowables:
    """A cell for each face, as high as page one has room for; those without room are named. Nothing without faces."""
    shown = _shown(material, overview)
    if not shown:
        return []
    has_curves = any(_has_curve(face.track, overview) for face in shown)
    legend = plots.legend(marks(shown[0].track)) if has_curves else style.Drawn(style.WIDTH, 0.0, lambda _canvas: None)
    most = (_ALONE if shown[0].key_frame is None else _MOST) + _GAP
    columns = 1 if len(shown) <= _BENEATH else 2
    lines = -(-len(shown) // columns)

    def stack(height: float) -> style.Drawn:
        # Without room for it the legend is left out here: it stands under Face tracks, too.
        below = [legend] if height - legend.height >= lines * (_LEAST + _GAP) else []
        room = height - sum(part.height for part in below)
        fit = max(int(room // (_LEAST + _GAP)), 1)
        left_out = shown[fit * columns :]
        if left_out:
            below.append(_others(left_out, material.names))
            room -= below[-1].height
        part = shown[: fit * columns]
        each = min(room / -(-len(part) // columns), most)
        return style.stacked([*_rows(material, overview, part, columns, each), *below])

    return [style.Fitted(_LEAST + _GAP, lines * most + legend.height, stack)]


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
