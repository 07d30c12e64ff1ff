"""Errors that no thread answers for are shown with details to copy, once, and logged."""

import sys
import threading

from PySide6.QtGui import QGuiApplication

from inspector.ui.faults import FaultReporter
from tests.ui.test_failures import notices, press


def test_an_uncaught_error_is_shown_once_and_its_details_can_be_copied(opened, qtbot, own_log, capsys):
    reporter = FaultReporter(opened.session)
    messages = notices(opened)
    reporter.install()
    try:
        for _ in range(3):
            sys.excepthook(RuntimeError, RuntimeError("the moon fell"), None)
        qtbot.waitUntil(lambda: bool(messages))
        qtbot.wait(50)
    finally:
        reporter.remove()
    assert len(messages) == 1
    assert "Deepfake Inspector made an error" in messages[0].text
    assert str(own_log) in messages[0].text
    assert opened.message_bar._button.text() == "Copy details"
    press(opened)
    report = QGuiApplication.clipboard().text()
    assert "the moon fell" in report
    assert "window with Qt" in report
    assert own_log.read_text().count("the moon fell") == 1
    assert "the moon fell" in capsys.readouterr().err


def test_an_uncaught_error_of_a_thread_is_shown(opened, qtbot, capsys):
    messages = notices(opened)
    reporter = FaultReporter(opened.session)
    reporter.install()
    try:
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: bool(messages))
    finally:
        reporter.remove()
    assert "ZeroDivisionError" in messages[0].text
    capsys.readouterr()


def test_an_error_while_a_change_is_saved_is_shown_and_the_change_is_kept(opened, qtbot, capsys):
    messages = notices(opened)
    store = opened.controller.case_store
    broken = [True]
    store.write(opened.session.case_path, lambda case: 1 / broken.pop() and broken[0])
    qtbot.waitUntil(lambda: bool(messages))
    assert "Deepfake Inspector made an error" in messages[0].text
    assert store.has_unsaved
    store._unsaved.clear()
    capsys.readouterr()
