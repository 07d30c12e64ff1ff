"""Failures: the window stays open, reports the problem in one sentence, keeps all data, and offers an action."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time

import pytest

from inspector.engine.process.endings import signal_text
from inspector.engine.process.protocol import Explain, JobWarning
from inspector.engine.process.stall import StallPolicy
from inspector.ui.dialogs.cover_dialog import CoverDialog
from inspector.ui.widgets import file_dialogs as dialogs
from inspector.ui.widgets.glance import glance
from inspector.ui.window import evidence_watch
from tests.ui.conftest import analyse, export, wait_shown
from tests.ui.fake_engine import CARD, STRONG

WITHIN = 15.0  # seconds from what goes wrong to the sentence that says so, on a busy machine


def notices(window):
    """A list that collects the notices from now on."""
    messages = []
    window.session.notice_posted.connect(messages.append)
    return messages


def start_slow_analysis(window, qtbot, monkeypatch):
    window.controller.engine.stop()
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "300")
    window.book["analyse"].trigger()
    qtbot.waitUntil(lambda: window.session.job is not None and window.session.job.frames_done > 0)


def press(window):
    """Press the button of the message bar."""
    window.message_bar._button.click()


# --- the engine process ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_killed_engine_is_reported_in_time_and_its_scores_are_kept(opened, qtbot, monkeypatch, number):
    start_slow_analysis(opened, qtbot, monkeypatch)
    messages, scored = notices(opened), len(opened.session.board.tracks[STRONG])
    at = time.monotonic()
    os.kill(opened.controller.engine.process_id, number)
    qtbot.waitUntil(lambda: bool(messages))
    assert time.monotonic() - at < WITHIN
    assert number.name in messages[0].text
    assert "are kept" in messages[0].text
    assert len(opened.session.board.tracks[STRONG]) >= scored
    opened.controller.step(3)
    wait_shown(qtbot, opened, 3)
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "0")
    press(opened)
    qtbot.waitUntil(lambda: opened.session.analysis is not None)


def test_an_engine_that_cannot_be_started_offers_to_try_again(make_window, face_clip, qtbot):
    window = make_window(face_clip, ["/nonexistent/engine"])
    wait_shown(qtbot, window, 0)
    qtbot.waitUntil(lambda: "cannot be started" in window.message_bar.text)  # to read the file
    window.book["analyse"].trigger()
    qtbot.waitUntil(lambda: window.message_bar._button.text() == "Try again")  # not "Resume"
    assert "cannot be started" in window.message_bar.text
    assert window.session.job is None


def test_the_cause_of_a_signal_is_named():
    assert "memory" in signal_text(9)
    assert "library crashed" in signal_text(11)
    assert signal_text(15) == "SIGTERM: ended by another program"
    assert signal_text(0xC0000005) == "error 0xc0000005"


def test_a_second_crash_at_the_same_frame_explains_how_to_exclude_it(opened, qtbot, monkeypatch):
    messages = notices(opened)
    opened.controller.engine.stop()
    monkeypatch.setenv("FAKE_ENGINE_CRASH_AT", "12")
    for times in (1, 2):
        opened.book["analyse"].trigger()
        qtbot.waitUntil(lambda times=times: len(messages) == times)
    assert "same frame" not in messages[0].text
    assert "Start and End in the settings" in messages[1].text


def test_a_hanging_engine_is_ended_and_restarted(engine_process, opened, qtbot, monkeypatch):
    start_slow_analysis(opened, qtbot, monkeypatch)
    messages = notices(opened)
    os.kill(opened.controller.engine.process_id, signal.SIGSTOP)
    opened.controller.engine.stall_policy = StallPolicy(base_seconds=0.2)
    opened.controller.engine._watch()
    qtbot.waitUntil(lambda: bool(messages))
    assert "sent no message" in messages[0].text
    assert opened.session.job is None
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "0")
    opened.controller.engine.stall_policy = StallPolicy(base_seconds=60.0)
    press(opened)
    qtbot.waitUntil(lambda: opened.session.analysis is not None)


def test_a_heat_map_that_crashes_the_engine_is_not_requested_again(analysed, qtbot):
    messages = notices(analysed)
    engine = analysed.controller.engine
    engine.stop()
    engine._command = [sys.executable, "-c", "import os; os.abort()"]
    analysed.book["heat_map"].trigger()
    qtbot.waitUntil(lambda: bool(messages))
    qtbot.wait(400)
    assert len(messages) == 1
    assert not engine.is_running


def test_a_bundle_removed_before_an_analysis_is_reported(opened, qtbot, monkeypatch):
    opened.session.set_installed_model(CARD)
    opened.controller.engine.stop()
    monkeypatch.setenv("FAKE_ENGINE_MODEL", "none")
    messages = notices(opened)
    analyse(qtbot, opened)
    assert "model bundle was removed" in messages[0].text
    assert messages[0].action_id == "settings"


# --- the evidence ----------------------------------------------------------------------------------------------------


@pytest.fixture
def own_clip(make_window, face_clip, qtbot, tmp_path):
    """A window on a clip that may be moved and changed."""
    path = tmp_path / "evidence" / "clip.mp4"
    path.parent.mkdir()
    shutil.copy(face_clip, path)
    window = make_window(path)
    wait_shown(qtbot, window, 0)
    return window, path


def test_a_clip_moved_while_it_plays_is_reported_once_and_keeps_playing(own_clip, qtbot):
    window, path = own_clip
    messages = notices(window)
    window.book["play"].trigger()
    qtbot.waitUntil(lambda: window.session.shown.index > 2)
    path.rename(path.with_name("elsewhere.mp4"))
    qtbot.waitUntil(lambda: bool(messages))
    assert "no longer in" in messages[0].text
    assert window.message_bar._button.text() == "Open …"
    qtbot.waitUntil(lambda: window.session.shown.index == 47)
    assert len(messages) == 1
    path.with_name("elsewhere.mp4").rename(path)
    qtbot.waitUntil(lambda: len(messages) == 2)
    assert "is available again" in messages[1].text


def test_a_changed_clip_is_reported_and_opened_again(own_clip, qtbot):
    window, path = own_clip
    before, messages = window.session.clip.sha256, notices(window)
    with path.open("ab") as stream:
        stream.write(b"\0\0\0\x08free")
    qtbot.waitUntil(lambda: bool(messages))
    assert "another program" in messages[0].text
    press(window)
    qtbot.waitUntil(lambda: window.session.clip.sha256 != before)
    wait_shown(qtbot, window, 0)
    qtbot.wait(500)
    assert len(messages) == 1


def test_a_change_is_seen_though_the_disk_was_slow_when_the_clip_was_opened(
    make_window, face_clip, qtbot, tmp_path, monkeypatch
):
    """What the file is compared with is not its state after the change, which would hide it."""
    path, looks = tmp_path / "clip.mp4", []
    shutil.copy(face_clip, path)

    def first_one_late(look, path, otherwise):
        looks.append(path)
        return otherwise if len(looks) == 1 else glance(look, path, otherwise)

    monkeypatch.setattr(evidence_watch, "glance", first_one_late)
    monkeypatch.setattr(evidence_watch, "_LATER_MS", 100)
    window = make_window(path)
    wait_shown(qtbot, window, 0)
    messages = notices(window)
    qtbot.waitUntil(lambda: len(looks) > 1)
    assert not messages
    with path.open("ab") as stream:
        stream.write(b"\0\0\0\x08free")
    qtbot.waitUntil(lambda: bool(messages))
    assert "another program" in messages[0].text


def test_closing_does_not_wait_for_the_hash_of_a_huge_file(make_window, face_clip, tmp_path, qtbot):
    huge = tmp_path / "huge.mp4"
    huge.write_bytes(face_clip.read_bytes())
    with huge.open("r+b") as stream:
        stream.truncate(1 << 38)  # holes: minutes of hashing in a few bytes
    window, messages = make_window(), []
    window.controller.case_store.open_failed.connect(messages.append)
    window.controller.open_path(huge)
    assert window.close()
    assert window.session.clip is None
    assert not messages or "the program is closing" in messages[0]


# --- disks that are full ---------------------------------------------------------------------------------------------


@pytest.fixture
def full_disk():
    """A function that limits the file size of this process to a few bytes, and removes the limit when called again."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(is_full=True):
        resource.setrlimit(resource.RLIMIT_FSIZE, (64 if is_full else soft, hard))

    yield fill
    fill(False)


def test_a_note_on_a_full_disk_is_reported_kept_and_saved_again(analysed, qtbot, full_disk):
    messages = notices(analysed)
    full_disk()
    analysed.controller.annotator.add_note("A", "what I saw", None)
    qtbot.waitUntil(lambda: bool(messages))
    full_disk(False)
    assert "cannot be" in messages[0].text
    assert not analysed.session.notes
    analysed.close()
    assert analysed.isVisible()
    assert "close again" in messages[1].text
    press(analysed)
    qtbot.waitUntil(lambda: [note.text for note in analysed.session.notes] == ["what I saw"])
    assert not analysed.controller.case_store.has_unsaved


def test_a_note_that_cannot_be_saved_on_closing_keeps_the_window_open(analysed, full_disk):
    full_disk()
    analysed.controller.annotator.add_note("A", "what I saw", None)
    assert not analysed.close()
    full_disk(False)
    assert analysed.controller.has_unsaved


def test_undo_of_an_unsaved_note_leaves_no_note(analysed, qtbot, full_disk):
    messages = notices(analysed)
    full_disk()
    analysed.controller.annotator.add_note("A", "what I saw", None)
    qtbot.waitUntil(lambda: bool(messages))
    full_disk(False)
    written = []
    analysed.controller.case_store.annotations_changed.connect(written.append)
    analysed.book["undo"].trigger()
    qtbot.waitUntil(lambda: len(written) == 2)
    assert not analysed.session.notes


def test_a_snapshot_on_a_full_disk_is_reported_and_leaves_no_partial_file(
    opened, qtbot, full_disk, tmp_path, monkeypatch
):
    target = tmp_path / "pictures" / "frame.png"
    target.parent.mkdir()
    monkeypatch.setattr(dialogs, "ask_for_picture", lambda *_: target)
    messages = notices(opened)
    full_disk()
    opened.book["snapshot"].trigger()
    qtbot.waitUntil(lambda: bool(messages))
    full_disk(False)
    assert "cannot be written" in messages[0].text
    assert not list(target.parent.iterdir())


@pytest.fixture
def small_disk(tmp_path):
    """A function that mounts a 1 MB disk on a folder; it returns a function that fills and empties the disk."""
    mounted = []

    def mount(folder):
        folder.mkdir(parents=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True)
        if done.returncode:
            pytest.skip("only a superuser can mount a small disk")
        mounted.append(folder)
        ballast = folder / "ballast"

        def fill(is_full=True):
            ballast.unlink(missing_ok=True)
            if is_full:
                room = shutil.disk_usage(folder).free
                ballast.write_bytes(b"x" * room)

        return fill

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_an_analysis_on_a_disk_that_fills_up_keeps_its_scores_and_is_resumed(
    make_window, face_clip, qtbot, tmp_path, small_disk, monkeypatch
):
    fill = small_disk(tmp_path / "XDG_DATA_HOME")
    window = make_window(face_clip)
    wait_shown(qtbot, window, 0)
    messages = notices(window)
    start_slow_analysis(window, qtbot, monkeypatch)
    fill()
    # The window writes into the same file, so that its own sentence may come before that of the analysis.
    qtbot.waitUntil(lambda: any(message.action_id == "analyse" for message in messages))
    assert all("cannot be written" in message.text and "free some space" in message.text for message in messages)
    assert len(window.session.board.tracks[STRONG]) > 0
    assert window.session.job is None
    fill(False)
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "0")
    window.book["analyse"].trigger()
    qtbot.waitUntil(lambda: window.session.analysis is not None)
    assert len(window.session.board.tracks[STRONG]) == 48


def test_a_report_on_a_full_disk_is_reported_and_written_elsewhere(analysed, qtbot, tmp_path, small_disk, monkeypatch):
    small_disk(tmp_path / "stick")()
    folders = [tmp_path / "stick" / "report", tmp_path / "report"]
    monkeypatch.setattr(dialogs, "ask_for_report_folder", lambda *_: folders.pop(0))
    messages = notices(analysed)
    export(analysed)
    qtbot.waitUntil(lambda: len(messages) == 2)
    assert "cannot be written" in messages[1].text
    assert analysed.message_bar._button.text() == "Export again …"
    press(analysed)
    analysed.findChild(CoverDialog).go_on.click()
    qtbot.waitUntil(lambda: "The report is in" in analysed.message_bar.text)
    assert (tmp_path / "report" / "report.json").is_file()


def test_a_report_can_be_exported_again_after_the_engine_crashed(analysed, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_for_report_folder", lambda *_: tmp_path / "report")
    engine, messages = analysed.controller.engine, notices(analysed)
    engine.stop()
    command, engine._command = engine._command, [sys.executable, "-c", "import os; os.abort()"]
    export(analysed)
    qtbot.waitUntil(lambda: len(messages) == 2)
    assert "SIGABRT" in messages[1].text
    engine._command = command
    export(analysed)
    qtbot.waitUntil(lambda: "The report is in" in analysed.message_bar.text)
    analysed.message_bar._close.click()
    assert analysed.message_bar.isHidden(), "the failure is over, though its button was not the one that was pressed"


def test_a_new_process_gets_time_to_load(opened):
    engine = opened.controller.engine
    engine.stop()
    opened.book["analyse"].trigger()
    limit = StallPolicy().limit(is_loaded=False)
    assert engine._watchdog.interval() == round(1000 * limit)


def test_a_report_gets_no_longer_than_anything_else(analysed, qtbot, tmp_path):
    engine = analysed.controller.engine
    analysed.controller.analyses.write_report(tmp_path / "report")
    assert engine._watchdog.interval() == round(1000 * StallPolicy().limit(is_loaded=False))
    qtbot.waitUntil(lambda: "The report is in" in analysed.message_bar.text)
    engine.send(Explain(engine.next_job(), str(analysed.session.case_path), 1, STRONG, 0, "GradCAM"))
    assert engine._watchdog.interval() == round(1000 * StallPolicy().limit(is_loaded=True))


def test_a_clip_can_be_viewed_where_nothing_can_be_saved(make_window, face_clip, qtbot, tmp_path):
    (tmp_path / "XDG_DATA_HOME").write_text("a file where the folder belongs")
    window = make_window(face_clip)
    wait_shown(qtbot, window, 0)
    assert "can be saved" in window.message_bar.text
    assert window.message_bar.isVisible()
    assert "[Errno" not in window.message_bar.text


def test_a_damaged_case_file_is_reported_and_the_clip_shown(make_window, face_clip, qtbot):
    window = make_window(face_clip)
    wait_shown(qtbot, window, 0)
    case_path = window.session.case_path
    case_path.write_bytes(b"no case at all" * 99)
    window.controller.open_path(face_clip)
    qtbot.waitUntil(lambda: window.message_bar.isVisible())
    qtbot.wait(100)
    assert case_path.name in window.message_bar.text
    assert window.message_bar.isVisible()


def test_a_lost_gpu_is_reported_while_the_analysis_continues(opened, qtbot, monkeypatch):
    start_slow_analysis(opened, qtbot, monkeypatch)
    messages, job = notices(opened), opened.session.job.job
    opened.controller.engine.answered.emit(JobWarning(job, "The GPU failed (lost); it goes on with the CPU."))
    assert [(notice.text[:14], notice.is_problem) for notice in messages] == [("The GPU failed", True)]
    qtbot.waitUntil(lambda: opened.session.analysis is not None)
