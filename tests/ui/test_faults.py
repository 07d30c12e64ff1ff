"""Unexpected errors are shown with details to copy and logged, from all threads."""

import sys

from PySide6.QtGui import QGuiApplication

from inspector.ui.faults import FaultReporter, report_if_failed
from inspector.ui.session import Session
from tests.ui.test_failures import notices, press


def test_the_details_of_an_unexpected_error_can_be_copied(opened, qtbot, tmp_path, capsys):
    reporter = FaultReporter(opened.session, tmp_path / "faults.log", lambda: "last words")
    messages = notices(opened)
    reporter.install()
    try:
        for _ in range(3):
            sys.excepthook(RuntimeError, RuntimeError("the moon fell"), None)
        qtbot.waitUntil(lambda: bool(messages), timeout=2000)
        qtbot.wait(50)
    finally:
        reporter.remove()
    assert len(messages) == 1
    assert opened.message_bar._button.text() == "Copy details"
    press(opened)
    report = QGuiApplication.clipboard().text()
    assert "the moon fell" in report
    assert "Deepfake Inspector" in report
    assert "last words" in report
    assert (tmp_path / "faults.log").read_text().count("the moon fell") == 1
    capsys.readouterr()


def test_an_error_on_the_case_stores_thread_is_reported(opened, qtbot, tmp_path, capsys):
    messages = notices(opened)
    reporter = FaultReporter(opened.session, tmp_path / "faults.log")
    reporter.install()
    try:
        opened.controller.case_store.write(opened.session.case_path, lambda case: 1 / 0)
        qtbot.waitUntil(lambda: bool(messages), timeout=5000)
    finally:
        reporter.remove()
    assert "ZeroDivisionError" in messages[0].text
    capsys.readouterr()


def test_a_log_that_cannot_be_written_is_reported(qtbot, tmp_path, capsys):
    session, messages = Session(), []
    session.notice_posted.connect(messages.append)
    (tmp_path / "file").write_text("")
    reporter = FaultReporter(session, tmp_path / "file" / "faults.log")
    reporter._on_happened("Traceback\nRuntimeError: the moon fell")
    assert "could not be written to the log" in messages[0].text


def test_a_large_log_is_rotated(tmp_path):
    reporter = FaultReporter(Session(), tmp_path / "faults.log")
    (tmp_path / "faults.log").write_text("x" * (2 << 20))
    reporter._on_happened("RuntimeError: the moon fell")
    assert (tmp_path / "faults.log").stat().st_size < 4096
    assert (tmp_path / "faults.old.log").stat().st_size > 1 << 20


def test_a_cancelled_task_is_not_an_error():
    from concurrent.futures import Future

    future = Future()
    future.cancel()
    report_if_failed(future)
