"""A private session leaves nothing, a clip can be forgotten, and what is written is for the user alone."""

import subprocess
import sys
import tempfile

import pytest
from PySide6.QtCore import QSettings

from inspector.engine import faults, installation
from inspector.ui import app
from inspector.ui.case import places
from inspector.ui.case.places import cases_folder
from tests.ui.conftest import FAKE_ENGINE, analyse, wait_shown


@pytest.fixture
def usual_sessions():
    yield
    places.keep_cases_in(None)


def test_what_the_program_writes_is_for_the_user_alone(tmp_path):
    code = "import os; from inspector.__main__ import main; main(['--version']); open('x', 'w').close(); os.mkdir('y')"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "y").stat().st_mode & 0o777 == 0o700


def test_a_private_session_leaves_no_case_file_and_no_recent_clip(
    make_window, qtbot, face_clip, tmp_path, usual_sessions
):
    usual = QSettings()
    usual.setValue("preferences/examiner", "R. Roe")
    usual.setValue("recent", ["/secret/a.mp4"])
    usual.sync()
    kept = cases_folder()
    folder = tmp_path / "private"
    folder.mkdir()
    window = app.make_window(face_clip, FAKE_ENGINE, private_folder=folder)
    try:
        window.show()
        wait_shown(qtbot, window, 0)
        assert "private session" in window.windowTitle()
        assert window.files.recent() == [face_clip], "those of other sessions are not offered"
        window.controller.annotator.add_note("R. Roe", "seen", None)
        qtbot.waitUntil(lambda: bool(window.session.notes))
        assert window.session.case_info.examiner == "R. Roe", "the settings are the usual ones"
        assert window.session.case_path.is_relative_to(folder)
        assert not kept.exists()
        assert usual.value("recent") in (["/secret/a.mp4"], "/secret/a.mp4")
    finally:
        assert window.close()
        window.deleteLater()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_relative_to(folder)
                and face_clip.name.encode() in path.read_bytes()]  # fmt: skip


def test_a_private_session_leaves_no_key_and_no_log(monkeypatch, qtbot, tmp_path, usual_sessions, work_of_a_thread):
    """The first session of an installation, in which an error of the program names the clip."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr(installation, "_is_lasting", [True])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    logs = []

    def used(_application, window, _paths):
        qtbot.addWidget(window)
        assert installation.installation_key() == installation.installation_key()
        faults.describe(ValueError("secret.mp4"), "decoding secret.mp4")
        logs.append(faults.log_path())
        assert "secret.mp4" in logs[0].read_text()
        return 0

    monkeypatch.setattr(app, "_run", used)
    try:
        assert app.run([app.PRIVATE]) == 0
    finally:
        installation._key.cache_clear()
    assert not logs[0].exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_clip_is_forgotten(analysed, qtbot, face_clip):
    window, case_path = analysed, analysed.session.case_path
    beside = case_path.with_name(f"{case_path.name}.received")
    beside.touch()
    left = case_path.with_name(f".{case_path.name}.k3_x.import")  # of an import that was killed
    left.mkdir()
    (left / "case").touch()
    other = case_path.with_name("0123456789abcdef.inspector")
    other.touch()
    assert face_clip in window.files.recent()
    window.book["forget"].trigger()
    qtbot.waitUntil(lambda: "for good" in window.message_bar.text)
    assert case_path.exists(), "it asks first"
    window.message_bar._button.click()
    qtbot.waitUntil(lambda: window.session.clip is None)
    assert not case_path.exists()
    assert not beside.exists()
    assert not left.exists()
    assert other.exists()
    assert face_clip not in window.files.recent()
    assert window.controller.exhibits.rows == ()
    assert window.empty_state.isVisible()
    window.controller.open_path(face_clip)
    wait_shown(qtbot, window, 0)
    assert window.session.analysis is None
    analyse(qtbot, window)


def test_a_clip_that_is_being_analysed_is_not_forgotten(opened, qtbot, monkeypatch):
    monkeypatch.setenv("FAKE_ENGINE_SLEEP_MS", "300")
    opened.book["analyse"].trigger()
    qtbot.waitUntil(lambda: opened.session.job is not None)
    opened.controller.records.forget(opened.session.case_path)
    assert "stop its analysis" in opened.message_bar.text
    assert opened.session.clip is not None
    opened.book["cancel"].trigger()
    qtbot.waitUntil(lambda: opened.session.job is None)
