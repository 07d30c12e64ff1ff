"""Network constructors by name, and the input tensor; training and the engine use the same code for both."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from inspector.domain.arrays import Image
from inspector.domain.errors import BundleError
from inspector.engine.model.bases import load_base, read_base, shared_bases
from inspector.engine.model.card_check import check_arguments
from inspector.engine.model.networks.budget import Budget
from inspector.engine.model.networks.convolutional import Cnn, CnnGanStills, MesoInception4
from inspector.engine.model.networks.lora import LORA_LAYERS, LoraClassifier, to_float
from inspector.engine.model.networks.probe import BlockProbe
from inspector.engine.model.networks.timm_networks import timm_network
from inspector.engine.model.networks.wrappers import (
    CloseLook,
    DenseHead,
    EarlyStages,
    Ensemble,
    FrameLstm,
    HighPass,
    Patches,
    takes_windows,
    windowed,
)

Arguments = Mapping[str, Any]
"""Constructor arguments as JSON: strings, numbers, booleans, and lists and tables of them."""

_MOST_BYTES = 2 * 1024**3  # sum of all tensors during construction; a ViT-L needs 1.2 GB

_NEVER_FROM_A_CARD = {
    "pretrained", "pretrained_cfg", "pretrained_cfg_overlay", "pretrained_strict", "checkpoint_path", "cache_dir",
}  # fmt: skip


def build(
    architecture: str,
    args: Arguments,
    *,
    has_random_weights: bool = True,
    is_trusted: bool = False,
    keeps_int8: bool = False,
) -> LogitNetwork:
    """Build a network with random weights that maps float32 (n, 3, s, s) to logits (n,), positive for fake.

    Without `has_random_weights` they are arbitrary, which is faster: the caller loads all of them next. The memory that
    `is_trusted` arguments may take is not limited, which is faster too. With `keeps_int8`, a base that is stored as
    int8 stays so, for a CPU of which `has_fast_int8` is true, and cannot be trained.

    A network with `takes_windows` maps windows of frames (n, k, 3, s, s). `architecture` is a key of ARCHITECTURES or a
    timm model; `args` are passed to its constructor. Nothing is downloaded. The weights of the head are scaled down, so
    that initial probabilities are near 0.5. Raises BundleError for unknown names or arguments and for oversized
    networks.
    """
    try:
        check_arguments(args)
        with Budget(None if is_trusted else _MOST_BYTES, draws_random=has_random_weights):
            with shared_bases():
                body = _body(architecture, args)
            if not keeps_int8:
                to_float(body)
    except BundleError:  # of a shared base, which says itself what is wrong
        raise
    except Exception as error:
        # Whatever a constructor raises for the card's arguments, the bundle is at fault.
        why = (str(error).splitlines() or [type(error).__name__])[0][:300]
        raise BundleError(
            f"The network {architecture[:100]!r} with arguments {reprlib.repr(dict(args))} cannot be built ({why}); "
            "use a bundle that was made for this version."
        ) from error
    return LogitNetwork(body).to(memory_format=torch.channels_last)


def _body(architecture: str, args: Arguments) -> Any:
    """A network with output (n, 1), by its key in ARCHITECTURES or its timm name."""
    body: Any = (
        ARCHITECTURES[architecture](**args)
        if architecture in ARCHITECTURES
        else _timm(architecture, {"num_classes": 1, **args})
    )
    head = getattr(body, "head", None) if architecture in ARCHITECTURES else body.get_classifier()
    if isinstance(head, nn.Linear | nn.Conv2d):
        # Some of timm's one-class heads start with weights near 1, which gives an initial loss of 4.
        with torch.no_grad():
            head.weight.mul_(0.01)
            if head.bias is not None:
                head.bias.zero_()
    return body


def _timm(architecture: str, args: Arguments) -> Any:
    """A timm network with random weights."""
    # A card may be malicious: no hub address or checkpoint path is accepted, so nothing is downloaded or unpickled.
    if not _NEVER_FROM_A_CARD.isdisjoint(args):
        raise ValueError("forbidden argument")
    return timm_network(architecture, args)


def _features(architecture: str, args: Arguments | None) -> tuple[nn.Module, int]:
    """A timm network without its classifier, and the number of its pooled features."""
    body = _timm(architecture, {**(args or {}), "num_classes": 0})
    return body, int(getattr(body, "head_hidden_size", None) or body.num_features)


def _dense_head(
    body: str, body_args: Arguments | None = None, dense: int = 256, dropout: float = 0.5, in_chans: int = 3
) -> nn.Module:
    return DenseHead(*_features(body, {**(body_args or {}), "in_chans": in_chans}), dense, dropout)


def _patches(
    body: str,
    body_args: Arguments | None = None,
    stages: int = 3,
    width: int = 128,
    dropout: float = 0.2,
    in_chans: int = 3,
) -> nn.Module:
    whole = _timm(body, {**(body_args or {}), "num_classes": 0, "in_chans": in_chans})
    return Patches(EarlyStages(whole, stages), width, dropout)


def _cnn_lstm(
    body: str = "resnet18",
    body_args: Arguments | None = None,
    hidden: int = 128,
    dropout: float = 0.5,
    in_chans: int = 3,
) -> nn.Module:
    return FrameLstm(*_features(body, {**(body_args or {}), "in_chans": in_chans}), hidden, dropout)


def _high_pass(architecture: str, args: Arguments | None = None, residuals: str = "srm") -> nn.Module:
    return HighPass(_body(architecture, {**(args or {}), "in_chans": 6}), residuals)


def _close_look(architecture: str, args: Arguments | None = None, share: float = 0.8) -> nn.Module:
    return CloseLook(_body(architecture, args or {}), share)


def _lora(
    base: str,
    base_sha256: str,
    rank: int = 16,
    layers: Sequence[str] = LORA_LAYERS,
    scale: float = 20.0,
    dropout: float = 0.2,
    drop_path_rate: float = 0.0,
) -> nn.Module:
    body = _base(base, base_sha256, layers, drop_path_rate=drop_path_rate)
    return LoraClassifier(body, int(body.num_features), rank, layers, scale, dropout)


def _probe(
    base: str, base_sha256: str, class_blocks: Sequence[int] = (), border_blocks: Sequence[int] = ()
) -> nn.Module:
    return BlockProbe(_base(base, base_sha256, LORA_LAYERS), class_blocks, border_blocks)


def _base(name: str, sha256: str, as_stored: Sequence[str], **args: Any) -> Any:
    """The base `name` without a classifier, with its weights; `as_stored` as for `load_base`."""
    card = read_base(name)
    with torch.device("meta"):  # without memory: the stored weights take the place of those of a new network
        body = _timm(card.architecture, {**card.args, "num_classes": 0, **args})
    load_base(name, body, sha256, as_stored=as_stored)
    return body


def _ensemble(members: Sequence[Mapping[str, Any]]) -> nn.Module:
    if not members:
        raise ValueError("an ensemble has 1 member or more")
    if any(set(member) - {"architecture", "args"} for member in members):
        raise ValueError("a member has an architecture and args, nothing else")
    names = [member["architecture"] for member in members]
    return Ensemble([_body(n, m.get("args", {})) for n, m in zip(names, members, strict=True)], names)


ARCHITECTURES: dict[str, Callable[..., nn.Module]] = {
    "cnn": Cnn,
    "cnn_gan_stills": CnnGanStills,
    "dense_head": _dense_head,
    "patches": _patches,
    "mesoinception4": MesoInception4,
    "cnn_lstm": _cnn_lstm,
    "high_pass": _high_pass,
    "close_look": _close_look,
    "ensemble": _ensemble,
    "lora": _lora,
    "probe": _probe,
}
"""Constructors of architectures that timm does not have, by their name in model cards."""


class LogitNetwork(nn.Module):
    """The network `body` with its output (n, 1) flattened to (n,)."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.takes_windows = takes_windows(body)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """float32 (n, 3, s, s), or (n, k, 3, s, s) if `takes_windows`, to float32 (n,)."""
        logits: torch.Tensor = self.body(x)
        return logits.flatten()

    def windows(self, frames: torch.Tensor, indices: torch.Tensor) -> torch.Tensor:
        """Logits (n,) of overlapping windows: frames float32 (m, 3, s, s); window i is frames[indices[i]]."""
        return windowed(self.body, frames, indices).flatten()


def layer(network: nn.Module, name: str) -> nn.Module:
    """The submodule `name` (a dotted path, as in `named_modules`). Raises BundleError if there is none."""
    modules: dict[str, Any] = dict(network.named_modules())
    if name not in modules:
        raise BundleError(f"The network has no layer {name!r}; the bundle's card was made for another architecture.")
    return modules[name]  # type: ignore[no-any-return]


def layer_owner(network: nn.Module, name: str) -> str:
    """The ensemble member that the layer `name` belongs to, as text; "" for a layer outside ensembles."""
    found = _member(network, name)
    if found is None:
        return ""
    owner, number = found
    return f"member {number + 1} of {len(owner.names)}, {owner.names[number]}, alone"


def explained_logit(network: LogitNetwork, name: str, x: torch.Tensor) -> torch.Tensor:
    """The part of the logit that the layer `name` affects, float32 (n,): of an ensemble, the share of one member.

    The other members cannot change the layer's gradient, so they are not computed.
    """
    found = _member(network, name)
    if found is None or found[0] is not network.body:
        whole: torch.Tensor = network(x)
        return whole
    owner, number = found
    return owner.share(number, x).flatten()


def _member(network: nn.Module, name: str) -> tuple[Ensemble, int] | None:
    """The outermost ensemble that contains the layer `name`, and the number of the member that does; else None."""
    path = ""
    for part in name.split("."):
        module = network.get_submodule(path)
        if isinstance(module, nn.ModuleList) and part.isdigit():
            owner = network.get_submodule(path.rpartition(".")[0])
            if isinstance(owner, Ensemble):
                return owner, int(part)
        path = f"{path}.{part}" if path else part
    return None


def to_input(crops: Image, mean: Sequence[float], std: Sequence[float]) -> torch.Tensor:
    """Normalise crops uint8 (n, s, s, 3) RGB to float32 (n, 3, s, s), channels_last.

    Windows of crops, uint8 (n, k, s, s, 3), become float32 (n, k, 3, s, s).
    """
    flat = np.ascontiguousarray(crops).reshape(-1, *crops.shape[-3:])
    x = torch.from_numpy(flat).permute(0, 3, 1, 2).to(torch.float32)
    scale = torch.tensor([1 / (255 * s) for s in std]).view(1, 3, 1, 1)
    shift = torch.tensor([-m / s for m, s in zip(mean, std, strict=True)]).view(1, 3, 1, 1)
    whole = torch.addcmul(shift, x, scale).contiguous(memory_format=torch.channels_last)
    return whole.view(*crops.shape[:-3], *whole.shape[1:])
