"""The process that decodes for the window: its pictures are the decoder's own, and it reaches its one file only."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from inspector.domain.errors import ClipError, EngineError
from inspector.engine.activity import Stage
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip, read_clip
from inspector.engine.process.confine import landlock
from inspector.engine.process.player import child as child_module
from inspector.engine.process.player import client as client_module
from inspector.engine.process.player import messages
from inspector.engine.process.player.players import Players
from inspector.engine.process.stall import StallPolicy
from tests.clips import code_picture, make_clip, read_code

FRAMES = 40

INSIDE = r"""
import json, os, socket, subprocess, sys
from pathlib import Path
from threading import Thread
from inspector.engine.process.player import messages, process, server

def attempts():
    folder = Path({folder!r})
    yield "read its file", lambda: (folder / "own.mp4").read_bytes()
    yield "read a foreign file", lambda: (folder / "foreign.txt").read_bytes()
    yield "write to its file", lambda: (folder / "own.mp4").open("r+b")
    yield "open a socket", lambda: socket.socket()
    yield "run a program", lambda: subprocess.run(["/bin/true"])
    yield "read the parent's environment", lambda: Path(f"/proc/{{os.getppid()}}/environ").read_bytes()
    yield "open a descriptor of the parent", lambda: os.open(f"/proc/{{os.getppid()}}/fd/0", os.O_RDONLY)

class Hostile(server.Server):
    def run(self):
        found = {{}}
        def act():
            for name, attempt in attempts():
                try:
                    attempt()
                    found[name] = "done"
                except PermissionError:
                    found[name] = "refused"
        thread = Thread(target=act)
        thread.start()
        thread.join()
        self._send(messages.Confined(0, json.dumps([self._confinement, found, "torch" in sys.modules])))

server.Server = Hostile
process.main([sys.argv[1]])
"""

SLOW = """
import sys, time
from inspector.engine import activity
from inspector.engine.process.player import process, services
read = services.read_clip
def slow(*values, **named):
    end = time.monotonic() + {seconds}
    with activity.stage(activity.Stage.INDEX, 100) as reached:
        while time.monotonic() < end:
            reached(40)
            activity.note()
            time.sleep(0.05)
    return read(*values, **named)
services.read_clip = slow
process.main([sys.argv[1]])
"""

HANGS = """
import sys, time
from inspector.engine.process.player import process, services
services.read_clip = lambda *values, **named: time.sleep(60)
process.StallPolicy.__init__.__defaults__ = (0.5, 0.5)
process.main([sys.argv[1]])
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return make_clip(tmp_path_factory.mktemp("process") / "own.mp4", frames=FRAMES, picture=code_picture, bframes=2)


@pytest.fixture
def players():
    made = Players()
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared():
    made = Players()
    yield made
    made.close()


def test_properties_and_frames_are_those_of_the_decoder(path, shared):
    clip = shared.read_clip(path)
    assert clip == read_clip(path)
    link = shared.link(messages.Service.PICTURES, clip, 1 << 24)
    with Decoder(clip) as decoder:
        own = [decoder.frame_at(int(pts)) for pts in decoder.index.pts]
    for index in (0, 7, 6, 39):
        frame = link.frame(index)
        assert (frame.index, frame.pts, frame.format) == (index, own[index].pts, own[index].format)
        assert frame_sha256(frame.image) == frame_sha256(own[index].image)
    assert link.index[0].tolist() == [frame.pts for frame in own]


def test_a_thumbnail_and_a_refusal(path, shared, tmp_path):
    link = shared.link(messages.Service.THUMBNAILS, open_clip(path))
    image = link.ask(messages.GetThumbnail(0, int(link.index[0][9]), 64))
    assert read_code(np.asarray(image)) == 9
    (tmp_path / "not.mp4").write_bytes(b"%PDF-1.4 not a clip")
    with pytest.raises(ClipError, match="a PDF document, not a clip"):
        shared.read_clip(tmp_path / "not.mp4")
    assert link.ask(messages.GetThumbnail(0, 0, 64)).shape[0] == 64, "the clip that is open is not displaced"


def test_a_killed_process_is_one_sentence_and_the_next_request_is_served(path, players):
    clip = open_clip(path)
    link = players.link(messages.Service.PICTURES, clip)
    first = link.player()
    ended = []
    first.ended = lambda error: ended.append(str(error))
    os.kill(first._child.process_id, signal.SIGKILL)
    first.join()
    assert len(ended) == 1
    assert "SIGKILL" in ended[0]
    assert "own.mp4" in ended[0]
    assert read_code(link.frame(11).image) == 11
    assert link.player() is not first


def test_a_process_that_hangs_is_ended(path, players):
    players.policy = StallPolicy(base_seconds=0.3, load_seconds=60.0)
    link = players.link(messages.Service.PICTURES, open_clip(path))
    link.frame(0)
    os.kill(link.player()._child.process_id, signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(EngineError, match=r"sent no message for 0 s while own\.mp4 was open"):
        link.frame(30)
    assert time.monotonic() - started < 10


def test_a_process_that_hangs_ends_by_itself_when_the_window_was_killed(path, players, monkeypatch):
    monkeypatch.setattr(child_module, "player_command", lambda memory: [sys.executable, "-P", "-c", HANGS, memory])
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[4]))
    player = players.of(path)
    asked = player.ask(messages.ReadClip(0, str(path), None))
    player._child.requests.close()  # as the system does then
    assert player._child._process.wait(30) == 1
    with pytest.raises(EngineError):
        asked.result()


def test_each_file_has_the_confinement_of_its_own_process(path, players, tmp_path):
    other = tmp_path / "other.mp4"
    other.write_bytes(path.read_bytes())
    for each, said in ((path, "one"), (other, "two")):
        players.read_clip(each)
        players.of(each).confinement = said
    assert (players.confinement_of(path), players.confinement_of(other)) == ("one", "two")
    assert players.confinement == "one two"
    assert players.confinement_of(tmp_path / "third.mp4") == ""
    players.of(other).confinement = "one"
    assert players.confinement == "one"


def test_a_process_that_works_without_an_answer_goes_on_and_says_how_far_it_is(path, players, monkeypatch):
    code = SLOW.format(seconds=3.0)
    monkeypatch.setattr(child_module, "player_command", lambda memory: [sys.executable, "-P", "-c", code, memory])
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[4]))
    players.policy = StallPolicy(base_seconds=1.0, load_seconds=60.0)
    told = []
    players.told = lambda *now: told.append(now)
    started = time.monotonic()
    assert players.read_clip(path) == read_clip(path)
    assert time.monotonic() - started > 2.0
    assert told[-1][:2] == (path, Stage.INDEX)
    assert 0 < told[-1][2] <= 100


def test_a_window_that_closes_waits_seconds_for_an_answer_whatever_is_done(path, players, monkeypatch):
    monkeypatch.setattr(client_module, "_HURRIED_SECONDS", 0.5)
    code = SLOW.format(seconds=60.0)
    monkeypatch.setattr(child_module, "player_command", lambda memory: [sys.executable, "-P", "-c", code, memory])
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[4]))
    players.hurry()
    started = time.monotonic()
    with pytest.raises(EngineError, match="gave no answer"):
        players.read_clip(path)
    assert time.monotonic() - started < 20


def test_the_next_file_gets_the_process_that_waits(path, players, tmp_path):
    first = players.of(path)
    players.prepare()
    end = time.monotonic() + 30
    while (waiting := players._spare) is None and time.monotonic() < end:
        time.sleep(0.01)
    other = tmp_path / "other.mp4"
    other.write_bytes(path.read_bytes())
    second = players.of(other)
    assert second._child is waiting
    assert first.is_alive, "the clip that is open stays so until the next one is"
    assert players.read_clip(other).path == str(other)


@pytest.mark.skipif(sys.platform != "linux" or landlock.version() == 0, reason="this system does not confine")
def test_from_inside_nothing_but_the_file_is_reached(path, players, monkeypatch):
    (path.parent / "foreign.txt").write_text("private")
    script = INSIDE.format(folder=str(path.parent))
    monkeypatch.setattr(child_module, "player_command", lambda memory: [sys.executable, "-P", "-c", script, memory])
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[4]))
    player = players.of(path)
    player.join()
    assert players.confinement == players.confinement_of(path) == player.confinement
    confinement, found, has_torch = json.loads(player.confinement)
    assert "Landlock" in confinement
    assert "seccomp" in confinement
    assert found.pop("read its file") == "done"
    assert set(found.values()) == {"refused"}, found
    assert not has_torch
