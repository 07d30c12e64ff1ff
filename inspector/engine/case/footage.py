"""Which exhibits share footage, by the perceptual hashes that their analyses stored."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from inspector.domain.errors import CaseError
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.case_folder import ANALYSIS_SUFFIX, CASE_JSON, analysis_path, open_case
from inspector.engine.case.database import copied_to_read
from inspector.engine.case.imports import admit
from inspector.engine.provenance.coding.same_footage import Hashes, SharedStretch, shared_footage

MOST_FILES = 200  # so many pairs of them are compared within minutes


@dataclass(frozen=True, slots=True, eq=False)
class Footage:
    """The hashes of one exhibit: its name, its SHA-256, and why there are none, "" if there are."""

    name: str
    sha256: str
    hashes: Hashes
    problem: str = ""
    is_unreadable: bool = False  # of a case file that may hold some


@dataclass(frozen=True, slots=True)
class Shared:
    """Two exhibits that share footage, by their positions in what was compared."""

    first: int
    second: int
    stretches: tuple[SharedStretch, ...]


def case_files(paths: Iterable[Path]) -> list[tuple[str, Path]]:
    """The case files that paths name, with a name for each exhibit: case files, case folders, and folders of reports.

    Raises CaseError for a path that has none, and for more than MOST_FILES.
    """
    found: list[tuple[str, Path]] = []
    for path in paths:
        here = list(_files_of(path))
        if not here:
            raise CaseError(f"{path} holds no case file; name a case, a file {ANALYSIS_SUFFIX}, or a scan's folder.")
        found += here
    if len(found) > MOST_FILES:
        raise CaseError(f"{len(found)} case files are too many to compare; name at most {MOST_FILES}.")
    return found


def _files_of(path: Path) -> Iterator[tuple[str, Path]]:
    if path.name == CASE_JSON or (path / CASE_JSON).is_file():
        opened = open_case(path)
        for exhibit in opened.case.exhibits:
            yield exhibit.label or exhibit.path, analysis_path(opened.folder, exhibit)
    elif path.is_dir():
        for file in sorted(path.glob(f"*/*{ANALYSIS_SUFFIX}"))[: MOST_FILES + 1]:
            yield file.parent.name, file
    elif path.suffix == ANALYSIS_SUFFIX:
        yield path.stem, path


def read_footage(name: str, path: Path) -> Footage:
    """The hashes of the newest analysis in a case file, which may be a stranger's and is not changed."""
    nothing = np.zeros(0), np.zeros(0, np.uint64)
    if not path.is_file():
        return Footage(name, "", nothing, "it is not analysed yet")
    folder = Path(tempfile.mkdtemp(prefix="inspector-footage-"))
    try:
        copy = folder / f"copy{ANALYSIS_SUFFIX}"
        copied_to_read(path, copy)
        admit(copy)
        with CaseFile.open(copy, create=False) as case:
            number = case.newest_id()
            if number is None:
                return Footage(name, "", nothing, "it is not analysed yet")
            stored = case.read(number)
            clip, hashes = stored.clip(), stored.frame_hashes()
    except (CaseError, OSError) as error:
        return Footage(name, "", nothing, str(error), is_unreadable=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not hashes:
        return Footage(name, clip.sha256, nothing, "its analysis has no hashes; analyse it again")
    seconds = np.array([clip.seconds(each.pts) for each in hashes])
    return Footage(name, clip.sha256, (seconds, np.array([each.value for each in hashes], np.uint64)))


def find_shared(footage: list[Footage]) -> Iterator[Shared]:
    """The pairs that share footage."""
    for first, second in combinations(range(len(footage)), 2):
        stretches = shared_footage(footage[first].hashes, footage[second].hashes)
        if stretches:
            yield Shared(first, second, tuple(stretches))
