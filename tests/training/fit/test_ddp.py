"""Two processes reach the weights of one process with the same batches."""

import csv
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import torch
from safetensors.torch import load_file

from inspector.domain.errors import TrainingError
from training.fit.checkpoint import steps_done
from training.fit.loop import fit
from training.recipe import Recipe

ROOT = Path(__file__).resolve().parents[3]
# Gradients are summed in another order, which float32 rounds otherwise; the largest difference measured here is 1.5e-7.
TOLERANCE = 1e-5
ENVIRONMENT = {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


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


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Writes the tables that a test changes; the rest is the default recipe's."""
    tables = msgspec.to_builtins(recipe)
    lines = [f"base = {json.dumps(str(ROOT / 'training/recipes/default.toml'))}"]
    lines += [f"{name} = {toml(tables[name])}" for name in ("prepare", "network", "forge", "batch", "fit")]
    path.write_text("\n".join(lines))


def torchrun(recipe: Recipe, run: Path) -> tuple[list[int], str, str]:
    """`fit` in two torchruns that meet over a network, as those of a cluster do; returns the same as `Ranks.fit`."""
    path = run.with_suffix(".toml")
    write_recipe(recipe, path)
    meeting = ["--nnodes", "2", "--nproc-per-node", "1", "--master-addr", "127.0.0.1", "--master-port", free_port()]
    agents = [
        subprocess.Popen(
            [sys.executable, "-m", "torch.distributed.run", *meeting, "--node-rank", str(number),
             "-m", "training", "fit", str(path), "--folder", str(run)],
            cwd=ROOT,
            env=os.environ | ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]  # fmt: skip
    try:
        messages = [agent.communicate(timeout=240) for agent in agents]
    finally:
        for agent in agents:
            agent.kill()
    out, errors = ("".join(texts) for texts in zip(*messages, strict=True))
    return [agent.returncode for agent in agents], out, errors


_FORKS = """
import json, os, sys, traceback
from pathlib import Path
import training.fit.train
from training.__main__ import main
for line in sys.stdin:
    task = json.loads(line)
    ranks = []
    for rank in range(2):
        if child := os.fork():
            ranks.append(child)
            continue
        code = -1
        try:
            os.environ.update(task["environment"], RANK=str(rank), LOCAL_RANK=str(rank))
            for descriptor, name in (1, "out"), (2, "err"):
                os.dup2(os.open(f"{task['run']}.{name}", os.O_CREAT | os.O_WRONLY | os.O_APPEND), descriptor)
            exec(task["before"], {"rank": rank, "Path": Path})
            code = main(task["arguments"])
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in ranks]), flush=True)
"""


class Ranks:
    """Runs `fit` in two processes as torchrun does, which however ends the others with the first that fails.

    They are forks of one process, which imports training once for all the tests that need no torchrun.
    """

    def __init__(self) -> None:
        self.parent = subprocess.Popen(
            [sys.executable, "-c", _FORKS],
            cwd=ROOT,
            env=os.environ | ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def fit(self, recipe: Recipe, run: Path, before: str) -> tuple[list[int], str, str]:
        """The two exit codes, stdout and stderr; `before` is Python that each runs first, `rank` being its number."""
        write_recipe(recipe, run.with_suffix(".toml"))
        sizes = {"WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "GROUP_RANK": "0", "TORCHELASTIC_RUN_ID": "test"}
        task = {
            "run": str(run),
            "environment": sizes | {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port()},
            "before": before,
            "arguments": ["fit", str(run.with_suffix(".toml")), "--folder", str(run)],
        }
        assert self.parent.stdin
        assert self.parent.stdout
        print(json.dumps(task), file=self.parent.stdin, flush=True)
        codes = json.loads(self.parent.stdout.readline())
        return codes, Path(f"{run}.out").read_text(), Path(f"{run}.err").read_text()

    def end(self) -> None:
        """Ends all processes."""
        os.killpg(self.parent.pid, signal.SIGKILL)
        self.parent.communicate()


@pytest.fixture(scope="module")
def ranks() -> Iterator[Ranks]:
    """Two processes for each call of `fit`."""
    started = Ranks()
    yield started
    started.end()


def free_port() -> str:
    """An unused port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize(
    ("architecture", "layer", "started"),
    [("test_convnext", "body.stages.3", "as forks"), ("test_efficientnet", "body.blocks.3", "by torchrun")],
)
def test_two_processes_learn_what_one_does_from_the_doubled_batch(
    steady: Recipe, tmp_path: Path, ranks: Ranks, architecture: str, layer: str, started: str
) -> None:
    """The second network's norms have running statistics, the first one's do not."""
    network = msgspec.structs.replace(steady.network, architecture=architecture, target_layer=layer)
    steady = msgspec.structs.replace(steady, network=network)
    one, two = tmp_path / "one", tmp_path / "two"
    codes, out, errors = torchrun(steady, two) if started == "by torchrun" else ranks.fit(steady, two, "")
    assert codes == [0, 0], errors[-3000:]
    assert out.count("2 processes on cpu") == 1, "only the first speaks"
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
def test_no_process_begins_when_one_cannot_and_all_log_the_reason(
    steady: Recipe, tmp_path: Path, ranks: Ranks, rank: int
) -> None:
    """As on a machine that does not see the prepared folder."""
    codes, _, errors = ranks.fit(steady, tmp_path / "run", _AWAY.format(rank=rank))
    assert codes == [1, 1], errors
    assert_both_logged(errors, "away/index.parquet is missing; run `python -m training prepare RECIPE` first.")
    assert not (tmp_path / "run/last.safetensors").exists()


def test_a_loss_that_is_no_number_in_one_process_ends_both(steady: Recipe, tmp_path: Path, ranks: Ranks) -> None:
    spoilt = """
if rank == 1:
    import training.fit.learn
    loss = training.fit.learn.binary_cross_entropy_with_logits
    training.fit.learn.binary_cross_entropy_with_logits = lambda *a, **k: loss(*a, **k) * float("nan")
"""
    codes, _, errors = ranks.fit(steady, tmp_path / "run", spoilt)
    assert codes == [1, 1], errors
    assert_both_logged(errors, "The loss is nan and the gradients' norm nan at step 1, so training stops;")


def assert_both_logged(errors: str, sentence: str) -> None:
    """Each process wrote the sentence, and no traceback."""
    assert errors.count(sentence) == 2, errors
    assert "[rank" not in errors
    assert "Traceback" not in errors


def test_a_signal_to_one_process_ends_both_with_a_checkpoint(steady: Recipe, tmp_path: Path, ranks: Ranks) -> None:
    interrupted = """
import signal
from training.fit import loop
known = loop.set_rate
def rated(*given):
    if rank == 1: signal.raise_signal(signal.SIGTERM)
    known(*given)
loop.set_rate = rated
"""
    codes, out, errors = ranks.fit(steady, tmp_path / "run", interrupted)
    assert codes == [128 + signal.SIGTERM] * 2, errors
    assert out.count("interrupted at step 1, which is saved") == 1, "only the first speaks"
    assert steps_done(tmp_path / "run/last.safetensors") == 1
