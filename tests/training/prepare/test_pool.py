"""Worker processes that die, hang, raise or never start, and their effect on other jobs."""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest

from inspector.domain.errors import TrainingError
from training.prepare.clip import Cause, Job, Outcome, ReportLimit, fair_seconds
from training.prepare.index import load_index
from training.prepare.pool import SingleProcessPool, run_local
from training.prepare.prepare import prepare
from training.recipe import PrepareOptions
from training.sources import Sample

OPTIONS = PrepareOptions(frames=6, held_out_frames=6, largest=120, held_out=0.0, seed=1)


def jobs(folder: Path, *names: str) -> list[Job]:
    samples = [Sample(folder / name, "clip", False, "", name, "", "", "", "") for name in names]
    return [Job(one, "", False, folder, folder / one.path.name, OPTIONS) for one in samples]


def work(job: Job, report_limit: ReportLimit) -> Outcome:
    """Kill or block its own process as the job's name says, and record each start in a file."""
    name = job.sample.path.name
    with (job.root / f"{name}.begun").open("a") as file:
        file.write("x")
    if name == "kills_always" or (name == "kills_once" and (job.root / f"{name}.begun").stat().st_size == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "raises":
        raise LookupError("a fault of ours")
    if name.startswith("tells"):
        report_limit(float(name.removeprefix("tells")))
        time.sleep(2)
    if name == "hangs":
        re.match("(a+)+b", "a" * 60)  # in C, for years, and never lets go of Python's lock
    return Outcome(os.getpid())


def end_process(code: int) -> None:
    """Unlike os._exit itself, which coverage replaces, this can be pickled."""
    os._exit(code)


class DiesOnArrival:
    """A function that ends the process which unpickles it, like a library that cannot be loaded."""

    def __reduce__(self):
        return end_process, (3,)

    def __call__(self, job: Job, report_limit: ReportLimit) -> Outcome:
        raise AssertionError("never reached")


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


def test_workers_that_cannot_begin_are_reported(tmp_path):
    with pytest.raises(TrainingError, match="cannot begin: each ended with code 3; free memory"):
        list(run_local(jobs(tmp_path, "a", "b"), DiesOnArrival(), 1))


def test_a_clip_that_hangs_costs_only_itself_and_is_not_tried_again_in_this_run(tmp_path):
    names = ("good1", "hangs", "good2", "good3")
    outcomes = {job.sample.path.name: outcome for job, outcome in run_local(jobs(tmp_path, *names), work, 2, limit=1)}
    assert {name for name, outcome in outcomes.items() if outcome.crops} == {"good1", "good2", "good3"}
    reason = "took longer than 1 s and was stopped; allow more with --limit"
    assert outcomes["hangs"] == Outcome(0, Cause.MACHINE, reason)
    assert (tmp_path / "hangs.begun").read_text() == "x"
    assert multiprocessing.active_children() == []


def test_the_limit_that_a_job_reports_counts_unless_one_was_given(tmp_path, monkeypatch):
    outcomes = {j.sample.path.name: o for j, o in run_local(jobs(tmp_path, "tells0.2", "tells60"), work, 1)}
    assert "took longer than 0 s" in outcomes["tells0.2"].reason
    assert outcomes["tells60"].crops
    ((_, outcome),) = run_local(jobs(tmp_path, "tells0.2"), work, 1, limit=60)
    assert outcome.crops


def test_the_time_limit_grows_with_size_and_frames():
    assert fair_seconds(0, 0) == 120
    assert fair_seconds(4_000_000, 300) == 421  # as DFDC's clips are
    assert fair_seconds(10_000_000_000, 90_000) == 120 + 2500 + 90_000


def test_a_process_whose_parent_was_killed_ends_by_itself(tmp_path):
    """Its parent is killed while a job runs; the worker must end."""
    context = multiprocessing.get_context("spawn")
    parent = context.Process(target=run_one, args=(tmp_path,))
    parent.start()
    child = int(wait_for(tmp_path / "pid"))
    os.kill(parent.pid, signal.SIGKILL)  # type: ignore[arg-type]
    parent.join()
    until = time.monotonic() + 20
    while Path(f"/proc/{child}").exists() and "Z" not in Path(f"/proc/{child}/stat").read_text().split(")")[1][:3]:
        assert time.monotonic() < until, "it still runs"
        time.sleep(0.05)


def run_one(folder: Path) -> None:
    list(run_local(jobs(folder, "one"), sleeps, 1))


def sleeps(job: Job, report_limit: ReportLimit) -> Outcome:
    (job.root / "half").write_text(str(os.getpid()))
    (job.root / "half").rename(job.root / "pid")
    time.sleep(100)
    return Outcome(1)


def wait_for(path: Path) -> str:
    until = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    return path.read_text()


def test_the_process_of_a_single_process_pool_stays_until_a_job_hangs_and_is_then_replaced(tmp_path):
    pool = SingleProcessPool(work, 2.0)
    first, second, hung, fourth = (pool(job) for job in jobs(tmp_path, "good1", "good2", "hangs", "good3"))
    assert first.crops == second.crops != fourth.crops != 0  # the numbers of their processes
    assert "took longer than 2 s" in hung.reason
    del pool
    assert multiprocessing.active_children() == []


def test_closing_early_leaves_no_process(tmp_path):
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


def test_a_clip_over_the_limit_is_in_rejected_csv_and_is_tried_again_by_the_next_run(face_clip, tmp_path):
    samples = [Sample(face_clip, "clip", False, "", "one", "", "", "", "")]
    with pytest.raises(TrainingError, match=r"rejected\.csv lists the reasons"):
        prepare(samples, tmp_path / "out", OPTIONS, lambda _: None, workers=1, limit=0.01)
    assert (
        "took longer than 0 s and was stopped; allow more with --limit,machine"
        in (tmp_path / "out/rejected.csv").read_text()
    )
    prepare(samples, tmp_path / "out", OPTIONS, lambda _: None, workers=1)
    assert len(load_index(tmp_path / "out")) == 6
