"""Analyses many inputs in engine processes, which are replaced when they fail, and writes a report folder for each."""

from __future__ import annotations

import errno
import os
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inspector.domain.answer import left_out_by, unfitting
from inspector.domain.case import CaseInfo
from inspector.domain.errors import BundleError, OutputError, VerificationError
from inspector.domain.known_models import is_known
from inspector.domain.settings import Settings
from inspector.engine import atomic, end_signals, faults
from inspector.engine.case.custody import Custody
from inspector.engine.clock import now
from inspector.engine.codec import to_pretty_json
from inspector.engine.model import bundle
from inspector.engine.process import summary_page
from inspector.engine.process.client import EngineProcess
from inspector.engine.process.clip_scan import (
    ClipScan,
    Progress,
    ReportKind,
    Stop,
    printable_path,
    printable_text,
)
from inspector.engine.process.cluster_scan import RemoteScan, scan_on_cluster
from inspector.engine.process.confine.access import Access
from inspector.engine.process.report_folders import FolderLock, ReportFolders
from inspector.engine.process.scan_inputs import Inputs, find_inputs
from inspector.engine.process.scanned import LeftOut, ScannedClip, ScanSummary
from inspector.engine.seal.keys import sign_manifest
from inspector.engine.seal.manifest import BESIDE, MANIFEST, read_manifest, write_manifest


def scan(
    paths: Sequence[Path],
    out: Path,
    settings: Settings,
    info: CaseInfo,
    jobs: int,
    progress: Progress,
    key: Ed25519PrivateKey | None = None,
    threads: int | None = None,
    custody: Custody | None = None,
    report: ReportKind = "pdf",
    cluster: str = "",
    first: EngineProcess | None = None,
    stop: Stop | None = None,
) -> ScanSummary:
    """Analyse all inputs and write `out/summary.json` and, for people, `out/summary.html`.

    One input's failure never stops the others.

    With a `key`, the manifest of each report is signed. `threads` is the number of threads of each network; without
    one, the jobs share the cores. `custody` fills the cover of each report. `report` is how much is written of each:
    everything ("pdf"), what programs read ("json"), or only the case file ("none"). With the address `cluster`, the
    workers of a Dask scheduler there do the work, and `jobs` and `key` mean nothing. `first` is a process that the
    caller has started ahead and ends; the only one of a scan without parallel jobs.

    Ctrl-C, or another signal that ends programs, gives running batches up, lets reports end and keeps what is stored;
    `stop` then says which it was. So do a full disk and a cluster that is lost in mid-scan.

    Raises OutputError if `out` cannot be written or another scan is at work in it, ClusterError if the cluster cannot
    be used from the start.
    """
    with _held_folder(out):
        inputs, stop = find_inputs(paths, out), stop or Stop()
        done: dict[Path, ScannedClip] = {}

        def finished(path: Path, clip: ScannedClip) -> None:
            done[path] = clip
            with faults.Boundary("showing the progress of the scan"):
                progress.finished(clip)

        sha256, model = _model(settings)
        if cluster:
            remote = RemoteScan(out.absolute(), settings, info, sha256, custody, report)
            scan_on_cluster(inputs.wanted, remote, cluster, finished, stop, progress)
        else:
            folders = ReportFolders(out, settings, sha256)
            each = ClipScan(out, settings, info, progress, folders, stop, key, custody, report)
            _scan_here(inputs.wanted, each, jobs, threads, finished, first)
        with end_signals.handled(stop.interrupt):  # a terminal that is closed sends two
            for path in inputs.wanted:
                done.setdefault(path, ScannedClip(printable_path(path), "", "failed", stop.reason))
            summary = _summary(inputs, done, progress)
            _write(out / "summary.json", to_pretty_json(summary))
            page = summary_page.summary_page(summary, out, now(), model, (*left_out_by(settings), *unfitting(settings)))
            _write(out / summary_page.FILE, page)
            _seal(out, key)
    return summary


def _summary(inputs: Inputs, done: Mapping[Path, ScannedClip], progress: Progress) -> ScanSummary:
    """The summary of all inputs; those that could not be read are shown, too."""
    unreadable = [
        ScannedClip(printable_path(unused.path), "", "failed", printable_text(unused.reason))
        for unused in inputs.unreadable
    ]
    for failed in unreadable:
        progress.finished(failed)
    return ScanSummary(
        (*(done[path] for path in inputs.wanted), *unreadable),
        tuple(LeftOut(printable_path(unused.path), unused.reason) for unused in inputs.left_out),
    )


def _seal(out: Path, key: Ed25519PrivateKey | None) -> None:
    """Name the summary in a manifest, as the reports name their files, and sign it. Raises InspectorError."""
    if (out / MANIFEST).exists() and "summary.json" not in read_manifest(out / MANIFEST):
        return  # the folder is that of a report, whose manifest stays
    with _writing(out / MANIFEST):
        for name in BESIDE:  # about the manifest of the scan before
            (out / name).unlink(missing_ok=True)
        write_manifest(out, ["summary.json", summary_page.FILE])
    if key is not None:
        sign_manifest(out, key)


def _scan_here(
    wanted: Sequence[Path],
    each: ClipScan,
    jobs: int,
    threads: int | None,
    finished: Callable[[Path, ScannedClip], None],
    first: EngineProcess | None = None,
) -> None:
    """Scan all inputs in so many engine processes of this machine."""
    waiting: queue.SimpleQueue[Path] = queue.SimpleQueue()
    for path in wanted:
        waiting.put(path)
    jobs = max(1, min(jobs, len(wanted)))
    if threads is None and jobs > 1:
        threads = max(1, (os.cpu_count() or 1) // jobs)
    access = Access.to([*wanted, *bundle.outside_files(each.settings.model)], [each.out])

    @faults.Boundary("scanning")
    def work() -> None:
        with first if first is not None and jobs == 1 else EngineProcess(threads=threads) as engine:
            engine.allow(access)
            while not each.stop.is_set():
                try:
                    path = waiting.get_nowait()
                except queue.Empty:
                    return
                finished(path, each.clip(engine, path))

    _run_threads([threading.Thread(target=work, name=f"scan {n}") for n in range(jobs)], each.stop, each.progress)


def _model(settings: Settings) -> tuple[str, str]:
    """The identity of the bundle in the settings, and its name with its version, and that it is unknown if it is.

    Both are "" if there is none, or it cannot be read, which the engine reports for each input.
    """
    try:
        card = bundle.find_bundle(settings.model).card
    except BundleError:
        return "", ""
    unknown = "" if is_known(card) else " (an unknown model whose error rates nobody checked)"
    return card.identity, f"{card.name} {card.version}{unknown}"


def _run_threads(threads: Sequence[threading.Thread], stop: Stop, progress: Progress) -> None:
    """Run threads to their end; signals that end programs set `stop`, and what they have under way ends first.

    An exception in `Thread.join` makes Python before 3.13 take the thread for ended (gh-90882): the summary would call
    a clip interrupted whose report is still being written, and the process that does it would be taken away.
    """
    is_told = False
    with end_signals.handled(stop.interrupt):
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():  # in short waits: a join without timeout ignores Ctrl-C on some platforms
                thread.join(0.2)
                if stop.is_set() and not is_told:
                    is_told = True
                    with faults.Boundary("showing the progress of the scan"):
                        progress.stopping()


@contextmanager
def _held_folder(out: Path) -> Iterator[None]:
    """Make the output folder and keep it for the block: another scan's summary would take the place of this one's."""
    _make_folder(out)
    lock = FolderLock(Path(os.path.realpath(out)))
    try:
        if not lock.is_held:
            raise OutputError(
                f"{out} is in use by another scan; wait until it has ended, or choose another with --out."
            )
        _check_manifest(out)
        yield
    finally:
        lock.release()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except FileExistsError:
        raise OutputError(f"{folder} is a file, not a folder; choose another with --out.") from None
    except OSError as error:
        reason = error.strerror or error
        raise OutputError(f"{folder} cannot be used as output folder ({reason}); choose another with --out.") from error


def _check_manifest(out: Path) -> None:
    """Before the work, and not when the summary is written: a former manifest there has to be one."""
    if os.path.lexists(out / MANIFEST):
        try:
            read_manifest(out / MANIFEST)
        except VerificationError as error:
            raise OutputError(f"{out} cannot be used as output folder ({error}); choose another with --out.") from error


def _write(path: Path, data: bytes) -> None:
    with _writing(path):
        atomic.write_bytes(path, data)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written ({error.strerror or error}); what is finished is kept: free some space and run "
            "the same command again, or choose another --out."
        ) from error
