"""The lanes' heights: up to four scored faces fit without scrolling; dragged heights are kept."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from inspector.ui.timeline.lanes.heights import DENSE, ChosenHeights, fitted
from inspector.ui.timeline.lanes.plots import SPACING


@pytest.mark.parametrize("tracks", [1, 2, 3, 4])
def test_up_to_four_faces_fit_into_the_room_and_are_no_higher_than_usual(tracks):
    heights = fitted(DENSE, tracks, 140)
    assert tracks * (heights.track + SPACING) <= 140
    assert heights.track <= DENSE.track
    assert heights[1:] == DENSE[1:]


def test_more_faces_than_that_do_not_make_the_rows_lower_still():
    assert fitted(DENSE, 40, 140) == fitted(DENSE, 4, 140)
    assert fitted(DENSE, 4, 20).track >= 26, "two lines of the label"


def test_dragged_heights_replace_the_automatic_ones_and_damaged_ones_do_not():
    assert ChosenHeights(track=80).applied(DENSE) == DENSE._replace(track=80)
    assert ChosenHeights.parse(ChosenHeights(80, 44).text()) == ChosenHeights(80, 44)
    for damaged in (None, "", "x y", "-3 100000", "7"):
        assert ChosenHeights.parse(damaged).applied(DENSE) == DENSE, damaged


def send(port, kind, at, buttons):
    """Send a mouse event with the left button to a viewport."""
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    where = QPointF(port.mapToGlobal(at.toPoint()))
    QApplication.sendEvent(port, QMouseEvent(kind, at, where, button, buttons, Qt.KeyboardModifier.NoModifier))


def edge(stack, lane):
    """The middle of a lane's lower edge, in the viewport's pixels."""
    rect = lane.plot.sceneBoundingRect()
    return QPointF(stack.mapFromScene(QPointF(rect.center().x(), rect.bottom() + 2)))


def test_an_edge_is_dragged_for_all_faces_and_the_height_is_remembered(analysed, make_window, qtbot):
    timeline, stack = analysed.timeline, analysed.timeline.stack
    port, first = stack.viewport(), timeline.lanes[0]
    before, shown = first.height, analysed.session.shown.index
    at, none, left = edge(stack, first), Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    send(port, QEvent.Type.MouseMove, at, none)
    assert port.cursor().shape() == Qt.CursorShape.SplitVCursor
    send(port, QEvent.Type.MouseButtonPress, at, left)
    send(port, QEvent.Type.MouseMove, at + QPointF(0, 25), left)
    send(port, QEvent.Type.MouseButtonRelease, at + QPointF(0, 25), none)
    assert [lane.height for lane in stack.tracks.values()] == [before + 25] * 2
    assert analysed.session.shown.index == shown, "a drag of an edge does not seek"
    assert timeline.selector.selection is None
    analysed.close()
    again = make_window()
    assert again.ensure_timeline().heights == f"{before + 25} 0"
    send(port, QEvent.Type.MouseButtonDblClick, edge(stack, first), left)
    assert first.height == before, "automatic again"


def test_the_middle_of_a_lane_still_seeks(analysed, qtbot):
    stack = analysed.timeline.stack
    lane = analysed.timeline.lanes[0]
    at = QPointF(stack.mapFromScene(lane.plot.sceneBoundingRect().center()))
    assert stack.edges.edge_at(at) is None
    assert stack.edges.edge_at(edge(stack, lane)) is lane
