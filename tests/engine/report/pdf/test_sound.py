"""The sound in the report: observations with their causes, the picture of it, and the same in report.json and CSV."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np

from inspector.domain.sound.facts import SoundEvent, SoundFacts, SoundPicture, Speech
from inspector.domain.sound.mouth import MouthLag
from inspector.domain.structure import StructureFact, Tag
from inspector.engine.report import csv_tables
from inspector.engine.report.json_report import as_json, dumps
from inspector.engine.report.writer import write_report
from tests.engine.report.pdf.test_document import pdf_of, text_of

SCHEMA = Path(__file__).parents[4] / "docs" / "report-schema.json"


def examined() -> SoundFacts:
    draw = np.random.default_rng(0)
    columns = 50
    levels = draw.integers(0, 255, (columns, 128)).astype(np.uint8)
    picture = SoundPicture(-0.1, 0.02, 8000.0, np.full(columns, 90, np.uint8), np.full(columns, 170, np.uint8), levels)
    level = np.full(100, -30.0, np.float32)
    level[95:] = np.nan
    return SoundFacts(
        "The sound was examined: 1.00 s of aac, 16000 Hz, mono.",
        "aac",
        16000,
        1,
        "mono",
        1,
        1.0,
        (Tag("sound", "band limit", "7.0 kHz"),),
        (StructureFact("band", "The spectrum ends at 7.0 kHz.", "Calls <b>do</b> it.", "ITU-T G.722"),),
        tuple(SoundEvent("silence", at / 10, at / 10 + 0.05, "below -70 dBFS") for at in range(60)),
        3,
        ("Two packets cannot be decoded.",),
        picture,
        Speech(0.0, 0.01, level, np.r_[np.ones(50, np.uint8), np.zeros(50, np.uint8)]),
    )


def test_observations_stand_beside_their_causes_and_long_lists_end(make_material) -> None:
    said = text_of(pdf_of(replace(make_material(30, 1), sound=examined())))
    assert "The spectrum ends at 7.0 kHz. Usual causes: Calls <b>do</b> it. [ITU-T G.722]" in said
    assert "These are observations, not part of the score." in said
    assert "Waveform and spectrogram" in said
    assert "Mains hum" in said
    assert "Two packets cannot be decoded." in said
    assert "23 more; report.json lists the first 200" in said


def test_mouths_with_a_lag_come_first_and_long_lists_end(make_material) -> None:
    mouths = (
        *(MouthLag(at, None, reason="the mouth hardly moves") for at in range(1, 14)),
        MouthLag(14, 80.4, 0.5, 0.3),
    )
    material = replace(make_material(30, 1), sound=examined(), mouths=mouths, names={14: "<b>Ana</b>"})
    said = text_of(pdf_of(material))
    lag = "<b>Ana</b>: The mouth moves 80 ms after the sound of speech (correlation 0.50, at most 0.30 with the sound "
    lag += "played backwards)."
    assert 0 < said.index(lag) < said.index("Face 1: Cannot tell whether the mouth follows")
    assert "2 more faces are in report.json" in said
    assert "wireless microphones" in said


def test_a_clip_whose_sound_was_not_examined_says_so(make_material) -> None:
    said = text_of(pdf_of(replace(make_material(30, 1), sound=SoundFacts("The file has no sound."))))
    assert "The file has no sound." in said


def test_the_same_stands_in_json_and_csv(make_material, tmp_path) -> None:
    material = replace(make_material(30, 1), sound=examined(), mouths=(MouthLag(1, None, reason="so"),))
    write_report(material, tmp_path, has_pdf=False)
    report = json.loads((tmp_path / "report.json").read_bytes())
    jsonschema.validate(report, json.loads(SCHEMA.read_bytes()))
    assert report["sound"]["facts"][0]["rule"] == "band"
    assert report["sound"]["left_out"] == 3
    assert "picture" not in report["sound"]
    assert report["sound"]["mouths"][0]["lag_ms"] is None
    assert report["sound"]["mouths"][0]["sentence"].endswith(": so.")
    rows = list(csv.DictReader((tmp_path / "sound.csv").read_text().splitlines()))
    assert len(rows) == 10
    assert (rows[0]["voice"], rows[9]["voice"]) == ("1", "0")
    assert rows[3]["speech_band_dbfs"] == "-30.0"
    write_report(replace(material, sound=None), tmp_path, has_pdf=False)
    assert not (tmp_path / "sound.csv").exists(), "that of the report before is removed"
    assert not csv_tables.has_sound_table(SoundFacts("The file has no sound."))
    assert dumps(as_json(material, csv_tables.write_frames(material, tmp_path / "frames.csv")))
