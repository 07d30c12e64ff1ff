"""Preparing on a Dask cluster of two workers, as its users start one, and the effects and messages of its failures."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.domain.errors import TrainingError
from tests.dask_cluster import Cluster
from training.prepare.clip import Cause, Job, Outcome, ReportLimit
from training.prepare.cluster import run_on_cluster
from training.prepare.index import load_index
from training.prepare.prepare import prepare
from training.recipe import PrepareOptions
from training.sources import Sample

pytestmark = [
    # Dask's own sockets and loops warn when a peer is killed; what is tested is that we go on.
    pytest.mark.filterwarnings("ignore"),
]
OPTIONS = PrepareOptions(frames=6, held_out_frames=6, largest=120, held_out=0.0, seed=1)


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    with made.processes:
        yield made


def clips(face_clip: Path, folder: Path, count: int) -> list[Sample]:
    paths = [Path(shutil.copy(face_clip, folder / f"{i}.mp4")) for i in range(count)]
    return [Sample(path, "clip", False, "", path.stem, "", "", "", "") for path in paths]


def after_first_part(folder: Path, act: Callable[[], None]) -> threading.Thread:
    def wait_and_act() -> None:
        while not list((folder / "parts").glob("*.safetensors")):
            time.sleep(0.005)
        act()

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    return thread


def test_one_of_two_workers_killed_in_mid_run_loses_nothing(cluster, face_clip, tmp_path):
    workers = [cluster.worker(), cluster.worker()]
    samples = clips(face_clip, tmp_path, 12)
    done_before: list[int] = []

    def kill() -> None:
        done_before.append(len(list((tmp_path / "out/parts").glob("*.safetensors"))))
        os.kill(workers[0].pid, signal.SIGKILL)

    killer = after_first_part(tmp_path / "out", kill)
    prepare(samples, tmp_path / "out", OPTIONS, lambda _: None, cluster=cluster.address)
    killer.join()
    assert done_before[0] < len(samples)
    assert workers[0].poll() == -signal.SIGKILL
    assert workers[1].poll() is None
    assert {row["path"] for row in load_index(tmp_path / "out")} == {str(one.path) for one in samples}
    assert len((tmp_path / "out/rejected.csv").read_text().splitlines()) == 1


def poisoned(job: Job, report_limit: ReportLimit) -> Outcome:
    """Kill the Dask worker itself, as the kernel does when memory runs out."""
    if job.sample.path.name == "3.mp4":
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(20)
    return Outcome(1)


def test_a_clip_that_kills_workers_is_given_up_alone(tmp_path, face_clip, monkeypatch):
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    made = Cluster(tmp_path)
    with made.processes:
        workers = [made.worker(), made.worker()]
        jobs = [Job(one, "", False, tmp_path, one.path, OPTIONS) for one in clips(face_clip, tmp_path, 8)]
        outcomes = {job.sample.path.name: outcome for job, outcome in run_on_cluster(jobs, poisoned, made.address)}
        assert sorted(worker.poll() is None for worker in workers) == [False, True]
    assert {name for name, outcome in outcomes.items() if outcome.crops} == {f"{i}.mp4" for i in range(8)} - {"3.mp4"}
    assert outcomes["3.mp4"].cause is Cause.MACHINE
    assert "KilledWorker" in outcomes["3.mp4"].reason


def hostile(job: Job, report_limit: ReportLimit) -> Outcome:
    """Crash on one clip and hang on another, in C and without releasing Python's lock."""
    if job.sample.path.name == "1.mp4":
        os.kill(os.getpid(), signal.SIGSEGV)
    if job.sample.path.name == "2.mp4":
        re.match("(a+)+b", "a" * 60)
    return Outcome(os.getpid())


@pytest.mark.parametrize("nanny", ["--nanny", "--no-nanny"])
def test_clips_that_crash_or_hang_the_decoder_cost_no_worker(nanny, cluster, face_clip, tmp_path):
    worker = cluster.worker(nanny)
    jobs = [Job(one, "", False, tmp_path, one.path, OPTIONS) for one in clips(face_clip, tmp_path, 6)]
    found = list(run_on_cluster(jobs, hostile, cluster.address, limit=2))
    outcomes = {job.sample.path.name: outcome for job, outcome in found}
    assert worker.poll() is None
    assert {name for name, outcome in outcomes.items() if outcome.crops} == {"0.mp4", "3.mp4", "4.mp4", "5.mp4"}
    assert "two worker processes in turn died on it; the last was ended by SIGSEGV" in outcomes["1.mp4"].reason
    assert "took longer than 2 s and was stopped" in outcomes["2.mp4"].reason
    assert {outcomes[name].cause for name in ("1.mp4", "2.mp4")} == {Cause.MACHINE}
    # The process is kept from clip to clip: loading what finds faces takes longer than most stills.
    assert len({outcomes[f"{i}.mp4"].crops for i in (3, 4, 5)}) == 1


def never(job: Job, report_limit: ReportLimit) -> Outcome:
    raise AssertionError("there is nobody to do it")


def test_a_scheduler_without_workers_is_reported(cluster, face_clip, tmp_path):
    one = clips(face_clip, tmp_path, 1)[0]
    job = Job(one, "", False, tmp_path, tmp_path / "part", OPTIONS)
    with pytest.raises(TrainingError, match=r"has no worker left; start some .* finished work is kept"):
        list(run_on_cluster([job], never, cluster.address, alone_seconds=1))


def test_a_scheduler_that_goes_away_is_reported_and_finished_parts_stay(cluster, face_clip, tmp_path):
    cluster.worker()
    samples = clips(face_clip, tmp_path, 12)
    killer = after_first_part(tmp_path / "out", cluster.scheduler.kill)
    with pytest.raises(TrainingError, match=r"Dask scheduler at .* was lost"):
        prepare(samples, tmp_path / "out", OPTIONS, lambda _: None, cluster=cluster.address)
    killer.join()
    assert list((tmp_path / "out/parts").glob("*.safetensors"))


def test_nobody_at_the_address_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("inspector.engine.process.cluster._ANSWER_SECONDS", 1.0)
    for address in ("tcp://127.0.0.1:9", "nonsense://", "not an address"):
        with pytest.raises(TrainingError, match="No Dask scheduler answers at"):
            list(run_on_cluster([], never, address))


def test_without_dask_the_message_names_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(TrainingError, match=r"pip install 'deepfake-inspector\[cluster\]'"):
        list(run_on_cluster([], never, "tcp://127.0.0.1:9"))
