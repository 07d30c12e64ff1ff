"""Case files of strangers: nothing in them runs, nothing of the wrong type gets in, and nothing in them is believed."""

import json
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from inspector.domain.analysis import Analysis, Conclusion, Summary
from inspector.domain.case import Note
from inspector.domain.errors import CaseError
from inspector.domain.settings import Settings
from inspector.engine import activity, installation
from inspector.engine.case import database, imports
from inspector.engine.case.case_entry import point_to
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.chain import BROKEN
from inspector.engine.case.imports import CASE_IMPORTED, admit
from inspector.engine.case.signature import confirm
from tests.engine.case.test_case_file import AT, CLIP, batch

FOREVER = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"


def result() -> Analysis:
    summary = Summary(Conclusion.INCONCLUSIVE, "reason", None, None, None, None, 3, 3, 1, {})
    return Analysis(CLIP, None, Settings(), "cpu", (), AT, AT, CLIP.sha256, True, (), (), (), (), (), summary)


def made_case(path: Path, *, is_signed: bool = True, is_finished: bool = True) -> int:
    """A case file with one analysis and one note, as the program makes it."""
    with CaseFile.open(path) as case:
        number = case.begin(CLIP, Settings(), "m")
        if is_signed:
            case.sign(number)
        case.append(number, batch(), {"last_pts": 80})
        if is_finished:
            case.finish(number, result())
            if is_signed:
                case.sign(number)
        case.annotations.put(Note(0, "R. Roe", AT, "seen", 40))
    return number


def tampered(path: Path, *statements: str) -> None:
    """Change a case file as its author likes, with another program."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for statement in statements:
            raw.executescript(statement)


def origin(path: Path, number: int = 1) -> str:
    with CaseFile.open(path, create=False) as case:
        return case.read(number).imported()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.inspector"


@pytest.mark.parametrize(
    ("column", "field", "value"),
    [
        ("clip", "$.time_base", "-1/1"),
        ("clip", "$.time_base", "0/1"),
        ("clip", "$.start_pts", 2**70),
        ("clip", "$.width", 0),
        ("clip", "$.sample_aspect", "-1/1"),
        ("result", "$.clip.time_base", "0/1"),
        ("result", "$.clip.start_pts", -(2**70)),
        ("result", "$.summary.frames_decoded", 2**70),
        ("result", "$.summary.fake_probability", -1e308),
    ],
)
def test_numbers_that_no_clip_has_are_the_file_s_fault_and_reach_nobody(path, column, field, value):
    """A report of such an analysis ended in an error of the program: plots divided by a time of nothing."""
    number = made_case(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        (stored,) = raw.execute(f"SELECT {column} FROM analyses").fetchone()  # noqa: S608
        whole = json.loads(stored)
        part = whole
        *outer, last = field.removeprefix("$.").split(".")
        for name in outer:
            part = part[name]
        assert last in part
        part[last] = value
        raw.execute(f"UPDATE analyses SET {column} = ?", (json.dumps(whole),))  # noqa: S608
    admit(path)
    with CaseFile.open(path, create=False) as case:
        stored = case.read(number)
        with pytest.raises(CaseError, match=r"a\.inspector holds a damaged entry"):
            stored.result() if column == "result" else stored.clip()


def test_a_tag_as_long_as_a_picture_keeps_no_case_file_from_being_read(path):
    with CaseFile.open(path) as case:
        clip = replace(CLIP, metadata=(("cover", "x" * (2 << 20)),))
        number = case.begin(clip, Settings(), "m")
        case.finish(number, replace(result(), clip=clip))
        stored = case.read(number)
        assert stored.clip() == clip
        assert stored.result() == replace(result(), clip=clip)


# --- what runs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attack",
    [
        "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM scores; END",
        "CREATE TRIGGER t AFTER UPDATE ON info BEGIN INSERT INTO notes VALUES (9, 'R. Roe', 'x', 'forged', 1, 2); END",
        f"CREATE VIEW extra AS {FOREVER}",
        "CREATE VIRTUAL TABLE words USING fts5(x)",
        "CREATE INDEX i ON scores (abs(logit))",
        "ALTER TABLE notes ADD COLUMN extra TEXT GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL",
        "DROP TABLE gaps; CREATE TABLE gaps (analysis INTEGER NOT NULL, start_pts INTEGER NOT NULL, "
        "end_pts INTEGER NOT NULL, reason TEXT NOT NULL AS (hex(zeroblob(400000))))",
        "CREATE TABLE more (x)",
        "DROP TRIGGER audit_kept",
        "PRAGMA user_version = 999",
        "PRAGMA application_id = 1",
    ],
)
def test_a_file_with_another_schema_is_refused_and_left_as_it_is(path: Path, attack: str):
    made_case(path)
    tampered(path, attack)
    before = path.read_bytes()
    with pytest.raises(CaseError):
        CaseFile.open(path)
    if attack != "DROP TRIGGER audit_kept":  # which is harmless: the fresh file has it
        with pytest.raises(CaseError, match=r"a\.inspector"):
            admit(path)
        assert path.read_bytes() == before
        assert list(path.parent.iterdir()) == [path]


def test_a_view_in_place_of_a_table_never_runs(path: Path):
    """Reading it would count up for ever, in the thread that the window waits for when it closes."""
    made_case(path)
    tampered(path, "DROP TABLE notes", f"CREATE VIEW notes AS {FOREVER}")
    started = monotonic()
    with pytest.raises(CaseError, match="not safe to use: it has the view 'notes'"):
        admit(path)
    assert monotonic() - started < 10


def test_a_query_ends_when_the_window_closes(path: Path):
    made_case(path)
    closing_window = threading.Event()
    with CaseFile.open(path, is_wanted=lambda: not closing_window.is_set()) as case:
        case.database._db.set_authorizer(None)  # it forbids such queries; here one stands for a very large file
        threading.Timer(0.1, closing_window.set).start()
        with pytest.raises(CaseError, match="interrupted"):
            list(case.database.rows(FOREVER))


def test_no_query_is_interrupted_when_an_analysis_is_stopped(path: Path):
    """SQLite drops what is raised within it: the case file was called damaged when a resumed analysis was stopped."""

    def stopped() -> None:
        raise activity.StoppedError("stopped")

    made_case(path)
    with CaseFile.open(path) as case, activity.checked(stopped):
        case.database._db.set_authorizer(None)  # as above
        counted = f"SELECT count(*) FROM ({FOREVER} LIMIT 50000)"  # noqa: S608 - only numbers
        assert [tuple(row) for row in case.database.rows(counted)] == [(50_000,)]
        with pytest.raises(activity.StoppedError):
            activity.note()


@pytest.mark.parametrize("query", ["ATTACH 'x.db' AS x", "CREATE TABLE x (y)", FOREVER, "PRAGMA writable_schema = 1"])
def test_an_open_file_is_only_read_and_written(path: Path, query: str):
    made_case(path)
    with CaseFile.open(path) as case, pytest.raises((sqlite3.DatabaseError, CaseError)):
        list(case.database.rows(query))


# --- what is believed ------------------------------------------------------------------------------------------------


def test_a_case_of_this_installation_stays_as_it_is(path: Path):
    made_case(path)
    inode = path.stat().st_ino
    admit(path)
    assert path.stat().st_ino == inode
    assert origin(path) == ""
    with CaseFile.open(path) as case:  # the evidence may move
        point_to(case, CLIP.sha256, Path("/elsewhere/a.mp4"))
    admit(path)
    assert origin(path) == ""


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE scores SET probability = 0.01, logit = -4 WHERE probability IS NOT NULL",
        "UPDATE analyses SET result = json_set(result, '$.summary.conclusion', 'no manipulation indicated')",
        "UPDATE analyses SET imported = 'trust me'",
        "UPDATE analyses SET clip = json_set(clip, '$.sha256', '" + "2" * 64 + "')",
        "DELETE FROM faces WHERE pts = 0",
        "UPDATE frames SET sha256 = '" + "3" * 64 + "' WHERE pts = 0",
        "UPDATE gaps SET reason = 'none'",
        "UPDATE analyses SET mac = NULL",
        "UPDATE analyses SET mac = x'00'",
    ],
)
def test_a_forged_analysis_is_marked_as_imported(path: Path, forgery: str):
    made_case(path)
    tampered(path, forgery)
    admit(path)
    assert "a.inspector, SHA-256" in origin(path)
    with CaseFile.open(path) as case:
        assert case.matching(CLIP.sha256, Settings(), "m") is None, "it answers no request"
        assert [entry.action for entry in case.audit()][-1] == CASE_IMPORTED
        assert "1 notes" in case.audit()[-1].detail
        came = [entry for entry in case.audit()[:-1] if entry.action != BROKEN]
        assert all(entry.action.startswith("imported: ") for entry in came)
    assert (path.parent / "a.inspector.received").exists(), "the original is kept"
    kept = path.read_bytes()
    admit(path)
    assert path.read_bytes() == kept, "it is imported once"


def test_a_case_of_another_installation_is_imported_until_it_is_confirmed(path: Path, monkeypatch):
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("XDG_DATA_HOME", str(path.parent / "other"))
        number = made_case(path)
    admit(path)
    assert origin(path)
    with CaseFile.open(path) as case, case.database.transaction() as db:
        confirm(db, number, installation.installation_key(), "run again with the same result")
    admit(path)
    assert origin(path) == ""
    assert len(list(path.parent.glob("*.received*"))) == 1


def test_an_interrupted_analysis_of_a_stranger_is_not_continued(path: Path):
    """The result would be signed as ours, with the forged beginning in it."""
    number = made_case(path, is_signed=False, is_finished=False)
    admit(path)
    with CaseFile.open(path) as case:
        assert case.matching(CLIP.sha256, Settings(), "m") is None
        assert case.read(number).imported()


def test_an_analysis_that_another_window_has_just_begun_is_left_to_it(path: Path):
    """Replacing the file would lose what the other window's engine writes into it."""
    with CaseFile.open(path) as other:
        number = other.begin(CLIP, Settings(), "m")
        inode = path.stat().st_ino
        admit(path)
        assert path.stat().st_ino == inode
        other.sign(number)
        other.append(number, batch(), {"last_pts": 80})
        assert other.matching(CLIP.sha256, Settings(), "m").state == {"last_pts": 80}
    admit(path)
    assert origin(path) == ""


def test_an_own_interrupted_analysis_goes_on(path: Path):
    with CaseFile.open(path) as case:
        number = case.begin(CLIP, Settings(), "m")
        case.sign(number)
        case.append(number, batch(), {"last_pts": 80})
    admit(path)
    with CaseFile.open(path) as case:
        assert case.matching(CLIP.sha256, Settings(), "m").state == {"last_pts": 80}


def test_a_result_that_was_not_signed_in_time_is_marked(path: Path):
    """The program ended between the last batch and the signature; or somebody wrote the end."""
    with CaseFile.open(path) as case:
        number = case.begin(CLIP, Settings(), "m")
        case.sign(number)
        case.append(number, batch(), {})
        case.finish(number, result())
    admit(path)
    assert "not signed" in origin(path)
    with CaseFile.open(path) as case:
        case.sign(number)  # the window that saw it end signs it a moment later
    admit(path)
    assert origin(path) == ""


# --- what it holds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forgery", "named"),
    [
        ("UPDATE scores SET logit = 9e999 WHERE pts = 0", "logit in scores is inf"),
        ("UPDATE scores SET probability = 1.5 WHERE pts = 0", "probability in scores is 1.5"),
        ("UPDATE scores SET probability = 'high' WHERE pts = 0", "probability in scores is str"),
        ("UPDATE scores SET yaw = x'00'", "yaw in scores is bytes"),
        ("UPDATE faces SET width = -9e999", "width in faces is -inf"),
        ("UPDATE faces SET landmarks = x'00'", "landmarks in faces is damaged"),
        ("UPDATE faces SET landmarks = 'x'", "landmarks in faces is str"),
        ("UPDATE frames SET is_key = 'yes'", "is_key in frames is str"),
        ("UPDATE frames SET sha256 = 'abc'", "sha256 in frames is no SHA-256"),
        ("UPDATE notes SET text = x'0102'", "text in notes is bytes"),
        ("UPDATE notes SET pts = 1.5", "pts in notes is float"),
        ("UPDATE notes SET text = hex(zeroblob(600000))", "text in notes has more than 1 MiB"),
        ("UPDATE analyses SET result = '[NaN]'", "result"),
        ("UPDATE analyses SET settings = '{\"every\": 1e999}'", "settings in analyses is no valid JSON"),
        ("UPDATE info SET body = replace(hex(zeroblob(60000)), '0', '[')", "body in info is no valid JSON"),
        (
            "INSERT INTO signals VALUES (1, 1, 0, 1, x'0000000000000000', x'0000807f')",
            "measured in signals holds an inf",
        ),
    ],
)
def test_a_value_that_is_none_is_refused_by_its_name(path: Path, forgery: str, named: str):
    made_case(path)
    tampered(path, forgery, "UPDATE analyses SET mac = NULL")
    before = path.read_bytes()
    with pytest.raises(CaseError) as caught:
        admit(path)
    assert named in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_a_wrong_value_in_a_file_without_an_analysis_is_named(path: Path):
    """Such a file is opened as it is."""
    with CaseFile.open(path) as case:
        case.annotations.put(Note(0, "R. Roe", AT, "seen", 40))
    tampered(path, "UPDATE notes SET pts = 'here'")
    admit(path)
    with CaseFile.open(path) as case, pytest.raises(CaseError, match="damaged entry"):
        case.annotations.notes()


@pytest.mark.parametrize(
    "place", ["//host/share/a.mp4", r"\\host\share\a.mp4", "file://host/a.mp4", "/proc/kmsg", "CON"]
)
def test_the_path_of_the_evidence_is_local_or_only_a_name(path: Path, place: str):
    made_case(path, is_signed=False)
    with CaseFile.open(path) as case:
        point_to(case, CLIP.sha256, Path(place))
    admit(path)
    with CaseFile.open(path) as case:
        assert "host" not in case.read(1).clip().path
        assert case.read(1).clip().path in ("a.mp4", "kmsg", "CON")


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["fifo", "device"])
def test_what_is_no_file_is_not_opened(path: Path, make: Callable[[Path], object]):
    make(path)
    for opening in (admit, CaseFile.open):
        with pytest.raises(CaseError, match="pipe, socket or device"):
            opening(path)


def test_a_file_that_is_too_large_or_never_ends_is_refused(path: Path, monkeypatch):
    made_case(path, is_signed=False)
    monkeypatch.setattr(imports, "_MOST_ROWS", 2)
    with pytest.raises(CaseError, match="frames has more than 2 rows"):
        admit(path)
    monkeypatch.setattr(database, "_MOST_BYTES", 1)
    with pytest.raises(CaseError, match="larger than"):
        admit(path)


def test_a_journal_that_was_left_is_not_replayed_into_the_new_file(path: Path):
    made_case(path, is_signed=False)
    journal = path.with_name(f"{path.name}-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\xff" * 600)
    admit(path)
    assert not journal.exists()
    with CaseFile.open(path) as case:
        assert [note.text for note in case.annotations.notes()] == ["seen"]


def test_several_threads_import_a_file_once(path: Path):
    made_case(path, is_signed=False)
    threads = [threading.Thread(target=admit, args=(path,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(path.parent.glob("*.received*"))) == 1
