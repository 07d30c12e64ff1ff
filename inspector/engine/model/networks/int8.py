"""Linear layers with int8 weights, on processors that multiply int8 matrices several times faster than float32 ones.

The weights are exact as they are stored: weight = int8 * scale. The inputs are rounded to 16 bits, with one step for
each row (a token of a transformer), and enter as two int8 matrices: input = step * (256 * high + low). The sums of the
products are whole numbers and exact, so a row's result does not depend on the rows beside it.
"""

from __future__ import annotations

from typing import Any

import torch

_LARGEST = 32600  # of a rounded input; 128 more still fit into 16 bits
_LEAST = 1e-30  # of a row's largest input, so that a row of zeros is divided by something


def has_fast_int8() -> bool:
    """Whether this processor has the instructions (AVX-512 VNNI) and this PyTorch the product of int8 matrices."""
    has_vnni = getattr(torch.cpu, "_is_vnni_supported", lambda: False)
    capability = torch.backends.cpu.get_cpu_capability()
    return hasattr(torch, "_int_mm") and capability.startswith("AVX512") and bool(has_vnni())


def int8_linear(
    x: torch.Tensor, weight: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor | None = None
) -> torch.Tensor:
    """float32 (..., in) to (..., out), as `linear` with the float32 weights `weight * scale[:, None]` gives it.

    `weight` is int8 (out, in), `scale` float32 (out,). The gradient reaches `x` alone.
    """
    product: torch.Tensor = _Int8Product.apply(x, weight, scale)
    return product if bias is None else product + bias


class _Int8Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(weight, scale)
        rows = x.reshape(-1, x.shape[-1])
        step = rows.abs().amax(1, keepdim=True).clamp_min_(_LEAST).div_(_LARGEST)
        # Rounded to the nearest multiple of 256 by the half that is added, so that the rest lies in -128..127.
        rounded = (rows / step).round_().to(torch.int16).add_(128)
        high, low = rounded.bitwise_right_shift(8), rounded.bitwise_and_(255).sub_(128)
        sums = torch._int_mm(torch.cat((high.to(torch.int8), low.to(torch.int8))), weight.t()).float()
        product = torch.add(sums[len(rows) :], sums[: len(rows)], alpha=256).mul_(step).mul_(scale)
        return product.view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        weight, scale = ctx.saved_tensors
        return (gradients[0] * scale) @ weight.float(), None, None
