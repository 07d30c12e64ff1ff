"""Measures how often a stretch of a talking head that is shown twice is found in a clip that was coded again.

    python tools/measure_near_loops.py CLIP...

Of each clip of at least 225 frames, 75 to 80 frames are shown again right behind themselves, and the whole is coded by
x264 (rate factors 18, 23 and 28); so is the clip as it is.
"""

from __future__ import annotations

import sys
import tempfile
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av

from inspector.domain.clip import Frame
from inspector.domain.observations.coding import FrameHash
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.provenance.coding.recorder import FrameSequence
from inspector.engine.provenance.coding.repeats import near_repeats

_RATE, _FEWEST, _MOST, _BEGIN = 25, 225, 400, 100


def frames_of(path: Path) -> list[av.VideoFrame]:
    """The first frames of a clip."""
    with av.open(str(path)) as container:
        return [frame.reformat(format="yuv420p") for frame in islice(container.decode(video=0), _MOST)]


def repeats(frames: list[av.VideoFrame], path: Path, rate_factor: int) -> list[tuple[float, float]]:
    """Code the frames; the stretches that look like earlier ones, in seconds."""
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("libx264", rate=_RATE, options={"crf": str(rate_factor), "preset": "medium"})
        stream.width, stream.height = frames[0].width // 2 * 2, frames[0].height // 2 * 2
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base, frame.pict_type = number, Fraction(1, _RATE), av.video.frame.PictureType.NONE
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    clip, sequence = open_clip(path), FrameSequence(None, is_still=False)
    with Decoder(clip) as decoder:
        measured = [sequence.measure(f, clip.seconds(f.pts)) for f in decoder.frames() if isinstance(f, Frame)]
    hashes = [FrameHash(each.pts, each.hash) for each in measured if each.hash is not None]
    return [(clip.seconds(start), clip.seconds(end)) for start, end in near_repeats(hashes, clip)]


def main(paths: list[str]) -> None:
    """Print what was found in each clip, and the sums."""
    found = wrong = looped = 0
    with tempfile.TemporaryDirectory() as draft:
        for number, path in enumerate(paths):
            frames = frames_of(Path(path))
            if len(frames) < _FEWEST:
                continue
            long, rate_factor = 75 + number % 6, (18, 23, 28)[number % 3]
            target = Path(draft) / "clip.mp4"
            again = repeats(frames[: _BEGIN + long] + frames[_BEGIN:], target, rate_factor)
            plain = repeats(frames, target, rate_factor)
            start = (_BEGIN + long) / _RATE
            is_found = any(begin < start + long / _RATE and end > start for begin, end in again)
            looped, found, wrong = looped + 1, found + is_found, wrong + bool(plain)
            print(path, f"shown again from {start:.2f} s: {again}; as it is: {plain}", flush=True)
    print(f"{looped} clips: the stretch was found in {found}; in {wrong} one was found where none is")


if __name__ == "__main__":
    av.logging.set_level(av.logging.PANIC)
    main(sys.argv[1:])
