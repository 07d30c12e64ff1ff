"""A still in the window: no timeline, no transport, and no times in what is said of it."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QListWidget

from inspector.ui.picture.compare_view import side_text
from inspector.ui.picture.snapshot_content import frame_texts
from inspector.ui.text import clip_facts
from tests.ui.conftest import wait_shown


@pytest.fixture
def still(make_window, tmp_path, qtbot):
    """A window that shows a PNG picture."""
    path = tmp_path / "still.png"
    Image.fromarray(np.linspace(0, 255, 64 * 48 * 3).reshape(48, 64, 3).astype(np.uint8)).save(path)
    window = make_window(path)
    wait_shown(qtbot, window, 0)
    return window


def test_a_still_has_neither_timeline_nor_transport_and_a_clip_has_both(still, three, qtbot):
    assert not still.transport.isVisible()
    assert not still.ensure_timeline().isVisible()
    still.controller.open_path(three / "a.mp4")
    qtbot.waitUntil(lambda: still.session.clip.path.endswith("a.mp4"))
    assert still.transport.isVisible()
    assert still.timeline.isVisible()
    assert still.timeline.height() > 60


def test_nothing_that_is_said_of_a_still_has_a_time(still, qtbot):
    session = still.session
    texts = frame_texts(session, 1.0)
    assert texts.keys() >= {"Clip SHA-256", "Filters"}
    assert not texts.keys() & {"Frame", "pts", "Timecode", "Seconds"}
    assert "Time" not in dict(clip_facts(session.clip, 1))
    still.book["compare"].trigger()
    qtbot.waitUntil(lambda: still.pictures.compare_view.pair is not None)
    left = side_text(still.pictures.compare_view.pair.left)
    assert left == "still.png"
    assert not still.pictures.compare_bar.left.follow.isVisible()
    still.controller.annotator.add_note("R. Roe", "Soft edges.", 0)
    qtbot.waitUntil(lambda: bool(session.notes))
    items = still.notes.findChild(QListWidget)
    assert items.item(0).text().startswith("Note · still\n")
