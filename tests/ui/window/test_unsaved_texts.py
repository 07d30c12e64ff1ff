"""What the examiner has typed and not added yet belongs to the clip that was open."""

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
