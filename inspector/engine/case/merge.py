"""Merges the case files of two examiners about the same evidence: what both wrote is kept, side by side.

The second examiner works on a copy of the first one's case file, under an own name. The analyses are those of the first
file; decisions are about findings, which have the same names in a copy.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from inspector.domain.case import FaceName, Review, disagreements
from inspector.domain.errors import CaseError
from inspector.engine.case.annotations import Annotation, describe
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.case_folder import copy_analysis
from inspector.engine.case.chain import BROKEN
from inspector.engine.case.database import copied_to_read
from inspector.engine.case.imports import admit


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge: how many annotations were added, what the two contradict each other in, what was left.

    `unconfirmed` are those that were added in the name of the first file's examiner, which that file does not have.
    """

    added: int
    disagreements: tuple[str, ...]
    left_out: tuple[str, ...]
    unconfirmed: tuple[str, ...] = ()


def merge(first: Path, second: Path, out: Path) -> Merged:
    """Write the case file `out`: `first` with the annotations of `second` that it does not have.

    Neither of the two is changed. Raises CaseError, also if they are about different evidence or `out` exists.
    """
    if out.exists():
        raise CaseError(f"{out} exists already; choose another name for the merged case file.")
    folder = Path(tempfile.mkdtemp(prefix="inspector-merge-"))
    try:
        copies = [folder / f"{number}{first.suffix}" for number in (1, 2)]
        for source, copy in zip((first, second), copies, strict=True):
            if not source.is_file():
                raise CaseError(f"{source} is no case file; name a file that ends in .inspector.")
            copied_to_read(source, copy)
            try:
                admit(copy)  # a stranger's is only opened once it was checked row by row
            except CaseError as error:
                raise CaseError(str(error).replace(str(copy), str(source))) from error
        with CaseFile.open(copies[0], create=False) as one, CaseFile.open(copies[1], create=False) as two:
            merged = _add(one, two, first, second)
        copy_analysis(copies[0], out)
    except OSError as error:
        raise CaseError(
            f"The case files cannot be merged ({error.strerror}); free some space or check the permissions."
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return merged


def _add(one: CaseFile, two: CaseFile, first: Path, second: Path) -> Merged:
    """Add to `one`, a copy of `first`, what only `two` has, which is one of `second`.

    Both are named by their paths: the case files of all scans are called case.inspector.
    """
    evidence = [_evidence(case) for case in (one, two)]
    if not evidence[0] & evidence[1]:
        raise CaseError(
            f"{first} and {second} are about different evidence and cannot be merged; name two copies of one case file."
        )
    other = str(Path(second.absolute().parent.name, second.name))  # a whole path would name the user in every report
    one.log("case file merged", f"{other}, of {two.case_info().examiner or 'an examiner who is not stated'}")
    unconfirmed = tuple(_in_the_name_of(one, two))
    merged = add_annotations(one, two, other)
    for sentence in unconfirmed:
        one.log("merged in the name of the first examiner", sentence)
    return replace(merged, unconfirmed=unconfirmed)


def _in_the_name_of(one: CaseFile, two: CaseFile) -> Iterator[str]:
    """What `two` has in the name of the examiner of `one`, and `one` does not: somebody else may have written it."""
    examiner, known = one.case_info().examiner, {_content(each) for each in annotations_of(one)}
    for each in annotations_of(two):
        if examiner and getattr(each, "author", "") == examiner and _content(each) not in known:
            yield f"{examiner}: {describe(each)}"


def add_annotations(one: CaseFile, two: CaseFile, name: str) -> Merged:
    """Add to `one` the annotations that only `two`, a file called `name`, has; what does not hold of its log is noted.

    A second decision of the same examiner on the same finding is left out, and logged. Raises CaseError.
    """
    for problem in two.database.log_problems():  # the merged file's own chain would hide what was changed in it
        one.log(BROKEN, f"in {name}, {problem}")
    known = {_content(each) for each in annotations_of(one)}
    reviewed = {(review.finding, review.author) for review in one.annotations.reviews()}
    named = {(name.analysis, name.track) for name in one.annotations.names()}
    added, left_out = 0, []
    for each in annotations_of(two):
        if _content(each) in known:
            continue
        if isinstance(each, Review) and (each.finding, each.author) in reviewed:
            sentence = f"{each.author or 'an examiner who is not stated'} decided otherwise in {name}: {describe(each)}"
            one.log("review left out", sentence)
            left_out.append(sentence)
            continue
        if isinstance(each, FaceName) and (each.analysis, each.track) in named:
            sentence = f"{each.author or 'an examiner who is not stated'} has another name in {name}: {describe(each)}"
            one.log("name left out", sentence)
            left_out.append(sentence)
            continue
        number: dict[str, Any] = {fields(each)[0].name: 0}
        one.annotations.put(replace(each, **number))
        added += 1
    return Merged(added, disagreements(one.annotations.reviews()), tuple(left_out))


def _evidence(case: CaseFile) -> set[str]:
    rows = case.database.rows("SELECT DISTINCT json_extract(clip, '$.sha256') AS sha256 FROM analyses")
    return {str(row["sha256"]) for row in rows}


def annotations_of(case: CaseFile) -> Iterator[Annotation]:
    """Everything that examiners wrote into a case file, apart from its cover."""
    kept = case.annotations
    yield from kept.notes()
    yield from kept.bookmarks()
    yield from kept.pictures()
    yield from kept.reviews()
    yield from kept.names()


def _content(each: Annotation) -> tuple[object, ...]:
    """An annotation without its number, which each file gives anew."""
    return type(each), *(getattr(each, item.name) for item in fields(each)[1:])
