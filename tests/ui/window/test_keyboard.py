"""Everything by keys alone: the way of Tab, lists and pages, a zoomed picture, Escape, dialogs with a text."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QInputDialog, QPlainTextEdit, QPushButton, QTabBar

from inspector.ui.dialogs.keys_dialog import KeysDialog
from inspector.ui.widgets import language
from inspector.ui.widgets.actions import ACTIONS, MENUS
from inspector.ui.widgets.language import LANGUAGES, tr_marked
from inspector.ui.window.menus import _RECENT
from tests.ui.conftest import analyse, wait_shown
from tests.ui.window.test_focus import TABS, press, tab_to

_K = Qt.Key


def tab_order(window, qtbot):
    """What Tab reaches from the player on, until it is there again."""
    window.player.setFocus()
    found = []
    while not found or found[-1] is not window.player:
        press(window, qtbot, _K.Key_Tab)
        found.append(QApplication.focusWidget())
        assert len(found) < TABS, "Tab does not come back"
    return found


def test_tab_goes_through_the_window_as_it_is_read(active, qtbot):
    """Also through what was built last: the page of the findings comes with a result."""
    analyse(qtbot, active)
    parts = [active.side.tabBar(), active.findings, active.transport, active.timeline, active.toolbar, active.player]
    found = tab_order(active, qtbot)
    places = [next(at for at, part in enumerate(parts) if part is each or part.isAncestorOf(each)) for each in found]
    assert places == sorted(places)
    assert set(places) == set(range(len(parts)))
    assert any(isinstance(each, QPushButton) and each.text() == "I agree …" for each in found)


def test_shift_tab_goes_the_same_way_back(active, qtbot):
    analyse(qtbot, active)
    there, back = tab_order(active, qtbot), []
    for _ in there:
        press(active, qtbot, _K.Key_Backtab)
        back.append(QApplication.focusWidget())
    assert back == [*reversed(there[:-1]), active.player]


def test_without_a_clip_the_recent_ones_come_with_the_buttons_above_them(make_window, qtbot, face_clip):
    QSettings().setValue("recent", [str(face_clip)])
    window = make_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    tab_to(window, qtbot, window.side.tabBar())
    press(window, qtbot, _K.Key_Backtab)
    assert "Recent clips" in QApplication.focusWidget().accessibleName()


def test_all_that_tab_reaches_has_a_name_and_gives_the_focus_back_on_escape(active, qtbot):
    analyse(qtbot, active)
    active.book["filters"].trigger()
    for at in range(active.side.count()):
        active.side.setCurrentIndex(at)
        for each in tab_order(active, qtbot):
            text = each.text() if isinstance(each, QAbstractButton) else ""
            assert each.accessibleName() or text or isinstance(each, QTabBar), each
            each.setFocus(Qt.FocusReason.TabFocusReason)
            press(active, qtbot, _K.Key_Escape)
            assert QApplication.focusWidget() is active.player, each


def test_a_list_and_a_page_scroll_by_their_own_keys(active, qtbot):
    analyse(qtbot, active)
    active.controller.step(5)
    wait_shown(qtbot, active, 5)
    notices = []
    active.session.notice_posted.connect(notices.append)
    active.side.setCurrentWidget(active.findings)
    tree = active.findings._tree
    tab_to(active, qtbot, tree)
    press(active, qtbot, _K.Key_End)
    assert tree.currentItem() is tree.topLevelItem(tree.topLevelItemCount() - 1)
    press(active, qtbot, _K.Key_Home)
    assert tree.currentItem() is tree.topLevelItem(0)
    active.resize(900, 510)
    bar = active.findings.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    tab_to(active, qtbot, active.findings)
    bar.setValue(0)
    press(active, qtbot, _K.Key_PageDown)
    assert bar.value() > 0
    assert not notices
    assert active.controller.session.pending_index is None
    assert active.session.shown.index == 5


def test_escape_leaves_the_full_close_up_and_the_selection(active, qtbot):
    analyse(qtbot, active)
    press(active, qtbot, _K.Key_U, Qt.KeyboardModifier.ShiftModifier)
    assert active.full_close_up.page.isVisible()
    press(active, qtbot, _K.Key_Escape)
    assert active.player.isVisible()
    assert QApplication.focusWidget() is active.player
    selector = active.timeline.selector
    selector._on_selected(0.1, 0.4, True)
    assert selector.bar.isVisible()
    press(active, qtbot, _K.Key_Escape)
    assert not selector.bar.isVisible()
    assert selector.selection is None


def test_a_zoomed_picture_is_moved_by_keys(active, qtbot):
    ctrl = Qt.KeyboardModifier.ControlModifier
    view = active.frame_view.view()
    press(active, qtbot, _K.Key_Right, ctrl)
    assert active.frame_view.view() == view, "a fitted picture is all there"
    for _ in range(4):
        press(active, qtbot, _K.Key_Plus)
    before = active.frame_view.view()
    press(active, qtbot, _K.Key_Right, ctrl)
    press(active, qtbot, _K.Key_Down, ctrl)
    after = active.frame_view.view()
    assert (after.x < before.x, after.y < before.y) == (True, True)
    press(active, qtbot, _K.Key_Left, ctrl)
    press(active, qtbot, _K.Key_Up, ctrl)
    assert (active.frame_view.view().x, active.frame_view.view().y) == pytest.approx((before.x, before.y))
    assert active.session.shown.index == 0


@pytest.mark.parametrize("action", ["I agree …", "note_selection"])
@pytest.mark.parametrize("by_button", [True, False])
def test_a_text_of_several_lines_is_written_and_sent_by_keys_alone(active, qtbot, action, by_button):
    analyse(qtbot, active)
    active.session.case_info = replace(active.session.case_info, examiner="A. Examiner")
    if action == "note_selection":
        press(active, qtbot, _K.Key_M, Qt.KeyboardModifier.ShiftModifier)
    else:
        next(each for each in active.findings.findChildren(QPushButton) if each.text() == action).click()
    dialog = active.findChild(QInputDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    assert dialog.findChild(QPlainTextEdit).accessibleName()
    for key in (_K.Key_A, _K.Key_Return, _K.Key_B):
        press(dialog, qtbot, key)
    if by_button:
        press(dialog, qtbot, _K.Key_Tab)
        assert isinstance(QApplication.focusWidget(), QPushButton)
        press(dialog, qtbot, _K.Key_Return)
    else:
        press(dialog, qtbot, _K.Key_Return, Qt.KeyboardModifier.ControlModifier)
    session = active.session
    qtbot.waitUntil(lambda: [each.text for each in session.notes] == ["a\nb"]
                    or [each.reason for each in session.reviews] == ["a\nb"])  # fmt: skip


def test_escape_closes_the_keys_and_backspace_clears_one(active, qtbot):
    active.book["keys"].trigger()
    dialog = active.findChild(KeysDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    field = dialog._editors["open"][0]
    field.setFocus()
    press(dialog, qtbot, _K.Key_Backspace)
    assert field.keySequence().isEmpty()
    assert dialog.chosen == {"open": ()}
    press(dialog, qtbot, _K.Key_B)
    assert field.keySequence().toString() == "B"
    press(dialog, qtbot, _K.Key_Escape)
    qtbot.waitUntil(lambda: active.findChild(KeysDialog) is None or not active.findChild(KeysDialog).isVisible())
    assert active.book.keys["open"] == ("Ctrl+O",)


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_no_two_entries_of_a_menu_have_the_same_letter(qapp, code):
    language.install(qapp, code)
    try:
        for menu in MENUS:
            texts = [spec.text for spec in ACTIONS if spec.menu == menu]
            texts += [_RECENT[spec.id] for spec in ACTIONS if spec.menu == menu and spec.id in _RECENT]
            letters = [QKeySequence.mnemonic(tr_marked(text)).toString() for text in texts]
            taken = [letter for letter in letters if letter]
            assert len(taken) == len(set(taken)), (menu, taken)
    finally:
        language.install(qapp, "en")
