"""Where the network looked: raw class activation maps of a stored crop, and the check whether they point at anything.

GradCAM (Selvaraju et al., ICCV 2017), GradCAM++ (Chattopadhay et al., WACV 2018), LayerCAM (Jiang et al., TIP 2021) and
EigenCAM (Muhammad and Yeasin, IJCNN 2020), all from the grad-cam package, taken before its own min-max stretch.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch
from pytorch_grad_cam import EigenCAM, GradCAM, GradCAMPlusPlus, LayerCAM

from inspector.engine.detector import Detector
from inspector.engine.network import layer

METHODS = {"GradCAM": GradCAM, "GradCAM++": GradCAMPlusPlus, "LayerCAM": LayerCAM, "EigenCAM": EigenCAM}

_RANDOM_TENTHS = 16
_HOTTEST_SHARE = 0.1


class _FakeLogit:
    """The target that is explained: the fake logit itself."""

    def __call__(self, output: torch.Tensor) -> torch.Tensor:
        return output


def cam_values(detector: Detector, crop: npt.NDArray[np.uint8], method: str) -> npt.NDArray[np.float32]:
    """The raw map of one crop uint8 (s, s, 3) RGB: float32 (h, w) at the target layer's own resolution, not negative.

    Its scale is that of the logit's gradient, comparable between crops of one network and method.
    Raises KeyError for an unknown method.
    """
    x = detector.to_input(crop[None])
    target = layer(detector.network, detector.card.target_layer)
    with METHODS[method](model=detector.network, target_layers=[target]) as cam, torch.enable_grad():
        x.requires_grad_(True)
        logit = cam.activations_and_grads(x)
        if cam.uses_gradients:
            detector.network.zero_grad()
            logit.sum().backward()
        activations = cam.activations_and_grads.activations[0].detach().cpu().numpy()
        gradients = cam.activations_and_grads.gradients[0].cpu().numpy() if cam.uses_gradients else None
        raw = cam.get_cam_image(x, target, [_FakeLogit()], activations, gradients, eigen_smooth=False)[0]
    if method == "EigenCAM" and raw.sum() < 0:
        # A principal component has no sign of its own; the side with the greater mass is taken as hot.
        raw = -raw
    return np.asarray(np.maximum(raw, 0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class DeletionCheck:
    """How far the logit falls when a tenth of the crop is blurred: the hottest tenth, and random ones (mean)."""

    hottest: float
    random: float


def deletion_check(detector: Detector, crop: npt.NDArray[np.uint8], values: npt.NDArray[np.float32]) -> DeletionCheck:
    """Blur the hottest tenth of `crop` uint8 (s, s, 3) and compare with the same shape shifted to random places.

    After the deletion metric of Petsiuk et al. (RISE, BMVC 2018), with blur in place of black. Deterministic.
    """
    size = crop.shape[0]
    heat = cv2.resize(values, (size, size), interpolation=cv2.INTER_LINEAR)
    order = np.argsort(heat, axis=None, kind="stable")
    mask = np.zeros(size * size, dtype=bool)
    mask[order[-max(1, int(_HOTTEST_SHARE * size * size)) :]] = True
    mask = mask.reshape(size, size)
    blurred = cv2.GaussianBlur(crop, (0, 0), size / 16)
    rng = np.random.default_rng(0)
    shifts = rng.integers(0, size, (_RANDOM_TENTHS, 2))
    masks = [mask, *(np.roll(mask, (int(dy), int(dx)), axis=(0, 1)) for dy, dx in shifts)]
    variants = np.stack([crop, *(np.where(m[..., None], blurred, crop) for m in masks)]).astype(np.uint8)
    logits = detector.logits(variants)
    drops = logits[0] - logits[1:]
    return DeletionCheck(float(drops[0]), float(drops[1:].mean()))
