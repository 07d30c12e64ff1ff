"""Every network is built, trained and saved; malicious arguments are rejected before memory is allocated."""

from typing import Any

import pytest
import torch
from safetensors.torch import load, save
from torch.nn.functional import binary_cross_entropy_with_logits

from inspector.domain.errors import BundleError
from inspector.engine.model.networks.wrappers import CloseLook, HighPass
from inspector.engine.model.registry import ARCHITECTURES, build, layer, layer_owner, to_input

TINY = "mobilenetv3_small_050"
SINGLE: list[tuple[str, dict[str, Any]]] = [
    ("cnn", {"width": 4}),
    ("cnn_gan_stills", {"width": 4, "dropout": 0.2}),
    ("dense_head", {"body": TINY, "dense": 32}),
    ("mesoinception4", {}),
    ("high_pass", {"architecture": TINY}),
    ("high_pass", {"architecture": "mesoinception4", "residuals": "laplacian"}),
    ("ensemble", {"members": [{"architecture": "mesoinception4"}, {"architecture": "cnn", "args": {"width": 4}}]}),
    ("close_look", {"architecture": TINY, "share": 0.7}),
    ("vit_tiny_patch16_224", {"img_size": 64, "depth": 2}),
    ("patches", {"body": TINY, "stages": 2, "width": 16}),
    ("high_pass", {"architecture": "patches", "args": {"body": TINY, "stages": 2}}),
]
WINDOWED: list[tuple[str, dict[str, Any]]] = [
    ("cnn_lstm", {"body": TINY, "hidden": 16}),
    ("high_pass", {"architecture": "cnn_lstm", "args": {"body": TINY, "hidden": 16}}),
    ("close_look", {"architecture": "cnn_lstm", "args": {"body": TINY, "hidden": 16}}),
    (
        "ensemble",
        {"members": [{"architecture": "cnn_lstm", "args": {"body": TINY}}, {"architecture": "mesoinception4"}]},
    ),
]


def test_every_registered_architecture_is_tested_here():
    of_a_base = {"lora", "probe"}  # test_lora.py and test_probe.py try these
    assert {name for name, _ in SINGLE + WINDOWED} >= set(ARCHITECTURES) - of_a_base


@pytest.mark.parametrize(("architecture", "args"), SINGLE + WINDOWED)
def test_a_network_starts_near_half_trains_in_every_layer_and_is_saved(architecture: str, args: dict):
    torch.manual_seed(3)
    network = build(architecture, args)
    assert network.takes_windows == ((architecture, args) in WINDOWED)
    shape = (4, 3, 3, 64, 64) if network.takes_windows else (4, 3, 64, 64)
    x, labels = torch.randn(shape), torch.tensor([0.0, 1, 0, 1])
    logits = network(x)
    assert logits.shape == (4,)
    loss = binary_cross_entropy_with_logits(logits, labels)
    assert loss.item() == pytest.approx(0.693, abs=0.05)
    loss.backward()
    assert all(p.grad is not None and bool(p.grad.isfinite().all()) for p in network.parameters())
    assert max(float(p.grad.abs().max()) for p in network.parameters() if p.grad is not None) > 0
    other = build(architecture, args)
    other.load_state_dict(load(save({k: v.contiguous() for k, v in network.state_dict().items()})))
    assert torch.equal(network.eval()(x), other.eval()(x))


@pytest.mark.parametrize(("architecture", "args"), WINDOWED)
def test_shared_frames_give_the_logits_of_complete_windows(architecture: str, args: dict):
    network = build(architecture, args).eval()
    frames, indices = torch.randn(5, 3, 64, 64), torch.tensor([[0, 0, 1], [0, 1, 2], [3, 4, 4]])
    with torch.inference_mode():
        assert torch.allclose(network(frames[indices]), network.windows(frames, indices), atol=1e-5)


def test_an_ensemble_is_the_mean_of_its_members_and_names_the_owner_of_a_layer():
    network = build(*SINGLE[6]).eval()
    x = torch.randn(2, 3, 64, 64)
    one, other = network.body.members  # type: ignore[misc]
    with torch.inference_mode():
        assert torch.allclose(network(x), ((one(x) + other(x)) / 2).flatten())
    assert layer_owner(network, "body.members.1.blocks") == "member 2 of 2, cnn, alone"
    assert layer_owner(network, "body.members") == ""
    assert layer_owner(build("cnn", {"width": 4}), "body.blocks.0") == ""


def test_members_of_single_frames_get_the_scored_frame():
    network = build(*WINDOWED[3]).eval()
    _, single = network.body.members  # type: ignore[misc]
    x = torch.randn(2, 3, 3, 64, 64)
    changed = x.clone()
    changed[:, 0] = 0
    with torch.inference_mode():
        lstm, of_changed = (network(v) - single(v[:, 1]).flatten() / 2 for v in (x, changed))
    assert not torch.allclose(lstm, of_changed), "the window's other frames bear on it"


@pytest.mark.parametrize("residuals", ["srm", "laplacian"])
def test_residuals_are_zero_on_slopes_and_high_at_edges(residuals: str):
    seen = {}
    body = torch.nn.Identity()
    high_pass = HighPass(body, residuals)
    slope = (torch.arange(32.0) / 320).expand(1, 3, 32, 32)
    seen = high_pass(slope)[:, 3:, 4:-4, 4:-4]
    assert seen.abs().max() < 1e-4
    edge = slope.clone()
    edge[..., 16:] += 0.5
    found = high_pass(edge)
    assert torch.equal(found[:, :3], edge), "RGB stays as it is"
    assert found[:, 3:].abs().max() == 3.0, "cut off"
    assert "kernels" not in high_pass.state_dict(), "fixed, so they are no weights"


def test_a_close_look_is_the_enlarged_centre_only():
    torch.manual_seed(3)
    look, x = CloseLook(torch.nn.Identity(), 0.5), torch.rand(1, 3, 32, 32)
    middle = x[..., 8:24, 8:24]
    assert look(x).shape == x.shape
    shrunk = torch.nn.functional.interpolate(look(x), scale_factor=0.5, mode="area")
    assert (shrunk - middle).abs().mean() < 0.1, "another part of the noise would be 0.3 off"
    changed = x.clone()
    changed[..., :8, :], changed[..., 24:, :], changed[..., :8], changed[..., 24:] = 0, 0, 0, 0
    assert torch.equal(look(changed), look(x))
    assert torch.equal(CloseLook(torch.nn.Identity(), 1.0)(x), x)


def test_a_patch_depends_on_its_surroundings_and_the_logit_is_the_mean():
    network = build("patches", {"body": "mobilenetv2_100", "stages": 3}).eval()
    torch.nn.init.normal_(network.body.head.weight)  # type: ignore[arg-type]
    x = torch.randn(1, 3, 160, 160, requires_grad=True)
    maps = network.body.patch(network.body.body(x))
    maps[0, :, 10, 10].sum().backward()
    seen = (x.grad.abs().sum((0, 1)) > 0).nonzero()
    assert (seen.max(0).values - seen.min(0).values + 1).tolist() == [59, 59]
    each = network.body.head(maps.permute(0, 2, 3, 1))
    assert each.mean().item() == pytest.approx(network(x).item(), abs=1e-4)


def test_mesoinception4_has_the_number_of_weights_of_the_paper():
    network = build("mesoinception4", {})
    assert sum(p.numel() for p in network.parameters()) == 28_615, "28,615 trainable in the authors' own"
    assert network.body.blocks(torch.zeros(1, 3, 256, 256)).shape == (1, 16, 8, 8)


@pytest.mark.parametrize(
    ("architecture", "args", "message"),
    [
        ("cnn", {"width": 10**9}, "number up to"),
        ("cnn", {"width": 60_000}, "too large"),
        ("cnn", {"width": -1}, "negative"),
        ("cnn", {"width": None}, "not a text, list"),
        ("cnn", {"dropout": float("nan")}, "not a text, list"),
        ("cnn", {"widht": 4}, "widht"),
        ("cnn", {"width": [[[[[[[[[4]]]]]]]]]}, "nested"),
        ("cnn", {"width": [1] * 5000}, "too many"),
        ("cnn", {"x" * 300: 1}, "too long"),
        ("vit_tiny_patch16_224", {"depth": 60_000, "img_size": 32}, "too"),
        ("vit_tiny_patch16_224", {"img_size": 60_000}, "too large"),
        ("cnn_lstm", {"body": TINY, "hidden": 60_000}, "too large"),
        ("cnn_lstm", {"body": "hf-hub:someone/something"}, "forbidden"),
        ("dense_head", {"body": TINY, "body_args": {"checkpoint_path": "x.pth"}}, "forbidden"),
        ("high_pass", {"architecture": "cnn", "residuals": "dct"}, "dct"),
        ("high_pass", {"architecture": TINY, "args": {"pretrained": True}}, "forbidden"),
        ("patches", {"body": "resnet18"}, "no 3 stages"),
        ("patches", {"body": TINY, "stages": 9}, "no 9 stages"),
        ("ensemble", {"members": []}, "1 member or more"),
        ("ensemble", {"members": [{"architecture": "cnn"}] * 17}, "17 networks"),
        ("ensemble", {"members": [{"architecture": "cnn", "weights": "x"}]}, "nothing else"),
        ("ensemble", {"members": 3}, "cannot be built"),
        ("ensemble", {"members": [{"architecture": ["cnn"]}]}, "cannot be built"),
        ("no_such_network", {}, "unknown name"),
    ],
)
def test_malicious_arguments_are_rejected_in_one_sentence(architecture: str, args: dict, message: str):
    with pytest.raises(BundleError, match=message) as caught:
        build(architecture, args)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 700


def test_windows_are_normalised_like_single_crops():
    import numpy as np

    crops = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), dtype=np.uint8)
    flat = to_input(crops, (0.5, 0.4, 0.3), (0.2, 0.3, 0.4))
    assert torch.equal(to_input(crops.reshape(2, 3, 8, 8, 3), (0.5, 0.4, 0.3), (0.2, 0.3, 0.4)).flatten(0, 1), flat)
    assert flat[1, 2, 3, 4].item() == pytest.approx((crops[1, 3, 4, 2] / 255 - 0.3) / 0.4, abs=1e-5)


def test_a_missing_layer_is_reported():
    with pytest.raises(BundleError, match="no layer"):
        layer(build("cnn", {"width": 4}), "body.nothing")


def test_weights_that_are_loaded_next_are_not_drawn_first():
    args = {"width": 4, "dense": 8}
    torch.manual_seed(3)
    drawn = build("cnn", args).eval()
    torch.manual_seed(3)
    bare = build("cnn", args, has_random_weights=False).eval()
    assert torch.equal(torch.rand(4), torch.rand(4, generator=torch.Generator().manual_seed(3))), "nothing was drawn"
    bare.load_state_dict(drawn.state_dict())
    picture = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        assert torch.equal(bare(picture), drawn(picture))
