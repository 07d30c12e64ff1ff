"""The scan of one input: analysed by an engine process, with a report in a folder of its own."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Literal, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inspector.domain.analysis import Analysis
from inspector.domain.answer import applied_rates
from inspector.domain.case import CaseInfo
from inspector.domain.errors import CaseError, ClipError, EngineError, InspectorError
from inspector.domain.settings import Settings
from inspector.engine import faults
from inspector.engine.activity import Stage
from inspector.engine.atomic import is_full_disk
from inspector.engine.case.case_entry import point_to
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.case_folder import read_evidence
from inspector.engine.case.cover import fill_cover
from inspector.engine.case.custody import Custody
from inspector.engine.case.records import note_record
from inspector.engine.process import protocol
from inspector.engine.process.client import EngineProcess
from inspector.engine.process.confine.access import Access
from inspector.engine.process.report_folders import ReportFolder, ReportFolders
from inspector.engine.process.scanned import KEPT, ScannedClip
from inspector.engine.report.drafts import remove_drafts
from inspector.engine.seal.keys import public_pem, sign_manifest
from inspector.engine.seal.manifest import SIGNATURE

ReportKind = Literal["none", "json", "pdf"]
INTERRUPTED = "The scan was interrupted; run the same command again to continue."
DISK_FULL = (
    "Not analysed, because the disk is full; what is finished is kept: free some space and run the same command again."
)
ENDS_HERE = "The disk is full, so the scan ends here."


class Stop(threading.Event):
    """Asks a scan to end soon; what is under way ends first."""

    def __init__(self, interrupted: str = INTERRUPTED) -> None:
        super().__init__()
        self.reason = interrupted  # why the other inputs are not analysed
        self.number = 0  # the signal that asked for it, 0 if none did

    def interrupt(self, number: int, _frame: FrameType | None = None) -> None:
        """A signal asks for it; only the first one counts.

        A second one may come within `set`, which would wait for itself.
        """
        if not self.number:
            self.number = number
            self.set()

    def give_up(self, reason: str) -> None:
        """Further inputs would fail as well, for this reason."""
        self.reason = reason
        self.set()


class Progress(Protocol):
    """Receives the progress of a scan; called from several threads."""

    def stage(self, path: Path, what: str, percent: int | None = None) -> None:
        """An input has reached this stage, such as "writing the report"; so much of it is done, if that is known."""

    def started(self, path: Path, frames_total: int | None, frames_done: int) -> None:
        """An input's analysis has started."""

    def worked(self, path: Path, frames: float) -> None:
        """So many frames of an input are worked through, those beyond the last `advanced` in part."""

    def advanced(self, path: Path, frames: int, faces: int) -> None:
        """This many more frames and faces are done."""

    def warned(self, path: Path, sentence: str) -> None:
        """The user should know something about an analysis that continues."""

    def finished(self, clip: ScannedClip) -> None:
        """An input is analysed or has failed."""

    def stopping(self) -> None:
        """The user wants the scan to stop; what is under way ends first."""


class _FailedError(InspectorError):
    """An input failed; the text is the reason in summary.json."""


class _NoRoomError(_FailedError):
    """An input failed because there was no room left to write."""


def _failed(answer: protocol.Failed) -> _FailedError:
    return (_NoRoomError if answer.is_disk_full else _FailedError)(answer.message)


@dataclass(frozen=True, slots=True)
class ClipScan:
    """What all inputs of a scan have in common."""

    out: Path
    settings: Settings
    info: CaseInfo
    progress: Progress
    folders: ReportFolders
    stop: Stop
    key: Ed25519PrivateKey | None = None
    custody: Custody | None = None
    report: ReportKind = "pdf"

    def clip(self, engine: EngineProcess, path: Path) -> ScannedClip:
        """Analyse one input and write its report into a folder below the output folder."""
        found = faults.attempt(f"scanning {printable_path(path)}", lambda: self._analysed(engine, path))
        if isinstance(found, ScannedClip):
            return found
        name, reason = printable_path(path), printable_text(str(found))
        is_named = isinstance(found, _FailedError) or printable_text(path.name) in reason
        if isinstance(found, _NoRoomError) or is_full_disk(found):
            self.stop.give_up(DISK_FULL)
            reason += f" {ENDS_HERE}"
        return ScannedClip(name, "", "failed", reason if is_named else f"{name}: {reason}")

    def _analysed(self, engine: EngineProcess, path: Path) -> ScannedClip:
        """Analyse one input and write its report. Raises _FailedError or an InspectorError."""
        former = self.folders.likely(path)
        if former is None or former.analysis_id is None or not self._has_report(former):
            engine.prepare(self.settings)  # while the file is hashed
        sha256, info = self._hashed(path)
        folder = self.folders.claim(path, sha256)
        if folder.remark:
            self.progress.warned(path, folder.remark)
        try:
            return self._reported(engine, path, sha256, info, folder)
        finally:
            self.folders.release(folder)

    def _reported(
        self, engine: EngineProcess, path: Path, sha256: str, info: CaseInfo, folder: ReportFolder
    ) -> ScannedClip:
        """Analyse one input, whose cover is `info`, in its folder. Raises _FailedError or an InspectorError."""
        try:
            with CaseFile.open(folder.case_path) as case:
                is_filled, kept = fill_cover(case, info)
                point_to(case, sha256, path.absolute())
                known = case.read(folder.analysis_id).result() if folder.analysis_id is not None else None
            for sentence in kept:
                self.progress.warned(path, sentence)
            is_sealed = self.key is None or (folder.path / SIGNATURE).exists()
            if known is not None and self._has_report(folder) and not is_filled and is_sealed:
                return self._scanned(path, folder, sha256, known, KEPT)
            done = self._run(engine, path, folder, sha256)
        finally:
            _remove_if_empty(folder)
        if self.report != "none":
            self.progress.stage(path, "writing the report")
            self._write_report(engine, path, folder, done.analysis_id)
        return self._scanned(path, folder, sha256, done.analysis)

    def _hashed(self, path: Path) -> tuple[str, CaseInfo]:
        """The SHA-256 of an input, and the cover of its report with what lists of hashes say about it."""
        said, wanted = "reading the file and its SHA-256", lambda: not self.stop.is_set()
        self.progress.stage(path, said)
        try:
            sha256, _ = read_evidence(path, wanted, partial(self.progress.stage, path, said))
            md5 = partial(self.progress.stage, path, "reading the file and its MD5")
            return sha256, (self.custody or Custody()).fill(self.info, path, sha256, wanted, md5)
        except ClipError:
            if self.stop.is_set():
                raise _FailedError(self.stop.reason) from None
            raise

    def _has_report(self, folder: ReportFolder) -> bool:
        """Whether a former scan left what this one is asked for."""
        if self.report == "none":
            return True
        return folder.is_reported and (self.report == "json" or folder.pdf.is_file())

    def _run(self, engine: EngineProcess, path: Path, folder: ReportFolder, sha256: str) -> protocol.AnalysisDone:
        """Have the engine analyse an input. Raises _FailedError."""
        clip_path, case_path = str(path.absolute()), str(folder.case_path.absolute())
        done: protocol.AnalysisDone | None = None
        begun, told = 0, ""
        engine.allow(Access.to([path]))  # another file may have taken its name since the scan began
        self.progress.stage(path, "opening the clip and loading the detector")
        for answer in engine.ask(
            lambda job: protocol.Analyze(job, clip_path, case_path, self.settings, sha256),
            self.stop.is_set,
        ):
            self._show(path, answer)
            if isinstance(answer, protocol.Failed):
                raise _FailedError(self.stop.reason) if answer.is_cancelled else _failed(answer)
            if isinstance(answer, protocol.Started):
                begun = answer.analysis_id
                told = self._sign(path, folder, begun)
            if isinstance(answer, protocol.AnalysisDone):
                done = answer
        if done is None or not done.analysis.is_complete:
            raise _FailedError(self.stop.reason)
        if done.analysis_id == begun:
            self._sign(path, folder, begun, told)
        return done

    def _sign(self, path: Path, folder: ReportFolder, analysis_id: int, told: str = "") -> str:
        """Sign an analysis that has just begun or ended; without a key it goes on, and its report is as good.

        Returns why it is not signed, which is said unless it was `told` before.
        """
        try:
            with CaseFile.open(folder.case_path, create=False) as case:
                case.sign(analysis_id)
                stored = case.read(analysis_id)
                if stored.is_finished:
                    note_record(stored.clip().sha256, folder.case_path)
        except CaseError as error:
            why = f"The analysis in {folder.case_path.name} is not signed: {error}"
            if why != told:
                self.progress.warned(path, why)
            return why
        return ""

    def _write_report(self, engine: EngineProcess, path: Path, folder: ReportFolder, analysis_id: int) -> None:
        case_path, target = str(folder.case_path.absolute()), str(folder.path.absolute())
        public_key = "" if self.key is None else public_pem(self.key)
        has_pdf = self.report == "pdf"
        try:
            for answer in engine.ask(
                lambda job: protocol.WriteReport(job, case_path, analysis_id, target, public_key, has_pdf=has_pdf),
            ):
                self._show(path, answer)
                if isinstance(answer, protocol.Failed):
                    raise _failed(answer)
        except EngineError:
            remove_drafts(folder.path, was_there=True)  # it holds the case file
            raise
        if self.key is not None:
            # Here and not in the engine process, which reads hostile files and is given no private key.
            sign_manifest(folder.path, self.key)

    def _scanned(
        self, path: Path, folder: ReportFolder, sha256: str, analysis: Analysis, reason: str = ""
    ) -> ScannedClip:
        name, found = folder.path.relative_to(self.out).as_posix(), analysis.summary
        numbers = found.fake_probability, found.false_positive_rate, found.n_real
        counts = found.frames_analysed, found.frames_scored
        values = *numbers, *counts, found.false_positive_interval
        clip = ScannedClip(printable_path(path), name, "analysed", reason, sha256, str(found.conclusion), *values)
        rates = applied_rates(analysis)
        if found.fake_probability is None or rates is None:
            return clip
        return replace(
            clip,
            false_negative_rate=rates.false_negative_rate,
            false_negative_interval=rates.false_negative_interval,
            n_fake=rates.n_fake,
        )

    def _show(self, path: Path, answer: protocol.Answer) -> None:
        match answer:
            case protocol.Working(stage=Stage()):
                self.progress.stage(path, str(answer.stage), int(answer.percent))
            case protocol.Working():
                self.progress.worked(path, answer.frames)
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


def printable_text(text: str) -> str:
    """Text as UTF-8; what file names hold of other encodings is escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def printable_path(path: Path) -> str:
    """A path as `printable_text`."""
    return printable_text(str(path))
