"""`inspector scan` on clips with irregular time stamps: report.json and frames.csv say what became of every picture."""

import csv
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from inspector.__main__ import main
from tests.clips import make_clip
from tests.engine.decode.test_account import rewrite, shift, with_edits
from tests.fakes import make_bundle

Report = dict[str, Any]


def joined(path: Path, offsets: tuple[float, ...]) -> None:
    """Transport streams of 25 pictures, one after another, that begin at these seconds."""
    piece, parts = make_clip(path.with_suffix(".mp4"), frames=25, gop=25, bframes=2), []
    for offset in offsets:
        parts.append(rewrite(piece, path, partial(shift, by=offset)).read_bytes())
    path.with_suffix(".mp4").unlink()
    path.write_bytes(b"".join(parts))


def one_ahead(number: int, packet: Any) -> Any:
    packet.pts += round(9500 / packet.time_base) if number == 29 else 0
    return packet


def with_delimiters(_: int, packet: Any) -> list[Any]:
    extra = type(packet)(b"\x00\x00\x00\x02\x09\xf0")
    extra.pts, extra.dts, extra.time_base = packet.pts, packet.dts, packet.time_base
    return [extra, packet]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Report, list[dict[str, str]]]]:
    """The report and the frames of each clip, by the clip's name."""
    folder, out = tmp_path_factory.mktemp("clips"), tmp_path_factory.mktemp("scan") / "out"
    joined(folder / "back.ts", (10.0, 3.0))
    joined(folder / "same.ts", (10.0, 10.0))
    whole = make_clip(tmp_path_factory.mktemp("whole") / "whole.mp4", frames=50, gop=25, bframes=2)
    rewrite(whole, folder / "ahead.mp4", one_ahead)
    rewrite(whole, folder / "delimiters.flv", with_delimiters)
    make_clip(folder / "order.avi", frames=50, gop=25, bframes=2)
    with_edits(make_clip(folder / "trimmed.mp4", frames=50, gop=25, bframes=2), [(1.0, 0.0)])
    bundle = make_bundle(tmp_path_factory.mktemp("bundle"))
    assert main(["scan", str(folder), "--out", str(out), "--model", str(bundle)]) == 0
    found = {}
    for clip in json.loads((out / "summary.json").read_text())["clips"]:
        report = out / str(clip["folder"])
        with (report / "frames.csv").open() as file:
            rows = list(csv.DictReader(file))
        found[Path(clip["path"]).name] = json.loads((report / "report.json").read_text()), rows
    return found


NAMES = ["back.ts", "same.ts", "ahead.mp4", "delimiters.flv", "order.avi", "trimmed.mp4"]


@pytest.mark.parametrize("name", NAMES)
def test_the_account_adds_up_and_the_times_run_on(reports, name):
    report, rows = reports[name]
    pictures, shown = report["pictures"], 25 if name == "trimmed.mp4" else 50
    assert (pictures["stored"], pictures["shown"]) == (50, shown)
    assert [pictures[key] for key in ("damaged", "lost", "missing", "unexplained")] == [0] * 4
    assert pictures["cut"] == 50 - shown
    assert pictures["without_picture"] == (50 if name == "delimiters.flv" else 0)
    assert report["gaps"] == []
    assert report["summary"]["frames_decoded"] == shown == len(rows)
    assert [float(row["seconds"]) for row in rows] == pytest.approx([at * 0.04 for at in range(shown)], abs=0.0011)
    assert not report["clip"]["is_variable_rate"]


@pytest.mark.parametrize("name", ["back.ts", "same.ts"])
def test_the_seam_of_joined_recordings_is_named(reports, name):
    report, rows = reports[name]
    _, seam = report["clip"]["sections"]
    assert seam["start_seconds"] == pytest.approx(1.0)
    assert "go back" in seam["reason"]
    assert any(seam["reason"] in finding["justification"] for finding in report["findings"])
    assert int(rows[0]["stored_pts"]) == int(rows[0]["pts"])
    assert int(rows[25]["stored_pts"]) == seam["stored_pts"] < int(rows[25]["pts"])


def test_what_is_odd_is_named(reports):
    assert "far from the neighbours" in reports["ahead.mp4"][0]["clip"]["remarks"][0]
    assert max(int(row["stored_pts"]) for row in reports["ahead.mp4"][1]) > 9500 * 12800
    assert "order of decoding" in reports["order.avi"][0]["clip"]["remarks"][0]
    cut = [f for f in reports["trimmed.mp4"][0]["findings"] if "edit list" in f["conclusion"]]
    assert "Stored 50, shown 25 (25 cut by the edit list), damaged 0, lost 0" in cut[0]["justification"]
