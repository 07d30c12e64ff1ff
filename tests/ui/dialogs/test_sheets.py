"""The sheets of the Help menu fit a small screen: their sentences wrap instead of being cut."""

import pytest

from inspector.ui.dialogs import help_sheet
from inspector.ui.dialogs.about_sheet import AboutSheet, ReadingSheet
from inspector.ui.dialogs.help_sheet import HelpSheet
from inspector.ui.widgets import language
from inspector.ui.widgets.actions import ACTIONS
from tests.engine.report.conftest import build
from tests.ui.pseudo import PseudoLanguage


@pytest.mark.parametrize("sheet", ["about", "reading"])
def test_no_sentence_is_cut_in_a_longer_language(qapp, qtbot, make_window, sheet):
    window = make_window()
    with PseudoLanguage():
        shown = ReadingSheet(window) if sheet == "reading" else AboutSheet(build(100, 1).analysis.model, window)
        shown.show()
    qtbot.wait(50)
    assert shown.width() <= shown.screen().availableSize().width()
    assert not shown.area.horizontalScrollBar().isVisible()
    shown.close()


def test_the_german_keys_fit_a_screen_of_800_pixels(qtbot, make_window, monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "de")
    window = make_window()
    shown = HelpSheet({spec.id: spec.keys for spec in ACTIONS}, window)
    assert shown.screen().availableSize().width() == 800
    shown.show()
    qtbot.wait(50)
    assert shown.width() <= 800
    assert shown.area.horizontalScrollBar().maximum() == 0
    shown.close()


def test_the_german_keys_fit_a_screen_of_1024_pixels(qtbot, make_window, monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "de")
    monkeypatch.setattr(help_sheet, "_WIDE", 0)
    window = make_window()
    shown = HelpSheet({spec.id: spec.keys for spec in ACTIONS}, window)
    shown.show()
    shown.resize(1024 - 60, 600)
    qtbot.wait(50)
    assert shown.area.horizontalScrollBar().maximum() == 0
    shown.close()
