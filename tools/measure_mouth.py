"""Measures the lag of mouths behind the sound of speech on clips whose sound is in time, moved by known times.

    python tools/measure_mouth.py CLIP... [--cache FOLDER]

The first 10 s of each clip are looked at: the opening of its widest face, and its sound. The sound is moved by -400 to
400 ms, and given to the faces of the other clips, to which it does not belong. Prints a row for each clip, the median
error against the time by which the sound was moved (which includes by how much the clip itself is out of time), the
error against the lag of the same clip unmoved, and how often it cannot be told. Landmarks are kept in FOLDER, by the
file's SHA-256.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from inspector.domain.arrays import Floats
from inspector.domain.clip import Frame
from inspector.domain.sound.facts import Speech
from inspector.domain.sound.mouth import MouthLag
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.faces.finder import FaceFinder
from inspector.engine.faces.signals import mouth_opening
from inspector.engine.sound.examine import examine_sound
from inspector.engine.sound.mouth import mouth_lag

SHIFTS_MS = (-400, -200, 0, 200, 400)
_SECONDS = 10.0
_FAR_MS = 150.0


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One clip: seconds and opening float64 (n,), and its sound."""

    name: str
    seconds: Floats
    opening: Floats
    speech: Speech

    def lag(self, shift_ms: float = 0.0, speech: Speech | None = None) -> MouthLag:
        """The lag with the sound, or another one, moved by some milliseconds."""
        sound = speech or self.speech
        moved = replace(sound, start_seconds=sound.start_seconds + shift_ms / 1000)
        return mouth_lag(1, self.seconds, self.opening, moved)


def measure(path: Path, finder: FaceFinder, cache: Path | None) -> Measured | None:
    """Landmarks and sound of a clip; None without sound."""
    clip = open_clip(path)
    kept = None if cache is None else cache / f"{clip.sha256}.npz"
    if kept is None or not kept.exists():
        facts = examine_sound(clip)
        if facts is None or facts.speech is None:
            return None
        seconds, opening = [], []
        with Decoder(clip) as decoder:
            for frame in decoder.frames():
                if not isinstance(frame, Frame):
                    continue
                if clip.seconds(frame.pts) > _SECONDS:
                    break
                faces = [face for face in finder.find(frame.image, frame.pts) if face.landmarks is not None]
                widest = max(faces, key=lambda face: face.box.width, default=None)
                known = widest is not None and widest.landmarks is not None
                seconds.append(clip.seconds(frame.pts))
                opening.append(mouth_opening(widest.landmarks.points) if known else np.nan)  # type: ignore[union-attr]
        speech = facts.speech
        found = Measured(path.name, np.array(seconds), np.array(opening), speech)
        if kept is not None:
            np.savez(kept, seconds=found.seconds, opening=found.opening, start=speech.start_seconds,
                     level=speech.level, voiced=speech.is_voiced)  # fmt: skip
        return found
    with np.load(kept) as stored:
        speech = Speech(float(stored["start"]), 0.01, stored["level"], stored["voiced"])
        return Measured(path.name, stored["seconds"], stored["opening"], speech)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    with FaceFinder() as finder:
        found = [measure(path, finder, options.cache) for path in options.clips]
    clips = [clip for clip in found if clip is not None]
    errors, drifts, wrong = [], [], 0
    for clip in clips:
        own = clip.lag()
        cells = []
        for shift in SHIFTS_MS:
            lag = clip.lag(shift)
            cells.append("-" if lag.lag_ms is None else f"{lag.lag_ms:+.0f}")
            if lag.lag_ms is not None:
                errors.append(abs(lag.lag_ms + shift))
                wrong += errors[-1] > _FAR_MS
                if shift and own.lag_ms is not None:
                    drifts.append(abs(lag.lag_ms + shift - own.lag_ms))
        why = own.reason if own.lag_ms is None else f"peak {own.peak:.2f}, chance {own.by_chance:.2f}"
        print(f"{clip.name:12} " + " ".join(f"{cell:>5}" for cell in cells) + f"  unmoved: {why}")
    count = len(clips) * len(SHIFTS_MS)
    print(f"{len(clips)} clips, sound moved by {', '.join(map(str, SHIFTS_MS))} ms: {count} lags")
    print(f"cannot tell: {count - len(errors)} of {count}")
    if errors:
        print(f"told: median error {np.median(errors):.0f} ms, {wrong} of {len(errors)} more than {_FAR_MS:.0f} ms off")
    if drifts:
        print(f"against the same clip unmoved: median {np.median(drifts):.0f} ms, greatest {max(drifts):.0f} ms")
    strange = [one.lag(speech=other.speech) for one in clips for other in clips if one is not other]
    compared = [lag for lag in strange if lag.peak > 0]
    told = sum(lag.lag_ms is not None for lag in compared)
    print(f"with the sound of another clip a lag was told in {told} of {len(compared)}")


if __name__ == "__main__":
    main()
