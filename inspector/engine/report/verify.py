"""Checks report folders from anybody: files against the manifest, its signature, the log, the evidence."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from inspector.domain.errors import CaseError, ClipError, VerificationError
from inspector.engine.case.imports import read_chain
from inspector.engine.decode.evidence import hash_file
from inspector.engine.regular_file import files_below
from inspector.engine.report.recorded import REPORT, Recorded, read_recorded
from inspector.engine.seal.keys import check_signature
from inspector.engine.seal.manifest import BESIDE, MANIFEST, SIGNATURE, STAMP, file_sha256, read_manifest
from inspector.engine.seal.stamp import check_stamp

CASE_SUFFIX = ".inspector"
_MAIN_FILES = (REPORT, "report.pdf", "case-summary.json")
_FINGERPRINT_DIGITS = 64
_EVIDENCE = "evidence"


class Status(StrEnum):
    """What a check found."""

    HOLDS = "holds"
    MISSING = "missing"
    CHANGED = "changed"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was checked, with what was found; `detail` is a phrase or a sentence, "" for none."""

    subject: str
    status: Status
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """The checks of one folder with a manifest."""

    folder: Path
    checks: tuple[Checked, ...]

    @property
    def holds(self) -> bool:
        """Whether something was checked, and nothing is missing or changed."""
        return not self.wrong and any(check.status is Status.HOLDS for check in self.checks)

    @property
    def wrong(self) -> tuple[Checked, ...]:
        """What is missing or changed."""
        return tuple(check for check in self.checks if check.status in (Status.MISSING, Status.CHANGED))

    @property
    def unchecked(self) -> tuple[str, ...]:
        """What was not checked."""
        return tuple(check.subject for check in self.checks if check.status is Status.UNCHECKED)


@dataclass(frozen=True, slots=True)
class Means:
    """What the reader has besides the report: the evidence, a file or a folder that holds it."""

    evidence: Path | None = None
    fingerprint: str = ""  # of the examiner's key, as the examiner gave it
    authority: Path | None = None  # certificates of the time stamp authority, PEM


def verify(path: Path, means: Means) -> list[CheckedReport]:
    """Check a report by its folder or a file in it, or all reports in a folder of reports.

    Raises VerificationError if there is none, or if a manifest is none.
    """
    if path.suffix == CASE_SUFFIX:
        return [CheckedReport(path, (_log(path, ()), *_not_compared(means, [])))]
    start = path if _is_folder(path) else path.parent
    refused: dict[Path, OSError] = {}
    files = files_below(start, refused.__setitem__)
    if start == path and start in refused:
        cause = refused[start].strerror
        raise VerificationError(f"{path} cannot be listed ({cause}); ask for permission to read it.")
    folders = [found.parent for found in files if found.name == MANIFEST] if start == path else [start]
    if not folders or not (folders[0] / MANIFEST).exists():
        raise VerificationError(f"{path} holds no {MANIFEST}; name the folder of a report.")
    if means.fingerprint and len(_digits(means.fingerprint)) != _FINGERPRINT_DIGITS:
        raise VerificationError(
            f"“{means.fingerprint}” is no fingerprint, which has {_FINGERPRINT_DIGITS} hexadecimal digits; enter all."
        )
    if start != path and path.name not in {MANIFEST, *BESIDE, *read_manifest(start / MANIFEST)}:
        raise VerificationError(f"{path} is no part of the report beside it: {MANIFEST} does not name it.")
    evidence = None if means.evidence is None else _hashes(means.evidence)
    checked = [CheckedReport(folder, tuple(_checks(folder, means, evidence))) for folder in folders]
    bare = (
        *_without_manifest(start, files, set(folders)),
        *_unlisted_folders(start, refused),
        *_not_compared(means, checked),
    )
    return [*([CheckedReport(start, bare)] if bare else []), *checked]


def _is_folder(path: Path) -> bool:
    """Whether a path that exists leads to a folder. Raises VerificationError."""
    try:
        path.lstat()
        return path.is_dir()
    except FileNotFoundError:
        raise VerificationError(f"{path} does not exist; check the path.") from None
    except OSError as error:
        raise VerificationError(f"{path} cannot be read ({error.strerror}); check the path and permissions.") from error


def _unlisted_folders(start: Path, refused: Mapping[Path, OSError]) -> Iterator[Checked]:
    """Folders below that nobody could look into: reports in them must not pass unseen."""
    for folder, error in sorted(refused.items()):
        name = folder.relative_to(start).as_posix()
        yield Checked(f"{name}/", Status.MISSING, f"it cannot be listed ({error.strerror})")


def _without_manifest(start: Path, files: list[Path], folders: set[Path]) -> Iterator[Checked]:
    """Reports whose manifest was removed: another one below must not stand for them."""
    for found in files:
        if found.name in _MAIN_FILES and folders.isdisjoint(found.parents):
            subject = f"{MANIFEST} of {found.relative_to(start).as_posix()}"
            yield Checked(subject, Status.MISSING, "nothing says whether this file is as it was written")


def _not_compared(means: Means, reports: list[CheckedReport]) -> Iterator[Checked]:
    """Evidence that was named, in vain: what is asked for must not pass because no report says of what it is."""
    of_evidence = [check for report in reports for check in report.checks if check.subject == _EVIDENCE]
    if means.evidence is not None and all(check.status is Status.UNCHECKED for check in of_evidence):
        yield Checked(_EVIDENCE, Status.MISSING, "no report here names the SHA-256 of its evidence")


def require_as_written(folder: Path) -> None:
    """Raise VerificationError unless every file of a report is there with the hash that its manifest names."""
    for name, sha256 in read_manifest(folder / MANIFEST).items():
        check = _file(folder, name, sha256)
        if check.status is not Status.HOLDS:
            raise VerificationError(f"{folder / name} is {check.status}; write the report again before you sign it.")


def _checks(folder: Path, means: Means, evidence: set[str] | None) -> Iterator[Checked]:
    listed = read_manifest(folder / MANIFEST)
    for name, sha256 in listed.items():
        yield _file(folder, name, sha256)
    yield from _unlisted(folder, set(listed))
    if REPORT in listed:
        yield _evidence(folder / REPORT, means, evidence)
        yield from _logs(folder)
    yield _signature(folder, means)
    yield _stamp(folder, means)


def _file(folder: Path, name: str, sha256: str) -> Checked:
    path = folder / name
    try:
        is_linked = any(each.is_symlink() for each in path.parents if each.is_relative_to(folder) and each != folder)
        if is_linked or not stat.S_ISREG(path.lstat().st_mode):
            return Checked(name, Status.CHANGED, "it is no file of its own, but a link, pipe or folder")
        found = file_sha256(path)
    except FileNotFoundError:
        return Checked(name, Status.MISSING)
    except OSError as error:
        return Checked(name, Status.MISSING, f"it cannot be read ({error.strerror})")
    return Checked(name, Status.HOLDS) if found == sha256 else Checked(name, Status.CHANGED, "its SHA-256 differs")


def _unlisted(folder: Path, listed: set[str]) -> Iterator[Checked]:
    """Files that no manifest names; those of a report in a folder below are checked with that."""
    own = {MANIFEST, *BESIDE}
    files = files_below(folder)
    below = {path.parent for path in files if path.name == MANIFEST} - {folder}
    for path in files:
        name = path.relative_to(folder).as_posix()
        is_of_other = not below.isdisjoint(path.parents)
        if (
            name not in listed
            and name not in own
            and not (path.suffix == CASE_SUFFIX and path.parent == folder)  # see `_logs`
            and not is_of_other
        ):
            unnamed = "the manifest does not name it"
            if name in _MAIN_FILES:  # nobody would take it for a file that lies here by chance
                yield Checked(name, Status.CHANGED, f"{unnamed}, so nothing says whether it is as it was written")
            else:
                yield Checked(name, Status.UNCHECKED, f"{unnamed}: it is no part of the report")


def _logs(folder: Path) -> Iterator[Checked]:
    """The case files beside a report: `scan` leaves one."""
    report = _report(folder / REPORT)
    hashes = () if report is None else tuple(entry.chain for entry in report.audit)
    for path in sorted(folder.glob(f"*{CASE_SUFFIX}")):
        yield _log(path, hashes)


def _log(path: Path, hashes: tuple[str, ...]) -> Checked:
    """The chain of a case file's log, which must go on from the entries that the report has."""
    subject = f"log of {path.name}"
    try:
        problems, found = read_chain(path)
    except CaseError as error:
        return Checked(subject, Status.UNCHECKED, str(error))
    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        return Checked(subject, Status.CHANGED, f"{problems[0]}{more}")
    if not found and not any(hashes):
        return Checked(subject, Status.UNCHECKED, "it has no chain yet")
    if found[: len(hashes)] != hashes:
        return Checked(subject, Status.CHANGED, "it does not continue the log in the report")
    return Checked(subject, Status.HOLDS, f"{len(found)} entries")


def _signature(folder: Path, means: Means) -> Checked:
    """The manifest against its signature, whose key must be the one that the report and the examiner name."""
    subject = f"signature of {MANIFEST}"
    report = _report(folder / REPORT)
    named = report.seal.fingerprint if report is not None and report.seal is not None else ""
    if not (folder / SIGNATURE).exists():
        if named or means.fingerprint:
            return Checked(subject, Status.MISSING, f"it should be there, by the key {named or means.fingerprint}")
        return Checked(subject, Status.UNCHECKED, "it is not signed")
    try:
        found = check_signature(folder)
    except VerificationError as error:
        return Checked(subject, Status.CHANGED, str(error))
    for other, whose in ((named, "the report names"), (_digits(means.fingerprint), "you named")):
        if other and other != found:
            return Checked(subject, Status.CHANGED, f"it is by the key {found}, {whose} {other}")
    rest = "" if means.fingerprint else "; compare that with the one that the examiner gave you (--fingerprint)"
    return Checked(subject, Status.HOLDS, f"by the key with the fingerprint {found}{rest}")


def _digits(fingerprint: str) -> str:
    return "".join(c for c in fingerprint.lower() if c in "0123456789abcdef")


def _stamp(folder: Path, means: Means) -> Checked:
    subject = f"time stamp of {MANIFEST}"
    if not (folder / STAMP).exists():
        if means.authority is not None:
            return Checked(subject, Status.MISSING)
        return Checked(subject, Status.UNCHECKED, "there is none")
    try:
        moment = check_stamp(folder, means.authority)
    except VerificationError as error:
        return Checked(subject, Status.CHANGED, str(error))
    stated = f"{moment:%Y-%m-%d %H:%M:%S} UTC"
    if means.authority is None:
        problem = "who signed it was not checked: name the authority's certificates with --tsa"
        return Checked(subject, Status.UNCHECKED, f"{stated}, about this manifest; {problem}")
    return Checked(subject, Status.HOLDS, stated)


def _report(path: Path) -> Recorded | None:
    try:
        return read_recorded(path)
    except VerificationError:
        return None


def _evidence(report: Path, means: Means, hashes: set[str] | None) -> Checked:
    subject = _EVIDENCE
    read = _report(report)
    if read is None:
        return Checked(subject, Status.UNCHECKED, f"{REPORT} does not name its SHA-256")
    sha256 = read.clip.sha256
    if hashes is None:
        return Checked(subject, Status.UNCHECKED, "name the file with --evidence to have it compared")
    if sha256 in hashes:
        return Checked(subject, Status.HOLDS, f"SHA-256 {sha256}")
    if means.evidence is not None and means.evidence.is_dir():
        return Checked(subject, Status.MISSING, f"no file in {means.evidence} has the SHA-256 {sha256}")
    return Checked(subject, Status.CHANGED, f"its SHA-256 is not {sha256}")


def _hashes(evidence: Path) -> set[str]:
    """The SHA-256 of the file, or of each file below the folder. Raises ClipError if a single file cannot be read."""
    if not evidence.is_dir():
        return {hash_file(evidence)}
    found = set()
    for path in files_below(evidence):
        try:
            found.add(hash_file(path))
        except ClipError:
            continue  # unreadable: then the evidence is reported as missing
    return found
