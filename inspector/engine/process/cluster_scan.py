"""A scan on a Dask cluster: each worker analyses inputs as this machine would, into the same output folder.

Inputs, model bundle and output folder lie on a shared file system, under the same paths on every machine. Only paths,
settings and the lines of the summary are sent; pictures and case files are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.domain.case import CaseInfo
from inspector.domain.errors import ClusterError
from inspector.domain.settings import Settings
from inspector.engine import end_signals
from inspector.engine.case.custody import Custody
from inspector.engine.codec import from_json, to_json
from inspector.engine.decode.working_copy import is_full
from inspector.engine.model.bundle import outside_files
from inspector.engine.process.client import EngineProcess
from inspector.engine.process.clip_scan import (
    DISK_FULL,
    ENDS_HERE,
    ClipScan,
    Progress,
    ReportKind,
    Stop,
    printable_path,
)
from inspector.engine.process.cluster import Lost, UnfitWorkerError, on_cluster
from inspector.engine.process.confine.access import Access
from inspector.engine.process.report_folders import ReportFolders
from inspector.engine.process.scanned import ScannedClip, objection
from inspector.engine.work_folder import large_place

_MOST_BYTES = 64 << 10  # of one entry


@dataclass(frozen=True, slots=True)
class RemoteScan:
    """What all inputs of a scan have in common; it is sent to the workers with each of them."""

    out: Path  # absolute
    settings: Settings
    info: CaseInfo
    model_sha256: str
    custody: Custody | None
    report: ReportKind

    def __call__(self, paths: Sequence[Path]) -> bytes:
        """On a worker: analyse inputs one after another, each in an engine process of its own; entries as JSON.

        Raises UnfitWorkerError if this machine has no room for the working copy of any clip.
        """
        self._check_own_disk()
        folders = ReportFolders(self.out, self.settings, self.model_sha256)
        stop = Stop()
        given = self.out, self.settings, self.info, _Unseen(), folders, stop
        one = ClipScan(*given, custody=self.custody, report=self.report)
        found = []
        for path in paths:
            if stop.is_set():  # the disk is full
                found.append(ScannedClip(printable_path(path), "", "failed", stop.reason))
                continue
            access = Access.to([path, *outside_files(self.settings.model)], [self.out])
            with EngineProcess(access) as engine:
                found.append(one.clip(engine, path))
            if stop.is_set():
                self._check_own_disk()
        return to_json(found)

    def _check_own_disk(self) -> None:
        """A full disk that only this worker uses is no reason to end the scan, as that of the output folder is."""
        own = Path(large_place())
        if own.stat().st_dev != self.out.stat().st_dev and is_full(own):
            raise UnfitWorkerError.here(f"the disk of its folder for temporary files ({own}) is full")


class _Unseen:
    """The progress of an input on a worker, which nobody watches."""

    def stage(self, path: Path, what: str, percent: int | None = None) -> None: ...
    def started(self, path: Path, frames_total: int | None, frames_done: int) -> None: ...
    def worked(self, path: Path, frames: float) -> None: ...
    def advanced(self, path: Path, frames: int, faces: int) -> None: ...
    def warned(self, path: Path, sentence: str) -> None: ...
    def finished(self, clip: ScannedClip) -> None: ...
    def stopping(self) -> None: ...


def scan_on_cluster(
    paths: Sequence[Path],
    remote: RemoteScan,
    address: str,
    finished: Callable[[Path, ScannedClip], None],
    stop: Stop,
    progress: Progress,
) -> None:
    """Have the workers analyse all inputs, and call `finished` for each as it is done.

    A signal such as that of Ctrl-C ends it, and so do a full disk of the output folder and a cluster that is lost when
    some inputs are done; `stop` then says which it was. Raises ClusterError when none is.
    """
    is_begun = False

    def left_out(group: list[Path], error: UnfitWorkerError) -> None:
        why = f"The worker at {error.worker} is left out of this scan: {error.reason}; another one takes the file."
        progress.warned(group[0], why)

    try:
        for group, answer in on_cluster(_groups(paths), remote, address, left_out=left_out):
            is_begun = True
            for path, found in zip(group, _entries(answer, len(group)), strict=True):
                name = printable_path(path)
                failed = ScannedClip(name, "", "failed", f"{name}: {found}")
                finished(path, failed if isinstance(found, str) else replace(found, path=name))
                if isinstance(found, ScannedClip) and found.reason.endswith(ENDS_HERE):
                    stop.give_up(DISK_FULL)
            if stop.is_set():
                return
    except KeyboardInterrupt as interrupt:
        stop.interrupt(end_signals.number_of(interrupt))
    except ClusterError as error:
        if not is_begun:
            raise
        stop.give_up(str(error))


def _entries(answer: object, wanted: int) -> list[ScannedClip | str]:
    """The entries of a worker's answer, and a reason in place of those that there are not or that cannot be meant."""
    if isinstance(answer, Lost):
        return [answer.reason] * wanted
    try:
        if not isinstance(answer, bytes) or len(answer) > _MOST_BYTES * wanted:
            raise ValueError("it is no entry of a summary")
        found = from_json(answer, list[ScannedClip])
        if len(found) != wanted:
            raise ValueError(f"it has {len(found)} entries for {wanted} inputs")
    except ValueError as error:
        return [_unusable(str(error))] * wanted
    return [_unusable(f"{what} cannot be meant") if (what := objection(each)) else each for each in found]


def _unusable(why: str) -> str:
    return f"a worker's answer cannot be used ({why}); look at that machine"


def _groups(paths: Sequence[Path]) -> list[list[Path]]:
    """The inputs, those of the same size together: two that are equal would get the same folder at the same time."""
    groups: dict[object, list[Path]] = {}
    for path in paths:
        try:
            size: object = path.stat().st_size
        except (OSError, ValueError):
            size = path
        groups.setdefault(size, []).append(path)
    return list(groups.values())
