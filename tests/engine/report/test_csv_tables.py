import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from inspector.domain.analysis import Signal
from inspector.domain.faces import Abstention
from inspector.domain.scores import FaceScore
from inspector.engine.report.csv_tables import write_frames, write_signals
from inspector.engine.report.material import ReportMaterial

HEADER = (
    "index,pts,seconds,track,x,y,width,height,fake_probability,abstention,frame_sha256,stored_pts,"
    "deep_logit,deep_probability"
)
Make = Callable[..., ReportMaterial]


def rows_of(material: ReportMaterial, path: Path) -> list[dict[str, str]]:
    write_frames(material, path)
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_one_row_per_frame_and_face_and_one_for_a_frame_without(make_material: Make, tmp_path: Path) -> None:
    path = tmp_path / "frames.csv"
    rows = rows_of(make_material(60, 2), path)
    assert path.read_text().splitlines()[0] == HEADER
    assert [r["track"] for r in rows if r["index"] == "0"] == ["1", "2"]
    (empty,) = [r for r in rows if r["index"] == "20"]
    assert (empty["abstention"], empty["track"], empty["x"], empty["fake_probability"]) == ("NO_FACE", "", "", "")
    assert {r["index"] for r in rows} == {str(i) for i in range(60)}


def test_figures_are_neutral_and_exact(make_material: Make, tmp_path: Path) -> None:
    material = make_material(3, 1)
    first = rows_of(material, tmp_path / "frames.csv")[0]
    score = next(material.scores())
    assert float(first["fake_probability"]) == score.fake_probability
    assert (first["seconds"], first["x"], first["height"]) == ("0.000000", "45.00", "150.00")
    assert first["frame_sha256"] == f"{0:064x}"


def test_a_frame_that_was_not_analysed_is_not_called_faceless(make_material: Make, tmp_path: Path) -> None:
    material = make_material(10, 1)
    every_other = tuple(s for s in material.scores() if (s.pts - 1024) // 512 % 2 == 0)
    rows = rows_of(replace(material, scores=lambda: iter(every_other)), tmp_path / "frames.csv")
    assert len(rows) == 10
    assert (rows[1]["abstention"], rows[1]["fake_probability"], rows[1]["index"]) == ("", "", "1")


def test_a_damaged_picture_has_a_row_without_a_frame(make_material: Make, tmp_path: Path) -> None:
    material = make_material(2, 1)
    broken = FaceScore(0, 1024 + 700, None, None, None, Abstention.DECODE_ERROR)
    scores = sorted([*material.scores(), broken], key=lambda s: s.pts)
    rows = rows_of(replace(material, scores=lambda: iter(scores)), tmp_path / "frames.csv")
    assert [(r["index"], r["abstention"]) for r in rows] == [("0", ""), ("1", ""), ("", "DECODE_ERROR")]


def test_signals_have_a_column_each_and_empty_cells_for_no_value(make_material: Make, tmp_path: Path) -> None:
    path = tmp_path / "signals.csv"
    first, second = np.array([1024, 1536, 2048]), np.array([1024])
    of_track = {
        1: (
            Signal(1, "yaw", "°", first, np.array([1.5, np.nan, np.nan])),
            Signal(1, "mouth opening", "", first, np.array([np.nan, 0.25, 0.5])),
        ),
        2: (Signal(2, "yaw", "°", second, np.array([-3.0])),),
    }
    write_signals(replace(make_material(5, 2), signals=of_track.__getitem__), path)
    assert path.read_text().splitlines() == [
        "track,pts,seconds,yaw (°),mouth opening",
        "1,1024,0.000000,1.5,",
        "1,1536,0.040000,,0.25",
        "1,2048,0.080000,,0.5",
        "2,1024,0.000000,-3,",
    ]
