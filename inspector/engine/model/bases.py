"""Base networks that several bundles share: models/bases/<name>/ with base.json and weights.safetensors.

Matrices may be stored as int8 with one float32 scale per output channel (`NAME.int8`, `NAME.scale`): weight = int8 *
scale. They become float32 when they are loaded, except for layers that can compute with them as they are. The members
of an ensemble share the matrices of a base.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from inspector.domain.errors import BundleError
from inspector.domain.model_card import Argument
from inspector.engine.codec import from_json
from inspector.engine.model.bundle import WEIGHTS
from inspector.engine.regular_file import open_regular
from inspector.engine.resources import models_folder

BASE_CARD = "base.json"
_MAX_CARD_BYTES = 64 * 1024

_Tensors = dict[str, torch.Tensor]

_shared: ContextVar[dict[tuple[str, str, tuple[str, ...]], _Tensors]] = ContextVar("shared")
"""What was loaded within `shared_bases`, by the base's name, its SHA-256 and the layers that kept int8 weights."""


@dataclass(frozen=True, slots=True)
class Base:
    """What base.json says: a timm architecture, the SHA-256 of its weights, normalisation of crops, and origin."""

    architecture: str
    sha256: str
    input_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    source: str
    licence: str
    args: dict[str, Argument] = field(default_factory=dict)  # of timm's constructor
    limits: tuple[str, ...] = ()  # what its makers advise against


def read_base(name: str) -> Base:
    """The card of the base called `name`. Raises BundleError if it is not installed or not readable."""
    path = base_folder(name) / BASE_CARD
    if not path.is_file():
        raise BundleError(f"The base network {name[:100]!r} is not installed under models/bases; copy it there.")
    try:
        if path.stat().st_size > _MAX_CARD_BYTES:
            raise ValueError("it is too large")
        return from_json(path.read_bytes(), Base)
    except (msgspec.DecodeError, ValueError, OSError) as error:
        raise BundleError(f"{path} is not a valid base card ({error}); copy the base again.") from error


def base_folder(name: str) -> Path:
    """The folder of a base. Raises BundleError for a name that is a path, since it comes from a bundle's card."""
    if not name or Path(name).name != name or name.startswith("."):
        raise BundleError(f"{name[:100]!r} is no name of a base network; use the bundle's own card.")
    return models_folder() / "bases" / name


@contextmanager
def shared_bases() -> Iterator[None]:
    """Within this context a base is read once, and the networks that load it share its matrices."""
    token = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(token)


def load_base(name: str, network: nn.Module, sha256: str, as_stored: Sequence[str] = ()) -> None:
    """Load the weights of the base `name` into `network`. Raises BundleError unless they are those of that SHA-256.

    Linear layers whose dotted name ends in one of `as_stored` keep int8 weights and get a buffer `scale`. Matrices may
    be shared (see `shared_bases`) and must not be changed in place. Vectors are the network's own: it may learn norms.
    """
    path = base_folder(name) / WEIGHTS
    loaded, key = _shared.get({}), (name, sha256, tuple(as_stored))
    try:
        if key not in loaded:
            loaded[key] = _read(path, name, network, sha256, as_stored)
        own = {at: value if value.ndim > 1 else value.clone() for at, value in loaded[key].items()}
        for layer, module in network.named_modules():
            if f"{layer}.weight.scale" in own:
                module.get_parameter("weight").requires_grad_(False)
                module.register_buffer("scale", own.pop(f"{layer}.weight.scale"), persistent=False)
        network.load_state_dict(own, assign=True)  # without another copy of 350 MB
    except (SafetensorError, RuntimeError, LookupError, OSError) as error:
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise BundleError(f"The base network {path} cannot be loaded ({why}); copy the base again.") from error


def _read(path: Path, name: str, network: nn.Module, sha256: str, as_stored: Sequence[str]) -> _Tensors:
    """The tensors of a base's file by name: int8 with a `NAME.scale` for layers of `as_stored`, else float32."""
    with open_regular(path) as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != sha256:
        raise BundleError(
            f"The bundle was made for the base network {name} with SHA-256 {sha256[:16]}…, the installed one has "
            f"{found[:16]}…; install the base that belongs to the bundle."
        )
    stored, kept = load_file(path), {}
    for layer, module in network.named_modules():
        weight = f"{layer}.weight"
        is_named = f".{layer}".endswith(tuple(f".{name}" for name in as_stored))
        if is_named and isinstance(module, nn.Linear) and f"{weight}.int8" in stored:
            kept[weight] = stored.pop(f"{weight}.int8").clone()
            kept[f"{weight}.scale"] = stored.pop(f"{weight}.scale").to(torch.float32, copy=True)
    return kept | dequantised(stored)


def dequantised(stored: _Tensors) -> _Tensors:
    """Tensors by name as float32; `NAME.int8` (out, in) and `NAME.scale` (out,) become `NAME`."""
    weights = {}
    for name, tensor in stored.items():
        if name.endswith(".int8"):
            plain = name.removesuffix(".int8")
            weights[plain] = tensor.float().mul_(stored[f"{plain}.scale"].float()[:, None])
        elif not name.endswith(".scale"):
            weights[name] = tensor.to(torch.float32, copy=True)  # else the whole file stays mapped, and in memory
    return weights
