"""A limit on the memory that building or testing a network may allocate, since a card may be malicious."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map_only

_ATEN = torch.ops.aten
_RANDOM = {_ATEN.uniform_.default, _ATEN.normal_.default, _ATEN.erfinv_.default}
"""What torch and timm fill new weights with; the last one makes normal numbers of even ones."""
_IN_PLACE = {_ATEN.mul_.Scalar, _ATEN.mul_.Tensor, _ATEN.add_.Scalar, _ATEN.add_.Tensor, _ATEN.clamp_.default}
"""What they scale random numbers with. On the meta device each takes a millisecond, and torch's compiler is loaded."""


class Budget(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """A context that limits the bytes of all tensors that torch allocates, and the number of operations.

    Each operation is first run on the meta device, where tensors have a shape and no memory. An operation over the
    limit raises ValueError before it allocates; `most_bytes` may be None for no limit. Without `draws_random`, tensors
    that are to be filled with random numbers stay as they are: those of a network whose weights are loaded next, which
    takes a third of its building.
    """

    def __init__(self, most_bytes: int | None, most_operations: int = 30_000, *, draws_random: bool = True) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        if most_bytes is not None:
            import torch._meta_registrations  # noqa: F401 - the engine process begins without
        self._bytes, self._operations = most_bytes, most_operations
        self._draws_random = draws_random

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # nothing here is compiled, and torch would switch its compiler off and on at each operation

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        self._operations -= 1
        if self._operations < 0:
            raise ValueError("it has far too many parts")
        if self._bytes is not None and not func._schema.is_mutable and not func.is_view:
            self._bytes -= _size(func, args, dict(kwargs or {}))
            if self._bytes < 0:
                raise ValueError("it is far too large")
        if not self._draws_random and (func in _RANDOM or (func in _IN_PLACE and args[0].is_meta)):
            return args[0]
        return func(*args, **(kwargs or {}))


def _size(func: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> int:
    """The size in bytes of the result of an operation."""
    moved = tree_map_only(torch.Tensor, lambda t: t.to("meta"), (tuple(args), kwargs))
    if "device" in kwargs or not any(isinstance(leaf, torch.Tensor) for leaf in tree_leaves(moved)):
        moved[1]["device"] = torch.device("meta")
        moved[1].pop("pin_memory", None)
    try:
        out = func(*moved[0], **moved[1])
    except (NotImplementedError, RuntimeError, TypeError):
        return 0  # the result's size depends on values, so it is at most that of the input
    return sum(t.numel() * t.element_size() for t in tree_leaves(out) if isinstance(t, torch.Tensor))
