"""Analyses many inputs in engine processes, which are replaced when they fail, and writes a report folder for each."""

from __future__ import annotations

import os
import queue
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from inspector.domain.analysis import Analysis
from inspector.domain.case import CaseInfo
from inspector.domain.errors import InspectorError, OutputError
from inspector.domain.settings import Settings
from inspector.engine import atomic, faults
from inspector.engine.case.case_file import CaseFile
from inspector.engine.codec import to_pretty_json
from inspector.engine.decode.media_types import is_media_name
from inspector.engine.process import protocol
from inspector.engine.process.client import EngineProcess

CASE_NAME = "case.inspector"
INTERRUPTED = "The scan was interrupted; run the same command again to continue."


@dataclass(frozen=True, slots=True)
class ScannedClip:
    """One input's entry in summary.json."""

    path: str
    folder: str  # below the output folder; "" when nothing was written
    status: Literal["analysed", "failed"]
    reason: str = ""
    conclusion: str = ""
    fake_probability: float | None = None


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """The content of summary.json: every input in the given order, and the files in folders that were skipped."""

    clips: tuple[ScannedClip, ...]
    left_out: tuple[str, ...] = ()


class Progress(Protocol):
    """Receives the progress of a scan; called from several threads."""

    def started(self, path: Path, frames_total: int | None, frames_done: int) -> None:
        """An input's analysis has started."""

    def advanced(self, path: Path, frames: int, faces: int) -> None:
        """This many more frames and faces are done."""

    def warned(self, path: Path, sentence: str) -> None:
        """The user should know something about an analysis that continues."""

    def finished(self, clip: ScannedClip) -> None:
        """An input is analysed or has failed."""


def expand(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The files to analyse, and the files in folders that are skipped because of their name extension."""
    wanted: list[Path] = []
    left_out: list[Path] = []
    for path in paths:
        if not path.is_dir():
            wanted.append(path)
            continue
        for inner in sorted(p for p in path.rglob("*") if p.is_file()):
            (wanted if is_media_name(inner.name) else left_out).append(inner)
    return list(dict.fromkeys(wanted)), left_out


def _folders(paths: Sequence[Path]) -> Iterator[str]:
    """A folder name for each input, from its own name, made unique in the given order."""
    taken: set[str] = set()
    for path in paths:
        plain = re.sub(r"[^\w.\-]+", "_", path.name, flags=re.ASCII).strip("._")[:100] or "clip"
        name, number = plain, 2
        while name.lower() in taken:
            name, number = f"{plain}-{number}", number + 1
        taken.add(name.lower())
        yield name


def scan(
    paths: Sequence[Path], out: Path, settings: Settings, info: CaseInfo, jobs: int, progress: Progress
) -> ScanSummary:
    """Analyse all inputs and write `out/summary.json`; one input's failure never stops the others.

    Ctrl-C lets running batches end and keeps their results. Raises OutputError if `out` cannot be written.
    """
    inputs, left_out = expand(paths)
    _make_folder(out)
    done: dict[Path, ScannedClip] = {}
    waiting: queue.SimpleQueue[tuple[Path, str]] = queue.SimpleQueue()
    for item in zip(inputs, _folders(inputs), strict=True):
        waiting.put(item)
    scan_of_all = _Scan(out, settings, info, progress, threading.Event())
    jobs = max(1, min(jobs, len(inputs)))

    @faults.Boundary("scanning")
    def work() -> None:
        with EngineProcess(cores_shared_by=jobs) as engine:
            while not scan_of_all.stop.is_set():
                try:
                    path, folder = waiting.get_nowait()
                except queue.Empty:
                    return
                done[path] = scan_of_all.clip(engine, path, folder)
                with faults.Boundary("showing the progress of the scan"):
                    progress.finished(done[path])

    _run_threads([threading.Thread(target=work, name=f"scan {n}") for n in range(jobs)], scan_of_all.stop)
    summary = ScanSummary(
        tuple(done.get(p, ScannedClip(_text(p), "", "failed", INTERRUPTED)) for p in inputs),
        tuple(_text(p) for p in left_out),
    )
    _write(out / "summary.json", to_pretty_json(summary))
    return summary


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
    stop: threading.Event

    def clip(self, engine: EngineProcess, path: Path, folder: str) -> ScannedClip:
        """Analyse one input and write its report into `folder` below the output folder."""
        case_path = (self.out / folder / CASE_NAME).absolute()
        found = faults.attempt(f"scanning {_text(path)}", lambda: self._analysed(engine, path, case_path).summary)
        if isinstance(found, InspectorError):
            is_named = isinstance(found, _FailedError) or path.name in str(found)
            return ScannedClip(_text(path), "", "failed", str(found) if is_named else f"{_text(path)}: {found}")
        summary = found
        return ScannedClip(_text(path), folder, "analysed", "", str(summary.conclusion), summary.fake_probability)

    def _analysed(self, engine: EngineProcess, path: Path, case_path: Path) -> Analysis:
        """The analysis of one input, whose report is written. Raises _FailedError or an InspectorError."""
        try:
            path.name.encode()
        except UnicodeEncodeError:
            raise _FailedError(f"{_text(path)} has a name that is not valid UTF-8; rename a copy of it.") from None
        _make_folder(case_path.parent)
        with CaseFile.open(case_path) as case:
            case.set_case_info(self.info)
        size_bytes = path.stat().st_size if path.is_file() else 0
        clip_path = str(path.absolute())
        done: protocol.AnalysisDone | None = None
        for answer in engine.ask(
            lambda job: protocol.Analyze(job, clip_path, str(case_path), self.settings), size_bytes, self.stop.is_set
        ):
            self._show(path, answer)
            if isinstance(answer, protocol.Failed):
                _remove_if_empty(case_path)
                raise _FailedError(answer.message)
            if isinstance(answer, protocol.AnalysisDone):
                done = answer
        if done is None or not done.analysis.is_complete:
            raise _FailedError(INTERRUPTED)
        analysis_id, folder = done.analysis_id, str(case_path.parent)
        for answer in engine.ask(
            lambda job: protocol.WriteReport(job, str(case_path), analysis_id, folder), size_bytes
        ):
            if isinstance(answer, protocol.Failed):
                raise _FailedError(answer.message)
        return done.analysis

    def _show(self, path: Path, answer: protocol.Answer) -> None:
        match answer:
            case protocol.Started():
                self.progress.started(path, answer.frames_total, answer.frames_done)
            case protocol.BatchDone():
                faces = sum(score.track_id > 0 for score in answer.scores)
                self.progress.advanced(path, len(answer.frames), faces)
            case protocol.JobWarning():
                self.progress.warned(path, answer.message)


def _remove_if_empty(case_path: Path) -> None:
    """Remove the case file of an input that could not be opened."""
    with CaseFile.open(case_path) as case:
        is_empty = case.newest_id() is None
    if is_empty:
        case_path.unlink()
        if not any(case_path.parent.iterdir()):
            case_path.parent.rmdir()


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


def _text(path: Path) -> str:
    """The path as printable text; bytes that are not UTF-8 are escaped."""
    return str(path).encode("utf-8", "backslashreplace").decode()
