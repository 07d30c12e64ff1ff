"""The viewer thread: the newest request wins and ends on the exact frame; playback drops frames, never order."""

from itertools import pairwise

import pytest

from inspector.engine.decode.decoder import open_clip
from inspector.ui.player.viewer import Viewer
from tests.clips import code_picture, make_clip, read_code


@pytest.fixture
def viewer(tmp_path, qtbot):
    path = make_clip(tmp_path / "codes.mp4", frames=120, picture=code_picture, gop=60)
    viewer = Viewer()
    viewer.taken = []  # type: ignore[attr-defined]
    viewer.frame_ready.connect(lambda: viewer.taken.append(viewer.take()))  # type: ignore[attr-defined]
    viewer.start()
    viewer.open(open_clip(path))
    qtbot.waitUntil(lambda: len(viewer.taken) == 1)  # type: ignore[attr-defined]
    yield viewer
    viewer.stop()


def test_scrubbing_ends_on_the_newest_and_drops_the_rest(viewer, qtbot):
    for index in [*range(0, 119, 3), 77]:
        viewer.show(index)
    qtbot.waitUntil(lambda: viewer.taken[-1].index == 77)
    qtbot.wait(100)
    assert viewer.taken[-1].index == 77
    assert len(viewer.taken) < 40
    for shown in viewer.taken:
        assert read_code(shown.frame.image) == shown.index


def test_requests_beyond_the_ends_show_the_first_or_last_frame(viewer, qtbot):
    viewer.show(10_000)
    qtbot.waitUntil(lambda: viewer.taken[-1].index == 119)
    viewer.show(-5)
    qtbot.waitUntil(lambda: viewer.taken[-1].index == 0)


def test_playing_takes_as_long_as_the_clip_says(viewer, qtbot):
    import time

    started = time.monotonic()
    with qtbot.waitSignal(viewer.playback_ended):
        viewer.play(4.0)
    taken = time.monotonic() - started
    assert taken > 119 / 25 / 4 * 0.9
    order = [shown.index for shown in viewer.taken]
    assert order == sorted(order)


def test_playing_backwards_reaches_the_start(viewer, qtbot):
    viewer.show(40)
    qtbot.waitUntil(lambda: viewer.taken[-1].index == 40)
    with qtbot.waitSignal(viewer.playback_ended):
        viewer.play(-8.0)
    qtbot.waitUntil(lambda: viewer.taken[-1].index == 0)
    order = [
        shown.index for shown in viewer.taken[viewer.taken.index(next(s for s in viewer.taken if s.index == 40)) :]
    ]
    assert order == sorted(order, reverse=True)


def test_a_clip_that_vanished_is_one_sentence(viewer, qtbot, tmp_path):
    clip = open_clip(tmp_path / "codes.mp4")
    (tmp_path / "codes.mp4").unlink()
    with qtbot.waitSignal(viewer.open_failed) as failed:
        viewer.open(clip)
    assert "codes.mp4" in failed.args[0]
    assert viewer.isRunning()


def test_playing_stays_in_its_loop(viewer, qtbot):
    viewer.keep_between((20, 30))
    viewer.show(20)
    qtbot.waitUntil(lambda: viewer.taken[-1].index == 20)
    before = len(viewer.taken)
    viewer.play(1.0)
    # On a busy machine frames are left out, the first one of the loop too.
    qtbot.waitUntil(lambda: sum(b.index < a.index for a, b in pairwise(viewer.taken[before:])) >= 2)
    viewer.play(0.0)
    assert {shown.index for shown in viewer.taken[before:]} <= set(range(20, 31))


def test_a_frame_that_turns_out_to_be_damaged_is_shown_again(viewer, qtbot):
    viewer.show(50)
    qtbot.waitUntil(lambda: viewer.taken[-1].index == 50)
    before = len(viewer.taken)
    viewer._on_altered(10)
    viewer._on_altered(50)
    qtbot.waitUntil(lambda: len(viewer.taken) == before + 1)
    assert viewer.taken[-1].index == 50
