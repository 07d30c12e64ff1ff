"""Any number of workers gives the same analysis to the bit, and an error or a stop leaves no thread behind."""

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.domain.analysis import Analysis
from inspector.domain.arrays import Image
from inspector.domain.faces import Abstention
from inspector.domain.geometry import Box
from inspector.domain.settings import Settings
from inspector.engine.analysis import face_search
from inspector.engine.analysis.face_search import FaceSearch, default_workers
from inspector.engine.analysis.pipeline import analyze
from inspector.engine.decode.decoder import open_clip
from inspector.engine.faces.finder import FaceFinder, FrameSearch
from tests.clips import make_clip, portrait

_WIDTH, _HEIGHT = 800, 450


def scene(number: int) -> Image:
    """A face that moves and shrinks below what the whole frame shows, then vanishes; after a cut two small ones."""
    rng = np.random.default_rng(number)
    image = np.full((_HEIGHT, _WIDTH, 3), 90 if number < 18 else 200, np.uint8)
    image[::5] = 30 if number < 18 else 120
    places = [(max(360 - 30 * number, 76), 20 + 24 * number, 30)] if number < 14 else []
    if number >= 18:
        places = [(90, 480 + 3 * (number - 18), 200), (200, 40, 150)]
    for size, x, y in places:
        image[y : y + size, x : x + size] = cv2.resize(portrait(), (size, size), interpolation=cv2.INTER_AREA)
    return np.clip(image.astype(np.int16) + rng.integers(-3, 4, image.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def clip_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenes") / "scenes.mp4"
    return make_clip(path, frames=26, size=(_WIDTH, _HEIGHT), fps=20, bframes=2, gop=20, picture=scene)


def analysed(path: Path, settings: Settings, workers: int) -> tuple[list[object], Analysis]:
    found: list[object] = []
    batches = analyze(open_clip(path), None, settings, started_at="then", workers=workers)
    while True:
        try:
            batch = next(batches)
        except StopIteration as end:
            return found, end.value
        faces = [
            (track, face.box, face.detection_confidence, face.landmarks and face.landmarks.points.tobytes())
            for track, face in batch.faces
        ]
        signals = [(block.track_id, block.pts.tobytes(), block.values.tobytes()) for block in batch.signals]
        found.append((batch.frames, batch.gaps, batch.scores, batch.state, faces, signals))


@pytest.fixture(scope="module")
def alone(clip_path: Path) -> tuple[list[object], Analysis]:
    return analysed(clip_path, Settings(tile_seconds=0.2), 1)


def test_the_clip_has_what_makes_frames_depend_on_each_other(alone: tuple[list[object], Analysis]):
    analysis = alone[1]
    assert len(analysis.tracks) >= 3
    assert min(track.median_box.height for track in analysis.tracks) < 60
    assert analysis.summary.abstentions[Abstention.NO_FACE] > 0


@pytest.mark.parametrize("workers", [2, 5])
def test_any_number_of_workers_gives_the_same_bits(clip_path: Path, alone: tuple[list[object], Analysis], workers: int):
    found, analysis = analysed(clip_path, Settings(tile_seconds=0.2), workers)
    assert found == alone[0]
    assert analysis.summary == alone[1].summary
    assert analysis.tracks == alone[1].tracks


def test_a_wrong_guess_of_where_the_faces_are_changes_nothing(
    clip_path: Path, alone: tuple[list[object], Analysis], monkeypatch: pytest.MonkeyPatch
):
    class Misled(FaceSearch):
        def _search(self, item: face_search.SearchedFrame) -> face_search.SearchedFrame:
            self._near = [Box(700, 300, 40, 40), Box(5, 5, 200, 200)]
            return super()._search(item)

    monkeypatch.setattr("inspector.engine.analysis.pipeline.FaceSearch", Misled)
    assert analysed(clip_path, Settings(tile_seconds=0.2), 3)[0] == alone[0]


def test_a_second_search_of_a_frame_gives_what_a_first_one_gives():
    image, near = scene(12), [Box(330, 40, 50, 60)]
    with FaceFinder() as finder, FaceFinder() as other:
        search = FrameSearch()
        finder.find(image, 0, [Box(600, 300, 60, 60)], tiles=True, search=search)
        for boxes in ((), near, [Box(0, 0, 90, 90), *near]):
            for tiles in (False, True):
                again, fresh = other.find(image, 0, boxes, tiles, search), finder.find(image, 0, boxes, tiles)
                assert [face.box for face in again] == [face.box for face in fresh]
                assert [face.detection_confidence for face in again] == [face.detection_confidence for face in fresh]


def test_an_error_in_a_worker_ends_the_analysis_and_its_threads(clip_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fails(_image: Image) -> Image:
        raise MemoryError("too large")

    monkeypatch.setattr(face_search, "thumbnail", fails)
    with pytest.raises(MemoryError, match="too large"):
        analysed(clip_path, Settings(), 3)
    assert not [t.name for t in threading.enumerate() if t.name.startswith(("prefetch", "find", "score"))]


def test_a_stopped_analysis_ends_its_threads(clip_path: Path):
    batches = analyze(open_clip(clip_path), None, Settings(), workers=4)
    next(batches)
    batches.close()
    assert not [t.name for t in threading.enumerate() if t.name.startswith(("prefetch", "find", "score"))]


@pytest.mark.parametrize(("given", "expected"), [("3", 3), ("100", 32), ("0", None), ("", None), ("4,2", None)])
def test_workers_are_the_threads_that_the_process_was_given(
    given: str, expected: int | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    per_core = default_workers()
    assert per_core >= 1
    monkeypatch.setenv("OMP_NUM_THREADS", given)
    assert default_workers() == (expected or per_core)
