"""Everything that is drawn over the picture, in order: pure functions `render(painter, scene, view)`."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from inspector.domain.scores import rounded
from inspector.ui.picture.heat_map import draw_scale, heat_image, render_heat_map, scale_area
from inspector.ui.picture.landmarks import render_landmarks
from inspector.ui.picture.scene import FaceMark, Scene
from inspector.ui.picture.view import View, draw_label, draw_label_in, free_label_rect
from inspector.ui.widgets.engine_text import face_label
from inspector.ui.widgets.language import tr, tr_marked
from inspector.ui.widgets.theme import picture_track_colour


def render_boxes(painter: QPainter, scene: Scene, view: View) -> None:
    """Draw each face's box with its track and its probability; a dashed box if the face was not scored."""
    if not scene.options.boxes:
        return
    for mark in scene.marks:
        colour = picture_track_colour(mark.track_id)
        width = 2.2 if mark.track_id == scene.selected_track else 1.2
        style = Qt.PenStyle.DashLine if mark.abstention is not None else Qt.PenStyle.SolidLine
        rect = view.rect(mark.face.box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 140), width + 2))
        painter.drawRect(rect)
        painter.setPen(QPen(colour, width, style))
        painter.drawRect(rect)
    _draw_labels(painter, scene, view)


def _draw_labels(painter: QPainter, scene: Scene, view: View) -> None:
    for mark, text, place in placed_labels(scene, view):
        draw_label_in(painter, view, place, text, picture_track_colour(mark.track_id))


def placed_labels(scene: Scene, view: View) -> list[tuple[FaceMark, str, QRectF]]:
    """The labels of all boxes and where they lie beside each other, that of the selected face first where it belongs.

    They do not cover the colour scale of the heat map. Where one would lie apart from its box or over a face, as among
    many, all are short, and where that still happens most have the name alone.
    """
    marks = sorted(scene.marks, key=lambda mark: mark.track_id != scene.selected_track)
    scale = scale_area(scene, view)
    taken = [] if scale.isEmpty() else [scale]

    def name_alone(mark: FaceMark) -> str:
        return short_mark_text(mark) if mark.track_id == scene.selected_track else mark.name or str(mark.track_id)

    boxes = [view.rect(mark.face.box) for mark in marks]
    best, fewest = [], len(marks) + 1
    for text_of in (mark_text, short_mark_text, name_alone):
        labels = _placed(view, marks, boxes, text_of, taken)
        misplaced = sum(not _is_clear(place, box, boxes) for box, (_, _, place) in zip(boxes, labels, strict=True))
        if misplaced < fewest:
            best, fewest = labels, misplaced
        if not misplaced:
            break
    return best


def _placed(
    view: View, marks: list[FaceMark], boxes: list[QRectF], text_of: Callable[[FaceMark], str], taken: list[QRectF]
) -> list[tuple[FaceMark, str, QRectF]]:
    labels: list[tuple[FaceMark, str, QRectF]] = []
    for mark, box in zip(marks, boxes, strict=True):
        text, others = text_of(mark), [*taken, *(place for _mark, _text, place in labels)]
        place = free_label_rect(view, box, text, [*others, *boxes], lines=1)
        if any(place.intersects(other) for other in (*others, *boxes)):
            place = free_label_rect(view, box, text, others)
        labels.append((mark, text, place))
    return labels


def _is_clear(place: QRectF, box: QRectF, boxes: list[QRectF]) -> bool:
    """Whether a label covers no face and would not be read as that of another one: it lies beside its own box."""
    reach = place.height() / 2
    is_beside = box.adjusted(0, -reach, 0, reach).intersects(place)
    return is_beside and not any(other.intersects(place) for other in boxes)


def short_mark_text(mark: FaceMark) -> str:
    """The label of a face's box among many: "17 · deep 0.99"."""
    name = mark.name or str(mark.track_id)
    if mark.abstention is not None:
        return tr("{name} · not scored", name=name)
    if mark.probability is None:
        return name
    value = rounded(mark.probability)
    said = {"deep look": tr("deep {deep}", deep=value), "fast look": tr("fast {probability}", probability=value)}
    return f"{name} · {said.get(mark.measure, value)}"


def mark_text(mark: FaceMark) -> str:
    """The label of a face's box."""
    name = mark.name or face_label(mark.track_id)
    if mark.abstention is not None:
        return tr("{name} · not scored: {reason}", name=name, reason=tr_marked(mark.abstention.value))
    if mark.probability is not None:
        return f"{name} · {tr_marked(mark.measure)} {rounded(mark.probability)}"
    return name


# In the order of painting, the lowest first.
OVERLAYS: tuple[Callable[[QPainter, Scene, View], None], ...] = (render_heat_map, render_landmarks, render_boxes)


def paint_overlays(painter: QPainter, scene: Scene, view: View) -> None:
    """Paint all overlays that are switched on; each one gets the painter in the same state."""
    for render in OVERLAYS:
        painter.save()
        render(painter, scene, view)
        painter.restore()


def paint_aligned_overlays(
    painter: QPainter, scene: Scene, placement: QTransform | None, size: QSize, view: View
) -> None:
    """Paint over an aligned face of `size` what belongs to it: its heat map, turned as the face is, and its score.

    `placement` leads from pixels of the frame to those of the aligned face, `view` from there to the widget.
    """
    label = QPointF(view.area.left() + 10, view.area.bottom() - 10)
    if scene.options.heat_map and scene.cam is not None and placement is not None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(view.x, view.y)
        painter.scale(view.scale, view.scale)
        painter.setClipRect(QRectF(QPointF(), QSizeF(size)), Qt.ClipOperation.IntersectClip)
        painter.setTransform(placement, combine=True)
        crop, opacity = scene.cam.crop, round(scene.options.opacity, 2)
        painter.drawImage(QRectF(crop.x, crop.y, crop.width, crop.height), heat_image(scene.cam, opacity))
        painter.restore()
        label.setY(draw_scale(painter, scene, view) - 4)
    elif scene.options.heat_map:
        draw_label(painter, view, label, scene.no_cam_text, QColor("#d8d8d8"))
        label -= QPointF(0, view.line)
    for mark in scene.marks:
        draw_label(painter, view, label, mark_text(mark), picture_track_colour(mark.track_id))
