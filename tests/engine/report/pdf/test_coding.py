"""The page on how the clip is coded, and the same in report.json and coding.csv."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from inspector.domain.observations.coding import BRIGHTNESS, CHANGE, SERIES, SIZE, TYPE, CodingSeries, FrameHash
from inspector.engine.provenance.coding.history import coding_history
from inspector.engine.report.writer import write_report
from tests.engine.report.pdf.test_document import pdf_of, text_of

_SCHEMA = Path(__file__).parents[4] / "docs" / "report-schema.json"


@pytest.fixture
def coded(make_material):
    material = make_material(100, 1)
    pts = np.array([frame.pts for frame in material.frames()], np.int64)
    values = np.full((len(SERIES), len(pts)), np.nan)
    values[TYPE] = np.where(np.arange(len(pts)) % 20 == 0, 1, 2)
    values[SIZE] = np.where(values[TYPE] == 1, 9000, 1500)
    values[CHANGE], values[BRIGHTNESS] = 1.0, 100.0
    values[CHANGE][40:70] = 0.0
    hashes = tuple(FrameHash(int(each), int(each)) for each in pts[::5])
    return replace(
        material, coding=coding_history(CodingSeries(pts, values), material.analysis.clip), frame_hashes=hashes
    )


def test_the_page_names_what_was_found_and_its_causes(coded):
    said = text_of(pdf_of(coded))
    assert "These are observations, not part of the score" in said
    assert "5 groups of 20 pictures" in said
    assert "5 I, 95 P" in said
    assert "The picture stands still for 1.2 s in all: from 1.60 to 2.80 s." in said
    assert "Usual causes: Title cards" in said
    assert "Packet size (kB)" in said
    assert "Quantiser (the codec" not in said, "it was not measured"


def test_the_table_and_the_json_have_the_same_numbers(coded, tmp_path: Path):
    names = [path.name for path in write_report(coded, tmp_path, has_pdf=False)]
    assert "coding.csv" in names
    with (tmp_path / "coding.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 100
    assert (rows[20]["picture type"], rows[20]["packet size (bytes)"], rows[20]["quantiser"]) == ("I", "9000", "")
    assert rows[23]["pictures since the I picture"] == "3"
    report = json.loads((tmp_path / "report.json").read_bytes())
    jsonschema.validate(report, json.loads(_SCHEMA.read_bytes()))
    coding = report["coding"]
    assert coding["groups"] == {"count": 5, "usual_length": 20, "shortest": 20, "longest": 20}
    assert coding["picture_types"] == {"I": 5, "P": 95}
    assert [fact["rule"] for fact in coding["facts"]] == ["frozen"]
    assert coding["facts"][0]["places"][0]["start_seconds"] == pytest.approx(1.6)
    assert [each["seconds"] for each in report["frame_hashes"]] == pytest.approx([0.0, 1.0, 2.0, 3.0])
    assert report["frame_hashes"][1]["phash"] == f"{report['frame_hashes'][1]['pts']:016x}"
    write_report(replace(coded, coding=None), tmp_path, has_pdf=False)
    assert not (tmp_path / "coding.csv").exists(), "that of the earlier report is not left behind"


def test_an_analysis_without_a_history_says_so(make_material):
    assert "The coding was not recorded by this analysis." in text_of(pdf_of(make_material(20, 1)))
