"""Low-rank updates from a recipe to a bundle: with a base apart, and merged into a timm network."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import timm
import torch
from safetensors.torch import load_file, save_file

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import Platt
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.detector import Detector
from inspector.engine.model.networks.lora import LoraLinear
from tests.training.fit.conftest import SMALL, VIT
from training.bundle.export import export
from training.fit.checkpoint import averaged_network, begin, build, head
from training.fit.loop import fit
from training.fit.score import logits_of, plain_crops
from training.measure import calibrate as calibration
from training.measure import evaluate as evaluation
from training.measure.calibrate import calibrate_run
from training.measure.cost import Cost
from training.measure.evaluate import evaluate_run
from training.prepare.index import load_index
from training.recipe import LoraTable, Recipe


def quiet(_: str) -> None:
    """Ignore a message."""


def with_lora(tiny: Recipe, **changes: Any) -> Recipe:
    """The tiny recipe with updates of the base, or with a timm network if `base` is ""."""
    table = LoraTable(**{"base": "tiny", "rank": 2, **changes})
    network = msgspec.structs.replace(
        tiny.network,
        architecture="lora" if table.base else VIT,
        args={} if table.base else SMALL,
        dropout=0.0,
        lora=table,
        target_layer="body.body.blocks.0.norm1" if table.base else "body.blocks.0.norm1",
    )
    return msgspec.structs.replace(
        tiny,
        network=network,
        forge=msgspec.structs.replace(tiny.forge, kinds={"self_blend": 1.0}),
        fit=msgspec.structs.replace(tiny.fit, steps=2, decay_steps=0, precision="auto", check_batches=1),
    )


def learning(network: torch.nn.Module) -> set[str]:
    return {name for name, p in network.named_parameters() if p.requires_grad}


def all_the_way(recipe: Recipe, run: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Fit, calibrate, evaluate, export; the bundle's card. It scores as the averaged network does."""
    fit(recipe, run, quiet)
    monkeypatch.setattr(calibration, "maps", lambda *_: (Platt(1.0, 0.0), Platt(1.0, 0.0)))
    monkeypatch.setattr(evaluation, "measure_cost", lambda *_: Cost(1, 1.0, "cpu", 1.0, 1.0, None))
    calibrate_run(recipe, run, quiet, frames=1)
    evaluate_run(recipe, run, quiet, frames=1)
    card = export(recipe, run, out, "1", quiet)
    crops = plain_crops(recipe, load_index(Path(recipe.prepare.folder))[:4])
    scored = Detector.load(find_bundle(str(out)), "cpu").logits(crops)
    np.testing.assert_allclose(scored, logits_of(averaged_network(recipe, run), crops, recipe), atol=2e-3)
    return card


def test_a_bundle_of_updates_names_its_base_and_holds_what_was_learnt(base, tiny, tmp_path, monkeypatch):
    recipe = with_lora(tiny)
    card = all_the_way(recipe, tmp_path / "run", tmp_path / "bundle", monkeypatch)
    assert card.architecture == "lora"
    assert card.architecture_args["base_sha256"] == base
    assert card.architecture_args["rank"] == 2
    stored = load_file(tmp_path / "bundle/weights.safetensors")
    assert set(stored) == set(build(recipe).state_dict()) == learning(build(recipe))
    assert stored["body.body.blocks.0.attn.qkv.b"].any(), "it learnt"
    assert (tmp_path / "bundle/weights.safetensors").stat().st_size < (tmp_path / "run/last.safetensors").stat().st_size


def test_updates_of_a_timm_network_are_merged_into_a_plain_one(tiny, tmp_path, monkeypatch):
    torch.manual_seed(6)
    weights = tmp_path / "vit.safetensors"
    save_file(timm.create_model(VIT, **SMALL).state_dict(), weights)
    recipe = with_lora(tiny, base="", layers=("attn.qkv", "mlp.fc1"))
    recipe = msgspec.structs.replace(recipe, network=msgspec.structs.replace(recipe.network, pretrained=str(weights)))
    card = all_the_way(recipe, tmp_path / "run", tmp_path / "bundle", monkeypatch)
    assert card.architecture == VIT
    merged = load_file(tmp_path / "bundle/weights.safetensors")
    assert not any(name.endswith((".a", ".b")) for name in merged)
    plain = load_file(weights)
    moved = {n for n, v in merged.items() if not torch.equal(v, plain.get(n.removeprefix("body."), v).half())}
    assert "body.blocks.0.attn.qkv.weight" in moved
    assert "body.blocks.0.attn.proj.weight" not in moved, "it has no update and does not learn"


@pytest.mark.parametrize(
    ("learns", "parts"),
    [
        (("updates", "norms", "head"), {"a", "b", "norm", "head"}),
        (("norms", "head"), {"norm", "head"}),
        (("updates", "head"), {"a", "b", "head"}),
    ],
)
def test_the_recipe_says_what_learns(base, tiny, tmp_path, learns, parts):
    recipe, run = with_lora(tiny, learns=learns), tmp_path / "run"
    before = {name: value.clone() for name, value in begin(recipe).state_dict().items()}
    fit(recipe, run, quiet)
    after = load_file(run / "last.safetensors")
    moved = {name for name, value in before.items() if not torch.equal(value, after[f"network.{name}"])}
    kinds = {"norm" if "norm" in n else "head" if "head" in n else n.rpartition(".")[2] for n in moved}
    assert kinds <= parts
    assert kinds == parts


def test_training_starts_where_the_start_weights_are(base, tiny, tmp_path):
    torch.manual_seed(7)
    recipe = with_lora(tiny)
    network = build(recipe)
    stored = {name.removeprefix("body."): torch.randn_like(v).half() for name, v in network.state_dict().items()}
    save_file(stored, tmp_path / "fold-1.safetensors")
    started = with_lora(tiny, start=str(tmp_path / "{fold}.safetensors"))
    begun = begin(started, "fold-1").state_dict()
    assert all(torch.equal(begun[f"body.{name}"], value.float()) for name, value in stored.items())
    with pytest.raises(TrainingError, match=r"full\.safetensors is missing; name another file as start"):
        begin(started)
    joined = {f"body.members.0.{name}": value for name, value in stored.items()}
    save_file(joined | {"body.members.1.head.weight": torch.ones(1, 3)}, tmp_path / "fold-2.safetensors")
    begun = begin(started, "fold-2").state_dict()
    assert all(torch.equal(begun[f"body.{name}"], value.float()) for name, value in stored.items()), "of a bundle"
    run = tmp_path / "run"
    fit(recipe, run, quiet)
    again = begin(with_lora(tiny, start=str(run / "last.safetensors"))).state_dict()
    averaged = load_file(run / "last.safetensors")
    assert all(torch.equal(value, averaged[f"averaged.{name}"]) for name, value in again.items()), (
        "a checkpoint will do"
    )
    with pytest.raises(TrainingError, match=r"other weights than the network .* rank and layers"):
        begin(with_lora(tiny, rank=3, start=str(run / "last.safetensors")))


def test_a_plain_base_starts_undecided(base, tiny):
    network = begin(with_lora(tiny))
    assert not head(network).weight.any()
    assert all(not module.b.any() for module in network.modules() if isinstance(module, LoraLinear))


def test_a_base_that_is_not_installed_and_layers_that_are_not_there_are_refused(base, tiny):
    with pytest.raises(TrainingError, match="'absent' is not installed under models/bases"):
        begin(with_lora(tiny, base="absent"))
    with pytest.raises(TrainingError, match=r"\[network.lora\] does not fit vit_tiny.*no linear layer 'attn.kv'"):
        begin(with_lora(tiny, base="", layers=("attn.kv",)))
