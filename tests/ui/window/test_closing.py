"""What closing the window would lose refuses one attempt, and a report that is given up leaves nothing behind."""

import json
import os
import signal

import pytest

from inspector.ui.state import Task
from inspector.ui.window.ending.closing import _UNADDED, _UNWRITTEN
from tests.ui.case.test_exhibit_list import rows, with_clips


@pytest.fixture
def window(engine_process, make_window, qtbot, three):
    window = make_window()
    with_clips(qtbot, window, three / "a.mp4")
    window.controller.exhibits.analyse(rows(window))
    qtbot.waitUntil(lambda: bool(rows(window)[0].outcome.conclusion) and window.session.can_report)
    qtbot.waitUntil(lambda: not window.controller.engine._waiting)
    return window


def begin_report(window, folder):
    """A report whose process never gets further than a part of its draft."""
    stopped = window.controller.engine
    os.kill(stopped.process_id, signal.SIGSTOP)
    stopped.allow = lambda _access: None  # keep this process
    stopped._end_lacking = lambda _accesses: None
    window.controller.analyses.write_report(folder)
    return draft_in(folder)


def draft_in(folder):
    draft = folder / ".report-abc" / "figures"
    draft.mkdir(parents=True)
    (draft / "track01.png").write_bytes(b"half a picture")
    return draft


def test_a_report_that_is_being_written_refuses_the_first_close_and_is_given_up_whole(window, tmp_path):
    folder = tmp_path / "report"
    begin_report(window, folder)
    assert not window.close()
    assert window.isVisible()
    assert window.message_bar.text == _UNWRITTEN
    assert folder.exists()
    assert window.close()
    assert not folder.exists()


def test_a_folder_that_was_there_stays_when_its_report_is_given_up(window, tmp_path):
    folder = tmp_path / "report"
    folder.mkdir()
    begin_report(window, folder)
    assert not window.close()
    assert window.close()
    assert list(folder.iterdir()) == []


def test_each_loss_is_said_once(window, tmp_path):
    window.side.setCurrentWidget(window.notes)
    window.notes._text.setPlainText("an ear")
    assert not window.close()
    assert window.message_bar.text == _UNADDED
    begin_report(window, tmp_path / "report")
    assert not window.close(), "the window was told to close again for the note only"
    assert window.message_bar.text == _UNWRITTEN
    assert window.close()


def test_a_report_whose_process_ends_leaves_no_draft(window, tmp_path, qtbot):
    folder = tmp_path / "report"
    begin_report(window, folder)
    os.kill(window.controller.engine.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: not window.controller.analyses.is_reporting and not folder.exists())


def test_an_export_of_a_case_is_given_up_the_same_way(window, tmp_path):
    os.kill(window.controller.engine.process_id, signal.SIGSTOP)
    window.cases.export.write(tmp_path / "out")
    draft = draft_in(window.cases.export._report_folder)
    assert not window.close()
    assert window.message_bar.text == _UNWRITTEN
    assert window.close()
    assert not draft.parents[1].exists()


def test_an_export_does_not_list_the_draft_of_a_process_that_ended(window, tmp_path, qtbot):
    engine, export = window.controller.engine, window.cases.export
    engine._end_lacking = lambda _accesses: None
    os.kill(engine.process_id, signal.SIGSTOP)
    export.write(tmp_path / "out")
    draft_in(export._report_folder)
    os.kill(engine.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: not export.is_writing)
    assert "track01.png" not in (tmp_path / "out" / "MANIFEST.sha256").read_text()
    (entry,) = json.loads((tmp_path / "out" / "case-summary.json").read_text())["exhibits"]
    assert "SIGKILL" in entry["reason"]
    assert window.session._busy.get(Task.CASE_EXPORT) is None
