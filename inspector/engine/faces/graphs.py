"""MediaPipe's graphs as the face finder runs them: with our threshold, without threads of their own, and quiet."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from inspector.domain.arrays import Floats
from inspector.engine.bare_packages import leave_bare

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

# A landmark in protobuf's encoding: a field of 15 bytes, in it x, y and z, each behind its tag.
_TAGS = b"\x0a\x0f\x0d", b"\x15", b"\x1d"
_POINT = np.dtype([("tag_x", "S3"), ("x", "<f4"), ("tag_y", "S1"), ("y", "<f4"), ("tag_z", "S1"), ("z", "<f4")])


def load_mediapipe() -> None:
    """Import what graphs need of MediaPipe, and nothing else.

    The whole package takes 0.4 s of processor time more, mostly for Matplotlib, which draws in its examples.
    """
    leave_bare("mediapipe", "mediapipe.python.solutions")
    import mediapipe.python.solutions.face_mesh  # noqa: F401 - it imports the options of the parts of the mesh


def landmark_graph() -> Any:
    """The mesh alone, which takes a picture and a region of it."""
    from google.protobuf import text_format  # type: ignore[import-untyped]
    from mediapipe.framework import calculator_pb2

    return _in_callers_thread(text_format.Parse(_LANDMARK_GRAPH, calculator_pb2.CalculatorGraphConfig()))


def detection_graph(name: str, confidence: float) -> Any:
    """MediaPipe's graph with our threshold set in it: 0.10.21 ignores the one passed to its Python class."""
    import mediapipe
    from mediapipe.calculators.tensor.tensors_to_detections_calculator_pb2 import TensorsToDetectionsCalculatorOptions
    from mediapipe.framework import calculator_pb2
    from mediapipe.python._framework_bindings.validated_graph_config import ValidatedGraphConfig

    path = Path(mediapipe.__path__[0]) / f"modules/face_detection/face_detection_{name}_range_cpu.binarypb"
    validated = ValidatedGraphConfig()
    validated.initialize(binary_graph_path=str(path))
    graph = calculator_pb2.CalculatorGraphConfig.FromString(validated.binary_config)
    for node in graph.node:
        if node.calculator == "TensorsToDetectionsCalculator":
            options = TensorsToDetectionsCalculatorOptions()
            node.node_options[0].Unpack(options)
            options.min_score_thresh = confidence
            node.node_options[0].Pack(options)
    return _in_callers_thread(graph)


def _in_callers_thread(graph: Any) -> Any:
    """A graph that starts no threads: by default each has one per core, and hands every step from one to another.

    Where one finder per core works there would be thousands.
    """
    graph.ClearField("executor")
    graph.executor.add().type = "ApplicationThreadExecutor"
    return graph


def coordinates(landmarks: Any) -> Floats:
    """The x, y and z of a list of landmarks, float64 (n, 3).

    Read from the encoded message where all points have just these fields: access to 1,434 attributes takes several
    times as long, and no other thread runs meanwhile.
    """
    encoded, count = landmarks.SerializeToString(), len(landmarks.landmark)
    if len(encoded) == count * _POINT.itemsize:
        points = np.frombuffer(encoded, _POINT)
        if all((points[f"tag_{axis}"] == tag).all() for axis, tag in zip("xyz", _TAGS, strict=True)):
            return np.stack([points[axis] for axis in "xyz"], axis=1).astype(np.float64)
    return np.array([(point.x, point.y, point.z) for point in landmarks.landmark])


_stderr_lock = threading.Lock()


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Discard the process's stderr: MediaPipe logs from C++ when it starts, whatever the log level."""
    with _stderr_lock, tempfile.TemporaryFile() as nowhere:
        kept = os.dup(2)
        try:
            os.dup2(nowhere.fileno(), 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
