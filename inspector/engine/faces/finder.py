"""Face detection, with tiles for small faces, and a mesh of 478 landmarks on each face.

MediaPipe 0.10.21 carries two BlazeFace detectors (Bazarevsky et al. 2019, arXiv:1907.05047) and the attention mesh
(Grishchenko et al. 2020, arXiv:2006.10962). Its face-mesh solution keeps state between frames or repeats the detection;
here its landmark graph gets our region instead, so that the result for a frame does not depend on previous frames.

Detection has two steps. Proposals come from the whole frame, from tiles and from faces of the previous frames; those
with a low confidence must be confirmed by the short-range detector in a close crop, where it is most accurate: on 159
small faces pasted into pictures it found 99 to 100 %, the full-range detector 94 to 98 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np

from inspector.domain.arrays import Image, Points
from inspector.domain.faces import Face
from inspector.domain.geometry import Box, LandmarkSet
from inspector.engine.faces.crop import cut
from inspector.engine.faces.graphs import coordinates, detection_graph, landmark_graph, load_mediapipe, quiet_stderr
from inspector.engine.timings import Timings

_FULL_PX, _SHORT_PX, _MESH_PX = 192, 128, 192  # input sizes of the networks
# The full-range detector misses a third of the faces that fill the frame. The short-range detector, with a border of a
# quarter around the frame, found all of 780 but misses small ones, so both are run on the whole frame.
_SHORT_BORDER = 0.25
_PROPOSAL_CONFIDENCE = 0.2  # below it the detection in a close crop (1.5 ms) is not worthwhile
# For proposals without a face in the previous frames. At 0.5 some noise is accepted; at 0.65 none of 13 noise patterns
# was, and 98 % of faces of 32 to 100 px. A face of the previous frames needs the confidence of the setting only.
_NEW_FACE_CONFIDENCE = 0.65
_NO_MESH_CONFIDENCE = 0.7  # in a close crop, for a face that the mesh does not fit
_CLOSE_SCALE = 3.0  # side of a close crop, in face sizes
_TILE_PX = 360  # a 40 px face is 21 px wide after scaling, which the full-range detector needs
_TILES_ACROSS = 1920 / _TILE_PX  # larger frames have larger tiles: 1080p and 8K take the same time
_TILE_STEP = 0.75
_RIGHT_EYE, _LEFT_EYE = 0, 1  # detector key points
_RIGHT_CORNER, _LEFT_CORNER = 33, 263  # outer eye corners of the mesh
_ROI_SCALE = 1.5  # the mesh was trained on squares of this many face sizes


@dataclass(frozen=True, slots=True)
class _Detection:
    """One detection: its box in frame pixels and the angle of the line between the eyes in radians."""

    box: Box
    angle: float
    confidence: float


@dataclass(frozen=True, slots=True)
class _Region:
    """A rotated square in frame pixels, the input region of the mesh."""

    x: float  # of its middle
    y: float
    side: float
    angle: float


@dataclass(slots=True, eq=False)
class FrameSearch:
    """What the networks gave for one frame so far, so that a second search of it runs only what is missing.

    What a network gives depends on its input only: it does not matter which finder ran it.
    """

    whole: list[_Detection] | None = None  # of the whole frame
    tiles: list[_Detection] | None = None
    close: dict[Box, list[_Detection]] = field(default_factory=dict)  # by the close crop
    faces: dict[_Detection, Face] = field(default_factory=dict)


class FaceFinder:
    """Detects faces and their landmarks; owns MediaPipe's graphs. A context manager; not thread-safe."""

    def __init__(self, detection_confidence: float = 0.5, timings: Timings | None = None) -> None:
        self._timings = timings or Timings()
        self._confidence = detection_confidence
        self._full: Any = None
        self._short: Any = None
        self._mesh: Any = None

    def __enter__(self) -> Self:
        return self._opened()

    def _opened(self) -> Self:
        """This finder with its graphs, which takes a tenth of a second the first time; `__exit__` closes them."""
        if self._mesh is None:
            self._open()
        return self

    def _open(self) -> None:
        load_mediapipe()
        from mediapipe.python.solution_base import SolutionBase

        lowest = min(_PROPOSAL_CONFIDENCE, self._confidence)
        with quiet_stderr():
            self._full = SolutionBase(graph_config=detection_graph("full", lowest))
            self._short = SolutionBase(graph_config=detection_graph("short", lowest))
            self._mesh = SolutionBase(graph_config=landmark_graph())
            # The graphs log on their first run, so they are run once while stderr is redirected.
            blank = np.zeros((64, 64, 3), np.uint8)
            self._found(blank, FrameSearch(), (), tiles=False)
            self._points(blank, _Region(32, 32, 32, 0.0))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for graph in (self._full, self._short, self._mesh):
            if graph is not None:
                graph.close()
        self._full = self._short = self._mesh = None

    def find(
        self,
        image: Image,
        pts: int,
        near: Sequence[Box] = (),
        tiles: bool = False,
        search: FrameSearch | None = None,
    ) -> list[Face]:
        """Find all faces in `image` (uint8 (H, W, 3) RGB), sorted left to right by the middle of their boxes.

        `near`: boxes of faces in the previous frames; one that the full-frame pass misses is searched in a close crop.
        `tiles`: search overlapping squares too, for small faces. The box of a face is that of its landmarks or, where
        the mesh does not fit, the detector's; such a face needs a confidence of 0.7 in a close crop.
        `search`: what an earlier search of the same frame found out, perhaps near other boxes; it is added to. The
        result is the same with and without.
        """
        search = search or FrameSearch()
        with self._timings.step("find faces"):
            found = self._found(image, search, near, tiles=tiles)
        with self._timings.step("landmarks"):
            for item in found:
                if item not in search.faces:
                    search.faces[item] = self._face(image, pts, item)
            faces = [search.faces[item] for item in found]
            faces = [f for f in faces if f.landmarks is not None or self._is_covered_face(image, search, f.box)]
        return sorted(_distinct(faces), key=lambda face: (*face.box.centre, face.box.width))

    def _found(self, image: Image, search: FrameSearch, near: Sequence[Box], *, tiles: bool) -> list[_Detection]:
        if search.whole is None:
            search.whole = self._detect_whole(image)
        if tiles and search.tiles is None:
            boxes = tile_boxes(image.shape[1], image.shape[0])
            search.tiles = [item for tile in boxes for item in _detect(self._opened()._full, *_view(image, tile))]
        sure = _merge([item for item in search.whole if item.confidence >= self._confidence])
        proposals = [item for item in search.whole if item.confidence < self._confidence]
        if tiles and search.tiles is not None:
            proposals += search.tiles
        found = self._confirmed(image, search, near, sure, self._confidence)
        needed = max(self._confidence, _NEW_FACE_CONFIDENCE)
        return self._confirmed(image, search, [item.box for item in _merge(proposals)], found, needed)

    def _detect_whole(self, image: Image) -> list[_Detection]:
        height, width = image.shape[:2]
        view, square = _view(image, Box(0, 0, width, height))
        border = square.expanded(1 + 2 * _SHORT_BORDER)
        return _detect(self._opened()._full, view, square) + _detect(self._opened()._short, _bordered(view), border)

    def _confirmed(
        self,
        image: Image,
        search: FrameSearch,
        boxes: Sequence[Box],
        sure: Sequence[_Detection],
        confidence: float,
    ) -> list[_Detection]:
        """`sure`, and detections of at least this confidence in close crops of those boxes that none of them covers."""
        found = list(sure)
        for box in boxes:
            if not any(_same_face(box, item.box) for item in found):
                close = self._detect_close(image, search, box)
                found += [item for item in close if item.confidence >= confidence]
        return _merge(found)

    def _detect_close(self, image: Image, search: FrameSearch, box: Box) -> list[_Detection]:
        crop = _close_crop(box)
        if crop not in search.close:
            view, square = _view(image, crop)
            search.close[crop] = _detect(self._opened()._short, _resized(view, _SHORT_PX, _SHORT_PX), square)
        return search.close[crop]

    def _is_covered_face(self, image: Image, search: FrameSearch, box: Box) -> bool:
        """Whether the detector is confident in a close crop that this is a face, although the mesh does not fit."""
        found = self._detect_close(image, search, box)
        return any(item.confidence >= _NO_MESH_CONFIDENCE and _same_face(item.box, box) for item in found)

    def _face(self, image: Image, pts: int, detection: _Detection) -> Face:
        box = detection.box
        points = self._points(image, _Region(*box.centre, max(box.width, box.height) * _ROI_SCALE, detection.angle))
        if points is not None:
            # A second pass on the region of the first one's landmarks halves the influence of the detector's coarse box
            # (landmark error 0.65 to 0.28 % of the face size for a jitter of the box of 6 % and 5 degrees).
            again = self._points(image, _region_of(points))
            points = points if again is None else again
        if points is None or not _same_face(LandmarkSet(points).bounds, box):
            return Face(pts, box, None, detection.confidence)
        landmarks = LandmarkSet(points)
        return Face(pts, landmarks.bounds, landmarks, detection.confidence)

    def _points(self, image: Image, region: _Region) -> Points | None:
        """The mesh in frame pixels, float32 (478, 3), or None where it finds no face."""
        side = math.ceil(region.side * math.sqrt(2))  # room for the rotation
        square = Box(math.floor(region.x - side / 2), math.floor(region.y - side / 2), side, side)
        if square.intersection(Box(0, 0, image.shape[1], image.shape[0])) < 1:
            return None
        from mediapipe.framework.formats.rect_pb2 import NormalizedRect

        rect = NormalizedRect(
            x_center=(region.x - square.x) / side,
            y_center=(region.y - square.y) / side,
            width=region.side / side,
            height=region.side / side,
            rotation=region.angle,
        )
        # Large faces are shrunk to about the network's size by area averaging; small ones are enlarged by the graph.
        size = min(side, math.ceil(_MESH_PX * math.sqrt(2)))
        answer = self._opened()._mesh.process({"image": cut(image, square, size), "roi": rect}).landmarks
        if answer is None:
            return None
        points = coordinates(answer)
        return np.asarray(points * side + (square.x, square.y, 0), dtype=np.float32)


def tile_boxes(width: int, height: int) -> list[Box]:
    """Overlapping squares that cover a frame of this size; none where the frame is hardly larger than one."""
    side = max(_TILE_PX, math.ceil(max(width, height) / _TILES_ACROSS))
    if max(width, height) < 1.5 * side:
        return []
    return [Box(x, y, side, side) for y in _tile_starts(height, side) for x in _tile_starts(width, side)]


def _tile_starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    gaps = math.ceil((length - side) / (side * _TILE_STEP))
    return [round(i * (length - side) / gaps) for i in range(gaps + 1)]


def _detect(graph: Any, view: Image, square: Box) -> list[_Detection]:
    """Run a detector on `view`, an image of the frame's `square`; returns detections in frame pixels."""
    found = []
    for item in graph.process(view).detections or ():
        box, points = item.location_data.relative_bounding_box, item.location_data.relative_keypoints
        right, left = points[_RIGHT_EYE], points[_LEFT_EYE]
        side = square.width
        found_box = Box(square.x + box.xmin * side, square.y + box.ymin * side, box.width * side, box.height * side)
        found.append(_Detection(found_box, math.atan2(left.y - right.y, left.x - right.x), float(item.score[0])))
    return found


def _view(image: Image, region: Box) -> tuple[Image, Box]:
    """The square around `region` at the full-range detector's input size, uint8 (192, 192, 3), and that square.

    Areas outside the region or the image are black.
    """
    side = max(region.width, region.height)
    cx, cy = region.centre
    square = Box(cx - side / 2, cy - side / 2, side, side)
    scale = _FULL_PX / side
    left, top = max(round(region.x), 0), max(round(region.y), 0)
    part = image[top : max(round(region.bottom), 0), left : max(round(region.right), 0)]
    canvas = np.zeros((_FULL_PX, _FULL_PX, 3), np.uint8)
    if part.size:
        small = _resized(part, max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        x, y = max(round((left - square.x) * scale), 0), max(round((top - square.y) * scale), 0)
        height, width = min(small.shape[0], _FULL_PX - y), min(small.shape[1], _FULL_PX - x)
        canvas[y : y + height, x : x + width] = small[:height, :width]
    return canvas, square


def _bordered(view: Image) -> Image:
    """A view at the short-range detector's input size, with a black border."""
    inner = round(_SHORT_PX / (1 + 2 * _SHORT_BORDER))
    before = (_SHORT_PX - inner) // 2
    canvas = np.zeros((_SHORT_PX, _SHORT_PX, 3), np.uint8)
    canvas[before : before + inner, before : before + inner] = _resized(view, inner, inner)
    return canvas


def _resized(image: Image, width: int, height: int) -> Image:
    """Resize, shrinking by area averaging: MediaPipe's bilinear sampling would skip most pixels of a large image.

    Halving first is four times faster than one step, because OpenCV uses SIMD for exact halves.
    """
    while image.shape[1] >= 2 * width and image.shape[0] >= 2 * height:
        even = image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2]
        image = np.asarray(cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    how = cv2.INTER_AREA if width < image.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height), interpolation=how), np.uint8)


def _region_of(points: Points) -> _Region:
    box = LandmarkSet(points).bounds
    across = points[_LEFT_CORNER] - points[_RIGHT_CORNER]
    side = max(box.width, box.height) * _ROI_SCALE
    return _Region(*box.centre, side, math.atan2(float(across[1]), float(across[0])))


def _close_crop(box: Box) -> Box:
    """A square around a box, snapped to a coarse grid, so that small movements of the box do not change the result."""
    wanted = max(box.width, box.height, 8.0) * _CLOSE_SCALE
    side = 2.0 ** (round(2 * math.log2(wanted)) / 2)
    step = side / 16
    cx, cy = (round(value / step) * step for value in box.centre)
    return Box(cx - side / 2, cy - side / 2, side, side)


def _same_face(one: Box, other: Box) -> bool:
    """Whether two boxes are of one face: their IoU is over 0.3, or one contains most of another of similar size."""
    smaller, larger = sorted((one.area, other.area))
    inside = (
        one.intersection(other) > 0.6 * smaller and larger < 4 * smaller
    )  # a small face may be in front of a large one
    return one.iou(other) > 0.3 or inside


def _merge(found: Sequence[_Detection]) -> list[_Detection]:
    """Greedy non-maximum suppression, the most confident first."""
    kept: list[_Detection] = []
    for item in sorted(found, key=lambda d: (-d.confidence, d.box.x, d.box.y)):
        if not any(_same_face(item.box, other.box) for other in kept):
            kept.append(item)
    return kept


def _distinct(faces: Sequence[Face]) -> list[Face]:
    """Remove duplicates that appear once the mesh is fitted; faces with landmarks take precedence."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda f: (f.landmarks is None, -f.detection_confidence)):
        if not any(_same_face(face.box, other.box) for other in kept):
            kept.append(face)
    return kept
