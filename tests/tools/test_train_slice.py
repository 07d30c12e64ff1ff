"""The order and the times of a slice of training, with a stand-in for Python that notes what it is asked to do."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools/train_slice.sh"
STAND_IN = """#!/bin/bash
if [ "$1" = -c ]; then printf 'full\\nfold-0\\nfold-1\\n'; exit; fi
echo "${@:3}" >> "$CALLS"
if [ "$3" = fit ]; then
  while [ "$1" != --folder ]; do shift; done
  mkdir -p "$2"; echo weights > "$2/final.safetensors"
  if [ -n "$STOPS" ]; then echo "stopped after 1 minutes; run the same command again to continue"; fi
  echo "a warning of Python, at its end"
fi
if [ "$3" = features ]; then
  echo row > "$6/held_out_tracks.csv"
  head -c 100000 /dev/zero > "$6/features.safetensors"
fi
"""

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


@pytest.fixture
def slice_of(tmp_path: Path):
    """Runs the script; returns the calls of this run, without the times of `fit`."""
    python = tmp_path / "python"
    python.write_text(STAND_IN)
    python.chmod(0o755)

    def run(seconds: int, *stem: str, stops: str = "") -> list[str]:
        calls = tmp_path / "calls"
        calls.unlink(missing_ok=True)
        environment = os.environ | {"PYTHON": str(python), "CALLS": str(calls), "STOPS": stops, "WORKERS": "3"}
        command = ["bash", str(SCRIPT), "r.toml", "pack", "run", "out", "4", "1", str(seconds), *stem]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
        return calls.read_text().splitlines()

    return run


def minutes_of(call: str) -> float:
    words = call.split()
    return float(words[words.index("--minutes") + 1])


def test_the_stem_the_folds_and_the_network_that_ships_then_features_and_the_archive(slice_of, tmp_path: Path) -> None:
    calls = slice_of(500, "stem.toml", "1")
    assert [call.split()[0] for call in calls] == ["unpack", "autoencoders", "fit", "fit", "fit", "features"]
    stem, folds, full = calls[2:5]
    assert stem.startswith("fit stem.toml --folder run/stem --total 1 ")
    assert stem.endswith("--workers 3 --only full")
    assert folds.endswith("--only fold-0 fold-1 --start run/start/{fold}.safetensors")
    assert full.endswith("--only full --start run/start/{fold}.safetensors")
    assert minutes_of(folds) == pytest.approx((500 - 110) / 60 - 1, abs=0.1), "a minute is left for the one that ships"
    assert minutes_of(full) == pytest.approx((500 - 110) / 60, abs=0.1)
    assert {path.name for path in (tmp_path / "run/start").iterdir()} == {
        f"{n}.safetensors" for n in ("full", "fold-0", "fold-1")
    }
    with tarfile.open(tmp_path / "out/run.tar.aa") as archive:
        assert {"./final.safetensors", "./held_out_tracks.csv", "./slice.log"} <= set(archive.getnames())
        assert archive.getnames()[-1] == "./features.safetensors", "the largest last: only so much comes back"


def test_another_slice_goes_on_with_what_is_not_done(slice_of) -> None:
    slice_of(500, stops="yes")
    again = slice_of(500)
    assert [call.split()[0] for call in again] == ["autoencoders", "fit", "fit", "features"], "unpacked once"
    last = slice_of(500)
    assert [call.split()[0] for call in last] == ["autoencoders", "features"], "trained to the end"


def test_no_training_begins_that_the_slice_has_no_time_for(slice_of) -> None:
    assert [call.split()[0] for call in slice_of(100)] == ["unpack", "autoencoders"]
    calls = slice_of(160)
    assert [call.split()[0] for call in calls] == ["autoencoders", "fit", "features"]
    assert "--only full" in calls[1], "the folds would leave nothing for it"


def test_the_shipped_network_goes_on_from_earlier_weights_if_there_are_some(slice_of, tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights/full.safetensors").write_text("earlier")
    slice_of(500, "stem.toml", "1")
    start = {path.stem: path.read_text().strip() for path in (tmp_path / "run/start").iterdir()}
    assert start == {"full": "earlier", "fold-0": "weights", "fold-1": "weights"}
