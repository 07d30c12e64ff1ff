"""The window on a small screen: all controls are reachable and no text is cut off."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QScrollArea, QToolButton

from inspector.ui.state import AnalysisJob, Notice

SMALLEST = (800, 510)  # 800x600 with the bars of a desktop; 1366x768 at 150 % has 911x512


@pytest.fixture
def small(analysed, qtbot):
    analysed.resize(*SMALLEST)
    qtbot.waitUntil(lambda: (analysed.width(), analysed.height()) == SMALLEST)
    qtbot.wait(50)
    return analysed


def test_the_window_fits_a_small_screen_with_every_tab(small, qtbot):
    for at in range(small.side.count()):
        small.side.setCurrentIndex(at)
        qtbot.wait(20)
        assert (small.width(), small.height()) == SMALLEST
        needed = small.centralWidget().minimumSizeHint()
        assert needed.width() <= small.centralWidget().width(), small.side.tabText(at)
        assert needed.height() <= small.centralWidget().height(), small.side.tabText(at)


def test_in_a_small_window_the_list_of_exhibits_has_two_whole_rows_and_no_button_is_cut(small, qtbot):
    panel = small.cases.panel
    small.side.setCurrentWidget(panel)
    qtbot.wait(50)
    exhibits = panel.findChild(QListView)
    assert exhibits.viewport().height() >= 2 * exhibits.sizeHintForRow(0)
    for button in panel.findChildren(QPushButton):
        assert not button.isVisible() or button.parentWidget().rect().contains(button.geometry()), button.text()
    small.resize(1366, 768)
    qtbot.wait(50)
    assert panel.findChild(QScrollArea).verticalScrollBar().maximum() == 0


def in_sight(window, widget):
    """Whether the whole widget is inside the window."""
    corner = widget.mapTo(window, widget.rect().bottomRight())
    return widget.isVisible() and corner.x() < window.width() and corner.y() < window.height()


@pytest.mark.parametrize("job", [None, AnalysisJob(9, frames_done=60_000, frames_total=216_000, started=0.0, now=60.0)])
def test_the_toolbar_hides_texts_before_buttons(small, qtbot, job):
    small.session.set_job(job)
    qtbot.wait(50)
    toolbar = small.toolbar
    for action in ("open", "export", "compare", "bookmark", "theme", "help"):
        assert in_sight(small, toolbar.widgetForAction(small.book[action])), action
    if job is not None:
        assert small._status.text() == "Analysis: 60000 of 216000 · 1000 frames/s · 3 min left"
        assert toolbar.progress.fontMetrics().horizontalAdvance(toolbar.progress.text()) < toolbar.progress.width()
    small.resize(1680, 980)
    qtbot.wait(50)
    button = toolbar.widgetForAction(small.book["compare"])
    assert isinstance(button, QToolButton)
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon


@pytest.mark.parametrize("job", [None, AnalysisJob(9, frames_done=200, frames_total=200, started=0.0, now=60.0)])
def test_at_1366_every_button_of_the_toolbar_has_a_word(analysed, qtbot, job):
    analysed.resize(1366, 768)
    analysed.session.set_job(job)
    qtbot.wait(50)
    toolbar = analysed.toolbar
    shown = [button for button in toolbar.findChildren(QToolButton) if button.isVisible() and button.defaultAction()]
    assert len(shown) >= 12
    assert [b.toolTip() for b in shown if b.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonTextBesideIcon] == []
    if job is not None:
        assert toolbar.progress.text().startswith("99")
        assert toolbar.progress.fontMetrics().horizontalAdvance(toolbar.progress.text()) < toolbar.progress.width()


def test_the_transport_shows_the_position_and_hides_what_is_redundant(small, qtbot):
    transport = small.transport
    for label in transport.findChildren(QLabel):
        if label.isVisible() and label.text():
            assert label.width() >= label.sizeHint().width(), label.text()
    assert transport.readout("frame")
    assert not transport._labels["seconds"].isVisible()
    assert in_sight(small, transport._goto)
    small.resize(1366, 768)
    qtbot.waitUntil(transport._labels["seconds"].isVisible)


def test_the_readouts_stay_apart_after_a_theme_was_chosen_while_they_were_empty(opened, qtbot):
    """Margins that are set by code are lost then: the window read "0 of 30key, I00:00:00:00pts 0"."""
    labels = [label for label in opened.transport.findChildren(QLabel) if label.objectName() == "readout"]
    texts = [label.text() for label in labels]
    for label in labels:
        label.setText("")
    qtbot.wait(50)
    opened.session.set_theme("light")
    qtbot.wait(50)
    for label, text in zip(labels, texts, strict=True):
        label.setText(text)
        assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance(text) + 14, text
    opened.session.set_theme("dark")


def test_the_start_page_scrolls(make_window, qtbot):
    window = make_window()
    window.resize(*SMALLEST)
    qtbot.wait(50)
    cut = [
        label.text()
        for label in window.empty_state.findChildren(QLabel)
        if label.wordWrap() and label.height() < label.heightForWidth(label.width())
    ]
    assert not cut
    opening = next(b for b in window.empty_state.findChildren(QPushButton) if b.text() == "Open a clip …")
    assert in_sight(window, opening)


def test_a_complete_analysis_is_not_offered_again_after_another_job(analysed, qtbot):
    session = analysed.session
    session.set_installed_model(session.analysis.model)  # nothing else would come of it
    session.set_job(AnalysisJob(9))
    session.set_job(None)
    qtbot.wait(20)
    assert analysed.toolbar.analyse_button.text() == "Analysed"
    assert not analysed.toolbar.analyse_button.isEnabled()
    failed = "face.mp4 has no picture from 5 s to 1 s; change the start or end of the analysis."
    session.post(Notice(failed, is_problem=True, action_id="analyse"))
    assert analysed.message_bar._button.text() == "Try again", "there is nothing to resume"
