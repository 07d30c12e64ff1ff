"""A still has no times anywhere, and a clip without a face is recognised on page one all the same."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from inspector.domain.clip import Frame
from inspector.engine.report.figure_files import frame_facts
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf import style
from tests.engine.report.conftest import make_saved_figure, pts_of
from tests.engine.report.pdf.test_document import page_one, pdf_of, text_of

Make = Callable[..., ReportMaterial]


def about_the_file(said: str) -> str:
    """The text without model, settings and glossary, which speak of clips and seconds in general."""
    results, rest = said.split("Name, version")
    facts = rest.split("Signals, not part")[-1].split("Setting Value")[0]
    return results + facts + rest.split("Saved figures")[-1].split("Log of the case")[0]


@pytest.mark.parametrize("n_faces", [0, 1, 2])
def test_no_time_stands_in_the_report_of_a_still(make_material: Make, n_faces: int) -> None:
    material = replace(make_material(1, n_faces), saved_figures=(make_saved_figure(1, 0),))
    said = about_the_file(text_of(pdf_of(material)))
    assert not re.search(r"\d(\.\d+)? s\b", said)
    for word in ("timecode", "Blinks", "Longest segment", "Frame spacing", "whole tracks", "first to last face"):
        assert word not in said
    assert ("Face 1: no manipulation indicated" in said) == (n_faces > 0)
    assert f"The tool found {n_faces} face{'s' * (n_faces != 1)} in it and scored {n_faces}." in said


def test_times_stand_in_the_report_of_a_clip(make_material: Make) -> None:
    said = about_the_file(text_of(pdf_of(make_material(20, 1))))
    assert re.search(r"\d(\.\d+)? s\b", said)
    assert "timecode" in said


def test_a_figure_of_a_still_states_no_time(make_material: Make) -> None:
    for n_frames, expected in ((1, False), (20, True)):
        clip = make_material(n_frames, 1).analysis.clip
        assert ("Frame time" in frame_facts(clip, 0, pts_of(0), 0.0, "00:00:00:00", "0" * 64)) == expected


def some_frames(clip_frames: tuple[int, ...]) -> tuple[Frame, ...]:
    """Frames of rising contrast."""
    image = np.tile(np.linspace(0, 1, 640), (360, 1))[..., None] * np.ones(3)
    return tuple(
        Frame(index, pts_of(index), (image * 60 * at).astype(np.uint8), True) for at, index in enumerate(clip_frames, 1)
    )


def test_a_clip_without_a_face_shows_frames_with_their_times(make_material: Make) -> None:
    material = replace(make_material(60, 0), overview_frames=some_frames((10, 30, 50)))
    assert len(pdf_of(material).pages[0].images) == 3, "one of them also in the head"
    said = page_one(material)
    assert "analysed 60 and found no face in any of them." in said
    assert "Frame at 2.00 s" in said, "the one with the most contrast"
    for at in ("frame at 0.400 s", "frame at 1.200 s", "frame at 2.000 s"):
        assert at in said


def test_a_still_without_a_face_shows_its_picture_once(make_material: Make) -> None:
    material = replace(make_material(1, 0), overview_frames=some_frames((0,)))
    assert len(pdf_of(material).pages[0].images) == 1
    assert "The picture" in page_one(material)


def test_a_row_moves_to_the_next_page_whole_and_one_beyond_a_page_is_torn() -> None:
    for words, parts in ((60, 0), (20_000, 2)):
        grid = style.grid(["Head", "Text"], [["a", "word " * words]], (1, 3), "ll")
        grid.wrap(style.WIDTH, 60)
        assert len(grid.split(style.WIDTH, 60)) == parts


def test_page_one_of_a_picture_speaks_of_a_picture(make_material: Make) -> None:
    said = page_one(make_material(1, 1))
    assert "chance that this picture is manipulated" in said
    assert "who made the picture" in said
    one = make_material(1, 2)
    three = replace(one, analysis=replace(one.analysis, summaries=(*one.analysis.summaries, one.analysis.summaries[0])))
    assert "This picture has 3 faces." in page_one(three)
