"""Clips with a given sound beside a small picture."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

_FORMATS = {"pcm_s16le": ("s16", np.int16), "pcm_f32le": ("flt", np.float32), "libmp3lame": ("s16", np.int16)}


def sound_clip(path: Path, samples: np.ndarray, rate: int, codec: str = "pcm_s16le", layout: str = "mono") -> Path:
    """A clip of five frames a second with this sound: float (n,) for each channel alike, or (channels, n)."""
    if samples.ndim == 1:
        samples = samples[None]
    form, dtype = _FORMATS[codec]
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=5, options={"preset": "ultrafast", "threads": "1"})
        video.width, video.height, video.pix_fmt = 32, 32, "yuv420p"
        sound = out.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(sound, av.AudioStream)
        for number in range(max(int(5 * samples.shape[1] / rate), 2)):
            frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 5)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        for at in range(0, samples.shape[1], 4096):
            piece = samples[:, at : at + 4096].T.reshape(1, -1)
            piece = np.clip(piece * 32767, -32768, 32767) if dtype is np.int16 else piece
            block = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece.astype(dtype)), format=form, layout=layout)
            block.sample_rate, block.pts, block.time_base = rate, at, Fraction(1, rate)
            out.mux(sound.encode(block))
        out.mux(sound.encode(None))
    return path


def noise(seconds: float, rate: int, level: float = 0.05, seed: int = 1) -> np.ndarray:
    """White noise, float64 (n,)."""
    return np.random.default_rng(seed).normal(0, level, round(seconds * rate))


def through_aac(samples: np.ndarray, rate: int, bit_rate: int) -> np.ndarray:
    """Sound, float (n,), as it is after AAC at this rate in bit/s: float32, with the coder's 1,024 samples of delay."""
    file = io.BytesIO()
    with av.open(file, "w", format="adts") as out:
        stream = out.add_stream("aac", rate=rate, layout="mono")
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate = bit_rate
        for at in range(0, len(samples), 1024):
            piece = np.ascontiguousarray(samples[None, at : at + 1024].astype(np.float32))
            block = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
            block.sample_rate, block.pts = rate, at
            out.mux(stream.encode(block))
        out.mux(stream.encode(None))
    file.seek(0)
    with av.open(file) as coded:
        return np.concatenate([frame.to_ndarray()[0] for frame in coded.decode(audio=0)])
