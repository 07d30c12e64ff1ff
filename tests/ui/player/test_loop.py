"""In and out points: playback stays between them until they are cleared."""

from tests.ui.conftest import wait_shown


def go(window, qtbot, index):
    window.controller.seek_index(index)
    wait_shown(qtbot, window, index)


def test_playing_stays_between_in_and_out_until_they_are_cleared(opened, qtbot):
    go(opened, qtbot, 10)
    opened.book["set_in"].trigger()
    go(opened, qtbot, 14)
    opened.book["set_out"].trigger()
    seen = []
    opened.session.shown_changed.connect(lambda shown: seen.append(shown.index))
    opened.book["play"].trigger()
    qtbot.waitUntil(lambda: seen.count(10) >= 2)
    assert opened.session.playback.is_playing
    assert set(seen) <= set(range(10, 15))
    opened.book["clear_range"].trigger()
    qtbot.waitUntil(lambda: max(seen) > 14)
    opened.controller.pause()
