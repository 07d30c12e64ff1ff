"""An analysis through the window: stopped and resumed, killed and resumed, with tracks of any id."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QTreeWidget

from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.upgrades import LANDMARKS_LOST
from inspector.ui.picture.scene import scene_of
from tests.engine.report.conftest import build
from tests.engine.report.test_deep_report import deepened
from tests.ui.conftest import analyse, wait_shown
from tests.ui.fake_engine import BATCH, STRONG, WEAK

FRAMES = 48  # of the clip


@pytest.fixture
def running(opened, qtbot, monkeypatch):
    """The window while the second batch of a slow analysis is awaited."""
    opened.controller.engine.stop()
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "300")
    opened.book["analyse"].trigger()
    qtbot.waitUntil(lambda: opened.session.job is not None and opened.session.job.frames_done > 0)
    return opened


def frames_done(window):
    """The frames whose scores are in the case file."""
    with CaseFile.open(window.session.case_path, create=False) as case:
        return len({score.pts for score in case.read(1).scores()})


def started_jobs(window):
    """The progress of each analysis from its start on, as the queue sees it."""
    jobs = []
    window.controller.queue.changed.connect(lambda: jobs.append(window.controller.queue.job))
    return jobs


def resume(qtbot, window, monkeypatch):
    """Resume at full speed and wait for the complete analysis; returns how many frames were done at its start."""
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "0")
    window.controller.engine.stop()
    jobs = started_jobs(window)
    window.book["analyse"].trigger()
    qtbot.waitUntil(lambda: window.session.analysis is not None and window.session.analysis.is_complete)
    return next(job.frames_before for job in jobs if job.started is not None)


def test_stop_ends_the_analysis_after_the_running_batch_and_it_can_be_resumed(running, qtbot, monkeypatch):
    assert running.book["cancel"].isEnabled()
    running.book["cancel"].trigger()
    assert running._status.text() == "Analysis: stopping …"
    assert not running.book["cancel"].isEnabled()
    qtbot.waitUntil(lambda: running.session.job is None)
    assert not running.session.analysis.is_complete
    assert "was stopped" in running.message_bar.text
    assert running.toolbar.analyse_button.text() == "Resume"
    settings = running.session.settings
    running.session.set_settings(replace(settings, every=2))
    assert running.toolbar.analyse_button.text() == "Analyse again", "with other settings nothing is resumed"
    assert not running.message_bar.isVisible()
    assert any(label.text().startswith("Out of date:") for label in running.findings.findChildren(QLabel))
    running.session.set_settings(settings)
    assert running.toolbar.analyse_button.text() == "Resume"
    done = frames_done(running)
    assert 0 < done < FRAMES
    assert done % BATCH == 0
    assert len(running.session.board.tracks[STRONG]) == done
    assert resume(qtbot, running, monkeypatch) == done
    assert not running.message_bar.isVisible(), "it would offer to resume what is complete"
    assert frames_done(running) == FRAMES
    assert running.toolbar.analyse_button.text() != "Resume"


def test_a_killed_analysis_is_resumed_from_its_last_batch(running, qtbot, monkeypatch):
    os.kill(running.controller.engine.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: running.session.job is None)
    assert running.session.analysis is None
    assert "Partly analysed" in [label.text() for label in running.findings.findChildren(QLabel)]
    settings = running.session.settings
    running.session.set_settings(replace(settings, every=2))
    assert "Analyse this clip" in [button.text() for button in running.findings.findChildren(QPushButton)]
    running.session.set_settings(settings)
    assert "Resume analysis" in [button.text() for button in running.findings.findChildren(QPushButton)]
    done = frames_done(running)
    assert 0 < done < FRAMES
    assert resume(qtbot, running, monkeypatch) == done
    assert {track: len(series) for track, series in running.session.board.tracks.items()} == {
        WEAK: FRAMES, STRONG: FRAMES
    }  # fmt: skip
    with CaseFile.open(running.session.case_path, create=False) as case:
        assert case.newest_id() == 1, "the interrupted analysis was completed, and no second one begun"


def test_an_interrupted_analysis_is_read_by_the_settings_it_was_begun_with(
    opened, make_window, face_clip, qtbot, monkeypatch
):
    """Whether a deep look will decide does not depend on those that were chosen since."""
    opened.controller.engine.stop()
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "300")
    deep, default = deepened(build(100, 2)).analysis.model, opened.session.settings
    without = replace(default, deep="off")
    opened.session.set_installed_model(deep)
    opened.session.set_settings(without)
    opened.book["analyse"].trigger()
    qtbot.waitUntil(lambda: opened.session.job is not None and opened.session.job.frames_done > 0)
    opened.session.set_settings(default)
    assert not opened.session.is_screened
    assert opened.session.threshold == deep.threshold
    os.kill(opened.controller.engine.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: opened.session.job is None)
    assert not opened.session.is_screened
    opened.close()
    again = make_window(face_clip)
    qtbot.waitUntil(lambda: bool(again.session.board.tracks))
    assert again.session.begun_with == without


@pytest.fixture
def analysed_again(analysed, qtbot, monkeypatch):
    """The analysed window while an analysis with other settings is running slowly."""
    analysed.controller.engine.stop()
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "300")
    assert analysed.book["export"].isEnabled()
    # Analysis 1 found its faces somewhere else, so that its boxes can be told from those of analysis 2.
    with CaseFile.open(analysed.session.case_path, create=False) as case:
        with case.database.transaction() as db:
            db.execute("UPDATE faces SET x = -1000 WHERE analysis = 1")
        case.sign(1)  # or it would be a stranger's, which is not shown again for the same settings
    analysed.controller.viewer.refresh()
    qtbot.waitUntil(lambda: {face.box.x for _, face in analysed.session.faces} == {-1000.0})
    analysed.session.set_settings(replace(analysed.session.settings, every=2))
    seen = []
    analysed.session.shown_changed.connect(
        lambda _shown: seen.append((analysed.session.analysis_id, {f.box.x for _, f in analysed.session.faces}))
    )
    analysed.book["analyse"].trigger()
    qtbot.waitUntil(lambda: analysed.session.analysis_id == 2 and analysed.session.job.frames_done > 0)
    assert analysed.session.faces == () or {f.box.x for _, f in analysed.session.faces} != {-1000.0}
    return analysed, seen


def test_boxes_of_one_analysis_never_carry_scores_of_another(analysed_again, qtbot):
    window, seen = analysed_again
    window.controller.seek_index(3)
    qtbot.waitUntil(lambda: window.session.shown.index == 3 and bool(window.session.faces))
    assert all(-1000.0 not in boxes for analysis, boxes in seen if analysis == 2)
    assert -1000.0 not in {mark.face.box.x for mark in scene_of(window.session).marks}
    shown = window.session.shown
    window.session.set_shown(replace(shown, analysis_id=1))
    assert scene_of(window.session).marks == (), "a picture that was on its way when the analysis began"
    window.session.set_shown(replace(shown, case_path=shown.case_path.with_name("other.inspector")))
    assert scene_of(window.session).marks == (), "analysis 2 of another clip's case file"


def test_stop_then_export_never_writes_another_analysis(analysed_again, qtbot, tmp_path):
    window, _ = analysed_again
    assert not window.book["export"].isEnabled(), "nothing whole to export"
    window.book["cancel"].trigger()
    qtbot.waitUntil(lambda: window.session.job is None)
    assert not window.session.analysis.is_complete
    assert not window.book["export"].isEnabled()
    sent = []
    window.controller.engine.send = sent.append
    window.controller.analyses.write_report(tmp_path / "report")
    assert not sent


def test_the_former_settings_bring_back_their_own_analysis(analysed_again, qtbot, tmp_path):
    window, _ = analysed_again
    window.book["cancel"].trigger()
    qtbot.waitUntil(lambda: window.session.job is None)
    done = len(window.session.board.tracks[STRONG])
    window.session.set_settings(replace(window.session.settings, every=1))
    window.controller.analyses.analyse()
    qtbot.waitUntil(lambda: window.session.analysis_id == 1)
    qtbot.waitUntil(lambda: len(window.session.board.tracks.get(STRONG, ())) == FRAMES)
    assert window.session.analysis.is_complete
    assert window.book["export"].isEnabled()
    window.session.set_settings(replace(window.session.settings, every=2))
    window.controller.analyses.analyse()
    qtbot.waitUntil(lambda: window.session.analysis_id == 2)
    qtbot.waitUntil(lambda: len(window.session.board.tracks.get(STRONG, ())) >= done)
    qtbot.waitUntil(lambda: window.session.job is None)
    assert [int(pts) for pts in window.session.board.tracks[STRONG].pts] == [int(p) for p in window.session.opened.pts]


def test_an_analysis_that_yields_to_a_report_is_not_said_to_be_stopped(running, qtbot):
    """Each report of a case's export said so of the open clip, and offered to resume what goes on by itself."""
    notices, job = [], running.session.job.job
    running.session.notice_posted.connect(lambda notice: notices.append(notice.text))
    running.controller.queue.pause()
    qtbot.waitUntil(lambda: running.session.job is not None and running.session.job.job != job)
    assert not notices
    assert running.session.analysis is None


def test_signals_of_a_stopped_analysis_are_shown_as_far_as_they_go(running, qtbot):
    running.book["cancel"].trigger()
    qtbot.waitUntil(lambda: running.session.job is None)
    qtbot.waitUntil(lambda: running.session.signals is not None and bool(running.session.signals.signals))
    assert len(running.session.signals.signals["yaw"].pts) == frames_done(running) < FRAMES


def test_what_an_older_version_stored_wrongly_is_named_when_the_case_is_opened(analysed, qtbot):
    with CaseFile.open(analysed.session.case_path, create=False) as case:
        case.log(LANDMARKS_LOST, "The landmarks of 3 faces are left out.")
    analysed.controller.case_store.load_case(analysed.session.case_path, analysed.session.analysis_id)
    qtbot.waitUntil(lambda: "landmarks of 3 faces" in analysed.message_bar.text)


def test_an_analysis_that_the_case_file_holds_is_not_made_again(analysed, qtbot):
    done = analysed.session.analysis
    analysed.controller.analyses.analyse()
    analysed.session.set_analysis(None)
    qtbot.waitUntil(lambda: analysed.session.analysis is not None)
    assert analysed.session.analysis == done
    with CaseFile.open(analysed.session.case_path, create=False) as case:
        assert case.newest_id() == 1


def test_lanes_panels_and_overlays_follow_tracks_of_any_id(analysed, qtbot):
    session, timeline = analysed.session, analysed.timeline
    assert session.board.track_ids == [WEAK, STRONG]
    assert session.selected_track == STRONG, "the one with the higher probability, which is not the first"
    assert [timeline.stack.tracks[track].name for track in (WEAK, STRONG)] == ["Face 3", "Face 7"]
    tree = analysed.findings.findChild(QTreeWidget)
    rows = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    assert [row.text(0) for row in rows] == ["Face 3", "Face 7"]
    assert [row.isSelected() for row in rows] == [False, True]
    assert [track for track, _face in session.faces] == [WEAK, STRONG]
    tree.itemClicked.emit(rows[0], 0)
    assert session.selected_track == WEAK
    assert [row.isSelected() for row in rows] == [True, False]
    pts = session.opened.pts[0]
    wait_shown(qtbot, analysed, 0)
    qtbot.waitUntil(lambda: session.cam_at(WEAK, pts) is not None)
    assert session.cam_at(STRONG, pts) is None
    analysed.book["next_track"].trigger()
    assert session.selected_track == STRONG
    qtbot.waitUntil(lambda: session.cam_at(STRONG, pts) is not None)


def test_an_answer_about_the_former_clip_brings_no_boxes_of_it_to_the_next_one(analysed, qtbot, three):
    window, seen = analysed, []
    former, viewer = window.session.case_path, window.controller.viewer
    window.session.shown_changed.connect(lambda shown: seen.append((shown.case_path, len(window.session.faces))))
    # The viewer has opened the next clip, and the window does not know it yet, when the answer arrives.
    window.controller.case_store.evidence_opened.connect(lambda _evidence: viewer.read_faces_from(former, 1))
    window.controller.open_path(three / "a.mp4")
    qtbot.waitUntil(lambda: Path(window.session.clip.path).name == "a.mp4")
    qtbot.waitUntil(lambda: any(case_path == former for case_path, _ in seen))
    window.session.show_analysis(1)  # this clip has an analysis 1 too
    viewer.refresh()
    qtbot.wait(200)
    assert window.session.faces == ()
    analyse(qtbot, window)
    assert window.session.shown.case_path == window.session.case_path
