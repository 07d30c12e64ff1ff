import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from inspector.domain.case import Note
from inspector.domain.clip import Gap
from inspector.engine.filters.table import FilterStep, default_step
from inspector.engine.report.json_report import as_json, dumps
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.series import read
from tests.engine.report.conftest import make_saved_figure, pts_of

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "report-schema.json").read_text())
Make = Callable[..., ReportMaterial]


def report_of(material: ReportMaterial) -> dict[str, Any]:
    return json.loads(dumps(as_json(material, read(material, lambda *_row: None))))


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("n_frames", "n_tracks"), [(250, 2), (1, 1), (30, 0), (60, 12)])
def test_report_follows_the_published_schema(make_material: Make, n_frames: int, n_tracks: int) -> None:
    report = report_of(make_material(n_frames, n_tracks, gaps=(Gap(2048, 4096, "damaged slice"),)))
    jsonschema.validate(report, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert len(report["tracks"]) == n_tracks
    assert report["timings"][0] == {"step": "decode", "seconds": 1.25, "calls": n_frames}


def test_schema_refuses_an_unknown_conclusion_and_a_missing_key(make_material: Make) -> None:
    report = report_of(make_material())
    report["summary"]["conclusion"] = "authentic"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, SCHEMA)
    report = report_of(make_material())
    del report["evidence"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, SCHEMA)


def test_times_are_given_in_pts_and_seconds_of_the_first_picture(make_material: Make) -> None:
    report = report_of(make_material())
    (segment,) = report["segments"]
    assert (segment["start_pts"], segment["start_seconds"]) == (1024 + 80 * 512, pytest.approx(3.2))
    assert report["tracks"][0]["median_box"] == {"x": 45.0, "y": 80.25, "width": 120.0, "height": 150.0}
    assert report["clip"]["time_base"] == "1/12800"


def test_outcomes_add_up_to_all_frames(make_material: Make) -> None:
    report = report_of(make_material())
    assert sum(report["frames"]["outcomes"].values()) == report["frames"]["rows"] == 250
    assert report["abstentions"] == {"NO_FACE": 15, "PROFILE": 30}


def test_numbers_that_are_none_become_null_and_no_invalid_json_is_written(
    make_material: Make, with_analysis: Callable[..., ReportMaterial]
) -> None:
    material = make_material(40, 1)
    summary = replace(material.analysis.summaries[0], mean_probability=math.nan, peak_probability=None)
    report = report_of(with_analysis(material, summaries=(summary,)))
    assert report["tracks"][0]["mean_probability"] is None
    jsonschema.validate(report, SCHEMA)


def test_foreign_text_survives_verbatim_in_ascii(make_material: Make) -> None:
    text = "\ud800 \u202e עברית 漢字 <b>\x00"
    material = replace(make_material(5, 1), notes=(Note(1, "me", "", text),))
    data = dumps(as_json(material, read(material, lambda *_row: None)))
    assert data.isascii()
    assert json.loads(data)["notes"][0]["text"] == text


def test_without_a_model_there_is_no_model_and_no_probability(
    make_material: Make, with_analysis: Callable[..., ReportMaterial]
) -> None:
    material = make_material(20, 0)
    summary = replace(material.analysis.summary, fake_probability=None, false_positive_rate=None, n_real=None,
                      false_positive_interval=None)  # fmt: skip
    report = report_of(with_analysis(material, model=None, summary=summary))
    jsonschema.validate(report, SCHEMA)
    assert report["model"] is None
    assert report["summary"]["fake_probability"] is None


def test_saved_pictures_name_every_filter_and_parameter(make_material: Make) -> None:
    chain = (FilterStep("error_level", (85.0, 20.0)), default_step("gamma"))
    pictures = (make_saved_figure(4, 12), make_saved_figure(9, 100, chain))
    report = report_of(replace(make_material(150, 1), saved_figures=pictures))
    jsonschema.validate(report, SCHEMA, cls=jsonschema.Draft202012Validator)
    plain, filtered = report["saved_figures"]
    assert plain["filters"] == []
    assert plain["files"] == ["figures/saved01-frame000012-decoded.png"]
    assert filtered["filters"] == [
        {
            "filter": "error_level",
            "label": "Error level",
            "parameters": [
                {"name": "JPEG quality", "value": 85.0, "unit": ""},
                {"name": "gain", "value": 20.0, "unit": "×"},
            ],
        },
        {"filter": "gamma", "label": "Gamma", "parameters": [{"name": "γ", "value": 1.6, "unit": ""}]},
    ]
    assert (filtered["pts"], filtered["index"], filtered["label"]) == (pts_of(100), 100, "the ear")
    assert len(filtered["files"]) == 2


def test_the_schema_names_its_version(make_material: Make) -> None:
    report = report_of(make_material(5, 1))
    assert report["schema"] == "deepfake-inspector-report/3"
    assert report["saved_figures"] == []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**report, "schema": "deepfake-inspector-report/2"}, SCHEMA)
