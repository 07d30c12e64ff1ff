"""The tracks that a run is calibrated and measured on: of held-out people, or of left-out sources.

A recipe with [source_folds] is measured by cross-fitting: each file is scored by the network of the fold that never saw
its source, nor any other source of its group. A group of sources then counts once, as a person does otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from inspector.engine.decode.decoder import hash_file
from inspector.engine.model.detector import pick_device
from training.fit.batch.batches import limit_threads
from training.fit.checkpoint import averaged_network, chosen
from training.fit.crossfit import folder_of, folds_of_run, names, training_rows
from training.log import Log
from training.measure.tracks import Track, degraded_and_forged, load_tracks, recorded, save_tracks
from training.prepare.folds import source_groups, source_of
from training.prepare.index import Row, load_index
from training.prepare.parts import SAMPLE_COLUMNS
from training.prepare.selection import by_part, held_out, some_files
from training.recipe import Recipe

ALL_FACES = "also of faces that the program would not score (too small, blurred, covered or turned)"
"""What the tracks are, in words: unlike those of `features`, which leaves these faces out."""


def held_out_tracks(recipe: Recipe, run: Path, log: Log, frames: int = 0) -> list[Track]:
    """All held-out tracks scored by the averaged networks of `run`; saved there for the next command.

    `frames` limits the consecutive frames of each clip, to save time; 0 for all. The recipe's [calibrate] limits the
    number of files.
    """
    limit_threads()
    parts = scored_parts(recipe, run)
    kept, checkpoint = run / "tracks.json", _checkpoints([folder for folder, _ in parts])
    checkpoint += f", {frames} frames" if frames else ""
    scored = [(folder, some_files(rows, recipe.calibrate.files)) for folder, rows in parts]
    if any(len(some) < len(rows) for (_, some), (_, rows) in zip(scored, parts, strict=True)):
        checkpoint += f", {recipe.calibrate.files} files"
    checkpoint += f", of {_fingerprint([row for _, some in scored for row in some])}"
    if kept.exists():
        of, tracks = load_tracks(kept)
        if of == checkpoint:
            return tracks
    tracks = []
    for folder, some in scored:
        rows = [row for part in by_part(some) for row in part[: frames or len(part)]]
        network = averaged_network(recipe, folder).to(pick_device("auto"))
        plain = recorded(network, recipe, rows)
        where = f" with {folder.name}" if len(parts) > 1 else ""
        count = len({row["part"] for of, rows in parts if of == folder for row in rows})
        log(f"scored {len(plain)} of {count} held-out files as recorded{where}")
        tracks += plain + degraded_and_forged(network, recipe, rows)
    log(f"scored {len(tracks)} held-out tracks in all")
    save_tracks(kept, checkpoint, tracks)
    return tracks


def whom(recipe: Recipe) -> str:
    """Who is held out, in words: people, or sources with all of theirs."""
    return "sources" if recipe.source_folds else "people"


def scored_parts(recipe: Recipe, run: Path) -> list[tuple[Path, list[Row]]]:
    """The run folder of every network to score with, and the rows that it has not learnt from."""
    if not recipe.source_folds:
        return [(run, held_out(load_index(Path(recipe.prepare.folder)), recipe))]
    rows = training_rows(recipe)
    folds = folds_of_run(recipe, run, rows)
    groups = source_groups(rows)
    rows = [row | {"group": groups[source_of(row)]} for row in rows]
    return [
        (folder_of(run, name), [row for row in rows if folds[source_of(row)] == fold])
        for fold, name in enumerate(names(recipe.source_folds)[1:])
    ]


def _fingerprint(rows: Sequence[Row]) -> str:
    """A SHA-256 of what is scored and of its labels: clips are added and labels corrected after a measurement."""
    names = (*SAMPLE_COLUMNS, "group", "part", "sha256", "pts")
    return sha256(json.dumps([[row[name] for name in names] for row in rows]).encode()).hexdigest()


def _checkpoints(folders: Sequence[Path]) -> str:
    """The SHA-256 of a run's checkpoint; of several, one over all of theirs."""
    found = [hash_file(chosen(folder)) for folder in folders]
    return found[0] if len(found) == 1 else sha256(" ".join(found).encode()).hexdigest()
