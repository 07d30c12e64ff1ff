"""A scan on a Dask cluster of two workers: the folders and the summary of a scan here, and what a dead worker costs."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from inspector import cli
from inspector.domain.case import CaseInfo
from inspector.domain.errors import ClusterError
from inspector.domain.settings import Settings
from inspector.engine.codec import to_json
from inspector.engine.process import cluster, cluster_scan
from inspector.engine.process import scan as scanning
from inspector.engine.process.clip_scan import DISK_FULL, ENDS_HERE, INTERRUPTED, Stop
from inspector.engine.process.cluster_scan import RemoteScan
from inspector.engine.process.scan import scan
from inspector.engine.process.scanned import KEPT, ScannedClip, ScanSummary
from tests.dask_cluster import Cluster
from tests.engine.process.test_scan_folders import Engine, Silent, clip_at

# Dask's own sockets and loops warn when a peer is killed; what is tested is that we go on.
pytestmark = pytest.mark.filterwarnings("ignore")

NAMES = ("a", "b", "c", "d", "poison")


@dataclass(frozen=True, slots=True)
class Remote(RemoteScan):
    """The remote scan with the engine of the tests; one clip kills its worker, as long as its marker is there."""

    def __call__(self, paths: list[Path]) -> bytes:
        cluster_scan.EngineProcess = Engine  # type: ignore[misc, assignment]
        marker = self.out.parent / "deadly"
        if paths[0].stem == "poison" and marker.exists():
            marker.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return RemoteScan.__call__(self, paths)


@pytest.fixture
def clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Five clips of different sizes, a copy of one, and no clip."""
    monkeypatch.setattr(scanning, "RemoteScan", Remote)
    monkeypatch.setattr(scanning, "EngineProcess", Engine)
    monkeypatch.setattr(scanning, "_model", lambda _settings: ("m", "made up 1"))
    made = [clip_at(tmp_path / "in" / f"{name}.mp4", b"x" * n) for n, name in enumerate(NAMES)]
    return [*made, clip_at(tmp_path / "in" / "copy.mp4"), tmp_path / "in" / "gone.mp4"]


def run(clips: list[Path], out: Path, address: str = "") -> ScanSummary:
    return scan(clips, out, Settings(), CaseInfo(), 1, Silent(), cluster=address)


def test_the_outputs_are_those_of_a_scan_here_though_a_worker_dies(clips: list[Path], tmp_path: Path):
    here = run(clips, tmp_path / "here")
    (tmp_path / "deadly").touch()
    made = Cluster(tmp_path)
    with made.processes:
        workers = [made.worker(), made.worker()]
        there = run(clips, tmp_path / "there", made.address)
        assert sorted(worker.poll() is None for worker in workers) == [False, True]
        assert there == here
        assert [clip.status for clip in there.clips] == ["analysed"] * 6 + ["failed"]
        written = [
            {path.relative_to(out) for path in out.rglob("*")} for out in (tmp_path / "here", tmp_path / "there")
        ]
        assert written[0] == written[1]
        assert json.loads((tmp_path / "there/summary.json").read_bytes())["clips"][0]["status"] == "analysed"
        again = run(clips, tmp_path / "there", made.address)
        assert {clip.reason for clip in again.clips[:6]} == {KEPT}


def test_a_clip_that_kills_its_worker_is_named_and_costs_no_other(
    clips: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    (tmp_path / "deadly").touch()
    made = Cluster(tmp_path)
    with made.processes:
        made.worker()
        made.worker()
        found = {Path(clip.path).stem: clip for clip in run(clips, tmp_path / "out", made.address).clips}
    assert {name for name, clip in found.items() if clip.status == "failed"} == {"poison", "gone"}
    assert "lost on the cluster: KilledWorker" in found["poison"].reason
    assert str(clips[4]) in found["poison"].reason


SOUND = ScannedClip("x", "a-0123456789ab", "analysed", "", "a" * 64, "inconclusive", 0.5, 0.05, 60, 9, 9)
LIES: dict[str, object] = {
    "another type": [SOUND],
    "a huge answer": b"[" + b" " * 10_000_000 + b"]",
    "nested": b"[" * 50_000,
    "too many": to_json([SOUND, SOUND]),
    "none": b"[]",
    **{
        name: to_json([replace(SOUND, **change)])  # type: ignore[arg-type]
        for name, change in {
            "a folder above": {"folder": ".."},
            "a path": {"folder": "../../home"},
            "a share": {"folder": "\\\\host\\share"},
            "a folder of the web": {"folder": "//host"},
            "no conclusion of ours": {"conclusion": "authentic"},
            "no share": {"fake_probability": 1.5},
            "no number": {"n_real": -1},
            "no rate": {"false_negative_rate": -0.5},
            "no interval": {"false_positive_interval": (0.0, 2.0)},
            "no second number": {"n_fake": -1},
            "no hash": {"sha256": "<b>"},
            "a long reason": {"reason": "x" * 50_000},
        }.items()
    },
}


@pytest.mark.parametrize("lie", LIES)
def test_what_a_worker_cannot_mean_fails_its_clip_and_no_other(lie: str, monkeypatch: pytest.MonkeyPatch):
    paths, found = [Path("a.mp4"), Path("b.mp4")], {}
    answers = [([paths[0]], LIES[lie]), ([paths[1]], to_json([SOUND]))]
    monkeypatch.setattr(cluster_scan, "on_cluster", lambda *_, **__: iter(answers))
    remote = RemoteScan(Path("/out"), Settings(), CaseInfo(), "", None, "json")
    cluster_scan.scan_on_cluster(paths, remote, "tcp://x", found.__setitem__, Stop(), Silent())
    failed, sound = found[paths[0]], found[paths[1]]
    assert (failed.status, failed.folder, failed.conclusion) == ("failed", "", "")
    assert failed.reason.startswith("a.mp4: a worker's answer cannot be used (")
    assert len(failed.reason) < 500
    assert sound == replace(SOUND, path="b.mp4")


def test_a_full_disk_on_a_worker_ends_the_scan(monkeypatch: pytest.MonkeyPatch):
    full = ScannedClip("x", "", "failed", f"a.mp4: no room. {ENDS_HERE}")
    answers = iter([([Path("a.mp4")], to_json([full])), ([Path("b.mp4")], to_json([SOUND]))])
    monkeypatch.setattr(cluster_scan, "on_cluster", lambda *_, **__: answers)
    remote, found, stop = RemoteScan(Path("/out"), Settings(), CaseInfo(), "", None, "json"), {}, Stop()
    cluster_scan.scan_on_cluster([Path("a.mp4"), Path("b.mp4")], remote, "tcp://x", found.__setitem__, stop, Silent())
    assert list(found) == [Path("a.mp4")]
    assert stop.reason == DISK_FULL


@pytest.mark.parametrize("is_begun", [True, False])
def test_a_cluster_that_is_lost_in_mid_scan_leaves_a_summary_of_what_is_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_begun: bool
):
    def lost(groups: Iterator[list[Path]], *_: object, **__: object) -> Iterator[object]:
        if is_begun:
            yield next(groups), to_json([SOUND])
        raise ClusterError("The Dask scheduler was lost; start it.")

    monkeypatch.setattr(cluster_scan, "on_cluster", lambda groups, *_, **__: lost(iter(groups)))
    given = [clip_at(tmp_path / f"{name}.mp4", name.encode() * n) for n, name in enumerate("ab", 1)]
    arguments = [*map(str, given), "--out", str(tmp_path / "out"), "--cluster", "x", "--report", "none"]
    assert cli.run(["scan", *arguments]) == 1
    assert (tmp_path / "out" / "summary.json").is_file() == is_begun
    if is_begun:
        summary = json.loads((tmp_path / "out" / "summary.json").read_text())
        assert [(clip["status"], "lost" in clip["reason"]) for clip in summary["clips"]] == [
            ("analysed", False),
            ("failed", True),
        ]


@pytest.mark.usefixtures("interruptible")
def test_a_signal_ends_a_scan_on_a_cluster_with_its_summary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def interrupted(*_: object, **__: object) -> Iterator[object]:
        signal.raise_signal(signal.SIGINT)
        yield None

    monkeypatch.setattr(cluster_scan, "on_cluster", interrupted)
    stop = Stop()
    given = [clip_at(tmp_path / "a.mp4")], tmp_path / "out", Settings(), CaseInfo(), 1, Silent()
    made = scan(*given, cluster="x", stop=stop)
    assert [clip.reason for clip in made.clips] == [INTERRUPTED]
    assert stop.number == signal.SIGINT
    assert (tmp_path / "out" / "summary.json").is_file()


def test_keys_and_jobs_stay_here(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    for option in (["--jobs", "2"], ["--seal", "key"]):
        arguments = ["scan", "a.mp4", "--out", str(tmp_path), "--cluster", "tcp://127.0.0.1:9", *option]
        assert cli.run(arguments) == cli.WRONG_USAGE
        assert "inspector seal" in capsys.readouterr().err


@pytest.mark.parametrize("error", [TypeError("TLS expects a `ssl_context`"), RuntimeError("encryption required")])
def test_tls_settings_that_do_not_fit_are_the_users_to_mend(monkeypatch: pytest.MonkeyPatch, error: Exception):
    """What Dask raises for a tls: address without certificates, and for tcp: where encryption is required."""
    monkeypatch.setattr("distributed.Client", Mock(side_effect=error))
    with pytest.raises(cluster.ClusterError, match="TLS settings do not fit the address 'tls://a:1'"):
        cluster._connected("tls://a:1")


class FullTemporaryDisks:
    """The client of a cluster that works at once, each item on the first of the workers it may use."""

    def __init__(self, *workers: str) -> None:
        self.workers, self.asked = workers, []

    def nthreads(self) -> dict[str, int]:
        return dict.fromkeys(self.workers, 1)

    def submit(self, work: object, item: str, **among: list[str]) -> Mock:
        worker = among.get("workers", self.workers)[0]
        self.asked.append((item, worker))
        error = cluster.UnfitWorkerError(worker, "its disk is full") if worker.startswith("full") else None
        future = Mock(key=item, exception=lambda: error, result=lambda: worker)
        future.add_done_callback = lambda ended: ended(future)
        return future

    def close(self) -> None: ...


def test_an_unfit_worker_is_left_out_and_its_item_goes_to_another(monkeypatch: pytest.MonkeyPatch):
    client, told = FullTemporaryDisks("full", "sound"), []
    monkeypatch.setattr(cluster, "_connected", lambda _address: client)
    found = list(cluster.on_cluster("abc", str, "tcp://x", left_out=lambda *what: told.append(what)))
    assert sorted(found) == [("a", "sound"), ("b", "sound"), ("c", "sound")]
    assert [error.worker for _item, error in told] == ["full"], "said once"
    assert {worker for item, worker in client.asked if item == "c"} == {"sound"}


def test_a_run_whose_workers_are_all_unfit_says_why(monkeypatch: pytest.MonkeyPatch):
    client = FullTemporaryDisks("full-1", "full-2")
    monkeypatch.setattr(cluster, "_connected", lambda _address: client)
    monkeypatch.setattr(cluster, "_COUNT_SECONDS", 0.001)
    with pytest.raises(cluster.ClusterError, match=r"no worker left that can be used \(of full-., its disk is full\)"):
        list(cluster.on_cluster("abc", str, "tcp://x", alone_seconds=0.01))


def test_a_run_that_is_done_does_not_wait_for_a_worker(monkeypatch: pytest.MonkeyPatch):
    client = FullTemporaryDisks("full", "sound")
    monkeypatch.setattr(cluster, "_connected", lambda _address: client)
    monkeypatch.setattr(cluster, "_COUNT_SECONDS", 0)
    run = cluster.on_cluster("ab", str, "tcp://x", alone_seconds=1)
    found = [next(run), next(run)]
    client.workers = ("full",)
    assert sorted([*found, *run]) == [("a", "sound"), ("b", "sound")]


@pytest.mark.parametrize("is_shared", [True, False])
def test_only_a_full_disk_of_the_workers_own_makes_it_unfit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_shared: bool
):
    own = tmp_path if is_shared else Path("/dev")
    monkeypatch.setattr(cluster_scan, "large_place", lambda: str(own))
    monkeypatch.setattr(cluster_scan, "is_full", lambda place: place == own)
    monkeypatch.setattr("distributed.get_worker", lambda: Mock(contact_address="tcp://w:1"))
    remote = RemoteScan(tmp_path, Settings(), CaseInfo(), "", None, "json")
    if is_shared:
        assert remote([]) == b"[]"
        return
    with pytest.raises(cluster.UnfitWorkerError) as raised:
        remote([])
    assert raised.value.args[0] == "tcp://w:1", "it is sent as its arguments"
