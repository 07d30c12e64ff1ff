"""The rhythm of an earlier coding: found in series and clips that have one, and not in what looks like it."""

import av
import numpy as np
import pytest

from inspector.domain.arrays import Image
from inspector.domain.observations.coding import CHANGE, INTRA, SERIES, SIZE, TYPE, CodingSeries
from inspector.engine.provenance.coding.beats import TRACES, traces_of, weights
from inspector.engine.provenance.coding.history import coding_history
from inspector.engine.provenance.coding.recoding import (
    BREAKS,
    LEAST_PICTURES,
    RHYTHM,
    earlier_rhythm,
    rhythm_measures,
    rhythm_text,
)
from tests.clips import Picture, make_clip, moving_portrait
from tests.engine.provenance.coding.test_history import clip_of
from tools.measure_video_recoding import series_of


def series_with(frames: int = 400, gop: int = 250, seed: int = 0, b_pictures: int = 0) -> CodingSeries:
    """A clip without a rhythm but its groups, `b_pictures` between two references; P pictures differ by a third."""
    draw = np.random.default_rng(seed)
    values = np.full((len(SERIES), frames), np.nan)
    number = np.arange(frames)
    place = number % gop
    values[TYPE] = np.where(place == 0, 1, np.where(place % (b_pictures + 1) == 0, 2, 3))
    values[SIZE] = np.where(values[TYPE] == 1, 9000, np.where(values[TYPE] == 2, 1000, 300))
    values[SIZE] *= np.exp(draw.normal(0, 0.3, frames) + 0.3 * np.sin(number / 40))
    values[INTRA] = np.where(values[TYPE] == 1, 100.0, draw.uniform(1, 5, frames))
    return CodingSeries(number + 100, values)


def beat(series: CodingSeries, period: int, phase: int = 3, factor: float = 2.5) -> CodingSeries:
    """The series with greater packets at every so many pictures, or at the next reference behind them."""
    rows = np.arange(phase, len(series), period)
    references = np.flatnonzero(series.values[TYPE] != 3)
    at = np.searchsorted(references, rows)
    series.values[SIZE][references[at[at < len(references)]]] *= factor
    return series


@pytest.mark.parametrize("seed", range(6))
def test_chance_stays_below_the_limit_and_a_rhythm_exceeds_it(seed) -> None:
    found = earlier_rhythm(series_with(seed=seed), "h264")
    assert not isinstance(found, str)
    assert not found.is_found
    assert "no rhythm" in rhythm_text(earlier_rhythm(series_with(seed=seed), "h264"))
    found = earlier_rhythm(beat(series_with(seed=seed), 30), "h264")
    assert not isinstance(found, str)
    assert (found.period, found.rows[:2]) == (30, (3, 33))
    assert found.false_alarms < 1e-4
    assert "a rhythm of 30 pictures" in rhythm_text(earlier_rhythm(beat(series_with(seed=seed), 30), "h264"))


@pytest.mark.parametrize("gop", [33, 12])
def test_a_rhythm_is_found_beside_the_groups_of_the_clip(gop) -> None:
    found = earlier_rhythm(beat(series_with(gop=gop), 25), "h264")
    assert not isinstance(found, str)
    assert found.period == 25


def test_a_rhythm_is_found_between_b_pictures() -> None:
    found = earlier_rhythm(beat(series_with(800, b_pictures=3), 25), "hevc")
    assert not isinstance(found, str)
    assert found.period == 25
    assert found.is_found


def test_what_happens_in_each_group_of_the_clip_is_no_rhythm() -> None:
    for period in (25, 50):
        found = earlier_rhythm(beat(series_with(500, gop=25), period, phase=10 if period == 25 else 0), "h264")
        assert isinstance(found, str) or not found.is_found


def test_what_happens_behind_some_of_the_clips_own_i_pictures_is_no_rhythm() -> None:
    for period, gop in ((90, 60), (45, 90)):  # the beats are at two places of the groups; one of them is conspicuous
        series = series_with(1440, gop=gop, seed=1)
        rows = np.arange(4, 1440, period)
        series.values[SIZE][rows[rows % gop == 4]] *= 4
        found = earlier_rhythm(series, "h264")
        assert isinstance(found, str) or not found.is_found
        found = earlier_rhythm(beat(series_with(1440, gop=gop, seed=1), period, phase=4, factor=4), "h264")
        assert not isinstance(found, str)
        assert (found.period, found.is_found) == (period, True)


def test_lengths_that_encoders_use_and_rhythms_from_the_first_picture_are_believed_sooner() -> None:
    def alarms(period: int, phase: int) -> float:
        found = earlier_rhythm(beat(series_with(seed=1), period, phase, factor=2), "h264")
        assert not isinstance(found, str)
        assert (found.period, found.rows[0] % period) == (period, phase)
        return found.false_alarms

    assert alarms(30, 3) < alarms(31, 3)
    assert alarms(30, 0) < 0.2 * alarms(30, 3)


def test_a_short_rhythm_of_layers_is_none_and_hides_none() -> None:
    none, hidden = 0, 0
    for seed in range(20):
        layered = beat(series_with(seed=seed), 4, phase=0, factor=4)
        found = earlier_rhythm(layered, "h264")
        none += isinstance(found, str) or not found.is_found
        found = earlier_rhythm(beat(layered, 30, factor=3), "h264")
        hidden += isinstance(found, str) or not found.is_found or found.period != 30
    assert none >= 17
    assert hidden <= 3


def test_frames_that_repeat_in_a_rhythm_tell_nothing_of_an_earlier_coding() -> None:
    series = beat(series_with(), 30)
    series.values[CHANGE] = 5.0
    assert coding_history(series, clip_of(400)).earlier.startswith("a rhythm of 30 pictures")
    series.values[CHANGE][4::5] = 0.05
    found = coding_history(series, clip_of(400))
    assert "coded-before" not in {fact.rule for fact in found.facts}
    assert found.earlier == "cannot be told: frames that repeat in a rhythm are coded in that rhythm, too"


@pytest.mark.parametrize("missing", [14, 30])
def test_a_rhythm_breaks_where_pictures_are_missing_unless_these_are_whole_groups(missing) -> None:
    series = series_with(600 + missing, seed=2)
    beat(series, 30, phase=3, factor=3)
    kept = np.r_[0:300, 300 + missing : 600 + missing]
    cut = CodingSeries(series.pts[kept], series.values[:, kept])
    found = earlier_rhythm(cut, "h264")
    assert not isinstance(found, str)
    assert found.period == 30
    if missing == 30:
        assert found.breaks == ()
        assert BREAKS not in rhythm_measures(earlier_rhythm(cut, "h264"), cut)
        return
    ((last, first),) = found.breaks
    assert last <= 300 <= first == last + 60
    assert "its beginning changes once" in rhythm_text(earlier_rhythm(cut, "h264"))
    (fact,) = [fact for fact in coding_history(cut, clip_of(600)).facts if fact.rule == "coded-before-break"]
    assert fact.spans == ((int(cut.pts[last]), int(cut.pts[first])),)


@pytest.mark.parametrize("seed", [0, 6])
def test_a_rhythm_that_cuts_end_is_found_in_a_half(seed) -> None:
    series = series_with(600, seed=seed)
    for row in (*range(3, 300, 30), *range(310, 400, 30), *range(425, 600, 45)):
        series.values[SIZE][row] *= 2.2
    found = earlier_rhythm(series, "h264")
    assert not isinstance(found, str)
    assert found.is_found
    assert (found.period, found.rows) == (30, tuple(range(3, 300, 30)))  # not the beats after the cut
    assert found.breaks


def test_pictures_between_references_show_a_rhythm_by_themselves_and_by_the_reference_behind() -> None:
    series = beat(series_with(600, b_pictures=2, seed=3), 25, factor=1.5)  # the reference behind it needs more bytes
    for row in range(3, 600, 25):
        if series.values[TYPE][row] == 3:  # and a B picture more of its own
            series.values[INTRA][row] += 30
    found = earlier_rhythm(series, "h264")
    assert not isinstance(found, str)
    assert (found.period, found.rows[0] % 25) == (25, 3)
    traces, is_b, is_compared = traces_of(series)
    assert traces.shape == (600, 2 * len(TRACES))
    assert np.count_nonzero(is_b) > 390
    assert not is_compared[[0, 250, 500]].any()
    assert (traces[~is_b, len(TRACES) :] == 0).all()


def test_the_weights_are_those_of_the_series_that_are_used() -> None:
    references, between = weights()
    assert references.shape == between.shape == (2 * len(TRACES),)
    assert references[list(TRACES).index(SIZE)] > 0
    assert between[list(TRACES).index(INTRA)] > 0


def test_where_it_cannot_be_told_the_reason_is_given() -> None:
    series = series_with()
    assert "H.264" in str(earlier_rhythm(series, "vp9"))
    short = CodingSeries(series.pts[: LEAST_PICTURES - 1], series.values[:, : LEAST_PICTURES - 1])
    assert f"{LEAST_PICTURES} pictures" in rhythm_text(earlier_rhythm(short, "h264"))
    assert "too few" in rhythm_text(earlier_rhythm(series_with(gop=1), "h264"))
    empty = series_with()
    empty.values[SIZE], empty.values[INTRA] = np.nan, np.nan
    assert "too few" in rhythm_text(earlier_rhythm(empty, "h264"))
    assert rhythm_measures(earlier_rhythm(series, "h264"), series) == {}


def test_a_rhythm_is_an_observation_with_its_causes_and_places() -> None:
    series = beat(series_with(), 30)
    measure = rhythm_measures(earlier_rhythm(series, "h264"), series)[RHYTHM]
    assert measure.value == 30
    assert measure.spans[:2] == ((103, 103), (133, 133))
    (fact,) = [
        fact for fact in coding_history(beat(series_with(), 30), clip_of(400)).facts if fact.rule == "coded-before"
    ]
    assert fact.sentence.startswith("Every 30 pictures")
    assert "upload" in fact.causes


def test_a_clip_that_was_coded_twice_shows_the_groups_of_the_first_coding(tmp_path) -> None:
    size, frames = (96, 64), 320
    # Its movements repeat in rhythms of their own, which an uneven time takes away.
    times = np.cumsum(np.random.default_rng(1).integers(1, 5, frames))
    shown = moving_portrait(size)

    def picture(number: int) -> Image:
        return shown(int(times[number]))

    def coded(name: str, picture: Picture) -> CodingSeries:
        options = {"preset": "veryfast", "crf": "23", "bf": "0"}
        path = make_clip(tmp_path / name, frames=frames, size=size, gop=250, picture=picture, options=options)
        return series_of(path)[0]

    first = make_clip(
        tmp_path / "first.mp4", frames=frames, size=size, picture=picture, codec="mpeg4", gop=15,
        options={"qmin": "5", "qmax": "5"},
    )  # fmt: skip
    with av.open(str(first)) as container:
        decoded = [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in container.decode(video=0)]
    found = earlier_rhythm(coded("twice.mp4", lambda number: decoded[number]), "h264")
    assert not isinstance(found, str)
    assert found.period == 15
    assert found.is_found
    found = earlier_rhythm(coded("once.mp4", picture), "h264")
    assert not isinstance(found, str)
    assert not found.is_found
