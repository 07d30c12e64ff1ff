"""Frames for a search elsewhere: which are chosen, their names, and the sheet."""

from dataclasses import replace

import numpy as np
from PIL import Image

from inspector.domain.geometry import Box
from inspector.domain.scores import FaceScore
from inspector.engine.report.material import SearchFrame
from inspector.engine.report.search_frames import (
    MOST_TRACKS,
    SHEET,
    most_suitable,
    search_frame_file,
    suitability,
    write_search_frames,
)
from tests.engine.report.conftest import QUALITY

BOX = Box(100.0, 50.0, 60.0, 80.0)


def score(track: int, pts: int, **quality: float) -> FaceScore:
    return FaceScore(track, pts, BOX, 0.0, 0.5, None, BOX, replace(QUALITY, **quality))


def frame(seconds: float, track: int, box: Box = BOX) -> SearchFrame:
    image = np.full((240, 320, 3), 40 * track, np.uint8)
    return SearchFrame(track, 0, seconds, box, {"Frame index": "7"}, lambda: image)


def test_a_large_sharp_frontal_face_that_is_in_the_frame_is_better() -> None:
    for worse in ({"face_px": 90.0}, {"sharpness": 20.0}, {"yaw": -60.0}, {"pitch": 60.0}, {"inside": 0.4}):
        assert suitability(replace(QUALITY, **worse)) < suitability(QUALITY)


def test_the_best_of_each_track_is_chosen_in_order_of_time(make_material) -> None:
    analysis = make_material(250, 2).analysis
    tracks = [track.track_id for track in analysis.summaries]
    scores = [score(tracks[0], 10, yaw=50.0), score(tracks[1], 20), score(tracks[0], 30), score(99, 5)]
    assert [(s.track_id, s.pts) for s in most_suitable(scores, analysis)] == [(tracks[1], 20), (tracks[0], 30)]


def test_crowds_have_a_limit_and_stills_have_none(make_material) -> None:
    analysis = make_material(60, 20).analysis
    scores = [score(track.track_id, 1) for track in analysis.summaries]
    assert len(most_suitable(scores, analysis)) == MOST_TRACKS
    still = replace(analysis, clip=replace(analysis.clip, is_still=True))
    assert most_suitable(scores, still) == []


def test_files_are_named_by_time_and_the_sheet_holds_all(tmp_path) -> None:
    (tmp_path / "figures").mkdir()
    frames = (frame(4.2, 1), frame(3725.5, 2, Box(-30.0, 220.0, 50.0, 50.0)), *(frame(5.0 + at, 3) for at in range(3)))
    names = list(write_search_frames(frames, tmp_path))
    assert names[:2] == ["figures/search-00m04.200s-track01.png", "figures/search-62m05.500s-track02.png"]
    assert names[0] == search_frame_file(frames[0])
    assert search_frame_file(frame(59.9996, 1)) == "figures/search-01m00.000s-track01.png"
    assert names[-1] == SHEET
    with Image.open(tmp_path / names[0]) as whole:
        assert (whole.size, whole.info["Frame index"]) == ((320, 240), "7")
    with Image.open(tmp_path / SHEET) as sheet:
        assert sheet.size == (4 * 240, 2 * 266)
        assert sheet.getpixel((120, 120)) == (40, 40, 40)
    assert list(write_search_frames((), tmp_path)) == []
