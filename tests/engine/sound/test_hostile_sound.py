"""Sound that no recorder writes: bounded work, one sentence, and pictures that can still be read."""

import struct

import av
import numpy as np
import pytest

from inspector.engine.decode.decoder import read_clip
from inspector.engine.sound import examine
from inspector.engine.sound.examine import examine_sound
from tests.sounds import noise, sound_clip

RATE = 8000


def examined(path):
    facts = examine_sound(read_clip(path))
    assert facts is not None
    return facts


def test_samples_that_are_no_numbers_are_counted_and_taken_as_silence(tmp_path) -> None:
    samples = noise(2.0, RATE)
    samples[3000:3100], samples[4000], samples[5000] = np.nan, np.inf, 1e30
    facts = examined(sound_clip(tmp_path / "nan.mov", samples, RATE, "pcm_f32le"))
    assert facts.problems == ("101 samples of the sound are no numbers; they were taken as 0.",)
    assert np.isfinite(facts.speech.level).all()


@pytest.mark.parametrize(("offset", "value"), [(32, 0), (32, 0xFFFF0000), (24, 0xFFFF0010), (24, 0x00400010)])
def test_absurd_rates_and_channels_in_the_header(tmp_path, offset, value) -> None:
    path = sound_clip(tmp_path / "a.mov", noise(1.0, RATE), RATE)
    data = bytearray(path.read_bytes())
    at = data.index(b"sowt") - 4  # a sample description: rate at 32, channels and bits at 24
    struct.pack_into(">I", data, at + offset, value)
    path.write_bytes(data)
    facts = examined(path)
    assert facts.sentence.count(". ") <= 1
    assert facts.sentence.startswith(("The sound was examined", "The sound was not examined", "The file has no sound"))


def test_a_billion_declared_samples_take_no_more_time_than_those_that_are_there(tmp_path) -> None:
    path = sound_clip(tmp_path / "a.mov", noise(1.0, RATE), RATE)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"stts")
    struct.pack_into(">I", data, at + 12, 10**9)
    path.write_bytes(data)
    facts = examined(path)
    assert facts.seconds <= 1.1


def test_another_rate_within_the_stream_is_named_and_measured_on(tmp_path) -> None:
    parts = []
    for rate in (44100, 22050):
        part = tmp_path / f"{rate}.ts"
        with av.open(str(part), "w", format="adts") as out:
            stream = out.add_stream("aac", rate=rate, layout="mono")
            for at in range(0, rate, 1024):
                block = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
                block.sample_rate, block.pts = rate, at
                out.mux(stream.encode(block))
            out.mux(stream.encode(None))
        parts.append(part.read_bytes())
    joined = tmp_path / "joined.aac"
    joined.write_bytes(b"".join(parts))
    path = tmp_path / "a.ts"
    with av.open(str(path), "w", format="mpegts") as out, av.open(str(joined), format="aac") as source:
        video = out.add_stream("libx264", rate=5, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 32, 32, "yuv420p"
        sound = out.add_stream_from_template(source.streams.audio[0])
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            frame.pts = number
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = sound
                out.mux(packet)
    facts = examined(path)
    assert facts.is_examined
    assert any(event.kind == "format" for event in facts.events)
    assert facts.sample_rate in (22050, 44100)


def test_longer_sound_than_the_limit_is_examined_up_to_there(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(examine, "MOST_SECONDS", 1)
    facts = examined(sound_clip(tmp_path / "long.mov", noise(3.0, RATE), RATE))
    assert facts.seconds < 2
    assert len(facts.problems) == 1


def test_it_stops_when_it_is_asked_to(tmp_path) -> None:
    clip = read_clip(sound_clip(tmp_path / "a.mov", noise(2.0, RATE), RATE))
    left = iter([True, True, False])
    assert examine_sound(clip, lambda: next(left)) is None
