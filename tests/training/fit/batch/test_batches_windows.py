from pathlib import Path

import msgspec
import numpy as np
import pytest

from inspector.domain.errors import TrainingError
from training.fit.batch.batches import Batches
from training.fit.batch.pool import KindPool
from training.fit.checks import HeldOut
from training.fit.score import plain_crops
from training.forge.augment import augment, letterbox
from training.forge.forge import Picture
from training.measure.tracks import degraded_and_forged
from training.prepare.index import load_index
from training.prepare.parts import load_crop
from training.recipe import Recipe

FRAMES = 2


def windowed(tiny: Recipe) -> Recipe:
    args = {"body": "test_resnet", "hidden": 4}
    network = msgspec.structs.replace(
        tiny.network, architecture="cnn_lstm", args=args, dropout=0.0, frames_per_sample=FRAMES
    )
    shares = {"clip": 1.0}
    batch = msgspec.structs.replace(tiny.batch, pair_shares=shares, original_shares=shares, generated_shares=shares)
    forge = msgspec.structs.replace(tiny.forge, kinds={"self_blend": 1.0})
    return msgspec.structs.replace(tiny, network=network, batch=batch, forge=forge)


def unforged(tiny: Recipe) -> Recipe:
    forge = msgspec.structs.replace(tiny.forge, kinds={})
    return msgspec.structs.replace(tiny, forge=forge, batch=msgspec.structs.replace(tiny.batch, pairs=0, generated=3))


def test_a_window_is_neighbours_of_one_file(tiny: Recipe) -> None:
    rows = [row for row in load_index(Path(tiny.prepare.folder)) if row["kind"] == "clip"]
    pool = KindPool(Path(tiny.prepare.folder), rows)
    starts = set()
    for seed in range(20):
        drawn = [row for _, row in pool.draw(np.random.default_rng(seed), False, {"clip": 1.0}, FRAMES)]
        assert len({row["part"] for row in drawn}) == 1
        assert np.diff([row["crop"] for row in drawn]).tolist() == [1]
        starts.add(drawn[0]["crop"])
    assert starts == {0, 1}


def test_a_still_is_a_window_in_which_nothing_moves(tiny: Recipe) -> None:
    pool = KindPool(Path(tiny.prepare.folder), load_index(Path(tiny.prepare.folder)))
    drawn = pool.draw(np.random.default_rng(1), False, {"still": 1.0}, 3)
    assert len({(row["part"], row["crop"]) for _, row in drawn}) == 1
    assert np.array_equal(drawn[0][0].image, drawn[2][0].image)


def test_windows_of_a_pair_have_one_forging_and_one_augmentation(tiny: Recipe) -> None:
    recipe = windowed(tiny)
    still = {"still": 1.0}  # the same frame again, so one augmentation must give one picture
    recipe = msgspec.structs.replace(recipe, batch=msgspec.structs.replace(recipe.batch, pair_shares=still))
    batches = Batches(recipe, load_index(Path(recipe.prepare.folder)), 4, seed=2)
    for number in range(4):
        batch = batches[number]
        assert batch.crops.shape == (6, FRAMES, 32, 32, 3)
        for window in batch.crops[:4]:
            assert np.array_equal(window[0], window[1])
        assert not np.array_equal(batch.crops[0], batch.crops[1]), "an original and its forgery"


def test_a_window_does_not_forget_that_a_clip_moves(tiny: Recipe) -> None:
    recipe = windowed(tiny)
    batch = Batches(recipe, load_index(Path(recipe.prepare.folder)), 1, seed=2)[0]
    assert all(not np.array_equal(window[0], window[1]) for window in batch.crops)


def test_what_is_scored_is_the_engines_window_about_each_frame(tiny: Recipe) -> None:
    recipe = windowed(tiny)
    rows = [row for row in load_index(Path(tiny.prepare.folder)) if row["kind"] == "clip"][:6]
    single, windows = plain_crops(tiny, rows), plain_crops(recipe, rows)
    assert windows.shape == (6, FRAMES, 32, 32, 3)
    for number, row in enumerate(rows):  # the scored frame stands second, and the one before it first
        before = number if row["crop"] == 0 else number - 1
        assert np.array_equal(windows[number], single[[before, number]])


def test_batches_without_forging_hold_both_classes_as_they_are(tiny: Recipe) -> None:
    recipe = unforged(tiny)
    batches = Batches(recipe, load_index(Path(recipe.prepare.folder)), 3, seed=4)
    assert batches[0].labels.tolist() == [1, 1, 1, 0, 0, 0]
    assert set(batches[0].kinds) == {"painted"}
    with pytest.raises(TrainingError, match="does not forge"):
        batches.forge(*[None, None])  # type: ignore[arg-type]


def test_without_forging_checks_and_tracks_speak_of_what_there_is(tiny: Recipe) -> None:
    from training.fit.checkpoint import begin

    recipe = unforged(tiny)
    rows = [row for row in load_index(Path(recipe.prepare.folder)) if row["is_held_out"]]
    network = begin(recipe).eval()
    metrics = HeldOut(recipe, rows).measure(network)
    assert "pairs won" not in metrics
    assert metrics["generated AUC"] == 0.5, "a head of zeros knows nothing"
    tracks = degraded_and_forged(network, recipe, rows)
    assert {track.is_fake for track in tracks} == {True, False}
    assert {track.what for track in tracks} == {"painted"}


def test_bars_of_a_letterbox_lie_on_two_sides() -> None:
    image = np.full((20, 10, 3), 200, np.uint8)
    rows = letterbox(image, 0.25, beside=False).mean(axis=(1, 2))
    assert rows.tolist() == [0] * 5 + [200] * 10 + [0] * 5
    columns = letterbox(image, 0.2, beside=True).mean(axis=(0, 2))
    assert columns.tolist() == [0] * 2 + [200] * 6 + [0] * 2
    assert (image == 200).all()


def test_a_letterbox_comes_only_when_it_is_asked_for(tiny: Recipe) -> None:
    row = load_index(Path(tiny.prepare.folder))[0]
    image, points = load_crop(Path(tiny.prepare.folder), row)

    def black(share: float) -> int:
        versions = [
            augment([image], points, 0.45, 48, np.random.default_rng(seed), letterboxed=share)[0] for seed in range(30)
        ]
        return sum(int((random[:2] < 8).all()) for random in versions)

    assert black(1.0) > 10
    assert black(0.0) <= 2


def test_pairs_are_pre_degraded_as_often_as_the_recipe_says(tiny: Recipe) -> None:
    rows = load_index(Path(tiny.prepare.folder))
    picture = Picture(*load_crop(Path(tiny.prepare.folder), rows[0]))

    def found(share: float) -> list[Picture]:
        batch = msgspec.structs.replace(tiny.batch, pre_degrade=share)
        batches = Batches(msgspec.structs.replace(tiny, batch=batch), rows, 4, seed=2)
        return [batches.pre_degrade(picture, np.random.default_rng(seed)) for seed in range(20)]

    assert all(one is picture for one in found(0.0))
    assert not any(one is picture for one in found(1.0))
    assert 4 < sum(one is picture for one in found(0.5)) < 16
