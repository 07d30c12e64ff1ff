"""The list of notes shows each whole, and in one language."""

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from inspector.domain.case import Note
from tests.ui.pictures import pixels

WORDS = "The edge of the jaw flickers here, and the ear at the left has no lobe in the frames that follow."


def cut_off(listed):
    """The texts of a list that need more height than their rows have: painted with room, they have ink below it."""
    cut = []
    for row in range(listed.count()):
        item = listed.item(row)
        option = QStyleOptionViewItem()
        listed.initViewItemOption(option)
        had = listed.visualItemRect(item)
        option.rect, option.displayAlignment = QRect(0, 0, listed.viewport().width(), 400), Qt.AlignmentFlag.AlignTop
        image = QImage(option.rect.size(), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.black)
        painter = QPainter(image)
        listed.itemDelegate().paint(painter, option, listed.indexFromItem(item))
        painter.end()
        inked = np.flatnonzero((pixels(image) > 100).any(axis=(1, 2)))
        assert len(inked), "nothing was painted"
        if inked[-1] >= had.height():
            cut.append(item.text())
    return cut


def test_no_line_of_a_note_is_cut_off_at_any_width_of_the_panel(opened, qtbot):
    session, listed = opened.session, opened.notes._list
    words, when = WORDS.split(), "2026-11-28T02:10:00+00:00"
    opened.side.setCurrentWidget(opened.notes)
    session.notes = tuple(Note(n, "A. Examiner", when, " ".join(words[:n])) for n in range(1, len(words) + 1))
    session.notes_changed.emit()
    assert listed.count() == len(words)
    for width in (1366, 1024, 1920):
        opened.resize(width, 700)
        qtbot.waitUntil(lambda width=width: opened.width() == width)
        qtbot.wait(50)
        assert cut_off(listed) == []
