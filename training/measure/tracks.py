"""Held-out tracks and their logits (as recorded, degraded, and forged) for calibration and measurement.

Degraded and forged versions of a clip use all its prepared frames, which are consecutive, so that segments are also
measured on soft and recoded originals. A recipe that does not forge degrades its generated tracks instead, so that the
recording does not reveal the class.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from torch import nn

from inspector.domain.arrays import Floats, Image
from training.files import reading, write_bytes
from training.fit.batch.batches import Batches
from training.fit.score import logits_of, plain_crops, samples
from training.forge.augment import augment
from training.forge.forge import Picture
from training.prepare.coding import compression_of
from training.prepare.index import Row
from training.prepare.parts import load_crop
from training.prepare.selection import by_part
from training.recipe import Recipe

AS_RECORDED, DEGRADED = "as recorded", "degraded"
_VERSIONS = {"clip": 3, "still": 2, "face": 1}
_FACES = 90  # film faces that are forged and degraded; more would outweigh the clips
LAYOUT = 4  # version of the saved file and of the way versions are made; older files are scored again
_PLAIN = -1


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One labelled track: person, method, condition, and float64 (n,) seconds and logits in time order."""

    part: str
    group: str
    kind: str
    is_fake: bool
    what: str  # the method, or the forging kind
    condition: str
    seconds: Floats
    logits: Floats
    clip: str = ""  # the file; several labels can apply to parts of one
    face_px: float = float("nan")  # median, as prepared
    seed: int = _PLAIN  # of the augmentation; -1 for a track as recorded
    compression: str = ""  # of the file, before any augmentation (training.prepare.coding); "" where unknown
    source: str = ""  # the repository or dataset, and the file there
    pair: str = ""  # a fake and its original share it


def recorded(network: nn.Module, recipe: Recipe, rows: Sequence[Row]) -> list[Track]:
    """Every file as recorded, with all prepared frames."""
    tracks = []
    for part in by_part(rows):
        logits = logits_of(network, plain_crops(recipe, part), recipe)
        first = part[0]
        tracks.append(track_of(part, first["is_fake"], first["method"], AS_RECORDED, logits))
    return tracks


def degraded_and_forged(network: nn.Module, recipe: Recipe, rows: Sequence[Row]) -> list[Track]:
    """Originals with a random augmentation, and forged versions with the same one, constant along each track.

    Without forging, the generated tracks are augmented instead.
    """
    versions = Versions(recipe, rows)
    originals = [part for part in by_part(rows) if not part[0]["is_fake"]]
    faces = [part for part in originals if part[0]["kind"] == "face"][:: max(1, len(originals) // _FACES)]
    fakes = [] if recipe.batch.pairs else [part for part in by_part(rows) if part[0]["is_fake"]]
    tracks: list[Track] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, part in enumerate([p for p in originals if p[0]["kind"] != "face"] + faces + fakes):
            for version in range(_VERSIONS[part[0]["kind"]]):
                tracks += _version(network, recipe, versions, part, number * 10 + version, pool)
    return tracks


class Versions:
    """Makes degraded and forged versions of frames, reproducible from the seed that a track stores."""

    def __init__(self, recipe: Recipe, rows: Sequence[Row]) -> None:
        self._recipe = recipe
        self._batches = Batches(recipe, rows, 0, seed=5_555_555)

    def of(self, row: Row, seed: int) -> tuple[list[Image], str]:
        """The network's crops uint8 (s, s, 3) RGB of a degraded frame and its forged version, and the forging kind.

        The random numbers are the same for every frame of a track: one kind, donor, shape and compression.
        """
        recipe, table, kind = self._recipe, self._recipe.network, ""
        stored = Picture(*load_crop(Path(recipe.prepare.folder), row))
        picture = self._batches.pre_degrade(stored, np.random.default_rng((seed, 0)))
        images = [picture.image]
        if recipe.batch.pairs:
            forged, kind = self._batches.forge(picture, np.random.default_rng((seed, 1)))
            images.append(forged)
        random = np.random.default_rng((seed, 2))
        return augment(images, picture.points, table.margin, table.input_size, random), kind


def _version(
    network: nn.Module, recipe: Recipe, versions: Versions, rows: Sequence[Row], seed: int, pool: ThreadPoolExecutor
) -> Iterator[Track]:
    made = list(pool.map(lambda row: versions.of(row, seed), rows))
    kind = made[-1][1]
    parts = [row["part"] for row in rows]
    for version, frames in enumerate(zip(*(crops for crops, _ in made), strict=True)):
        logits = logits_of(network, samples(frames, parts, recipe), recipe)
        is_fake, what = (True, kind) if version else (rows[0]["is_fake"], rows[0]["method"])
        yield track_of(rows, is_fake, what, DEGRADED, logits, seed)


def track_of(
    rows: Sequence[Row], is_fake: bool, what: str, condition: str, logits: Floats, seed: int = _PLAIN
) -> Track:
    """The track of these frames (in time order) with their logits float64 (n,)."""
    first = rows[0]
    return Track(
        part=first["part"],
        group=first["group"],
        kind=first["kind"],
        is_fake=is_fake,
        what=what,
        condition=condition,
        seconds=np.array([row["seconds"] for row in rows]),
        logits=logits,
        clip=first["path"],
        face_px=float(np.median([row["face_px"] for row in rows])),
        seed=seed,
        compression=compression_of(first),
        source=first["source"] or "",
        pair=first["pair"] or "",
    )


def save_tracks(path: Path, checkpoint: str, tracks: Sequence[Track]) -> None:
    """Save tracks with the SHA-256 of the checkpoint that scored them."""
    names = [name for name in Track.__slots__ if name not in ("seconds", "logits")]
    rows = [
        {name: getattr(track, name) for name in names}
        | {"seconds": track.seconds.tolist(), "logits": track.logits.tolist()}
        for track in tracks
    ]
    write_bytes(path, json.dumps({"layout": LAYOUT, "checkpoint": checkpoint, "tracks": rows}).encode())


def load_tracks(path: Path) -> tuple[str, list[Track]]:
    """The checkpoint's SHA-256 and the tracks of `save_tracks`; none from a file of another layout.

    Raises TrainingError when it is damaged.
    """
    with reading(path, "remove it and run the same command again, which scores the held-out people again"):
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept.get("layout") != LAYOUT:
            return "", []
        tracks = [
            Track(**(row | {"seconds": np.array(row["seconds"]), "logits": np.array(row["logits"])}))
            for row in kept["tracks"]
        ]
        return kept["checkpoint"], tracks
