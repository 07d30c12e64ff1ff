"""The clips of the benchmarks: one face in front of a moving camera, generated once and kept in out/bench."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from skimage.data import astronaut

FOLDER = Path("out/bench")


def one_face(width: int, height: int, rate: int, frames: int, gop: int = 250, *, crf: int = 23) -> Path:
    """An H.264 clip of that size with one face of about a third of the height, zooming and swaying, with noise."""
    path = FOLDER / f"face_{width}x{height}_{rate}fps_{frames}_{gop}_crf{crf}.mp4"
    if path.exists():
        return path
    FOLDER.mkdir(parents=True, exist_ok=True)
    portrait = astronaut()[0:360, 20:400]
    rng = np.random.default_rng(0)
    # One noise field at random offsets is much faster than new noise for every frame.
    noise = rng.normal(0, 4, (height + 64, width + 64, 1)).astype(np.int16)
    draft = path.with_suffix(".part.mp4")
    with av.open(str(draft), "w") as out:
        stream = out.add_stream("libx264", rate=rate, options={"crf": str(crf), "preset": "veryfast", "g": str(gop)})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, rate)
        for n in range(frames):
            scale = height / 360 * (0.95 + 0.05 * np.sin(n / 40))
            shift = ((width - 380 * scale) / 2 + height / 40 * np.sin(n / 25), height / 60 * np.cos(n / 31))
            matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
            picture = cv2.warpAffine(portrait, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
            y, x = rng.integers(0, 64, 2)
            picture = np.clip(picture + noise[y : y + height, x : x + width], 0, 255).astype(np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode())
    draft.rename(path)
    return path
