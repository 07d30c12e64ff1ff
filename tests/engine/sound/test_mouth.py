"""The lag of a mouth behind the sound: a known one is found, and where nothing fits, that is said."""

import numpy as np
import pytest
from scipy import ndimage

from inspector.domain.sound import Speech
from inspector.engine.sound.mouth import mouth_lag

SECONDS = 8.0


def syllables(seed=3):
    """A level of speech in dBFS at 100 Hz, of syllables of irregular length."""
    draw = np.random.default_rng(seed)
    level = np.full(round(SECONDS * 100), -60.0)
    at = 20
    while at < len(level) - 40:
        length = int(draw.integers(8, 28))
        level[at : at + length] = draw.uniform(-30, -15)
        at += length + int(draw.integers(6, 20))
    return ndimage.gaussian_filter1d(level, 3)


def speech_of(level) -> Speech:
    return Speech(0.0, 0.01, level.astype(np.float32), np.ones(len(level), np.uint8))


def mouth_of(level, lag_ms, fps=25.0):
    seconds = np.arange(round(SECONDS * fps)) / fps
    opening = np.interp(seconds - lag_ms / 1000, (np.arange(len(level)) + 0.5) / 100, level)
    return seconds, 0.1 + (opening + 60) / 200 + np.random.default_rng(1).normal(0, 0.01, len(seconds))


@pytest.mark.parametrize("lag_ms", [-400, -120, 0, 40, 400])
def test_a_known_lag_is_found(lag_ms) -> None:
    level = syllables()
    found = mouth_lag(1, *mouth_of(level, lag_ms), speech_of(level))
    assert found.lag_ms == pytest.approx(lag_ms, abs=15)
    assert found.peak > 0.6
    assert ("after" if lag_ms > 20 else "before" if lag_ms < -20 else "The mouth moves") in found.sentence


def test_a_mouth_that_has_nothing_to_do_with_the_sound_gives_no_lag() -> None:
    found = mouth_lag(2, *mouth_of(syllables(seed=9), 0), speech_of(syllables()))
    assert found.lag_ms is None
    assert found.sentence.startswith("Cannot tell whether the mouth follows the sound: ")


def test_too_little_to_tell() -> None:
    level = syllables()
    seconds, opening = mouth_of(level, 0)
    short = mouth_lag(1, seconds[:30], opening[:30], speech_of(level))
    assert "less than 2 s of speech" in short.reason
    assert "hardly moves" in mouth_lag(1, seconds, np.full(len(seconds), 0.2), speech_of(level)).reason
    unknown = np.full(len(seconds), np.nan)
    assert "too few frames" in mouth_lag(1, seconds, unknown, speech_of(level)).reason
    silent = Speech(0.0, 0.01, level.astype(np.float32), np.zeros(len(level), np.uint8))
    assert mouth_lag(1, seconds, opening, silent).lag_ms is None
