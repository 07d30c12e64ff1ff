"""Annotations: every change can be undone and redone, and a decision does not change the finding."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QInputDialog, QPushButton

from inspector.domain.case import Decision
from inspector.engine.case.case_file import CaseFile
from inspector.engine.filters.table import default_step
from inspector.ui.dialogs.cover_dialog import CoverDialog


def texts(window):
    return [note.text for note in window.session.notes]


def test_notes_are_added_changed_removed_undone_and_redone(opened, qtbot):
    scribe = opened.controller.annotator
    assert not opened.book["undo"].isEnabled()
    scribe.add_note("A. Roe", "the ear flickers", opened.session.shown.pts)
    qtbot.waitUntil(lambda: texts(opened) == ["the ear flickers"])
    first = opened.session.notes[0]
    scribe.change_note(first, "the left ear flickers")
    qtbot.waitUntil(lambda: texts(opened) == ["the left ear flickers"])
    scribe.remove(opened.session.notes[0])
    qtbot.waitUntil(lambda: texts(opened) == [])
    for expected in (["the left ear flickers"], ["the ear flickers"], []):
        opened.book["undo"].trigger()
        qtbot.waitUntil(lambda expected=expected: texts(opened) == expected)
    assert not opened.book["undo"].isEnabled()
    opened.book["redo"].trigger()
    qtbot.waitUntil(lambda: texts(opened) == ["the ear flickers"])
    assert opened.session.notes[0].author == "A. Roe"
    with CaseFile.open(opened.session.case_path) as case:
        assert [entry.action for entry in case.audit()][:3] == ["note added", "note changed", "note removed"]


def test_a_bookmark_gets_a_label_in_the_notes_panel(opened, qtbot):
    opened.book["bookmark"].trigger()
    qtbot.waitUntil(lambda: len(opened.session.bookmarks) == 1)
    panel = opened.notes
    opened.side.setCurrentWidget(panel)
    panel._list.setCurrentRow(0)
    panel._edit.click()
    assert panel._text.toPlainText() == opened.session.bookmarks[0].label
    assert panel._on_frame.isHidden()
    assert panel._list.item(0).text() == "Bookmark · frame 0 at 0:00.0"
    qtbot.keyClicks(panel._text, "left ear")  # over the old label
    panel._save.click()
    qtbot.waitUntil(lambda: opened.session.bookmarks[0].label == "left ear")
    assert panel._list.item(0).text() == "Bookmark · left ear\nframe 0 at 0:00.0"
    assert not panel._on_frame.isHidden()
    opened.book["undo"].trigger()
    qtbot.waitUntil(lambda: opened.session.bookmarks[0].label.startswith("frame 0"))


def test_the_notes_buttons_follow_the_selection_and_an_edit_survives_a_new_bookmark(opened, qtbot):
    panel, scribe = opened.notes, opened.controller.annotator
    buttons = (panel._on_frame, panel._on_clip, panel._edit, panel._remove)
    assert not any(button.isEnabled() for button in buttons)
    panel._text.setPlainText("the ear flickers")
    assert [button.isEnabled() for button in buttons] == [True, True, False, False]
    panel._on_clip.click()
    qtbot.waitUntil(lambda: texts(opened) == ["the ear flickers"])
    panel._list.setCurrentRow(0)
    panel._edit.click()
    panel._text.setPlainText("the left ear flickers")
    scribe.add_bookmark()
    qtbot.waitUntil(lambda: len(opened.session.bookmarks) == 1)
    assert panel._text.toPlainText() == "the left ear flickers"
    panel._save.click()
    qtbot.waitUntil(lambda: texts(opened) == ["the left ear flickers"])


def test_a_note_that_was_not_added_refuses_the_first_close(opened):
    opened.notes._text.setPlainText("the ear")
    assert not opened.close()
    assert "close again" in opened.message_bar.text
    opened.notes._text.clear()
    assert opened.close()
    opened.controller.close()  # once more does nothing


def test_a_bookmark_with_filters_adds_its_picture_to_the_report_in_one_step(opened, qtbot):
    session, chain = opened.session, (default_step("sharpen"),)
    session.set_filters(chain)
    qtbot.waitUntil(lambda: session.shown.chain == chain)
    opened.book["bookmark"].trigger()
    qtbot.waitUntil(lambda: bool(session.saved_pictures))
    (mark,), (picture,) = session.bookmarks, session.saved_pictures
    assert (picture.pts, picture.label, picture.filters) == (mark.pts, mark.label, "sharpen 1 1.5")
    opened.book["undo"].trigger()
    qtbot.waitUntil(lambda: not session.saved_pictures and not session.bookmarks)
    opened.book["redo"].trigger()
    qtbot.waitUntil(lambda: len(session.saved_pictures) == len(session.bookmarks) == 1)
    opened.book["bookmark"].trigger()
    qtbot.waitUntil(lambda: len(session.bookmarks) == 2)
    assert len(session.saved_pictures) == 1, "the report shows it once"


def test_a_bookmark_without_a_filtered_picture_adds_none(opened, qtbot):
    session, chain = opened.session, (default_step("difference"),)
    session.set_filters(chain)
    qtbot.waitUntil(lambda: session.shown.chain == chain)
    assert session.shown.image is None, "there is no frame before the first"
    opened.book["bookmark"].trigger()
    qtbot.waitUntil(lambda: len(session.bookmarks) == 1)
    assert not session.saved_pictures


def finding_button(window, label):
    buttons = [b for b in window.findings.findChildren(QPushButton) if b.text() == label]
    return buttons[0] if buttons else None


def test_a_finding_is_rejected_with_a_reason_and_the_decision_withdrawn(analysed, qtbot):
    if not analysed.session.analysis.findings:
        pytest.fail("the stand-in's analysis must come to a finding")
    before = analysed.session.analysis
    finding_button(analysed, "I disagree …").click()
    dialog = analysed.findChild(QInputDialog)
    dialog.setTextValue("a beauty filter of the broadcaster")
    dialog.accept()
    asked = analysed.findChild(CoverDialog)
    asked.fields["examiner"].setText("R. Roe")
    asked.go_on.click()
    qtbot.waitUntil(lambda: len(analysed.session.reviews) == 1)
    assert analysed.session.analysis == before
    assert analysed.session.review_of(before.findings[0]).decision is Decision.REJECTED
    assert finding_button(analysed, "Withdraw") is not None
    analysed.session.analysis = replace(before, started_at="2026-11-26T10:00:00+00:00")
    assert analysed.session.review_of(before.findings[0]) is None, "the same finding of another analysis"
    analysed.session.analysis = before
    assert analysed.session.reviews[0].author == analysed.session.new_cover.examiner == "R. Roe"
    finding_button(analysed, "Withdraw").click()
    qtbot.waitUntil(lambda: not analysed.session.reviews)
    opened_again = finding_button(analysed, "I agree …")
    assert opened_again is not None
