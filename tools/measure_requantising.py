"""Measures how often pictures that were saved as JPEG twice are told from those saved once; prints a table and the ROC.

The material is made from a folder of pictures: each is halved in size, which removes the traces of its own coding, gets
the noise of a sensor, and is saved once, and twice with other qualities.

    python tools/measure_requantising.py FOLDER [--pictures N]
"""

from __future__ import annotations

import argparse
import io
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from inspector.engine.provenance.structure.quantised_twice import THRESHOLD, look_for_requantising

FIRST, SECOND = (55, 65, 70, 75, 80, 85, 90, 95), (60, 75, 85, 92, 96)
_LONGEST, _SHORTEST, _NOISE, _EACH = 896, 200, 1.0, 2


def sources(folder: Path, most: int) -> Iterator[Image.Image]:
    """Pictures without traces of a coding, of every third file: the others were used to make the method."""
    number = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file())[1::3]:
        try:
            with Image.open(path) as picture:
                whole = picture.convert("RGB")
        except OSError:
            continue
        half = whole.resize((whole.width // 2, whole.height // 2), Image.Resampling.BOX)
        half = half.crop((0, 0, min(half.width, _LONGEST), min(half.height, _LONGEST)))
        if min(half.size) < _SHORTEST or number >= most:
            continue
        values = np.asarray(half, np.float32) + np.random.default_rng(number).normal(0, _NOISE, (*half.size[::-1], 3))
        number += 1
        yield Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def saved(picture: Image.Image, quality: int) -> bytes:
    """A picture as JPEG with 4:2:0 chroma."""
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=quality, subsampling=2)
    return data.getvalue()


def scores(pictures: Iterator[Image.Image], draft: Path) -> Iterator[tuple[int | None, int, float]]:
    """The first quality (None for one saved once), the second one, and the score."""
    chosen = random.Random(1)  # noqa: S311 a choice that is the same each time
    for picture in pictures:
        for second in SECOND:
            for first in (None, *chosen.sample([quality for quality in FIRST if quality != second], _EACH)):
                former = picture
                if first is not None:
                    former = Image.open(io.BytesIO(saved(picture, first))).convert("RGB")
                draft.write_bytes(saved(former, second))
                found = look_for_requantising(draft)
                if found is not None:
                    yield first, second, found.score


def main() -> None:
    """Make the material, measure it, and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, default=60)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = list(scores(sources(arguments.folder, arguments.pictures), Path(folder) / "a.jpg"))
    once = np.array([score for first, _, score in found if first is None])
    twice = [(first, second, score) for first, second, score in found if first is not None]
    values = np.array([score for *_, score in twice])
    print(f"saved once: {len(once)}, twice: {len(twice)}; threshold {THRESHOLD}")
    for limit in (0.01, 0.02, 0.05):
        level = float(np.quantile(once, 1 - limit))
        print(f"at {limit:.0%} false alarms (score over {level:.2f}): {np.mean(values > level):.1%} found")
    print(f"at the threshold: {np.mean(once > THRESHOLD):.1%} false alarms, {np.mean(values > THRESHOLD):.1%} found")
    for name, is_lower in (("lower", True), ("higher", False)):
        part = [score > THRESHOLD for first, second, score in twice if (first < second) is is_lower]
        print(f"first quality {name} than the second: {np.mean(part):.1%} of {len(part)} found")
    table: dict[tuple[int, int], list[bool]] = defaultdict(list)
    for first, second, score in twice:
        table[first, second].append(score > THRESHOLD)
    print("second \\ first", *(f"{first:>6}" for first in FIRST))
    for second in SECOND:
        cells = (f"{np.mean(table[first, second]):6.0%}" if table[first, second] else "     –" for first in FIRST)
        print(f"{second:>14}", *cells)


if __name__ == "__main__":
    main()
