"""An analysis through the window: stopped and resumed, killed and resumed, with tracks of any id."""

import os
import signal

import pytest
from PySide6.QtWidgets import QTreeWidget

from inspector.engine.case.case_file import CaseFile
from tests.ui.conftest import wait_shown
from tests.ui.fake_engine import BATCH, STRONG, WEAK

FRAMES = 48  # of the clip


@pytest.fixture
def running(opened, qtbot, monkeypatch):
    """The window while the second batch of a slow analysis is awaited."""
    opened.controller.engine.stop()
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "300")
    opened.book["analyse"].trigger()
    qtbot.waitUntil(lambda: opened.session.job is not None and opened.session.job.frames_done > 0, timeout=60_000)
    return opened


def frames_done(window):
    """The frames whose scores are in the case file."""
    with CaseFile.open(window.session.case_path, create=False) as case:
        return len({score.pts for score in case.scores()})


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
    qtbot.waitUntil(lambda: window.session.analysis is not None and window.session.analysis.is_complete, timeout=60_000)
    return next(job.frames_before for job in jobs if job.started is not None)


def test_stop_ends_the_analysis_after_the_running_batch_and_it_can_be_resumed(running, qtbot, monkeypatch):
    assert running.book["cancel"].isEnabled()
    running.book["cancel"].trigger()
    assert running.toolbar.progress.format() == "stopping …"
    qtbot.waitUntil(lambda: running.session.job is None, timeout=60_000)
    assert not running.session.analysis.is_complete
    assert "was stopped" in running.message_bar.text
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
    qtbot.waitUntil(lambda: running.session.job is None, timeout=60_000)
    assert running.session.analysis is None
    done = frames_done(running)
    assert 0 < done < FRAMES
    assert resume(qtbot, running, monkeypatch) == done
    assert {track: len(series) for track, series in running.session.board.tracks.items()} == {
        WEAK: FRAMES, STRONG: FRAMES
    }  # fmt: skip
    with CaseFile.open(running.session.case_path, create=False) as case:
        assert case.newest_id() == 1, "the interrupted analysis was completed, and no second one begun"


def test_an_analysis_that_the_case_file_holds_is_not_made_again(analysed, qtbot):
    done = analysed.session.analysis
    analysed.controller.analyses.analyse()
    analysed.session.set_analysis(None)
    qtbot.waitUntil(lambda: analysed.session.analysis is not None, timeout=60_000)
    assert analysed.session.analysis == done
    with CaseFile.open(analysed.session.case_path, create=False) as case:
        assert case.newest_id() == 1


def test_lanes_panels_and_overlays_follow_tracks_of_any_id(analysed, qtbot):
    session, timeline = analysed.session, analysed.timeline
    assert session.board.track_ids == [WEAK, STRONG]
    assert session.selected_track == STRONG, "the one with the higher probability, which is not the first"
    assert [timeline.stack.tracks[track].name for track in (WEAK, STRONG)] == ["Track 3", "Track 7"]
    tree = analysed.findings.findChild(QTreeWidget)
    rows = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    assert [row.text(0) for row in rows] == ["3", "7"]
    assert [row.isSelected() for row in rows] == [False, True]
    assert [track for track, _face in session.faces] == [WEAK, STRONG]
    tree.itemClicked.emit(rows[0], 0)
    assert session.selected_track == WEAK
    assert [row.isSelected() for row in rows] == [True, False]
    pts = session.opened.pts[0]
    wait_shown(qtbot, analysed, 0)
    qtbot.waitUntil(lambda: session.cam_at(WEAK, pts) is not None, timeout=30_000)
    assert session.cam_at(STRONG, pts) is None
    analysed.book["next_track"].trigger()
    assert session.selected_track == STRONG
    qtbot.waitUntil(lambda: session.cam_at(STRONG, pts) is not None, timeout=30_000)
