"""`inspector scan` through main(): reports for what can be analysed, one sentence for what cannot, nothing lost."""

import csv
import hashlib
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inspector.__main__ import main
from inspector.console import SafeConsole
from inspector.engine.case.case_file import CaseFile
from inspector.engine.process import rerun as rerunning
from inspector.engine.process.clip_scan import Stop
from inspector.engine.process.scanned import ScannedClip, ScanSummary
from inspector.engine.seal.keys import create_key
from inspector.engine.seal.manifest import KEY, MANIFEST, SIGNATURE, read_manifest, write_manifest
from inspector.scan_progress import ScanProgress
from tests.fakes import make_bundle

COLUMNS = (
    "index,pts,seconds,track,x,y,width,height,fake_probability,abstention,frame_sha256,stored_pts,"
    "deep_logit,deep_probability"
)

PASSPHRASE = b"correct horse"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bundle(tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="module")
def scanned(face_clip: Path, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One scan of a sound clip among broken ones."""
    folder = tmp_path_factory.mktemp("in")
    (folder / "good.mp4").write_bytes(face_clip.read_bytes())
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("This is no clip.\n" * 50)
    (folder / "readme.txt").write_text("not even tried")
    out, key = folder.parent / "scan-out", folder.parent / "examiner.key"
    create_key(key, PASSPHRASE)
    os.environ["INSPECTOR_PASSPHRASE"] = PASSPHRASE.decode()  # the command removes it
    arguments = [
        "scan",
        str(folder),
        str(folder / "gone.mov"),
        "--out",
        str(out),
        "--model",
        str(bundle),
        "--jobs",
        "2",
    ]
    assert main([*arguments, "--every", "3", "--examiner", "R. Roe", "--seal", str(key)]) == 1
    return out


def folder_of(out: Path) -> Path:
    """The report folder of the one input that was analysed."""
    (clip,) = [c for c in json.loads((out / "summary.json").read_text())["clips"] if c["status"] == "analysed"]
    return out / str(clip["folder"])


def evidence_of(out: Path) -> str:
    """The path of the one input that was analysed."""
    clips = json.loads((out / "summary.json").read_text())["clips"]
    return next(str(clip["path"]) for clip in clips if clip["status"] == "analysed")


def test_every_input_is_accounted_for(scanned: Path):
    summary = json.loads((scanned / "summary.json").read_text())
    found = {Path(c["path"]).name: c for c in summary["clips"]}
    assert {n: c["status"] for n, c in found.items()} == {
        "good.mp4": "analysed", "empty.mp4": "failed", "text.mp4": "failed", "gone.mov": "failed",
    }  # fmt: skip
    for name, clip in found.items():
        assert clip["status"] == "analysed" or (name in clip["reason"] and "\n" not in clip["reason"])
    assert [Path(entry["path"]).name for entry in summary["left_out"]] == ["readme.txt"]
    folder = folder_of(scanned).name
    beside = [MANIFEST, SIGNATURE, KEY]  # of the summary; the scan signs
    assert folder == f"good-{found['good.mp4']['sha256'][:12]}"
    assert sorted(p.name for p in scanned.iterdir()) == [*beside, folder, "summary.html", "summary.json"], (
        "no folders for failed inputs"
    )


def test_a_changed_byte_of_the_summary_is_found(scanned: Path, tmp_path: Path):
    out = shutil.copytree(scanned, tmp_path / "out")
    assert main(["verify", str(out)]) == 0
    for name in ("summary.html", "summary.json"):
        data = (out / name).read_bytes()
        (out / name).write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
        assert main(["verify", str(out)]) == 1
        (out / name).write_bytes(data)
    assert main(["verify", str(out)]) == 0


def test_the_report_folder_keeps_the_contract(scanned: Path):
    folder = folder_of(scanned)
    report = json.loads((folder / "report.json").read_text())
    assert {"clip", "model", "settings", "versions", "tracks", "segments", "abstentions", "findings", "summary"} <= set(
        report
    )
    track = report["tracks"][0]
    assert {"track_id", "median_box", "frames_scored", "fake_probability", "conclusion"} <= set(track)
    assert set(track["median_box"]) >= {"x", "y", "width", "height"}
    summary = report["summary"]
    assert summary["conclusion"] in {"manipulation indicated", "no manipulation indicated", "inconclusive"}
    assert summary["false_positive_rate"] == 0.05
    rows = list(csv.reader((folder / "frames.csv").read_text().splitlines()))
    assert ",".join(rows[0]) == COLUMNS
    assert len(rows) - 1 == summary["frames_analysed"]
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    listed = read_manifest(folder / MANIFEST)
    for name, sha256 in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
    assert {"report.pdf", "report.json", "frames.csv"} <= set(listed)
    assert any(n.startswith("figures/") for n in listed)
    fingerprint = report["seal"]["fingerprint"]
    assert main(["verify", str(folder), "--evidence", evidence_of(scanned), "--fingerprint", fingerprint]) == 0


def test_a_rerun_gives_the_same_bits(scanned: Path, bundle: Path, capsys: pytest.CaptureFixture[str]):
    report = str(folder_of(scanned) / "report.json")
    assert main(["rerun", str(folder_of(scanned)), "--evidence", evidence_of(scanned), "--model", str(bundle)]) == 0
    assert "All numbers are equal to the last bit." in capsys.readouterr().out
    assert main(["rerun", report, "--evidence", report, "--model", str(bundle)]) == 1
    assert "is not the evidence of this report" in capsys.readouterr().err


@pytest.mark.parametrize("is_kept", [False, True])
def test_an_interrupted_rerun_promises_what_it_keeps(
    is_kept: bool, scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    said: list[str] = []

    def interrupted(*_: object, stop: Stop, **__: object) -> ScanSummary:
        stop.interrupt(signal.SIGTERM)
        said.append(stop.reason)
        return ScanSummary((ScannedClip("a.mp4", "", "failed", stop.reason),))

    monkeypatch.setattr(rerunning, "scan", interrupted)
    out = ["--out", str(tmp_path / "again")] if is_kept else []
    assert main(["rerun", str(folder_of(scanned)), "--evidence", evidence_of(scanned), *out]) == 143
    assert capsys.readouterr().err.splitlines()[-1] == "inspector rerun: interrupted; run the same command again."
    assert ("to continue" in said[0]) == is_kept
    assert ("nothing of it is kept" in said[0]) != is_kept


def test_a_rerun_on_another_python_and_other_threads_says_so(
    scanned: Path, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The report is altered to one of another Python, with a valid manifest; the threads are really other ones."""
    folder = shutil.copytree(folder_of(scanned), tmp_path / "report")
    report = json.loads((folder / "report.json").read_text())
    python = next(each for each in report["versions"] if each["name"] == "Python")
    python["version"] = "3.12.99"
    threads = int(report["device"].rpartition(" threads")[0].rpartition(" ")[2])
    (folder / "report.json").write_text(json.dumps(report))
    write_manifest(folder, read_manifest(folder / MANIFEST))
    for name in (SIGNATURE, KEY):
        (folder / name).unlink()
    monkeypatch.setattr(rerunning, "_threads", lambda _recorded: threads + 1)
    progress = ScanProgress(SafeConsole(stderr=True))
    with progress:
        evidence, out = Path(evidence_of(scanned)), tmp_path / "out"
        found = rerunning.rerun(folder / "report.json", evidence, str(bundle), out, progress)
    changes = {each.part: (each.component, each.recorded, each.here) for each in found.changed}
    assert changes["Python"] == ("platform", "3.12.99", platform.python_version())
    component, was, now = changes["device"]
    assert (component, was, now) == ("runtime", report["device"], was.replace(f"{threads} thr", f"{threads + 1} thr"))
    assert set(changes) == {"Python", "device"}
    steps = {step.name: step for step in found.steps}
    assert all(steps[name].is_same for name in ("pictures", "faces", "signals")), "no thread and no Python moves these"
    for step in found.steps:  # whether a sum of this network is rounded otherwise depends on the processor
        assert step.is_same or {suspect.partition(":")[0] for suspect in step.suspects} == {"platform", "runtime"}


def test_a_second_scan_uses_what_is_there(
    scanned: Path, face_clip: Path, bundle: Path, capsys: pytest.CaptureFixture[str]
):
    clip = json.loads((scanned / "summary.json").read_text())["clips"]
    good = next(c["path"] for c in clip if c["status"] == "analysed")
    folder = folder_of(scanned)
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert main(["scan", good, "--out", str(scanned), "--model", str(bundle), "--every", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["clips"][0]["status"] == "analysed"
    assert folder_of(scanned) == folder
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == kept


@pytest.mark.parametrize(
    "arguments",
    ["scan", "scan a.mp4", "scan a --out o --every 0", "scan a --out o --jobs 0", "scan a --out o --start 3 --end 2",
     "scan a --out o --start nan", "scan a --out o --model none-of-this-name"],
)  # fmt: skip
def test_wrong_usage_is_exit_code_2(arguments: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments.split()) == 2
    assert not list(tmp_path.iterdir())


def test_an_output_that_is_a_file_is_one_sentence(tmp_path: Path, face_clip: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "out").write_text("mine")
    assert main(["scan", str(face_clip), "--out", str(tmp_path / "out")]) == 1
    message = capsys.readouterr().err.strip()
    assert message.endswith("out is a file, not a folder; choose another with --out.")
    assert "Traceback" not in message
    assert (tmp_path / "out").read_text() == "mine"


def test_a_range_behind_the_end_is_no_clip_without_a_face(tmp_path: Path, face_clip: Path, bundle: Path):
    out = tmp_path / "out"
    assert main(["scan", str(face_clip), "--out", str(out), "--model", str(bundle), "--start", "3600"]) == 1
    (clip,) = json.loads((out / "summary.json").read_text())["clips"]
    assert (clip["status"], clip["conclusion"]) == ("failed", "")
    assert clip["reason"].endswith("has no picture from 3600 s on; change the start or end of the analysis.")


@pytest.mark.parametrize("kind", ["fifo", "device", "wrong hash"])
def test_hostile_inputs_end_in_a_reason(kind: str, tmp_path: Path, face_clip: Path, bundle: Path):
    model, path = bundle, tmp_path / "x.mp4"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        path = face_clip
        model = make_bundle(tmp_path / "bundle", sha256="0" * 64)
    assert main(["scan", str(path), "--out", str(tmp_path / "out"), "--model", str(model)]) == 1
    (clip,) = json.loads((tmp_path / "out" / "summary.json").read_text())["clips"]
    assert clip["status"] == "failed"
    assert clip["reason"]


def test_kill_minus_9_in_mid_analysis_goes_on_from_the_last_batch(face_clip: Path, bundle: Path, tmp_path: Path):
    command = [
        sys.executable,
        "-m",
        "inspector",
        "scan",
        str(face_clip),
        "--out",
        str(tmp_path),
        "--model",
        str(bundle),
    ]
    scanning = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline, kept = time.monotonic() + 120, 0
    while not kept and time.monotonic() < deadline and scanning.poll() is None:
        time.sleep(0.02)
        for case_path in tmp_path.glob(f"{face_clip.stem}-*/case.inspector"):
            if not case_path.stat().st_size:
                continue
            with CaseFile.open(case_path) as case:
                kept = len(list(case.read(1).frames()))
    scanning.send_signal(signal.SIGKILL)  # its engine ends by itself, since its stdin closes
    scanning.wait()
    assert kept
    assert main([*command[3:]]) == 0
    with CaseFile.open(folder_of(tmp_path) / "case.inspector") as case:
        assert case.newest_id() == 1, "the same analysis went on"
        analysis = case.read(1).result()
        assert analysis is not None
        assert len(list(case.read(1).frames())) == analysis.summary.frames_analysed > kept


def test_a_terminal_that_lacks_the_letters_of_a_name_gets_sentences(tmp_path: Path):
    path = tmp_path / "采访… ☃.mp4"
    path.touch()
    command = [sys.executable, "-m", "inspector", "scan", str(path), "--out", str(tmp_path / "out")]
    environment = {**os.environ, "PYTHONIOENCODING": "iso-8859-1"}
    for extra in ([], ["--json"]):
        done = subprocess.run([*command, *extra], env=environment, capture_output=True, check=False)
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        assert b"is empty (0 bytes)" in done.stderr
    (clip,) = json.loads(done.stdout)["clips"]
    assert clip["path"] == str(path), "JSON is UTF-8 in every locale"


def test_models_lists_cards_and_help_names_the_exit_codes(capsys: pytest.CaptureFixture[str]):
    assert main(["models", "--json"]) == 0
    assert isinstance(json.loads(capsys.readouterr().out), list)
    assert main(["models"]) == 0
    table = capsys.readouterr().out
    assert "undecided" in table
    assert "unmanipulated, " in table, "no heading is shortened at 80 columns"
    assert main(["scan", "--help"]) == 0
    assert "exit codes" in capsys.readouterr().out
