"""Work on a thread whose result is for the UI thread, and what becomes of it when the window closes."""

from threading import Event
from time import sleep

import pytest
from PySide6.QtCore import QObject

from inspector.ui.case.background import Background


@pytest.mark.parametrize(("cancel", "expected"), [(True, []), (False, ["done"])])
def test_a_result_that_comes_after_the_end_is_for_nobody_only_if_work_was_dropped(qtbot, cancel, expected):
    owner = QObject()
    background, begun, results = Background("test", owner), Event(), []

    def work():
        begun.set()
        while background.is_open():
            sleep(0.001)
        return "done"

    background.run(work, results.append)
    assert begun.wait(10)
    background.stop(cancel=cancel)
    qtbot.wait(20)
    assert results == expected
