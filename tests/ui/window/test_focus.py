"""Keyboard focus: a control that Tab reached handles its keys; a clicked control leaves the focus with the player."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QPushButton

from inspector.ui.widgets.labels import PlainLabel
from inspector.ui.window.focus import Ring
from tests.ui.conftest import analyse, wait_shown
from tests.ui.pictures import pixels

TABS = 200
_K = Qt.Key


def press(window, qtbot, key, *modifiers):
    """A key as the platform sends it: to the window first, with shortcuts."""
    qtbot.keyClick(window.windowHandle(), key, *modifiers)


def write(window, qtbot, text):
    for letter in text:
        press(window, qtbot, letter)


def click(window, qtbot, widget):
    """A click as the platform sends it, with the change of focus."""
    at = widget.mapTo(window, widget.rect().center())
    qtbot.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(at))


def tab_to(window, qtbot, widget, key=_K.Key_Tab):
    tab_until(window, qtbot, lambda here: here is widget, key)


def tab_until(window, qtbot, is_there, key=_K.Key_Tab):
    for _ in range(TABS):
        if is_there(QApplication.focusWidget()):
            return
        press(window, qtbot, key)
    pytest.fail("Tab does not get there")


def in_sight(widget):
    return widget.visibleRegion().boundingRect().contains(widget.rect().center())


@pytest.mark.parametrize("key", [_K.Key_Space, _K.Key_Return, _K.Key_Enter])
def test_a_note_is_written_and_added_by_keys_alone(active, qtbot, key):
    active.side.setCurrentWidget(active.notes)
    tab_to(active, qtbot, active.notes._text)
    write(active, qtbot, "mk p")
    tab_to(active, qtbot, active.notes._on_frame)
    press(active, qtbot, key)
    qtbot.waitUntil(lambda: [note.text for note in active.session.notes] == ["mk p"])
    assert not active.session.playback.is_playing
    assert not active.session.bookmarks
    assert QApplication.focusWidget() is active.notes._text


def test_a_button_of_the_toolbar_is_reached_and_pressed_by_keys(active, qtbot):
    boxes = active.toolbar.widgetForAction(active.book["boxes"])
    before = active.session.overlays.boxes
    tab_to(active, qtbot, boxes)
    press(active, qtbot, _K.Key_Space)
    assert active.session.overlays.boxes is not before
    press(active, qtbot, _K.Key_Return)
    assert active.session.overlays.boxes is before
    assert QApplication.focusWidget() is boxes


@pytest.mark.parametrize("action", ["play", "boxes", "compare"])
def test_after_a_click_space_plays(active, qtbot, action):
    bar = active.toolbar if action != "play" else active.transport
    button = next(b for b in bar.findChildren(QAbstractButton) if b.toolTip() == active.book[action].toolTip())
    click(active, qtbot, button)
    if action == "play":
        assert active.session.playback.is_playing
        press(active, qtbot, _K.Key_Space)
        assert not active.session.playback.is_playing
    press(active, qtbot, _K.Key_Space)
    assert active.session.playback.is_playing
    active.controller.pause()


def test_a_click_does_not_move_the_focus(active, qtbot):
    active.side.setCurrentWidget(active.cases.panel)
    button = next(b for b in active.cases.panel.findChildren(QPushButton) if b.text() == "Analyse all")
    button.setEnabled(True)
    button.clicked.disconnect()
    pressed = []
    button.clicked.connect(lambda: pressed.append(True))
    active.transport.focus_goto()
    click(active, qtbot, button)
    assert pressed
    assert QApplication.focusWidget() is active.transport._goto
    tab_to(active, qtbot, active.transport._speed, _K.Key_Backtab)
    click(active, qtbot, button)
    assert QApplication.focusWidget() is active.player


def test_sliders_combo_boxes_and_tabs_handle_their_own_keys(active, qtbot):
    active.session.change_overlays(heat_map=True)
    before, box = active.toolbar.opacity.value(), active.transport._speed
    tab_to(active, qtbot, active.toolbar.opacity)
    press(active, qtbot, _K.Key_Left)
    assert active.toolbar.opacity.value() < before
    tab_to(active, qtbot, box)
    press(active, qtbot, _K.Key_Up)
    assert active.session.playback.speed == 0.5
    tab_to(active, qtbot, active.side.tabBar())
    press(active, qtbot, _K.Key_Right)
    assert active.side.currentWidget() is active.close_up
    assert active.session.shown.index == 0
    active.player.setFocus()
    press(active, qtbot, _K.Key_Right)
    wait_shown(qtbot, active, 1)


def test_analyse_focuses_the_picture(active, qtbot):
    tab_to(active, qtbot, active.toolbar.analyse_button)
    press(active, qtbot, _K.Key_Return)
    assert active.session.job is not None
    assert QApplication.focusWidget() is active.player
    qtbot.waitUntil(lambda: active.session.analysis is not None)
    assert QApplication.focusWidget() is active.player


@pytest.mark.parametrize("is_active", [True, False])
def test_a_rebuilt_page_returns_the_focus_to_the_picture(active, qtbot, is_active):
    analyse(qtbot, active)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # By its words: the page may be built anew once more on the way, when the case file has been read.
    tab_until(active, qtbot, lambda here: isinstance(here, QPushButton) and here.text() == "I agree …")
    dialog = QDialog(active)
    if not is_active:
        dialog.open()
        qtbot.waitUntil(lambda: not active.isActiveWindow())
    active.session.set_settings(active.session.settings)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    dialog.reject()
    active.activateWindow()
    qtbot.waitUntil(active.isActiveWindow)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is active.player)


def test_another_tab_does_not_take_the_keys_of_the_player(active, qtbot):
    tab_to(active, qtbot, active.findings)
    bar = active.side.tabBar()
    at = bar.mapTo(active, bar.tabRect(active.side.indexOf(active.close_up)).center())
    qtbot.mouseClick(active.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert active.side.currentWidget() is active.close_up
    assert QApplication.focusWidget() is active.player
    press(active, qtbot, _K.Key_M)
    qtbot.waitUntil(lambda: len(active.session.bookmarks) == 1)


def test_a_click_on_the_tab_of_the_notes_or_their_heading_is_the_wish_to_type(active, qtbot):
    bar, panel = active.side.tabBar(), active.notes
    at = bar.mapTo(active, bar.tabRect(active.side.indexOf(panel)).center())
    qtbot.mouseClick(active.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is panel._text)
    press(active, qtbot, _K.Key_M)
    assert panel._text.toPlainText() == "m"
    active.player.setFocus()
    title = next(label for label in panel.findChildren(PlainLabel) if label.text() == "Your note")
    qtbot.mouseClick(title, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is panel._text
    assert not active.session.bookmarks


def test_a_focused_control_is_scrolled_into_view(active, qtbot):
    active.resize(900, 510)
    active.side.setCurrentWidget(active.notes)
    qtbot.wait(50)
    last = active.notes._fields["organisation"]
    assert not in_sight(last)
    tab_to(active, qtbot, last, _K.Key_Backtab)
    assert in_sight(last)
    tab_to(active, qtbot, active.notes._text)
    assert in_sight(active.notes._text)


def test_a_note_is_written_without_scrolling(active, qtbot):
    active.side.setCurrentWidget(active.notes)
    active.notes._text.setPlainText("an ear")
    qtbot.wait(50)
    panel = active.notes
    for widget in (panel._text, panel._on_frame, panel._on_clip, panel._list, panel._edit, panel._remove):
        assert in_sight(widget)


def test_escape_returns_the_focus_from_a_field_to_the_player(active, qtbot):
    press(active, qtbot, _K.Key_G)
    assert QApplication.focusWidget() is active.transport._goto
    press(active, qtbot, _K.Key_Escape)
    assert QApplication.focusWidget() is active.player
    press(active, qtbot, _K.Key_M)
    qtbot.waitUntil(lambda: len(active.session.bookmarks) == 1)


def type_place(window, qtbot, text):
    press(window, qtbot, _K.Key_G)
    write(window, qtbot, text)
    press(window, qtbot, _K.Key_Return)


def test_a_refused_position_is_hidden_when_the_position_changes(active, qtbot):
    type_place(active, qtbot, "9999")
    assert active.message_bar.isVisible()
    press(active, qtbot, _K.Key_Escape)
    press(active, qtbot, _K.Key_Right)
    wait_shown(qtbot, active, 1)
    assert not active.message_bar.isVisible()
    type_place(active, qtbot, "9999")
    assert active.message_bar.isVisible()
    press(active, qtbot, _K.Key_Escape)
    type_place(active, qtbot, "1")
    assert not active.message_bar.isVisible()


def test_the_last_stretch_is_reported(active, qtbot):
    analyse(qtbot, active)
    (segment,) = active.session.analysis.segments
    press(active, qtbot, _K.Key_PageUp)
    assert active.message_bar.text == "No further suspicious segment before this frame."
    press(active, qtbot, _K.Key_PageDown)
    qtbot.waitUntil(lambda: active.session.shown.pts == segment.peak_pts)
    assert not active.message_bar.isVisible()
    press(active, qtbot, _K.Key_PageDown)
    assert active.message_bar.text == "No further suspicious segment after this frame."
    active.session.set_analysis(replace(active.session.analysis, segments=()))
    press(active, qtbot, _K.Key_PageDown)
    assert active.message_bar.text == "There is no suspicious segment in this clip."


def differs(window, widget, act):
    """The share of the widget's outermost pixels that `act` changes."""

    def edge():
        image = pixels(window.grab(widget.rect().translated(widget.mapTo(window, QPoint(0, 0)))).toImage())
        return np.concatenate(
            [
                image[:4].reshape(-1, 3),
                image[-4:].reshape(-1, 3),
                image[:, :4].reshape(-1, 3),
                image[:, -4:].reshape(-1, 3),
            ]
        ).astype(int)

    before = edge()
    act()
    QApplication.processEvents()
    return float((abs(edge() - before).max(axis=1) > 60).mean())


@pytest.mark.parametrize("theme", ["dark", "light", "high contrast"])
def test_a_focused_widget_shows_the_ring(active, qtbot, theme):
    analyse(qtbot, active)
    active.session.set_theme(theme)
    active.session.change_overlays(heat_map=True)
    lanes = active.timeline._scroll
    active.side.setCurrentWidget(active.notes)
    boxes = active.toolbar.widgetForAction(active.book["boxes"])
    for widget in (boxes, active.toolbar.opacity, active.notes._list, active.notes._text, lanes, active.player):
        (active.transport._goto if widget is active.player else active.player).setFocus()
        qtbot.wait(20)
        assert differs(active, widget, lambda widget=widget: tab_to(active, qtbot, widget)) > 0.25, widget
    active.side.setCurrentWidget(active.findings)
    assert differs(active, active.findings, lambda: tab_to(active, qtbot, active.findings)) > 0.25
    assert len(active.findChildren(Ring)) == 1


def test_a_saved_picture_does_not_show_the_ring(active, qtbot):
    active.transport.focus_goto()
    before = pixels(active.player.grab().toImage())
    tab_to(active, qtbot, active.player)
    assert active.findChild(Ring).geometry() == active.player.geometry()
    assert np.array_equal(pixels(active.player.grab().toImage()), before)
    active.resize(1200, 700)
    qtbot.waitUntil(lambda: active.findChild(Ring).geometry() == active.player.geometry())


def test_a_toggle_without_a_clip_does_not_look_checked(make_window):
    window = make_window()
    boxes, filters = (window.toolbar.widgetForAction(window.book[name]) for name in ("boxes", "filters"))
    assert boxes.isChecked()
    assert not filters.isChecked()
    assert (pixels(boxes.grab().toImage())[0, 8] == pixels(filters.grab().toImage())[0, 8]).all()


def test_without_a_clip_no_button_shows_the_ring_before_tab(make_window, qtbot):
    window = make_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert not isinstance(window.focusWidget(), QAbstractButton)
    press(window, qtbot, _K.Key_Tab)
    assert isinstance(window.focusWidget(), QAbstractButton)
