"""A shared frozen base with low-rank updates: from models/bases to logits, heat maps and one-sentence refusals."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import load_file, save_file

from inspector.domain.errors import BundleError
from inspector.engine.model import bases
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.cam import cam_values
from inspector.engine.model.detector import Detector
from inspector.engine.model.networks.lora import LoraLinear, add_lora
from inspector.engine.model.registry import build
from tests.fakes import make_bundle

VIT = "vit_tiny_patch16_224"
ARGS = {"img_size": 64, "depth": 2}
CARD = {"architecture": "lora", "target_layer": "body.body.blocks.1.norm1"}


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A small base with int8 matrices in a models folder of its own; the arguments that name it in a card."""
    monkeypatch.setattr(bases, "models_folder", lambda: tmp_path / "models")
    folder = tmp_path / "models" / "bases" / "tiny"
    folder.mkdir(parents=True)
    torch.manual_seed(3)
    stored = {}
    for name, value in timm.create_model(VIT, num_classes=0, **ARGS).state_dict().items():
        if value.ndim == 2:
            scale = value.abs().amax(1) / 127
            stored[f"{name}.int8"], stored[f"{name}.scale"] = (value / scale[:, None]).round().to(torch.int8), scale
        else:
            stored[name] = value
    weights = folder / "weights.safetensors"
    save_file(stored, weights)
    sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
    card = {"architecture": VIT, "args": ARGS, "sha256": sha256, "input_size": 64, "mean": [0.5] * 3, "std": [0.5] * 3}
    (folder / "base.json").write_text(json.dumps({**card, "source": "made for a test", "licence": "Apache-2.0"}))
    return {"base": "tiny", "base_sha256": sha256, "rank": 4}


def detector_of(folder: Path, args: dict[str, object]) -> Detector:
    return Detector.load(find_bundle(str(make_bundle(folder, **CARD, architecture_args=args))), "cpu")


def test_the_bundle_holds_what_was_learnt_and_the_base_the_rest(base, tmp_path):
    bundle = make_bundle(tmp_path / "bundle", **CARD, architecture_args=base)
    names = set(load_file(bundle / "weights.safetensors"))
    kinds = {name.split(".")[-1] for name in names}
    assert kinds == {"a", "b", "weight", "bias"}
    assert {name for name in names if "qkv" in name} == {
        f"body.body.blocks.{i}.attn.qkv.{kind}" for i in range(2) for kind in "ab"
    }
    assert all("norm" in n or "head" in n for n in names if n.endswith(("weight", "bias")))


def test_an_update_of_zero_leaves_the_base_as_it_is(base, tmp_path):
    whole = timm.create_model(VIT, num_classes=0, **ARGS)
    bases.load_base("tiny", whole, str(base["base_sha256"]))
    network = build("lora", base).eval()
    x = torch.rand(2, 3, 64, 64)
    expected = torch.nn.functional.normalize(whole.eval()(x), dim=-1)
    assert torch.allclose(network.body.features(x), expected, atol=1e-5)
    with torch.no_grad():
        network.body.body.blocks[0].attn.qkv.b.normal_()
    assert not torch.allclose(network.body.features(x), expected, atol=1e-3)


def test_a_low_rank_update_is_the_sum_of_both_matrices():
    torch.manual_seed(0)
    layer = LoraLinear(torch.nn.Linear(8, 6), 2)
    torch.nn.init.normal_(layer.b)
    x = torch.rand(5, 8)
    assert torch.allclose(
        layer(x), torch.nn.functional.linear(x, layer.weight + layer.b @ layer.a, layer.bias), atol=1e-6
    )


def test_only_updates_norms_and_head_are_trained(base):
    network = build("lora", base)
    trained = {name for name, _ in network.named_parameters()}
    assert trained == set(network.state_dict())
    network.train()(torch.rand(2, 3, 64, 64)).sum().backward()
    assert all(p.grad is not None for p in network.parameters())


def test_a_detector_scores_and_explains(base, tmp_path):
    detector = detector_of(tmp_path / "bundle", base)
    crops = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)
    logits = detector.logits(crops)
    assert logits.shape == (3,)
    assert len(set(logits)) == 3
    values = cam_values(detector, crops[0], "GradCAM")
    assert values.shape == (4, 4)
    assert values.max() > 0


def test_another_base_is_refused_in_one_sentence(base, tmp_path):
    bundle = make_bundle(tmp_path / "bundle", **CARD, architecture_args=base)
    card = json.loads((bundle / "card.json").read_text())
    card["architecture_args"]["base_sha256"] = "0" * 64
    (bundle / "card.json").write_text(json.dumps(card))
    with pytest.raises(BundleError, match=r"^The bundle was made for the base network tiny with SHA-256 0000"):
        Detector.load(find_bundle(str(bundle)), "cpu")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"base": "../tiny"}, "no name of a base network"),
        ({"base": ".."}, "no name of a base network"),
        ({"base": "absent"}, "is not installed under models/bases"),
        ({"rank": 0}, "rank must lie between"),
        ({"layers": ["no.such"]}, "no linear layer 'no.such'"),
    ],
)
def test_what_a_strangers_card_may_ask_for(base, change, message):
    with pytest.raises(BundleError, match=message):
        build("lora", base | change)


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"architecture": 3}', b"x" * 100_000])
def test_a_damaged_base_card_is_one_sentence(base, tmp_path, damage):
    (tmp_path / "models" / "bases" / "tiny" / "base.json").write_bytes(damage)
    with pytest.raises(BundleError, match="is not a valid base card"):
        build("lora", base)


def test_damaged_base_weights_are_one_sentence(base, tmp_path):
    weights = tmp_path / "models" / "bases" / "tiny" / "weights.safetensors"
    weights.write_bytes(b"\xff" * 100)
    sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
    with pytest.raises(BundleError, match="cannot be loaded"):
        build("lora", base | {"base_sha256": sha256})


def test_a_layer_by_its_whole_name():
    network = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Linear(4, 4))
    add_lora(network, 2, ["1"])
    assert isinstance(network[1], LoraLinear)
    assert isinstance(network[0], torch.nn.Linear)
