"""A process that a hostile clip has taken over answers whatever it likes: the window refuses what cannot be meant."""

import os
import sys
import time
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from threading import Thread

import numpy as np
import pytest

from inspector.domain.clip import Frame, Gap
from inspector.domain.errors import EngineError
from inspector.engine.decode.decoder import open_clip
from inspector.engine.process.player import messages
from inspector.engine.process.player.memory import SLOT_BYTES, SLOTS, PictureMemory, unnamed
from inspector.engine.process.player.players import Players
from inspector.engine.process.protocol import pack, read_body
from tests.clips import code_picture, make_clip
from tests.thread_player import ThreadChild

FRAME = Frame(3, 3, np.zeros((0, 0, 3), np.uint8), False)
PTS = np.arange(10, dtype=np.int64)
OPENED = messages.Opened(0, PTS.tobytes(), bytes(10))
FINE = messages.PictureReady(0, 4, 2, FRAME)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return open_clip(make_clip(tmp_path_factory.mktemp("lies") / "codes.mp4", frames=10, picture=code_picture))


@pytest.fixture
def players_that_say():
    made = []

    def make(answers):
        """Processes that answer each kind of request with the message that `answers` has for it, or its bytes."""

        def serve(requests, out, memory):
            while (body := read_body(requests)) is not None:
                request = messages.unpack_request(body)
                answer = answers.get(type(request))
                if answer is not None:
                    with suppress(OSError, ValueError):
                        own = {"job": request.job} if not isinstance(answer, bytes) else {}
                        out.write(answer if isinstance(answer, bytes) else pack(type(answer)(**_fields(answer) | own)))
                        out.flush()

        players = Players()
        players.start_child = lambda: ThreadChild(serve)
        made.append(players)
        return players

    yield make
    for players in made:
        players.close()


def _fields(message):
    return {name: getattr(message, name) for name in message.__struct_fields__}


def test_what_is_fine_is_taken(clip, players_that_say):
    players = players_that_say(
        {messages.Open: OPENED, messages.GetFrame: FINE, messages.ReadClip: messages.ClipRead(0, clip)}
    )
    assert players.link(messages.Service.PICTURES, clip).frame(3).image.shape == (2, 4, 3)
    assert players.read_clip(open_path(clip)).width == clip.width


def open_path(clip):
    from pathlib import Path

    return Path(clip.path)


@pytest.mark.parametrize(
    "answer",
    [
        messages.PictureReady(0, 1 << 15, SLOT_BYTES, FRAME),
        messages.PictureReady(0, -4, 2, FRAME),
        messages.PictureReady(0, 0, 0, FRAME),
        messages.PictureReady(0, 4, 2, None),
        messages.PictureReady(0, 4, 2, replace(FRAME, pts=4)),
        messages.PictureReady(0, 4, 2, replace(FRAME, index=-1)),
        messages.PictureReady(0, 4, 2, replace(FRAME, packet_bytes=1 << 63)),
        messages.PictureReady(0, 4, 2, replace(FRAME, quantiser=float("nan"))),
        messages.PictureReady(0, 4, 2, replace(FRAME, picture_type="x" * (2 << 20))),
        messages.NoPicture(0, Gap(5, 2, "a gap")),
        messages.NoPicture(0, Gap(0, 2, "x" * (2 << 20))),
        OPENED,
        b"\xff\xff\xff\xff",  # a message of four gigabytes
        b"\0\0\0\4abcd",
        pack(messages.Dropped(99)),
    ],
    ids=range(15),
)
def test_a_frame_that_cannot_be_meant_ends_the_process_with_a_sentence(clip, players_that_say, answer):
    link = players_that_say({messages.Open: OPENED, messages.GetFrame: answer}).link(messages.Service.PICTURES, clip)
    player = link.player()
    ended = []
    player.ended = lambda error: ended.append(str(error))
    with pytest.raises(EngineError, match=r"codes\.mp4"):
        link.frame(3)
    player.join()
    assert not player.is_alive
    assert len(ended) == 1
    assert "sent an invalid message" in ended[0]
    assert len(ended[0]) < 500


@pytest.mark.parametrize(
    "opened",
    [
        messages.Opened(0, PTS[::-1].tobytes(), bytes(10)),
        messages.Opened(0, PTS.tobytes(), bytes(9)),
        messages.Opened(0, PTS.tobytes()[:-1], bytes(10)),
        messages.Opened(0, np.array([0, 2**63 - 1]).tobytes(), bytes(2)),
        messages.SoundRead(0, ((float("inf"), b""),), False),
    ],
    ids=range(5),
)
def test_an_index_that_cannot_be_meant_is_refused(clip, players_that_say, opened):
    with pytest.raises(EngineError, match=r"codes\.mp4"):
        players_that_say({messages.Open: opened}).link(messages.Service.VIEWER, clip).player()


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "/etc/passwd"},
        {"width": 0},
        {"width": 1 << 20, "height": 1 << 20},
        {"time_base": Fraction(0)},
        {"time_base": Fraction(-1, 25)},
        {"time_base": Fraction(1, 1 << 61)},
        {"average_rate": Fraction(-1)},
        {"sample_aspect": Fraction(0)},
        {"rotation": 45},
        {"duration_pts": -1},
        {"start_pts": 1 << 62},
        {"codec": "x" * (2 << 20)},
        {"metadata": tuple(("a", "b") for _ in range(70_000))},
    ],
    ids=str,
)
def test_properties_that_cannot_be_meant_are_refused(clip, players_that_say, changes):
    players = players_that_say({messages.ReadClip: messages.ClipRead(0, replace(clip, **changes))})
    with pytest.raises(EngineError, match=r"codes\.mp4"):
        players.read_clip(open_path(clip))


@pytest.mark.parametrize("pieces", [((float("nan"), b""),), ((0.0, b"abc"),)])
def test_sound_that_cannot_be_meant_is_refused(clip, players_that_say, pieces):
    players = players_that_say(
        {messages.Open: messages.Opened(0), messages.GetSound: messages.SoundRead(0, pieces, False)}
    )
    with pytest.raises(EngineError, match=r"codes\.mp4"):
        players.link(messages.Service.SOUND, clip).ask(messages.GetSound(0, messages.Service.SOUND, 0.0))


def test_a_thumbnail_has_the_height_that_was_asked_for(clip, players_that_say):
    players = players_that_say({messages.Open: OPENED, messages.GetThumbnail: messages.PictureReady(0, 4, 999)})
    with pytest.raises(EngineError, match=r"codes\.mp4"):
        players.link(messages.Service.THUMBNAILS, clip).ask(messages.GetThumbnail(0, 3, 20))


def test_closing_before_the_watching_thread_has_begun_ends_it(players_that_say, monkeypatch):
    class LateThread(Thread):
        def run(self):
            time.sleep(0.2)
            super().run()

    monkeypatch.setattr("inspector.engine.process.player.players.Thread", LateThread)
    players = players_that_say({})
    players.prepare()
    closing = Thread(target=players.close, daemon=True)
    closing.start()
    closing.join(10)
    assert not closing.is_alive()


def test_a_refusal_is_one_short_sentence(clip, players_that_say):
    players = players_that_say({messages.ReadClip: messages.Refused(0, "no\x1b]0;" * 100_000)})
    with pytest.raises(Exception) as refused:  # noqa: PT011 - the text is what is looked at
        players.read_clip(open_path(clip))
    assert len(str(refused.value)) < 20_000
    assert "\x1b" not in str(refused.value)


def test_a_process_says_once_how_it_is_confined(clip, players_that_say):
    later = pack(messages.Confined(0, "sandboxed")) + pack(messages.Confined(0, "by everything there is"))
    players = players_that_say({messages.Open: later + pack(replace_job(OPENED, 1))})
    players.link(messages.Service.PICTURES, clip).player()
    assert players.confinement == "sandboxed"


def replace_job(message, job):
    return type(message)(**_fields(message) | {"job": job})


def test_memory_without_a_name_is_shared_by_its_descriptor():
    """What macOS has in place of sealed memory."""
    made = PictureMemory(str(unnamed(SLOTS * SLOT_BYTES)))
    other = PictureMemory(str(os.dup(made.descriptor or 0)))
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    made.put(5, image)
    assert (other.take(5, 2, 4) == image).all()
    made.close()
    other.close()


def test_the_shared_memory_cannot_be_made_smaller_or_larger():
    if sys.platform != "linux":
        pytest.skip("other systems have no sealed memory")
    import fcntl

    memory = PictureMemory()
    assert memory.descriptor is not None
    for size in (0, 1 << 40):
        with pytest.raises(PermissionError):
            os.ftruncate(memory.descriptor, size)
    with pytest.raises(PermissionError):
        fcntl.fcntl(memory.descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE)
    memory.close()
