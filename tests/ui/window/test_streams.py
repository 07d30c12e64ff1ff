"""Files with several streams of pictures and clips that change their size, in the window."""

import io

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QComboBox, QLabel

from inspector.ui.panels.facts import ClipPanel
from tests.clips import Picture, code_picture, join_streams, make_clip, put_together, read_code
from tests.ui.conftest import analyse, wait_shown


def coded(size=(96, 64), first=0) -> Picture:
    return lambda number: code_picture(first + number, size)


def clip_panel(window) -> ClipPanel:
    return next(window.side.widget(at) for at in range(window.side.count()) if window.side.tabText(at) == "Clip")


def chooser(window) -> QComboBox:
    (box,) = clip_panel(window).findChildren(QComboBox)
    return box


def pick(window, qtbot, at) -> None:
    box = chooser(window)
    number = box.itemData(at)
    box.setCurrentIndex(at)
    box.activated.emit(at)
    qtbot.waitUntil(lambda: window.session.clip.stream == number)
    wait_shown(qtbot, window, 0)


@pytest.fixture
def cameras(make_window, tmp_path, qtbot):
    parts = [make_clip(tmp_path / f"{first}.mp4", frames=12, picture=coded(first=first)) for first in (0, 100)]
    window = make_window(put_together(tmp_path / "cameras.mp4", parts))
    wait_shown(qtbot, window, 0)
    return window


def test_another_camera_is_chosen_and_its_analyses_and_notes_are_its_own(cameras, qtbot):
    window = cameras
    assert [chooser(window).itemText(at)[:9] for at in (0, 1)] == ["0 (main):", "1: video,"]
    assert chooser(window).currentIndex() == 0
    analyse(qtbot, window)
    main_case = window.session.case_path
    window.controller.annotator.add_bookmark()
    qtbot.waitUntil(lambda: len(window.session.bookmarks) == 1)

    pick(window, qtbot, 1)
    assert read_code(window.session.shown.frame.image) == 100
    assert not window.session.analysis, "the analysis of the other stream is not shown"
    assert window.session.bookmarks == ()
    assert chooser(window).currentIndex() == 1
    analyse(qtbot, window)
    assert window.session.analysis.clip.stream == 1
    assert window.session.analysis.settings.stream == 1
    window.session.set_installed_model(window.session.analysis.model)
    assert window.session.is_analysed, "the stream makes no analysis out of date"
    assert not [label for label in window.findings.findChildren(QLabel) if label.text().startswith("Out of date:")]
    assert window.session.case_path != main_case
    assert len(window.controller.exhibits.rows) == 1, "both are one exhibit"

    pick(window, qtbot, 0)
    assert read_code(window.session.shown.frame.image) == 0
    qtbot.waitUntil(lambda: window.session.analysis is not None)
    assert window.session.analysis.clip.stream == 0
    assert window.session.case_path == main_case
    assert window.session.settings.stream is None


def test_a_stored_case_of_a_stream_opens_that_stream(cameras, make_window, qtbot):
    pick(cameras, qtbot, 1)
    analyse(qtbot, cameras)
    cameras.controller.finish_writing()
    again = make_window(cameras.session.case_path)
    wait_shown(qtbot, again, 0)
    assert again.session.clip.stream == 1
    assert read_code(again.session.shown.frame.image) == 100
    qtbot.waitUntil(lambda: again.session.analysis is not None)


def test_the_video_of_a_motion_photo_can_be_opened(make_window, tmp_path, qtbot):
    photo = io.BytesIO()
    Image.fromarray(code_picture(77)).save(photo, "JPEG", quality=95)
    video = make_clip(tmp_path / "v.mp4", frames=8)
    (tmp_path / "motion.jpg").write_bytes(photo.getvalue() + video.read_bytes())
    window = make_window(tmp_path / "motion.jpg")
    wait_shown(qtbot, window, 0)
    assert "video behind the picture" in chooser(window).itemText(1)
    pick(window, qtbot, 1)
    assert len(window.session.opened.pts) == 8
    window.controller.seek_index(5)
    wait_shown(qtbot, window, 5)
    assert read_code(window.session.shown.frame.image) == 5


def test_a_file_with_one_stream_offers_no_choice(opened):
    assert clip_panel(opened).findChildren(QComboBox) == []


def test_a_clip_that_changes_its_size_is_shown_in_each_size_and_the_change_is_named(make_window, tmp_path, qtbot):
    parts = [
        make_clip(tmp_path / f"{size[0]}.webm", codec="libvpx", size=size, frames=8,
                  picture=coded(size))
        for size in ((96, 64), (64, 96))
    ]  # fmt: skip
    window = make_window(join_streams(tmp_path / "turned.webm", parts))
    wait_shown(qtbot, window, 0)
    view = window.frame_view.view()
    assert window.session.shown.frame.image.shape == (64, 96, 3)
    window.controller.seek_index(10)
    wait_shown(qtbot, window, 10)
    assert window.session.shown.frame.image.shape == (96, 64, 3)
    assert read_code(window.session.shown.frame.image) == 2
    assert "64 × 96 px" in window.transport.readout("flags")
    tall, area = window.frame_view.view(), window.frame_view.rect()
    assert np.isclose(tall.scale, min(area.width() / 64, area.height() / 96)), "fitted, with square pixels"
    assert tall.scale != view.scale
    window.controller.step(-4)
    wait_shown(qtbot, window, 6)
    assert window.session.shown.frame.image.shape == (64, 96, 3)
    analyse(qtbot, window)
    # The fake engine measures no formats; the panel is filled from an analysis that has them.
    labels = [label.text() for label in clip_panel(window).findChildren(QLabel)]
    assert "96 × 64 px" in labels
