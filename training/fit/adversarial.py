"""Attacks on a network's input, for adversarial training and for the robustness table.

All sizes are shares of the pixel range, so `eps=2 / 255` changes no 8-bit pixel value by more than 2, whatever the
network's normalisation. Attacked pictures are not rounded to whole pixel values.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from training.recipe import AdversarialTable


def bounds(mean: Sequence[float], std: Sequence[float], device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Black and white in the network's input: two float32 (1, 3, 1, 1), RGB."""
    low = [-m / s for m, s in zip(mean, std, strict=True)]
    high = [(1 - m) / s for m, s in zip(mean, std, strict=True)]
    return (torch.tensor(low, device=device).view(1, 3, 1, 1), torch.tensor(high, device=device).view(1, 3, 1, 1))


def fgsm(
    network: nn.Module, x: torch.Tensor, labels: torch.Tensor, eps: float, low: torch.Tensor, high: torch.Tensor
) -> torch.Tensor:
    """`x` moved by `eps` in the direction that raises the loss most (Goodfellow, Shlens and Szegedy, ICLR 2015).

    `x` is the network's input, float32 (n, 3, s, s) as `to_input` gives it, `labels` float32 (n,) with fake = 1, `eps`
    a share of the pixel range, `low` and `high` come from `bounds`. The network's weights, gradients and mode are
    unchanged.
    """
    return _clip(x + eps * (high - low) * _uphill(network, x, labels), low, high)


def pgd(
    network: nn.Module,
    x: torch.Tensor,
    labels: torch.Tensor,
    eps: float,
    low: torch.Tensor,
    high: torch.Tensor,
    steps: int,
    step_size: float,
) -> torch.Tensor:
    """Projected gradient ascent within `eps` of `x` (Madry et al., ICLR 2018).

    Arguments as in `fgsm`; `step_size` is a share of the pixel range as well. The random start uses torch's global
    generator; seed it for reproducible results.
    """
    reach = eps * (high - low)
    moved = _clip(x + reach * (2 * torch.rand(x.shape).to(x.device) - 1), low, high)
    for _ in range(steps):
        moved = moved + step_size * (high - low) * _uphill(network, moved, labels)
        moved = _clip(torch.minimum(torch.maximum(moved, x - reach), x + reach), low, high)
    return moved


def attack_share(
    network: nn.Module,
    x: torch.Tensor,
    labels: torch.Tensor,
    table: AdversarialTable,
    low: torch.Tensor,
    high: torch.Tensor,
) -> torch.Tensor:
    """A training batch with a random share of it attacked as the recipe says; arguments as in `fgsm`."""
    chosen = torch.randperm(len(x))[: round(table.share * len(x))].to(x.device)
    if not len(chosen):
        return x
    picked, eps = (x[chosen], labels[chosen]), table.eps / 255
    if table.attack == "pgd":
        moved = pgd(network, *picked, eps, low, high, table.steps, table.step_size / 255)
    else:
        moved = fgsm(network, *picked, eps, low, high)
    out = x.clone()
    out[chosen] = moved
    return out


def _uphill(network: nn.Module, x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The sign of the loss's gradient with respect to the input, in evaluation mode: no dropout, norms unchanged."""
    modes = {module: module.training for module in network.modules()}
    network.eval()
    # cuDNN differentiates a recurrent network in training mode only.
    is_recurrent = any(isinstance(module, nn.RNNBase) for module in network.modules())
    with torch.enable_grad(), torch.backends.cudnn.flags(enabled=not is_recurrent):
        x = x.detach().requires_grad_(True)
        loss = binary_cross_entropy_with_logits(network(x).float(), labels, reduction="sum")
        (gradient,) = torch.autograd.grad(loss, x)
    for module, mode in modes.items():
        module.training = mode
    return gradient.sign()


def _clip(x: torch.Tensor, low: torch.Tensor, high: torch.Tensor) -> torch.Tensor:
    return torch.minimum(torch.maximum(x, low), high).detach()
