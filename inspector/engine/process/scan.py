"""Analyses many inputs in engine processes, which are replaced when they fail, and writes a report folder for each."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inspector.domain.analysis import Analysis
from inspector.domain.case import CaseInfo
from inspector.domain.errors import BundleError, CaseError, ClipError, InspectorError, OutputError
from inspector.domain.settings import Settings
from inspector.engine import atomic, faults
from inspector.engine.case.case_entry import point_to
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.case_folder import read_evidence
from inspector.engine.case.cover import fill_cover
from inspector.engine.case.custody import Custody
from inspector.engine.case.records import note_record
from inspector.engine.clock import now
from inspector.engine.codec import to_pretty_json
from inspector.engine.model import bundle
from inspector.engine.process import protocol, summary_page
from inspector.engine.process.client import EngineProcess
from inspector.engine.process.confine.access import Access
from inspector.engine.process.report_folders import ReportFolder, ReportFolders
from inspector.engine.process.scan_inputs import find_inputs
from inspector.engine.process.scanned import KEPT, LeftOut, ScannedClip, ScanSummary
from inspector.engine.seal.keys import public_pem, sign_manifest
from inspector.engine.seal.manifest import SIGNATURE

ReportKind = Literal["none", "json", "pdf"]
INTERRUPTED = "The scan was interrupted; run the same command again to continue."


class Progress(Protocol):
    """Receives the progress of a scan; called from several threads."""

    def stage(self, path: Path, what: str) -> None:
        """An input has reached this stage, such as "writing the report"."""

    def started(self, path: Path, frames_total: int | None, frames_done: int) -> None:
        """An input's analysis has started."""

    def advanced(self, path: Path, frames: int, faces: int) -> None:
        """This many more frames and faces are done."""

    def warned(self, path: Path, sentence: str) -> None:
        """The user should know something about an analysis that continues."""

    def finished(self, clip: ScannedClip) -> None:
        """An input is analysed or has failed."""


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
) -> ScanSummary:
    """Analyse all inputs and write `out/summary.json` and, for people, `out/summary.html`.

    One input's failure never stops the others.

    With a `key`, the manifest of each report is signed. `threads` is the number of threads of each network; without
    one, the jobs share the cores. `custody` fills the cover of each report. `report` is how much is written of each:
    everything ("pdf"), what programs read ("json"), or only the case file ("none").

    Ctrl-C lets running batches end and keeps their results. Raises OutputError if `out` cannot be written.
    """
    _make_folder(out)
    inputs = find_inputs(paths, out)
    done: dict[Path, ScannedClip] = {}
    waiting: queue.SimpleQueue[Path] = queue.SimpleQueue()
    for path in inputs.wanted:
        waiting.put(path)
    folders = ReportFolders(out, settings, _model_sha256(settings))
    scan_of_all = _Scan(out, settings, info, progress, folders, threading.Event(), key, custody, report)
    jobs = max(1, min(jobs, len(inputs.wanted)))
    if threads is None and jobs > 1:
        threads = max(1, (os.cpu_count() or 1) // jobs)
    access = Access.to([*inputs.wanted, *bundle.outside_files(settings.model)], [out])

    @faults.Boundary("scanning")
    def work() -> None:
        with EngineProcess(access, threads=threads) as engine:
            while not scan_of_all.stop.is_set():
                try:
                    path = waiting.get_nowait()
                except queue.Empty:
                    return
                done[path] = scan_of_all.clip(engine, path)
                with faults.Boundary("showing the progress of the scan"):
                    progress.finished(done[path])

    _run_threads([threading.Thread(target=work, name=f"scan {n}") for n in range(jobs)], scan_of_all.stop)
    unreadable = [
        ScannedClip(_text(unused.path), "", "failed", _printable(unused.reason)) for unused in inputs.unreadable
    ]
    for failed in unreadable:
        progress.finished(failed)
    summary = ScanSummary(
        (*(done.get(p, ScannedClip(_text(p), "", "failed", INTERRUPTED)) for p in inputs.wanted), *unreadable),
        tuple(LeftOut(_text(unused.path), unused.reason) for unused in inputs.left_out),
    )
    _write(out / "summary.json", to_pretty_json(summary))
    _write(out / summary_page.FILE, summary_page.summary_page(summary, out, now()))
    return summary


def _model_sha256(settings: Settings) -> str:
    """That of the bundle in the settings; "" if it cannot be read, which the engine reports for each input."""
    try:
        return bundle.model_sha256(settings.model)
    except BundleError:
        return ""


def _run_threads(threads: Sequence[threading.Thread], stop: threading.Event) -> None:
    """Run threads to their end; Ctrl-C sets `stop` and waits for them."""
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            # In short waits: a join without timeout ignores Ctrl-C on some platforms.
            while thread.is_alive():
                thread.join(0.2)
    except KeyboardInterrupt:
        stop.set()
        for thread in threads:
            thread.join()


class _FailedError(InspectorError):
    """An input failed; the text is the reason in summary.json."""


@dataclass(frozen=True, slots=True)
class _Scan:
    """What all inputs of a scan have in common."""

    out: Path
    settings: Settings
    info: CaseInfo
    progress: Progress
    folders: ReportFolders
    stop: threading.Event
    key: Ed25519PrivateKey | None = None
    custody: Custody | None = None
    report: ReportKind = "pdf"

    def clip(self, engine: EngineProcess, path: Path) -> ScannedClip:
        """Analyse one input and write its report into a folder below the output folder."""
        found = faults.attempt(f"scanning {_text(path)}", lambda: self._analysed(engine, path))
        if isinstance(found, ScannedClip):
            return found
        is_named = isinstance(found, _FailedError) or path.name in str(found)
        return ScannedClip(_text(path), "", "failed", _printable(str(found) if is_named else f"{path}: {found}"))

    def _analysed(self, engine: EngineProcess, path: Path) -> ScannedClip:
        """Analyse one input and write its report. Raises _FailedError or an InspectorError."""
        self.progress.stage(path, "reading the file and its SHA-256")
        try:
            sha256, size_bytes = read_evidence(path, lambda: not self.stop.is_set())
        except ClipError:
            if self.stop.is_set():
                raise _FailedError(INTERRUPTED) from None
            raise
        folder = self.folders.claim(path, sha256)
        try:
            info = (self.custody or Custody()).fill(self.info, path, sha256)
            with CaseFile.open(folder.case_path) as case:
                is_filled, kept = fill_cover(case, info)
                point_to(case, sha256, path.absolute())
                known = case.read(folder.analysis_id).result() if folder.analysis_id is not None else None
            for sentence in kept:
                self.progress.warned(path, sentence)
            is_sealed = self.key is None or (folder.path / SIGNATURE).exists()
            if known is not None and self._has_report(folder) and not is_filled and is_sealed:
                return self._scanned(path, folder, sha256, known, KEPT)
            done = self._run(engine, path, folder, sha256, size_bytes)
        finally:
            _remove_if_empty(folder)
        if self.report != "none":
            self.progress.stage(path, "writing the report")
            self._write_report(engine, folder, done.analysis_id, size_bytes)
        return self._scanned(path, folder, sha256, done.analysis)

    def _has_report(self, folder: ReportFolder) -> bool:
        """Whether a former scan left what this one is asked for."""
        if self.report == "none":
            return True
        return folder.is_reported and (self.report == "json" or folder.pdf.is_file())

    def _run(
        self, engine: EngineProcess, path: Path, folder: ReportFolder, sha256: str, size_bytes: int
    ) -> protocol.AnalysisDone:
        """Have the engine analyse an input. Raises _FailedError."""
        clip_path, case_path = str(path.absolute()), str(folder.case_path.absolute())
        done: protocol.AnalysisDone | None = None
        begun = 0
        engine.allow(Access.to([path]))  # another file may have taken its name since the scan began
        self.progress.stage(path, "opening the clip and loading the detector")
        for answer in engine.ask(
            lambda job: protocol.Analyze(job, clip_path, case_path, self.settings, sha256),
            size_bytes,
            self.stop.is_set,
        ):
            self._show(path, answer)
            if isinstance(answer, protocol.Failed):
                raise _FailedError(answer.message)
            if isinstance(answer, protocol.Started):
                begun = answer.analysis_id
                self._sign(path, folder, begun)
            if isinstance(answer, protocol.AnalysisDone):
                done = answer
        if done is None or not done.analysis.is_complete:
            raise _FailedError(INTERRUPTED)
        if done.analysis_id == begun:
            self._sign(path, folder, begun)
        return done

    def _sign(self, path: Path, folder: ReportFolder, analysis_id: int) -> None:
        """Sign an analysis that has just begun or ended; without a key it goes on, and its report is as good."""
        try:
            with CaseFile.open(folder.case_path, create=False) as case:
                case.sign(analysis_id)
                stored = case.read(analysis_id)
                if stored.is_finished:
                    note_record(stored.clip().sha256, folder.case_path)
        except CaseError as error:
            self.progress.warned(path, f"The analysis in {folder.case_path.name} is not signed: {error}")

    def _write_report(self, engine: EngineProcess, folder: ReportFolder, analysis_id: int, size_bytes: int) -> None:
        case_path, target = str(folder.case_path.absolute()), str(folder.path.absolute())
        public_key = "" if self.key is None else public_pem(self.key)
        for answer in engine.ask(
            lambda job: protocol.WriteReport(
                job, case_path, analysis_id, target, public_key, has_pdf=self.report == "pdf"
            ),
            size_bytes,
        ):
            if isinstance(answer, protocol.Failed):
                raise _FailedError(answer.message)
        if self.key is not None:
            # Here and not in the engine process, which reads hostile files and is given no private key.
            sign_manifest(folder.path, self.key)

    def _scanned(
        self, path: Path, folder: ReportFolder, sha256: str, analysis: Analysis, reason: str = ""
    ) -> ScannedClip:
        name, found = folder.path.relative_to(self.out).as_posix(), analysis.summary
        numbers = found.fake_probability, found.false_positive_rate, found.n_real
        counts = found.frames_analysed, found.frames_scored
        return ScannedClip(_text(path), name, "analysed", reason, sha256, str(found.conclusion), *numbers, *counts)

    def _show(self, path: Path, answer: protocol.Answer) -> None:
        match answer:
            case protocol.Started():
                self.progress.started(path, answer.frames_total, answer.frames_done)
            case protocol.BatchDone():
                faces = sum(score.track_id > 0 for score in answer.scores)
                self.progress.advanced(path, len(answer.frames), faces)
            case protocol.JobWarning():
                self.progress.warned(path, answer.message)


def _remove_if_empty(folder: ReportFolder) -> None:
    """Remove the folder of an input that could not be analysed, unless an analysis was begun in it."""
    try:
        with CaseFile.open(folder.case_path, create=False) as case:
            if case.newest_id() is not None:
                return
    except CaseError:
        return  # the error that ended the analysis is reported
    folder.case_path.unlink()
    with contextlib.suppress(OSError):  # it holds something else
        folder.path.rmdir()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError("no permission to write")
    except OSError as error:
        raise OutputError(f"{folder} cannot be used as output folder ({error}); choose another with --out.") from error


def _write(path: Path, data: bytes) -> None:
    try:
        atomic.write_bytes(path, data)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error}); free some space or choose another --out.") from error


def _printable(text: str) -> str:
    """Text as UTF-8; what file names hold of other encodings is escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def _text(path: Path) -> str:
    return _printable(str(path))
