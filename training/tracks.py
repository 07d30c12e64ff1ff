"""Held-out tracks and their logits: as they were recorded, degraded, and forged, for calibration and measurement.

A recipe that forges nothing degrades its generated tracks instead, so that neither class is known by its recording.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from torch import nn

from training.augment import augment
from training.data import Batches
from training.forge import Picture
from training.prepare import load_crop
from training.recipe import Recipe
from training.score import Floats, Row, by_part, logits_of, plain_crops, samples, thin

AS_RECORDED, DEGRADED = "as recorded", "degraded"
_VERSIONS = {"clip": 3, "still": 2, "face": 1}
_FRAMES = 16  # of a clip in each degraded version
_FACES = 90  # film faces that are forged and degraded; more would drown the clips


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One labelled track: whose it is, what was done, and float64 (n,) seconds and logits in time order."""

    part: str
    group: str
    kind: str
    is_fake: bool
    what: str  # the method, or the forging kind
    condition: str
    seconds: Floats
    logits: Floats


def recorded(network: nn.Module, recipe: Recipe, rows: Sequence[Row]) -> list[Track]:
    """Every file as it lies there, all prepared frames."""
    tracks = []
    for part in by_part(rows):
        logits = logits_of(network, plain_crops(recipe, part), recipe)
        seconds = np.array([row["seconds"] for row in part])
        first = part[0]
        what = first["method"]
        tracks.append(
            Track(first["part"], first["group"], first["kind"], first["is_fake"], what, AS_RECORDED, seconds, logits)
        )
    return tracks


def degraded_and_forged(network: nn.Module, recipe: Recipe, rows: Sequence[Row]) -> list[Track]:
    """Originals after a random life, and forged versions of the same after the same life, steady in time.

    Without forging, the generated tracks after such lives.
    """
    batches = Batches(recipe, rows, 0, seed=5_555_555)
    originals = [part for part in by_part(rows) if not part[0]["is_fake"]]
    faces = [part for part in originals if part[0]["kind"] == "face"][:: max(1, len(originals) // _FACES)]
    fakes = [] if recipe.batch.pairs else [part for part in by_part(rows) if part[0]["is_fake"]]
    tracks: list[Track] = []
    for number, part in enumerate([p for p in originals if p[0]["kind"] != "face"] + faces + fakes):
        for version in range(_VERSIONS[part[0]["kind"]]):
            tracks += _version(network, recipe, batches, thin(part, _FRAMES), number * 10 + version)
    return tracks


def _version(network: nn.Module, recipe: Recipe, batches: Batches, rows: Sequence[Row], seed: int) -> Iterator[Track]:
    first, table, kind = rows[0], recipe.network, ""
    lives = []
    for row in rows:
        picture = Picture(*load_crop(Path(recipe.prepare.folder), row))
        images = [picture.image]
        # The same numbers for every frame: the same kind, donor, shape and compression all along the track.
        if recipe.batch.pairs:
            forged, kind = batches.forge(picture, np.random.default_rng((seed, 1)))
            images.append(forged)
        life = np.random.default_rng((seed, 2))
        lives.append(augment(images, picture.points, table.margin, table.input_size, life))
    seconds = np.array([row["seconds"] for row in rows])
    parts = [row["part"] for row in rows]
    for version, frames in enumerate(zip(*lives, strict=True)):
        logits = logits_of(network, samples(frames, parts, recipe), recipe)
        is_fake, what = (True, kind) if version else (first["is_fake"], first["method"])
        yield Track(first["part"], first["group"], first["kind"], is_fake, what, DEGRADED, seconds, logits)


def save_tracks(path: Path, checkpoint: str, tracks: Sequence[Track]) -> None:
    """Keep tracks with the SHA-256 of the checkpoint that scored them."""
    names = [name for name in Track.__slots__ if name not in ("seconds", "logits")]
    rows = [
        {name: getattr(track, name) for name in names}
        | {"seconds": track.seconds.tolist(), "logits": track.logits.tolist()}
        for track in tracks
    ]
    path.write_text(json.dumps({"checkpoint": checkpoint, "tracks": rows}), encoding="utf-8")


def load_tracks(path: Path) -> tuple[str, list[Track]]:
    """The checkpoint's SHA-256 and the tracks that `save_tracks` kept."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    tracks = [
        Track(**(row | {"seconds": np.array(row["seconds"]), "logits": np.array(row["logits"])}))
        for row in kept["tracks"]
    ]
    return kept["checkpoint"], tracks
