"""Every condition is measured on the same tracks, and attacks have an effect within their budget."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from msgspec.structs import replace

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import Calibration, Platt, Threshold
from training.fit.checkpoint import averaged_network
from training.fit.loop import fit
from training.fit.score import logits_of
from training.measure import robustness
from training.measure.calibrate import Outcome
from training.measure.robustness import (
    BUDGETS,
    CHANGES,
    UNTOUCHED,
    Robustness,
    attacked,
    changed,
    draw_tracks,
    labels,
    measure_robustness,
)
from training.recipe import Recipe

OUTCOME = Outcome(
    Calibration(Platt(1.0, 0.0), Platt(1.0, 0.0), "made up", 4, 4, 8),
    Threshold(high=0.9, low=0.1, segment=0.6, segment_seconds=1.0, segment_mean=0.9),
    (),
)


def quiet(_: str) -> None:
    """Ignore a message."""


@pytest.fixture
def run(tiny: Recipe, tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    fit(tiny, folder, quiet)
    (folder / "calibration.json").write_bytes(msgspec.json.encode(OUTCOME))
    return folder


def test_tracks_are_few_paired_and_held_out(tiny: Recipe):
    drawn = draw_tracks(tiny, 1)
    kinds = sorted((one.condition, one.is_fake, one.rows[0]["kind"]) for one in drawn)
    recorded = [("as recorded", False, kind) for kind in ("face", "clip", "still")]
    recorded += [("as recorded", True, kind) for kind in ("clip", "still")]
    assert kinds == sorted(recorded + [("forged", True, kind) for kind in ("face", "clip", "still")])
    assert all(len(one.rows) == len(one.pictures) == (3 if one.rows[0]["kind"] == "clip" else 1) for one in drawn)
    assert {int(one.rows[0]["group"][1:]) for one in drawn} <= set(range(12)), "the first twelve are held out"
    again = [picture for one in draw_tracks(tiny, 1) for picture in one.pictures]
    pictures = [picture for one in drawn for picture in one.pictures]
    assert all(np.array_equal(a.image, b.image) for a, b in zip(pictures, again, strict=True))


def test_a_window_shows_neighbours_of_its_own_track(tiny: Recipe):
    of_windows = replace(tiny, network=replace(tiny.network, frames_per_sample=3))
    drawn = draw_tracks(of_windows, 1)
    single, windows = (changed(recipe, drawn, CHANGES[UNTOUCHED]) for recipe in (tiny, of_windows))
    at = next(sum(len(d.rows) for d in drawn[:n]) for n, one in enumerate(drawn) if len(one.rows) == 3)
    assert np.array_equal(windows[at + 1], single[at : at + 3])


def test_stronger_changes_change_more(tiny: Recipe):
    drawn = draw_tracks(tiny, 1)
    plain = changed(tiny, drawn, CHANGES[UNTOUCHED]).astype(int)
    off = {name: np.abs(changed(tiny, drawn, change) - plain).mean() for name, change in CHANGES.items()}
    assert off.pop(UNTOUCHED) == 0
    assert min(off.values()) > 0
    assert off["JPEG 90"] < off["JPEG 70"] < off["JPEG 50"] < off["JPEG 30"]
    assert off["H.264 crf 23"] < off["H.264 crf 28"] < off["H.264 crf 35"]
    assert off["half size"] < off["quarter size"]


def test_attacks_move_logits_against_the_labels_the_more_the_larger_their_budget(tiny: Recipe, run: Path):
    network, drawn = averaged_network(tiny, run), draw_tracks(tiny, 1)
    # Four steps leave the head near zero; an attack needs something to attack.
    head = [m for m in network.modules() if isinstance(m, torch.nn.Linear)][-1]
    torch.manual_seed(0)
    torch.nn.init.normal_(head.weight)
    crops = changed(tiny, drawn, CHANGES[UNTOUCHED])
    is_fake = labels(drawn)
    side = np.where(is_fake, 1, -1)
    right = (side * logits_of(network, crops, tiny)).mean()
    for attack in ("FGSM", "PGD"):
        left = [(side * attacked(network, tiny, crops, is_fake, attack, b / 255)).mean() for b in BUDGETS]
        assert right > left[0] > left[1] > left[2]


def test_every_condition_is_measured_and_saved(tiny: Recipe, run: Path):
    messages: list[str] = []
    found = measure_robustness(tiny, run, 1, messages.append)
    assert list(found.conditions)[: len(CHANGES)] == list(CHANGES)
    assert list(found.conditions)[len(CHANGES) :] == [f"{a} {b}/255" for a in ("FGSM", "PGD") for b in BUDGETS]
    counts = {"frame": (5, 9), "track": (3, 5), "file": (3, 2)}
    for levels in found.conditions.values():
        assert {name: (found.n_originals, found.n_fakes) for name, found in levels.items()} == counts
    assert msgspec.json.decode((run / "robustness.json").read_bytes(), type=Robustness) == found
    assert (run / "plots" / "robustness.png").stat().st_size > 10_000
    assert len(messages) == len(found.conditions)


def test_a_run_without_calibration_and_a_missing_class_are_refused(tiny: Recipe, tmp_path: Path, monkeypatch):
    with pytest.raises(TrainingError, match="calibrate"):
        measure_robustness(tiny, tmp_path, 1, quiet)
    rows = [{"is_held_out": True, "is_fake": False}]
    monkeypatch.setattr(robustness, "load_index", lambda _: rows)
    with pytest.raises(TrainingError, match="one class"):
        draw_tracks(tiny, 1)
