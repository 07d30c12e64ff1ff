"""Files and folders on a disk that does not answer at once are opened as what they are."""

import shutil

import pytest

from inspector.ui import controller
from inspector.ui.window import case_actions
from tests.ui.case.test_exhibit_list import rows, with_case, with_clips


@pytest.fixture
def work(tmp_path, three):
    """A copy of three files."""
    shutil.copytree(three, tmp_path / "work")
    return tmp_path / "work"


def late(_look, _path, otherwise):
    """A look at a disk that spins up."""
    return otherwise


def test_a_case_on_a_slow_disk_is_opened_as_a_case(make_window, qtbot, work, monkeypatch):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4")
    with_case(qtbot, window, work / "case")
    window.close()
    again = make_window()
    monkeypatch.setattr(controller, "glance", late)
    monkeypatch.setattr(case_actions, "glance", late)
    again.cases.open_paths([work / "case"])
    qtbot.waitUntil(lambda: again.controller.exhibits.folder == work / "case")
    qtbot.waitUntil(lambda: again.session.shown is not None)
    assert not again.session.is_opening
    again.cases.open_paths([work / "case" / "case.json"])
    qtbot.waitUntil(lambda: not again.session.busy)
    assert again.message_bar.text == ""


def test_a_folder_of_clips_on_a_slow_disk_is_added_to_the_list(make_window, qtbot, work, monkeypatch):
    window = make_window()
    monkeypatch.setattr(controller, "glance", late)
    monkeypatch.setattr(case_actions, "glance", late)
    window.cases.open_paths([work])
    qtbot.waitUntil(lambda: len(rows(window)) == 3)


def test_several_files_are_added_without_a_look_at_each(make_window, qtbot, work, monkeypatch):
    """A dead share would hold up the window for a third of a second for each."""
    window = make_window()
    monkeypatch.setattr(case_actions, "glance", lambda *_: pytest.fail("a look"))
    window.cases.open_paths([work / "a.mp4", work / "b.mp4"])
    qtbot.waitUntil(lambda: len(rows(window)) == 2)
