"""The report's key frames: frame, heat map and landmarks side by side, with their facts and checks."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import cv2
import numpy as np
from PIL import Image as Pillow
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader

from inspector.domain.analysis import Analysis
from inspector.domain.answer import NO_NAMES, FaceNames, face_name, full_face_name
from inspector.domain.arrays import Image
from inspector.domain.clip import Clip
from inspector.domain.scores import CamMap, FaceScore
from inspector.engine.analysis import cam_text
from inspector.engine.report import figures, text
from inspector.engine.report.figure_files import key_frame_files
from inspector.engine.report.material import KeyFrame
from inspector.engine.report.pdf import axes, steps, style

FRAME_ALONE = ", for this frame alone; the error rates hold for whole tracks, not for one frame"
_CROP_PX, _MOST_PX = 480, 1000
_HIGH, _FRAME_WIDE, _GUTTER = 39 * mm, 80 * mm, 3 * mm


def reader_of(image: Image) -> Any:
    """A picture for the page; JPEG, because figures/ holds the lossless one."""
    data = BytesIO()
    Pillow.fromarray(image).save(data, format="JPEG", quality=90, subsampling=0)
    return ImageReader(data)


def scaled(image: Image) -> Image:
    """At most 1000 px a side: about 300 dpi at the width it is printed."""
    share = _MOST_PX / max(image.shape[:2])
    if share >= 1:
        return image
    return np.asarray(cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _frame_picture(key_frame: KeyFrame) -> Image:
    return scaled(figures.marked_frame(key_frame.frame.image, key_frame.score.box, None, face_name(key_frame.track_id)))


def fitted_picture(image: Image, width: float, height: float) -> style.Drawn:
    """A picture, uint8 (H, W, 3) RGB, as large as it can be in width x height points."""
    share = min(width / image.shape[1], height / image.shape[0])
    wide, high, reader = image.shape[1] * share, image.shape[0] * share, reader_of(scaled(image))
    return style.Drawn(wide, high, lambda canvas: canvas.drawImage(reader, 0, 0, wide, high))


def small_frame(key_frame: KeyFrame, width: float, height: float) -> style.Drawn:
    """The frame with its face marked, fitted into width x height points."""
    return fitted_picture(_frame_picture(key_frame), width, height)


def _crops(key_frame: KeyFrame) -> list[tuple[str, Image]]:
    image, crop = key_frame.frame.image, key_frame.score.crop
    found: list[tuple[str, Image]] = []
    if key_frame.cam is not None:
        found.append(("heat map", figures.heat_map(image, key_frame.cam, _CROP_PX)))
    if crop is not None and key_frame.landmarks is not None:
        found.append(("landmarks", figures.crop_landmarks(image, crop, key_frame.landmarks, _CROP_PX)))
    elif crop is not None:
        found.append(("scored crop", figures.face_crop(image, crop, _CROP_PX)))
    return found


def _side_by_side(key_frame: KeyFrame) -> Any:
    """The pictures in a row of one height, the heat map with its scale beneath."""
    frame = _frame_picture(key_frame)
    shape = frame.shape[1] / frame.shape[0]
    wide = min(_FRAME_WIDE, _HIGH * shape)
    placed = [("frame", reader_of(frame), wide, wide / shape)]
    placed += [(name, reader_of(image), _HIGH, _HIGH) for name, image in _crops(key_frame)]
    bar = reader_of(figures.scale_bar(256, 8))

    def paint(canvas: Any) -> None:
        x, base = 0.0, 20.0
        for name, reader, width, height in placed:
            canvas.drawImage(reader, x, base + _HIGH - height, width, height)
            axes.label(canvas, x, base + _HIGH + 3, name)
            if name == "heat map" and key_frame.cam is not None and cam_text.is_unexplained(key_frame.cam):
                for row, words in enumerate(cam_text.NOT_EXPLAINED.replace("; ", ";\n").split("\n")):
                    axes.label(canvas, x, base - 8 - 8 * row, words)
            elif name == "heat map" and key_frame.cam is not None:
                canvas.drawImage(bar, x, base - 8, width, 5)
                axes.label(canvas, x, base - 16, "0")
                axes.label(canvas, x + width, base - 16, cam_text.scale_text(key_frame.cam), "right")
            x += width + _GUTTER

    return style.Drawn(style.WIDTH, _HIGH + 30, paint)


def _deletion(cam: CamMap) -> str:
    found = cam_text.outcome(cam)
    if found is None:
        return "not run"
    warning = f"<b>{cam_text.NOT_EXPLAINED}</b>" if cam_text.is_unexplained(cam) else ""
    return " ".join(filter(None, (warning, cam_text.measured_text(cam), str(found))))


def by_each_look(score: FaceScore, *, has_deep: bool) -> str:
    """A frame's probability, and by which network where the analysis had two."""
    fast = text.probability(score.fake_probability, 3)
    if score.deep_probability is not None:
        return f"{text.probability(score.deep_probability, 3)} by the deep look, {fast} by the fast look"
    return f"{fast} by the fast look" if has_deep else fast


def _rows(key_frame: KeyFrame, clip: Clip) -> list[tuple[str, str]]:
    record, score, cam = key_frame.record, key_frame.score, key_frame.cam
    probability = by_each_look(score, has_deep=score.deep_probability is not None)
    if score.best_probability is not None and not clip.is_still:
        probability += FRAME_ALONE
    rows = [
        *text.frame_row(clip, record.index, record.pts, key_frame.seconds, key_frame.timecode),
        ("Frame SHA-256", style.mono(text.markup(record.sha256))),
        ("Probability", probability),
    ]  # fmt: skip
    if cam is not None:
        of_all = "; the probability is the mean of all its networks" if cam_text.network_of(cam.layer) else ""
        made = (
            f"{text.markup(cam.method, 40)} at layer {text.markup(cam.layer, 200)}{of_all}; its largest value is "
            f"{cam_text.largest(cam):.3g}"
        )
        is_coloured = cam_text.has_scale(cam) and not cam_text.is_unexplained(cam)
        if is_coloured and cam_text.largest(cam) > cam.reference:
            made += ", beyond the end of the track's scale: what lies beyond is drawn in its brightest colour"
        rows += [("Heat map", made), ("Deletion check", _deletion(cam))]
    if score.quality is not None:
        q = score.quality
        sharp = f"sharpness {q.sharpness:.0f} grey levels squared"
        turned = f"yaw {text.degrees(q.yaw)}, pitch {text.degrees(q.pitch)}, roll {text.degrees(q.roll)}"
        rows.append(("Face", f"{q.face_px:.0f} px, {sharp}, {turned}, {text.percent(q.inside)} in "
                     "the picture"))  # fmt: skip
    rows.append(("Steps", steps.of_key_frame(key_frame, clip, _CROP_PX, _MOST_PX)))
    rows.append(("Files", ", ".join(key_frame_files(key_frame))))
    return rows


_SHOWN_OF_CLIP = (
    "For up to four tracks this section shows the frame at the peak of the curve; for the track that decides, and for "
    "any that indicates manipulation, also the frame with the highest probability (often the same) and further high "
    "ones at least one second away, up to three in all. A heat map shows where a network looked, on one scale for all "
    "frames of a track, which ends at the largest value in the track's highest frames; it proves nothing by itself."
)
_SHOWN_OF_STILL = (
    "This section shows up to four faces. A heat map shows where a network looked, on a scale that ends at its largest "
    "value; it proves nothing by itself."
)
_UNSCORED = "Of a track without any score it is the first face."
_DELETION = (
    "The deletion check tests whether the score depends on that area more than on others: changes of the raw score "
    f"that lie less than {cam_text.ALIKE:g} apart count as the same."
)
_FIGURES = (
    "The figures in this PDF are scaled and JPEG-compressed; the folder figures/ holds lossless ones. The frame "
    "SHA-256 is that of their RGB bytes; converted to RGB in another way the same frame has another one."
)


def _how_to_read(clip: Clip, key_frames: tuple[KeyFrame, ...]) -> str:
    """What is shown and how to read it; of faces without a score only what there is of them."""
    unscored = [key_frame.score.best_probability is None for key_frame in key_frames]
    if all(unscored):
        return f"For up to four faces without any score this section shows the first frame. {_FIGURES}"
    shown = _SHOWN_OF_STILL if clip.is_still else _SHOWN_OF_CLIP
    first = [_UNSCORED] if any(unscored) and not clip.is_still else []
    return " ".join([shown, *first, _DELETION, _FIGURES])


def key_frame_pages(
    analysis: Analysis, key_frames: tuple[KeyFrame, ...], names: FaceNames = NO_NAMES
) -> style.Flowables:
    """How to read the figures, then every key frame with its figures."""
    if not key_frames:
        return [style.paragraph("No frame was scored, so none is shown.")]
    clip = analysis.clip
    story: style.Flowables = [style.paragraph(_how_to_read(clip, key_frames))]
    for number, key_frame in enumerate(key_frames, 1):
        body = [_side_by_side(key_frame), style.facts(_rows(key_frame, clip), label_width=28 * mm)]
        called = text.markup(full_face_name(key_frame.track_id, names))
        story.append(style.block(f"Figure {number}. {called}{text.at(clip, key_frame.seconds)}", body))
    return story


def robustness(analysis: Analysis, key_frames: tuple[KeyFrame, ...]) -> style.Flowables:
    """The key frames' scores after harmless changes."""
    names = list(dict.fromkeys(item.name for key_frame in key_frames for item in key_frame.robustness))
    if not names:
        return [style.paragraph("The check was not run on this clip.")]
    story: style.Flowables = [
        style.paragraph(
            "The same crop was scored again after changes such as those that uploading causes. A probability that "
            "varies strongly under them is weak evidence. “As scored” is the frame's probability given above, without "
            f"any change.{'' if analysis.clip.is_still else ' Each value is for a single frame.'}"
        )
    ]
    for first in range(0, len(names), 6):
        part = names[first : first + 6]
        rows = []
        for key_frame in key_frames:
            values = {item.name: item.fake_probability for item in key_frame.robustness}
            base = text.probability(key_frame.score.best_probability, 3)
            changed = [text.probability(values[name], 3) if name in values else "–" for name in part]
            rows.append([f"{face_name(key_frame.track_id)}{text.at(analysis.clip, key_frame.seconds)}", base, *changed])
        head = ["Frame", "as scored", *(text.markup(name, 40) for name in part)]
        story += [style.grid(head, rows, (3, *([2] * (len(part) + 1))), "l" + "r" * (len(part) + 1)), style.space(5)]
    if analysis.model is not None and not any(track.deep for track in analysis.summaries):
        limits = analysis.model.threshold
        story.append(style.paragraph(f"For comparison: the segment threshold is {text.number(limits.segment, 3)}."))
    return story
