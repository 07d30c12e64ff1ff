"""Thresholds, the rule that they are measured with, and the held-out tracks."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from lightning_fabric.plugins import Precision
from timm.utils import ModelEmaV3

from inspector.domain.analysis import Conclusion
from inspector.domain.model_card import Platt
from inspector.domain.settings import Settings
from inspector.engine.analysis.segments import find_segments
from training.fit.checkpoint import State, averaged_network, begin, begin_run, save
from training.fit.score import logits_of
from training.measure import calibrate as calibration
from training.measure import held_out as held_outs
from training.measure.calibrate import (
    COUNTED,
    MOST,
    calibrate,
    conclusions,
    segment_bound,
    series_of,
    strongest_second,
)
from training.measure.held_out import held_out_tracks
from training.measure.tracks import AS_RECORDED, DEGRADED, Track, Versions, load_tracks, save_tracks
from training.prepare.index import load_index
from training.prepare.selection import by_part
from training.recipe import Recipe

PLAIN = Platt(1.0, 0.0)


def track(number: int, is_fake: bool, level: float, condition: str = AS_RECORDED, frames: int = 75) -> Track:
    random = np.random.default_rng(number)
    logits = level + random.normal(0, 0.3, frames)
    return Track(f"{number}", f"g{number}", "clip", is_fake, "m", condition, np.arange(frames) / 25, logits)


def quiet(_: str) -> None:
    """Ignore a message."""


def test_the_strongest_second_is_found_wherever_it_lies():
    logits = np.full(100, -3.0)
    logits[40:65] = 2.0
    one = replace(track(1, False, 0), seconds=5.0 + np.arange(100) / 25, logits=logits)
    assert strongest_second(one, PLAIN) == pytest.approx(2.0)
    assert strongest_second(replace(one, seconds=one.seconds[:20], logits=logits[:20]), PLAIN) is None
    still = replace(one, seconds=np.zeros(1), logits=np.zeros(1))
    assert strongest_second(still, PLAIN) is None


def test_no_segment_is_stronger_than_the_strongest_second():
    random = np.random.default_rng(3)
    for number in range(20):
        one = replace(track(number, False, 0), logits=np.cumsum(random.normal(0, 0.5, 75)))
        found = [
            s for s in find_segments(series_of(one, PLAIN), 0.5, 0.4) if s.end_pts - s.start_pts >= calibration.TICKS
        ]
        strongest = strongest_second(one, PLAIN)
        assert strongest is not None
        highest = max((s.mean_probability for s in found), default=0.0)
        # A segment of a second and a half holds a weaker half second beside its strongest second.
        assert highest <= 1 / (1 + np.exp(-strongest)) + 0.02


def test_the_bound_holds_for_people_that_it_was_not_set_on():
    beaten, random = [], np.random.default_rng(0)
    for trial in range(40):
        people = [track(1000 * trial + i, False, random.normal(-1, 0.8)) for i in range(13)]
        bound = segment_bound(people, PLAIN, 0.05)
        logit = np.log(bound / (1 - bound))
        fresh = [track(5_000_000 + 1000 * trial + i, False, random.normal(-1, 0.8)) for i in range(50)]
        beaten.append(np.mean([strongest_second(t, PLAIN) > logit for t in fresh]))
    assert np.mean(beaten) < 0.06


def test_a_soft_original_raises_the_bound_above_its_own_strongest_second():
    people = [track(i, False, -2.0) for i in range(8)]
    calm = segment_bound(people, PLAIN, 0.05)
    soft = track(99, False, 1.5, DEGRADED)
    strongest = strongest_second(soft, PLAIN)
    assert strongest is not None
    assert segment_bound([*people, soft], PLAIN, 0.05) > max(calm, 1 / (1 + np.exp(-strongest)))


def test_too_few_clips_let_almost_no_segment_speak():
    stills = [track(i, False, -1.0, frames=1) for i in range(30)]
    assert segment_bound(stills, PLAIN, 0.05) == MOST
    assert segment_bound([*stills, track(50, False, -1.0), track(51, False, -1.0)], PLAIN, 0.05) == MOST


def test_rates_state_what_they_count(tiny: Recipe):
    random = np.random.default_rng(0)
    people = [track(i, i % 2 == 1, random.normal(1.2 if i % 2 else -1.2, 1.0)) for i in range(120)]
    outcome = calibrate(people, tiny)
    assert [rates.counted for rates in outcome.error_rates] == [COUNTED, COUNTED], "nothing here is degraded"
    assert outcome.threshold.segment_mean >= outcome.threshold.high


def test_a_short_track_is_judged_as_the_engine_judges_it(tiny: Recipe):
    people = [track(i, i % 2 == 1, 3.0 if i % 2 else -3.0) for i in range(80)]
    outcome = calibrate(people, tiny)
    least = Settings().minimum_scored_frames
    short, enough = (track(900, True, 3.0, frames=count) for count in (least - 1, least))
    still = replace(track(901, True, 3.0, frames=1), kind="still")
    found = conclusions([short, enough, still], outcome.calibration, outcome.threshold)
    assert found == [Conclusion.INCONCLUSIVE, Conclusion.INDICATED, Conclusion.INDICATED]
    (warning,) = calibration._too_short([short, enough, still])
    assert "1 of 2 held-out tracks of clips have fewer than 8 scored frames" in warning
    assert not list(calibration._too_short([enough, still]))


def kept_run(recipe: Recipe, folder: Path) -> Path:
    """A run with a checkpoint of random weights."""
    begin_run(recipe, folder)
    network = begin(recipe)
    optimiser = torch.optim.SGD(network.parameters())
    save(folder / "last.safetensors", State(network, ModelEmaV3(network), optimiser, Precision()))
    return folder


def test_degraded_and_forged_clips_keep_all_their_frames_in_a_row(tiny: Recipe, tmp_path: Path):
    tracks = held_out_tracks(tiny, kept_run(tiny, tmp_path / "run"), quiet)
    plain = {t.part: t for t in tracks if t.condition == AS_RECORDED}
    changed = [t for t in tracks if t.condition == DEGRADED]
    assert {t.kind for t in changed} == {"face", "clip", "still"}
    for one in changed:
        assert one.seconds.tolist() == plain[one.part].seconds.tolist()
    assert {t.is_fake for t in changed} == {False, True}
    assert all(np.isfinite(t.face_px) and t.clip for t in tracks)


def test_versions_can_be_made_again_from_what_a_track_carries(tiny: Recipe, tmp_path: Path):
    run = kept_run(tiny, tmp_path / "run")
    one = next(t for t in held_out_tracks(tiny, run, quiet) if t.seed >= 0 and t.is_fake and t.kind == "clip")
    rows = [row for row in load_index(Path(tiny.prepare.folder)) if row["is_held_out"]]
    part = next(p for p in by_part(rows) if p[0]["part"] == one.part)
    crop = Versions(tiny, rows).of(part[1], one.seed)[0][1]
    again = logits_of(averaged_network(tiny, run), crop[None], tiny)[0]
    assert again == pytest.approx(one.logits[1], abs=1e-5)


def test_kept_tracks_are_read_again_only_for_the_same_checkpoint_frames_labels_and_layout(
    tiny: Recipe, tmp_path: Path, monkeypatch
):
    run = kept_run(tiny, tmp_path / "run")
    messages: list[str] = []
    held_out_tracks(tiny, run, messages.append)
    assert len(messages) == 2
    held_out_tracks(tiny, run, messages.append)
    assert len(messages) == 2, "kept ones are taken"
    fewer = held_out_tracks(tiny, run, messages.append, frames=2)
    assert len(messages) == 4
    assert max(len(t.logits) for t in fewer) == 2
    corrected = [row | {"method": "corrected"} for row in load_index(Path(tiny.prepare.folder))]
    monkeypatch.setattr(held_outs, "load_index", lambda _folder: corrected)
    assert "corrected" in {t.what for t in held_out_tracks(tiny, run, messages.append, frames=2)}
    kept = json.loads((run / "tracks.json").read_text())
    del kept["layout"]
    (run / "tracks.json").write_text(json.dumps(kept))
    assert load_tracks(run / "tracks.json") == ("", [])


def test_tracks_come_back_as_they_were_kept(tmp_path: Path):
    save_tracks(tmp_path / "tracks.json", "abc", [track(1, True, 0.5)])
    of, (one,) = load_tracks(tmp_path / "tracks.json")
    assert of == "abc"
    assert one.logits.tolist() == track(1, True, 0.5).logits.tolist()
    assert np.isnan(one.face_px)


def test_too_few_people_are_warned_of_and_enough_are_not(tiny: Recipe):
    few = [track(number, number % 2 == 1, 0.0) for number in range(20)]
    originals, fakes = calibration._too_few(few, tiny)
    assert "10 people with originals are held out, but a rate of 0.05 needs 19" in originals
    assert "no track is cleared" in fakes
    assert not list(calibration._too_few([track(number, number % 2 == 1, 0.0) for number in range(38)], tiny))


def test_calibration_logs_its_result_as_text(tiny: Recipe):
    tracks = [track(number, number % 2 == 1, 2.0 if number % 2 else -2.0) for number in range(80)]
    *rates, thresholds = calibration._lines(calibrate(tracks, tiny))
    assert rates[0].startswith("all held-out tracks: as recorded, degraded and forged: 0.0% of 40 originals called")
    assert "manipulation is indicated from a track probability of 0." in thresholds
    assert "ErrorRates(" not in "".join(rates)
