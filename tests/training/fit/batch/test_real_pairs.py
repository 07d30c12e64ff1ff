"""Batches of found fakes beside originals, drawn by source, and the loss that ranks them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import numpy as np
import pytest
import torch

from inspector.domain.errors import TrainingError
from tests.training.conftest import painted
from training.fit.batch import batches as batching
from training.fit.batch.batches import Batch, Batches
from training.fit.batch.pool import SourcePool
from training.fit.batch.real_pairs import RealPairs
from training.fit.learn import Learner
from training.prepare.index import load_index
from training.prepare.parts import write_index, write_part
from training.recipe import RealPairsTable, Recipe
from training.sources import Sample

SHARES = {"clip": 1.0, "still": 1.0, "face": 1.0}


@pytest.fixture
def panels(tiny: Recipe, tmp_path: Path) -> Recipe:
    """Three sources: one of pairs (fakes twice as large), a large one of originals, and one of both without pairs."""
    folder, parts = tmp_path / "panels", []
    (folder / "parts").mkdir(parents=True)
    files = [("lab/pairs", n, fake, f"pair-{n}", 160 if fake else 80) for n in range(3) for fake in (False, True)]
    files += [("films", n, False, "", 96) for n in range(12)]
    files += [("lab/mixed", n, n % 2 == 1, "", 64 + 8 * n) for n in range(4)]
    for number, (source, n, is_fake, pair, side) in enumerate(files):
        (path := tmp_path / f"{number}.bin").write_bytes(bytes([number]))
        method = f"face swap: Tool{n % 2}" if is_fake else "original"
        sample = Sample(path, "clip", is_fake, method, f"p{number}", pair, "train", f"{source}: {n}", "CC0")
        found = []
        for frame in range(3):
            image, points = painted(50 * number + frame, side)
            row = {"pts": frame, "seconds": frame / 25, "side": side, "face_px": 60.0, "confidence": 1.0}
            found.append((image, points, row))
        write_part(folder / f"parts/{number:02}.safetensors", sample, found)
        parts.append((folder / f"parts/{number:02}.safetensors", f"g{number}", False))
    write_index(parts, folder)
    batch = msgspec.structs.replace(
        tiny.batch, pairs=2, generated=0, pair_shares=SHARES, original_shares=SHARES, generated_shares=SHARES,
        draw="source", real_pairs=RealPairsTable(count=3),
    )  # fmt: skip
    forge = msgspec.structs.replace(tiny.forge, kinds={"landmark_swap": 1.0})
    prepare = msgspec.structs.replace(tiny.prepare, folder=str(folder))
    return msgspec.structs.replace(tiny, batch=batch, forge=forge, prepare=prepare)


def drawn(recipe: Recipe, count: int = 200) -> list[tuple[Any, Any, int]]:
    """The rows of originals and fakes, and their common size."""
    folder, random = Path(recipe.prepare.folder), np.random.default_rng(0)
    pairs = RealPairs(SourcePool(folder, load_index(folder)), recipe)
    out = []
    for _ in range(count):
        (original,), (fake,) = pairs.draw(random)
        assert original[0].image.shape == fake[0].image.shape
        assert (original[1]["is_fake"], fake[1]["is_fake"]) == (False, True)
        out.append((original[1], fake[1], original[0].image.shape[0]))
    return out


def test_a_fake_stands_beside_its_own_original_at_the_same_moment(panels: Recipe) -> None:
    of_pair = [(a, b) for a, b, _ in drawn(panels) if b["pair"]]
    assert len(of_pair) > 50
    assert all(a["pair"] == b["pair"] and a["pts"] == b["pts"] for a, b in of_pair)


def test_a_fake_without_an_original_gets_one_of_its_source_or_of_any(panels: Recipe) -> None:
    def sources(same_source: float) -> set[str]:
        table = RealPairsTable(count=1, same_source=same_source, near_size=10.0)
        recipe = msgspec.structs.replace(panels, batch=msgspec.structs.replace(panels.batch, real_pairs=table))
        return {a["source"].split(":")[0] for a, b, _ in drawn(recipe) if not b["pair"]}

    assert sources(1.0) == {"lab/mixed"}
    assert sources(0.0) == {"lab/mixed", "lab/pairs", "films"}


def test_size_says_nothing_within_a_pair(panels: Recipe) -> None:
    for original, fake, side in drawn(panels):
        smaller = min(original["side"], fake["side"])
        assert 0.9 * smaller <= side <= smaller
    near = [abs(np.log(a["side"] / b["side"])) for a, b, _ in drawn(panels) if not b["pair"]]
    assert np.mean(np.array(near) < np.log(1.35)) > 0.9


def test_sources_count_by_the_root_of_their_files(panels: Recipe) -> None:
    folder, random = Path(panels.prepare.folder), np.random.default_rng(1)
    pool = SourcePool(folder, load_index(folder))
    names = [pool.draw(random, False, SHARES)[0][1]["source"].split(":")[0] for _ in range(1500)]
    roots = {"films": 12**0.5, "lab/pairs": 3**0.5, "lab/mixed": 2**0.5}
    for name, root in roots.items():
        assert names.count(name) / len(names) == pytest.approx(root / sum(roots.values()), abs=0.04)
    with pytest.raises(TrainingError, match="holds originals of the kind clip"):
        pool.draw(random, False, {"still": 1.0})


def test_a_batch_is_its_number_and_knows_its_pairs_and_sources(panels: Recipe) -> None:
    rows = load_index(Path(panels.prepare.folder))
    one, other = (Batches(panels, rows, 3, seed=3)[1] for _ in range(2))
    assert np.array_equal(one.crops, other.crops)
    assert one.labels.tolist() == [0, 1] * 5
    assert one.pairs == 5
    assert one.kinds[4:6] == ("original of real fake", "real fake")
    assert all(sources for sources in one.sources)
    donors = [len(Batches(panels, rows, 9, seed=3)[n].sources[1]) for n in range(9)]
    assert max(donors) == 2, "a donor of another source counts"


def test_what_comes_from_a_left_out_source_is_not_learnt(panels: Recipe) -> None:
    rows = load_index(Path(panels.prepare.folder))
    drawn = Batches(panels, rows, 9, seed=4)
    for source in ("films", "lab/pairs"):
        holds = [source in frozenset().union(*drawn[n].sources) for n in range(9)]
        batch = drawn[holds.index(True)]
        kept = batch.without(frozenset({source}), 100)
        assert not any(source in sources for sources in kept.sources)
        assert kept.labels.tolist() == [0, 1] * kept.pairs
        assert kept.pairs < batch.pairs
        assert len(kept.crops) == 2 * kept.pairs
    few = batch.without(frozenset(), 2)
    assert few.pairs == 2
    assert np.array_equal(few.crops, batch.crops[:4])


def test_both_of_a_pair_have_the_same_random_life(panels: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    lives = []

    def augment(images: Any, points: Any, margin: float, size: int, random: Any, *_: Any) -> list[Any]:
        lives.append((images[0].shape, random.random()))
        return [np.zeros((size, size, 3), np.uint8) for _ in images]

    monkeypatch.setattr(batching, "augment", augment)
    batch = msgspec.structs.replace(panels.batch, pairs=0)
    Batches(msgspec.structs.replace(panels, batch=batch), load_index(Path(panels.prepare.folder)), 1, seed=1)[0]
    assert len(lives) == 6
    assert lives[0::2] == lives[1::2]
    assert len(set(lives)) == 3


def test_the_loss_ranks_pairs_and_softens_labels(tiny: Recipe) -> None:
    def loss(pairs: int, **fields: float) -> float:
        """The loss of a batch of three whose logits are 2, -1 and 0.5; its first two are a pair or not."""
        fit = msgspec.structs.replace(tiny.fit, **fields)
        recipe = msgspec.structs.replace(tiny, fit=fit)
        fabric = cast(Any, SimpleNamespace(device=torch.device("cpu"), backward=lambda _: None))
        model = cast(Any, lambda _: torch.tensor([2.0, -1.0, 0.5]))
        learner = Learner(recipe, fabric, model, cast(Any, None), 1.0)
        crops = np.zeros((3, 8, 8, 3), np.uint8)
        batch = Batch(crops, np.array([0, 1, 0], np.float32), ("",) * 3, ("",) * 3, pairs=pairs)
        return float(learner._backward(batch, 1.0)[0])

    plain = np.mean(np.logaddexp(0, [2.0, 1.0, 0.5]))
    assert loss(1) == pytest.approx(plain)
    assert loss(1, ranking=0.3) == pytest.approx(plain + 0.3 * np.logaddexp(0, 3.0))
    assert loss(0, ranking=0.3) == pytest.approx(plain)
    soft = np.mean([0.1 * np.logaddexp(0, -z) + 0.9 * np.logaddexp(0, z) for z in (2.0, 1.0, 0.5)])
    assert loss(1, label_smoothing=0.1) == pytest.approx(soft)


def test_a_gpus_input_is_that_of_the_engine(tiny: Recipe) -> None:
    from inspector.engine.model.registry import to_input
    from training.fit.batch.inputs import on_device

    crops = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), np.uint8)
    gpu = cast(torch.device, SimpleNamespace(type="cuda"))
    table = tiny.network
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.Tensor, "to", lambda self, *_, **__: self)
        patch.setattr("training.fit.batch.inputs.torch.tensor", lambda v, device=None: torch.as_tensor(v))
        ours = on_device(crops, table, gpu)
    torch.testing.assert_close(ours, to_input(crops, table.mean, table.std))


def test_batches_need_originals_and_fakes(panels: Recipe) -> None:
    rows = [row for row in load_index(Path(panels.prepare.folder)) if not row["is_fake"]]
    with pytest.raises(TrainingError, match="holds no fakes"):
        Batches(panels, rows, 1, seed=1)[0]
