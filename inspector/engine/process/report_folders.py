"""Which folder a scanned file gets below the output folder: one per content, settings and model, never another's."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from inspector.domain.errors import CaseError, OutputError, VerificationError
from inspector.domain.settings import Settings
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.database import stated_clip
from inspector.engine.case.imports import admit
from inspector.engine.codec import from_json
from inspector.engine.file_names import plain_name
from inspector.engine.seal.manifest import MANIFEST, read_file

CASE_NAME = "case.inspector"
_HASH_DIGITS = 12
_NAMED = re.compile(rf"(.*)-([0-9a-f]{{{_HASH_DIGITS}}})(-\d+)?")
_IMPORTED = (
    "is kept, and the file analysed again in a new folder: the analysis there was made by another installation, or "
    "signed with another key."
)
_REPORT_FILES = (MANIFEST, "report.json")  # of which a whole report has both


class _Began(msgspec.Struct):
    started_at: str


@dataclass(frozen=True, slots=True)
class ReportFolder:
    """A folder that only the caller uses during this scan.

    `analysis_id` is the analysis in its case file that a former scan finished with the same settings and model, None if
    there is none; `is_reported` is whether its report is there too.
    """

    path: Path
    analysis_id: int | None = None
    is_reported: bool = False
    clip_path: str = ""  # where the evidence lay at the former scan
    remark: str = ""  # why a former scan's folder is not taken, one sentence

    @property
    def pdf(self) -> Path:
        """The report for people, which not every scan writes."""
        return self.path / "report.pdf"

    @property
    def case_path(self) -> Path:
        """The case file in it."""
        return self.path / CASE_NAME


class FolderLock:
    """Holds a folder against other programs until it is released; the system releases it with the process.

    Nothing is written: what is locked is the folder itself. Where that cannot be done, as on Windows and on some
    network file systems, every program gets it.
    """

    def __init__(self, folder: Path) -> None:
        self._handle = -1
        self.is_held = True  # whether no other program holds it
        if sys.platform == "win32":
            return
        import fcntl

        try:
            self._handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.is_held = False
            self.release()
        except OSError:
            self.release()

    def release(self) -> None:
        """Leave the folder to others."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


class ReportFolders:
    """Gives folders to the files of one scan; the calls may come from several threads."""

    def __init__(self, out: Path, settings: Settings, model_sha256: str) -> None:
        self._out, self._settings, self._model_sha256 = out, settings, model_sha256
        self._given: set[Path] = set()
        self._locks: dict[Path, FolderLock] = {}  # of the folders that are in use
        self._stated: dict[str, dict[int, str]] = {}  # see `_former_files`
        self._lock = threading.Lock()

    @cached_property
    def _former(self) -> dict[str, list[Path]]:
        """The folders that were there before, by the name and by the hash in their name; listed once for all files.

        Raises OutputError.
        """
        found: dict[str, list[Path]] = {}
        try:
            for folder in sorted(self._out.iterdir()):
                if named := _NAMED.fullmatch(folder.name):
                    for key in named[1], named[2]:
                        found.setdefault(key, []).append(folder)
        except OSError as error:
            cause = error.strerror or str(error)
            raise OutputError(f"{self._out} cannot be read ({cause}); choose another folder with --out.") from error
        return found

    def claim(self, clip: Path, sha256: str) -> ReportFolder:
        """The folder of a former scan of the same evidence with the same settings and model, else a new one.

        Of several the one of the same path is preferred, then of the same name: the evidence may be there twice, or
        may have been moved; the last choice is one in which a scan was ended before its analysis began. One in which
        another scan is at work at this moment is not taken. `release` it at the end. Raises OutputError.
        """
        with self._lock:
            known = [folder for folder in self._known(sha256) if folder.path not in self._given]
            same_path, name = str(clip.absolute()), plain_name(clip.stem, "clip")
            known.sort(key=lambda folder: (not folder.clip_path, folder.clip_path != same_path,
                                           not folder.path.name.startswith(name)))  # fmt: skip
            held = (self._held(folder.path, sha256) for folder in known)
            folder = next((each for each in held if each is not None), None)
            if folder is None:
                remark = self._remark(sha256)
                folder = ReportFolder(self._made(f"{name}-{sha256[:_HASH_DIGITS]}"), remark=remark)
                self._locks[folder.path] = FolderLock(folder.path)  # before there is a case file in it, nobody wants it
            self._given.add(folder.path)
            return folder

    def release(self, folder: ReportFolder) -> None:
        """Leave a folder to other scans; this one does not give it again."""
        with self._lock:
            self._locks.pop(folder.path).release()

    def _held(self, path: Path, sha256: str) -> ReportFolder | None:
        """A folder that no other scan works in; what is in it is read again, since one may just have ended."""
        lock = FolderLock(path)
        folder = self._state(path, sha256) if lock.is_held else None
        if folder is None:
            lock.release()
            return None
        self._locks[path] = lock
        return folder

    def likely(self, clip: Path) -> ReportFolder | None:
        """The folder of a former scan, with the same settings and model, of a file of the same name and size.

        That is known before the file is hashed. Of a file that was renamed it is None. Raises OutputError.
        """
        try:
            size = clip.stat().st_size
        except (OSError, ValueError):  # whoever reads the file says it
            return None
        sha256 = self._former_files(plain_name(clip.stem, "clip")).get(size)
        return None if sha256 is None else next(self._known(sha256), None)

    def _former_files(self, name: str) -> dict[int, str]:
        """The SHA-256 of formerly scanned files of a name by their size, as their case files state them.

        These are read once, and not admitted: most belong to other files than the one that is scanned.
        """
        if name not in self._stated:
            clips = [stated_clip(folder / CASE_NAME) for folder in self._former.get(name, ()) if _has_case(folder)]
            self._stated[name] = {clip.size_bytes: clip.sha256 for clip in clips if clip is not None}
        return self._stated[name]

    def _known(self, sha256: str) -> Iterator[ReportFolder]:
        """The folders whose analysis is that of this scan, in a fixed order."""
        states = (self._state(folder, sha256) for folder in self._former.get(sha256[:_HASH_DIGITS], ()))
        yield from (folder for folder in states if folder is not None)

    def _state(self, folder: Path, sha256: str) -> ReportFolder | None:
        """A former folder as it is now; None if its analysis is not that of this scan."""
        if not _has_case(folder):
            return None
        try:
            admit(folder / CASE_NAME)
            with CaseFile.open(folder / CASE_NAME, create=False) as case:
                known = case.matching(sha256, self._settings, self._model_sha256)
                is_empty = case.newest_id() is None
                stored = None if known is None else case.read(known.analysis_id)
                started_at, clip_path = ("", "") if stored is None else (stored.started_at(), stored.clip().path)
        except CaseError:
            return None  # damaged, or of a newer version: it is left alone
        reported = _reported(folder)
        if is_empty and reported is None:
            return ReportFolder(folder)
        # A report of another analysis in the same case file is another's folder.
        if known is None or reported not in (None, started_at):
            return None
        finished = known.analysis_id if known.is_finished else None
        return ReportFolder(folder, finished, reported is not None, clip_path)

    def _remark(self, sha256: str) -> str:
        """Why the analysis of this scan is made anew though a former folder may have it, "" if none has."""
        for folder in filter(_has_case, self._former.get(sha256[:_HASH_DIGITS], ())):
            try:
                admit(folder / CASE_NAME)
                with CaseFile.open(folder / CASE_NAME, create=False) as case:
                    if case.matching(sha256, self._settings, self._model_sha256, is_imported=True) is not None:
                        return f"{folder.name} {_IMPORTED}"
            except CaseError as error:
                return f"{folder.name} is kept, and the file analysed in a new folder: {error}"
        return ""

    def _made(self, name: str) -> Path:
        """A new folder; its name gets a number if it is taken, whatever is in it."""
        for number in range(1, 10_000):
            folder = self._out / (name if number == 1 else f"{name}-{number}")
            try:
                folder.mkdir(parents=True)
            except FileExistsError:
                continue
            except OSError as error:
                cause = error.strerror or str(error)
                raise OutputError(f"{folder} cannot be made ({cause}); choose another folder with --out.") from error
            return folder
        raise OutputError(f"{self._out} holds too many folders of {name}; choose another folder with --out.")


def _has_case(folder: Path) -> bool:
    """Whether a folder has a case file of its own that can be used: a link would lead the writing elsewhere."""
    try:
        is_linked = folder.is_symlink() or (folder / CASE_NAME).is_symlink()
        return not is_linked and CaseFile.exists(folder / CASE_NAME)
    except OSError:  # another user's, in a folder that both scan into
        return False


def _reported(folder: Path) -> str | None:
    """When the analysis began whose whole report is in a folder; None if there is none."""
    try:
        if not all((folder / name).is_file() for name in _REPORT_FILES):
            return None
        return from_json(read_file(folder / "report.json"), _Began).started_at
    except (OSError, ValueError, VerificationError):
        return None
