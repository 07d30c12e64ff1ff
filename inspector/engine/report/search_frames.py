"""One frame of each face, for a reverse image search elsewhere: the sharp, frontal, large one, and a sheet of all.

Nothing is sent anywhere: the files lie in the report's folder, named by their time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from inspector.domain.analysis import Analysis
from inspector.domain.answer import face_name
from inspector.domain.arrays import Image
from inspector.domain.faces import FaceQuality
from inspector.domain.scores import FaceScore
from inspector.engine.report import figure_files, fonts
from inspector.engine.report.material import SearchFrame
from inspector.engine.report.png import Save, save

MOST_TRACKS = 12
_CELL, _CAPTION, _COLUMNS = 240, 26, 4
_MARGIN = 0.35  # of the face's box, on each side
SHEET = f"{figure_files.FOLDER}/search-contact-sheet.png"


def suitability(quality: FaceQuality) -> float:
    """How well a face is to be recognised: large, sharp (by its edges), turned to the camera, inside the frame."""
    turned = math.cos(math.radians(min(abs(quality.yaw), 90))) * math.cos(math.radians(min(abs(quality.pitch), 90)))
    return quality.face_px * math.sqrt(max(quality.sharpness, 0.0)) * turned**2 * quality.inside


def most_suitable(scores: Iterable[FaceScore], analysis: Analysis) -> list[FaceScore]:
    """The best face of each of the longest tracks, in pts order; none for a still, which is its own frame."""
    if analysis.clip.is_still:
        return []
    longest = sorted(analysis.summaries, key=lambda track: (-track.frames_found, track.track_id))[:MOST_TRACKS]
    wanted = {track.track_id for track in longest}
    best: dict[int, tuple[float, FaceScore]] = {}
    for score in scores:
        if score.track_id in wanted and score.quality is not None and score.box is not None:
            value = suitability(score.quality)
            if value > best.get(score.track_id, (-1.0, score))[0]:
                best[score.track_id] = value, score
    return sorted((score for _, score in best.values()), key=lambda score: (score.pts, score.track_id))


def search_frame_file(frame: SearchFrame) -> str:
    """The frame's file name, relative to the report's folder: its time comes first."""
    minutes, seconds = divmod(round(frame.seconds, 3), 60)  # 59.9996 s is a minute, not 60.000 s
    return f"{figure_files.FOLDER}/search-{int(minutes):02d}m{seconds:06.3f}s-track{frame.track_id:02d}.png"


def write_search_frames(frames: tuple[SearchFrame, ...], folder: Path, save: Save = save) -> Iterator[str]:
    """Write each frame whole and unmarked, and the sheet of the faces; yields the names. Raises OSError."""
    cells = []
    for frame in frames:
        image, name = frame.render(), search_frame_file(frame)
        save(image, {"Title": "Frame as decoded, for a search by picture", **frame.facts}, folder / name)
        cells.append((_face(image, frame), f"{frame.seconds:.2f} s, {face_name(frame.track_id)}"))
        yield name
    if cells:
        save(_sheet(cells), {"Title": "Contact sheet of the faces, one per track"}, folder / SHEET)
        yield SHEET


def _face(image: Image, frame: SearchFrame) -> Image:
    """The face with some of its surroundings, fitted into a cell."""
    box, (height, width) = frame.box, image.shape[:2]
    side = max(box.width, box.height) * (1 + 2 * _MARGIN)
    x, y = box.x + box.width / 2 - side / 2, box.y + box.height / 2 - side / 2
    left, top = int(np.clip(x, 0, width - 1)), int(np.clip(y, 0, height - 1))
    right, bottom = int(np.clip(x + side, left + 1, width)), int(np.clip(y + side, top + 1, height))
    part = image[top:bottom, left:right]
    share = _CELL / max(part.shape[:2])
    size = max(round(part.shape[1] * share), 1), max(round(part.shape[0] * share), 1)
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC), np.uint8)


def _sheet(cells: list[tuple[Image, str]]) -> Image:
    """The faces in rows, each above its time and track."""
    columns = min(len(cells), _COLUMNS)
    rows = -(-len(cells) // columns)
    sheet = Pillow.new("RGB", (columns * _CELL, rows * (_CELL + _CAPTION)), "white")
    draw, font = ImageDraw.Draw(sheet), fonts.for_pictures(15)
    for at, (face, caption) in enumerate(cells):
        x, y = at % columns * _CELL, at // columns * (_CELL + _CAPTION)
        sheet.paste(Pillow.fromarray(face), (x + (_CELL - face.shape[1]) // 2, y + (_CELL - face.shape[0]) // 2))
        draw.text((x + 6, y + _CELL + 3), caption, font=font, fill="black")
    return np.asarray(sheet, np.uint8)
