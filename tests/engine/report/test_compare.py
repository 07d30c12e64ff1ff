"""Two reports of one clip: what differs, by how much, and which part of the program may have moved it."""

import contextlib
import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspector.domain.errors import VerificationError
from inspector.domain.observations.coding import SERIES, CodingSeries
from inspector.engine import selftest
from inspector.engine.provenance.coding.history import coding_history
from inspector.engine.report.compare import Comparison, Step, check_tables, compare
from inspector.engine.report.parts import ReportPart
from inspector.engine.report.recorded import changed, parts_of, read_recorded, settings_for
from inspector.engine.report.writer import write_report
from inspector.engine.versions import software_versions
from tests.engine.report.conftest import build

Change = Callable[[dict[str, str]], None]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    material = build(40, 1)
    versions = (("inspector", "0.1.0"), ("Python", "3.11.7"), ("av", "18.0"), ("FFmpeg libavcodec", "62.1"),
                ("mediapipe", "0.10.21"), ("torch", "2.15"))  # fmt: skip
    series = CodingSeries(np.arange(40), np.ones((len(SERIES), 40)))
    write_report(
        replace(
            material,
            analysis=replace(material.analysis, versions=versions),
            coding=coding_history(series, material.analysis.clip),
        ),
        folder,
    )
    return folder


@pytest.fixture
def again(written: Path, tmp_path: Path) -> Path:
    for name in ("report.json", "frames.csv", "signals.csv", "coding.csv", "MANIFEST.sha256"):
        (tmp_path / name).write_bytes((written / name).read_bytes())
    return tmp_path


def change_rows(folder: Path, change: Change) -> None:
    with (folder / "frames.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    change(rows[7])
    with (folder / "frames.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def change_report(folder: Path, **versions: str) -> None:
    report = json.loads((folder / "report.json").read_text())
    report["timings"][0]["seconds"] += 1  # never a difference
    report["device"] = versions.pop("device", report["device"])
    report["model"]["sha256"] = versions.pop("model", report["model"]["sha256"])
    for each in report["versions"]:
        each["version"] = versions.get(each["name"].replace(" ", "_"), each["version"])
    (folder / "report.json").write_text(json.dumps(report))


def steps(found: Comparison) -> dict[str, Step]:
    return {step.name: step for step in found.steps}


def test_the_same_numbers_are_equal_whatever_made_them(written: Path, again: Path):
    assert compare(written, again).is_same
    change_report(again, Python="3.12.1", torch="2.16")
    found = compare(written, again)
    assert found.is_same
    assert [(each.component, each.recorded, each.here) for each in found.changed] == [
        ("runtime", "2.15", "2.16"), ("platform", "3.11.7", "3.12.1"),
    ]  # fmt: skip


def alter_coding(folder: Path) -> None:
    table = folder / "coding.csv"
    table.write_text(table.read_text().replace(",1,", ",2,", 1))


def alter_coding_facts(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text())
    report["coding"]["picture_types"]["I"] += 1
    (folder / "report.json").write_text(json.dumps(report))


def altered(*place: str | int, value: object) -> Callable[[Path], None]:
    """What changes the value at a place of report.json."""

    def alter(folder: Path) -> None:
        part = report = json.loads((folder / "report.json").read_text())
        for name in place[:-1]:
            part = part[name]
        assert part[place[-1]] != value
        part[place[-1]] = value
        (folder / "report.json").write_text(json.dumps(report))

    return alter


def state_row_twice(folder: Path) -> None:
    """Readers of the table see the first of the two rows; the last one is as it was written."""
    head, first, rest = (folder / "frames.csv").read_text().split("\n", 2)
    (folder / "frames.csv").write_text("\n".join([head, first.replace(",0.", ",0.9"), first, rest]))


@pytest.mark.parametrize(
    ("alter", "step", "name"),
    [
        (alter_coding, "coding", "coding.csv"),
        (alter_coding_facts, "coding", "report.json"),
        (altered("model", "error_rates", 0, "false_positive_rate", value=0.001), "results", "report.json"),
        (altered("model", "limits", value=["It is never wrong."]), "results", "report.json"),
        (altered("signals", 0, "median", value=0.001), "results", "report.json"),
        (altered("is_complete", value="perhaps"), "results", "report.json"),
        (altered("credentials", value={"sentence": "It is signed by a camera."}), "file", "report.json"),
        (state_row_twice, "fast look", "frames.csv"),
        (lambda folder: change_rows(folder, lambda row: row.update(seconds="99")), "pictures", "frames.csv"),
        (lambda folder: change_rows(folder, lambda row: row.update(abstention="BLURRED")), "faces", "frames.csv"),
        (lambda folder: change_rows(folder, lambda row: row.update(stored_pts="1")), "pictures", "frames.csv"),
    ],
)
def test_what_was_altered_in_a_report_is_blamed_on_the_report(
    written: Path, again: Path, alter: Callable[[Path], None], step: str, name: str
):
    alter(again)
    found = compare(again, written)
    assert not steps(found)[step].is_same
    assert steps(found)[step].suspects == (f"the report itself: {name} is not the file that its manifest names",)
    assert found.altered == (name,)


def test_a_report_without_the_content_of_the_file_is_equal_and_may_state_nothing_of_it(written: Path, again: Path):
    """With these two words in a forged report, nothing that it says of file, coding and sound was compared."""
    altered("left_out", value=[str(ReportPart.FILE)])(again)
    assert [name for name, step in steps(compare(again, written)).items() if not step.is_same] == ["file", "coding"]
    altered("coding", value=None)(again)
    altered("clip", "metadata", value=[])(again)
    (again / "coding.csv").unlink()
    assert compare(again, written).is_same
    altered("credentials", value={"sentence": "It is signed by a camera."})(again)
    altered("sound", value={"hum": "none"})(again)
    assert [name for name, step in steps(compare(again, written)).items() if not step.is_same] == ["file", "sound"]


@pytest.mark.parametrize("place", ["left_out", "credentials", "model", "key_frames", "signals", "structure", "summary"])
@pytest.mark.parametrize("value", [5, "x", [1], {"a": 1}, True])
def test_a_value_of_another_kind_is_a_difference_or_named(written: Path, again: Path, place: str, value: object):
    altered(place, value=value)(again)
    with contextlib.suppress(VerificationError):
        assert not compare(again, written).is_same or place == "left_out"


def test_without_a_manifest_nothing_is_known_of_alterations(written: Path, again: Path):
    (again / "MANIFEST.sha256").unlink()
    alter_coding(again)
    found = compare(again, written)
    assert steps(found)["coding"].suspects[0].startswith("no recorded part differs")
    assert found.altered == ()


@pytest.mark.parametrize("is_recorded_without", [True, False])
def test_a_report_for_programs_only_is_equal_though_it_has_no_key_frames(
    written: Path, again: Path, is_recorded_without: bool
):
    report = json.loads((again / "report.json").read_text())
    assert report["key_frames"]
    report["key_frames"] = []
    (again / "report.json").write_text(json.dumps(report))
    folders = (again, written) if is_recorded_without else (written, again)
    assert compare(*folders).is_same == is_recorded_without


def test_another_number_of_threads_may_have_moved_a_score_and_the_decoder_may_not(written: Path, again: Path):
    change_rows(again, lambda row: row.update(fake_probability=str(float(row["fake_probability"]) + 1e-6)))
    change_report(again, device="cpu (1 threads)", av="19.0", mediapipe="0.11", model="cd" * 32)
    step = steps(compare(written, again))["fast look"]
    assert step.difference == "1 of 40 faces differ, by at most 1e-06 in probability"
    assert step.suspects == (
        "runtime: device cpu (2 threads) → cpu (1 threads)", "weights: model abababababab… → cdcdcdcdcdcd…",
    )  # fmt: skip
    assert {name for name, step in steps(compare(written, again)).items() if not step.is_same} == {"fast look"}


def test_a_decoder_that_gives_other_pictures_is_named_for_all_that_follows(written: Path, again: Path):
    change_rows(again, lambda row: row.update(frame_sha256="0" * 64, x=str(float(row["x"]) + 2)))
    change_report(again, FFmpeg_libavcodec="63.0", mediapipe="0.11")
    found = steps(compare(written, again))
    assert found["pictures"].difference == "1 of 40 pictures differ"
    assert found["pictures"].suspects == ("decoder: FFmpeg libavcodec 62.1 → 63.0",)
    assert found["faces"].difference == "1 of 40 faces differ, by at most 2 px"
    assert found["faces"].suspects == (*found["pictures"].suspects, "face finder: mediapipe 0.10.21 → 0.11")


def test_a_difference_without_a_recorded_cause_and_another_conclusion_are_said(written: Path, again: Path):
    report = json.loads((again / "report.json").read_text())
    report["summary"]["conclusion"] = "inconclusive"
    (again / "report.json").write_text(json.dumps(report))
    (again / "signals.csv").write_text("track,pts,seconds\n")
    change_rows(again, lambda row: row.update(track="9"))
    found = steps(compare(written, again))
    assert "“no manipulation indicated”, now “inconclusive”" in found["results"].difference
    assert found["results"].suspects[0].startswith("no recorded part differs")
    assert not found["signals"].is_same
    assert found["faces"].difference == "2 faces are in one report only"


def test_results_of_which_only_numbers_differ_are_named_with_how_far(written: Path, again: Path):
    report = json.loads((again / "report.json").read_text())
    report["key_frames"][0]["fake_probability"] += 1e-6
    report["gaps"].append({})
    (again / "report.json").write_text(json.dumps(report))
    difference = steps(compare(written, again))["results"].difference
    assert difference == "the conclusion is the same; gaps differ; key_frames differ by at most 1e-06"


@pytest.mark.parametrize("text", ["", "[]", '{"clip": 1}', "[" * 10_000, '{"settings": {"every": -1}}'])
def test_a_file_that_is_no_report_is_one_sentence(again: Path, written: Path, text: str):
    (again / "report.json").write_text(text)
    with pytest.raises(VerificationError, match=r"is no report\.json of this version"):
        compare(written, again)


def test_the_bundle_is_chosen_by_its_weights_and_never_by_a_path_in_the_report(written: Path):
    recorded = read_recorded(written / "report.json")
    recorded.settings = replace(recorded.settings, model="//host/share", device="auto")
    settings = settings_for(recorded)
    assert (settings.model, settings.device, settings.smoothing_seconds) == ("default", "cpu", 0.6)


def test_a_report_without_its_tables_is_refused_before_an_analysis(again: Path):
    check_tables(again)
    (again / "frames.csv").unlink()
    with pytest.raises(VerificationError, match=r"frames\.csv is missing, so nothing can be compared"):
        check_tables(again)


def test_selftest_says_whether_this_installation_wrote_a_report(written: Path, again: Path):
    checks = {check.name: check for check in selftest.check_installation(written / "report.json")}
    assert not checks["weights"].passed
    assert "mediapipe" not in checks["face finder"].detail, "it is pinned, so it is the same one"
    here = dict(software_versions())
    assert f"av: 18.0 in the report, {here['av']} here" in checks["decoder"].detail
    recorded = read_recorded(written / "report.json")
    assert changed(parts_of(recorded), parts_of(recorded)) == ()


def test_a_report_that_is_far_larger_than_its_evidence_gives_is_refused(written: Path, again: Path):
    with (again / "frames.csv").open("ab") as file:
        file.truncate(200_000_000)
    with pytest.raises(VerificationError, match=r"frames\.csv is too large for what it should be"):
        compare(again, written)
    (again / "frames.csv").write_text("pts,track\n" + "".join(f"{n},\n" for n in range(100_000)))
    with pytest.raises(VerificationError, match="its rows are too short"):
        compare(again, written)
