"""Makes clips that were coded once, twice, and twice with a cut between, of which the history is known.

    python tools/video_recoding_material.py make FOLDER SOURCE... [--once 3] [--first 2] [--frames 480]
    python tools/video_recoding_material.py splice FOLDER SOURCE...
    python tools/video_recoding_material.py groups FOLDER SOURCE... [--once 8] [--frames 1440]

It takes clips of at least 480 x 360 px and pictures of at least 640 x 360 px. They are scaled to half their size or
less, which removes most traces of their own coding; a picture gets a moving camera and an object that moves before it;
a clip is played to and fro. All get the noise of a sensor: 256 x 256, 320 x 180 or 192 x 320 px.

`make` codes the frames of each source once, as often as is said, and several times by a first encoder whose output two
others code again. `splice` codes 720 frames, and codes them again as they are, with a stretch taken out, with one of
the same clip put in, and with one of the next source, which the same encoder coded. `groups` codes once only, in groups
of many kinds: 24 to 250 pictures, closed and open, of fixed length and not, with pyramids of B pictures and without.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from inspector.domain.arrays import Floats, Image
from inspector.engine.decode.media_types import CLIP_SUFFIXES

FRAMES, SPLICE_FRAMES, RATE = 480, 720, 25
_MOST_READ = 200  # frames of a source
# By how each coder is set: quantisers, rate factors, or bit rates over that of the first coding; good, usual, poor.
_CODECS: dict[str, tuple[str, tuple[float, float, float]]] = {
    "x264": ("libx264", (18, 23, 28)),
    "x264 without B": ("libx264", (18, 23, 28)),
    "x264 at one quantiser": ("libx264", (20, 25, 30)),
    "x264 at a bit rate": ("libx264", (1.5, 1.0, 0.6)),
    "x265": ("libx265", (20, 25, 30)),
    "x265 without B": ("libx265", (20, 25, 30)),
    "mpeg4": ("mpeg4", (2, 4, 8)),
    "mpeg2": ("mpeg2video", (2, 4, 8)),
}
FIRST = ("x264", "x264", "x264 without B", "x264 at one quantiser", "x265", "x265 without B", "mpeg4", "mpeg2")
SECOND = ("x264", "x264", "x264", "x264 at a bit rate", "x264 without B", "x265", "mpeg4")
FIRST_GROUPS, SECOND_GROUPS = (10, 12, 15, 20, 25, 30, 48, 50), (12, 15, 25, 30, 33, 50, 60, 250, 250)
SPLICE_FIRST = ("x264", "x264", "x264 without B", "x264 at one quantiser", "x265", "mpeg4")
SPLICE_SECOND = ("x264", "x264", "x264 without B", "x265")
SPLICE_FIRST_GROUPS, SPLICE_SECOND_GROUPS = (10, 12, 15, 20, 25, 30), (33, 50, 60, 250, 250)
GROUPS = (24, 30, 48, 50, 60, 60, 90, 90, 120, 120, 150, 250)
INDEX = "index.jsonl"


@dataclass(frozen=True, slots=True)
class Coding:
    """How pictures were coded: `quality` 0 (good) to 2 (poor); the encoder set no other I pictures if `is_fixed`.

    `own` are the pictures of the file that it coded as I pictures, of a first coding only.
    """

    coder: str
    quality: int
    group: int
    is_fixed: bool
    bytes: int = 0
    own: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """A file in the folder, from which source it is, and how it was coded; `first` is None for one coded once.

    `edit` is what was done between both codings, "" for nothing, and `cuts` the pictures that do not follow the one
    before them.
    """

    file: str
    source: int
    first: Coding | None
    second: Coding
    edit: str = ""
    cuts: tuple[int, ...] = ()


def read_samples(folder: Path) -> list[Sample]:
    """What the index of a folder lists."""
    samples = []
    for line in (folder / INDEX).read_text().splitlines():
        read = json.loads(line)
        first, second = (None if read[name] is None else Coding(**read[name]) for name in ("first", "second"))
        assert second is not None
        samples.append(Sample(read["file"], read["source"], first, second, read["edit"], tuple(read["cuts"])))
    return samples


def pictures(source: Path, seed: int, frames: int) -> Iterator[Image]:
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
    x, y, turn, zoom = (_walk(draw, frames, scale if is_moved else 0.0) for scale in (1.5, 1.5, 0.004, 0.006))
    across, down = _walk(draw, frames, 0.15 * size[0]), _walk(draw, frames, 0.1 * size[1])
    noise = float(draw.choice([0.7, 1.3, 2.2]))
    for number, place in enumerate(_to_and_fro(draw, frames, len(whole))):
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


def _walk(draw: np.random.Generator, frames: int, scale: float) -> Floats:
    """A smooth random movement of that deviation over all frames."""
    kernel = np.exp(-0.5 * (np.arange(-40, 41) / 12) ** 2)
    steps = np.convolve(draw.normal(0, 1, frames + 200), kernel / np.sqrt((kernel**2).sum()), "same")
    return np.asarray(scale * steps[100 : 100 + frames], np.float64)


def _to_and_fro(draw: np.random.Generator, frames: int, count: int) -> Iterator[int]:
    """Numbers of frames that go forward and back for random times."""
    place, step, left = int(draw.integers(count)), 1, int(draw.integers(20, count + 20))
    for _ in range(frames):
        yield place
        if count > 1 and (not 0 <= place + step < count or left <= 0):
            step, left = -step, int(draw.integers(20, count + 20))
        place = min(max(place + step, 0), count - 1)
        left -= 1


def encode(frames: Sequence[av.VideoFrame], path: Path, coding: Coding, bytes_before: int | None = None) -> int:
    """Code yuv420p frames to a Matroska file; its size in bytes. A bit rate is over that of `bytes_before`."""
    codec, levels = _CODECS[coding.coder]
    level, group = str(levels[coding.quality]), coding.group
    options = {"crf": level, "preset": "medium", "threads": "1"}
    if coding.coder == "x264 without B":
        options |= {"preset": "veryfast", "bf": "0"}
    elif coding.coder == "x264 at one quantiser":
        options = {"qp": level, "preset": "superfast", "bf": "0", "threads": "1"}
    elif coding.coder == "x264 at a bit rate":
        del options["crf"]
    if codec == "libx264" and coding.is_fixed:
        options["x264-params"] = "scenecut=0"
    if codec == "libx265":
        shortest = f"{group}:scenecut=0" if coding.is_fixed else "1"
        is_plain = coding.coder == "x265 without B"
        rest = "log-level=none:pools=none:frame-threads=1" + (":bframes=0" if is_plain else "")
        options = {"crf": level, "preset": "superfast" if is_plain else "fast"}
        options["x265-params"] = f"{rest}:keyint={group}:min-keyint={shortest}"
    if codec.startswith("mpeg"):
        options = {"qmin": level, "qmax": level}
    rate = None
    if coding.coder == "x264 at a bit rate":
        assert bytes_before is not None
        rate = int(bytes_before * 8 * RATE / len(frames) * levels[coding.quality])
    return _encode(frames, path, codec, group, options, rate, 2 if codec == "mpeg2video" else None)


def _encode(
    frames: Sequence[av.VideoFrame],
    path: Path,
    codec: str,
    group: int,
    options: dict[str, str],
    rate: int | None = None,
    most_b: int | None = None,
) -> int:
    """Code frames to a Matroska file; its size in bytes."""
    with av.open(str(path), "w", format="matroska") as out:
        stream: Any = out.add_stream(codec, rate=RATE, options=options)  # a video stream, which the stubs cannot tell
        if rate is not None:
            stream.bit_rate = rate
        stream.width, stream.height, stream.pix_fmt = frames[0].width, frames[0].height, "yuv420p"
        context = stream.codec_context
        context.gop_size, context.thread_count = group, 1
        if most_b is not None:
            context.max_b_frames = most_b
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base, frame.pict_type = number, Fraction(1, RATE), av.video.frame.PictureType.NONE
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path.stat().st_size


def make(folder: Path, sources: Sequence[Path], once: int, first: int, frames: int = FRAMES) -> None:
    """Code each source once and twice; a line in the index for each file."""
    for number, source in enumerate(sources):
        _write(folder, source, _samples(folder, source, number, once, first, frames))


def splice(folder: Path, sources: Sequence[Path]) -> None:
    """Code each source twice, with edits between both codings."""
    for number, source in enumerate(sources):
        _write(folder, source, _spliced(folder, source, sources[(number + 1) % len(sources)], number))


def _write(folder: Path, source: Path, samples: Iterator[Sample]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / INDEX).open("a") as index:
        for sample in samples:
            index.write(json.dumps(asdict(sample)) + "\n")
            index.flush()
    print(source, flush=True)


def _samples(folder: Path, source: Path, number: int, once: int, first: int, frames: int) -> Iterator[Sample]:
    chosen = random.Random(f"{source.name} {number} b")  # noqa: S311 a choice that is the same each time
    raw = _planar(pictures(source, number, frames))

    def coded(frames: Sequence[av.VideoFrame], name: str, first: Coding | None, bytes_before: int | None) -> Sample:
        groups = [group for group in SECOND_GROUPS if first is None or group != first.group]
        wanted = Coding(chosen.choice(SECOND), chosen.randrange(3), chosen.choice(groups), chosen.random() < 0.5)
        if bytes_before is None and wanted.coder == "x264 at a bit rate":
            wanted = replace(wanted, coder="x264")
        path = folder / f"{source.stem}_{name}.mkv"
        return Sample(path.name, number, first, replace(wanted, bytes=encode(frames, path, wanted, bytes_before)))

    usual = None
    for at in range(once):
        sample = coded(raw, f"once{at}", None, usual)
        usual = usual or sample.second.bytes
        yield sample
    for at in range(first):
        wanted = Coding(chosen.choice(FIRST), chosen.randrange(3), chosen.choice(FIRST_GROUPS), is_fixed=True)
        decoded, done = _through(raw, wanted)
        for other in range(2):
            yield coded(decoded, f"twice{at}{other}", done, done.bytes)


def groups(folder: Path, sources: Sequence[Path], once: int, frames: int) -> None:
    """Code each source once, as often as is said, in groups of any kind."""
    for number, source in enumerate(sources):
        chosen = random.Random(f"{source.name} hard")  # noqa: S311 a choice that is the same each time
        raw = _planar(pictures(source, number + 77, frames))
        _write(folder, source, (_of_any_groups(folder, source, number, at, chosen, raw) for at in range(once)))


def _of_any_groups(
    folder: Path, source: Path, number: int, at: int, chosen: random.Random, raw: Sequence[av.VideoFrame]
) -> Sample:
    codec = chosen.choice(["libx264"] * 6 + ["libx265"] * 2 + ["mpeg4"] * 2)
    group, quality = chosen.choice(GROUPS), chosen.randrange(3)
    between = chosen.choice([0, 2, 3, 5] if codec == "libx264" else [0, 3, 4] if codec == "libx265" else [0, 2])
    pyramid, is_open, is_fixed = chosen.choice([0, 1, 2]), chosen.choice([0, 1]), chosen.random() < 0.5
    level = {"libx264": (18, 23, 28), "libx265": (20, 25, 30), "mpeg4": (2, 4, 8)}[codec][quality]
    options = {"qmin": str(level), "qmax": str(level), "bf": str(between)}
    if codec != "mpeg4":
        preset = chosen.choice(("veryfast", "fast", "medium") if codec == "libx264" else ("superfast", "fast"))
        rest = f"keyint={group}:open-gop={is_open}:bframes={between}:scenecut={0 if is_fixed else 40}"
        if codec == "libx264":
            rest += f":b-pyramid={('none', 'strict', 'normal')[pyramid]}:b-adapt={chosen.choice([0, 1, 2])}"
        else:
            rest += f":b-pyramid={min(pyramid, 1)}:log-level=none:pools=none:frame-threads=1"
        way = chosen.choice(["crf", "crf", "qp"]) if codec == "libx264" else "crf"
        options = {"preset": preset, way: str(level), "threads": "1", f"{codec[3:]}-params": rest}
    path = folder / f"{source.stem}_groups{at}.mkv"
    size = _encode(raw, path, codec, group, options, most_b=between)
    return Sample(path.name, number, None, Coding(f"{codec} {options}", quality, group, is_fixed, size))


def _planar(images: Iterator[Image]) -> list[av.VideoFrame]:
    return [av.VideoFrame.from_ndarray(image, "rgb24").reformat(format="yuv420p") for image in images]


def _through(frames: Sequence[av.VideoFrame], wanted: Coding) -> tuple[list[av.VideoFrame], Coding]:
    """The frames as they are decoded after a coding, and the coding with its bytes and I pictures."""
    with tempfile.TemporaryDirectory() as draft:
        path = Path(draft) / "first.mkv"
        size = encode(frames, path, wanted)
        with av.open(str(path)) as container:
            decoded = list(container.decode(video=0))
    own = tuple(number for number, frame in enumerate(decoded) if frame.pict_type == av.video.frame.PictureType.I)
    return decoded, replace(wanted, bytes=size, own=own)


def _spliced(folder: Path, source: Path, other: Path, number: int) -> Iterator[Sample]:
    chosen = random.Random(f"{source.name} {number} splice")  # noqa: S311 a choice that is the same each time
    raw = _planar(pictures(source, number, SPLICE_FRAMES))
    coder, quality, group = chosen.choice(SPLICE_FIRST), chosen.choice((1, 2)), chosen.choice(SPLICE_FIRST_GROUPS)
    wanted = Coding(coder, quality, group, is_fixed=True)
    whole, first = _through(raw, wanted)
    size = raw[0].width, raw[0].height
    foreign = [frame.reformat(*size) for frame in _planar(pictures(other, number + 500, 200))]
    strange, of_strange = _through(foreign, wanted)

    def length() -> int:
        """How long a stretch is; the rhythm must not go on behind it as it was."""
        while True:
            drawn = chosen.randrange(40, 160)
            if min(drawn % group, group - drawn % group) >= 2:
                return drawn

    def coded(edit: str, order: list[int], cuts: tuple[int, ...]) -> Sample:
        """Numbers from SPLICE_FRAMES on are those of the other clip."""
        used = order[:600]
        groups = [each for each in SPLICE_SECOND_GROUPS if each % group and group % each and each != 2 * group] or [250]
        coder, quality = chosen.choice(SPLICE_SECOND), chosen.choice((0, 1, 1))
        second = Coding(coder, quality, chosen.choice(groups), chosen.random() < 0.5)
        path = folder / f"{source.stem}_{edit}.mkv"
        frames = [whole[at] if at < len(whole) else strange[at - len(whole)] for at in used]
        begun = {*first.own, *(len(whole) + at for at in of_strange.own)}
        own = tuple(row for row, at in enumerate(used) if at in begun)
        done = replace(second, bytes=encode(frames, path, second))
        return Sample(path.name, number, replace(first, own=own), done, edit, cuts)

    numbers = list(range(SPLICE_FRAMES))
    yield coded("whole", numbers, ())
    at, long = chosen.randrange(200, 400), length()
    yield coded("cut", numbers[:at] + numbers[at + long :], (at,))
    for edit, low, high in (("copy", 400, 560), ("foreign", SPLICE_FRAMES, SPLICE_FRAMES + 40)):
        at, long, start = chosen.randrange(180, 300), length(), chosen.randrange(low, high)
        put_in = list(range(start, start + long))
        yield coded(edit, numbers[:at] + put_in + numbers[at:], (at, at + long))


def main() -> None:
    """Make the material."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("make", "splice", "groups"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("sources", type=Path, nargs="+")
    parser.add_argument("--once", type=int, default=3, help="files of each source that are coded once")
    parser.add_argument("--first", type=int, default=2, help="first codings of each source")
    parser.add_argument("--frames", type=int, default=FRAMES, help="frames of each file of `make` and `groups`")
    arguments = parser.parse_args()
    av.logging.set_level(av.logging.PANIC)
    if arguments.task == "make":
        make(arguments.folder, arguments.sources, arguments.once, arguments.first, arguments.frames)
    elif arguments.task == "groups":
        groups(arguments.folder, arguments.sources, arguments.once, arguments.frames)
    else:
        splice(arguments.folder, arguments.sources)


if __name__ == "__main__":
    main()
