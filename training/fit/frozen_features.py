"""Features of a network whose body never learns, in chunks that are kept as files.

They are made once for all networks that differ in the head alone, such as those of source folds, and an interrupted
command goes on after its last chunk.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from torch import nn

from inspector.domain.arrays import Floats32, Image
from inspector.domain.errors import TrainingError
from inspector.engine import atomic
from inspector.engine.model import registry as networks
from inspector.engine.model.detector import pick_device
from inspector.engine.model.networks.int8 import has_fast_int8
from inspector.engine.model.networks.probe import BlockProbe
from inspector.engine.model.passes import in_passes
from training.files import reading, writing
from training.fit.batch.inputs import on_device
from training.fit.lora import architecture_args
from training.fit.score import plain_crops
from training.forge.augment import upload
from training.log import Log
from training.prepare.index import Row
from training.recipe import Recipe

Tensors = dict[str, np.ndarray]
Made = tuple[Tensors, Mapping[str, str]]
"""Tensors, and texts about them."""
_BY_CROPS = "scored"  # folders of a run
_UPLOADED = "uploaded"
_UPLOAD_SEED = 5
_ROWS_PER_CHUNK = 256
_PER_PASS = 4
_PER_PASS_ON_GPU = 256


def frozen_network(recipe: Recipe) -> nn.Module:
    """The recipe's network of the architecture "probe" as the engine computes with it, on the GPU if there is one."""
    table, device = recipe.network, pick_device("auto")
    keeps_int8 = device.type == "cpu" and has_fast_int8()
    network = networks.build(table.architecture, architecture_args(table), is_trusted=True, keeps_int8=keeps_int8)
    return network.to(device).eval()


def features_of(network: nn.Module, crops: Image, recipe: Recipe) -> Floats32:
    """float32 (n, d) of crops uint8 (n, s, s, 3) RGB: what the head's standardisation gets."""
    body, device = probe_of(network), next(network.buffers()).device

    def passed(some: Image) -> Floats32:
        with torch.inference_mode():
            return body.features(on_device(some, recipe.network, device)).float().cpu().numpy()

    at_once = _PER_PASS if device.type == "cpu" else _PER_PASS_ON_GPU
    parts = [crops[start : start + at_once] for start in range(0, len(crops), at_once)]
    return np.concatenate(in_passes(passed, parts) if device.type == "cpu" else [passed(part) for part in parts])


def features_of_rows(
    network: nn.Module,
    recipe: Recipe,
    run: Path,
    rows: Sequence[Row],
    log: Log,
    is_over: Callable[[], bool] = lambda: False,
    *,
    is_uploaded: bool = False,
) -> Floats32:
    """float32 (n, d) of the crops of an index, as the program cuts them; kept in the run's folder by the crops.

    Only of the first ones, a chunk at least, where `is_over` says that the time is over. With `is_uploaded` as they are
    after an upload.
    """
    chunks: list[Floats32] = []
    for start in range(0, len(rows), _ROWS_PER_CHUNK):
        some = rows[start : start + _ROWS_PER_CHUNK]
        about = {"crops": crop_names(some)}
        name = hashlib.sha256(about["crops"].encode()).hexdigest()[:16]
        path = run / (_UPLOADED if is_uploaded else _BY_CROPS) / f"{name}.safetensors"

        def make(some: Sequence[Row] = some, about: dict[str, str] = about, start: int = start) -> Made:
            crops = plain_crops(recipe, some)
            if is_uploaded:
                numbered = enumerate(crops, start)
                crops = np.stack([upload(crop, np.random.default_rng((_UPLOAD_SEED, n))) for n, crop in numbered])
            return {"features": features_of(network, crops, recipe)}, about

        if chunks and not path.exists() and is_over():
            break
        chunks.append(kept(path, make)[0]["features"])
        log(f"features of {start + len(some)} of {len(rows)} {_UPLOADED if is_uploaded else 'plain'} crops")
    return np.concatenate(chunks)


def crop_names(rows: Sequence[Row]) -> str:
    """Part and number of each crop, as JSON."""
    return json.dumps([[row["part"], row["crop"]] for row in rows])


def probe_of(network: nn.Module) -> BlockProbe:
    """The probe in a network; TrainingError if it is of another architecture."""
    body = network.get_submodule("body")
    if not isinstance(body, BlockProbe):
        raise TrainingError('[probe] is for networks of the architecture "probe"; correct the recipe.')
    return body


def kept(path: Path, make: Callable[[], Made]) -> Made:
    """The tensors and texts in `path`, which is made first unless it exists. Raises TrainingError, OutputError."""
    if not path.exists():
        tensors, texts = make()
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic.replacing(path) as draft:
                save_file(tensors, draft, dict(texts))
    with reading(path, "remove it, and it is made again"), safe_open(os.fspath(path), "numpy") as file:
        return load_file(path), file.metadata() or {}
