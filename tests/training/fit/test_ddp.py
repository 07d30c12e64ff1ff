"""Two processes of torchrun reach the weights of one process with the same batches."""

import csv
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import torch
from safetensors.torch import load_file

from inspector.domain.errors import TrainingError
from training.fit.loop import fit
from training.recipe import Recipe

ROOT = Path(__file__).resolve().parents[3]
# Gradients are summed in another order, which float32 rounds otherwise; the largest difference measured here is 1.5e-7.
TOLERANCE = 1e-5


def toml(value: object) -> str:
    """A value as TOML, which is like JSON except for tables."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {toml(v)}" for k, v in value.items() if v is not None) + " }"
    return json.dumps(value)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """One thread, as torchrun's processes have here: more threads sum in another order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def steady(tiny: Recipe) -> Recipe:
    """A recipe with an optimiser that does not amplify rounding."""
    fields = {"batches_per_step": 2, "optimiser": "sgd", "momentum": 0.9, "learning_rate": 0.05}
    small = {"check_batches": 1, "check_frames": 1, "check_files": 1, "ema": 0.5}
    return msgspec.structs.replace(
        tiny,
        network=msgspec.structs.replace(tiny.network, architecture="test_convnext", target_layer="body.stages.3"),
        forge=msgspec.structs.replace(tiny.forge, kinds={"self_blend": 1.0}),
        fit=msgspec.structs.replace(tiny.fit, **fields, **small),
    )


_SCRIPT = """
import os, sys, time
from pathlib import Path
rank = int(os.environ["RANK"])
from training.__main__ import main
BEFORE
code = main()
Path(__file__).with_suffix(f".{rank}").write_text(f"{code}")
until = time.monotonic() + 60
while WAITS and code and len(list(Path(__file__).parent.glob(Path(__file__).stem + ".[01]"))) < 2:
    if time.monotonic() > until:
        sys.exit("the other did not return")
    time.sleep(0.05)
sys.exit(code)
"""


def torchrun(
    recipe: Recipe, run: Path, machines: int = 1, before: str = "", waits: bool = True
) -> subprocess.CompletedProcess[str]:
    """Runs `fit` in two processes; `before` is Python that each runs first, `rank` being its number.

    When it fails they wait for each other before they end, unless told not to: torchrun ends the others with the first.
    Two machines are two torchruns that meet over this one's network, as those of a cluster do.
    """
    tables = msgspec.to_builtins(recipe)
    lines = [f"base = {json.dumps(str(ROOT / 'training/recipes/default.toml'))}"]
    lines += [f"{name} = {toml(tables[name])}" for name in ("prepare", "network", "forge", "batch", "fit")]
    path = run.with_suffix(".toml")
    path.write_text("\n".join(lines))
    script = run.with_suffix(".py")
    script.write_text(_SCRIPT.replace("BEFORE", before).replace("WAITS", str(waits)))
    meeting = ["--nnodes", str(machines), "--master-addr", "127.0.0.1", "--master-port", str(free_port())]
    here = ["--standalone"] if machines == 1 else meeting
    agents = [
        subprocess.Popen(
            [sys.executable, "-m", "torch.distributed.run", *here, "--node-rank", str(number), "--nproc-per-node",
             str(2 // machines), str(script), "fit", str(path), "--folder", str(run)],
            cwd=ROOT,
            env=os.environ | {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(machines)
    ]  # fmt: skip
    try:
        messages = [agent.communicate(timeout=240) for agent in agents]
    finally:
        for agent in agents:
            agent.kill()
    out, errors = ("".join(texts) for texts in zip(*messages, strict=True))
    return subprocess.CompletedProcess(agents[0].args, max(a.returncode for a in agents), out, errors)


def free_port() -> int:
    """An unused port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize(
    ("architecture", "layer", "machines"),
    [
        ("test_convnext", "body.stages.3", 1),
        ("test_efficientnet", "body.blocks.3", 2),
    ],
)
def test_two_processes_learn_what_one_does_from_the_doubled_batch(
    steady: Recipe, tmp_path: Path, architecture: str, layer: str, machines: int
) -> None:
    """The second network's norms have running statistics, the first one's do not."""
    network = msgspec.structs.replace(steady.network, architecture=architecture, target_layer=layer)
    steady = msgspec.structs.replace(steady, network=network)
    one, two = tmp_path / "one", tmp_path / "two"
    ran = torchrun(steady, two, machines)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert ran.stdout.count("2 processes on cpu") == 1, "only the first speaks"
    fit(steady, one, lambda _: None)
    mine, theirs = (load_file(run / "last.safetensors") for run in (one, two))
    assert mine.keys() == theirs.keys()
    for name, value in mine.items():
        torch.testing.assert_close(theirs[name], value, atol=TOLERANCE, rtol=0, msg=name)
    head = next(v for name, v in mine.items() if name.startswith("network.") and v.ndim == 2 and len(v) == 1)
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


_AWAY = """
if rank == {rank}:
    import training.fit.loop
    from training.prepare.index import load_index
    training.fit.loop.load_index = lambda folder: load_index(Path("away"))
"""


@pytest.mark.parametrize("rank", [0, 1])
def test_no_process_begins_when_one_cannot_and_all_log_the_reason(steady: Recipe, tmp_path: Path, rank: int) -> None:
    """As on a machine that does not see the prepared folder."""
    ran = torchrun(steady, tmp_path / "run", before=_AWAY.format(rank=rank))
    assert_both_logged(ran, tmp_path, "away/index.parquet is missing; run `python -m training prepare RECIPE` first.")
    assert not (tmp_path / "run/last.safetensors").exists()


def test_a_loss_that_is_no_number_in_one_process_ends_both(steady: Recipe, tmp_path: Path) -> None:
    spoilt = """
if rank == 1:
    import training.fit.learn
    loss = training.fit.learn.binary_cross_entropy_with_logits
    training.fit.learn.binary_cross_entropy_with_logits = lambda *a, **k: loss(*a, **k) * float("nan")
"""
    ran = torchrun(steady, tmp_path / "run", before=spoilt)
    assert_both_logged(ran, tmp_path, "The loss is nan and the gradients' norm nan at step 1, so training stops;")


def assert_both_logged(ran: subprocess.CompletedProcess[str], folder: Path, sentence: str) -> None:
    """Each process returned by itself, and the output is the message and torchrun's report only."""
    assert [(folder / f"run.{rank}").read_text() for rank in (0, 1)] == ["1", "1"], ran.stderr[-3000:]
    assert ran.returncode == 1
    assert ran.stderr.count(sentence) == 2
    assert "[rank" not in ran.stderr, "a traceback"


def test_one_whose_recipe_is_refused_does_not_leave_the_other_waiting(steady: Recipe, tmp_path: Path) -> None:
    """It ends before they connect; torchrun then ends the waiting one."""
    ran = torchrun(steady, tmp_path / "run", before="if rank == 1: sys.argv[2] = 'away.toml'", waits=False)
    assert ran.returncode == 1
    assert "away.toml cannot be read (No such file or directory); name a recipe file." in ran.stderr
    assert (tmp_path / "run.1").read_text() == "1"
    assert not (tmp_path / "run/last.safetensors").exists()
    assert time.time() - (tmp_path / "run.1").stat().st_mtime < 60
