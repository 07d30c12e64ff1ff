"""Networks of timm by their name. The families that published bundles use are loaded without the rest of timm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any

from torch import nn

from inspector.engine.bare_packages import bare_packages

_FAMILIES = ("efficientnet", "vision_transformer")  # modules of timm.models; MobileNets are in the first
_PACKAGES = ("timm", "timm.models", "timm.data", "torchvision", "torchvision.ops")
_ABSENT = ("huggingface_hub", "torchvision.models")

_importing = Lock()  # the networks of a bundle are built in two threads

_Library = tuple[Callable[..., nn.Module], Callable[[str], bool]]
"""timm's constructor, and what tells whether it knows a name."""


def timm_network(architecture: str, args: Mapping[str, Any]) -> Any:
    """A timm network with random weights. Raises ValueError for an unknown name; nothing is downloaded."""
    for library in (_families, _whole):
        with _importing:
            create, is_known = library()
        if is_known(architecture):
            return create(architecture, **args, pretrained=False)
    raise ValueError("unknown name or forbidden argument")


def load_families() -> None:
    """Import the modules of the published bundles' families."""
    with _importing:
        _families()


@cache
def _families() -> _Library:
    """Some modules of timm alone.

    The whole of timm compiles functions when it is imported, and takes a class of torchvision. Each loads torch's
    compiler with sympy, Triton and torch.distributed: 1.5 s of processor time and 165 MB, none of it used here.
    """
    try:
        with bare_packages(_PACKAGES, _ABSENT):
            constants = vars(import_module("timm.data.constants"))
            vars(import_module("timm.data")).update({name: constants[name] for name in constants if name.isupper()})
            vars(import_module("timm"))["__version__"] = import_module("timm.version").__version__
            for family in _FAMILIES:
                import_module(f"timm.models.{family}")
            create = import_module("timm.models._factory").create_model
            return create, import_module("timm.models._registry").is_model
    except (ImportError, AttributeError):  # another version of timm, with its parts in other places
        return _whole()


def _whole() -> _Library:
    import timm

    return timm.create_model, timm.is_model
