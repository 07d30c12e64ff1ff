"""Worker processes that die, raise or never begin: what each costs."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest

from inspector.domain.errors import TrainingError
from training.prepare import PrepareOptions, load_index, prepare
from training.prepare_clip import Cause, Job, Outcome
from training.prepare_pool import run_local
from training.sources import Sample

OPTIONS = PrepareOptions(frames=6, held_out_frames=6, largest=120, held_out=0.0, seed=1)


def jobs(folder: Path, *names: str) -> list[Job]:
    samples = [Sample(folder / name, "clip", False, "", name, "", "", "", "") for name in names]
    return [Job(one, "", False, folder, folder / one.path.name, OPTIONS) for one in samples]


def work(job: Job) -> Outcome:
    """Ends its own process as the job's name says, and leaves a mark each time it begins."""
    name = job.sample.path.name
    with (job.root / f"{name}.begun").open("a") as file:
        file.write("x")
    if name == "kills_always" or (name == "kills_once" and (job.root / f"{name}.begun").stat().st_size == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "raises":
        raise LookupError("a fault of ours")
    return Outcome(1)


def ends_at_once(job: Job) -> Outcome:
    raise AssertionError("never reached")


class DiesOnArrival:
    """A piece of work that ends the process which unpacks it, as a library that cannot be loaded does."""

    def __reduce__(self):
        return os._exit, (3,)

    def __call__(self, job: Job) -> Outcome:
        return ends_at_once(job)


def test_a_worker_that_dies_costs_at_most_its_own_job(tmp_path):
    names = ("kills_once", "good1", "kills_always", "good2", "raises", "good3")
    outcomes = {job.sample.path.name: outcome for job, outcome in run_local(jobs(tmp_path, *names), work, 2)}
    assert set(outcomes) == set(names)
    assert {name for name, outcome in outcomes.items() if outcome.crops} == {"kills_once", "good1", "good2", "good3"}
    killer = outcomes["kills_always"]
    assert (killer.cause, "SIGKILL" in killer.reason) == (Cause.MACHINE, True)
    assert outcomes["raises"] == Outcome(0, Cause.MACHINE, "LookupError: a fault of ours")
    begun = {name: (tmp_path / f"{name}.begun").stat().st_size for name in names}
    assert begun == dict.fromkeys(names, 1) | {"kills_once": 2, "kills_always": 2}
    assert multiprocessing.active_children() == []


def test_workers_that_cannot_begin_are_said_so(tmp_path):
    with pytest.raises(TrainingError, match="cannot begin: each ended with code 3; free memory"):
        list(run_local(jobs(tmp_path, "a", "b"), DiesOnArrival(), 1))


def test_stopping_in_the_middle_leaves_no_process(tmp_path):
    outcomes = run_local(jobs(tmp_path, "a", "b", "c"), work, 1)
    next(outcomes)
    outcomes.close()
    assert multiprocessing.active_children() == []


def test_one_of_two_workers_killed_in_mid_run_loses_nothing(face_clip, tmp_path):
    paths = [Path(shutil.copy(face_clip, tmp_path / f"{i}.mp4")) for i in range(8)]
    killed: list[int] = []

    def kill_one() -> None:
        parts = tmp_path / "out/parts"
        while not list(parts.glob("*.safetensors")):
            time.sleep(0.005)
        victim = multiprocessing.active_children()[0]
        assert victim.pid is not None
        killed.append(len(list(parts.glob("*.safetensors"))))
        os.kill(victim.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    samples = [Sample(path, "clip", False, "", path.stem, "", "", "", "") for path in paths]
    prepare(samples, tmp_path / "out", OPTIONS, lambda _: None, workers=2)
    killer.join()
    assert killed[0] < 8
    assert {row["path"] for row in load_index(tmp_path / "out")} == {str(path) for path in paths}
    assert len((tmp_path / "out/rejected.csv").read_text().splitlines()) == 1
