"""The network table of a recipe is checked before a training of hours, not after it."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from inspector.domain.errors import TrainingError
from inspector.engine.model.bases import base_folder
from training import __main__ as command_line
from training import recipe as recipes
from training.fit.train import check_length, check_network
from training.measure.ablate import ablate
from training.recipe import Recipe

RECIPES = sorted((Path(__file__).resolve().parents[3] / "training/recipes").glob("*.toml"))
MEMBERS = [{"architecture": "test_efficientnet"}, {"architecture": "cnn", "args": {"width": 4, "dense": 4}}]
LSTM = {"body": "test_resnet", "hidden": 4}


def changed(recipe: Recipe, trained: list[str] | None = None, **network: Any) -> Recipe:
    table = msgspec.structs.replace(recipe.network, **network)
    fit = msgspec.structs.replace(recipe.fit, trained=trained or [])
    return msgspec.structs.replace(recipe, network=table, fit=fit)


@pytest.mark.parametrize(
    ("trained", "network", "expected"),
    [
        ([], {"target_layer": "body.nope"}, "names the layer 'body.nope' as target_layer"),
        ([], {"target_layer": "body.conv_heat"}, "perhaps to body.conv_head"),
        (["body.nope"], {}, "names the layer 'body.nope' as trained"),
        ([], {"architecture": "resnet51"}, "'resnet51' of the recipe default cannot be built"),
        ([], {"args": {"widht": 3}}, "widht"),
        ([], {"architecture": "cnn", "dropout": 0.0, "args": {"widht": 3}}, "correct architecture, args"),
        ([], {"frames_per_sample": 4}, "takes single frames, so set frames_per_sample to 1"),
        (
            [],
            {"architecture": "cnn_lstm", "args": LSTM, "dropout": 0.0, "target_layer": "body.body.layer4"},
            "takes windows of frames, so set frames_per_sample above 1",
        ),
        (
            [],
            {"architecture": "ensemble", "args": {"members": MEMBERS}, "dropout": 0.0},
            "names the layer 'body.conv_head' as target_layer",
        ),
        (
            ["body.conv_head"],
            {
                "architecture": "ensemble",
                "args": {"members": MEMBERS},
                "dropout": 0.0,
                "target_layer": "body.members.0.conv_head",
            },
            "'body.members.1.conv_head' as trained",
        ),
        (
            [],
            {"architecture": "inception_resnet_v2", "dropout": 0.0, "target_layer": "body.conv2d_7b"},
            "does not take crops of input_size 32",
        ),
    ],
)
def test_a_network_that_would_fail_later_is_refused_by_the_recipes_own_names(
    tiny: Recipe, trained: list[str], network: dict[str, Any], expected: str
) -> None:
    with pytest.raises(TrainingError) as caught:
        check_network(changed(tiny, trained, **network))
    message = str(caught.value)
    assert expected in message
    assert "recipe default" in message
    assert "bundle" not in message
    assert "\n" not in message


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_of_ours_passes(path: Path) -> None:
    recipe = recipes.load(path)
    lora = recipe.network.lora
    if lora and lora.base and not (base_folder(lora.base) / "weights.safetensors").is_file():
        pytest.skip(f"the base {lora.base} is not in this checkout")
    check_network(recipe)


def test_fit_refuses_before_it_makes_a_run(tiny: Recipe, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(recipes, "load", lambda _: changed(tiny, target_layer="body.nope"))
    assert command_line.main(["fit", "a.toml", "--folder", str(tmp_path / "run")]) == 1
    assert "'body.nope' as target_layer" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_ablate_tries_every_recipe_before_the_first_training(tiny: Recipe, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("training.measure.ablate.train", lambda *_: pytest.fail("it trained"))
    other = changed(tiny, target_layer="body.nope")
    with pytest.raises(TrainingError, match="target_layer"):
        ablate(tiny, [other], tmp_path / "runs", tmp_path / "table.md", 2, print)


@pytest.mark.parametrize(
    ("name", "allowed"), [("svm", []), ("clip-probe", ["--minutes"]), ("patches", ["--minutes", "--steps"])]
)
def test_a_length_that_a_fit_of_features_would_not_keep_to_is_refused(name: str, allowed: list[str]) -> None:
    recipe = recipes.load(RECIPES[0].with_name(f"{name}.toml"))
    check_length(recipe, allowed)
    for option in {"--minutes", "--steps"} - set(allowed):
        with pytest.raises(TrainingError, match=f"takes no {option}; leave it out, and set batches under"):
            check_length(recipe, [option])
