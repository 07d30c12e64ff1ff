"""Decodes damaged copies of clips and looks for crashes, hangs, and losses that nothing names.

    python tools/fuzz_decode.py CLIP... --seconds 3600 --keep FOLDER

Each clip is also written into other containers, and encoded again where these cannot hold its codec. Bytes are flipped,
overwritten, removed, inserted, cut off, or replaced by another clip's. A process of its own decodes each copy. The
copies behind each find are kept in FOLDER.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.video.frame import PictureType
from av.video.stream import VideoStream

from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.decode.timing.file_end import CUT_IN_PACKET, NO_DECLARED_END
from inspector.engine.decode.video_properties import NO_TIMES

HANG_SECONDS = 90
SLACK_SECONDS = 0.2
LONGEST_SECONDS = 0.5
PICTURES = 300  # of each clip in another container


@dataclass(frozen=True, slots=True)
class Target:
    """A container: the ending of its files' names, FFmpeg's format, the codec to encode with unless as stored."""

    ending: str
    format: str
    codec: str | None = None
    options: tuple[tuple[str, str], ...] = ()


TARGETS = (
    Target(".mkv", "matroska"),
    Target(".ts", "mpegts"),
    Target(".flv", "flv"),
    Target(".avi", "avi", "libx264"),
    Target(".mp4", "mp4"),
    Target("-fragments.mp4", "mp4", options=(("movflags", "+frag_keyframe+empty_moov+default_base_moof"),)),
    Target("-indexed.mp4", "mp4", options=(("movflags", "+dash+frag_keyframe+global_sidx"),)),
    Target(".mov", "mov", "mjpeg"),
    Target(".mpg", "vob", "mpeg2video"),
    Target("-1.mpg", "mpeg", "mpeg1video"),
    Target("-2.ts", "mpegts", "mpeg2video"),
    Target(".ogv", "ogg", "libvpx"),
    Target(".webm", "webm", "libvpx-vp9"),
    Target("-4.avi", "avi", "mpeg4"),
    Target(".wmv", "asf", "wmv2"),
)


def mutate(data: bytes, other: bytes, rng: np.random.Generator) -> tuple[str, bytes]:
    """A damaged copy of `data`, with the kind of damage."""
    out = bytearray(data)
    start, length = int(rng.integers(len(out))), int(rng.integers(1, max(len(out) // 8, 2)))
    kind = ["flips", "noise", "zeros", "removed", "inserted", "truncated", "spliced"][int(rng.integers(7))]
    if kind == "flips":
        for at in rng.integers(len(out), size=int(rng.integers(1, 40))):
            out[at] ^= 1 << int(rng.integers(8))
    elif kind in ("noise", "zeros"):
        length = min(length, len(out) - start)
        out[start : start + length] = rng.bytes(length) if kind == "noise" else bytes(length)
    elif kind == "removed":
        del out[start : start + length]
    elif kind == "inserted":
        out[start:start] = rng.bytes(length)
    elif kind == "truncated":
        del out[max(start, 1) :]
    else:
        out[start:] = other[int(rng.integers(len(other))) :]
    return kind, bytes(out)


def decoded(path: Path) -> tuple[Clip, list[Frame | Gap], int]:
    """The clip, its frames without their pixels, its gaps, and how many stored packets its account does not explain."""
    clip = open_clip(path)
    events: list[Frame | Gap] = []
    shown = damaged = 0
    with Decoder(clip) as decoder:
        for event in decoder.frames():
            if isinstance(event, Frame):
                shown, damaged = shown + 1, damaged + event.is_corrupt
                event = Frame(event.index, event.pts, event.image[:0], event.is_key, event.is_corrupt)
            events.append(event)
        account = decoder.account(shown, damaged, [event for event in events if isinstance(event, Gap)])
    return clip, events, 0 if account is None else account.unexplained


def covered(clip: Clip, events: list[Frame | Gap]) -> tuple[float, float]:
    """The seconds that frames and gaps account for, and those between them that nothing accounts for.

    A frame lasts to the next one, but at most half a second.
    """
    seconds = holes = 0.0
    for event, after in zip(events, [*events[1:], None], strict=True):
        start = event.pts if isinstance(event, Frame) else event.start_pts
        until = start if after is None else after.pts if isinstance(after, Frame) else after.start_pts
        if isinstance(event, Gap):
            seconds += float((event.end_pts - start) * clip.time_base)
        else:
            step = float((until - start) * clip.time_base) if after is not None else 0.04
            seconds, holes = seconds + min(step, LONGEST_SECONDS), holes + max(step - LONGEST_SECONDS, 0)
    return seconds, holes


def judged(path: Path, seconds: float) -> dict[str, str]:
    """The result for one damaged copy of a clip of this length: its kind, and what is wrong."""
    try:
        clip, events, unexplained = decoded(path)
    except ClipError as error:
        return {"result": "refused", "detail": str(error)}
    except Exception as error:  # noqa: BLE001 - each is a find
        return {"result": "ERROR", "detail": repr(error)}
    gaps = [event for event in events if isinstance(event, Gap)]
    is_damaged = any(isinstance(event, Frame) and event.is_corrupt for event in events)
    is_named = bool(gaps or clip.sections or set(clip.remarks) - {NO_DECLARED_END, NO_TIMES} or is_damaged)
    if unexplained:
        return {"result": "DOES NOT ADD UP", "detail": f"{unexplained} packets"}
    accounted, holes = covered(clip, events)
    missing = seconds - accounted
    if missing <= SLACK_SECONDS:
        return {"result": "named" if is_named else "whole", "detail": ""}
    says_so = NO_DECLARED_END in clip.remarks or any(CUT_IN_PACKET in gap.reason for gap in gaps)
    if says_so and holes <= SLACK_SECONDS:
        return {"result": "end not declared, and said so", "detail": f"{missing:.2f} s"}
    if is_named:
        return {"result": "named, length unknown", "detail": f"{missing:.2f} s, {[gap.reason for gap in gaps][-1:]}"}
    return {"result": "silent", "detail": f"{missing:.2f} s, of which {holes:.2f} s between pictures"}


def serve(pipe: Connection) -> None:
    """Judge the paths that come through the pipe; the process that a crash or a hang ends."""
    while (request := pipe.recv()) is not None:
        pipe.send(judged(Path(request[0]), request[1]))


class Worker:
    """A process that decodes, and is replaced when it crashes or hangs."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=serve, args=(other,), daemon=True)
        self._process.start()
        other.close()

    def stop(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join()

    def judge(self, path: Path, seconds: float) -> dict[str, str]:
        """The result for a file; CRASH or HANG if the process does not answer."""
        self._pipe.send((str(path), seconds))
        try:
            if self._pipe.poll(HANG_SECONDS):
                answer: dict[str, str] = self._pipe.recv()
                return answer
            result = "HANG"
        except (EOFError, ConnectionResetError):
            result = "CRASH"
        self._process.kill()
        self._process.join()
        detail = f"exit code {self._process.exitcode}"
        self._start()
        return {"result": result, "detail": detail}


def sources(clips: list[Path], folder: Path) -> Iterator[Path]:
    """The clips, and copies of the start of their video in other containers."""
    for clip in clips:
        yield clip
        for target in TARGETS:
            copy = folder / f"{clip.stem}{target.ending}"
            try:
                with av.open(str(clip)) as reading, av.open(str(copy), "w", target.format, dict(target.options)) as to:
                    write_copy(reading, to, target)
            except (av.error.FFmpegError, ValueError):
                copy.unlink(missing_ok=True)
                continue
            yield copy


def write_copy(reading: InputContainer, to: OutputContainer, target: Target) -> None:
    """Write the first pictures, as they are stored or encoded again."""
    video = reading.streams.video[0]
    if target.codec is None:
        copied = to.add_stream_from_template(video)
        for packet in islice((packet for packet in reading.demux(video) if packet.size), PICTURES):
            packet.stream = copied
            to.mux(packet)
        return
    stream = to.add_stream(target.codec, rate=25)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = video.width // 2 * 2, video.height // 2 * 2
    stream.pix_fmt, stream.bit_rate = "yuvj420p" if target.codec == "mjpeg" else "yuv420p", 1_000_000
    for number, frame in enumerate(islice(reading.decode(video), PICTURES)):
        picture = frame.reformat(stream.width, stream.height, stream.pix_fmt)
        picture.pts, picture.time_base, picture.pict_type = number, Fraction(1, 25), PictureType.NONE
        to.mux(stream.encode(picture))
    to.mux(stream.encode(None))


def run(options: argparse.Namespace) -> Counter[str]:
    """Decode damaged copies until the time is up; returns how many came to what."""
    rng = np.random.default_rng(options.seed)
    counts: Counter[str] = Counter()
    options.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        lengths: dict[Path, float] = {}
        for path in sources(options.clips, Path(name)):
            with suppress(ClipError):  # a container that cannot hold the codec
                lengths[path] = covered(*decoded(path)[:2])[0]
        print(json.dumps({path.name: round(seconds, 2) for path, seconds in lengths.items()}), flush=True)
        found = list(lengths)
        worker, end = Worker(), time.monotonic() + options.seconds
        while time.monotonic() < end:
            source, other = (found[int(at)] for at in rng.integers(len(found), size=2))
            kind, data = mutate(source.read_bytes(), other.read_bytes(), rng)
            path = Path(name) / f"mutant{source.suffix}"
            path.write_bytes(data)
            # A splice may be longer or shorter than the clip was.
            seconds = 0.0 if kind == "spliced" else lengths[source]
            answer = worker.judge(path, seconds)
            result = answer["result"]
            counts[result] += 1
            if result.isupper() or result in ("silent", "named, length unknown"):
                kept = options.keep / f"{sum(counts.values()):06d}-{source.stem}-{kind}{source.suffix}"
                kept.write_bytes(data)
                print(json.dumps({"file": str(kept), **answer}), flush=True)
        worker.stop()
    return counts


def main() -> int:
    """Returns 1 when there were crashes, hangs, errors, or accounts that do not add up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, required=True, help="folder for the copies behind each find")
    counts = run(parser.parse_args())
    print(json.dumps(dict(counts.most_common())))
    return int(any(result.isupper() for result in counts))


if __name__ == "__main__":
    sys.exit(main())
