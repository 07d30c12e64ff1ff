"""Test clips encoded with PyAV, and a visual code from which a test reads the frame number."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import accumulate, cycle, islice
from pathlib import Path

import av
import cv2
import numpy as np
from av.stream import Disposition
from skimage import data

from inspector.domain.arrays import Image

Picture = Callable[[int], Image]

# The code: 16 bits in a grid of 4 x 4 cells, dark or bright, which survives any codec, range or small picture.
_DARK, _BRIGHT = 50, 205
# Steps between frames of a variable-rate clip, in milliseconds; a sequence no average explains.
VARIABLE_STEPS = (20, 47, 33, 120, 8, 33, 950, 16, 61)
_CONTAINERS = {".ts": "mpegts", ".mpg": "vob", ".mkv": "matroska", ".m2v": "mpeg2video", ".apng": "apng"}
_DEFAULT_OPTIONS = {
    "libx264": {"preset": "ultrafast", "crf": "16"},
    "libx265": {"preset": "ultrafast", "crf": "16", "x265-params": "log-level=none"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "20", "b": "0"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8", "b": "2M"},
    "libsvtav1": {"preset": "12", "crf": "20", "svtav1-params": "lookahead=0"},
}


def code_picture(number: int, size: tuple[int, int] = (96, 64)) -> Image:
    """An image that encodes its number, with a faint colour: uint8 (h, w, 3) RGB."""
    width, height = size
    bits = np.array([number >> bit_index & 1 for bit_index in range(16)]).reshape(4, 4)
    levels = np.where(bits, _BRIGHT, _DARK).astype(np.uint8)
    grey = cv2.resize(levels, (width, height), interpolation=cv2.INTER_NEAREST)
    tint = np.array([number * 7 % 23, number * 3 % 17, number * 5 % 19], np.uint8)
    return np.asarray(grey[..., None] + tint, np.uint8)


def read_code(image: Image) -> int:
    """The number in a (decoded) `code_picture`."""
    height, width = image.shape[:2]
    rows, columns = ((np.arange(4) * 2 + 1) * height // 8), ((np.arange(4) * 2 + 1) * width // 8)
    bits = image[np.ix_(rows, columns)].mean(axis=2) > 138
    return sum(1 << bit_index for bit_index, bit in enumerate(bits.ravel()) if bit)


def portrait() -> Image:
    """The face in tests: NASA's Eileen Collins, public domain, from scikit-image's wheel; 512 x 512 RGB."""
    return np.asarray(data.astronaut(), np.uint8)


def moving_portrait(size: tuple[int, int] = (320, 240)) -> Picture:
    """The portrait with slight zoom, pan and camera noise, determined by the frame number."""
    width, height = size
    source = portrait()

    def picture(number: int) -> Image:
        zoom = height / 260 * (1 + 0.05 * np.sin(number / 9))
        x, y = 225 + 12 * np.sin(number / 11), 140 + 6 * np.cos(number / 7)
        shift = np.array([[zoom, 0, width / 2 - zoom * x], [0, zoom, height / 2 - zoom * y]])
        view = cv2.warpAffine(source, shift, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        noise = np.random.default_rng(number).normal(0, 2, view.shape)
        return np.clip(view + noise, 0, 255).astype(np.uint8)

    return picture


@contextmanager
def ordinary_priority() -> Iterator[None]:
    """Take back the real-time priority that SVT-AV1 gives to the thread that encodes, if root runs it.

    Later threads and processes would inherit it, and hold the cores against every other process while they wait.
    """
    if not hasattr(os, "sched_setscheduler"):
        yield
        return
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, parameters)


@ordinary_priority()
def make_clip(
    path: Path,
    *,
    frames: int = 30,
    size: tuple[int, int] = (96, 64),
    fps: int = 25,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    bframes: int = 0,
    gop: int = 12,
    rate: str = "constant",
    start_offset: float = 0.0,
    rotation: int = 0,
    mirrored: bool = False,
    sample_aspect: Fraction = Fraction(1),
    matrix: int = 2,
    primaries: int = 2,
    transfer: int = 2,
    color_range: int = 0,
    interlaced: bool = False,
    audio: bool = False,
    picture: Picture | None = None,
    raw: Callable[[int], av.VideoFrame] | None = None,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Write a clip of `frames` pictures (by default `code_picture`s) and return its path.

    `rate` is "constant" or "variable" (VARIABLE_STEPS); `start_offset` in seconds; `rotation` in degrees clockwise for
    display; `matrix`, `primaries`, `transfer` and `color_range` are the numbers of ISO/IEC 23091-2 to declare; `raw`
    gives frames in `pix_fmt` itself instead of RGB pictures. The container follows from the suffix.
    """
    times, time_base = _times(frames, fps, rate, start_offset)
    width, height = size
    with av.open(str(path), "w", format=_CONTAINERS.get(path.suffix), options=container_options) as container:
        stream = container.add_stream(codec, rate=fps, options=_options(codec, bframes, interlaced, options))
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        context = stream.codec_context
        context.time_base = time_base
        context.gop_size, context.max_b_frames = gop, bframes
        context.sample_aspect_ratio = sample_aspect
        context.colorspace, context.color_range = matrix, color_range
        context.color_primaries, context.color_trc = primaries, transfer
        if rotation or mirrored:
            stream.set_display_rotation(-rotation, hflip=mirrored)
        sound = container.add_stream("aac", rate=16000) if audio else None
        for number, pts in enumerate(times):
            if raw is not None:
                frame = raw(number)
            else:
                shown = picture(number) if picture else code_picture(number, size)
                frame = _encodable(shown, pix_fmt, matrix, color_range)
            frame.pts, frame.time_base = pts, time_base
            container.mux(stream.encode(frame))  # type: ignore[arg-type]
        container.mux(stream.encode(None))
        if sound is not None:
            _add_silence(container, sound, float(times[-1] * time_base))
    return path


def frame_times(frames: int, *, fps: int = 25, rate: str = "constant", start_offset: float = 0.0) -> list[float]:
    """The display times in seconds of the frames of a clip made with these arguments."""
    times, time_base = _times(frames, fps, rate, start_offset)
    return [float(pts * time_base) for pts in times]


def _times(frames: int, fps: int, rate: str, start_offset: float) -> tuple[list[int], Fraction]:
    if rate == "constant":
        time_base, steps = Fraction(1, fps), iter([1] * frames)
    else:
        time_base, steps = Fraction(1, 1000), islice(cycle(VARIABLE_STEPS), frames)
    times = list(accumulate(steps, initial=round(start_offset / time_base)))
    return times[:frames], time_base


def _options(codec: str, bframes: int, interlaced: bool, extra: dict[str, str] | None) -> dict[str, str]:
    options = dict(_DEFAULT_OPTIONS.get(codec, {}))
    if codec == "libx264":
        # The fastest preset has no B-frames and one slice a thread; fixed threads keep the bytes the same anywhere.
        options |= {"bf": str(bframes), "threads": "1"}
    if interlaced:
        options["flags"] = "+ildct+ilme"
    return options | (extra or {})


def _encodable(shown: Image, pix_fmt: str, matrix: int, color_range: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(shown), format="rgb24")
    sws_matrix = {1: 1, 9: 9}.get(matrix, 5)
    full = color_range == 2 or pix_fmt.startswith("yuvj")
    return frame.reformat(
        format=pix_fmt, src_color_range=2, dst_color_range=2 if full else 1, dst_colorspace=sws_matrix, threads=1
    )


def _add_silence(container: av.container.OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    for start in range(0, round(max(seconds, 0.2) * 16000), 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 16000, start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def join_streams(path: Path, parts: list[Path], *, seconds: float = 1.0) -> Path:
    """One video stream with the packets of several clips in a row, each `seconds` after the former; nothing is encoded.

    Parameter sets stay where the parts have them, so a part may have another size or another codec configuration.
    """
    with av.open(str(path), "w", format=_CONTAINERS.get(path.suffix)) as container:
        stream = None
        for number, part in enumerate(parts):
            with av.open(str(part)) as source:
                video = source.streams.video[0]
                stream = stream or container.add_stream_from_template(video)
                base = video.time_base or Fraction(1, 1000)
                first = video.start_time or 0
                for packet in source.demux(video):
                    if packet.pts is None or packet.dts is None:
                        continue
                    shift = round(number * seconds / base) - first
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, stream
                    container.mux(packet)
    return path


def put_together(path: Path, parts: list[Path], *, default: int | None = None) -> Path:
    """One file with the video streams of several clips beside each other; `default` gets the default flag alone."""
    with av.open(str(path), "w", format=_CONTAINERS.get(path.suffix)) as container:
        sources = [av.open(str(part)) for part in parts]
        streams = [container.add_stream_from_template(source.streams.video[0]) for source in sources]
        for number, stream in enumerate(streams):
            if default is not None:
                stream.disposition = Disposition.default if number == default else Disposition(0)
        for source, stream in zip(sources, streams, strict=True):
            for packet in source.demux(source.streams.video[0]):
                if packet.dts is not None:
                    packet.stream = stream
                    container.mux(packet)
            source.close()
    return path
