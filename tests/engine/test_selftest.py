"""The self-test passes on a sound installation and names what differs on another one."""

import errno
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inspector import selftest_command
from inspector.engine import end_signals, selftest
from inspector.engine.codec import from_json
from inspector.engine.process.client import EngineProcess
from inspector.engine.process.protocol import Answer, Failed
from inspector.engine.resources import resource
from inspector.engine.selftest import EXPECTED, Expectation, run_selftest


@pytest.fixture
def stored() -> Expectation:
    return from_json(resource(EXPECTED).read_bytes(), Expectation)


def failed_checks(monkeypatch: pytest.MonkeyPatch, measured: Expectation) -> dict[str, str]:
    """The details of the failed checks in an installation that measures these results."""
    monkeypatch.setattr(selftest, "measure", lambda _clip: measured)
    return {check.name: check.detail for check in run_selftest() if not check.passed}


def test_this_installation_passes():
    checks = run_selftest()
    assert [check.name for check in checks] == ["bundled clip", "frames", "landmarks", "scores"]
    assert [check for check in checks if not check.passed] == []


def test_the_stored_results_cover_every_check(stored):
    assert len(stored.frames) == 12
    assert all(len(frame.landmarks) == 5 and frame.logit is not None for frame in stored.frames)


def test_small_rounding_differences_pass(monkeypatch, stored):
    frame = stored.frames[0]
    near = replace(frame, landmarks=((frame.landmarks[0][0] + 0.4, frame.landmarks[0][1]), *frame.landmarks[1:]))
    near = replace(near, logit=frame.logit + 0.01)
    assert failed_checks(monkeypatch, replace(stored, frames=(near, *stored.frames[1:]))) == {}


@pytest.mark.parametrize(
    ("name", "change", "detail"),
    [
        ("frames", lambda frame: replace(frame, sha256="0" * 64), "11 of 12 frames are identical"),
        ("frames", lambda frame: replace(frame, pts=frame.pts + 1), "11 of 12 frames are identical"),
        ("landmarks", lambda frame: replace(frame, landmarks=((0.0, 0.0), *frame.landmarks[1:])), "maximum difference"),
        ("landmarks", lambda frame: replace(frame, landmarks=()), "maximum difference inf px"),
        ("scores", lambda frame: replace(frame, logit=frame.logit + 0.5), "maximum difference of logits 0.5000"),
    ],
)
def test_a_different_frame_fails_one_check(monkeypatch, stored, name, change, detail):
    different = replace(stored, frames=(change(stored.frames[0]), *stored.frames[1:]))
    failed = failed_checks(monkeypatch, different)
    assert list(failed) == [name]
    assert detail in failed[name]


def test_missing_frames_fail(monkeypatch, stored):
    assert "frames" in failed_checks(monkeypatch, replace(stored, frames=()))


@pytest.mark.parametrize(("sha256", "detail"), [("", "no model bundle is installed"), ("0" * 64, "another bundle")])
def test_without_the_bundle_of_the_stored_scores_the_model_fails(monkeypatch, stored, sha256, detail):
    failed = failed_checks(monkeypatch, replace(stored, model_sha256=sha256))
    assert list(failed) == ["model"]
    assert detail in failed["model"]


def test_a_missing_clip_is_a_failed_check(monkeypatch, tmp_path):
    monkeypatch.setattr(selftest, "resource", lambda name: tmp_path / name)
    (check,) = run_selftest()
    assert not check.passed
    assert "selftest.json" in check.detail


def test_a_report_is_written_and_a_fault_in_it_is_a_failed_check(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert selftest_command._report().passed
    assert not (tmp_path / "data").exists(), "neither the key is made nor a record of the analysis"
    monkeypatch.setattr("inspector.engine.resources.resource", lambda _: Path(__file__))
    found = selftest_command._report()
    assert (found.passed, "holds text, not a clip" in found.detail) == (False, True)


def test_a_signal_ends_it_as_it_ends_other_commands(monkeypatch):
    """The check of the report failed, for an interrupted scan, and the command went on."""

    def interrupted(*_request: object) -> Iterator[Answer]:
        signal.raise_signal(signal.SIGTERM)
        yield Failed(1, "went on")

    monkeypatch.setattr(EngineProcess, "ask", interrupted)
    with pytest.raises(end_signals.Ended), end_signals.raised():
        selftest_command._report()


def test_without_a_place_for_temporary_files_the_report_is_a_failed_check(monkeypatch):
    def full(**_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    found = selftest_command._report()
    assert (found.passed, "No space left" in found.detail) == (False, True)
