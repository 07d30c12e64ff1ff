"""The viewer over the real process: it survives its end while a clip plays."""

import os
import signal

import pytest

from inspector.engine.decode.decoder import open_clip
from inspector.engine.process.player.child import ChildProcess
from inspector.ui.player.players import PLAYERS
from inspector.ui.player.viewer import Viewer
from tests.clips import code_picture, make_clip, read_code


@pytest.fixture
def viewer(tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr(PLAYERS, "start_child", ChildProcess)
    viewer = Viewer()
    viewer.taken = []  # type: ignore[attr-defined]
    viewer.frame_ready.connect(lambda: viewer.taken.append(viewer.take()))  # type: ignore[attr-defined]
    viewer.start()
    viewer.open(open_clip(make_clip(tmp_path / "codes.mp4", frames=120, picture=code_picture, gop=60)))
    qtbot.waitUntil(lambda: bool(viewer.taken))  # type: ignore[attr-defined]
    yield viewer
    viewer.stop()


def test_the_end_of_the_process_stops_playback_with_one_sentence_and_the_next_frame_is_exact(viewer, qtbot):
    sentences = []
    viewer.failed.connect(sentences.append)
    viewer.play(1.0)
    qtbot.waitUntil(lambda: len(viewer.taken) > 5)
    os.kill(viewer._prefetch._player._child.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(sentences))
    qtbot.wait(200)
    assert len(sentences) == 1
    assert "SIGKILL" in sentences[0]
    assert "codes.mp4" in sentences[0]
    viewer.show(77)
    qtbot.waitUntil(lambda: viewer.taken[-1].index == 77)
    assert read_code(viewer.taken[-1].frame.image) == 77
    assert len(sentences) == 1
