"""Sound: in time with the picture, silent where it must be, and no error where there is no device."""

import time
from fractions import Fraction

import av
import numpy as np
import pytest

from inspector.engine.decode.decoder import open_clip
from inspector.ui.player.audio import CHANNELS, RATE, Sound, Track
from inspector.ui.player.viewer import Viewer
from inspector.ui.state import SoundState
from tests.clips import code_picture, make_clip

BEEP_FROM, BEEP_TO = 1.0, 1.2  # seconds


class Tape:
    """A device that keeps what it is given, and plays it `pace` times as fast as it should."""

    def __init__(self, pace=1.0):
        self.pace, self.heard, self.starts, self.is_on = pace, [], 0, False

    def start(self):
        self.starts, self.is_on, self.given, self.began = self.starts + 1, True, 0, time.monotonic()
        self.heard = []

    def free(self):
        return max(round((self.played() + 0.1) * RATE) - self.given, 0)

    def write(self, samples):
        assert samples.dtype == np.int16
        self.heard.append(samples)
        self.given += len(samples)

    def played(self):
        return (time.monotonic() - self.began) * self.pace

    def stop(self):
        self.is_on = False


def add_sound(path, seconds, offset=0.0):
    """Write the clip as `sound.mkv`, with a beep that begins after one second."""
    out = path.with_name("sound.mkv")
    with av.open(str(path)) as source, av.open(str(out), "w") as target:
        video = target.add_stream_from_template(source.streams.video[0])
        sound = target.add_stream("pcm_s16le", rate=RATE, layout="stereo")
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = video
                target.mux(packet)
        time_axis = np.arange(round(seconds * RATE)) / RATE
        loud = (time_axis >= BEEP_FROM) & (time_axis < BEEP_TO)
        wave = np.where(loud, 12000 * np.sin(time_axis * 2 * np.pi * 440), 0).astype(np.int16)
        for start in range(0, len(wave), 4800):
            piece = np.repeat(wave[start : start + 4800], CHANNELS)[None]
            frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="stereo")
            frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
            frame.pts = start + round(offset * RATE)
            target.mux(sound.encode(frame))
        target.mux(sound.encode(None))
    return out


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = make_clip(tmp_path_factory.mktemp("sound") / "codes.mp4", frames=60, picture=code_picture)
    return open_clip(add_sound(path, 2.4))


@pytest.fixture
def make_sound(clip):
    sounds = []

    def make(sink):
        sounds.append(Sound(open_sink=lambda: sink))
        return sounds[-1]

    yield make
    for sound in sounds:
        sound.close()
        assert not sound.isRunning()


def first_loud(samples):
    return int(np.argmax(np.abs(samples[:, 0]) > 2000)) / RATE


@pytest.mark.usefixtures("work_of_a_thread")
@pytest.mark.parametrize("start", [0.0, 0.4, 0.93])
def test_a_track_begins_at_the_very_sample(clip, start):
    samples = Track(clip, start).read(2 * RATE)
    assert samples.shape == (2 * RATE, CHANNELS)
    assert first_loud(samples) == pytest.approx(BEEP_FROM - start, abs=0.002)


@pytest.mark.usefixtures("work_of_a_thread")
def test_where_the_file_has_no_sound_there_is_silence_of_the_right_length(tmp_path):
    path = make_clip(tmp_path / "codes.mp4", frames=60, picture=code_picture)
    late = open_clip(add_sound(path, 1.5, offset=0.5))
    assert first_loud(Track(late, 0.0).read(2 * RATE)) == pytest.approx(BEEP_FROM + 0.5, abs=0.002)
    assert not Track(late, 2.2).read(RATE).any(), "also after its end"


def joined(tmp_path, repeats):
    """Two recordings with sound behind each other, of two seconds each; the second one's beep is the only one."""
    parts = []
    for number in range(2):
        path = tmp_path / f"{number}.ts"
        make_clip(tmp_path / "plain.ts", frames=50, gop=10)
        with av.open(str(tmp_path / "plain.ts")) as source, av.open(str(path), "w", format="mpegts") as target:
            video = target.add_stream_from_template(source.streams.video[0])
            sound = target.add_stream("mp2", rate=RATE, layout="stereo")
            shift = 0 if repeats else 9 * (1 - number)
            packets = [packet for packet in source.demux(video=0) if packet.dts is not None]
            for packet in packets:
                packet.pts, packet.dts = packet.pts + shift * 90000, packet.dts + shift * 90000
                packet.stream = video
            at = np.arange(2 * RATE) / RATE
            loud = (at >= BEEP_FROM) & (at < BEEP_TO) & (number == 1)
            wave = np.where(loud, 12000 * np.sin(at * 2 * np.pi * 440), 0).astype(np.int16)
            for start in range(0, len(wave), 1152):
                piece = np.repeat(wave[start : start + 1152], CHANNELS)[None]
                frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="stereo")
                frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), start + shift * RATE
                packets += sound.encode(frame)
            packets += sound.encode(None)
            target.mux(sorted(packets, key=lambda packet: packet.dts * packet.time_base))
        parts.append(path.read_bytes())
    (tmp_path / "joined.ts").write_bytes(b"".join(parts))
    return open_clip(tmp_path / "joined.ts")


@pytest.mark.usefixtures("work_of_a_thread")
@pytest.mark.parametrize("repeats", [True, False])
def test_behind_a_seam_the_sound_follows_the_picture(tmp_path, repeats):
    """The second recording's time stamps are those of the first one again, or begin nine seconds before them."""
    clip = joined(tmp_path, repeats)
    assert len(clip.sections) == 2
    beep = clip.seconds(clip.sections[1].start_pts) + BEEP_FROM
    assert beep == pytest.approx(3.0, abs=0.1)
    for start in (0.0, 1.5, 2.6):
        assert first_loud(Track(clip, start).read(4 * RATE)) == pytest.approx(beep - start, abs=0.1)


def test_sound_plays_at_its_own_speed_only(clip, make_sound, qtbot):
    tape = Tape()
    sound = make_sound(tape)
    sound.open(clip)
    sound.play(0.0, 1.0)
    qtbot.waitUntil(lambda: sound.heard() is not None)
    assert tape.is_on
    assert sound.state is SoundState.ON
    for speed in (2.0, 0.5, -1.0):
        sound.play(0.5, speed)
        qtbot.waitUntil(lambda: sound.state is SoundState.OTHER_SPEED)  # type: ignore[comparison-overlap]
        assert not tape.is_on
        assert sound.heard() is None  # type: ignore[unreachable]
        sound.play(0.5, 1.0)
        qtbot.waitUntil(lambda: sound.state is SoundState.ON and tape.is_on)
    sound.pause()
    qtbot.waitUntil(lambda: not tape.is_on)


def test_unmuting_continues_at_the_time_of_the_picture(clip, make_sound, qtbot):
    tape = Tape()
    sound = make_sound(tape)
    sound.open(clip)
    sound.play(0.0, 1.0)
    qtbot.waitUntil(lambda: sound.heard() is not None)
    sound.mute(True)
    qtbot.waitUntil(lambda: sound.state is SoundState.MUTED)
    assert not tape.is_on
    began = time.monotonic()
    qtbot.wait(200)
    sound.mute(False)
    qtbot.waitUntil(lambda: sound.heard() is not None)
    assert sound.heard() >= time.monotonic() - began


def test_no_device_is_a_state_and_no_error(clip, make_sound, qtbot):
    sound = make_sound(None)
    states = []
    sound.state_changed.connect(states.append)
    sound.open(clip)
    sound.play(0.0, 1.0)
    qtbot.waitUntil(lambda: states == [SoundState.NO_DEVICE])
    assert sound.heard() is None


def test_a_clip_without_sound_starts_no_thread(make_sound, tmp_path):
    sound = make_sound(None)
    sound.open(open_clip(make_clip(tmp_path / "silent.mp4")))
    assert not sound.isRunning()
    assert sound.state is SoundState.NONE


def test_sound_that_cannot_be_read_is_a_state_and_no_error(make_sound, qtbot, tmp_path):
    path = add_sound(make_clip(tmp_path / "codes.mp4", frames=60), 2.4)
    clip = open_clip(path)
    path.unlink()
    sound = make_sound(Tape())
    sound.open(clip)
    sound.play(0.0, 1.0)
    qtbot.waitUntil(lambda: sound.state is SoundState.UNREADABLE)


@pytest.mark.parametrize("pace", [0.9, 1.1])
def test_the_picture_follows_a_device_that_runs_fast_or_slow(clip, qtbot, pace):
    tape = Tape(pace)
    sound = Sound(open_sink=lambda: tape)
    viewer, apart = Viewer(sound=sound), []

    def look():
        # Compares the viewer's clock, not the time at which a busy machine shows a picture; and counts from the last
        # start of the sound, since a picture that is far too late starts it again.
        shown, clock, now = viewer.take(), viewer._clock, time.monotonic()
        if shown is not None and tape.is_on and clock.speed:
            apart.append(clock._seconds + (now - clock._wall) - (sound._start_seconds + tape.played()))

    viewer.frame_ready.connect(look)
    viewer.start()
    viewer.open(clip)
    try:
        with qtbot.waitSignal(viewer.playback_ended):
            viewer.play(1.0)
    finally:
        viewer.stop()
    assert len(apart) > 25
    # Without following, ten per cent of two seconds would be 200 ms by the end.
    assert abs(float(np.median(apart[-15:]))) < 0.1


def test_the_sound_goes_on_after_an_error_of_the_program(make_sound, clip, qtbot, own_log, capsys):
    class Broken(Tape):
        def write(self, samples):
            if self.starts == 1:
                raise KeyError("a bug")
            super().write(samples)

    tape = Broken()
    sound = make_sound(tape)
    sound.open(clip)
    sound.play(0.0, 1.0)
    qtbot.waitUntil(lambda: sound.state is SoundState.FAILED)
    assert "a bug" in own_log.read_text()
    said: list[str] = []

    def is_said():  # by the thread of the sound, after its state
        said.append(capsys.readouterr().err)
        return "made an error while playing the sound" in "".join(said)

    qtbot.waitUntil(is_said)
    sound.play(0.5, 1.0)
    qtbot.waitUntil(lambda: sound.state is SoundState.ON and bool(tape.heard))
