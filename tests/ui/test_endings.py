"""What the window says that it waits for ends, however the work ends: with success, with a failure, with a crash."""

import os
import signal

import pytest

from inspector.domain.errors import CaseError, ClipError, OutputError
from inspector.ui.case import case_export, case_saver, exhibit_adder, exhibit_list
from inspector.ui.player import viewer as viewer_module
from inspector.ui.report_wishes import ReportWishes
from inspector.ui.session import Session
from inspector.ui.state import Task
from tests.ui.case.test_exhibit_list import rows, with_clips
from tests.ui.conftest import wait_shown


@pytest.fixture
def window(make_window, qtbot, three):
    """A window that shows a.mp4, and the texts and notices from then on."""
    window = make_window()
    with_clips(qtbot, window, three / "a.mp4")
    qtbot.waitUntil(lambda: window.session.busy == "")
    window.busy, window.notices = [], []
    window.session.busy_changed.connect(window.busy.append)
    window.session.notice_posted.connect(lambda notice: window.notices.append(notice.text))
    return window


def ended(qtbot, window, said):
    """Wait until the text was said and is gone."""
    qtbot.waitUntil(lambda: any(said in text for text in window.busy) and window.session.busy == "")


def fails(error):
    def work(*_args, **_kwargs):
        raise error

    return work


ERRORS = [
    OutputError("The disk is full."),
    OSError(28, "No space left on device"),
    ValueError("a fault of the program"),
]


def test_a_task_ends_only_its_own_text(qapp):
    session, said = Session(), []
    session.busy_changed.connect(said.append)
    session.set_busy(Task.OPENING, "opening")
    session.set_busy(Task.HASHING, "hashing")
    assert session.is_opening
    assert session.busy == "opening", "nothing can be done meanwhile"
    session.end_busy(Task.OPENING)
    assert (session.busy, session.is_opening) == ("hashing", False)
    session.end_busy(Task.OPENING)
    session.end_busy(Task.HASHING)
    assert said == ["opening", "opening", "hashing", ""]


def test_what_else_is_done_leaves_the_percentage_of_the_clip_that_is_opened(qapp):
    session = Session()
    session.set_busy(Task.OPENING, "opening")
    session.set_busy_percent(Task.OPENING, 41)
    session.set_busy(Task.HASHING, "hashing")
    assert session.busy == "opening 41 %"


def test_a_problem_with_a_case_leaves_the_text_of_the_clip_that_is_opened(window, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr(case_saver.CaseSaver, "_create", fails(OutputError("The disk is full.")))
    monkeypatch.setattr(exhibit_list, "checked_outcome", fails(CaseError("The case file is damaged.")))
    window.session.set_busy(Task.OPENING, "opening")
    window.controller.exhibits.new_case(tmp_path / "new")
    window.controller.exhibits._read_outcome(rows(window)[0])
    qtbot.waitUntil(lambda: window.notices == ["The disk is full.", "The case file is damaged."])
    assert window.session.busy == "opening"


def test_opening_a_clip(window, three, qtbot):
    window.controller.open_path(three / "b.mp4")
    ended(qtbot, window, "Opening b.mp4")
    window.controller.open_path(three / "broken.mp4")
    ended(qtbot, window, "Opening broken.mp4")
    assert any("broken.mp4" in text for text in window.notices)


def test_a_file_in_the_place_of_an_exhibit_is_said_to_be_another_one_even_if_it_is_no_clip(
    window, three, tmp_path, qtbot
):
    copy = tmp_path / "c.mp4"
    copy.write_bytes((three / "b.mp4").read_bytes())
    with_clips(qtbot, window, copy)
    copy.write_bytes((three / "broken.mp4").read_bytes())
    window.controller.exhibits.open_row(rows(window)[1])
    qtbot.waitUntil(lambda: any("c.mp4 is another file than exhibit 2" in text for text in window.notices))
    assert window.session.busy == ""


@pytest.mark.parametrize("error", [ClipError("b.mp4 has no index."), ValueError("a fault of the program")])
def test_a_clip_that_cannot_be_shown_leaves_the_former_one_usable(window, three, qtbot, monkeypatch, error):
    window.controller.exhibits.analyse(rows(window))
    qtbot.waitUntil(lambda: window.session.analysis is not None and bool(window.session.faces))
    monkeypatch.setattr(viewer_module, "RemoteFrames", fails(error))
    window.controller.open_path(three / "b.mp4")
    ended(qtbot, window, "Opening b.mp4")
    assert len([text for text in window.notices if "b.mp4" in text or "error" in text]) == 1
    window.controller.step(5)
    wait_shown(qtbot, window, 5)
    assert window.session.clip.path.endswith("a.mp4")
    qtbot.waitUntil(lambda: bool(window.session.faces))


def test_a_case_that_cannot_be_read_or_created(window, tmp_path, qtbot, monkeypatch):
    for error in ERRORS:
        monkeypatch.setattr(case_saver.CaseSaver, "_load", fails(error))
        monkeypatch.setattr(case_saver.CaseSaver, "_create", fails(error))
        window.controller.exhibits.open_case(tmp_path)
        ended(qtbot, window, "Opening the case")
        window.controller.exhibits.new_case(tmp_path / "new")
        ended(qtbot, window, "Creating the case")
        window.busy.clear()
    assert len(window.notices) == 2 * len(ERRORS)


def test_files_that_cannot_be_hashed_are_named_and_the_others_added(window, three, qtbot, monkeypatch):
    real = exhibit_adder.hashed
    for number, error in enumerate(ERRORS, 1):
        monkeypatch.setattr(exhibit_adder, "hashed", fails(error))
        window.controller.exhibits.add([three / "b.mp4"])
        ended(qtbot, window, "Computing the SHA-256")
        assert len(window.notices) == number
        window.busy.clear()
    monkeypatch.setattr(exhibit_adder, "hashed", real)
    window.controller.exhibits.add([three / "b.mp4"])
    ended(qtbot, window, "Computing the SHA-256")
    assert len(rows(window)) == 2


def test_the_file_of_an_exhibit_that_is_looked_for(window, three, qtbot):
    window.controller.exhibits.find(rows(window)[0], three / "gone.mp4")
    ended(qtbot, window, "Comparing the SHA-256 of gone.mp4")
    window.busy.clear()
    window.controller.exhibits.find(rows(window)[0], three / "b.mp4")
    ended(qtbot, window, "Comparing the SHA-256 of b.mp4")
    assert len(window.notices) == 2


@pytest.mark.parametrize("error", ERRORS)
def test_a_report_that_cannot_be_sealed(window, tmp_path, qtbot, monkeypatch, error):
    analyse(window, qtbot)
    monkeypatch.setattr(ReportWishes, "seal", fails(error))
    window.controller.analyses.write_report(tmp_path / "report")
    ended(qtbot, window, "Writing the report to")
    assert window.notices[-1].startswith("The report is in")
    assert not window.controller.analyses.is_reporting


def test_a_report_that_cannot_be_written_or_whose_engine_crashes(engine_process, window, tmp_path, qtbot):
    analyse(window, qtbot)
    (tmp_path / "taken").write_text("")
    window.controller.analyses.write_report(tmp_path / "taken")
    ended(qtbot, window, "Writing the report to")
    window.busy.clear()
    engine = window.controller.engine
    os.kill(engine.process_id, signal.SIGSTOP)
    window.controller.analyses.write_report(tmp_path / "report")
    os.kill(engine.process_id, signal.SIGKILL)
    ended(qtbot, window, "Writing the report to")
    assert not window.controller.analyses.is_reporting


@pytest.mark.parametrize("error", ERRORS)
def test_a_case_whose_list_cannot_be_written_can_be_exported_again(window, tmp_path, qtbot, monkeypatch, error):
    analyse(window, qtbot)
    export = window.cases.export
    monkeypatch.setattr(case_export, "write_case_report", fails(error))
    export.write(tmp_path / "export")
    ended(qtbot, window, "Writing the list of exhibits")
    assert "but not the list of exhibits" in window.notices[-1]
    monkeypatch.setattr(case_export, "write_case_report", lambda *_: None)
    export.write(tmp_path / "again")
    qtbot.waitUntil(lambda: window.notices[-1].startswith("The reports of 1 of 1 exhibits are in"))
    assert window.session.busy == ""


def analyse(window, qtbot):
    window.controller.exhibits.analyse(rows(window))
    qtbot.waitUntil(lambda: bool(rows(window)[0].outcome.conclusion) and window.session.can_report)
