"""The list follows the clip that is shown, and names what it did not take."""

from tests.ui.case.test_exhibit_list import rows, with_clips, work

__all__ = ["work"]  # a fixture


def test_the_exhibit_that_is_shown_is_the_selected_one_and_each_file_left_out_is_named(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    window.controller.open_path(work / "b.mp4")
    qtbot.waitUntil(lambda: window.session.clip is not None and window.session.clip.path.endswith("b.mp4"))
    assert window.cases.panel.selected.exhibit.path.endswith("b.mp4")
    for name in ("one.mp4", "two.mp4"):
        (work / name).touch()
    (work / "dead.mp4").symlink_to(work / "gone.mp4")
    window.controller.exhibits.add([work / name for name in ("one.mp4", "two.mp4", "dead.mp4")])
    qtbot.waitUntil(lambda: "one.mp4" in window.message_bar.text)
    assert "two.mp4" in window.message_bar.text
    assert "dead.mp4" in window.message_bar.text
    window.controller.open_path(work / "dead.mp4")
    qtbot.waitUntil(lambda: "dead.mp4 is a link to a file that is missing" in window.message_bar.text)


def test_a_label_that_is_being_edited_stays_with_its_exhibit_when_another_clip_is_shown(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    window.side.setCurrentWidget(window.cases.panel)
    field = window.cases.panel._label
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    field.setText("K-1")
    window.controller.open_path(work / "b.mp4")
    qtbot.waitUntil(lambda: window.session.clip.path.endswith("b.mp4"))
    assert [row.exhibit.label for row in rows(window)] == ["K-1", "2"]
    assert window.cases.panel.selected.exhibit.label == field.text() == "2"


def test_the_problem_of_a_file_is_not_that_of_the_exhibit_it_was_opened_instead_of(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    window.controller.exhibits.open_row(rows(window)[1])
    window.controller.open_path(work / "broken.mp4")
    qtbot.waitUntil(lambda: "broken.mp4" in window.message_bar.text)
    assert [row.analysis_problem for row in rows(window)] == ["", ""]


def test_files_that_are_added_leave_the_clip_that_is_being_opened(make_window, qtbot, work):
    window = make_window()
    window.controller.open_path(work / "b.mp4")
    window.controller.exhibits.take(work / "a.mp4", "a" * 64, 1000)
    window.controller.exhibits._on_added()
    qtbot.waitUntil(lambda: window.session.clip is not None)
    assert window.session.clip.path.endswith("b.mp4")
    assert window.controller.case_store.openings == 1
