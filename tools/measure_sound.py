"""Error rates of the sound's observations: false alarms on clips as they are, and splices that are found.

    python tools/measure_sound.py CLIPS... [--limit N]

For each clip two places at which nothing was done are counted, then the sound of two clips is joined at a random place
within the loud parts, as it is and coded again as AAC at 128 kbit/s, and looked at for a click or a
break of the hum within 0.15 s. Prints one table; draws with a fixed seed.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

import av
import numpy as np

from inspector.domain.arrays import Floats32
from inspector.domain.errors import ClipError
from inspector.domain.sound import SoundFacts
from inspector.engine.decode.decoder import open_clip
from inspector.engine.sound.examine import examine_sound
from inspector.engine.sound.stream import SoundStream

NEAR_SECONDS = 0.15
KINDS = ("click", "hum break")


def samples_of(path: Path) -> tuple[int, Floats32]:
    """The rate and the mean of all channels of a clip's sound, float32 (n,)."""
    stream = SoundStream(open_clip(path))
    parts = [block.samples.mean(axis=0) for block in stream.blocks()]
    return stream.rate, np.concatenate(parts) if parts else np.zeros(0, np.float32)


def write(path: Path, rate: int, samples: Floats32, codec: str) -> None:
    """A clip with a small black picture and this sound."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=10)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        sound = out.add_stream(codec, rate=rate, layout="mono")
        sound.bit_rate = 128_000
        for number in range(max(int(10 * len(samples) / rate), 1)):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            frame.pts = number
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        for at in range(0, len(samples), 1024):
            piece = np.clip(samples[at : at + 1024] * 32767, -32768, 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(piece[None], format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, at
            out.mux(sound.encode(frame))
        out.mux(sound.encode(None))


def found_near(facts: SoundFacts, seconds: float) -> set[str]:
    """The kinds of events within 0.15 s of a time."""
    return {
        event.kind
        for event in facts.events
        if event.start_seconds - NEAR_SECONDS <= seconds <= event.end_seconds + NEAR_SECONDS
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--splices", type=int, default=60)
    options = parser.parse_args()
    draw = random.Random(33)  # noqa: S311
    sounds: dict[int, list[Floats32]] = {}
    seconds, alarms, clean = 0.0, dict.fromkeys(KINDS, 0), 0
    for path in options.clips:
        try:
            facts = examine_sound(open_clip(path))
            if facts is None or not facts.is_examined:
                continue
            rate, samples = samples_of(path)
        except ClipError:
            continue
        seconds += facts.seconds
        kinds = [event.kind for event in facts.events if event.kind in KINDS]
        for kind in kinds:
            alarms[kind] += 1
        clean += not kinds
        if len(samples) > 2 * rate:
            sounds.setdefault(rate, []).append(samples)
    total = sum(len(one) for one in sounds.values())
    print(f"{total} clips of at least 2 s, {seconds / 60:.1f} min: as they are, {clean} without an alarm")
    for kind, count in alarms.items():
        print(f"  {kind}: {count} alarms, {60 * count / max(seconds, 1):.1f} per minute")
    with tempfile.TemporaryDirectory() as folder:
        for codec in ("pcm_s16le", "aac"):
            _splices(sounds, draw, options.splices, codec, Path(folder))


def _splices(sounds: dict[int, list[Floats32]], draw: random.Random, count: int, codec: str, folder: Path) -> None:
    found, rates = dict.fromkeys((*KINDS, "any"), 0), [rate for rate, own in sounds.items() if len(own) > 1]
    for _ in range(count):
        rate = draw.choice(rates)
        first, second = draw.sample(sounds[rate], 2)
        cut, other = (draw.uniform(0.35, 0.65) for _ in range(2))
        head, tail = first[: int(cut * len(first))], second[int(other * len(second)) :]
        path = folder / f"{codec}.mov"
        write(path, rate, np.concatenate([head, tail]), codec)
        facts = examine_sound(open_clip(path))
        near = found_near(facts, len(head) / rate) if facts else set()
        for kind in KINDS:
            found[kind] += kind in near
        found["any"] += bool(near & set(KINDS))
    said = ", ".join(f"{kind} {number}" for kind, number in found.items())
    print(f"{count} splices, {codec}: found by {said}")


if __name__ == "__main__":
    main()
