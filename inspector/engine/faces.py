"""Finding faces in a picture: detection, tiles for small ones, and a mesh of 478 landmarks on each.

MediaPipe 0.10.21 carries two BlazeFace detectors (Bazarevsky et al. 2019, arXiv:1907.05047) and the attention mesh
(Grishchenko et al. 2020, arXiv:2006.10962). Its own face-mesh solution keeps state between frames or detects a second
time; here its landmark graph is given our own region instead, so that one picture has one answer whatever came before.
"""

from __future__ import annotations

import math
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
import numpy.typing as npt

from inspector.domain.faces import Face
from inspector.domain.geometry import Box, LandmarkSet
from inspector.engine.crop import cut

Image = npt.NDArray[np.uint8]

_LANDMARK_GRAPH = """
input_stream: "image"
input_stream: "roi"
output_stream: "landmarks"
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:with_attention"
  node_options: {
    [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { bool_value: true } }
  }
}
node {
  calculator: "FaceLandmarkCpu"
  input_stream: "IMAGE:image"
  input_stream: "ROI:roi"
  input_side_packet: "WITH_ATTENTION:with_attention"
  output_stream: "LANDMARKS:landmarks"
}
"""

_FULL_RANGE, _SHORT_RANGE = 1, 0  # MediaPipe's model_selection
_INPUT_PX = {_FULL_RANGE: 192, _SHORT_RANGE: 128}
# The short-range detector misses faces that touch the frame: a quarter of border raised recall on face crops to 100 %.
_SHORT_BORDER = 0.25
_RIGHT_EYE, _LEFT_EYE = 0, 1  # detector key points
_RIGHT_CORNER, _LEFT_CORNER = 33, 263  # outer eye corners of the mesh
_ROI_SCALE = 1.5  # what the mesh was trained on, times the box
_MESH_PX = 288  # the square handed to the mesh; it samples 192 px from the (rotated) region in it
_TILE_PX = 480
_NEAR_SCALE = 4.0


@dataclass(frozen=True, slots=True)
class _Detection:
    """One detector answer: box and eye positions in frame pixels."""

    box: Box
    angle: float  # radians, of the line from eye to eye
    confidence: float


@dataclass(frozen=True, slots=True)
class _Region:
    """A rotated square in frame pixels, which the mesh looks at."""

    x: float
    y: float
    side: float
    angle: float


class FaceFinder:
    """Owns MediaPipe's graphs; a context manager. One instance serves one thread at a time; any thread will do."""

    def __init__(self, detection_confidence: float = 0.5) -> None:
        self._confidence = detection_confidence
        self._detectors: dict[int, Any] = {}
        self._mesh: Any = None
        self._rect: Any = None

    def __enter__(self) -> Self:
        from google.protobuf import text_format  # type: ignore[import-untyped]
        from mediapipe.framework import calculator_pb2
        from mediapipe.framework.formats.rect_pb2 import NormalizedRect
        from mediapipe.python.solution_base import SolutionBase
        from mediapipe.python.solutions.face_detection import FaceDetection

        with _quiet_stderr():
            graph = text_format.Parse(_LANDMARK_GRAPH, calculator_pb2.CalculatorGraphConfig())
            self._rect = NormalizedRect
            self._mesh = SolutionBase(graph_config=graph)
            self._detectors = {kind: FaceDetection(self._confidence, kind) for kind in (_FULL_RANGE, _SHORT_RANGE)}
            # The graphs log when they first run, so they run once in here.
            blank = np.zeros((64, 64, 3), np.uint8)
            self.find(blank, 0)
            self._points(blank, _Region(32, 32, 32, 0.0))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for graph in (*self._detectors.values(), self._mesh):
            if graph is not None:
                graph.close()
        self._detectors, self._mesh = {}, None

    def find(self, image: Image, pts: int, near: Sequence[Box] = (), tiles: bool = False) -> list[Face]:
        """Find all faces in `image` (uint8 (H, W, 3) RGB), sorted left to right by the middle of their boxes.

        `near`: boxes of faces seen a moment ago; one that the full-frame pass misses is searched in a close crop.
        `tiles` searches overlapping squares too, for small faces. A face's box is the bounds of its
        landmarks where the mesh fits, else the detector's own.
        """
        height, width = image.shape[:2]
        frame = Box(0, 0, width, height)
        found = self._detect(image, frame, _FULL_RANGE) + self._detect(image, frame, _SHORT_RANGE)
        if tiles:
            for tile in tile_boxes(width, height):
                found += self._detect(image, tile, _FULL_RANGE)
        for box in near:
            if not any(_same_face(box, other.box) for other in found):
                found += self._detect(image, _close_crop(box), _FULL_RANGE)
        faces = [self._face(image, pts, detection) for detection in _merge(found)]
        return sorted(_distinct(faces), key=lambda face: (*face.box.centre, face.box.width))

    def _detect(self, image: Image, region: Box, kind: int) -> list[_Detection]:
        border = _SHORT_BORDER if kind == _SHORT_RANGE else 0.0
        side = max(region.width, region.height) * (1 + 2 * border)
        cx, cy = region.centre
        square = Box(cx - side / 2, cy - side / 2, side, side)
        answer = self._detectors[kind].process(_letterbox(image, region, square, _INPUT_PX[kind])).detections
        return [_to_frame(item, square) for item in answer or ()]

    def _face(self, image: Image, pts: int, detection: _Detection) -> Face:
        box = detection.box
        start = _Region(*box.centre, max(box.width, box.height) * _ROI_SCALE, detection.angle)
        points = self._points(image, start)
        if points is not None:
            # A second look from the first one's landmarks: the result no longer depends on the detector's rough box.
            points = self._points(image, _region_of(points))
        if points is None or not _same_face(LandmarkSet(points).bounds, box):
            return Face(pts, box, None, detection.confidence)
        landmarks = LandmarkSet(points)
        return Face(pts, landmarks.bounds, landmarks, detection.confidence)

    def _points(self, image: Image, region: _Region) -> npt.NDArray[np.float32] | None:
        """The mesh in frame pixels, float32 (478, 3), or None where it sees no face."""
        side = math.ceil(region.side * math.sqrt(2))  # room for the rotation
        square = Box(math.floor(region.x - side / 2), math.floor(region.y - side / 2), side, side)
        if square.intersection(Box(0, 0, image.shape[1], image.shape[0])) < 1:
            return None
        rect = self._rect(
            x_center=(region.x - square.x) / side,
            y_center=(region.y - square.y) / side,
            width=region.side / side,
            height=region.side / side,
            rotation=region.angle,
        )
        answer = self._mesh.process({"image": cut(image, square, _MESH_PX), "roi": rect}).landmarks
        if answer is None:
            return None
        points = np.array([(point.x, point.y, point.z) for point in answer.landmark])
        return np.asarray(points * side + (square.x, square.y, 0), dtype=np.float32)


def tile_boxes(width: int, height: int) -> list[Box]:
    """Overlapping squares that cover a picture, so that any face up to their overlap lies whole in one of them."""
    return (
        [Box(x, y, _TILE_PX, _TILE_PX) for y in _tile_starts(height) for x in _tile_starts(width)]
        if max(width, height) > _TILE_PX
        else []
    )


def _tile_starts(length: int) -> list[int]:
    if length <= _TILE_PX:
        return [0]
    count = math.ceil((length - _TILE_PX) / (_TILE_PX * 0.75)) + 1
    return [round(i * (length - _TILE_PX) / (count - 1)) for i in range(count)]


def _letterbox(image: Image, region: Box, square: Box, size: int) -> Image:
    """`square` scaled to (size, size, 3): the part of it that lies in `region` and the picture, black around it.

    Shrunk by area averaging: MediaPipe's own bilinear sampling skips most pixels of a large picture.
    """
    scale = size / square.width
    left, top = max(round(region.x), 0), max(round(region.y), 0)
    part = image[top : max(round(region.bottom), 0), left : max(round(region.right), 0)]
    canvas = np.zeros((size, size, 3), np.uint8)
    if part.size == 0:
        return canvas
    width, height = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    small = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    x, y = round((left - square.x) * scale), round((top - square.y) * scale)
    height, width = min(height, size - y), min(width, size - x)
    canvas[y : y + height, x : x + width] = small[:height, :width]
    return canvas


def _to_frame(item: Any, square: Box) -> _Detection:
    data = item.location_data
    box, points = data.relative_bounding_box, data.relative_keypoints
    right, left = points[_RIGHT_EYE], points[_LEFT_EYE]
    return _Detection(
        Box(
            square.x + box.xmin * square.width,
            square.y + box.ymin * square.height,
            box.width * square.width,
            box.height * square.height,
        ),
        math.atan2(left.y - right.y, left.x - right.x),
        float(item.score[0]),
    )


def _region_of(points: npt.NDArray[np.float32]) -> _Region:
    box = LandmarkSet(points).bounds
    across = points[_LEFT_CORNER] - points[_RIGHT_CORNER]
    side = max(box.width, box.height) * _ROI_SCALE
    return _Region(*box.centre, side, math.atan2(float(across[1]), float(across[0])))


def _close_crop(box: Box) -> Box:
    """A square about a box, snapped to a coarse grid, so that a small move of the box leaves the search as it was."""
    side = 2.0 ** (math.ceil(2 * math.log2(max(box.width, box.height, 8.0) * _NEAR_SCALE)) / 2)
    step = side / 8
    cx, cy = (round(value / step) * step for value in box.centre)
    return Box(cx - side / 2, cy - side / 2, side, side)


def _same_face(one: Box, other: Box) -> bool:
    """Whether two boxes speak of one face: they overlap well, or one holds most of the other."""
    smaller = min(one.area, other.area)
    return one.iou(other) > 0.3 or (smaller > 0 and one.intersection(other) > 0.6 * smaller)


def _merge(found: list[_Detection]) -> list[_Detection]:
    """Greedy non-maximum suppression, the most confident first."""
    kept: list[_Detection] = []
    for item in sorted(found, key=lambda d: (-d.confidence, d.box.x, d.box.y)):
        if not any(_same_face(item.box, other.box) for other in kept):
            kept.append(item)
    return kept


def _distinct(faces: list[Face]) -> list[Face]:
    """Drop what turned out to be the same face once the mesh had been fitted."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda f: (f.landmarks is None, -f.detection_confidence)):
        if not any(_same_face(face.box, other.box) for other in kept):
            kept.append(face)
    return kept


_stderr_lock = threading.Lock()


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Send the process's stderr to nowhere: MediaPipe logs at start through C++ and reads no log level."""
    with _stderr_lock, tempfile.TemporaryFile() as nowhere:
        kept = os.dup(2)
        try:
            os.dup2(nowhere.fileno(), 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
