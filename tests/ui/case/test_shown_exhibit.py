"""The list follows the clip that is shown, and names what it did not take."""

from tests.ui.case.test_exhibit_list import wait, with_clips, work

__all__ = ["work"]  # a fixture


def test_the_exhibit_that_is_shown_is_the_selected_one_and_each_file_left_out_is_named(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    window.controller.open_path(work / "b.mp4")
    wait(qtbot, lambda: window.session.clip is not None and window.session.clip.path.endswith("b.mp4"))
    assert window.cases.panel.selected.exhibit.path.endswith("b.mp4")
    for name in ("one.mp4", "two.mp4"):
        (work / name).touch()
    (work / "dead.mp4").symlink_to(work / "gone.mp4")
    window.controller.exhibits.add([work / name for name in ("one.mp4", "two.mp4", "dead.mp4")])
    wait(qtbot, lambda: "one.mp4" in window.message_bar.text)
    assert "two.mp4" in window.message_bar.text
    assert "dead.mp4" in window.message_bar.text
    window.controller.open_path(work / "dead.mp4")
    wait(qtbot, lambda: "dead.mp4 is a link to a file that is missing" in window.message_bar.text)
