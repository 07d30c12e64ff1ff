"""The log is a chain: what another tool changed in a case file shows, and what the program did holds."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.__main__ import main
from inspector.domain.case import Bookmark, CaseInfo, Decision, FaceName, Note, Review, SavedPicture
from inspector.domain.settings import Settings
from inspector.engine.case import imports
from inspector.engine.case.case_entry import point_to
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.imports import admit, read_chain
from inspector.engine.report.verify import Status, _log
from tests.engine.case.test_case_file import AT, CLIP, batch
from tests.engine.report.conftest import build


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A case with an analysis, a changed and a removed note, a bookmark and a decision, as bytes."""
    path = tmp_path_factory.mktemp("case") / "a.inspector"
    with CaseFile.open(path) as case:
        number = case.begin(CLIP, Settings(), "m")
        case.append(number, batch(), {"next": 3})
        case.finish(number, replace(build(4, 1).analysis, clip=CLIP))
        case.sign(number)
        case.set_case_info(CaseInfo(examiner="R. Roe", source="account @x"))
        note = case.annotations.put(Note(0, "R. Roe", AT, "the mouth", 40))
        case.annotations.put(replace(note, text="the mouth and the ear"))
        case.annotations.remove(case.annotations.put(Note(0, "R. Roe", AT, "wrong clip")))
        case.annotations.put(Bookmark(0, 40, "here", AT))
        case.annotations.put(Review(0, "track 1 | x | ", Decision.ACCEPTED, "agreed", "R. Roe", AT))
        case.annotations.put(FaceName(0, AT, 1, "the speaker", "R. Roe", AT))
        case.annotations.put(SavedPicture(0, 40, "eyes", "", "", "R. Roe", AT))
        case.log("report written", "out")
    return path.read_bytes()


@pytest.fixture
def path(made: bytes, tmp_path: Path) -> Path:
    (tmp_path / "a.inspector").write_bytes(made)
    return tmp_path / "a.inspector"


def edited(path: Path, *statements: str) -> None:
    """What somebody with an SQLite tool does, who also takes away what protects the log and puts it back."""
    with closing(sqlite3.connect(path)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        for _, sql in triggers:
            db.execute(sql)
        db.commit()


def test_what_the_program_does_holds(path: Path):
    problems, hashes = read_chain(path)
    assert problems == []
    assert len(set(hashes)) == len(hashes) > 8
    with CaseFile.open(path) as case:
        point_to(case, CLIP.sha256, path.with_name("moved.mp4"))
        assert case.database.log_problems() == (), "the evidence at another path is the same evidence"
        assert [entry.chain for entry in case.audit()][: len(hashes)] == list(hashes)
    assert main(["verify", str(path)]) == 0


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE audit SET detail = 'nothing' WHERE id = 3", "entry 3 or the one before it was changed"),
        ("UPDATE audit SET at = '2020-01-01T00:00:00+00:00' WHERE id = 1", "entry 1 or the one before"),
        ("DELETE FROM audit WHERE id = 4", "entry 5 or the one before it"),
        ("UPDATE scores SET logit = -9 WHERE pts = 0", "analysis 1 was changed without"),
        ("UPDATE scores SET abstained = 'OCCLUDED' WHERE pts = 40", "analysis 1 was changed"),
        ("UPDATE frames SET sha256 = sha256 || 'a' WHERE pts = 0", "analysis 1 was changed"),
        ("DELETE FROM faces WHERE pts = 0", "analysis 1 was changed"),
        ("UPDATE analyses SET result = json_set(result, '$.summary.reason', 'x')", "analysis 1 was changed"),
        ("UPDATE analyses SET settings = json_set(settings, '$.every', 2)", "analysis 1 was changed"),
        ("UPDATE notes SET text = 'the ear'", "note 1 was changed"),
        ("INSERT INTO notes VALUES (9, 'R. Roe', 'x', 'he confessed', NULL, NULL)", "note 9 was added"),
        ("DELETE FROM bookmarks", "bookmark 1 was removed"),
        ("UPDATE reviews SET decision = 'rejected'", "review 1 was changed"),
        ("UPDATE reviews SET reason = 'seen with my own eyes'", "review 1 was changed"),
        ("UPDATE reviews SET author = 'J. Doe'", "review 1 was changed"),
        ("DELETE FROM reviews", "review 1 was removed"),
        ("INSERT INTO reviews VALUES (7, 'x', 'accepted', '', 'J. Doe', 'x')", "review 7 was added"),
        ("UPDATE names SET name = 'the minister'", "name 1 was changed"),
        ("DELETE FROM names", "name 1 was removed"),
        ("UPDATE pictures SET label = 'the scar'", "picture 1 was changed"),
        ("UPDATE info SET body = json_set(body, '$.examiner', 'J. Doe')", "cover was changed"),
    ],
)
def test_an_edit_with_another_tool_is_seen(
    path: Path, statement: str, problem: str, capsys: pytest.CaptureFixture[str]
):
    edited(path, statement)
    (found,) = read_chain(path)[0]
    assert problem in found
    assert main(["verify", str(path)]) == 1
    assert "NOT everything holds" in capsys.readouterr().out


def test_the_newest_entries_removed_show_against_a_later_hash_only(path: Path):
    before = read_chain(path)[1]
    edited(path, "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
    problems, after = read_chain(path)
    assert problems == []
    assert after == before[:-1]


def test_a_chain_that_was_taken_away_shows_against_the_report(path: Path):
    hashes = read_chain(path)[1]
    columns = [f"ALTER TABLE audit DROP COLUMN {name}" for name in ("subject", "digest", "chain")]
    edited(path, *columns, "DROP TABLE names", "PRAGMA user_version = 7", "UPDATE notes SET text = 'the ear'")
    assert _log(path, hashes[:3]).status is Status.CHANGED
    assert _log(path, ()).status is Status.UNCHECKED, "an earlier version's"
    assert main(["verify", str(path)]) == 1


def test_an_import_names_a_broken_chain_and_begins_a_new_one(path: Path, monkeypatch: pytest.MonkeyPatch):
    edited(path, "UPDATE notes SET text = 'the ear'")
    monkeypatch.setattr(imports, "installation_key", lambda: b"of another installation, 32 bytes")
    admit(path)
    with CaseFile.open(path) as case:
        assert case.database.log_problems() == (
            "in the imported file, note 1 was changed without an entry in the log",
        )  # fmt: skip
        case.annotations.put(replace(case.annotations.notes()[0], text="by the program"))
        assert len(case.database.log_problems()) == 1


def test_a_file_that_is_none_is_not_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    make: Callable[[], object] = lambda: (tmp_path / "b.inspector").write_bytes(b"nothing")  # noqa: E731
    make()
    assert main(["verify", str(tmp_path / "b.inspector")]) == 1
    assert "not checked" in capsys.readouterr().out
