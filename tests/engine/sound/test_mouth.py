"""The lag of a mouth behind the sound: a known one is found, and where nothing fits, that is said."""

import numpy as np
import pytest

from inspector.domain.sound.facts import Speech
from inspector.engine.sound.mouth import mouth_lag

SECONDS = 8.0


def syllables(seed: int = 3) -> np.ndarray:
    """A level of speech in dBFS at 100 Hz, of syllables of irregular length and loudness."""
    draw = np.random.default_rng(seed)
    level = np.full(round(SECONDS * 100), -60.0)
    at = 20
    while at < len(level) - 40:
        length = int(draw.integers(8, 28))
        level[at : at + length] = draw.uniform(-30, -15)
        at += length + int(draw.integers(6, 20))
    return np.convolve(level, np.hanning(9) / np.hanning(9).sum(), mode="same")


def speech_of(level: np.ndarray, start: float = 0.0) -> Speech:
    return Speech(start, 0.01, level.astype(np.float32), np.ones(len(level), np.uint8))


def mouth_of(level: np.ndarray, lag_ms: float, fps: float = 25.0) -> tuple[np.ndarray, np.ndarray]:
    seconds = np.arange(round(SECONDS * fps)) / fps
    opening = np.interp(seconds - lag_ms / 1000, (np.arange(len(level)) + 0.5) / 100, level)
    return seconds, 0.1 + (opening + 60) / 200 + np.random.default_rng(1).normal(0, 0.01, len(seconds))


@pytest.mark.parametrize("lag_ms", [-400, -120, 0, 40, 400])
def test_a_known_lag_is_found(lag_ms) -> None:
    level = syllables()
    found = mouth_lag(1, *mouth_of(level, lag_ms), speech_of(level))
    assert found.lag_ms == pytest.approx(lag_ms, abs=15)
    assert found.peak > found.by_chance > 0
    if lag_ms:
        side = "after" if lag_ms > 0 else "before"
        assert f"ms {side} the sound of speech (correlation" in found.sentence


def test_a_sound_that_starts_late_is_compared_where_it_is() -> None:
    level = syllables()
    seconds, opening = mouth_of(level, 0)
    found = mouth_lag(1, seconds + 100.0, opening, speech_of(level, 100.08))
    assert found.lag_ms == pytest.approx(-80, abs=15)


def test_a_hole_in_the_track_and_in_the_sound_is_left_out() -> None:
    level = syllables()
    seconds, opening = mouth_of(level, 80)
    level[300:350] = np.nan
    opening[75:100] = np.nan
    assert mouth_lag(1, seconds, opening, speech_of(level)).lag_ms == pytest.approx(80, abs=20)


def test_a_mouth_that_has_nothing_to_do_with_the_sound_gives_no_lag() -> None:
    told = [mouth_lag(2, *mouth_of(syllables(seed), 0), speech_of(syllables())).lag_ms for seed in range(10, 30)]
    assert sum(lag is not None for lag in told) <= 3
    found = mouth_lag(2, *mouth_of(syllables(10), 0), speech_of(syllables()))
    assert found.sentence.startswith("Cannot tell whether the mouth follows the sound of speech: no lag within 1000 ms")


def test_too_little_to_tell() -> None:
    level = syllables()
    seconds, opening = mouth_of(level, 0)
    speech = speech_of(level)
    assert "seen for less than 2.8 s" in mouth_lag(1, seconds[:30], opening[:30], speech).reason
    assert "hardly moves" in mouth_lag(1, seconds, np.full(len(seconds), 0.2), speech).reason
    assert "too few frames" in mouth_lag(1, seconds, np.full(len(seconds), np.nan), speech).reason
    silent = Speech(0.0, 0.01, level.astype(np.float32), np.zeros(len(level), np.uint8))
    assert "voice is heard for less than 1 s" in mouth_lag(1, seconds, opening, silent).reason
    few = slice(None, None, 3)
    assert mouth_lag(1, seconds[few], opening[few], speech).lag_ms is None
    elsewhere = mouth_lag(1, seconds + 60, opening, speech)
    assert "seen for less" in elsewhere.reason
    nothing = Speech(0.0, 0.01, np.zeros(0, np.float32), np.zeros(0, np.uint8))
    assert mouth_lag(1, seconds, opening, nothing).lag_ms is None


def test_a_long_track_is_compared_in_bounded_time() -> None:
    level = np.tile(syllables(), 450)  # an hour
    seconds = np.arange(0, len(level) / 100, 0.04)
    opening = np.interp(seconds, (np.arange(len(level)) + 0.5) / 100, level + 60) / 200
    assert mouth_lag(1, seconds, opening, speech_of(level)).lag_ms == pytest.approx(0, abs=15)
