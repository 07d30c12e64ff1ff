"""A linear probe of a shared base: its features by hand, alone and beside low-rank updates of the same base."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import load_file

from inspector.domain.errors import BundleError
from inspector.engine.model import bases
from inspector.engine.model import detector as detectors
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.cam import DeletionCheck, blurred_tenths, cam_values
from inspector.engine.model.detector import Detector
from inspector.engine.model.networks.lora import FrozenLinear
from inspector.engine.model.networks.probe import BlockProbe
from inspector.engine.model.registry import build
from tests.engine.model.test_lora import ARGS, VIT, base
from tests.fakes import make_bundle

__all__ = ["base"]

BLOCKS = {"class_blocks": [1, 0], "border_blocks": [0]}
PROBE = {"standard.running_mean", "standard.running_var", "standard.num_batches_tracked", "head.weight", "head.bias"}
MATRIX, NORM = "body.blocks.0.mlp.fc1.weight", "body.blocks.0.norm1.weight"


@pytest.fixture
def probe(base) -> dict[str, object]:
    return {name: base[name] for name in ("base", "base_sha256")} | BLOCKS


@pytest.fixture
def both(base, probe) -> dict[str, object]:
    """The arguments of an ensemble of low-rank updates and a probe."""
    return {"members": [{"architecture": "lora", "args": base}, {"architecture": "probe", "args": probe}]}


@pytest.fixture
def load(both, tmp_path, monkeypatch) -> Callable[[bool], Detector]:
    """Makes the ensemble's detector with int8 or float32 weights."""
    layer = "body.members.0.body.blocks.1.norm1"
    folder = make_bundle(tmp_path / "bundle", architecture="ensemble", architecture_args=both, target_layer=layer)

    def loaded(is_fast: bool) -> Detector:
        monkeypatch.setattr(detectors, "has_fast_int8", lambda: is_fast)
        return Detector.load(find_bundle(str(folder)), "cpu")

    return loaded


@pytest.fixture
def crops() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)


def body(architecture: str, args: dict[str, object], **options: bool) -> Any:
    """The registry's network without what makes its output flat."""
    return build(architecture, args, **options).body


def plain(probe: dict[str, object], network: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    """The probe's logits from the base's own float32 blocks and the probe's state dict."""
    whole: Any = timm.create_model(VIT, num_classes=0, **ARGS).eval()
    bases.load_base("tiny", whole, str(probe["base_sha256"]))
    after = []
    with torch.no_grad():
        tokens = whole.norm_pre(whole._pos_embed(whole.patch_embed(x)))
        for block in whole.blocks:
            tokens = block(tokens)
            after.append(tokens)
        corners = [1 + at for at in (0, 3, 12, 15)]  # of 4 x 4 patches, after the class token
        features = torch.cat((after[1][:, 0], after[0][:, 0], after[0][:, corners].mean(1)), 1)
        state = network.state_dict()
        spread = (state["standard.running_var"] + 1e-5).sqrt()
        return (features - state["standard.running_mean"]) / spread @ state["head.weight"].T + state["head.bias"]


def randomise(network: Any) -> None:
    """Give a probe statistics and weights that tell its features apart."""
    torch.nn.init.normal_(network.head.weight)
    network.standard.running_mean.normal_()
    network.standard.running_var.uniform_(0.5, 2)


@pytest.mark.parametrize("keeps_int8", [False, True])
def test_its_logits_are_those_of_the_bases_own_blocks(probe, keeps_int8):
    network = body("probe", probe, keeps_int8=keeps_int8).eval()
    randomise(network)
    x = torch.rand(3, 3, 64, 64)
    expected = plain(probe, network, x)
    assert expected.std() > 0.1
    assert torch.allclose(network(x), expected, atol=1e-2 if keeps_int8 else 1e-4)


def test_it_learns_a_head_and_statistics_and_drops_unused_blocks(probe):
    network = body("probe", probe | {"class_blocks": [0]})
    assert set(network.state_dict()) == PROBE
    assert {name for name, _ in network.named_parameters()} == {"head.weight", "head.bias"}
    assert len(network.body.blocks) == 1
    assert network.body(torch.rand(1, 3, 64, 64)).shape[-1] == 192
    network(torch.rand(4, 3, 64, 64)).sum().backward()
    assert network.head.weight.grad is not None
    assert network.standard.num_batches_tracked == 1


def test_the_bases_dropout_stays_off_while_the_head_learns():
    network = BlockProbe(timm.create_model(VIT, proj_drop_rate=0.5, **ARGS), [1]).train()
    x = torch.rand(2, 3, 64, 64)
    assert network.standard.training
    assert torch.equal(network.features(x), network.features(x))


def test_the_border_of_the_grid_of_clip():
    whole = timm.create_model(VIT, depth=1, num_classes=0)
    border = BlockProbe(whole, [], [0]).border
    expected = np.flatnonzero(np.hypot(*(np.mgrid[:14, :14] - 6.5)) > 6.2)
    assert border.tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"class_blocks": [], "border_blocks": []}, "1 block or more"),
        ({"class_blocks": [2]}, "the blocks 0 to 1, not all of"),
        ({"class_blocks": [-1]}, "the blocks 0 to 1, not all of"),
        ({"border_blocks": [1.0]}, "the blocks 0 to 1, not all of"),
        ({"class_blocks": "10"}, "the blocks 0 to 1, not all of"),
        ({"class_blocks": [[0]]}, "the blocks 0 to 1, not all of"),
        ({"class_blocks": 1}, "cannot be built"),
        ({"class_blocks": [0] * 1001}, "too many"),
        ({"base": "../tiny"}, "no name of a base network"),
        ({"base_sha256": ["0"]}, "cannot be built"),
        ({"base_sha256": "0" * 64}, "was made for the base network tiny with SHA-256 0000"),
        ({"path": "x"}, "cannot be built"),
    ],
)
def test_what_a_strangers_card_may_ask_for(probe, change, message):
    with pytest.raises(BundleError, match=message):
        build("probe", probe | change)


@pytest.mark.parametrize("architecture", ["mobilenetv2_035", "vit_tiny_patch16_224"])
def test_a_base_without_a_class_token_is_refused(architecture):
    args = {"class_token": False, "global_pool": "avg", **ARGS} if architecture == VIT else {}
    with pytest.raises(ValueError, match="has no class token"):
        BlockProbe(timm.create_model(architecture, **args), [0])


def test_a_grid_without_a_border_is_refused():
    whole = timm.create_model(VIT, img_size=32, depth=1)
    with pytest.raises(ValueError, match="too few patches"):
        BlockProbe(whole, [0], [0])


@pytest.mark.parametrize("keeps_int8", [False, True])
def test_members_share_the_matrices_of_the_base_and_not_what_may_be_learnt(both, keeps_int8):
    members = body("ensemble", both, keeps_int8=keeps_int8).members
    assert {m.weight.dtype for m in members.modules() if isinstance(m, FrozenLinear)} == {
        torch.int8 if keeps_int8 else torch.float32
    }
    lora, probe = (dict([*member.named_parameters(), *member.named_buffers()]) for member in members)
    assert lora[MATRIX].data_ptr() == probe[MATRIX].data_ptr()
    assert lora[NORM].data_ptr() != probe[NORM].data_ptr()
    shared = {value.data_ptr() for value in lora.values()} & {value.data_ptr() for value in probe.values()}
    assert all(value.ndim > 1 for value in probe.values() if value.data_ptr() in shared)


def test_what_one_network_shares_ends_with_it(probe):
    first, second = (body("probe", probe, keeps_int8=True).get_buffer(MATRIX) for _ in range(2))
    assert first.data_ptr() != second.data_ptr()


def test_the_file_of_the_base_is_read_once(both, monkeypatch):
    read = []
    monkeypatch.setattr(bases, "load_file", lambda path: read.append(path) or load_file(path))
    build("ensemble", both)
    assert len(read) == 1


def test_a_member_alone_and_beside_the_other_scores_alike(base, probe, both):
    ensemble = body("ensemble", both).eval()
    x = torch.rand(2, 3, 64, 64)
    for name, parameter in ensemble.members[0].named_parameters():
        if "norm" in name:
            torch.nn.init.normal_(parameter)  # in place, as weights are loaded
    for member, (name, args) in zip(ensemble.members, (("lora", base), ("probe", probe)), strict=True):
        alone = body(name, args).eval()
        alone.load_state_dict(member.state_dict())
        assert torch.allclose(member(x), alone(x), atol=1e-6)
    mean = (ensemble.members[0](x) + ensemble.members[1](x)) / 2
    assert torch.allclose(ensemble(x), mean)


def test_a_detector_of_both_scores_and_explains_alike_with_both_kinds_of_weights(load, crops):
    made = [load(is_fast) for is_fast in (False, True)]
    logits = [detector.single_logits(crops) for detector in made]
    assert len(set(logits[0])) == 3
    np.testing.assert_allclose(logits[1], logits[0], atol=1e-3)
    maps = [cam_values(detector, crops[0], "GradCAM") for detector in made]
    assert maps[0].shape == (4, 4)
    assert maps[0].max() > 0
    np.testing.assert_allclose(maps[1], maps[0], atol=1e-2 * maps[0].max())
    checks = [DeletionCheck.of(d.single_logits(blurred_tenths(crops[0], maps[0], 2))) for d in made]
    beside = DeletionCheck.of(made[0].logits(blurred_tenths(crops[0], maps[0], 2)))
    np.testing.assert_allclose([checks[0].hottest, checks[0].random], [beside.hottest, beside.random], atol=1e-4)
    np.testing.assert_allclose([checks[1].hottest, checks[1].random], [beside.hottest, beside.random], atol=1e-3)
    assert made[0].layer_name == "body.members.0.body.blocks.1.norm1 (member 1 of 2, lora, alone)"


def test_the_bundle_of_both_holds_what_was_learnt(load, tmp_path):
    load(False)
    names = set(load_file(tmp_path / "bundle" / "weights.safetensors"))
    assert {n for n in names if n.startswith("body.members.1.")} == {f"body.members.1.{name}" for name in PROBE}
    assert {n.split(".")[-1] for n in names if n.startswith("body.members.0.")} == {"a", "b", "weight", "bias"}
    card = json.loads((tmp_path / "bundle" / "card.json").read_text())
    assert card["architecture_args"]["members"][1]["args"]["class_blocks"] == [1, 0]
