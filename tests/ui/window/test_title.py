"""The title names the clip and the case, and marks unsaved changes; the start page offers recent clips and cases."""

import os

import pytest
from PySide6.QtWidgets import QPushButton

from tests.ui.case.test_exhibit_list import rows, saved, with_case, with_clips, work
from tests.ui.conftest import wait_shown

__all__ = ["work"]  # a fixture


def full(_handle):
    raise OSError(28, "No space left on device")


def test_the_title_names_clip_and_case(make_window, qtbot, work):
    window = make_window()
    assert window.windowTitle() == "[*]Deepfake Inspector"
    with_clips(qtbot, window, work / "a.mp4")
    assert window.windowTitle() == "[*]a.mp4 – Deepfake Inspector"
    with_case(qtbot, window, work / "Case 12")
    assert window.windowTitle() == "[*]a.mp4 – Case 12 – Deepfake Inspector"
    window.controller.open_path(work / "b.mp4")
    qtbot.waitUntil(lambda: window.windowTitle() == "[*]b.mp4 – Case 12 – Deepfake Inspector")
    assert not window.isWindowModified()


@pytest.mark.parametrize(("name", "shown"), [("a\u202eb.mp4", "a\\u202eb.mp4"), ("x[*].mp4", "x[*][*].mp4")])
def test_a_file_name_cannot_change_the_direction_of_the_title(make_window, qtbot, three, tmp_path, name, shown):
    clip = tmp_path / name
    clip.write_bytes((three / "a.mp4").read_bytes())
    window = make_window(clip)
    wait_shown(qtbot, window, 0)
    assert window.windowTitle() == f"[*]{shown} – Deepfake Inspector"


def test_an_unsaved_case_is_marked_refuses_the_first_close_and_is_saved_again(make_window, qtbot, work, monkeypatch):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4")
    with_case(qtbot, window, work / "case")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        window.controller.exhibits.rename(rows(window)[0], "X")
        qtbot.waitUntil(window.isWindowModified)
        assert "No space left" in window.message_bar.text
        window.close()
        assert window.isVisible()
        assert "are not saved" in window.message_bar.text
    window.message_bar._button.click()
    qtbot.waitUntil(lambda: not window.isWindowModified())
    assert saved(work / "case")[0].label == "X"


def test_an_unsaved_note_is_marked(opened, qtbot, monkeypatch):
    from inspector.domain.errors import CaseError
    from inspector.engine.case.case_file import CaseFile

    def refuse(*_args, **_named):
        raise CaseError("the case cannot be written; free some space.")

    with monkeypatch.context() as patched:
        patched.setattr(CaseFile, "open", refuse)
        opened.controller.annotator.add_note("A", "seen", None)
        qtbot.waitUntil(opened.isWindowModified)
    opened.controller.save_again()
    qtbot.waitUntil(lambda: not opened.isWindowModified())
    assert [note.text for note in opened.session.notes] == ["seen"]


def links(window):
    return [button for button in window.empty_state.findChildren(QPushButton) if button.toolTip()]


def test_the_empty_window_offers_recent_clips_and_cases(make_window, qtbot, work):
    window = make_window()
    assert links(window) == []
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    with_case(qtbot, window, work / "Case & co")
    window.close()
    again = make_window()
    offered = {button.accessibleName(): button for button in links(again)}
    assert set(offered) == {"Recent clips: a.mp4", "Recent cases: Case & co"}
    assert all(button.isVisible() for button in offered.values())
    case = offered["Recent cases: Case & co"]
    assert (case.text(), case.toolTip()) == ("Case && co", str(work / "Case & co"))
    case.click()
    qtbot.waitUntil(lambda: again.controller.exhibits.folder == work / "Case & co")
    wait_shown(qtbot, again, 0)


def test_a_very_long_name_is_shortened_in_the_middle(make_window, tmp_path):
    window = make_window()
    path = tmp_path / ("Q&A \u202egpj " + "long " * 40 + "end")
    window.empty_state.set_recent_cases([path])
    window.menus.show_recent("open_case", [path], lambda _path: None)
    (button,), (entry,) = links(window), window.menus.recent["open_case"].actions()
    assert "…" in button.text()
    assert button.text().endswith("end")
    assert button.text().startswith("Q&&A \\u202egpj")
    assert button.sizeHint().width() < 340
    assert entry.text().endswith("end")
    assert window.menus.recent["open_case"].sizeHint().width() < 700, "it was wider than a screen"
