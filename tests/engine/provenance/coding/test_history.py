"""What series amount to: each measure on series that have it, and on series that do not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from inspector.domain.clip import Clip, Colour
from inspector.domain.observations.coding import (
    BRIGHTNESS,
    CHANGE,
    COMBING,
    SERIES,
    SIZE,
    TYPE,
    UNCHANGED,
    CodingSeries,
)
from inspector.engine.provenance.coding.history import (
    bit_rates,
    coding_history,
    group_positions,
    groups_of,
    measures_of,
)
from inspector.engine.provenance.coding.recoding import earlier_rhythm
from inspector.engine.provenance.coding.rules import Measure, load_rules, read_rules


def clip_of(frames: int, *, is_interlaced: bool = False) -> Clip:
    return Clip(
        path="a.mp4", sha256="0" * 64, size_bytes=1, container="mov", codec="h264", pix_fmt="yuv420p", width=64,
        height=48, coded_width=64, coded_height=48, rotation=0, sample_aspect=Fraction(1), colour=Colour(),
        time_base=Fraction(1, 25), start_pts=100, duration_pts=frames, declared_frames=frames,
        average_rate=Fraction(25), is_variable_rate=False, is_interlaced=is_interlaced, has_audio=False,
    )  # fmt: skip


def measures(series: CodingSeries, clip: Clip) -> dict[str, Measure]:
    return measures_of(series, clip, earlier_rhythm(series, clip.codec))


def series_of(frames: int = 200, gop: int = 25) -> CodingSeries:
    """A quiet handheld clip: everything moves a little, groups are regular."""
    random = np.random.default_rng(1)
    values = np.full((len(SERIES), frames), np.nan)
    values[TYPE] = np.where(np.arange(frames) % gop == 0, 1, 2)
    values[SIZE] = np.where(values[TYPE] == 1, 9000, 1000)
    values[CHANGE] = random.uniform(1.0, 2.0, frames)
    values[UNCHANGED] = 5.0
    values[BRIGHTNESS] = 110.0
    values[COMBING] = 0.6
    return CodingSeries(np.arange(100, 100 + frames, dtype=np.int64), values)


def test_a_quiet_clip_gives_no_fact():
    series = series_of()
    assert measures(series, clip_of(200)) == {}
    found = coding_history(series, clip_of(200))
    assert (found.facts, found.problems) == ((), ())
    groups = groups_of(series)
    assert (groups.usual, set(groups.lengths), groups.starts[1]) == (25, {25}, 125)
    assert group_positions(series)[[0, 24, 25]].tolist() == [0, 24, 0]


def test_the_bit_rate_is_that_of_a_second():
    rate = bit_rates(series_of(), clip_of(200))
    assert rate[100] == pytest.approx((9000 + 24 * 1000) * 8e-3, rel=0.05)
    assert rate[0] > rate[100], "half a second with an I picture of its own"


def test_stretches_that_stand_still_or_are_black():
    series = series_of()
    series.values[CHANGE][50:75], series.values[UNCHANGED][50:75] = 0.0, 100.0
    series.values[BRIGHTNESS][100:110] = 10.0
    series.values[CHANGE][150:155], series.values[UNCHANGED][150:155] = 0.0, 100.0  # too short to say so
    found = measures(series, clip_of(200))
    assert (found["frozen seconds"].value, found["frozen seconds"].spans) == (1.0, ((150, 175),))
    assert (found["black seconds"].value, found["black seconds"].spans) == (0.4, ((200, 210),))
    sentences = [fact.sentence for fact in coding_history(series, clip_of(200)).facts]
    assert "The picture stands still for 1 s in all: from 2.00 to 3.00 s." in sentences


def test_a_group_that_ends_early_without_a_new_picture():
    series = series_of()
    series.values[TYPE][60] = 1  # 10 pictures behind the I picture at 50
    assert measures(series, clip_of(200))["irregular groups"].spans == ((160, 160), (175, 175))
    series.values[CHANGE][[60, 75]] = 40.0
    assert "irregular groups" not in measures(series, clip_of(200))


@pytest.mark.parametrize("period", [2, 5])
def test_a_raised_frame_rate_repeats_frames_in_a_rhythm(period: int):
    series = series_of()
    series.values[CHANGE][period - 1 :: period] = 0.05
    found = measures(series, clip_of(200))
    assert found["repeat period"].value == period
    assert "repeated share" not in found


def test_dropped_frames_have_no_rhythm():
    series = series_of()
    rows = np.random.default_rng(3).choice(np.arange(1, 200), 16, replace=False)
    series.values[CHANGE][rows] = 0.05
    found = measures(series, clip_of(200))
    assert "repeat period" not in found
    assert 4 < found["repeated share"].value < 10


def test_woven_lines_and_their_rhythm():
    series = series_of()
    series.values[COMBING][20:60] = 1.4
    assert measures(series, clip_of(200))["combed share"].value == 20.0
    assert measures(series, clip_of(200, is_interlaced=True)) == {}, "the file says so itself"
    film = series_of()
    film.values[COMBING][2::5] = film.values[COMBING][3::5] = 1.4
    found = measures(film, clip_of(200))
    assert found["telecine share"].value == 100.0
    assert "combed share" not in found


def test_an_older_analysis_has_no_history():
    empty = CodingSeries(np.zeros(0, np.int64), np.zeros((len(SERIES), 0)))
    found = coding_history(empty, clip_of(0))
    assert (found.facts, found.problems) == ((), ())
    assert groups_of(empty).lengths == ()
    assert len(bit_rates(empty, clip_of(0))) == 0


def test_the_shipped_rules_are_whole_and_a_wrong_file_is_named(tmp_path: Path):
    rules, remarks = load_rules()
    assert len({rule.id for rule in rules}) == len(rules) >= 7
    assert remarks == ()
    for word in ("fake", "manipulated", "authentic", "forged"):
        assert all(word not in f"{rule.says} {rule.causes}" for rule in rules)
    wrong = tmp_path / "own.toml"
    wrong.write_text('[[rule]]\nid = "a"\nsays = "b"\n')
    with pytest.raises(ValueError, match="rule 1: causes, least, measure, source"):
        read_rules(wrong)
