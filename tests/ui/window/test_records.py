"""One clip, one record: what was found in one place is offered in another one, and forgotten everywhere."""

from PySide6.QtWidgets import QPushButton

from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.records import places
from inspector.ui import app
from inspector.ui.case.places import keep_cases_in
from tests.ui.case.test_exhibit_list import rows, statuses, with_clips
from tests.ui.conftest import FAKE_ENGINE, wait_shown


def use_button(window):
    found = [b for b in window.findings.findChildren(QPushButton) if b.text().startswith("Use the analysis of")]
    return found[0] if found else None


def test_an_analysis_of_a_loose_clip_is_used_in_a_case(analysed, qtbot, face_clip, tmp_path):
    window, loose = analysed, analysed.session.case_path
    window.controller.annotator.add_note("R. Roe", "look at the mouth", None)
    qtbot.waitUntil(lambda: bool(window.session.notes))
    result = window.session.analysis
    window.controller.exhibits.new_case(tmp_path / "empty")  # the list goes into it: its case file is a copy
    qtbot.waitUntil(lambda: window.session.case_path is not None and window.session.case_path.parent.name == "empty")
    qtbot.waitUntil(lambda: window.session.analysis is not None)
    other = tmp_path / "other"
    window.controller.exhibits.remove(rows(window)[0])
    window.controller.exhibits.new_case(other)
    qtbot.waitUntil(lambda: window.controller.exhibits.folder == other)
    with_clips(qtbot, window, face_clip)
    qtbot.waitUntil(lambda: use_button(window) is not None)
    assert statuses(window) == ["analysed elsewhere: open it to use that"]
    assert use_button(window).text().endswith(", with its notes")
    use_button(window).click()
    qtbot.waitUntil(lambda: window.session.analysis is not None)
    assert window.session.analysis.started_at == result.started_at
    assert window.session.imported == ""
    assert [note.text for note in window.session.notes] == ["look at the mouth"]
    assert window.session.case_path.parent == other
    assert loose in places(result.clip.sha256)
    with CaseFile.open(loose, create=False) as case:
        assert len(case.annotations.notes()) == 1, "the first place keeps what it had"


def test_a_clip_is_forgotten_in_all_places_that_the_question_names(analysed, qtbot, face_clip, tmp_path):
    window, loose = analysed, analysed.session.case_path
    window.controller.exhibits.new_case(tmp_path / "case")
    qtbot.waitUntil(lambda: window.session.case_path is not None and window.session.case_path.parent.name == "case")
    qtbot.waitUntil(lambda: window.session.analysis is not None)
    qtbot.waitUntil(lambda: len(places(window.session.clip.sha256)) == 2)
    copy, sha256 = window.session.case_path, window.session.clip.sha256
    window.book["forget"].trigger()
    qtbot.waitUntil(lambda: str(loose.parent) in window.message_bar.text)
    window.message_bar._button.click()
    qtbot.waitUntil(lambda: window.session.clip is None)
    assert not loose.exists()
    assert not copy.exists()
    assert places(sha256) == ()


def test_a_private_session_notes_nothing_and_may_use_what_is_there(analysed, qtbot, face_clip, tmp_path):
    sha256 = analysed.session.clip.sha256
    noted = places(sha256)
    assert len(noted) == 1
    folder = tmp_path / "private"
    folder.mkdir()
    window = app.make_window(face_clip, FAKE_ENGINE, private_folder=folder)
    try:
        window.show()
        wait_shown(qtbot, window, 0)
        qtbot.waitUntil(lambda: use_button(window) is not None)
        use_button(window).click()
        qtbot.waitUntil(lambda: window.session.analysis is not None)
        assert window.session.case_path.is_relative_to(folder)
        assert places(sha256) == noted
    finally:
        assert window.close()
        window.deleteLater()
        keep_cases_in(None)
