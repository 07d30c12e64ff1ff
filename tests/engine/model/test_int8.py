"""Linear layers with int8 weights: the float32 result to a thousandth, row by row, and its gradient."""

import numpy as np
import pytest
import torch

from inspector.engine.model import detector as detectors
from inspector.engine.model.cam import cam_values
from inspector.engine.model.detector import Detector
from inspector.engine.model.networks.int8 import int8_linear
from inspector.engine.model.networks.lora import LoraLinear
from tests.engine.model.test_lora import base, detector_of

__all__ = ["base"]


@pytest.fixture
def layer() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """int8 weights (48, 96), their scale, and a bias."""
    torch.manual_seed(1)
    return torch.randint(-127, 128, (48, 96), dtype=torch.int8), torch.rand(48) / 100, torch.randn(48)


def _float(x: torch.Tensor, weight: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    """In float64, so that the difference is that of the int8 product alone."""
    wide = weight.double() * scale.double()[:, None]
    return torch.nn.functional.linear(x.double(), wide, None if bias is None else bias.double())


def test_it_gives_what_float_weights_give(layer):
    x = torch.randn(2, 17, 96) * torch.logspace(-3, 3, 17)[:, None]  # each row has a step of its own
    x[0, 3] = 0
    found, expected = int8_linear(x, *layer), _float(x, *layer)
    assert found.shape == (2, 17, 48)
    largest = expected.abs().amax(-1, keepdim=True)
    assert ((found - expected).abs() <= 5e-5 * largest).all()
    assert torch.equal(int8_linear(x, *layer[:2]) + layer[2], found)


@pytest.mark.parametrize("value", [1.0, -1.0, 255 / 256, -128.5 / 32600, 127.5 / 32600])
def test_inputs_at_the_edges_of_both_halves(layer, value):
    x = torch.full((1, 96), value)
    x[0, 0] = 1.0  # so that the step is known
    assert torch.allclose(int8_linear(x, *layer).double(), _float(x, *layer), atol=96 * 1.27 / 32600)


def test_a_row_does_not_depend_on_those_beside_it(layer):
    x = torch.randn(40, 96)
    alone = torch.cat([int8_linear(row[None], *layer) for row in x])
    assert torch.equal(int8_linear(x, *layer), alone)


def test_the_gradient_is_that_of_float_weights(layer):
    x = torch.randn(5, 96, requires_grad=True)
    (int8_linear(x, *layer) ** 2).sum().backward()
    wide = x.detach().double().requires_grad_()
    (_float(wide, *layer) ** 2).sum().backward()
    assert x.grad is not None
    assert wide.grad is not None
    assert torch.allclose(x.grad.double(), wide.grad, rtol=0, atol=1e-4 * float(wide.grad.abs().max()))


def test_a_number_that_is_none_stays_none(layer):
    x = torch.randn(3, 96)
    x[1, 5] = float("nan")
    found = int8_linear(x, *layer)
    assert found[1].isnan().all()
    assert not found[[0, 2]].isnan().any()


def test_a_detector_scores_and_explains_alike_with_both_kinds_of_weights(base, tmp_path, monkeypatch):
    made: dict[bool, Detector] = {}
    for is_fast in (False, True):
        monkeypatch.setattr(detectors, "has_fast_int8", lambda is_fast=is_fast: is_fast)
        made[is_fast] = detector_of(tmp_path / f"bundle {is_fast}", base)
    kinds = [{m.weight.dtype for m in d.network.modules() if isinstance(m, LoraLinear)} for d in made.values()]
    assert kinds == [{torch.float32}, {torch.int8}]
    crops = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3), dtype=np.uint8)
    np.testing.assert_allclose(made[True].logits(crops), made[False].logits(crops), atol=1e-3)
    maps = [cam_values(detector, crops[0], "GradCAM") for detector in made.values()]
    np.testing.assert_allclose(maps[1], maps[0], atol=1e-2 * maps[0].max())
