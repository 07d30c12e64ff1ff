"""The array types that the program passes around, each with its dtype and what its axes mean."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# uint8 (H, W, 3) RGB, or a stack (N, H, W, 3), or one channel (H, W) where the docstring says so.
Image = npt.NDArray[np.uint8]

# float64, of the shape that the docstring gives.
Floats = npt.NDArray[np.float64]

# float32, of the shape that the docstring gives: lookup tables, class activation maps.
Floats32 = npt.NDArray[np.float32]

# float32 (N, 2) or (N, 3), pixels of the image that they belong to: face landmarks.
Points = npt.NDArray[np.float32]

# float32 (H, W), 0..1: how much of each pixel is taken.
Mask = npt.NDArray[np.float32]

# bool (N,).
Flags = npt.NDArray[np.bool_]

# int64 (N,), presentation timestamps in ticks of the clip's time base.
PtsArray = npt.NDArray[np.int64]

# intp (N,), indices into another array.
Indices = npt.NDArray[np.intp]

# uint8, of the shape that the docstring gives: levels, flags that are stored.
Bytes = npt.NDArray[np.uint8]
