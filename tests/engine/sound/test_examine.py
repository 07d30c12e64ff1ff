"""What is measured on a sound: each kind of observation is found where it is, and nowhere else."""

import numpy as np
import pytest
from scipy import signal

from inspector.engine.decode.decoder import read_clip
from inspector.engine.provenance.structure.rules import load_rules
from inspector.engine.sound.examine import RULES, examine_sound
from inspector.engine.sound.hum import Hum, HumMeter
from inspector.engine.sound.picture import BANDS, MOST_COLUMNS, PictureBuilder
from inspector.engine.sound.short_time import ShortTime
from inspector.engine.sound.stream import Block, SoundStream
from tests.clips import make_clip
from tests.sounds import noise, sound_clip

RATE = 16000


def examined(path):
    facts = examine_sound(read_clip(path))
    assert facts is not None
    return facts


def values(facts):
    return {tag.name: tag.value for tag in facts.values}


def test_a_clip_without_sound_and_a_quiet_one(tmp_path) -> None:
    assert examined(make_clip(tmp_path / "silent.mp4", frames=3)).sentence == "The file has no sound."
    facts = examined(sound_clip(tmp_path / "noise.mov", noise(3.0, RATE), RATE))
    assert facts.sentence.startswith("The sound was examined: 3.00 s of pcm_s16le, 16000 Hz, mono")
    assert facts.events == ()
    assert facts.facts == ()
    assert not {"band limit", "hum", "voice"} & set(values(facts))


def test_a_codec_has_its_own_name_and_not_that_of_a_decoder(tmp_path) -> None:
    assert examined(sound_clip(tmp_path / "a.mkv", noise(0.5, RATE), RATE, "libmp3lame")).codec == "mp3"


def test_where_the_spectrum_ends(tmp_path) -> None:
    rate = 44100
    low = signal.sosfilt(signal.butter(20, 7000, fs=rate, output="sos"), noise(3.0, rate))
    facts = examined(sound_clip(tmp_path / "low.mov", low, rate))
    limit = float(values(facts)["band limit"].split()[0])
    assert limit == pytest.approx(7.3, abs=0.6)
    assert [fact.rule for fact in facts.facts] == ["band-wide"]


def test_clipped_samples_and_silence_are_found_where_they_are(tmp_path) -> None:
    time = np.arange(8 * RATE) / RATE
    tone = 0.3 * np.sin(2 * np.pi * 220 * time) + noise(8.0, RATE, 0.001)
    tone[: RATE // 2] = np.clip(6 * tone[: RATE // 2], -1.0, 1.0)
    tone[2 * RATE : 3 * RATE] = 0.0
    facts = examined(sound_clip(tmp_path / "a.mov", tone, RATE))
    kinds = {event.kind: event for event in facts.events}
    assert kinds["clipping"].start_seconds == pytest.approx(0.0, abs=0.02)
    assert kinds["clipping"].end_seconds == pytest.approx(0.5, abs=0.02)
    assert kinds["silence"].start_seconds == pytest.approx(2.0, abs=0.02)
    assert kinds["silence"].detail.startswith("digital silence")
    assert {"clipping", "digital-silence"} <= {fact.rule for fact in facts.facts}


def test_sound_that_begins_before_the_end_of_the_recording_before_is_measured(tmp_path, monkeypatch) -> None:
    """In joined recordings the sound of one part mostly ends some milliseconds behind its pictures."""
    rate, length = 8000, 192  # 24 ms a packet
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(50 * length) / rate).astype(np.float32)[None]
    tone[:, 16 * length : 32 * length] = 0.0

    def blocks(stream):
        stream.rate, stream.codec = rate, "pcm_s16le"
        for begin in (0.0, 1.12):  # the first part lasts 1.2 s
            for at in range(50):
                yield Block(begin + at * length / rate, tone[:, at * length : (at + 1) * length])

    monkeypatch.setattr(SoundStream, "blocks", blocks)
    silences = [
        event for event in examined(make_clip(tmp_path / "a.mov", audio=True)).events if event.kind == "silence"
    ]
    assert [event.start_seconds for event in silences] == pytest.approx([0.39, 1.59], abs=0.03)
    assert [event.end_seconds for event in silences] == pytest.approx([0.77, 1.97], abs=0.03)


@pytest.mark.parametrize(
    ("begin", "length", "tracks", "said"),
    [
        (0.0, 1.0, 1, "from 0.00 to 1.00 s of 2.00 s"),
        (-0.02, 1.02, 2, "from 0.00 to 1.00 s of 2.00 s, in the first of 2 tracks"),
        (0.75, 2.0, 1, "from 0.75 to 2.00 s of 2.00 s"),
        (0.1, 1.75, 1, None),
    ],
)
def test_sound_that_begins_later_or_ends_before_the_pictures_is_named(
    tmp_path, monkeypatch, begin, length, tracks, said
) -> None:
    def blocks(stream):
        stream.rate, stream.codec, stream.tracks = 8000, "pcm_s16le", tracks
        yield Block(begin, noise(length, 8000)[None].astype(np.float32))

    monkeypatch.setattr(SoundStream, "blocks", blocks)
    facts = examined(make_clip(tmp_path / "a.mov", frames=50, audio=True))
    assert values(facts).get("shorter than the pictures") == said
    sentences = [fact.sentence for fact in facts.facts if fact.rule == "shorter-than-pictures"]
    assert sentences == ([f"The sound does not last as long as the pictures: {said}."] if said else [])


def test_sound_of_a_file_that_breaks_off_is_not_called_shorter_than_the_pictures_that_it_lost(tmp_path) -> None:
    whole = sound_clip(tmp_path / "a.mkv", noise(4.0, RATE), RATE).read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: len(whole) // 2])
    assert "shorter than the pictures" not in values(examined(tmp_path / "cut.mkv"))


def test_hum_and_where_its_phase_breaks(tmp_path) -> None:
    time = np.arange(16 * RATE) / RATE
    shift = np.where(time < 8.3, 0.0, 2.0)
    hum = sum(0.01 / h * np.sin(2 * np.pi * 49.97 * h * time + h * shift) for h in (1, 2, 3))
    facts = examined(sound_clip(tmp_path / "hum.mov", hum + noise(16.0, RATE, 0.002), RATE))
    assert values(facts)["hum"].startswith("50 Hz grid, 49.97 Hz")
    (broken,) = [event for event in facts.events if event.kind == "hum break"]
    assert broken.start_seconds - 0.1 <= 8.3 <= broken.end_seconds + 0.1
    whole = sum(0.01 / h * np.sin(2 * np.pi * 60.02 * h * time) for h in (1, 2, 3))
    facts = examined(sound_clip(tmp_path / "whole.mov", whole + noise(16.0, RATE, 0.002), RATE))
    assert values(facts)["hum"].startswith("60 Hz grid")
    assert "hum break" not in {event.kind for event in facts.events}


@pytest.mark.parametrize(("hertz", "level"), [(440, 0.5), (700, 0.1), (300, 0.5), (220, 0.001)])
def test_what_rounding_and_coding_add_to_a_tone_is_no_hum(hertz, level) -> None:
    """Which lies on multiples of 50 or 60 Hz where the tone's period and the rate, or a frame, have a common one."""
    time = np.arange(12 * RATE) / RATE
    tone = np.round(level * np.sin(2 * np.pi * hertz * time) * 32767) / 32768
    tone += level * sum(5e-4 * np.sin(2 * np.pi * 50 * h * time) for h in range(1, 7) if 50 * h != hertz)
    meter = HumMeter(RATE)
    meter.begin(0.0)
    meter.add(tone.astype(np.float32))
    assert meter.hum() == Hum()


def test_steps_do_not_depend_on_how_the_sound_is_cut_into_blocks() -> None:
    samples = noise(3.0, 11025)[None].astype(np.float32)

    def measured(size):
        meter = ShortTime(11025)
        found = [s for at in range(0, samples.shape[1], size) for s in meter.add(samples[:, at : at + size])]
        found += meter.finish()
        return np.concatenate([s.rms_db for s in found]), np.concatenate([s.levels for s in found])

    whole, pieces = measured(1 << 20), measured(777)
    assert len(whole[0]) == 300
    np.testing.assert_allclose(whole[0], pieces[0], atol=1e-3)
    assert np.abs(whole[1].astype(int) - pieces[1]).max() <= 1


def test_a_picture_of_any_length_has_a_bounded_number_of_columns_and_keeps_extremes() -> None:
    builder = PictureBuilder(0.5, 0.01, 8000.0)
    count = 3 * MOST_COLUMNS
    for at in range(0, count, 1000):
        steps = min(1000, count - at)
        loud = np.full(steps, 200, np.uint8)
        loud[: 1 if at == 20000 else 0] = 250
        builder.add(at, 255 - loud, loud, np.repeat(loud[:, None], BANDS, axis=1))
    picture = builder.picture()
    assert picture.step_seconds == 0.04
    assert len(picture.highest) == -(-count // 4) <= MOST_COLUMNS
    column = 20000 // 4
    assert (picture.highest[column], picture.lowest[column], picture.levels[column, 0]) == (250, 5, 250)
    assert np.count_nonzero(picture.highest == 250) == 1


def test_the_rules_are_read_and_none_gives_a_verdict() -> None:
    rules, remarks = load_rules(RULES)
    assert not remarks
    assert len(rules) >= 8
    for rule in rules:
        assert rule.tag.startswith("sound/")
        assert not {"fake", "manipulated", "forged", "authentic", "genuine"} & set(
            f"{rule.says} {rule.causes}".lower().replace(",", " ").split()
        )
