"""What the examiner has typed and not added yet belongs to the clip that was open."""

from dataclasses import replace

from inspector.domain.case import CaseInfo
from inspector.ui.state import CaseAnnotations
from tests.ui.conftest import wait_shown


def open_clip(qtbot, window, path):
    window.controller.open_path(path)
    qtbot.waitUntil(lambda: window.session.clip is not None and window.session.clip.path == str(path))
    wait_shown(qtbot, window, 0)


def test_a_note_that_is_not_added_yet_waits_for_its_clip(active, face_clip, three, qtbot):
    active.notes._text.setPlainText("seen in a")
    open_clip(qtbot, active, three / "b.mp4")
    assert active.notes._text.toPlainText() == ""
    assert active.notes.has_draft, "closing asks for it"
    assert not active.notes._on_clip.isEnabled()
    open_clip(qtbot, active, face_clip)
    assert active.notes._text.toPlainText() == "seen in a"


def test_a_field_of_the_cover_that_has_the_focus_is_written_to_its_own_clip(active, face_clip, three, qtbot):
    active.side.setCurrentWidget(active.notes)
    field = active.notes._fields["exhibit"]
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "A7")
    open_clip(qtbot, active, three / "b.mp4")
    assert active.session.case_info.exhibit == ""
    assert field.text() == ""
    open_clip(qtbot, active, face_clip)
    qtbot.waitUntil(lambda: active.session.case_info.exhibit == "A7")
    assert field.text() == "A7"


def test_a_change_of_a_note_that_is_not_saved_yet_waits_for_its_clip(active, face_clip, three, qtbot):
    panel = active.notes
    panel.note_added.emit("seen in a", None)
    qtbot.waitUntil(lambda: panel._list.count() == 1)
    panel._list.setCurrentRow(0)
    panel._on_edit()
    qtbot.keyClicks(panel._text, "Not ")
    here, case_path = active.session.opened, active.session.case_path
    open_clip(qtbot, active, three / "b.mp4")
    there, its_case = active.session.opened, active.session.case_path
    active.session.set_clip(here, case_path)  # and left again before its case is read
    active.session.set_clip(there, its_case)
    assert panel._text.toPlainText() == ""
    assert panel.has_draft, "closing asks for it"
    open_clip(qtbot, active, face_clip)
    qtbot.waitUntil(lambda: panel._text.toPlainText() == "Not seen in a")
    assert not panel._save.isHidden()
    panel._on_save()
    qtbot.waitUntil(lambda: [note.text for note in active.session.notes] == ["Not seen in a"])
    assert not panel.has_draft


def test_a_focused_field_of_the_cover_shows_what_was_stored(active, qtbot):
    """It kept what it showed before the case was read, and wrote that when the focus went on."""
    active.side.setCurrentWidget(active.notes)
    field = active.notes._fields["exhibit"]
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    info = replace(active.session.case_info, exhibit="A7")
    read = CaseAnnotations(active.session.case_path, (), (), (), (), (), info)
    active.session.set_annotations(read)
    assert field.text() == "A7"
    qtbot.keyClicks(field, "b")
    active.session.set_annotations(read)
    assert field.text() == "A7b", "what is being typed stays"


def test_a_field_of_the_cover_that_is_changed_before_its_case_is_read_leaves_the_others(active, qtbot):
    session = active.session
    active.controller.set_case_info(replace(session.case_info, name="Harbour", exhibit="A1"))
    qtbot.waitUntil(lambda: session.case_info.name == "Harbour")
    session.case_info = CaseInfo()  # as it is until the case file was read
    active.controller.set_case_info(CaseInfo(exhibit="A7"))
    qtbot.waitUntil(lambda: (session.case_info.name, session.case_info.exhibit) == ("Harbour", "A7"))
