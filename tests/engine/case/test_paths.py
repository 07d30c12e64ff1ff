"""The paths in a stranger's case file: both places that name the evidence lead to this computer."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.engine.case.case_entry import point_to
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.imports import admit
from tests.engine.case.test_case_file import CLIP
from tests.engine.case.test_imports import made_case, tampered


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made_case(tmp_path / "a.inspector")
    return tmp_path / "a.inspector"


def test_a_path_elsewhere_is_not_hidden_behind_another_key(path: Path):
    """SQLite reads the first of two equal keys, and the program the last."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        own, twice = '"path":"a.mp4"', '"path":"a.mp4","path":"//evil/share/a.mp4"'
        raw.execute("UPDATE analyses SET mac = x'00', clip = replace(clip, ?, ?)", (own, twice))
        raw.execute("UPDATE analyses SET result = replace(result, ?, ?)", (own, twice))
    admit(path)
    with CaseFile.open(path) as case:
        found = case.read(1).result()
        assert found is not None
        assert (case.read(1).clip().path, found.clip.path) == ("a.mp4", "a.mp4")


def test_the_path_in_a_result_is_that_of_the_evidence_that_was_found(path: Path):
    tampered(path, "UPDATE analyses SET result = json_set(result, '$.clip.path', '//evil/share/a.mp4')")
    admit(path)
    with CaseFile.open(path) as case:
        point_to(case, CLIP.sha256, Path(CLIP.path))
        found = case.read(1).result()
        assert found is not None
        assert found.clip.path == CLIP.path
