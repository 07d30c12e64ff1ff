"""Class activation maps of a scored crop, and the deletion check that measures whether they are meaningful.

GradCAM (Selvaraju et al., ICCV 2017), GradCAM++ (Chattopadhay et al., WACV 2018), LayerCAM (Jiang et al., TIP 2021) and
EigenCAM (Muhammad and Yeasin, IJCNN 2020), all from the grad-cam package, before its min-max normalisation.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from math import isqrt
from typing import Any

import cv2
import numpy as np
import torch

from inspector.domain.arrays import Floats, Floats32, Image
from inspector.domain.errors import BundleError
from inspector.engine.bare_packages import bare_packages
from inspector.engine.model.detector import Detector
from inspector.engine.model.passes import in_passes
from inspector.engine.model.registry import explained_logit, layer
from inspector.engine.model.windows import scored_index

_CLASSES = {
    "GradCAM": ("grad_cam", "GradCAM"),
    "GradCAM++": ("grad_cam_plusplus", "GradCAMPlusPlus"),
    "LayerCAM": ("layer_cam", "LayerCAM"),
    "EigenCAM": ("eigen_cam", "EigenCAM"),
}
_UNUSED = {  # what its modules import for drawing, for other methods and for classes
    "pytorch_grad_cam.utils.image": ["scale_cam_image"],
    "pytorch_grad_cam.utils.model_targets": ["ClassifierOutputTarget"],
    "sklearn.decomposition": ["KernelPCA"],
}


def _methods() -> dict[str, Any]:
    """The classes of grad-cam by the names of the methods.

    The whole package imports scikit-learn, Matplotlib, torchvision and with it torch's compiler: three seconds.
    """
    try:
        with bare_packages(["pytorch_grad_cam", "pytorch_grad_cam.utils"], unused=_UNUSED):
            return {
                name: getattr(import_module(f"pytorch_grad_cam.{file}"), title)
                for name, (file, title) in _CLASSES.items()
            }
    except (ImportError, AttributeError):  # another version, with its parts in other places
        import pytorch_grad_cam

        return {name: getattr(pytorch_grad_cam, title) for name, (_, title) in _CLASSES.items()}


METHODS = _methods()

_RANDOM_TENTHS = 16
_HOTTEST_SHARE = 0.1


def cam_values(detector: Detector, sample: Image, method: str) -> Floats32:
    """The map of one crop uint8 (s, s, 3) RGB: float32 (h, w), non-negative, at the target layer's resolution.

    For a window of crops (k, s, s, 3) it is the map of the scored crop, summed over all its positions in the window.
    The scale is that of the logit's gradient and comparable between crops for one network and method. Raises KeyError
    for an unknown method, BundleError if the card's target layer has no maps.
    """
    return detector.on_device(lambda: _cam_values(detector, sample, method))


def several_cams(detector: Detector, samples: Sequence[Image], method: str) -> list[Floats32]:
    """`cam_values` of several samples, on a CPU each on one core; a single one has all of them."""
    if len(samples) == 1 or not detector.has_small_passes:
        return [cam_values(detector, sample, method) for sample in samples]
    return in_passes(lambda sample: cam_values(detector, sample, method), samples)


def _cam_values(detector: Detector, sample: Image, method: str) -> Floats32:
    name = detector.card.target_layer
    target = layer(detector.network, name)
    made = METHODS[method](model=detector.network, target_layers=[], reshape_transform=_as_maps)
    x = detector.to_input(sample[None])
    with _graph_from(target) as output, torch.enable_grad():
        logit = explained_logit(detector.network, name, x)
        gradient = None
        if made.uses_gradients and output and logit.requires_grad:
            (gradient,) = torch.autograd.grad(logit.sum(), output, allow_unused=True)
    if not output or (made.uses_gradients and gradient is None):
        raise BundleError(f"The layer {name!r} does not affect the score; the card needs another target layer.")
    activations = _as_maps(output[0]).detach().cpu().numpy()
    gradients = None if gradient is None else _as_maps(gradient).cpu().numpy()
    maps = made.get_cam_image(x, target, [], activations, gradients, eigen_smooth=False)
    if len(maps) == 1:
        raw = maps[0]
    elif made.uses_gradients:
        raw = maps[_copies(sample) if sample.ndim == 4 else slice(None)].sum(axis=0)
    else:
        raw = maps[scored_index(len(maps))]
    if method == "EigenCAM" and raw.sum() < 0:
        # The sign of a principal component is arbitrary; the one with the larger sum is used.
        raw = -raw
    return np.asarray(np.maximum(raw, 0), dtype=np.float32)


@contextmanager
def _graph_from(target: torch.nn.Module) -> Iterator[list[torch.Tensor]]:
    """Let the gradient's graph begin at a layer's output: what lies before it needs neither its memory nor its time.

    Gives a list that takes up this output. Only the first call of the layer is cut off, so that a layer that is applied
    to its own result keeps its gradient, and only in this thread, since others may score meanwhile.
    """
    cut_off: list[torch.Tensor] = []
    thread = threading.get_ident()

    def cut(_module: torch.nn.Module, _inputs: object, output: torch.Tensor) -> torch.Tensor:
        if cut_off or threading.get_ident() != thread:
            return output
        cut_off.append(output.detach().requires_grad_(True))
        # A copy, because the network may change the layer's output in place, which torch forbids on a graph's leaf.
        return cut_off[0].clone()

    handle = target.register_forward_hook(cut)
    try:
        yield cut_off
    finally:
        handle.remove()


def _as_maps(output: torch.Tensor) -> torch.Tensor:
    """A layer's output as maps (n, c, h, w), from that shape, (n, h, w, c) of Swin, or tokens (n, t, c) of ViT.

    Maps are square, as crops are. Tokens in excess of a square are class tokens, which come first.
    """
    if output.ndim == 4 and output.shape[1] == output.shape[2] != output.shape[3]:
        return output.permute(0, 3, 1, 2)
    if output.ndim == 3:
        side = isqrt(output.shape[1])
        return output[:, output.shape[1] - side**2 :].transpose(1, 2).reshape(len(output), -1, side, side)
    if output.ndim != 4:
        raise BundleError("The card's target layer has no maps to show; the bundle needs another target layer.")
    return output


def _copies(window: Image) -> list[int]:
    """All positions of the scored crop in a window uint8 (k, s, s, 3); there are several at the ends of a track."""
    scored = window[scored_index(len(window))]
    return [at for at, crop in enumerate(window) if np.array_equal(crop, scored)]


@dataclass(frozen=True, slots=True)
class DeletionCheck:
    """The decrease of the logit when a tenth of the crop is blurred: the hottest tenth, or random ones (mean)."""

    hottest: float
    random: float

    @classmethod
    def of(cls, logits: Floats) -> DeletionCheck:
        """From the logits of `blurred_tenths`.

        This is the deletion metric of Petsiuk et al. (RISE, BMVC 2018) with blur instead of black.
        """
        drops = logits[0] - logits[1:]
        return cls(float(drops[0]), float(drops[1:].mean()))


def blurred_tenths(sample: Image, values: Floats32, randoms: int = _RANDOM_TENTHS) -> Image:
    """A crop uint8 (s, s, 3) as it is, with its hottest tenth blurred, and with the same shape at random positions.

    uint8 (2 + randoms, s, s, 3). In a window of crops (k, s, s, 3) only the scored one is blurred. Deterministic.
    """
    crop = sample if sample.ndim == 3 else sample[scored_index(len(sample))]
    size = crop.shape[0]
    heat = cv2.resize(values, (size, size), interpolation=cv2.INTER_LINEAR)
    order = np.argsort(heat, axis=None, kind="stable")
    mask = np.zeros(size * size, dtype=bool)
    mask[order[-max(1, int(_HOTTEST_SHARE * size * size)) :]] = True
    mask = mask.reshape(size, size)
    blurred = cv2.GaussianBlur(crop, (0, 0), size / 16)
    rng = np.random.default_rng(0)
    shifts = rng.integers(0, size, (randoms, 2))
    masks = [mask, *(np.roll(mask, (int(dy), int(dx)), axis=(0, 1)) for dy, dx in shifts)]
    variants = np.stack([crop, *(np.where(m[..., None], blurred, crop) for m in masks)]).astype(np.uint8)
    if sample.ndim == 3:
        return variants
    windows = np.repeat(sample[None], len(variants), axis=0)
    windows[:, _copies(sample)] = variants[:, None]
    return windows
