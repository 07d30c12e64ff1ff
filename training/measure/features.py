"""Logits and features of prepared crops, by a run's network and by those of its source folds.

The logits become the table of left-out tracks. The features, the input of the network's head, are what a measure of
what is unlike the training data would need; they are stored as int8 with one scale per crop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save_file
from torch import nn

from inspector.domain.arrays import Floats, Floats32, Image
from inspector.engine import atomic
from inspector.engine.faces.surroundings import plain_share
from inspector.engine.model.detector import pick_device
from training.files import writing
from training.fit.batch.batches import limit_threads
from training.fit.batch.inputs import on_device
from training.fit.checkpoint import averaged_network, head
from training.fit.crossfit import folder_of, folds_of_run, names, training_rows
from training.fit.frozen_features import crop_names, features_of_rows, frozen_network, probe_of
from training.fit.lora import FULL
from training.fit.score import plain_crops
from training.log import Log
from training.measure.beside import beside_bundle
from training.measure.left_out import TRACKS, write_tracks
from training.prepare.folds import source_of
from training.prepare.index import Row, load_index
from training.prepare.selection import scorable, thin
from training.recipe import Recipe

_AT_ONCE = 256
FILE = "features.safetensors"


def write_features(
    recipe: Recipe, run: Path, log: Log, frames: int = 0, kinds: Sequence[str] = (), bundle: str = ""
) -> Path:
    """Score the prepared crops with every network of `run`, and write FILE into `run`.

    Only crops of faces that the program scores, at most `frames` of each file, and only files of `kinds`, if there are
    any. With source folds nobody who is held out in all of them, and it also writes held_out_tracks.csv, from which
    `deep` sets the limits of a bundle; with what the deep network of `bundle`, which must have learnt none of the
    sources, says of the same crops, so that `deep --join` can put the run's network beside it.

    Tensors: `NAME.logits` float32 (n,), `NAME.features` int8 (n, d) and `NAME.scales` float32 (n,) for each network
    ("full", "fold-0", ...), with features = int8 * scale, of a probe for "full" alone; `folds` int16 (n,), the fold
    that leaves the crop's source out (-1 without folds); `is_fake` uint8 (n,). The metadata `crops` lists part and
    number of each crop as JSON.
    """
    limit_threads()
    index = training_rows(recipe) if recipe.source_folds else load_index(Path(recipe.prepare.folder))
    rows = scorable([row for row in index if not kinds or row["kind"] in kinds])
    rows = thin(rows, frames) if frames else rows
    folds = folds_of_run(recipe, run, index)
    others = beside_bundle(recipe, run, rows, bundle, log) if bundle else {}
    tensors: dict[str, np.ndarray] = {
        "folds": np.array([folds.get(source_of(row), -1) for row in rows], np.int16),
        "is_fake": np.array([row["is_fake"] for row in rows], np.uint8),
    }
    for name, logits, features in (_by_probes if recipe.probe else _by_networks)(recipe, run, rows, log):
        tensors[f"{name}.logits"] = logits
        if features is not None:
            whole, scales = quantised(features)
            tensors |= {f"{name}.features": whole, f"{name}.scales": scales}
        log(f"scored {len(rows)} crops with {name}")
    if recipe.source_folds:
        by_network = {name: tensors[f"{name}.logits"] for name in names(recipe.source_folds)}
        write_tracks(run / TRACKS, rows, tensors["folds"].tolist(), by_network, _plain_shares(recipe, rows), others)
    metadata = {"crops": crop_names(rows)}
    with writing(run / FILE), atomic.replacing(run / FILE) as draft:
        save_file(tensors, draft, metadata)
    return run / FILE


def _plain_shares(recipe: Recipe, rows: Sequence[Row]) -> Floats:
    """How plain the surroundings of each face are, float64 (n,); cut again, since kept features have no crops."""
    starts = range(0, len(rows), _AT_ONCE)
    samples = (sample for start in starts for sample in plain_crops(recipe, rows[start : start + _AT_ONCE]))
    # Of a window its middle frame.
    return np.array([plain_share(sample if sample.ndim == 3 else sample[len(sample) // 2]) for sample in samples])


_Scored = Iterator[tuple[str, Floats32, Floats32 | None]]
"""The name of each network, its logits float32 (n,) and the input of its head float32 (n, d), or None."""


def _by_networks(recipe: Recipe, run: Path, rows: Sequence[Row], log: Log) -> _Scored:
    crops = plain_crops(recipe, rows)
    log(f"cut {len(crops)} crops")
    for name in names(recipe.source_folds):
        network = averaged_network(recipe, folder_of(run, name)).to(pick_device("auto"))
        yield name, *score(network, crops, recipe)


def _by_probes(recipe: Recipe, run: Path, rows: Sequence[Row], log: Log) -> _Scored:
    """What a frozen body makes of each crop serves all networks, and is kept in the run.

    The heads of siblings get the same features as that of the network that ships, but for their standardisation.
    """
    features = torch.from_numpy(features_of_rows(frozen_network(recipe), recipe, run, rows, log))
    for name in names(recipe.source_folds):
        body = probe_of(averaged_network(recipe, folder_of(run, name)))
        with torch.inference_mode():
            standard = body.standard(features)
            yield name, body.head(standard).flatten().numpy(), standard.numpy() if name == FULL else None


def score(network: nn.Module, crops: Image, recipe: Recipe) -> tuple[Floats32, Floats32]:
    """Logits float32 (n,) of crops uint8 (n, s, s, 3) RGB, and the head's input float32 (n, d)."""
    device = next(network.parameters()).device
    logits, features = [], []
    hook = head(network).register_forward_pre_hook(lambda _, given: features.append(given[0].float().cpu()))
    try:
        with torch.inference_mode():
            for start in range(0, len(crops), _AT_ONCE):
                x = on_device(crops[start : start + _AT_ONCE], recipe.network, device)
                logits.append(network(x).float().cpu())
    finally:
        hook.remove()
    return torch.cat(logits).numpy(), torch.cat(features).numpy()


def quantised(features: Floats32) -> tuple[npt.NDArray[np.int8], Floats32]:
    """int8 (n, d) and scales float32 (n,) whose product is nearly float32 (n, d)."""
    scales = (np.abs(features).max(axis=1) / 127 + 1e-12).astype(np.float32)
    return np.rint(features / scales[:, None]).astype(np.int8), scales
