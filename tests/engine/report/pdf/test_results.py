"""Findings, segments and tracks as they are read: no word or figure that looks like another's."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

import numpy as np
import pytest

from inspector.domain.analysis import Finding, Significance
from inspector.domain.faces import Abstention
from inspector.domain.scores import FaceScore
from inspector.domain.sound.facts import SoundFacts
from inspector.domain.structure import StructureFact
from inspector.engine.report import text
from inspector.engine.report.json_report import as_json
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf import first_page
from inspector.engine.report.series import Series, read
from tests.engine.report.conftest import make_saved_figure, pts_of
from tests.engine.report.pdf.test_document import pdf_of, text_of

Make = Callable[..., ReportMaterial]
Change = Callable[..., ReportMaterial]


def test_the_head_calls_nothing_an_exhibit_that_nobody_called_so(make_material: Make) -> None:
    material = make_material(1, 1)
    said = text_of(pdf_of(replace(material, case_info=replace(material.case_info, exhibit=" "))))
    assert "exhibit: not stated" in said
    assert "Exhibit: " not in said
    assert f"Evidence: {PurePath(material.analysis.clip.path).name}" in said


def test_the_last_of_some_frames_is_not_called_the_clips_last(make_material: Make, with_analysis: Change) -> None:
    material = make_material(5, 1)
    some = replace(material.analysis.settings, every=4)
    for changed, said in (({}, "(last frame at"), ({"settings": some}, "(last analysed frame at"),
                          ({"is_complete": False}, "(last analysed frame at")):  # fmt: skip
        one = with_analysis(material, **changed)
        assert said in first_page._examined(one, read(one, lambda *_row: None))[0]


def test_page_one_says_that_the_sound_is_shorter_than_the_pictures(make_material: Make) -> None:
    fact = StructureFact("shorter-than-pictures", "The sound does not last as long: 1 s.", "", "")
    material = replace(make_material(5, 1), sound=SoundFacts("The sound was examined.", facts=(fact,)))
    assert (
        " The sound does not last as long: 1 s. " in first_page._examined(material, read(material, lambda *_r: None))[0]
    )


def test_nothing_found_does_not_read_as_likely_no_manipulation(make_material: Make, with_analysis: Change) -> None:
    finding = Finding("Track 1: no manipulation indicated", Significance.LIKELY_NONE, "At most 0.30.", 1)
    material = with_analysis(make_material(40, 1), findings=(finding,))
    said = text_of(pdf_of(material))
    assert "likely none" not in said
    assert "nothing notable found At most 0.30. no decision" in said
    assert "what the tool cannot detect may still be there" in said
    assert "Significance How much attention a finding needs" in said, "the glossary has it"
    report = as_json(material, read(material, lambda *_row: None))
    assert report["findings"][0]["significance"] == "likely none", "the published value stays"


def test_a_mean_of_frames_beside_a_smoothed_peak_is_explained(make_material: Make) -> None:
    said = text_of(pdf_of(make_material()))
    assert "Mean of single frames" in said
    assert "its peak can be lower than that mean" in said


def test_each_track_names_its_highest_single_frame(make_material: Make) -> None:
    material = make_material()
    found = [s for s in material.scores() if s.track_id == 1 and s.fake_probability is not None]
    best = max(found, key=lambda s: s.fake_probability or 0)
    seconds = material.analysis.clip.seconds(best.pts)
    said = text_of(pdf_of(material))
    assert f"Highest single frame {text.probability(best.fake_probability, 3)} at {seconds:.3f} s" in said
    track = as_json(material, read(material, lambda *_row: None))["tracks"][0]
    assert (track["highest_seconds"], track["highest_probability"]) == (seconds, best.fake_probability)


def test_a_series_without_scores_has_no_highest_frame() -> None:
    assert Series(np.arange(3.0), *np.full((2, 3), np.nan)).highest is None
    assert Series(np.arange(3.0), np.array([np.nan, 0.7, 0.7]), np.full(3, np.nan)).highest == (1.0, 0.7)


def test_a_saved_picture_says_what_its_frame_scored(make_material: Make) -> None:
    scored = FaceScore(1, pts_of(12), None, 1.0, 0.7312, None)
    turned = FaceScore(2, pts_of(12), None, None, None, Abstention.PROFILE)
    material = make_material(150, 2)
    picture = replace(make_saved_figure(4, 12), scores=(scored, turned))
    said = text_of(pdf_of(replace(material, saved_figures=(picture,))))
    assert "Face 1: 0.731; Face 2: not scored (face turned away); of the frame as decoded, for this frame" in said
    assert "Probability not analysed" in text_of(pdf_of(replace(material, saved_figures=(make_saved_figure(4, 12),))))


@pytest.mark.parametrize(
    ("share", "n", "shown"),
    [(0.3475, 118, "34.7\u00a0%"), (0.0205, 418, "2.1\u00a0%"), (0.0588, 51, "5.9\u00a0%"), (0.5, 0, "50.0\u00a0%"),
     (None, 5, "not measured")],
)  # fmt: skip
def test_a_rate_of_whole_numbers_is_not_rounded_twice(share: float | None, n: int, shown: str) -> None:
    assert text.rate(share, n) == shown
