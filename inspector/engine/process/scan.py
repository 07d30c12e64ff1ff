"""Analyses many inputs, each in an engine process that may be replaced, and writes one report folder per input."""

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
from inspector.engine import atomic
from inspector.engine.case.case_file import CaseFile
from inspector.engine.codec import to_pretty_json
from inspector.engine.decode.media_types import is_media_name
from inspector.engine.process import protocol
from inspector.engine.process.client import EngineProcess

CASE_NAME = "case.inspector"
INTERRUPTED = "The scan was interrupted; run the same command again to go on."


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
    """What summary.json holds: every input, in the order given; files in folders that are no pictures are named."""

    clips: tuple[ScannedClip, ...]
    left_out: tuple[str, ...] = ()


class Progress(Protocol):
    """Who is told how a scan gets on; called from several threads."""

    def started(self, path: Path, frames_total: int | None, frames_done: int) -> None:
        """An input's analysis begins."""

    def advanced(self, path: Path, frames: int, faces: int) -> None:
        """So many more frames and faces are done."""

    def warned(self, path: Path, sentence: str) -> None:
        """Something the user should know of an analysis that goes on."""

    def finished(self, clip: ScannedClip) -> None:
        """An input is done with, one way or the other."""


def expand(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Files to analyse, and files in folders that are left out since their names are not those of clips or stills."""
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

    Ctrl-C lets running batches end and keeps what is done. Raises OutputError if `out` cannot be written.
    """
    inputs, left_out = expand(paths)
    _make_folder(out)
    work = list(zip(inputs, _folders(inputs), strict=True))
    done: dict[Path, ScannedClip] = {}
    waiting: queue.SimpleQueue[tuple[Path, str]] = queue.SimpleQueue()
    for item in work:
        waiting.put(item)
    stop = threading.Event()
    jobs = max(1, min(jobs, len(work)))

    def worker() -> None:
        with EngineProcess(cores_shared_by=jobs) as engine:
            while not stop.is_set():
                try:
                    path, folder = waiting.get_nowait()
                except queue.Empty:
                    return
                done[path] = _scan_one(engine, path, out, folder, settings, info, progress, stop)
                progress.finished(done[path])

    threads = [threading.Thread(target=worker, name=f"scan {n}") for n in range(jobs)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            # In short waits, since a join without end does not hear Ctrl-C on every platform.
            while thread.is_alive():
                thread.join(0.2)
    except KeyboardInterrupt:
        stop.set()
        for thread in threads:
            thread.join()
    summary = ScanSummary(
        tuple(done.get(p, ScannedClip(_text(p), "", "failed", INTERRUPTED)) for p in inputs),
        tuple(_text(p) for p in left_out),
    )
    _write(out / "summary.json", to_pretty_json(summary))
    return summary


def _scan_one(
    engine: EngineProcess,
    path: Path,
    out: Path,
    folder: str,
    settings: Settings,
    info: CaseInfo,
    progress: Progress,
    stop: threading.Event,
) -> ScannedClip:
    def failed(reason: str) -> ScannedClip:
        return ScannedClip(_text(path), "", "failed", reason)

    try:
        path.name.encode()
    except UnicodeEncodeError:
        return failed(f"{_text(path)} has a name that is not valid UTF-8; rename a copy of it.")
    case_path = (out / folder / CASE_NAME).absolute()
    try:
        _make_folder(case_path.parent)
        with CaseFile.open(case_path) as case:
            case.set_case_info(info)
        size_bytes = path.stat().st_size if path.is_file() else 0
        clip_path = str(path.absolute())
        analysis: Analysis | None = None
        for answer in engine.ask(
            lambda job: protocol.Analyze(job, clip_path, str(case_path), settings), size_bytes, stop.is_set
        ):
            match answer:
                case protocol.Started():
                    progress.started(path, answer.frames_total, answer.frames_done)
                case protocol.BatchDone():
                    faces = sum(s.track_id > 0 for s in answer.scores)
                    progress.advanced(path, len(answer.frames), faces)
                case protocol.AnalysisDone():
                    analysis = answer.analysis
                case protocol.JobWarning():
                    progress.warned(path, answer.message)
                case protocol.Failed():
                    _remove_if_empty(case_path)
                    return failed(answer.message)
        if analysis is None or not analysis.is_complete:
            return failed(INTERRUPTED)
        for answer in engine.ask(
            lambda job: protocol.WriteReport(job, str(case_path), str(case_path.parent)), size_bytes
        ):
            if isinstance(answer, protocol.Failed):
                return failed(answer.message)
    except InspectorError as error:
        return failed(f"{path}: {error}" if path.name not in str(error) else str(error))
    summary = analysis.summary
    return ScannedClip(_text(path), folder, "analysed", "", str(summary.conclusion), summary.fake_probability)


def _remove_if_empty(case_path: Path) -> None:
    """Take back the case file of an input that could not even be opened."""
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
    """The path as printable text; bytes that are no UTF-8 show as escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode()
