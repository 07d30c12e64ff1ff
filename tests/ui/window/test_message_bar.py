"""The message bar: a problem stays until it is dismissed or over, whatever else is said meanwhile."""

import pytest

from inspector.ui.state import Notice
from inspector.ui.widgets.theme import THEMES
from inspector.ui.window.message_bar import MessageBar

CHANGED = Notice("a.mp4 was changed by another program.", is_problem=True, action_id="reopen")
WRITING = Notice("Writing the report …", is_sticky=True)
DONE = Notice("2 of 2 exhibits are analysed.")


@pytest.fixture
def bar(qtbot):
    bar = MessageBar(THEMES["dark"])
    qtbot.addWidget(bar)
    return bar


def test_a_problem_comes_back_after_what_covered_it(bar):
    bar.show_notice(CHANGED, "Open again", "Other")
    bar.show_notice(WRITING)
    bar.show_notice(DONE)
    assert (bar.text, bar._button.isHidden()) == (DONE.text, True)
    bar._timer.timeout.emit()
    assert (bar.text, bar._button.text(), bar._other.text()) == (CHANGED.text, "Open again", "Other")
    assert not bar._timer.isActive()
    bar.show_notice(DONE)
    bar._close.click()
    assert bar.text == CHANGED.text
    bar._close.click()
    assert bar.isHidden()
    bar.show_notice(DONE)
    bar._close.click()
    assert bar.isHidden(), "it was dismissed"


def test_a_covered_problem_is_forgotten_where_it_is_over(bar):
    for is_over in (lambda: bar.hide_action("reopen"), bar.clear):
        bar.show_notice(CHANGED, "Open again")
        bar.show_notice(DONE)
        is_over()
        bar._dismiss()
        assert bar.isHidden()
    bar.show_notice(Notice("There is no frame 9.", is_problem=True, is_about_position=True))
    bar.show_notice(DONE)
    bar.hide_position_notice()
    assert bar.text == DONE.text
    bar._dismiss()
    assert bar.isHidden()
    bar.show_notice(CHANGED)
    newer = Notice("b.mp4 is empty.", is_problem=True)
    bar.show_notice(newer)
    bar._dismiss()
    assert bar.isHidden(), "of two problems the newer one is shown"


def test_a_button_leads_back_to_the_problem_and_acts(bar, qtbot):
    bar.show_notice(CHANGED, "Open again")
    bar.show_notice(Notice("The report is in r.", action_id="open_report"), "Open folder")
    with qtbot.waitSignal(bar.action_wanted) as wanted:
        bar._button.click()
    assert wanted.args[0].action_id == "open_report"
    assert bar.text == CHANGED.text
