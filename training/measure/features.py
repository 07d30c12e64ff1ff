"""Logits and features of prepared crops, by a run's network and by those of its source folds.

The logits become the table of left-out tracks. The features, the input of the network's head, are what a measure of
what is unlike the training data would need; they are stored as int8 with one scale per crop.

A bundle's deep network can score the same crops. Whoever has the bundle but not the clips that it learnt can put a
network beside it so: on sources that are new to the bundle its own scores are as honest as those of the run's siblings
on sources that they left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save_file
from torch import nn

from inspector.domain.arrays import Floats, Floats32, Image
from inspector.domain.errors import TrainingError
from inspector.domain.model_card import DeepCard, ModelCard
from inspector.engine import atomic
from inspector.engine.faces.surroundings import plain_share
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.detector import Detector, pick_device
from training.files import writing
from training.fit.batch.batches import limit_threads
from training.fit.batch.inputs import on_device
from training.fit.checkpoint import averaged_network, head
from training.fit.crossfit import folder_of, folds_of_run, names, training_rows
from training.fit.frozen_features import Made, crop_names, features_of_rows, frozen_network, kept, probe_of
from training.fit.lora import FULL
from training.fit.score import plain_crops
from training.log import Log
from training.measure.left_out import TRACKS, beside, write_tracks
from training.prepare.folds import source_of
from training.prepare.index import Row, load_index
from training.prepare.selection import scorable, thin
from training.recipe import NetworkTable, Recipe

_AT_ONCE = 256
_BESIDE_AT_ONCE = 64  # crops, by a bundle's deep network: half a minute on two cores
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


def beside_bundle(recipe: Recipe, run: Path, rows: Sequence[Row], name: str, log: Log) -> dict[str, Floats]:
    """The column of the bundle `name` in a table of tracks, and its logits float64 (crops,); kept in the run's folder.

    Raises TrainingError if the recipe leaves no sources out, or if the bundle has no deep network, takes other crops,
    or learnt a source of `rows`, and BundleError.
    """
    if recipe.source_folds is None:
        raise TrainingError(
            f"The recipe {recipe.name} leaves no sources out, from which `deep --join` could set limits; add "
            "[source_folds] and fit in another folder, or leave --beside out."
        )
    bundle = find_bundle(name)
    card = bundle.card
    if card.deep is None:
        raise TrainingError(f"{name} has no deep network to score the crops by; leave --beside out.")
    check_margin(name, card, recipe)
    check_input(name, card.deep, recipe.network)
    _check_sources(name, card, rows)
    detector = Detector.load(bundle).deep
    assert detector is not None
    column, chunks = beside(card.deep), []
    for start in range(0, len(rows), _BESIDE_AT_ONCE):
        some = rows[start : start + _BESIDE_AT_ONCE]
        about = {"crops": crop_names(some)}
        path = run / column / f"{hashlib.sha256(about['crops'].encode()).hexdigest()[:16]}.safetensors"

        def make(some: Sequence[Row] = some, about: dict[str, str] = about) -> Made:
            return {"logits": detector.logits(plain_crops(recipe, some))}, about

        chunks.append(kept(path, make)[0]["logits"])
        log(f"{name} scored {start + len(some)} of {len(rows)} crops")
    return {column: np.concatenate(chunks)}


def check_margin(name: object, card: ModelCard, recipe: Recipe) -> None:
    """Raises TrainingError unless a deep network of the bundle would get the recipe's crops: it has one margin."""
    mine, theirs = recipe.network.margin, card.crop_margin
    if mine != theirs:
        raise TrainingError(
            f"The recipe {recipe.name} cuts crops with margin = {mine:g}, and the program cuts them for {name} with "
            f"{theirs:g}; set margin = {theirs:g} under [network] and fit in another folder."
        )


def check_input(name: object, deep: DeepCard, other: DeepCard | NetworkTable) -> None:
    """Raises TrainingError unless both take crops of one size and scale."""
    if (deep.input_size, deep.mean, deep.std) != (other.input_size, other.mean, other.std):
        raise TrainingError(f"The deep network of {name} takes other crops than the new one; correct the recipe.")


def _check_sources(name: str, card: ModelCard, rows: Sequence[Row]) -> None:
    """Raises TrainingError if the bundle learnt a source of the rows, or another one of its owner."""

    def owner(source: str) -> str:
        return source.partition("/")[0].strip().lower()

    learnt = {owner(source.name) for source in card.trained_on}
    known = sorted({source_of(row) for row in rows if owner(source_of(row)) in learnt})
    if known:
        more = f" and {len(known) - 1} more" if len(known) > 1 else ""
        raise TrainingError(
            f"{name} learnt {known[0]}{more} itself, so what it says of these clips is no measure of new ones; leave "
            "these sources out of the recipe, or leave --beside out."
        )
