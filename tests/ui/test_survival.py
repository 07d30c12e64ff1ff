"""After an error of the program every worker thread of the window goes on: the next request is answered."""

import numpy as np
import pytest

from inspector.engine.filters.table import default_step
from inspector.engine.player.cursor import Cursor
from inspector.engine.process.player import services
from inspector.ui.player.converted_frames import ConvertedFrames
from inspector.ui.player.thumbnails import Thumbnailer, ThumbnailRequest
from tests.clips import code_picture, make_clip
from tests.ui.conftest import wait_shown
from tests.ui.test_failures import notices

OURS = "Deepfake Inspector made an error while"


class Broken:
    """Stands in for a function: it fails `times` times and then does its work."""

    def __init__(self, work, times=1):
        self._work, self.left = work, times

    def __call__(self, *values, **named):
        if self.left:
            self.left -= 1
            raise KeyError("a bug")
        return self._work(*values, **named)

    def __get__(self, owner, _kind):
        return lambda *values, **named: self(owner, *values, **named)


@pytest.fixture
def window(opened, capsys):
    yield opened
    capsys.readouterr()


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Cursor, "step"),  # in the prefetch thread
        (Cursor, "__init__"),
        (ConvertedFrames, "get"),  # in the viewer thread
    ],
)
def test_the_player_goes_on(window, qtbot, monkeypatch, owner, name):
    messages = notices(window)
    qtbot.wait(300)  # the frames ahead are decoded
    broken = Broken(getattr(owner, name))
    monkeypatch.setattr(owner, name, broken)
    window.controller.seek_index(40)
    qtbot.waitUntil(lambda: not broken.left)
    window.controller.seek_index(30)
    wait_shown(qtbot, window, 30)
    window.controller.seek_index(40)
    wait_shown(qtbot, window, 40)
    assert all(OURS in notice.text for notice in messages if notice.is_problem)


def test_a_frame_that_cannot_be_shown_is_said_and_the_next_one_is_shown(window, qtbot, monkeypatch, own_log):
    messages = notices(window)
    broken = Broken(ConvertedFrames.get, times=1000)
    monkeypatch.setattr(ConvertedFrames, "get", broken)
    window.controller.seek_index(20)
    qtbot.waitUntil(lambda: any(OURS in notice.text for notice in messages))
    assert window.message_bar._button.text() == "Copy details"
    assert "ConvertedFrames" in own_log.read_text() or "a bug" in own_log.read_text()
    broken.left = 0
    window.controller.seek_index(21)
    wait_shown(qtbot, window, 21)


def test_the_filters_go_on(window, qtbot, monkeypatch):
    from inspector.engine.filters import filters

    messages = notices(window)
    monkeypatch.setattr(filters, "apply", Broken(filters.apply))
    chain = (default_step("gamma"),)
    window.session.set_filters(chain)
    qtbot.waitUntil(lambda: any(f"{OURS} filtering a frame" in notice.text for notice in messages))
    window.controller.seek_index(5)
    qtbot.waitUntil(lambda: window.session.shown.index == 5 and window.session.shown.chain == chain)


def test_a_picture_that_cannot_be_saved_is_not_said_to_be(window, qtbot, monkeypatch, tmp_path):
    from inspector.ui.picture import snapshot
    from inspector.ui.widgets import file_dialogs

    messages = notices(window)
    monkeypatch.setattr(file_dialogs, "ask_for_picture", lambda *_: tmp_path / "seen.png")
    monkeypatch.setattr(snapshot, "write_png", Broken(snapshot.write_png))
    window.book["snapshot"].trigger()
    qtbot.waitUntil(lambda: any(f"{OURS} saving a picture" in notice.text for notice in messages))
    assert not any("Saved" in notice.text for notice in messages)
    window.book["snapshot"].trigger()
    qtbot.waitUntil(lambda: any("Saved" in notice.text for notice in messages))


def test_the_thumbnails_go_on(qtbot, face_clip, monkeypatch, capsys):
    from inspector.engine.decode.decoder import open_clip

    monkeypatch.setattr(services, "thumbnail", Broken(services.thumbnail))
    worker, clip = Thumbnailer(), open_clip(face_clip)
    worker.open(clip)
    requests = [ThumbnailRequest(clip.start_pts, height) for height in (20, 30)]
    worker.want("test", requests)
    qtbot.waitUntil(lambda: all(worker.image(request) is not None for request in requests))
    assert [worker.image(request).height() for request in requests] == [0, 30], "the first one stays empty"
    worker.stop()
    capsys.readouterr()


@pytest.mark.parametrize("size", [(640, 12), (64, 8), (8, 64), (32, 32)])
def test_the_optical_flow_of_a_small_picture_is_a_reason_and_no_crash(make_window, qtbot, tmp_path, size):
    window = make_window(make_clip(tmp_path / "small.mkv", frames=6, size=size, picture=code_picture, codec="ffv1"))
    wait_shown(qtbot, window, 0)
    chain = (default_step("flow"),)
    window.session.set_filters(chain)
    window.controller.seek_index(3)
    qtbot.waitUntil(lambda: window.session.shown.index == 3 and window.session.shown.chain == chain)
    if min(size) < 32:
        assert "fewer than 32 rows or columns" in window.session.shown.problem
    else:
        assert not window.session.shown.problem
    window.session.set_filters(())
    qtbot.waitUntil(lambda: window.session.shown.chain == ())
    assert not window.session.shown.problem
    assert np.array(window.session.shown.frame.image.shape[:2]).tolist() == [size[1], size[0]]
