"""What the window waits for stands in words over the picture, and never longer than that."""

from dataclasses import replace

from inspector.domain.analysis import FrameRecord
from inspector.engine.activity import Stage
from inspector.engine.process.protocol import BatchDone, Failed, Started, Working
from inspector.ui.engine.queue import progressed
from inspector.ui.state import AnalysisJob, Notice, Task
from inspector.ui.window.busy_card import waiting_text
from tests.ui.conftest import wait_shown


def is_in_the_middle(window):
    card, stack = window.busy_card, window._stack
    offset = card.geometry().center() - stack.rect().center()
    return abs(offset.x()) <= 1 and abs(offset.y()) <= 1


def test_opening_is_said_in_the_middle_and_a_report_is_not(make_window, qtbot):
    window = make_window()
    card, session = window.busy_card, window.session
    session.set_busy(Task.OPENING, "Opening a.mp4 and computing its SHA-256 …")
    assert not card.isVisible(), "what is over at once needs no card"
    qtbot.waitUntil(card.isVisible)
    assert card.label.text() == "Opening a.mp4 and computing its SHA-256 …"
    assert is_in_the_middle(window)
    assert card.label.height() >= card.label.heightForWidth(card.label.width())
    window.resize(1000, 640)
    qtbot.waitUntil(lambda: is_in_the_middle(window))
    session.set_busy_percent(Task.OPENING, 41)
    session.set_busy_percent(Task.OPENING, 42)
    assert card.label.text() == "Opening a.mp4 and computing its SHA-256 … 42 %"
    session.end_busy(Task.OPENING)
    assert not card.isVisible()
    session.set_busy_percent(Task.OPENING, 43)
    assert session.busy == "", "what comes late is not heard"
    session.set_busy(Task.REPORT, "Writing the report to /tmp/a …")
    assert waiting_text(session, has_heat_map=True) == "", "the clip can be used meanwhile"
    session.end_busy(Task.REPORT)


def test_a_clip_of_the_command_line_leaves_no_card(make_window, face_clip, qtbot):
    window = make_window(face_clip)
    wait_shown(qtbot, window, 0)
    qtbot.wait(300)
    assert not window.busy_card.isVisible()


def test_loading_the_detector_is_said_until_the_first_frame(opened):
    session = opened.session
    job = AnalysisJob(9)
    session.set_job(job)
    assert waiting_text(session, has_heat_map=False).startswith("Loading the detector …")
    session.set_job(progressed(job, Working(9, Stage.COPY, 42), 1.0))
    assert waiting_text(session, has_heat_map=False).startswith("Copying and hashing the clip … 42 %")
    session.set_job(replace(job, is_cancelling=True))
    assert waiting_text(session, has_heat_map=False) == ""
    session.set_job(replace(job, started=0.0))
    assert waiting_text(session, has_heat_map=False) == ""
    session.set_job(None)


def test_frames_that_were_searched_before_the_start_was_told_are_no_speed():
    frames = tuple(FrameRecord(n, n, False, "", False) for n in range(4))
    started = progressed(AnalysisJob(9), Started(9, 1, 300, 0, "cpu", "fake"), 1.0)
    at_once = progressed(started, BatchDone(9, frames, (), (), 4), 1.001)
    assert at_once.seconds_left is None
    assert progressed(at_once, BatchDone(9, frames, (), (), 8), 3.0).seconds_left == 73.0


def test_the_first_heat_map_is_announced_until_it_fails(analysed, qtbot, monkeypatch):
    session, card, sent = analysed.session, analysed.busy_card, []
    monkeypatch.setattr(analysed.controller.engine, "send", lambda request, _access: sent.append(request))
    session.change_overlays(heat_map=True)
    assert waiting_text(session, has_heat_map=False) == "Computing the first heat map …"
    assert waiting_text(session, has_heat_map=True) == "", "later ones are announced at the edge"
    qtbot.waitUntil(lambda: bool(sent))
    qtbot.waitUntil(card.isVisible)
    assert card.y() > analysed._stack.height() // 2, "the face is not covered"
    assert card.geometry().bottom() < analysed._stack.height()
    answered = analysed.controller.engine.answered.emit
    answered(Working(sent[0].job, Stage.COPY, 7))
    assert waiting_text(session, has_heat_map=False) == "Copying and hashing the clip … 7 %"
    answered(Working(sent[0].job))
    assert waiting_text(session, has_heat_map=False) == "Computing the first heat map …"
    qtbot.waitUntil(card.isVisible)
    session.post(Notice("Something else.", is_problem=True))
    assert card.isVisible(), "it is about something else"
    analysed.controller.engine.answered.emit(Failed(sent[0].job, "The frame could not be read."))
    assert not card.isVisible()
