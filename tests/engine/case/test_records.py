"""An analysis is found wherever this installation made it, and is offered only if it bears its signature."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.domain.analysis import Conclusion
from inspector.domain.case import CaseInfo
from inspector.domain.errors import CaseError
from inspector.engine.case import records
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.imports import read_chain
from inspector.engine.case.records import find_earlier, forget_record, note_record, other_places, places, take_over
from tests.engine.case.test_case_file import CLIP
from tests.engine.case.test_imports import made_case, origin, tampered


@pytest.fixture(autouse=True)
def own_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_INDEX", f"{tmp_path.name}.sqlite")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A finished analysis with one note, in a case that is called "Riot"."""
    (tmp_path / "case").mkdir()
    path = tmp_path / "case" / "a.inspector"
    made_case(path)
    with CaseFile.open(path) as case:
        case.set_case_info(CaseInfo(name="Riot", examiner="R. Roe", source="a reader"))
    note_record(CLIP.sha256, path)
    return path


def test_an_analysis_is_found_from_another_case_file_and_taken_over_with_its_notes(path: Path, tmp_path: Path):
    target = tmp_path / "b.inspector"
    (found,) = find_earlier(CLIP, target)
    assert (found.case_path, found.conclusion, found.case_name) == (path, Conclusion.INCONCLUSIVE, "Riot")
    assert found.annotations == 1
    moved = replace(CLIP, path="/elsewhere/a.mp4")
    number = take_over(found, moved, target)
    assert origin(target, number) == ""
    with CaseFile.open(path, create=False) as source, CaseFile.open(target, create=False) as case:
        old, new = source.read(found.analysis_id), case.read(number)
        result = old.result()
        assert result is not None
        assert new.result() == replace(result, clip=moved)
        assert list(new.scores()) == list(old.scores())
        assert list(new.frames()) == list(old.frames())
        assert new.gaps() == old.gaps()
        assert len(list(new.faces())) == len(list(old.faces())) == 2
        assert [note.text for note in case.annotations.notes()] == ["seen"]
        info = case.case_info()
        assert (info.name, info.examiner, info.source) == ("", "R. Roe", "a reader"), "the case's name stays there"
        assert any("begun at" in entry.detail and "Riot" in entry.detail for entry in case.audit())
        assert not any(str(tmp_path) in entry.detail for entry in case.audit()), "reports show the log"
    assert read_chain(target)[0] == []
    assert find_earlier(CLIP, path) == (), "its own file is not another place"


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE analyses SET result = json_set(result, '$.summary.conclusion', 'no manipulation indicated')",
        "UPDATE analyses SET imported = 'trust me'",
        "UPDATE scores SET probability = 0.01 WHERE probability IS NOT NULL",
        "CREATE TABLE more (x)",
    ],
)
def test_what_this_installation_did_not_sign_is_not_offered(path: Path, tmp_path: Path, forgery: str):
    tampered(path, forgery)
    before = path.read_bytes()
    assert find_earlier(CLIP, tmp_path / "b.inspector") == ()
    assert path.read_bytes() == before, "it was only looked at"


def test_a_file_that_changes_after_it_was_offered_is_not_taken_over(path: Path, tmp_path: Path):
    target = tmp_path / "b.inspector"
    (found,) = find_earlier(CLIP, target)
    tampered(path, "UPDATE scores SET probability = 0.01 WHERE probability IS NOT NULL")
    with pytest.raises(CaseError, match="has changed; analyse the clip again"):
        take_over(found, CLIP, target)
    with CaseFile.open(target) as case:
        assert case.newest_id() is None


def test_another_clip_and_another_stream_have_nothing_to_do_with_it(path: Path, tmp_path: Path):
    target = tmp_path / "b.inspector"
    assert find_earlier(replace(CLIP, sha256="2" * 64), target) == ()
    note_record("2" * 64, path)
    assert find_earlier(replace(CLIP, sha256="2" * 64), target) == ()
    assert other_places("2" * 64, target) == (), "a file of another clip is not deleted with this one"


def test_a_clip_is_forgotten_in_the_index_too(path: Path, tmp_path: Path):
    copy = tmp_path / "copy.inspector"
    shutil.copyfile(path, copy)
    note_record(CLIP.sha256, copy)
    assert set(places(CLIP.sha256)) == {path, copy}
    assert other_places(CLIP.sha256, copy) == (path,)
    path.unlink()
    assert places(CLIP.sha256) == (copy,)
    index = records.key_path().with_name(records._INDEX)
    assert bytes(copy) in index.read_bytes()
    forget_record(CLIP.sha256)
    assert places(CLIP.sha256) == ()
    assert bytes(copy) not in index.read_bytes(), "the path is overwritten, not only unlinked"


def test_a_damaged_index_costs_nothing_but_the_offer(path: Path, tmp_path: Path):
    records.key_path().with_name(records._INDEX).write_bytes(b"no database" * 100)
    note_record(CLIP.sha256, path)
    assert find_earlier(CLIP, tmp_path / "b.inspector") == ()
    with pytest.raises(CaseError, match="delete it to forget all"):
        forget_record(CLIP.sha256)
