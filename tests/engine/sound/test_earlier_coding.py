"""The grid of an earlier AAC coding: found where it is, told from the file's own, and shifted where sound is cut."""

import numpy as np
import pytest
from scipy import signal

from inspector.engine.decode.decoder import read_clip
from inspector.engine.sound.coding_grid import HOP, SIZE, mdct
from inspector.engine.sound.examine import examine_sound
from inspector.engine.sound.grid_meter import EarlierCoding, GridMeter
from tests.sounds import noise, sound_clip, through_aac

RATE = 16000
CUT, REMOVED, TRIMMED = 4 * RATE, 2500, 300


def coloured(seconds: float) -> np.ndarray:
    """Noise that falls with frequency and swells, as most sounds do."""
    samples = signal.lfilter([1.0], [1.0, -0.9], noise(seconds, RATE, 0.05))
    return samples * (1.2 + np.sin(2 * np.pi * 3 * np.arange(len(samples)) / RATE))


@pytest.fixture(scope="module")
def coded() -> np.ndarray:
    return through_aac(coloured(8.2), RATE, 24_000)[TRIMMED:]


@pytest.fixture(scope="module")
def cut(coded) -> np.ndarray:
    return np.concatenate([coded[:CUT], coded[CUT + REMOVED :]])


def measured(samples, codec="aac", **options) -> EarlierCoding:
    meter = GridMeter(RATE, codec, **options)
    meter.begin(0.0)
    for at in range(0, len(samples), HOP):
        meter.add(samples[at : at + HOP])
    return meter.finish()


def test_the_transform_is_that_of_the_standard() -> None:
    frame = np.random.default_rng(1).normal(size=SIZE).astype(np.float32)
    step, at = np.arange(HOP), np.arange(SIZE)
    kernel = np.cos(np.pi / HOP * (at[None] + 0.5 + HOP / 2) * (step[:, None] + 0.5))
    sums = np.cumsum(np.kaiser(HOP + 1, 4 * np.pi))
    window = np.sqrt(np.r_[sums[:HOP], sums[HOP - 1 :: -1]] / sums[HOP])
    np.testing.assert_allclose(mdct(frame[None])[0], np.sqrt(2 / HOP) * (kernel @ (frame * window)), atol=1e-4)


def test_a_sound_coded_twice_with_a_cut_and_one_coded_once(cut) -> None:
    found = measured(through_aac(cut, RATE, 64_000))
    assert found.share > 0.9
    (shift,) = found.shifts
    at = (CUT + HOP) / RATE
    assert shift.start - 0.05 <= at <= shift.end + 0.05
    assert shift.end - shift.start < 0.6
    assert shift.samples == REMOVED % HOP
    assert measured(through_aac(coloured(4.0), RATE, 32_000)) == EarlierCoding()


def test_a_sound_coded_twice_without_a_cut_has_no_shift(coded) -> None:
    found = measured(through_aac(coded[: 5 * RATE], RATE, 64_000))
    assert found.share > 0.9
    assert found.shifts == ()


def test_the_facts_name_it_for_a_file_without_loss(tmp_path, cut) -> None:
    facts = examine_sound(read_clip(sound_clip(tmp_path / "cut.mov", cut, RATE)))
    assert facts is not None
    assert {"earlier-coding", "earlier-coding-shifts"} <= {fact.rule for fact in facts.facts}
    (event,) = [event for event in facts.events if event.kind == "coding shift"]
    assert event.start_seconds <= CUT / RATE <= event.end_seconds


def test_it_stops_when_it_is_told_to_and_passes_over_frames_of_another_kind(cut) -> None:
    meter = GridMeter(RATE, "aac", lambda: False)
    meter.begin(0.0)
    meter.add(cut[:HOP])
    meter.add(cut[HOP : 100 * HOP])
    assert meter.finish() == EarlierCoding()
    meter = GridMeter(RATE, "pcm_s16le", lambda: False)
    meter.begin(0.0)
    meter.add(cut)
    meter.finish()
    assert meter.is_stopped


def test_a_short_frame_moves_the_own_grid_and_leaves_no_earlier_one(coded) -> None:
    meter = GridMeter(RATE, "aac")
    meter.begin(0.0)
    own = coded[HOP - TRIMMED :]  # its frames begin at multiples of HOP
    for at in range(0, len(own), HOP):
        meter.add(own[at : at + (500 if at == 62 * HOP else HOP)])
    assert meter.finish() == EarlierCoding()


@pytest.mark.parametrize("codec", ["vorbis", "wmav2"])
def test_a_codec_with_frames_as_long_is_not_examined(coded, codec) -> None:
    assert measured(coded, "flac").share > 0.9
    assert measured(coded, codec) == EarlierCoding()
