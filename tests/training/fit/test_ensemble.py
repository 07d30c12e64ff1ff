from pathlib import Path

import msgspec
import numpy as np
import pytest

from inspector.domain.errors import TrainingError
from training.fit.checkpoint import averaged_network
from training.fit.ensemble import fit_ensemble, member, parts
from training.fit.score import logits_of, plain_crops
from training.fit.train import train
from training.prepare.index import load_index
from training.recipe import Recipe


def quiet(_: str) -> None:
    """Ignore a message."""


def ensemble(tiny: Recipe, count: int = 2) -> Recipe:
    members = [{"architecture": "mesoinception4", "args": {"dropout": 0.25}}] * count
    network = msgspec.structs.replace(
        tiny.network,
        architecture="ensemble",
        args={"members": members},
        dropout=0.0,
        target_layer="body.members.0.blocks.3",
    )
    return msgspec.structs.replace(tiny, network=network, folds=count)


def test_every_person_is_left_out_once_and_classes_are_shared_out(tiny: Recipe) -> None:
    rows = load_index(Path(tiny.prepare.folder))
    left_out = parts(rows, 4, seed=1)
    people = [row["group"] for row in rows]
    assert sorted(name for part in left_out for name in part) == sorted(set(people))
    fakes = {row["group"] for row in rows if row["is_fake"]}
    assert all(part & fakes and part - fakes for part in left_out)
    assert parts(rows, 4, seed=1) == left_out
    with pytest.raises(TrainingError, match="24 people cannot be divided into 30 folds"):
        parts(rows, 30, seed=1)


def test_the_bundle_is_the_mean_of_members_that_never_saw_their_fold(tiny: Recipe, tmp_path: Path) -> None:
    recipe, run, messages = ensemble(tiny), tmp_path / "run", []
    fit_ensemble(recipe, run, messages.append)
    assert sum(line.startswith("member") for line in messages) == 2
    crops = plain_crops(recipe, load_index(Path(tiny.prepare.folder))[:5])
    alone = [
        logits_of(averaged_network(member(recipe, n), run / f"member-{n}"), crops, member(recipe, n)) for n in (0, 1)
    ]
    assert not np.allclose(alone[0], alone[1]), "two networks, not one twice"
    np.testing.assert_allclose(logits_of(averaged_network(recipe, run), crops, recipe), np.mean(alone, 0), atol=1e-5)
    fit_ensemble(recipe, run, quiet)  # a finished run is no error


def test_without_folds_all_members_learn_from_everyone_each_with_its_own_network(tiny: Recipe, tmp_path: Path) -> None:
    args = {"members": [{"architecture": "mesoinception4"}, {"architecture": "cnn"}]}
    network = msgspec.structs.replace(ensemble(tiny).network, args=args)
    recipe, run, messages = msgspec.structs.replace(tiny, network=network), tmp_path / "run", []
    train(recipe, run, messages.append)
    assert [line for line in messages if line.startswith("member")] == ["member 1 of 2", "member 2 of 2"]
    crops = plain_crops(recipe, load_index(Path(tiny.prepare.folder))[:5])
    alone = [logits_of(averaged_network(member(recipe, n), run / f"member-{n}"), crops, recipe) for n in (0, 1)]
    np.testing.assert_allclose(logits_of(averaged_network(recipe, run), crops, recipe), np.mean(alone, 0), atol=1e-5)


def test_folds_without_as_many_members_are_refused(tiny: Recipe, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="3 folds, but not an ensemble"):
        fit_ensemble(msgspec.structs.replace(ensemble(tiny), folds=3), tmp_path / "run", quiet)
    with pytest.raises(TrainingError, match="2 folds, but not an ensemble"):
        fit_ensemble(msgspec.structs.replace(tiny, folds=2), tmp_path / "run", quiet)
