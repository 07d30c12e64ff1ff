"""A face gets the examiner's name, which lanes, boxes, card, list and comparison show."""

from PySide6.QtWidgets import QInputDialog, QLineEdit

from inspector.domain.answer import finding_title
from inspector.domain.case import MOST_NAME
from inspector.engine.case.case_file import CaseFile
from inspector.ui.dialogs.cover_dialog import CoverDialog
from inspector.ui.picture.overlays import mark_text
from inspector.ui.picture.scene import scene_of
from inspector.ui.state import Comparison, Pick
from tests.ui.fake_engine import STRONG, WEAK


def name(window, text, track=STRONG):
    window.session.set_selected_track(track)
    window.book["name_face"].trigger()
    dialog = window.findChildren(QInputDialog)[-1]
    assert dialog.findChild(QLineEdit).maxLength() == MOST_NAME
    dialog.setTextValue(text)
    dialog.accept()


def test_a_named_face_is_called_so_everywhere(analysed, qtbot):
    window, session = analysed, analysed.session
    name(window, "  the\tminister ")
    window.findChild(CoverDialog).go_on.click()  # who examines is asked once
    qtbot.waitUntil(lambda: session.face_names == {STRONG: "the minister"})
    lanes = window.timeline.stack.tracks
    qtbot.waitUntil(lambda: lanes[STRONG].label.text.startswith("the minister"))
    assert lanes[WEAK].label.text.startswith(f"Face {WEAK}")
    tree = window.findings._tree
    assert {tree.topLevelItem(row).text(0) for row in range(2)} == {"the minister", f"Face {WEAK}"}
    titles = [mark_text(mark) for mark in scene_of(session).marks]
    assert any(title.startswith("the minister ·") for title in titles)
    finding = session.analysis.findings[0]
    wanted = f"Face {STRONG} (“the minister”): manipulation indicated"
    assert finding_title(finding, session.analysis, session.face_names) == wanted
    session.set_comparison(Comparison(Pick(0, STRONG), Pick(None, None)))
    qtbot.waitUntil(lambda: window.pictures.compare_view.pair is not None)
    assert window.pictures.compare_view.pair.left.source.names == {STRONG: "the minister"}
    window.book["undo"].trigger()
    qtbot.waitUntil(lambda: session.face_names == {})
    qtbot.waitUntil(lambda: lanes[STRONG].label.text.startswith(f"Face {STRONG}"))
    with CaseFile.open(session.case_path) as case:
        assert [entry.action for entry in case.audit()][-2:] == ["name added", "name removed"]


def test_a_double_click_on_the_label_asks_for_the_name(analysed, qtbot):
    label = analysed.timeline.stack.tracks[WEAK].label
    label.name_wanted.emit()
    dialog = analysed.findChild(QInputDialog)
    assert dialog.windowTitle() == f"Name Face {WEAK}"
    dialog.reject()
