"""Several exhibits in one case: the list, the queue, saving, and moved, changed and missing files."""

import json
import shutil
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from inspector.domain.analysis import Conclusion
from inspector.domain.case import FileStatus
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.case_folder import open_case
from inspector.engine.report.parts import ReportPart
from inspector.engine.seal.keys import check_signature, create_key
from inspector.ui.case.places import cases_folder
from inspector.ui.dialogs.drop_dialog import DropDialog
from inspector.ui.dialogs.report_dialog import ReportDialog
from inspector.ui.panels.exhibit_model import status_text
from inspector.ui.widgets import file_dialogs as dialogs
from tests.ui.conftest import wait_shown


@pytest.fixture
def work(tmp_path, three):
    """A copy of the three files that a test may move and change."""
    shutil.copytree(three, tmp_path / "work")
    return tmp_path / "work"


def rows(window):
    return window.controller.exhibits.rows


def statuses(window):
    return [status_text(row, window.controller.queue) for row in rows(window)]


def with_clips(qtbot, window, *paths):
    """Add files to the list and wait until all are in it and one is shown."""
    before = len(rows(window))
    window.controller.exhibits.add(list(paths))
    qtbot.waitUntil(lambda: len(rows(window)) == before + len(paths))
    qtbot.waitUntil(lambda: window.session.shown is not None)


def with_case(qtbot, window, folder):
    """Create a case from the list, or open the existing one, and wait until its files are checked."""
    act = window.controller.open_path if (folder / "case.json").exists() else window.controller.exhibits.new_case
    act(folder)
    qtbot.waitUntil(lambda: window.controller.exhibits.folder == folder)
    qtbot.waitUntil(lambda: all(row.file_status is not FileStatus.UNCHECKED for row in rows(window)))
    if any(row.is_there for row in rows(window)):
        qtbot.waitUntil(lambda: window.session.case_path is not None and window.session.case_path.parent == folder)


def saved(folder):
    return open_case(folder).case.exhibits


def test_a_single_clip_creates_no_case(make_window, qtbot, work):
    window = make_window(work / "a.mp4")
    wait_shown(qtbot, window, 0)
    assert window.session.case_path == cases_folder() / f"{window.session.clip.sha256[:16]}.inspector"
    assert [row.clip_path for row in rows(window)] == [work / "a.mp4"]
    assert not list(work.rglob("case.json"))
    assert not cases_folder().exists() or not list(cases_folder().rglob("case.json"))
    assert window.session.case_info.exhibit == ""
    assert window.side.currentWidget() is not window.cases.panel


def test_dropped_files_are_listed_and_those_that_are_no_clips_reported(make_window, qtbot, work):
    (work / "notes.txt").write_text("no clip")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(work / name)) for name in ("a.mp4", "notes.txt", "b.mp4", "a.mp4")])
    window = make_window()
    window.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                                Qt.KeyboardModifier.NoModifier))  # fmt: skip
    qtbot.waitUntil(lambda: len(rows(window)) == 2)
    qtbot.waitUntil(lambda: "notes.txt holds text" in window.message_bar.text or window.session.shown is not None)
    wait_shown(qtbot, window, 0)
    assert [row.exhibit.label for row in rows(window)] == ["1", "2"]
    assert window.session.clip.path == str(work / "a.mp4")


def test_a_broken_clip_does_not_stop_the_others(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "broken.mp4", work / "b.mp4")
    assert statuses(window) == ["not analysed"] * 3
    assert window.book["analyse_all"].isEnabled()
    window.book["analyse_all"].trigger()
    assert statuses(window)[1:] == ["queued", "queued"]
    assert statuses(window)[0].startswith("running")
    assert window.book["stop_all"].isEnabled()
    qtbot.waitUntil(lambda: not window.controller.queue.is_busy)
    first, broken, last = statuses(window)
    assert first == last == "analysed: manipulation indicated"
    assert broken.startswith("failed: broken.mp4")
    assert window.session.analysis is not None
    assert not window.book["stop_all"].isEnabled()


def test_a_case_keeps_everything_and_opens_again(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    window.book["analyse_all"].trigger()
    qtbot.waitUntil(lambda: not window.controller.queue.is_busy)
    with_case(qtbot, window, work / "case")
    assert window.side.currentWidget() is window.cases.panel
    assert [e.path for e in saved(work / "case")] == ["../a.mp4", "../b.mp4"]
    window.controller.exhibits.rename(rows(window)[0], "K-1")
    qtbot.waitUntil(lambda: window.session.case_info.exhibit == "K-1")
    assert window.session.case_info.name == "case"
    window.close()
    again = make_window(work / "case")
    qtbot.waitUntil(lambda: again.session.analysis is not None)
    assert [row.exhibit.label for row in rows(again)] == ["K-1", "2"]
    assert statuses(again) == ["analysed: manipulation indicated"] * 2
    assert again.session.case_info.exhibit == "K-1"
    assert again.cases.recent() == [work / "case"]


def test_an_interrupted_save_does_no_harm(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4")
    with_case(qtbot, window, work / "case")
    (work / "case" / ".case.json.killed.partial").write_text('{"schema": "deepfake-insp')
    with_clips(qtbot, window, work / "b.mp4")
    qtbot.waitUntil(lambda: len(saved(work / "case")) == 2)
    assert not list((work / "case").glob(".case.json.*"))


def test_a_moved_case_opens_and_its_case_files_get_the_new_paths(make_window, qtbot, tmp_path, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    window.book["analyse_all"].trigger()
    qtbot.waitUntil(lambda: not window.controller.queue.is_busy)
    with_case(qtbot, window, work / "case")
    window.close()
    shutil.move(work, tmp_path / "moved")
    again = make_window(tmp_path / "moved" / "case" / "case.json")
    qtbot.waitUntil(lambda: [row.file_status for row in rows(again)] == [FileStatus.FOUND] * 2)
    qtbot.waitUntil(lambda: again.session.analysis is not None)
    assert again.session.clip.path == str(tmp_path / "moved" / "a.mp4")

    def noted():
        with CaseFile.open(rows(again)[1].case_path, create=False) as kept:
            return kept.read(1).result().clip.path

    qtbot.waitUntil(lambda: noted() == str(tmp_path / "moved" / "b.mp4"))


def test_an_altered_clip_is_another_file_until_the_original_is_chosen(make_window, qtbot, work, monkeypatch):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    with_case(qtbot, window, work / "case")
    window.close()
    (work / "kept").mkdir()
    shutil.move(work / "b.mp4", work / "kept" / "original.mp4")
    shutil.copy(work / "a.mp4", work / "b.mp4")
    again = make_window(work / "case")
    qtbot.waitUntil(lambda: [row.file_status for row in rows(again)] == [FileStatus.FOUND, FileStatus.OTHER])
    assert statuses(again)[1] == "another file"
    again.controller.exhibits.open_row(rows(again)[1])
    assert "b.mp4 is another file than exhibit 2" in again.message_bar.text
    monkeypatch.setattr(dialogs, "ask_for_exhibit", lambda *_: work / "a.mp4")
    again.message_bar._button.click()
    qtbot.waitUntil(lambda: "a.mp4 is another file" in again.message_bar.text)
    assert rows(again)[1].file_status is FileStatus.OTHER
    monkeypatch.setattr(dialogs, "ask_for_exhibit", lambda *_: work / "kept" / "original.mp4")
    again.book["find_exhibit"].trigger()
    qtbot.waitUntil(lambda: rows(again)[1].file_status is FileStatus.FOUND)
    qtbot.waitUntil(lambda: saved(work / "case")[1].path == "../kept/original.mp4")
    again.controller.exhibits.open_row(rows(again)[1])
    qtbot.waitUntil(
        lambda: again.session.clip is not None and again.session.clip.path == str(work / "kept" / "original.mp4")
    )


def test_a_missing_clip_is_found_again_when_it_is_opened(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    with_case(qtbot, window, work / "case")
    window.close()
    (work / "far").mkdir()
    shutil.move(work / "b.mp4", work / "far" / "b2.mp4")
    again = make_window(work / "case")
    qtbot.waitUntil(lambda: [row.file_status for row in rows(again)] == [FileStatus.FOUND, FileStatus.MISSING])
    assert statuses(again)[1] == "file missing"
    again.controller.exhibits.analyse(rows(again))
    assert not again.controller.queue.is_waiting(rows(again)[1].case_path)
    again.controller.open_path(work / "far" / "b2.mp4")
    qtbot.waitUntil(lambda: rows(again)[1].file_status is FileStatus.FOUND)
    assert len(rows(again)) == 2
    qtbot.waitUntil(lambda: again.session.case_path == rows(again)[1].case_path)


def test_removing_needs_no_confirmation_and_can_be_undone(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    with_case(qtbot, window, work / "case")
    before, kept = rows(window), rows(window)[0].case_path
    qtbot.waitUntil(kept.exists)
    window.controller.exhibits.remove(before[0])
    qtbot.waitUntil(lambda: len(saved(work / "case")) == 1)
    assert kept.exists()
    assert (work / "a.mp4").exists()
    assert "files are kept" in window.message_bar.text
    window.message_bar._button.click()
    assert rows(window) == before
    qtbot.waitUntil(lambda: len(saved(work / "case")) == 2)


def test_a_removal_can_be_undone_after_another_clip_was_opened_and_the_clips_notes_cannot(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    with_case(qtbot, window, work / "case")
    before = rows(window)
    window.controller.annotator.add_note("R. Roe", "of a.mp4", None)
    qtbot.waitUntil(lambda: len(window.session.notes) == 1)
    window.controller.exhibits.remove(before[0])
    window.controller.exhibits.open_row(before[1])
    qtbot.waitUntil(lambda: window.session.clip.path == str(work / "b.mp4"))
    qtbot.waitUntil(lambda: len(saved(work / "case")) == 1)
    window.book["undo"].trigger()
    assert [row.exhibit for row in rows(window)] == [row.exhibit for row in before]
    qtbot.waitUntil(lambda: len(saved(work / "case")) == 2)
    assert not window.book["undo"].isEnabled(), "the note belongs to the clip that was open then"
    window.book["redo"].trigger()
    qtbot.waitUntil(lambda: len(saved(work / "case")) == 1)
    with CaseFile.open(before[0].case_path, create=False) as case:
        assert [note.text for note in case.annotations.notes()] == ["of a.mp4"]


def test_opening_another_case_drops_the_undo_steps(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "b.mp4")
    with_case(qtbot, window, work / "case")
    window.controller.exhibits.remove(rows(window)[1])
    assert window.book["undo"].isEnabled()
    with_case(qtbot, window, work / "other")
    assert not window.book["undo"].isEnabled()


def test_a_clip_opened_while_a_case_is_open_joins_it(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4")
    with_case(qtbot, window, work / "case")
    window.controller.open_path(work / "b.mp4")
    qtbot.waitUntil(lambda: window.session.clip.path == str(work / "b.mp4"))
    assert window.session.case_path.parent == work / "case"
    qtbot.waitUntil(lambda: len(saved(work / "case")) == 2)
    qtbot.waitUntil(lambda: window.session.case_info.exhibit == "2")
    window.book["next_exhibit"].trigger()
    qtbot.waitUntil(lambda: window.session.clip.path == str(work / "a.mp4"))
    window.book["previous_exhibit"].trigger()
    qtbot.waitUntil(lambda: window.session.clip.path == str(work / "b.mp4"))


def test_the_cover_and_the_list_show_the_same_label(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4")
    with_case(qtbot, window, work / "case")
    qtbot.waitUntil(lambda: window.session.case_info.exhibit == "1")
    window.controller.set_case_info(replace(window.session.case_info, exhibit="A-17"))
    qtbot.waitUntil(lambda: rows(window)[0].exhibit.label == "A-17")
    qtbot.waitUntil(lambda: saved(work / "case")[0].label == "A-17")
    panel = window.cases.panel
    assert panel._label.text() == "A-17"
    panel._label.setText("A-18")
    panel._label.editingFinished.emit()
    qtbot.waitUntil(lambda: window.session.case_info.exhibit == "A-18")


def test_the_last_of_several_quick_label_changes_is_saved(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4")
    with_case(qtbot, window, work / "case")
    for label in ("X", "Y", "Z"):
        window.controller.exhibits.rename(rows(window)[0], label)
    qtbot.waitUntil(lambda: window.session.case_info.exhibit == "Z")
    qtbot.wait(200)
    assert rows(window)[0].exhibit.label == "Z"
    assert saved(work / "case")[0].label == "Z"


def test_opening_an_empty_case_closes_the_clip(make_window, qtbot, work):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4")
    with_case(qtbot, window, work / "case")
    with_case(qtbot, window, work / "second")
    assert rows(window) == ()
    assert window.session.clip is None
    assert window._stack.currentWidget() is window.empty_state
    with_clips(qtbot, window, work / "b.mp4")
    assert window.session.case_path.parent == work / "second"


def test_a_case_is_exported_with_a_report_per_exhibit_and_a_list(make_window, qtbot, tmp_path, work, monkeypatch):
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4", work / "broken.mp4")
    with_case(qtbot, window, work / "case")
    window.book["analyse_all"].trigger()
    qtbot.waitUntil(lambda: not window.controller.queue.is_busy)
    monkeypatch.setattr(dialogs, "ask_for_report_folder", lambda *_: tmp_path / "out")
    dialog = export_dialog(window)
    assert not dialog.fields, "each exhibit has its own cover"
    dialog.parts[ReportPart.SEARCH].setChecked(False)
    dialog.go_on.click()
    qtbot.waitUntil(lambda: (tmp_path / "out" / "MANIFEST.sha256").exists())
    qtbot.waitUntil(lambda: "The reports of 1 of 2 exhibits" in window.message_bar.text)
    first, broken = json.loads((tmp_path / "out" / "case-summary.json").read_text())["exhibits"]
    assert first["conclusion"] == str(Conclusion.INDICATED)
    report = json.loads((tmp_path / "out" / first["folder"] / "report.json").read_text())
    assert report == {"left_out": ["SEARCH"], "seal": False}
    assert broken["folder"] == ""
    assert "broken.mp4" in broken["reason"]


def test_a_signed_export_signs_each_report_and_the_list(make_window, qtbot, tmp_path, work, monkeypatch):
    create_key(tmp_path / "key.pem", b"a phrase")
    window = make_window()
    with_clips(qtbot, window, work / "a.mp4")
    with_case(qtbot, window, work / "case")
    window.book["analyse_all"].trigger()
    qtbot.waitUntil(lambda: not window.controller.queue.is_busy)
    out = tmp_path / "out"
    monkeypatch.setattr(dialogs, "ask_for_report_folder", lambda *_: out)
    dialog = export_dialog(window)
    dialog.seal.setChecked(True)
    dialog.key_path.setText(str(tmp_path / "key.pem"))
    dialog.passphrase.setText("a phrase")
    dialog.go_on.click()
    qtbot.waitUntil(lambda: "signed" in window.message_bar.text)
    (folder,) = (path for path in out.iterdir() if path.is_dir())
    assert json.loads((folder / "report.json").read_text())["seal"] is True
    assert check_signature(folder) == check_signature(out)


def export_dialog(window):
    """The dialog before the export of a case."""
    window.book["export_case"].trigger()
    return window.findChild(ReportDialog)


def test_an_invalid_case_is_reported_in_one_sentence(make_window, qtbot, work):
    window = make_window(work)
    qtbot.waitUntil(lambda: "holds no case.json" in window.message_bar.text)
    assert window.controller.exhibits.folder is None
    (work / "case.json").write_text('{"schema": "deepfake-inspector-case/99"}')
    window.controller.open_path(work)
    qtbot.waitUntil(lambda: "was made by a newer version of this program; update" in window.message_bar.text)
    (work / "case.json").write_text('{"schema": "something-else/1"}')
    window.controller.open_path(work)
    qtbot.waitUntil(lambda: "something-else/1" in window.message_bar.text)


def test_a_failed_save_is_reported_and_the_next_change_saves_all(make_window, qtbot, work, monkeypatch):
    import os

    window = make_window()
    with_clips(qtbot, window, work / "a.mp4")
    with_case(qtbot, window, work / "case")

    def full(_handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        window.controller.exhibits.rename(rows(window)[0], "X")
        qtbot.waitUntil(lambda: "No space left" in window.message_bar.text)
    assert saved(work / "case")[0].label == "1"
    with_clips(qtbot, window, work / "b.mp4")
    qtbot.waitUntil(lambda: [e.label for e in saved(work / "case")] == ["X", "1"])


def test_a_clip_dropped_on_a_case_is_added_on_request_and_a_second_time_named(make_window, qtbot, work):
    window = make_window()
    window.controller.exhibits.new_case(work / "case")
    qtbot.waitUntil(lambda: window.controller.exhibits.folder is not None)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(work / "a.mp4"))])
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)  # fmt: skip
    for said in ("Added to the case: a.mp4.", "a.mp4 is already in the list, as exhibit 1."):
        window.dropEvent(event)
        window.findChild(DropDialog).add_button.click()
        qtbot.waitUntil(lambda said=said: window.message_bar.text == said)
    assert len(rows(window)) == 1
