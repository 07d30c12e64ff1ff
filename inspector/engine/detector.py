"""A loaded bundle on a device: crops in, logits and calibrated probabilities out."""

from __future__ import annotations

import platform

import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from inspector.domain.errors import BundleError
from inspector.domain.model_card import ModelCard
from inspector.engine.assets import Bundle, check_weights
from inspector.engine.network import build, layer, to_input
from inspector.engine.segments import probability


class Detector:
    """The fake/real network of one bundle. Same crops in the same batches on the same device give the same bits."""

    def __init__(self, card: ModelCard, network: torch.nn.Module, device: torch.device) -> None:
        self.card = card
        self.device = device
        self.network = network.to(device).eval().requires_grad_(False)

    @classmethod
    def load(cls, bundle: Bundle, device: str = "auto") -> Detector:
        """Check and load a bundle onto "cpu", "cuda", or whichever is there ("auto"). Raises BundleError."""
        check_weights(bundle)
        card = bundle.card
        network = build(card.architecture, card.architecture_args)
        try:
            weights = {k: v.float() if v.is_floating_point() else v for k, v in load_file(bundle.weights).items()}
            network.load_state_dict(weights)
        except (SafetensorError, RuntimeError, OSError) as error:
            why = str(error).splitlines()[0]
            raise BundleError(
                f"{bundle.weights} does not fit the network {card.architecture} ({why}); use the bundle's own card."
            ) from error
        layer(network, card.target_layer)
        return cls(card, network, pick_device(device))

    @property
    def device_name(self) -> str:
        """The device in words, as the report names it."""
        if self.device.type == "cuda":
            return f"cuda ({torch.cuda.get_device_name(self.device)})"
        return f"cpu ({platform.machine()}, {torch.get_num_threads()} threads)"

    def to_input(self, crops: npt.NDArray[np.uint8]) -> torch.Tensor:
        """Crops uint8 (n, s, s, 3) RGB at the card's input size as the network's input on its device."""
        return to_input(crops, self.card.mean, self.card.std).to(self.device)

    def logits(self, crops: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        """Raw scores of crops uint8 (n, s, s, 3) RGB at the card's input size, float64 (n,); fake is positive."""
        if len(crops) == 0:
            return np.zeros(0)
        with torch.inference_mode():
            out: npt.NDArray[np.float64] = self.network(self.to_input(crops)).double().cpu().numpy()
        return out

    def frame_probability(self, logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Calibrated probabilities of single frames, float64 of the same shape."""
        return probability(logits, self.card.calibration.frame)


def pick_device(wanted: str) -> torch.device:
    """The torch device for "auto", "cpu" or "cuda". Raises BundleError when CUDA is asked for and absent."""
    if wanted == "cuda" and not torch.cuda.is_available():
        raise BundleError("The device cuda was asked for, but no usable CUDA GPU was found; choose cpu or auto.")
    if wanted == "cuda" or (wanted == "auto" and torch.cuda.is_available()):
        torch.backends.cudnn.benchmark = False
        torch.backends.cudnn.deterministic = True
        return torch.device("cuda")
    return torch.device("cpu")
