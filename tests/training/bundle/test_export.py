"""What a card states about its run."""

from pathlib import Path
from typing import Any

import pytest

from training.bundle.export import _bands
from training.fit import checkpoint
from training.fit.checkpoint import begin_run, commit_of
from training.recipe import Recipe


def test_a_run_records_the_commit_of_its_start(tiny: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    run = tmp_path / "run"
    assert commit_of(run) == ""
    monkeypatch.setattr(checkpoint, "_commit", lambda: "a" * 40)
    begin_run(tiny, run)
    (run / "last.safetensors").touch()
    monkeypatch.setattr(checkpoint, "_commit", lambda: "b" * 40)
    begin_run(tiny, run)
    assert commit_of(run) == "a" * 40, "resuming does not change where it began"


def test_the_commit_is_unknown_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checkpoint.shutil, "which", lambda _: None)
    assert checkpoint._commit() == ""


def test_bands_hold_nine_in_ten_crops_and_only_what_every_row_has():
    rows: list[Any] = [
        {"face_px": 100.0 + n, "sharpness": 2.0 * n, "yaw": float(n - 50), "pitch": None} for n in range(101)
    ]
    bands = {band.name.split(" of nine")[0]: (band.minimum, band.maximum, band.unit) for band in _bands(rows)}
    assert bands["face size"] == (105.0, 195.0, "px")
    assert bands["yaw"] == (-45.0, 45.0, "degrees")
    assert "pitch" not in bands
