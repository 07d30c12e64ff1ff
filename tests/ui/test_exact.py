"""Picture, overlays, labels, timeline and saved pictures show the same pts while playing, stepping and scrubbing."""

import random

import numpy as np
import pytest
from PIL import Image

from inspector.ui.picture.scene import scene_of
from inspector.ui.widgets import file_dialogs as dialogs
from tests.clips import code_picture, make_clip, read_code
from tests.ui.conftest import analyse, wait_shown
from tests.ui.pictures import pixels

FRAMES, SIZE = 120, (320, 240)


@pytest.fixture(scope="module", params=["constant.mp4", "variable.mkv"])
def path(tmp_path_factory, request):
    return make_clip(
        tmp_path_factory.mktemp("exact") / request.param, frames=FRAMES, size=SIZE, bframes=3, gop=60,
        rate=request.param.split(".")[0], picture=lambda number: code_picture(number, SIZE),
    )  # fmt: skip


@pytest.fixture
def window(make_window, path, qtbot):
    window = make_window(path)
    wait_shown(qtbot, window, 0)
    analyse(qtbot, window)
    return window


class Checker:
    """Compares all parts of the window each time a picture is shown, and collects the mismatches."""

    def __init__(self, window):
        self.window, self.seen, self.mismatches = window, [], []
        window.session.shown_changed.connect(self._look)

    def _look(self, shown):
        self.seen.append(shown.index)
        for what, agrees in self._comparisons(shown).items():
            if not agrees:
                self.mismatches.append((shown.index, what))

    def _comparisons(self, shown):
        window, session = self.window, self.window.session
        clip, seconds = session.clip, session.clip.seconds(shown.pts)
        transport, timeline = window.transport, window.timeline
        return {
            "index and pts": session.opened.pts[shown.index] == shown.pts == shown.frame.pts,
            "decoded picture": read_code(shown.frame.image) == shown.index == shown.frame.index,
            "image to paint": read_code(pixels(shown.image)) == shown.index,
            "key frame": bool(session.opened.is_key[shown.index]) == shown.frame.is_key,
            "frame readout": transport.readout("frame").split() == ["frame", str(shown.index), "of", str(FRAMES)],
            "pts readout": transport.readout("pts") == f"pts {shown.pts}",
            "seconds readout": transport.readout("seconds") == f"{clip.seconds(shown.pts):.3f} s",
            "flags readout": ("key" in transport.readout("flags")) == shown.frame.is_key,
            "ruler": timeline.ruler.playhead.value() == pytest.approx(seconds),
            "lanes": all(lane.playhead.value() == pytest.approx(seconds) for lane in timeline.stack.lanes),
            "overlays": {mark.face.pts for mark in scene_of(session).marks} <= {shown.pts},
        }


def on_screen(window):
    """The number of the frame that the widget shows, read from its pixels."""
    view = window.frame_view.view()
    shot = pixels(window.frame_view.grab().toImage())
    x, y = round(view.x), round(view.y)
    return read_code(shot[y : y + round(SIZE[1] * view.scale), x : x + round(SIZE[0] * view.scale)])


def test_stepping(window, qtbot):
    witness = Checker(window)
    at = 0
    for action, by in [("frame_on", 1)] * 4 + [("ten_on", 10)] * 6 + [("frame_back", -1)] * 8 + [("ten_back", -10)] * 2:
        window.book[action].trigger()
        at += by
        wait_shown(qtbot, window, at)
    assert not witness.mismatches
    assert witness.seen[-1] == at


@pytest.mark.parametrize("speed", [1.0, 8.0, -4.0])
def test_playing(window, qtbot, speed):
    start, end = (0, FRAMES - 1) if speed > 0 else (70, 0)
    window.controller.seek_index(start)
    wait_shown(qtbot, window, start)
    witness = Checker(window)
    window.controller.set_speed(speed)
    window.book["play"].trigger()
    # A busy machine shows fewer pictures: at 8x the clip's end may come before the thirteenth.
    qtbot.waitUntil(lambda: len(witness.seen) > 12 or end in witness.seen)
    window.controller.pause()
    assert len(witness.seen) > 1
    assert not witness.mismatches
    assert witness.seen == sorted(witness.seen, reverse=speed < 0)


def test_scrubbing_ends_on_the_exact_frame_and_never_shows_a_wrong_one(window, qtbot):
    if window.session.overlays.boxes:
        window.book["boxes"].trigger()
    witness = Checker(window)
    draw = random.Random(5)
    clip = window.session.clip
    for _ in range(5):
        targets = draw.choices(range(FRAMES), k=12)
        for index in targets:
            window.timeline.sought.emit(clip.seconds(int(window.session.opened.pts[index])))
            qtbot.wait(draw.choice((0, 5, 20)))
        wait_shown(qtbot, window, targets[-1])
        assert on_screen(window) == targets[-1]
    assert not witness.mismatches


def test_a_picture_saved_while_playing_is_the_one_it_names(window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_for_picture", lambda *_: tmp_path / "frame.png")
    window.book["play"].trigger()
    qtbot.waitUntil(lambda: window.session.shown.index >= 7)
    window.book["snapshot"].trigger()
    qtbot.waitUntil((tmp_path / "frame.png").exists)
    with Image.open(tmp_path / "frame.png") as image:
        index = read_code(np.asarray(image.convert("RGB")))
        assert image.info["Frame"] == str(index)
        assert image.info["pts"].split()[0] == str(window.session.opened.pts[index])


def test_go_to_takes_each_text_of_the_transport_bar(window, qtbot):
    transport = window.transport
    for index in (33, 100, 0, 119):
        window.controller.seek_index(index)
        wait_shown(qtbot, window, index)
        shown = [transport.readout(name) for name in ("timecode", "seconds", "pts", "frame")]
        for text in [*shown, str(index), f"f{index}"]:
            window.controller.seek_index(50)
            wait_shown(qtbot, window, 50)
            transport.position_typed.emit(text.split(" of ")[0])
            wait_shown(qtbot, window, index)
