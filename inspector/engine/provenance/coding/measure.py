"""Measures each decoded frame for the coding history, while it is in memory anyway; keeps only the frame before it."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.domain.arrays import Flags, Floats32, Image
from inspector.domain.clip import Frame
from inspector.domain.observations.coding import SERIES, TYPES
from inspector.engine.provenance.coding.perceptual import LEAST_CONTENT, perceptual_hash

_BLOCK = 16  # pixels: the size of a macroblock
_STRIP = 16  # rows of blocks that are compared at once: as float32 a whole picture of 8 Mpx takes 33 MB
_SMALL = 160, 90  # what the change and the brightness are measured on
_COMBED_ROWS = 240  # combing is measured on about so many rows


class FrameMeasurer:
    """Measures frames in display order. Give it all of them: change and unchanged area are against the frame before."""

    def __init__(self) -> None:
        self._grey: Image | None = None
        self._small: Image | None = None

    def prime(self, image: Image) -> None:
        """Take over the frame before the next one, uint8 (H, W, 3) RGB, as `measure` does, without measuring it."""
        self._grey = _grey(image)
        self._small = cv2.resize(self._grey, _SMALL, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]

    def measure(self, frame: Frame) -> tuple[float, ...]:
        """The values of SERIES for a frame."""
        before, small_before = self._grey, self._small
        self.prime(frame.image)
        assert self._grey is not None
        assert self._small is not None
        change = unchanged = quiet = median = float("nan")
        if before is not None and small_before is not None and before.shape == self._grey.shape:
            change = float(cv2.absdiff(self._small, small_before).mean())
            unchanged, quiet, median = _block_changes(self._grey, before)
        values = (
            float("nan") if frame.packet_bytes is None else float(frame.packet_bytes),
            float(TYPES.index(frame.picture_type) if frame.picture_type in TYPES else 0),
            float("nan") if frame.quantiser is None else frame.quantiser,
            change,
            unchanged,
            float(self._small.mean()),
            combing(self._grey),
            _percent(frame.intra_share),
            _percent(frame.past_share),
            _percent(frame.future_share),
            quiet,
            median,
        )
        assert len(values) == len(SERIES)
        return values

    def hash(self) -> int | None:
        """The perceptual hash of the frame that was measured last; None for one without content, such as black."""
        assert self._small is not None
        return perceptual_hash(self._small) if self._small.std() >= LEAST_CONTENT else None


def _grey(image: Image) -> Image:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def _percent(share: float | None) -> float:
    return float("nan") if share is None else 100.0 * share


def _block_changes(grey: Image, before: Image) -> tuple[float, float, float]:
    """The share in % of blocks in which no pixel changed: the decoder copied them; and the change, in grey levels, that
    a tenth and half of all blocks do not exceed."""
    height, width = (side // _BLOCK for side in grey.shape)
    if not height or not width:
        return float("nan"), float("nan"), float("nan")
    is_changed, means = np.empty((height, width), np.bool_), np.empty((height, width), np.float32)
    for top in range(0, height, _STRIP):
        strip = slice(top, min(top + _STRIP, height))
        is_changed[strip], means[strip] = _strip_changes(grey, before, strip, width)
    order = np.sort(means, axis=None)
    return 100.0 * float(np.mean(~is_changed)), float(order[len(order) // 10]), float(order[len(order) // 2])


def _strip_changes(grey: Image, before: Image, strip: slice, width: int) -> tuple[Flags, Floats32]:
    """Which blocks of some rows of blocks changed, bool (h, width), and their mean change, float32 (h, width)."""
    height = strip.stop - strip.start
    pixels = slice(strip.start * _BLOCK, strip.stop * _BLOCK), slice(width * _BLOCK)
    change = cv2.absdiff(grey[pixels], before[pixels])
    # Sixteen pixels are two words of 64 bits: a row of a block is compared with 0 in two steps.
    words = np.ascontiguousarray(change).view(np.uint64).reshape(height, _BLOCK, 2 * width)
    is_changed = np.bitwise_or.reduce(words, axis=1).reshape(height, width, 2).any(axis=2)
    means = cv2.resize(change.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    return is_changed, np.asarray(means, np.float32)


def combing(grey: Image) -> float:
    """How much a row differs from both its neighbours, over how much these differ from each other; (H, W) uint8.

    About 0.5 in pictures that were taken at one moment; above 1 where the fields of two moments alternate.
    """
    step = max(grey.shape[0] // _COMBED_ROWS, 1)
    if len(grey) < 4:
        return float("nan")
    above, own, below = (np.ascontiguousarray(grey[at : len(grey) - 2 + at : step]) for at in range(3))
    across = float(cv2.absdiff(above, below).mean())
    between = 0.5 * float(cv2.absdiff(above, own).mean() + cv2.absdiff(own, below).mean())
    return between / max(across, 0.25)
