import json
import os
from pathlib import Path

import msgspec
import pytest

from inspector.domain.errors import TrainingError
from training.forge import forge
from training.recipe import FORGING_KINDS, Recipe, load

RECIPES = sorted((Path(__file__).resolve().parents[2] / "training/recipes").glob("*.toml"))
DEFAULT = next(path for path in RECIPES if path.stem == "default")


def written(folder: Path, **fit: object) -> Path:
    """The default recipe with another [fit] table, on disk."""
    path = folder / "recipe.toml"
    lines = [f"base = {json.dumps(str(DEFAULT))}", "[fit]", *(f"{name} = {toml(value)}" for name, value in fit.items())]
    path.write_text("\n".join(lines))
    return path


def toml(value: object) -> str:
    """A value as TOML, which is like JSON except for tables."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {toml(of)}" for name, of in value.items()) + " }"
    return json.dumps(value)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"optimiser": "lion"}, "optimiser 'lion' is none of adam, adamw, rmsprop, sgd"),
        ({"schedule": "plateau"}, "schedule 'plateau' is none of constant, linear, step, cosine"),
        ({"precision": "8-bit"}, "precision '8-bit' is none of 32-true, 16-mixed, bf16-mixed"),
        ({"momentum": 0.9}, "adamw takes no momentum"),
        ({"schedule": "constant"}, "constant takes no decay_steps"),
        ({"schedule": "step"}, "a decay_factor below 1"),
        ({"decay_factor": 0.5}, "linear takes no decay_factor"),
        ({"fake_weight": "much"}, 'fake_weight must be above 0, or "counts"'),
        ({"fake_weight": 0.0}, "fake_weight must be above 0"),
        ({"patience": -1}, "patience must not be below 0"),
        ({"patience": -1, "workers": -1}, "workers and patience must not be below 0"),
        ({"steps": 0}, "steps must be at least one"),
        ({"check_every": 0}, "check_every"),
        ({"ema": 1.0}, "ema"),
        ({"adversarial": {"attack": "cw", "eps": 2.0, "share": 0.5}}, "attack 'cw' is none of fgsm, pgd"),
        ({"adversarial": {"attack": "fgsm", "eps": 2.0, "share": 0.5, "steps": 3}}, "fgsm takes no steps"),
        ({"adversarial": {"attack": "pgd", "eps": 2.0, "share": 0.5}}, "pgd needs steps and step_size"),
        ({"adversarial": {"attack": "fgsm", "eps": 2.0, "share": 0.0}}, "share in"),
        ({"nesterov": True}, "unknown field `nesterov`"),
    ],
)
def test_a_field_that_would_do_nothing_or_is_wrong_is_refused(
    tmp_path: Path, fields: dict[str, object], expected: str
) -> None:
    path = written(tmp_path, **fields)
    with pytest.raises(TrainingError) as caught:
        load(path)
    assert expected in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("[batch]\npre_degrade = 1.5", "letterbox and pre_degrade must lie in [0, 1]"),
        ("[batch]\nworn = 0.5", "unknown field `worn`"),
        ("[probe]\nbatches = 2\npenalty = 1\ncut_outs = 3", "cut_outs must lie between 0 and batches"),
        ('[probe]\nbatches = 2\npenalty = 1\nplain = { share = 1.0, frames = 1, kinds = ["clip"] }', "share must lie"),
        ("[batch]\npairs = -1", "pairs and generated must not be below 0"),
        ("[batch]\npairs = 0\ngenerated = 0", "pairs and generated are both 0, so batches would be empty"),
        ("[prepare]\nwhole_frame = true", "set pairs = 0"),
        ("[prepare]\nheld_out = 1.0", "held_out"),
        ("[prepare]\nheld_out = -0.1", "held_out"),
        ("[network]\ninput_size = 0", "input_size must be at least 16"),
        ("[network]\nstd = [0.5, 0.0, 0.5]", "std must be above 0"),
        ("[network]\nstd = [0.5, nan, 0.5]", "std must be above 0"),
        ("[network]\nmargin = -0.5", "margin must be above -0.5"),
        ("[network]\nframes_per_sample = 0", "frames_per_sample must be at least 1"),
        ("[forge.kinds]\nself_blend = -1", "self_blend must not be below 0"),
        ("[forge.kinds]\nself_blend = inf", "self_blend must not be below 0"),
        ("[forge.kinds]\nself_blnd = 1", "forging kind 'self_blnd' is none of self_blend, autoencoder_swap"),
        ("[calibrate]\nfalse_positive_rate = 0", "false_positive_rate must lie between 0 and 1"),
        ("[calibrate]\nfalse_negative_rate = 1.0", "false_negative_rate must lie between 0 and 1"),
        ('[[sources]]\nformat = "zip"\npath = "a"', "format 'zip' is none of manifest, dfdc"),
        ("sources = []", "sources are empty: name at least one dataset"),
    ],
)
def test_tables_that_cannot_be_are_refused(tmp_path: Path, table: str, expected: str) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(f"base = {json.dumps(str(DEFAULT))}\n{table}\n")
    with pytest.raises(TrainingError) as caught:
        load(path)
    assert expected in str(caught.value)
    assert str(caught.value).startswith(f"{path} is no valid recipe")


def test_the_forging_kinds_that_recipes_know_are_those_there_are() -> None:
    assert tuple(forge.KINDS) == FORGING_KINDS


def test_a_held_out_share_of_nothing_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(f"base = {json.dumps(str(DEFAULT))}\n[prepare]\nheld_out = 0.0\n")
    assert load(path).prepare.held_out == 0


def test_the_default_recipe_survives_a_rewrite(tmp_path: Path) -> None:
    path = written(tmp_path, adversarial={"attack": "pgd", "eps": 2.0, "share": 0.25, "steps": 3, "step_size": 1.0})
    recipe = load(path)
    assert recipe.fit.adversarial is not None
    assert recipe.fit.adversarial.steps == 3
    assert msgspec.structs.replace(recipe.fit, adversarial=None) == load(DEFAULT).fit


def test_a_recipe_of_before_the_new_fields_is_the_same_recipe() -> None:
    old = msgspec.to_builtins(load(DEFAULT))
    for name in ("optimiser", "momentum", "schedule", "patience", "trained", "adversarial"):
        del old["fit"][name]
    assert msgspec.convert(old, Recipe).training() == load(DEFAULT).training()


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_smoke_shrinks_every_recipe_but_keeps_what_it_tries(path: Path) -> None:
    recipe = load(path)
    small = recipe.smoke()
    assert small.fit.steps == 3
    assert small.probe is None or small.probe.plain is None, "features of thousands of crops"
    assert small.batch.pairs + small.batch.generated <= 2
    assert bool(small.batch.pairs) == bool(recipe.batch.pairs)
    assert (small.network, small.forge) == (recipe.network, recipe.forge)
    assert (small.fit.optimiser, small.fit.trained) == (recipe.fit.optimiser, recipe.fit.trained)


def test_a_longer_run_is_the_same_training_and_another_seed_is_not() -> None:
    recipe = load(DEFAULT)
    assert recipe.with_steps(9).training() == recipe.training()
    other = msgspec.structs.replace(recipe, fit=msgspec.structs.replace(recipe.fit, seed=2))
    assert other.training() != recipe.training()


def test_what_a_probe_counts_for_beside_another_network_is_not_learnt() -> None:
    """Its features take half an hour, and the weight is set when they are there."""
    recipe = load(DEFAULT.with_name("clip-probe.toml"))
    assert recipe.probe is not None
    other, stronger = (
        msgspec.structs.replace(recipe, probe=msgspec.structs.replace(recipe.probe, **change))
        for change in ({"joined_weight": 0.3}, {"penalty": 1.0})
    )
    assert other.training() == recipe.training()
    assert stronger.training() != recipe.training()


def test_a_missing_file_and_a_torn_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"absent\.toml cannot be read"):
        load(tmp_path / "absent.toml")
    (tmp_path / "torn.toml").write_text("name = ")
    with pytest.raises(TrainingError, match=r"torn\.toml is no valid recipe"):
        load(tmp_path / "torn.toml")
    (tmp_path / "deep.toml").write_text("a = " + "[" * 100_000)
    with pytest.raises(TrainingError, match=r"deep\.toml is no valid recipe: it is nested too deeply\."):
        load(tmp_path / "deep.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    for path in (tmp_path, tmp_path / "pipe.toml"):
        with pytest.raises(TrainingError, match=r"is a folder, pipe or device; name a recipe file\."):
            load(path)


def test_a_missing_base_is_named_as_base(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('base = "default.toml"\n')
    with pytest.raises(
        TrainingError, match=r"default.toml, the base of .*mine.toml, does not exist; .* the folder of its recipe"
    ):
        load(path)
