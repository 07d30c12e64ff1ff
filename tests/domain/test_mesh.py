"""The edges of the face mesh are those of MediaPipe."""

from mediapipe.python.solutions import face_mesh_connections as mediapipe

from inspector.domain.mesh import CONTOURS, MESH


def test_edges_are_those_of_mediapipe():
    contours = mediapipe.FACEMESH_CONTOURS | mediapipe.FACEMESH_IRISES | mediapipe.FACEMESH_NOSE
    assert {frozenset(edge) for edge in CONTOURS.tolist()} == {frozenset(edge) for edge in contours}
    assert {frozenset(edge) for edge in MESH.tolist()} == {frozenset(edge) for edge in mediapipe.FACEMESH_TESSELATION}
