"""Two processes that torchrun starts learn what one process learns from the same batches."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import torch
from safetensors.torch import load_file

from inspector.domain.errors import TrainingError
from training.fit import fit
from training.recipe import Recipe

ROOT = Path(__file__).resolve().parents[2]
# Gradients are summed in another order, which float32 rounds otherwise; the largest difference measured here is 1.5e-7.
TOLERANCE = 1e-5


def toml(value: object) -> str:
    """A value in TOML's words, which are JSON's but for tables."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {toml(v)}" for k, v in value.items() if v is not None) + " }"
    return json.dumps(value)


@pytest.fixture
def steady(tiny: Recipe) -> Recipe:
    """A recipe whose norms keep no statistics, and whose optimiser does not blow rounding up."""
    fields = {"batches_per_step": 2, "optimiser": "sgd", "momentum": 0.9, "learning_rate": 0.05}
    small = {"check_batches": 1, "check_frames": 1, "check_files": 1, "ema": 0.5}
    return msgspec.structs.replace(
        tiny,
        network=msgspec.structs.replace(tiny.network, architecture="test_convnext"),
        forge=msgspec.structs.replace(tiny.forge, kinds={"self_blend": 1.0}),
        fit=msgspec.structs.replace(tiny.fit, **fields, **small),
    )


def torchrun(recipe: Recipe, run: Path, processes: int) -> subprocess.CompletedProcess[str]:
    tables = msgspec.to_builtins(recipe)
    lines = [f"base = {json.dumps(str(ROOT / 'training/recipes/default.toml'))}"]
    lines += [f"{name} = {toml(tables[name])}" for name in ("prepare", "network", "forge", "batch", "fit")]
    path = run.with_suffix(".toml")
    path.write_text("\n".join(lines))
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    return subprocess.run(
        [*command, "-m", "training", "fit", str(path), "--folder", str(run)],
        cwd=ROOT,
        env=os.environ | {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_two_processes_learn_what_one_does_from_the_doubled_batch(steady: Recipe, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    ran = torchrun(steady, two, 2)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert ran.stdout.count("2 processes on cpu") == 1, "only the first speaks"
    fit(steady, one, lambda _: None)
    mine, theirs = (load_file(run / "last.safetensors") for run in (one, two))
    assert mine.keys() == theirs.keys()
    for name, value in mine.items():
        torch.testing.assert_close(theirs[name], value, atol=TOLERANCE, rtol=0, msg=name)
    head = mine["network.body.head.fc.weight"]
    assert float(head.abs().max()) > 100 * TOLERANCE, "it began at zero and learnt"
    single, double = (list(csv.DictReader((run / "metrics.csv").read_text().splitlines())) for run in (one, two))
    assert [row["step"] for row in single] == [row["step"] for row in double] == ["4"]
    for name in ("training loss", "training accuracy", "log loss"):
        assert float(double[0][name]) == pytest.approx(float(single[0][name]), abs=TOLERANCE)


def test_a_number_of_processes_that_cannot_share_a_step_is_refused_before_they_meet(
    steady: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = msgspec.structs.replace(steady, fit=msgspec.structs.replace(steady.fit, batches_per_step=3))
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(TrainingError, match="batches_per_step is 3, which 2 processes cannot share evenly"):
        fit(odd, tmp_path / "odd", lambda _: None)
