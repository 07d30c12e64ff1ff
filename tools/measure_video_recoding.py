"""Measures how often a clip that was coded twice shows the rhythm of its first coding; prints the ROC by condition.

    python tools/measure_video_recoding.py make FOLDER SOURCE...
    python tools/measure_video_recoding.py measure FOLDER

`make` takes clips of at least 480 x 360 px and pictures of at least 640 x 360 px. They are scaled to half their size or
less, which removes most traces of their own coding; a picture gets a moving camera and an object that moves before it;
a clip is played to and fro. All get the noise of a sensor: 360 frames of 256 x 256, 320 x 180 or 192 x 320 px. Each is
coded once by five encoders, and three times by a first one whose output three others code again.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from inspector.domain.arrays import Flags, Floats, Image
from inspector.domain.clip import Frame
from inspector.domain.observations.coding import CodingSeries
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.media_types import CLIP_SUFFIXES
from inspector.engine.provenance.coding.measure import FrameMeasurer
from inspector.engine.provenance.coding.recoding import MOST_FALSE_ALARMS, Rhythm, earlier_rhythm

FRAMES, RATE = 360, 25
_MOST_READ = 200  # frames of a source
FIRST = ("x264", "x264 without B", "x264 without B", "x265", "mpeg4", "mpeg2")
SECOND = ("x264", "x264", "x264 without B", "x265", "mpeg4")
FIRST_GROUPS, SECOND_GROUPS = (10, 12, 15, 20, 25, 30, 48, 50), (12, 15, 25, 30, 33, 50, 60, 250)
# Quantisers or rate factors: good, usual, poor.
_CODECS = {
    "x264": ("libx264", (18, 23, 28)),
    "x264 without B": ("libx264", (18, 23, 28)),
    "x265": ("libx265", (20, 25, 30)),
    "mpeg4": ("mpeg4", (2, 4, 8)),
    "mpeg2": ("mpeg2video", (2, 4, 8)),
}
INDEX = "index.jsonl"


@dataclass(frozen=True, slots=True)
class Coding:
    """How pictures were coded: `quality` 0 (good) to 2 (poor); the encoder set no other I pictures if `is_fixed`."""

    coder: str
    quality: int
    group: int
    is_fixed: bool
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """A file in the folder, from which source it is, and how it was coded; `first` is None for one coded once."""

    file: str
    source: int
    first: Coding | None
    second: Coding


def pictures(source: Path, seed: int) -> Iterator[Image]:
    """The pictures of a source, uint8 (h, w, 3) RGB, with hardly a trace of its own coding."""
    draw = np.random.default_rng(seed)
    whole = list(_read(source))
    height, width = whole[0].shape[:2]
    size = (320, 180) if width > 1.2 * height else (192, 320) if height > 1.2 * width else (256, 256)
    factor = min(width / size[0], height / size[1])
    if factor > 2:
        half = round(width * 2 / factor), round(height * 2 / factor)
        whole = [_resized(image, half) for image in whole]
        factor = 2.0
    height, width = whole[0].shape[:2]
    is_moved = len(whole) == 1 or draw.random() < 0.4
    x, y, turn, zoom = (_walk(draw, scale if is_moved else 0.0) for scale in (1.5, 1.5, 0.004, 0.006))
    across, down = _walk(draw, 0.15 * size[0]), _walk(draw, 0.1 * size[1])
    noise = float(draw.choice([0.7, 1.3, 2.2]))
    for number, place in enumerate(_to_and_fro(draw, len(whole))):
        scale = factor / (1.06 + zoom[number])
        cosine, sine = np.cos(turn[number]) * scale, np.sin(turn[number]) * scale
        centre = width / 2 + x[number] * factor, height / 2 + y[number] * factor
        left = centre[0] - cosine * size[0] / 2 + sine * size[1] / 2
        top = centre[1] - sine * size[0] / 2 - cosine * size[1] / 2
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        turned = np.array([[cosine, -sine, left], [sine, cosine, top]])
        view = cv2.warpAffine(whole[place], turned, size, flags=flags, borderMode=cv2.BORDER_REFLECT)
        shown = np.asarray(view, np.float64)
        if len(whole) == 1:
            patch = _resized(whole[0][:, ::-1], (size[0] // 3, size[1] // 3)).astype(np.float64)
            moved = np.array([[1, 0, across[number] + size[0] / 3], [0, 1, down[number] + size[1] / 3]])
            cover = cv2.warpAffine(np.ones(patch.shape[:2]), moved, size)[..., None]
            shown = shown * (1 - cover) + np.asarray(cv2.warpAffine(patch, moved, size)) * cover
        shown = shown + draw.normal(0, noise, (*view.shape[:2], 1)) + draw.normal(0, noise / 2, view.shape)
        yield np.clip(shown, 0, 255).astype(np.uint8)


def _read(source: Path) -> Iterator[Image]:
    if source.suffix.lower() not in CLIP_SUFFIXES:
        read = cv2.imread(str(source))
        if read is None:
            raise SystemExit(f"{source} is no picture that can be read; leave it out.")
        yield np.asarray(cv2.cvtColor(read, cv2.COLOR_BGR2RGB), np.uint8)
        return
    with av.open(str(source)) as container:
        for frame in islice(container.decode(video=0), _MOST_READ):
            yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def _resized(image: Image, size: tuple[int, int]) -> Image:
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _walk(draw: np.random.Generator, scale: float) -> Floats:
    """A smooth random movement of that deviation over all frames."""
    kernel = np.exp(-0.5 * (np.arange(-40, 41) / 12) ** 2)
    steps = np.convolve(draw.normal(0, 1, FRAMES + 200), kernel / np.sqrt((kernel**2).sum()), "same")
    return np.asarray(scale * steps[100 : 100 + FRAMES], np.float64)


def _to_and_fro(draw: np.random.Generator, count: int) -> Iterator[int]:
    """Numbers of frames that go forward and back for random times."""
    place, step, left = int(draw.integers(count)), 1, int(draw.integers(20, count + 20))
    for _ in range(FRAMES):
        yield place
        if count > 1 and (not 0 <= place + step < count or left <= 0):
            step, left = -step, int(draw.integers(20, count + 20))
        place = min(max(place + step, 0), count - 1)
        left -= 1


def encode(frames: Sequence[av.VideoFrame], path: Path, coding: Coding) -> int:
    """Code yuv420p frames to a Matroska file; its size in bytes."""
    codec, levels = _CODECS[coding.coder]
    level, group = str(levels[coding.quality]), coding.group
    options = {"crf": level, "preset": "medium", "threads": "1"}
    if coding.coder == "x264 without B":
        options |= {"preset": "veryfast", "bf": "0"}
    if codec == "libx264" and coding.is_fixed:
        options["x264-params"] = "scenecut=0"
    if codec == "libx265":
        shortest = f"{group}:scenecut=0" if coding.is_fixed else "1"
        quiet = "log-level=none:pools=none:frame-threads=1"
        options = {"crf": level, "preset": "fast", "x265-params": f"{quiet}:keyint={group}:min-keyint={shortest}"}
    if codec.startswith("mpeg"):
        options = {"qmin": level, "qmax": level}
    with av.open(str(path), "w", format="matroska") as out:
        stream: Any = out.add_stream(codec, rate=RATE, options=options)  # a video stream, which the stubs cannot tell
        stream.width, stream.height, stream.pix_fmt = frames[0].width, frames[0].height, "yuv420p"
        context = stream.codec_context
        context.gop_size, context.thread_count = group, 1
        if codec == "mpeg2video":
            context.max_b_frames = 2
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base, frame.pict_type = number, Fraction(1, RATE), av.video.frame.PictureType.NONE
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path.stat().st_size


def make(folder: Path, sources: Sequence[Path]) -> None:
    """Code each source once and twice; a line in the index for each file."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / INDEX).open("a") as index:
        for number, source in enumerate(sources):
            for sample in _samples(folder, source, number):
                index.write(json.dumps(asdict(sample)) + "\n")
                index.flush()
            print(source, flush=True)


def _samples(folder: Path, source: Path, number: int) -> Iterator[Sample]:
    chosen = random.Random(f"{source.name} {number}")  # noqa: S311 a choice that is the same each time
    raw = [av.VideoFrame.from_ndarray(image, "rgb24").reformat(format="yuv420p") for image in pictures(source, number)]

    def coded(frames: Sequence[av.VideoFrame], name: str, first: Coding | None) -> Sample:
        groups = [group for group in SECOND_GROUPS if first is None or group != first.group]
        wanted = Coding(chosen.choice(SECOND), chosen.randrange(3), chosen.choice(groups), chosen.random() < 0.5)
        path = folder / f"{source.stem}_{name}.mkv"
        return Sample(path.name, number, first, replace(wanted, bytes=encode(frames, path, wanted)))

    for at in range(5):
        yield coded(raw, f"once{at}", None)
    for at in range(3):
        wanted = Coding(chosen.choice(FIRST), chosen.randrange(3), chosen.choice(FIRST_GROUPS), is_fixed=True)
        with tempfile.TemporaryDirectory() as draft:
            path = Path(draft) / "first.mkv"
            first = replace(wanted, bytes=encode(raw, path, wanted))
            with av.open(str(path)) as container:
                decoded = list(container.decode(video=0))
        for other in range(3):
            yield coded(decoded, f"twice{at}{other}", first)


def series_of(path: Path) -> tuple[CodingSeries, str]:
    """The series that an analysis would store, and the codec."""
    clip, measurer = open_clip(path), FrameMeasurer()
    with Decoder(clip, with_coding=True) as decoder:
        measured = [(frame.pts, measurer.measure(frame)) for frame in decoder.frames() if isinstance(frame, Frame)]
    pts, values = zip(*measured, strict=True)
    return CodingSeries(np.array(pts, np.int64), np.array(values, np.float64).T.copy()), clip.codec


def measure(folder: Path) -> None:
    """Look for a rhythm in each file, and print how often it was found."""
    samples = []
    for line in (folder / INDEX).read_text().splitlines():
        read = json.loads(line)
        first = None if read["first"] is None else Coding(**read["first"])
        samples.append(Sample(read["file"], read["source"], first, Coding(**read["second"])))

    def look(sample: Sample) -> Rhythm | str:
        return earlier_rhythm(*series_of(folder / sample.file))

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(look, samples))
    _print_roc(samples, np.array([math.inf if isinstance(each, str) else each.false_alarms for each in found]))
    right = [
        sample.first.group == each.period
        for sample, each in zip(samples, found, strict=True)
        if sample.first is not None and not isinstance(each, str) and each.is_found
    ]
    print(f"of those that were found, the length was right in {np.mean(right):.0%} of {len(right)}")


def _print_roc(samples: Sequence[Sample], alarms: Floats) -> None:
    """`alarms` are the numbers of false alarms by chance, by which the files are told apart."""
    once = np.array([sample.first is None for sample in samples])
    ratios = np.array([s.second.bytes / s.first.bytes if s.first else np.nan for s in samples])
    hidden = np.array([_is_hidden(sample) for sample in samples])
    sources = len({sample.source for sample in samples})
    print(f"{sources} sources; coded once: {once.sum()}, twice: {(~once).sum()}; limit {MOST_FALSE_ALARMS}")
    print("found, by the bytes of the second coding over those of the first:")
    bins = list(zip((0.0, 0.25, 0.5, 1.0), (0.25, 0.5, 1.0, math.inf), strict=True))
    print("   limit  false alarms", *(f"{f'{low:g} to {high:g}':>12}" for low, high in bins), "      hidden", sep="  ")
    at_five = float(np.quantile(alarms[once], 0.05))
    for limit in sorted({MOST_FALSE_ALARMS, at_five, 1.0, 0.3, 0.03, 0.01, 0.001}, reverse=True):
        masks = [~once & ~hidden & (ratios >= low) & (ratios < high) for low, high in bins]
        cells = [_share(alarms[mask] < limit) for mask in [*masks, hidden]]
        print(f"{limit:8.3g}  {np.mean(alarms[once] < limit):12.1%}", *(f"{cell:>12}" for cell in cells), sep="  ")
    print("at the limit, by how it was coded; the last column: at least half the bytes")
    for name, of in {
        "first coder": [sample.first.coder if sample.first else "" for sample in samples],
        "first group": [str(sample.first.group) if sample.first else "" for sample in samples],
        "second coder": [sample.second.coder for sample in samples],
    }.items():
        values = np.array(of)
        for each in sorted(set(values[~once].tolist()), key=lambda value: (len(value), value)):
            masks = [~once & ~hidden & (ratios >= low) & (ratios < high) for low, high in [*bins, (0.5, math.inf)]]
            cells = [_share(alarms[mask & (values == each)] < MOST_FALSE_ALARMS) for mask in masks]
            print(f"{name} {each}".ljust(27), *(f"{cell:>12}" for cell in cells), sep="  ")


def _share(found: Flags) -> str:
    return f"{np.mean(found):.0%} of {len(found)}" if len(found) else "-"


def _is_hidden(sample: Sample) -> bool:
    """Whether all I pictures of the first coding fall on one place of the second one's groups, as its own do."""
    first, second = sample.first, sample.second
    return first is not None and (first.group % second.group == 0 or second.group == 2 * first.group)


def main() -> None:
    """Make the material or measure it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("make", "measure"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("sources", type=Path, nargs="*")
    arguments = parser.parse_args()
    av.logging.set_level(av.logging.PANIC)
    if arguments.task == "make":
        make(arguments.folder, arguments.sources)
    else:
        measure(arguments.folder)


if __name__ == "__main__":
    main()
