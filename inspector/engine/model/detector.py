"""The detector: a bundle loaded on a device, which maps crops to logits and calibrated probabilities."""

from __future__ import annotations

import math
import platform
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from copy import deepcopy
from functools import partial
from hashlib import sha256
from threading import RLock
from typing import TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from inspector.domain.arrays import Floats, Image
from inspector.domain.errors import BundleError
from inspector.domain.known_models import is_known
from inspector.domain.model_card import ModelCard
from inspector.engine import activity
from inspector.engine.model.bundle import Bundle, check_weights, deep_bundle
from inspector.engine.model.calibration import probability
from inspector.engine.model.networks.budget import Budget
from inspector.engine.model.networks.flat import flatten, is_flat
from inspector.engine.model.networks.folded import fold
from inspector.engine.model.networks.int8 import has_fast_int8
from inspector.engine.model.passes import cores, in_passes
from inspector.engine.model.reference import check_reference, noise_crop
from inspector.engine.model.registry import LogitNetwork, build, layer, layer_owner, to_input
from inspector.engine.model.windows import Samples, WindowIndices

_MOST_TRIAL_BYTES = 32 * 1024**3  # sum of all tensors while one sample passes through the network
_T = TypeVar("_T")
Passed = Callable[[int], None]
"""Gets how many more crops are scored, from any thread."""
_CHUNK_PIXELS = 128 * 224**2  # of the crops that a network of windows processes at once
_MOST_SINGLE = 2000  # logits of single crops that are kept
# Crops in a pass on a CPU. More need blocks of memory that the C library takes from the system each time: the kernel
# clears their pages, which took as long as computing. A rest of one crop joins a pass, so that it is not alone.
_LEAST_PER_PASS = 2
_PER_FLAT_PASS = 8


class Detector:
    """The fake/real network of one bundle. The same batches on the same device give identical results.

    `deep` is the detector of the bundle's deep network, which sees some of the frames, or None. A network may still
    be tried; who needs it waits for that. If the GPU fails, the detector continues on the CPU and appends a sentence to
    `warnings`, which the caller empties.
    """

    def __init__(
        self,
        card: ModelCard,
        network: LogitNetwork | Future[LogitNetwork],
        device: torch.device,
        deep: Detector | None = None,
    ) -> None:
        self.card, self.device, self.deep = card, device, deep
        self.warnings: list[str] = [] if deep is None else deep.warnings
        self._failed = ""  # type of the device that failed
        self._single: dict[bytes, float] = {}  # logits of crops that were scored alone, by their SHA-256
        # On a GPU one pass at a time, so that a failure is one failure; on a CPU until the network is tried, and for
        # the kept logits.
        self._lock = RLock()
        self._network: LogitNetwork | None = None
        self._trying: Future[LogitNetwork] = network if isinstance(network, Future) else Future()
        if not isinstance(network, Future):
            self._place(network)

    @property
    def network(self) -> LogitNetwork:
        """The network on its device. Raises BundleError if it was tried meanwhile, and failed."""
        with self._lock if self._network is None else nullcontext():
            return self._network or self._place(self._trying.result())

    @property
    def is_refused(self) -> bool:
        """Whether a network was tried meanwhile, and failed."""
        has_failed = self._trying.done() and self._trying.exception() is not None
        return has_failed or (self.deep is not None and self.deep.is_refused)

    def wait_until_tried(self) -> None:
        """Raises BundleError if a network was tried meanwhile, and failed."""
        for each in (self, self.deep):
            if each is not None and each._network is None:
                each._trying.result()

    def _place(self, network: LogitNetwork) -> LogitNetwork:
        """The loaded network on the device."""
        network = network.eval().requires_grad_(False)
        network.register_forward_pre_hook(lambda *_: activity.note())  # a heat map may take many passes
        # Weights cannot be copied back from a failed GPU.
        self._spare = network if self.device.type == "cpu" else deepcopy(network)
        self._network = network
        self._network = self.on_device(lambda: self.network.to(self.device))
        return self._network

    @classmethod
    def load(cls, bundle: Bundle, device: str = "auto", *, with_deep: bool = True) -> Detector:
        """Check a bundle and load it on "cpu", "cuda", or "auto" (CUDA if available). Raises BundleError.

        A deep network that the bundle has is loaded too, unless `with_deep` is False.
        """
        second = deep_bundle(bundle) if with_deep else None
        # The card of a published bundle is known to fit into memory; of another one each operation is measured first.
        is_trusted = is_known(bundle.card)
        used = pick_device(device)
        keeps_int8 = used.type == "cpu" and has_fast_int8()
        read = partial(_network, keeps_int8=keeps_int8, is_trusted=is_trusted)
        check = partial(_checked, is_trusted=is_trusted)
        if second is None:
            return cls(bundle.card, check(read(bundle), bundle), used)
        # Both at once: one mostly reads and computes while the other mostly runs Python. The first frames are searched
        # while a published network is tried, but an analysis must not begin with a stranger's that cannot score.
        pool = ThreadPoolExecutor(1, thread_name_prefix="load")
        reading = pool.submit(read, second)
        trying = pool.submit(lambda: check(reading.result(), second))
        pool.shutdown(wait=False)
        network = check(read(bundle), bundle)
        reading.result()
        return cls(bundle.card, network, used, cls(second.card, trying if is_trusted else trying.result(), used))

    @property
    def device_name(self) -> str:
        """The device as text, for the report."""
        return device_text(self.device) + (f" after {self._failed} failed" if self._failed else "")

    def on_device(self, compute: Callable[[], _T]) -> _T:
        """Run `compute`; if the GPU fails, run it again on the CPU, which is used from then on.

        `compute` must read `network` and `device` from this detector each time.
        """
        with self._lock if self.device.type != "cpu" else nullcontext():
            found = self._on_device(compute)
        activity.note()
        return found

    def _on_device(self, compute: Callable[[], _T]) -> _T:
        device = self.device
        try:
            return compute()
        except RuntimeError as error:  # base of torch.AcceleratorError and torch.OutOfMemoryError
            if device.type == "cpu":
                raise
            if self.device == device:  # else another thread handled the failure
                self._fall_back_to_cpu(error)
        return compute()

    def _fall_back_to_cpu(self, error: RuntimeError) -> None:
        why = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        self.warnings.append(f"The GPU failed ({why}); the analysis continues on the CPU, which takes longer.")
        self._failed, self.device, self._network = self.device.type, torch.device("cpu"), self._spare

    @property
    def layer_name(self) -> str:
        """The layer of heat maps as text, with the ensemble member and the frame of the window that it belongs to."""
        frames = self.card.frames_per_sample
        parts = [
            layer_owner(self.network, self.card.target_layer),
            f"the scored one of {frames} frames" if frames > 1 else "",
        ]
        details = "; ".join(part for part in parts if part)
        return f"{self.card.target_layer} ({details})" if details else self.card.target_layer

    def to_input(self, crops: Image) -> torch.Tensor:
        """Crops uint8 (n, s, s, 3) RGB, or windows (n, k, s, s, 3), as float32 input on the device.

        A network of windows gets a single crop, such as that of a still, as a window of identical crops.
        """
        if self.network.takes_windows and crops.ndim == 4:
            crops = np.repeat(crops[:, None], self.card.frames_per_sample, axis=1)
        return to_input(crops, self.card.mean, self.card.std).to(self.device)

    def logits(self, crops: Image, passed: Passed = lambda _crops: None) -> Floats:
        """Logits float64 (n,), positive for fake, of crops uint8 (n, s, s, 3) RGB at the card's input size.

        A network of windows also accepts windows of crops (n, k, s, s, 3).
        """
        return self.on_device(lambda: self._logits(crops, passed)) if len(crops) else np.zeros(0)

    def single_logits(self, crops: Image, passed: Passed = lambda _crops: None) -> Floats:
        """The same as `logits`, one crop at a time, so that a crop's logit does not depend on those beside it.

        On a CPU each core scores one; a large network takes no longer for it. A crop that was scored so since `forget`
        has the same logit to the bit, which is not computed again. On a GPU the crops are scored together.
        """
        if not self.has_small_passes:
            return self.on_device(lambda: self._logits(crops, passed, singly=True)) if len(crops) else np.zeros(0)
        keys = [sha256(crop.tobytes()).digest() for crop in crops]
        kept = self._single  # other threads replace it
        known = {key: kept[key] for key in keys if key in kept}
        new = {key: crop for key, crop in zip(keys, crops, strict=True) if key not in known}
        passed(len(keys) - len(new))
        if new:
            logits = self.on_device(lambda: self._logits(np.stack(list(new.values())), passed, singly=True))
            known.update(zip(new, logits.tolist(), strict=True))
            with self._lock:
                self._single = dict(list((self._single | known).items())[-_MOST_SINGLE:])
        return np.array([known[key] for key in keys])

    def forget(self) -> None:
        """Compute all logits afresh from now on."""
        self._single = {}

    @property
    def has_small_passes(self) -> bool:
        """Whether a pass takes little memory and all cores are there to compute it, so that each core takes one."""
        takes_windows = self.network.takes_windows  # first: it may be moved to the GPU only now, which may fail
        return self.device.type == "cpu" and not takes_windows

    def _logits(self, crops: Image, passed: Passed, *, singly: bool = False) -> Floats:
        def one_pass(part: Image) -> Floats:
            logits = self._pass(part)
            passed(len(part))
            return logits

        if self.has_small_passes:
            bounds = range(1, len(crops)) if singly else self._bounds(len(crops))
            found = in_passes(one_pass, np.split(crops, bounds))
        else:
            found = [one_pass(crops)]
        return self._finite(np.concatenate(found))

    def _bounds(self, crops: int) -> list[int]:
        """Where the passes after the first one begin; a flat network has fewer and larger ones, but one for each core.

        At even numbers: the last bits of a product may depend on whether a crop is the first or second of two.
        """
        pairs = passes = max(crops // _LEAST_PER_PASS, 1)
        if is_flat(self.network.body):
            passes = min(pairs, max(math.ceil(crops / _PER_FLAT_PASS), cores()))
        return [2 * (k * pairs // passes) for k in range(1, passes)]

    def _pass(self, crops: Image) -> Floats:
        with torch.inference_mode():
            logits: Floats = self.network(self.to_input(crops)).double().cpu().numpy()
        return logits

    def window_logits(self, samples: Samples, passed: Passed = lambda _crops: None) -> Floats:
        """Logits float64 (n,) of windows that share crops; each crop of a chunk is processed once."""
        if not self.network.takes_windows:
            return self.logits(np.stack([samples.crops[at] for at in samples.indices[:, 0]]), passed)
        return self.on_device(lambda: self._window_logits(samples))

    def _window_logits(self, samples: Samples) -> Floats:
        found = []
        with torch.inference_mode():
            for rows in activity.each(self._chunks(samples.indices)):
                used, indices = np.unique(rows, return_inverse=True)
                crops = np.stack([samples.crops[at] for at in used])
                frames = to_input(crops, self.card.mean, self.card.std).to(self.device)
                where = torch.from_numpy(indices.reshape(rows.shape)).to(self.device)
                found.append(self.network.windows(frames, where).double().cpu().numpy())
        return self._finite(np.concatenate(found))

    def _finite(self, logits: Floats) -> Floats:
        if not np.isfinite(logits).all():  # of weights that are no numbers, which nothing later could tell from a score
            raise BundleError(f"The model {self.card.name[:100]} gives scores that are no numbers; use another bundle.")
        return logits

    def _chunks(self, indices: WindowIndices) -> Iterator[WindowIndices]:
        """Split windows into consecutive chunks with a limited number of different crops, which limits the memory."""
        most = max(indices.shape[1], _CHUNK_PIXELS // self.card.input_size**2)
        start, used = 0, set(indices[:1].flat)
        for row in range(1, len(indices)):
            used.update(indices[row])
            if len(used) > most:
                yield indices[start:row]
                start, used = row, set(indices[row])
        yield indices[start:]

    def frame_probability(self, logits: Floats) -> Floats:
        """Calibrated probabilities of single frames, float64 of the same shape as `logits`."""
        return probability(logits, self.card.calibration.frame)


def _network(bundle: Bundle, *, keeps_int8: bool, is_trusted: bool) -> LogitNetwork:
    """The network of a bundle with its weights, on the CPU, untried; `keeps_int8` as for `build`. Raises BundleError.

    Its convolutions contain the normalisations after them, on every device: an analysis whose GPU fails goes on with
    the same network.
    """
    check_weights(bundle)
    card = bundle.card
    network = build(
        card.architecture,
        card.architecture_args,
        has_random_weights=False,
        is_trusted=is_trusted,
        keeps_int8=keeps_int8,
    )
    try:
        weights = {k: v.float() if v.is_floating_point() else v for k, v in load_file(bundle.weights).items()}
        network.load_state_dict(weights)
    except (SafetensorError, RuntimeError, OSError) as error:
        why = str(error).splitlines()[0]
        raise BundleError(
            f"{bundle.weights} does not fit the network {card.architecture} ({why}); use the bundle's own card."
        ) from error
    layer(network, card.target_layer)
    fold(network, card.target_layer)
    flatten(network)
    return network


def _checked(network: LogitNetwork, bundle: Bundle, *, is_trusted: bool) -> LogitNetwork:
    """The network, which has scored a crop of noise. Raises BundleError if it cannot, or not as the card states."""
    card = bundle.card
    frames, size = card.frames_per_sample, card.input_size
    if frames > 1 and not network.takes_windows:
        raise BundleError(
            f"{bundle.weights.parent} scores {frames} frames at once, but its network {card.architecture} takes "
            "single frames; use the bundle's own card."
        )
    crop = noise_crop(card.reference.seed if card.reference else 0, size)
    try:
        with nullcontext() if is_trusted else Budget(_MOST_TRIAL_BYTES), torch.inference_mode():
            sample = to_input(crop, card.mean, card.std)
            if network.takes_windows:
                sample = sample[:, None].repeat(1, frames, 1, 1, 1)
            out = network.eval()(sample)
        if out.shape != (1,):
            raise ValueError(f"it returns {out.numel()} values for one sample")
        if not torch.isfinite(out).all():
            raise ValueError("its score is no number")
    except Exception as error:
        # Whatever a network raises for the card's sizes, the bundle is at fault.
        why = (str(error).splitlines() or [type(error).__name__])[0][:300]
        raise BundleError(
            f"{bundle.weights.parent} cannot score crops of {size} pixels ({why}); use the bundle's own card."
        ) from error
    check_reference(card, float(out), str(bundle.weights.parent))
    return network


def device_text(device: torch.device) -> str:
    """A device with what can move its numbers: the GPU's name, or the CPU's instructions and the number of threads."""
    if device.type == "cuda":
        return f"cuda ({torch.cuda.get_device_name(device)})"
    instructions = torch.backends.cpu.get_cpu_capability() + (" with VNNI" if has_fast_int8() else "")
    return f"cpu ({platform.machine()}, {instructions}, {torch.get_num_threads()} threads)"


def pick_device(wanted: str) -> torch.device:
    """The torch device for "auto", "cpu" or "cuda". Raises BundleError when CUDA is asked for and absent."""
    if wanted == "cuda" and not torch.cuda.is_available():
        raise BundleError("The device cuda was requested, but no usable CUDA GPU was found; choose cpu or auto.")
    if wanted == "cuda" or (wanted == "auto" and torch.cuda.is_available()):
        torch.backends.cudnn.benchmark = False
        torch.backends.cudnn.deterministic = True
        return torch.device("cuda")
    return torch.device("cpu")
