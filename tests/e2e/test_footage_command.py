"""`inspector footage`: exhibits of a case that share footage, and those that cannot be compared."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspector import cli
from inspector.domain.analysis import Batch, SignalBlock
from inspector.domain.errors import CaseError
from inspector.domain.settings import Settings
from inspector.engine.case import database
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.merge import merge
from inspector.engine.provenance.coding.blocks import HASH_TRACK, words
from tests.disk import refuse_reading
from tests.engine.provenance.coding.test_history import clip_of
from tests.engine.provenance.coding.test_same_footage import Hashes, film


def make_case(path: Path, hashes: Hashes | None, sha256: str) -> Path:
    clip = replace(clip_of(500), sha256=sha256 * 64)
    path.parent.mkdir(parents=True, exist_ok=True)
    with CaseFile.open(path) as case:
        number = case.begin(clip, Settings(), "m")
        blocks: tuple[SignalBlock, ...] = ()
        if hashes is not None:
            pts = np.array([clip.pts(float(second)) for second in hashes[0]], np.int64)
            blocks = (SignalBlock(HASH_TRACK, pts, words([int(value) for value in hashes[1]])),)
        case.append(number, Batch((), (), (), signals=blocks), {})
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = film(20, 1)
    inside = (source[0] >= 6) & (source[0] < 12)
    make_case(tmp_path / "scan" / "broadcast" / "case.inspector", source, "a")
    make_case(tmp_path / "scan" / "shared post" / "case.inspector", (source[0][inside] - 6, source[1][inside]), "b")
    make_case(tmp_path / "scan" / "other" / "case.inspector", film(20, 5), "c")
    make_case(tmp_path / "scan" / "older" / "case.inspector", None, "d")
    return tmp_path / "scan"


def test_exhibits_that_share_footage_are_listed_with_their_times(folder: Path, capsys: pytest.CaptureFixture[str]):
    before = {path: path.read_bytes() for path in folder.rglob("*.inspector")}
    assert cli.run(["footage", str(folder)]) == 0
    said, problems = capsys.readouterr()
    assert said.splitlines() == [
        "broadcast 6.0 to 11.8 s looks like shared post 0.0 to 5.8 s; 0.0 of 64 bits differ",
    ]
    assert "older: its analysis has no hashes; analyse it again" in problems
    assert {path: path.read_bytes() for path in folder.rglob("*.inspector")} == before


def test_the_same_as_json(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]):
    assert cli.run(["footage", "--json", str(folder)]) == 0
    found = json.loads(capfdbinary.readouterr().out)
    assert [each["name"] for each in found["exhibits"]] == ["broadcast", "older", "other", "shared post"]
    (pair,) = found["shared"]
    assert (pair["first"], pair["second"]) == (0, 3)
    assert pair["stretches"][0]["other_start"] == 0.0


def test_a_folder_without_cases_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.run(["footage", str(tmp_path)]) == 1
    assert "holds no case file" in capsys.readouterr().err


def test_a_case_file_that_cannot_be_read_is_named_and_not_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    refuse_reading(monkeypatch, database, folder / "broadcast" / "case.inspector")
    assert cli.run(["footage", str(folder)]) == 1
    said, problems = capsys.readouterr()
    assert "is shared among 2 exhibits" in said
    assert "broadcast/case.inspector cannot be copied to be read (Permission denied); check its perm" in problems
    with pytest.raises(CaseError, match=r"case\.inspector cannot be copied to be read \(Permission denied\)"):
        merge(folder / "broadcast" / "case.inspector", folder / "other" / "case.inspector", folder / "merged.inspector")
