"""A case of several exhibits: a folder with a case.json, which lists them, and one case file (SQLite) per exhibit.

The folder may come from a stranger. Files are written to plain names in the folder itself and never through a link. The
paths in the list are only read from, and a clip is accepted only if its SHA-256 agrees.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath
from types import MappingProxyType

import msgspec

from inspector.domain.case import Case, CaseExhibit, FileStatus
from inspector.domain.errors import CaseError, ClipError
from inspector.engine import atomic
from inspector.engine.case.database import connect
from inspector.engine.codec import from_json, to_pretty_json
from inspector.engine.decode.evidence import check_file, detect_kind, hash_file, read_header
from inspector.engine.local_path import is_local
from inspector.engine.percent import Tell
from inspector.engine.regular_file import read_regular

CASE_JSON = "case.json"
CASE_SCHEMA = "deepfake-inspector-case/1"
ANALYSIS_SUFFIX = ".inspector"
MOST_EXHIBITS = 5000
MOST_BYTES = 16 * 1024 * 1024
_MOST_TEXT = 500
_SHA256 = re.compile(r"[0-9a-f]{64}")
# SQLite writes to these beside its file: a link under one of the names would lead its writing elsewhere.
_SQLITE_SUFFIXES = ("", "-journal", "-wal", "-shm")


class _Header(msgspec.Struct):
    schema: str


class _Stored(msgspec.Struct):
    schema: str
    case: Case


@dataclass(frozen=True, slots=True)
class CaseFolder:
    """A case and the folder it lies in; `stamp` is the SHA-256 of its case.json as last read or written."""

    folder: Path
    case: Case
    stamp: str


@dataclass(frozen=True, slots=True)
class Found:
    """Where an exhibit's clip was looked for and what was found; `sentence` states the problem, "" if there is none."""

    path: Path
    file_status: FileStatus
    sentence: str = ""


# --- the list --------------------------------------------------------------------------------------------------------


def is_case_path(path: Path) -> bool:
    """Whether a path names a case: a folder, or a case.json."""
    # Not `Path.is_dir`, which raises what the system refuses: whoever opens the file has the sentence for that.
    return path.name == CASE_JSON or os.path.isdir(path)  # noqa: PTH112


def create_case(folder: Path, case: Case, analyses: Mapping[str, Path] = MappingProxyType({})) -> CaseFolder:
    """Create a case in a folder, which is created if missing. Raises CaseError, also if the folder holds a case.

    `analyses` maps names in the new folder to existing case files; they are copied before the list names them.
    """
    if (folder / CASE_JSON).exists():
        raise CaseError(f"{folder} holds a case already; open it, or choose another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CaseError(f"{folder} cannot be made ({error.strerror}); choose another folder for the case.") from error
    for name, source in analyses.items():
        copy_analysis(source, folder / name)
    return CaseFolder(folder, case, save_case(folder, case, ""))


def open_case(path: Path) -> CaseFolder:
    """Read a case by its folder or its case.json. Raises CaseError; no clip is touched."""
    folder = _whole(path.parent if path.name == CASE_JSON else path)
    data = _read(folder / CASE_JSON)
    case = _decoded(folder / CASE_JSON, data)
    for exhibit in case.exhibits:
        analysis_path(folder, exhibit)
    return CaseFolder(folder, case, hashlib.sha256(data).hexdigest())


def save_case(folder: Path, case: Case, stamp: str) -> str:
    """Write case.json whole or not at all, and return its new stamp. Raises CaseError.

    `stamp` is that of the case.json that this one replaces, "" for none: a change that another window made since then
    is not overwritten.
    """
    target = folder / CASE_JSON
    if (_stamp(target) if target.exists() else "") != stamp:
        raise CaseError(f"{target} was changed by another window or program; open the case again to go on from there.")
    for wrong in _objections(case):
        raise CaseError(f"{target} cannot be saved: {wrong}; take back the last change.")
    data = to_pretty_json(_Stored(CASE_SCHEMA, case))
    try:
        atomic.remove_drafts(folder, CASE_JSON)  # left by a process that was killed in the middle of a save
        atomic.write_bytes(target, data)
    except OSError as error:
        cause = error.strerror or str(error)
        raise CaseError(
            f"{target} cannot be written ({cause}); free some space or check the permissions. What was saved stays."
        ) from error
    return hashlib.sha256(data).hexdigest()


def _stamp(path: Path) -> str:
    return hashlib.sha256(_read(path)).hexdigest()


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise CaseError(f"{path.parent} holds no {CASE_JSON}; choose the folder of a case, or make a new case.")
        data = read_regular(path, MOST_BYTES)
    except OSError as error:
        raise CaseError(f"{path} cannot be read ({error.strerror}); check the disk or the permissions.") from error
    if data is None:
        raise CaseError(f"{path} is larger than {MOST_BYTES >> 20} MiB, which no case is; choose another one.")
    return data


def _decoded(path: Path, data: bytes) -> Case:
    try:
        schema = from_json(data, _Header).schema
        if schema == CASE_SCHEMA:
            case = from_json(data, _Stored).case
        else:
            raise CaseError(_other_schema_text(path, schema))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise CaseError(f"{path} is damaged or no case ({error}); take it from a copy, or make a new case.") from error
    for wrong in _objections(case):
        raise CaseError(f"{path} is not safe to use: {wrong}; request it again from its source.")
    return case


def _other_schema_text(path: Path, schema: str) -> str:
    family, _, known = CASE_SCHEMA.rpartition("/")
    found, _, version = schema.rpartition("/")
    if found == family and version.isascii() and version.isdigit() and int(version[:9]) > int(known):
        return f"The case in {path.parent} was made by a newer version of this program; update the program to open it."
    return f"{path} has the format {schema[:60]!r}, and no version of this program wrote that; choose another folder."


def _objections(case: Case) -> Iterator[str]:
    """The reasons why a case.json cannot be used."""
    exhibits = case.exhibits
    if len(exhibits) > MOST_EXHIBITS:
        yield f"it lists {len(exhibits)} exhibits, more than {MOST_EXHIBITS}"
    for text in (case.name, case.examiner, case.organisation, *(e.label for e in exhibits)):
        if len(text) > _MOST_TEXT or not text.isprintable():
            yield "a name in it is too long or has characters that cannot be printed"
    for exhibit in exhibits:
        if not _SHA256.fullmatch(exhibit.sha256) or exhibit.size_bytes < 0:
            yield "the SHA-256 or size of an exhibit is none"
        if not is_plain_name(exhibit.analysis_file):
            yield f"an analysis file is called {exhibit.analysis_file[:60]!r}, which is no plain name"
        if not (is_local(exhibit.path) and (not exhibit.guess or is_local(exhibit.guess))):
            yield f"an exhibit's path is {exhibit.path[:60]!r}"
    for values in ([e.exhibit_id for e in exhibits], [e.analysis_file.lower() for e in exhibits]):
        if len(set(values)) < len(values):
            yield "two exhibits in it share a number or an analysis file"


def is_plain_name(name: str) -> bool:
    """Whether an analysis file may have this name: it must lie in the folder itself, on every system."""
    is_plain = re.fullmatch(r"[A-Za-z0-9][\w.\- ]{0,100}\.inspector", name, re.ASCII) is not None
    return is_plain and not PureWindowsPath(name).is_reserved()  # "con.inspector" is a device on Windows


def _whole(path: Path) -> Path:
    """Absolute and without "..", independent of the working folder; links are kept as the examiner wrote them."""
    return Path(os.path.abspath(path))  # noqa: PTH100


# --- exhibits --------------------------------------------------------------------------------------------------------


def read_evidence(
    path: Path, is_wanted: Callable[[], bool] = lambda: True, tell: Tell | None = None
) -> tuple[str, int]:
    """SHA-256 and size of a file that may be a clip or still; `tell` gets the percentage, as it is slow.

    Raises ClipError for what cannot be one.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        name = path.name.encode("utf-8", "backslashreplace").decode()
        raise ClipError(f"{name} has a name or folder that is not valid UTF-8; rename a copy of it.") from None
    size = check_file(path).st_size
    detect_kind(path, read_header(path))
    return hash_file(path, is_wanted, tell), size


def new_exhibit(folder: Path, case: Case, clip: Path, sha256: str, size_bytes: int, added_at: str) -> CaseExhibit:
    """An entry for a clip that is not in the case yet, with the next number as its label. This does not save it."""
    exhibits = case.exhibits
    numbers = [int(e.label) for e in exhibits if e.label.isascii() and e.label.isdigit() and len(e.label) < 9]
    path, guess = noted_path(folder, clip)
    return CaseExhibit(
        exhibit_id=max((e.exhibit_id for e in exhibits), default=0) + 1,
        label=str(max(numbers, default=0) + 1),
        path=path,
        sha256=sha256,
        size_bytes=size_bytes,
        analysis_file=analysis_name(case, sha256),
        guess=guess,
        added_at=added_at,
    )


def analysis_name(case: Case, sha256: str) -> str:
    """The name of a new exhibit's case file, from its hash, so that a clip that is added again finds its analysis."""
    name = f"{sha256[:16]}{ANALYSIS_SUFFIX}"
    is_taken = any(exhibit.analysis_file == name for exhibit in case.exhibits)
    return f"{sha256}{ANALYSIS_SUFFIX}" if is_taken else name  # the 16 digits can be made to agree


def stream_case_path(path: Path, number: int | None) -> Path:
    """The case file of one stream of an exhibit, beside `path`, the one of its main stream (None) or any other.

    Streams have files of their own, so that neither their scores nor the examiner's notes mix.
    """
    stem = re.sub(r"\.stream-\d+$", "", path.stem)
    return path.with_name(f"{stem}{'' if number is None else f'.stream-{number}'}{path.suffix}")


def noted_path(folder: Path, clip: Path) -> tuple[str, str]:
    """A clip's path as the case stores it: relative below or beside the case's folder, else absolute with a guess."""
    clip, folder = _whole(clip), _whole(folder)
    try:
        relative = PurePath(os.path.relpath(clip, folder)).as_posix()
    except ValueError:  # on another drive
        return str(clip), ""
    is_near = clip.is_relative_to(folder.parent) and folder.parent != Path(folder.anchor)
    return (relative, "") if is_near else (str(clip), relative)


def candidates(folder: Path, exhibit: CaseExhibit) -> list[Path]:
    """Where an exhibit's clip may be: as stored, moved together with the case, or directly in or beside the folder.

    A path that is not on this computer is not looked at.
    """
    name = PureWindowsPath(exhibit.path).name  # knows both kinds of slashes
    places = [folder / path for path in (exhibit.path, exhibit.guess) if path and is_local(path)]
    places += [folder / name, folder.parent / name]
    return list(dict.fromkeys(_whole(path) for path in places))


def look_for(
    folder: Path, exhibit: CaseExhibit, is_wanted: Callable[[], bool] = lambda: True, tell: Tell | None = None
) -> Found:
    """Find an exhibit's clip and compare its SHA-256 with the case's; slow for what is there, while it `is_wanted`.

    `tell` gets the percentage.
    """
    places = candidates(folder, exhibit)
    other: Path | None = None
    for path in places:
        try:
            is_same = path.stat().st_size == exhibit.size_bytes and hash_file(path, is_wanted, tell) == exhibit.sha256
        except (OSError, ClipError, ValueError):
            continue
        if is_same:
            return Found(path, FileStatus.FOUND)
        other = other or path
    if other is not None:
        return Found(other, FileStatus.OTHER, other_file_text(other, exhibit))
    return Found(places[0], FileStatus.MISSING, missing_file_text(places[0]))


def missing_file_text(path: Path) -> str:
    """The message on an exhibit whose clip was not found."""
    return f"{path.name} is missing: it is not at {path}; choose its new location."


def other_file_text(path: Path, exhibit: CaseExhibit) -> str:
    """The message on a file that is not the exhibit at whose path it lies."""
    return (
        f"{path.name} is another file than {f'exhibit {exhibit.label}' if exhibit.label else 'the one analysed'} "
        "(its SHA-256 differs); choose the original."
    )


def analysis_path(folder: Path, exhibit: CaseExhibit) -> Path:
    """The path of an exhibit's case file. Raises CaseError if a link leads writing out of the folder."""
    path = folder / exhibit.analysis_file
    if not is_plain_name(exhibit.analysis_file) or any(
        path.with_name(path.name + suffix).is_symlink() for suffix in _SQLITE_SUFFIXES
    ):
        raise CaseError(f"{path} leads out of the case's folder; remove that link and open the case again.")
    return path


def delete_analyses(path: Path) -> None:
    """Delete a clip's case file, those of its other streams, and what SQLite or an import left beside them.

    Raises CaseError.
    """
    stem, suffix = stream_case_path(path, None).stem, re.escape(path.suffix)
    name = rf"{re.escape(stem)}(\.stream-\d+)?{suffix}"
    pattern = re.compile(rf"{name}(\.received(-\d+)?)?(-journal|-wal|-shm)?|\.{name}\.\w+\.(import|partial)(-journal)?")
    try:
        for found in path.parent.iterdir():
            if pattern.fullmatch(found.name):  # the last ones are of a process that was killed
                shutil.rmtree(found) if found.is_dir() and not found.is_symlink() else found.unlink()
    except OSError as error:
        raise CaseError(
            f"{path} cannot be deleted ({error.strerror}); close other windows that show this clip and try again."
        ) from error


def copy_analysis(source: Path, target: Path) -> None:
    """Copy a case file; it takes its name when complete, and an existing one is kept. Raises CaseError."""
    if not source.exists() or target.exists():
        return
    try:
        atomic.remove_drafts(target.parent, target.name)
        # SQLite's backup waits for other writers of the source.
        with (
            atomic.replacing(target) as draft,
            closing(connect(source)) as old,
            closing(sqlite3.connect(draft)) as new,
        ):
            new.execute("PRAGMA journal_mode = OFF")  # on a full disk it would stay beside the draft
            old.backup(new)
    except (OSError, sqlite3.Error) as error:
        cause = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise CaseError(
            f"The case file cannot be copied to {target.parent} ({cause}); free some space there, or choose another "
            "folder."
        ) from error
