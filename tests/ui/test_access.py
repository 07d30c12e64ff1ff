"""Accessibility: every control has a name, and Tab reaches every control and leaves it again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QSlider,
    QTabBar,
    QWidget,
)

from inspector.ui.state import Notice
from inspector.ui.widgets.theme import THEMES, link, tint
from tests.ui.conftest import analyse

CONTROLS = QAbstractButton | QAbstractSpinBox | QComboBox | QLineEdit | QSlider
TABS = 400  # more than there are controls


def controls(root):
    """The widgets that take the focus, without the inner parts of compound widgets."""
    for widget in root.findChildren(QWidget):
        is_part = isinstance(widget.parent(), QAbstractSpinBox | QComboBox | QTabBar) or widget.objectName().startswith(
            "qt_"
        )
        is_part = is_part or (isinstance(widget.parent(), QAbstractScrollArea) and widget.parent().viewport() is widget)
        if (
            widget.window() is root
            and not widget.isHidden()
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not is_part
        ):
            yield widget


def name_of(widget):
    """The text that a screen reader reads for a widget."""
    names = [widget.accessibleName(), widget.toolTip()]
    if isinstance(widget, QAbstractButton):
        names.append(widget.text())
    if isinstance(widget, QTabBar):
        names += [widget.tabText(at) for at in range(widget.count())]
    return "".join(names).strip()


def nameless(root):
    """The controls without a name for a screen reader."""
    unnamed = [widget for widget in controls(root) if not name_of(widget)]
    return [f"{type(w).__name__} {w.objectName()!r} in {type(w.parent()).__name__}" for w in unnamed]


def test_every_control_of_the_window_has_a_name(analysed, qtbot):
    analysed.book["filters"].trigger()
    analysed.book["compare"].trigger()
    qtbot.wait(50)
    assert nameless(analysed) == []


@pytest.mark.parametrize("action", ["settings", "keys", "help", "limits"])
def test_every_control_of_a_dialog_has_a_name_and_closing_focuses_the_player(opened, qtbot, action):
    opened.activateWindow()
    opened.transport.focus_goto()
    opened.book[action].trigger()
    dialog = next(d for d in opened.findChildren(QDialog) if d.isVisible())
    assert not nameless(dialog)
    room = dialog.screen().availableSize()
    assert dialog.width() <= room.width()
    assert dialog.height() <= room.height()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not [d for d in opened.findChildren(QDialog) if d.isVisible()])
    assert opened.focusWidget() is opened.frame_view


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_reaches_every_control_and_leaves_it_again(analysed, qtbot, key):
    analysed.activateWindow()
    qtbot.waitUntil(analysed.isActiveWindow)
    reached = {}
    for index in range(analysed.side.count()):
        analysed.side.setCurrentIndex(index)
        analysed.frame_view.setFocus()
        for _ in range(TABS):
            here = QApplication.focusWidget()
            reached[here] = True
            qtbot.keyClick(here, key)
            assert QApplication.focusWidget() is not here, f"the focus stays in {here}"
            if QApplication.focusWidget() is analysed.frame_view:
                break
        else:
            pytest.fail("the focus does not come round")
        wanted = [w for w in controls(analysed) if w.isEnabled() and w.isVisible() and isinstance(w, CONTROLS)]
        missed = [w for w in wanted if w not in reached and w.window() is analysed]
        assert not missed, [f"{type(w).__name__} {name_of(w)}" for w in missed]
    for part in (analysed.frame_view, analysed.transport, analysed.timeline, analysed.side, analysed.toolbar):
        assert any(part is w or part.isAncestorOf(w) for w in reached), type(part).__name__


@pytest.mark.parametrize("theme", list(THEMES))
def test_text_has_enough_contrast(theme):
    colours = THEMES[theme]
    for ground in (colours.window, colours.panel, colours.raised, colours.field):
        assert contrast(colours.text, ground) >= 4.5
    for ground in (colours.window, colours.panel, colours.field):
        assert contrast(colours.muted, ground) >= 4.5
        assert contrast(colours.notable, ground) >= 3
    assert contrast(colours.text, tint(colours)) >= 4.5, "what a progress bar says, over what is done"
    assert contrast(link(colours), colours.window) >= 4.5
    assert contrast(colours.problem, colours.raised) >= 3
    assert contrast(colours.on_accent, colours.accent) >= 3  # bold, as WCAG's large text
    if theme == "high contrast":
        assert contrast(colours.text, colours.panel) >= 15


def contrast(one, other):
    """The contrast ratio of two colours by WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_screen_reader_is_told_notices_and_the_end_of_an_analysis(opened, qtbot, monkeypatch):
    told = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: told.append((event.message(), event.politeness().name))
    )
    opened.session.post(Notice("Saved a.png."))
    opened.session.post(Notice("b.mp4 cannot be read.", is_problem=True))
    assert told == [("Saved a.png.", "Polite"), ("b.mp4 cannot be read.", "Assertive")]
    del told[:]
    analyse(qtbot, opened)
    (result,) = (text for text, _ in told)
    assert result.startswith("The analysis has ended: Manipulation indicated. Do not publish before")
