"""Page one shows each face large, beside its curve, whatever the shape of the frames and the number of faces."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inspector.domain.analysis import Conclusion
from inspector.domain.geometry import Box
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf.faces import around, face_picture
from tests.engine.report.conftest import make_key_frame
from tests.engine.report.pdf.test_document import page_one, pdf_of

Make = Callable[..., ReportMaterial]


def pictures_of(material: ReportMaterial) -> list[Any]:
    """The pictures of page one; the first is the whole frame in its head."""
    return [each.image for each in pdf_of(material).pages[0].images]


@pytest.mark.parametrize("n_tracks", [1, 2, 3, 4])
def test_each_face_has_a_picture_and_a_caption_on_page_one(make_material: Make, n_tracks: int) -> None:
    material = make_material(60, n_tracks)
    _frame, *faces = pictures_of(material)
    assert len(faces) == n_tracks
    assert all(face.size == (560, 560) for face in faces)
    said = page_one(material)
    for track_id in range(1, n_tracks + 1):
        assert f"Face {track_id}: no manipulation indicated, probability 0.12" in said
    assert "see Key frames" not in said


@pytest.mark.parametrize(("height", "width"), [(640, 360), (360, 640), (240, 1600)])
def test_the_picture_shows_the_face_whatever_the_shape_of_the_frame(height: int, width: int) -> None:
    key_frame = make_key_frame(1, 0, height, width)
    assert key_frame.score.box is not None
    part, box = around(key_frame.frame.image, key_frame.score.box), key_frame.score.box
    assert part.width == part.height == min(300, height)
    assert min(part.x, part.y, width - part.right, height - part.bottom) >= 0
    assert box.intersection(part) == pytest.approx(box.area)
    picture = face_picture(key_frame)
    assert picture is not None
    assert picture.shape == (560, 560, 3)


def test_a_face_at_the_edge_and_a_tiny_picture_have_one_too() -> None:
    assert around(np.zeros((100, 100, 3), np.uint8), Box(-20.0, 70.0, 40.0, 40.0)) == Box(0.0, 20.0, 80, 80)
    assert around(np.zeros((20, 30, 3), np.uint8), Box(5.0, 5.0, 8.0, 8.0)) == Box(0.0, 0.0, 20, 20)


def test_a_face_in_one_frame_says_that_there_is_no_curve_and_an_unscored_one_why(make_material: Make) -> None:
    still = make_material(1, 1)
    still = replace(still, analysis=replace(still.analysis, clip=replace(still.analysis.clip, is_still=False)))
    assert "Scored in one frame: there is no curve over time." in page_one(still)
    (track,) = still.analysis.summaries
    unscored = replace(
        track, frames_scored=0, fake_probability=None, conclusion=Conclusion.NO_FACE, abstentions={"face too small": 1}
    )
    said = page_one(replace(still, analysis=replace(still.analysis, summaries=(unscored,))))
    assert "Face 1: not scored, here at 4.00 s" in said
    assert "face too small" in said


def test_four_faces_are_large_enough_to_judge(make_material: Make) -> None:
    for n_tracks, millimetres in ((2, 45), (3, 38), (4, 32)):
        assert min(sides_of(make_material(60, n_tracks))) > millimetres


def sides_of(material: ReportMaterial) -> list[float]:
    """The sides of the faces' pictures on page one, in millimetres; the whole frame in the head is none of them."""
    page, sides = pdf_of(material).pages[0], []

    def note(operator: bytes, _operands: Any, matrix: Any, _text: Any) -> None:
        if operator == b"Do" and abs(matrix[0] - matrix[3]) < 0.01:
            sides.append(matrix[0] / 72 * 25.4)

    page.extract_text(visitor_operand_before=note)
    assert len(sides) == len(page.images) - 1
    return sides


def crowded(material: ReportMaterial) -> ReportMaterial:
    """The same with so much text on page one that little room is left."""
    long = tuple(f"a manipulation that nobody has ever seen, number {number} of them, " * 3 for number in range(4))
    model = material.analysis.model
    assert model is not None
    return replace(material, analysis=replace(material.analysis, model=replace(model, never_seen=long)))


def test_a_crowded_page_one_has_smaller_pictures_of_all_four(make_material: Make) -> None:
    material = crowded(make_material(60, 4))
    assert len(sides_of(material)) == 4
    assert min(sides_of(material)) > 20
    assert "Face 4: no manipulation indicated, probability 0.12" in page_one(material)


def test_two_faces_on_a_crowded_page_one_have_their_curves(make_material: Make) -> None:
    for material in (make_material(60, 2), crowded(make_material(60, 2))):
        assert len(sides_of(material)) == 2
        assert page_one(material).count("0.0") >= 2, "the lower end of each axis"
    assert "0.0" not in page_one(crowded(make_material(60, 4))), "what is counted is nothing else"


def test_faces_without_room_are_named(make_material: Make) -> None:
    material = make_material(60, 6)
    assert "See Key frames and Face tracks for Face 5, Face 6." in page_one(material)
    assert len(sides_of(material)) == 4
