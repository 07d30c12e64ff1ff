"""Snapshots are lossless, complete or absent, and describe what was on the screen."""

import threading
import time

import numpy as np
import pytest
from PIL import Image

from inspector import __version__
from inspector.domain.errors import OutputError
from inspector.engine.case.case_file import CaseFile
from inspector.engine.filters.table import default_step
from inspector.ui.picture.snapshot import write_png
from inspector.ui.state import Comparison, Layout, Pick
from inspector.ui.widgets import file_dialogs as dialogs
from inspector.ui.widgets.qimage import to_qimage
from tests.ui.picture.test_compare import wait_pair
from tests.ui.pictures import pixels


@pytest.fixture
def target(tmp_path, monkeypatch):
    path = tmp_path / "pictures" / "snapshot.png"
    path.parent.mkdir()
    monkeypatch.setattr(dialogs, "ask_for_picture", lambda *_: path)
    return path


def saved(qtbot, path):
    qtbot.waitUntil(path.exists)
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")), dict(image.info)


def test_a_snapshot_is_lossless_and_describes_its_content(analysed, qtbot, target):
    analysed.session.change_overlays(landmarks="mesh")
    analysed.book["one_to_one"].trigger()
    analysed.book["snapshot"].trigger()
    picture, texts = saved(qtbot, target)
    shown, clip = analysed.session.shown, analysed.session.clip
    assert np.array_equal(picture, shown.frame.image)
    assert texts["Clip"] == "face.mp4"
    assert texts["Clip SHA-256"] == clip.sha256
    assert texts["Frame"] == "0"
    assert texts["pts"] == f"{shown.pts} of time base {clip.time_base}"
    assert texts["Timecode"] == "00:00:00:00"
    assert texts["Overlays on screen"] == "boxes; landmarks as mesh"
    assert texts["Filters"] == "none"
    assert texts["Zoom"] == "100 %"
    assert texts["Program"] == f"Deepfake Inspector {__version__}"
    assert texts["Content"] == "decoded pixels, without overlays"


def test_a_filtered_snapshot_names_every_parameter(opened, qtbot, target):
    chain = (default_step("error_level"), default_step("gamma"))
    opened.session.set_filters(chain)
    qtbot.waitUntil(lambda: opened.session.shown.chain == chain)
    opened.book["snapshot"].trigger()
    picture, texts = saved(qtbot, target)
    assert np.array_equal(picture, pixels(opened.session.shown.image))
    assert texts["Filters"] == "Error level (JPEG quality 90, gain 30×); Gamma (γ 1.6)"
    assert texts["Content"] == "filtered pixels, without overlays"


def test_the_view_is_saved_as_shown(analysed, qtbot, target):
    before = pixels(analysed.frame_view.grab().toImage())  # afterwards the notice takes a strip of its room
    analysed.book["snapshot_view"].trigger()
    picture, texts = saved(qtbot, target)
    assert np.array_equal(picture, before)
    assert texts["Content"] == "the view as on the screen"


@pytest.mark.parametrize("layout", list(Layout))
def test_a_comparison_is_saved_pixel_by_pixel(opened, qtbot, target, layout):
    opened.session.set_comparison(Comparison(Pick(2), Pick(31), layout))
    pair = wait_pair(qtbot, opened, 2, 31)
    opened.book["snapshot"].trigger()
    picture, texts = saved(qtbot, target)
    left, right = pixels(pair.left.image), pixels(pair.right.image)
    wanted = np.hstack([left, right] if layout == Layout.SIDE_BY_SIDE else [left[:, :160], right[:, 160:]])
    assert np.array_equal(picture, wanted)
    assert texts["Comparison"].startswith(str(layout))
    assert texts["Side A"].startswith("frame 2 ")
    assert texts["Side B"].startswith("frame 31 ")


def test_saving_is_logged_in_the_case(analysed, qtbot, target):
    analysed.book["snapshot"].trigger()
    saved(qtbot, target)

    def logged():
        with CaseFile.open(analysed.session.case_path, create=False) as case:
            return [entry for entry in case.audit() if entry.action == "picture saved"]

    qtbot.waitUntil(lambda: bool(logged()))
    assert "snapshot.png" in logged()[0].detail
    assert analysed.session.clip.sha256 in logged()[0].detail


def test_a_failed_write_is_one_sentence(opened, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_for_picture", lambda *_: tmp_path / "nowhere" / "x.png")
    opened.book["snapshot"].trigger()
    qtbot.waitUntil(opened.message_bar.isVisible)
    assert "cannot be written" in opened.message_bar.text
    assert "choose another folder" in opened.message_bar.text


def test_a_failed_write_leaves_the_old_picture(tmp_path, qapp):
    path = tmp_path / "old.png"
    path.write_bytes(b"kept")
    with pytest.raises(OutputError):
        write_png(tmp_path / "old.png" / "inside.png", to_qimage(np.zeros((4, 4, 3), np.uint8)), {})
    assert path.read_bytes() == b"kept"


def test_many_saves_are_all_kept(opened, qtbot, tmp_path, monkeypatch):
    paths = [tmp_path / f"{number}.png" for number in range(6)]
    waiting = iter(paths)
    monkeypatch.setattr(dialogs, "ask_for_picture", lambda *_: next(waiting))
    for _ in paths:
        opened.book["snapshot"].trigger()
    qtbot.waitUntil(lambda: all(path.exists() for path in paths))


def kept(window):
    return [(picture.pts, picture.filters) for picture in window.session.saved_pictures]


def test_a_snapshot_is_kept_for_the_report_with_its_filters_once_and_undone(opened, qtbot, target):
    chain = (default_step("error_level"), default_step("gamma"))
    opened.session.set_filters(chain)
    qtbot.waitUntil(lambda: opened.session.shown.chain == chain)
    pts = opened.session.shown.pts
    opened.book["snapshot"].trigger()
    qtbot.waitUntil(lambda: kept(opened) == [(pts, "error_level 90 30; gamma 1.6")])
    texts = f"Saved {target} without overlays (Save view keeps them). The report will show this frame as decoded and"
    qtbot.waitUntil(lambda: opened.message_bar.text.startswith(texts))
    picture = opened.session.saved_pictures[0]
    assert picture.on_screen.startswith("overlays: boxes; zoom ")
    target.unlink()
    opened.book["snapshot_view"].trigger()
    saved(qtbot, target)
    opened.session.set_filters(())
    qtbot.waitUntil(lambda: opened.session.shown.chain == ())
    opened.book["snapshot"].trigger()
    qtbot.waitUntil(lambda: kept(opened) == [(pts, "error_level 90 30; gamma 1.6"), (pts, "")])
    opened.book["undo"].trigger()
    qtbot.waitUntil(lambda: kept(opened) == [(pts, "error_level 90 30; gamma 1.6")])
    opened.book["undo"].trigger()
    qtbot.waitUntil(lambda: kept(opened) == [])


def test_both_frames_of_a_comparison_are_kept(opened, qtbot, target):
    opened.session.set_comparison(Comparison(Pick(2), Pick(31), Layout.WIPE))
    pair = wait_pair(qtbot, opened, 2, 31)
    opened.book["snapshot"].trigger()
    qtbot.waitUntil(lambda: kept(opened) == [(pair.left.pts, ""), (pair.right.pts, "")])
    assert opened.session.saved_pictures[1].on_screen.startswith("side B of a comparison (frame 31 ")


def test_saved_pictures_are_listed_renamed_and_removed_in_the_notes(opened, qtbot, target):
    opened.session.set_filters((default_step("high_pass"),))
    qtbot.waitUntil(lambda: bool(opened.session.shown.chain))
    opened.book["snapshot"].trigger()
    qtbot.waitUntil(lambda: len(kept(opened)) == 1)
    panel = opened.notes
    opened.side.setCurrentWidget(panel)
    assert panel._list.item(0).text() == "Picture · frame 0 at 0:00.0\nHigh-pass residual (radius 1.5 px, gain 6×)"
    panel._list.setCurrentRow(0)
    panel._edit.click()
    panel._text.setPlainText("seam at the ear")
    panel._save.click()
    qtbot.waitUntil(lambda: opened.session.saved_pictures[0].label == "seam at the ear")
    panel._list.setCurrentRow(0)
    panel._remove.click()
    qtbot.waitUntil(lambda: not kept(opened))


def test_a_save_requested_just_before_the_window_closes_is_done(analysed, target):
    case_path = analysed.session.case_path
    held = threading.Event()
    analysed.controller.case_store._pool.submit(held.wait)  # a disk that takes its time
    analysed.controller.pictures.ask(Slow())
    analysed.controller.annotator.add_note("A. Roe", "the ear flickers", None)
    analysed.book["snapshot"].trigger()
    threading.Timer(0.5, held.set).start()
    assert analysed.close()
    assert target.exists()
    with CaseFile.open(case_path, create=False) as case:
        assert [note.text for note in case.annotations.notes()] == ["the ear flickers"]
        assert [picture.label for picture in case.annotations.pictures()] == ["frame 0 at 0:00.0"]


class Slow:
    kind = doing = "slow"

    def make(self, context):
        time.sleep(0.3)
