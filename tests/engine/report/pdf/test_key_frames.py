"""What stands beneath the key frames: never more than was measured, and in the right direction."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inspector.engine.analysis.cam_text import Outcome
from inspector.engine.report.material import ReportMaterial, Robustness
from tests.engine.report.conftest import make_key_frame
from tests.engine.report.pdf.test_document import pdf_of, text_of

Make = Callable[..., ReportMaterial]


def said_of(material: ReportMaterial, **fields: Any) -> str:
    """The PDF's text where its only key frame's heat map has these fields."""
    key_frame = material.key_frames[0]
    assert key_frame.cam is not None
    return text_of(pdf_of(replace(material, key_frames=(replace(key_frame, cam=replace(key_frame.cam, **fields)),))))


def test_a_score_that_rises_is_said_to_rise(make_material: Make) -> None:
    said = said_of(make_material(5, 1), deletion_drop=-2.836, random_drop=0.1)
    assert "raises the raw score (logit) by 2.84" in said
    assert str(Outcome.RISES) in said
    assert "by -" not in said


def test_a_hot_spot_that_carries_the_score_is_said_to(make_material: Make) -> None:
    said = said_of(make_material(5, 1), deletion_drop=1.73, random_drop=0.11)
    assert "lowers the raw score (logit) by 1.73; a random tenth lowers it by 0.11" in said
    assert str(Outcome.MORE) in said
    assert "less than 0.1 apart count as the same" in said


def test_an_empty_map_has_no_hottest_tenth(make_material: Make) -> None:
    said = said_of(make_material(5, 1), values=np.zeros((7, 7), np.float32), reference=1e-12)
    assert str(Outcome.EMPTY) in said
    assert "no scale for this face" in said
    assert "1e-12" not in said
    assert "hottest tenth" not in said


@pytest.mark.parametrize("run", [True, False])
def test_the_score_itself_stands_in_one_column_of_the_harmless_changes(make_material: Make, run: bool) -> None:
    material = make_material(5, 1)
    changes = tuple(Robustness(f"change {n}", 0.5 + n / 100) for n in range(6)) if run else ()
    said = text_of(pdf_of(replace(material, key_frames=(replace(material.key_frames[0], robustness=changes),))))
    assert said.count("Frame as scored") == int(run), "six changes fit into one table"
    assert ("“As scored” is the frame's probability given above" in said) == run


def test_a_map_of_one_network_of_an_ensemble_says_so(make_material: Make) -> None:
    said = said_of(make_material(40, 1), layer="body.members.0.conv_head (member 1 of 3, x, alone)")
    assert "(member 1 of 3, x, alone); the probability is the mean of all its networks" in said
    assert "all its networks" not in said_of(make_material(40, 1), layer="body.conv_head")


def test_a_figure_with_its_facts_stays_on_one_page(make_material: Make) -> None:
    material = make_material(250, 1)
    for layer in ("a", "a " * 60, "a " * 120):
        key_frame = make_key_frame(1, 100, 480, 640)
        assert key_frame.cam is not None
        key_frame = replace(key_frame, cam=replace(key_frame.cam, layer=layer))
        reader = pdf_of(replace(material, key_frames=(key_frame,) * 4))
        pages = [page.extract_text() for page in reader.pages]
        headings = [sum(f"Figure {number}. Face 1" in page for number in range(1, 5)) for page in pages]
        files = [page.count("-heat-map.png") for page in pages]
        assert headings == files
        assert sum(files) == 4


def test_a_map_that_failed_its_check_is_grey_and_not_said_to_have_a_brightest_colour(make_material: Make) -> None:
    beyond = "beyond the end of the track's scale"
    drops = {"deletion_drop": 1.73, "random_drop": 0.11}
    assert beyond in said_of(make_material(5, 1), reference=0.001, **drops)
    drops["random_drop"] = 1.7
    assert beyond not in said_of(make_material(5, 1), reference=0.001, **drops)
