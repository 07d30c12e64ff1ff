"""The training loop, from a recipe to checkpoints in a run folder."""

from __future__ import annotations

import copy
import csv
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
import torch
from lightning.fabric import Fabric
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.utils.data import DataLoader, Subset

from inspector.domain.errors import TrainingError
from inspector.engine import network as networks
from training.checkpoint import begin, restore, save
from training.checks import HeldOut
from training.data import Batch, Batches, calm_threads, start_worker
from training.prepare import load_index
from training.recipe import FitTable, Recipe

Say = Callable[[str], None]


def fit(recipe: Recipe, run: Path, say: Say) -> Path:
    """Train `recipe`, resuming what `run` holds, and return the last checkpoint.

    Raises TrainingError when the run was begun with another recipe, or when a class is missing.
    """
    run.mkdir(parents=True, exist_ok=True)
    _check_recipe(recipe, run)
    table = recipe.fit
    fabric = Fabric(precision=table.precision, **_processes())  # type: ignore[arg-type]
    fabric.launch()
    calm_threads()
    network = begin(recipe)
    averaged = copy.deepcopy(network).requires_grad_(False).eval()
    optimiser = _optimiser(network, table)
    last = run / "last.safetensors"
    step = restore(last, network, averaged, optimiser) if last.exists() else 0
    model, optimiser = fabric.setup(cast(nn.Module, torch.compile(network)) if table.compile else network, optimiser)
    rows = load_index(Path(recipe.prepare.folder))
    held_out = HeldOut(recipe, [row for row in rows if row["is_held_out"]]) if fabric.is_global_zero else None
    length = table.steps * fabric.world_size
    batches = Batches(recipe, [row for row in rows if not row["is_held_out"]], length, table.seed)
    started, first, losses = time.monotonic(), step, [0.0, 0.0]
    for batch in _loader(batches, step, fabric, table.workers):
        torch.manual_seed(table.seed * 1_000_003 + step)  # dropout too is a function of the step
        for group in optimiser.param_groups:
            group["lr"] = table.learning_rate * schedule(step, table)
        x = networks.to_input(batch.crops, recipe.network.mean, recipe.network.std).to(fabric.device)
        labels = torch.from_numpy(batch.labels).to(fabric.device)
        model.train()
        loss = binary_cross_entropy_with_logits(model(x).float(), labels)
        fabric.backward(loss)
        fabric.clip_gradients(model, optimiser, max_norm=table.clip_norm)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        average(averaged, network, min(table.ema, step / (step + 10)))
        losses = [losses[0] + float(loss.detach()), losses[1] + 1]
        if fabric.is_global_zero and (step % table.save_every == 0 or step == table.steps):
            rate = (step - first) / (time.monotonic() - started)
            left = (table.steps - step) / rate / 60
            speed = f"{rate * len(labels) * fabric.world_size:.1f} crops/s, {left:.0f} min left"
            say(f"step {step}/{table.steps}, loss {losses[0] / losses[1]:.4f}, {speed}")
            save(last, network, averaged, optimiser, step)
            losses = [0.0, 0.0]
        is_due = step % table.check_every == 0 or step == table.steps
        if held_out and is_due and _check(averaged, held_out, run, step, say):
            save(run / "best.safetensors", network, averaged, optimiser, step)
    return last


def _processes() -> dict[str, Any]:
    """What torchrun started, for Fabric; one process when it did not."""
    here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    return {"devices": here, "num_nodes": int(os.environ.get("WORLD_SIZE", "1")) // here}


def _check_recipe(recipe: Recipe, run: Path) -> None:
    """A run goes on with the recipe it was begun with; only its length may change."""
    path = run / "recipe.json"
    if path.exists():
        begun = msgspec.json.decode(path.read_bytes(), type=Recipe)
        if begun.training() != recipe.training():
            raise TrainingError(f"{run} was begun with another recipe; name another run folder or restore the recipe.")
    path.write_bytes(msgspec.json.format(msgspec.json.encode(recipe), indent=1))


def _optimiser(network: nn.Module, table: FitTable) -> torch.optim.Optimizer:
    """AdamW (Loshchilov and Hutter 2019); norms and biases are not decayed."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    free = [p for p in network.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": table.weight_decay}, {"params": free, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=table.learning_rate)


def schedule(step: int, table: FitTable) -> float:
    """The share of the learning rate at a step: linear warm-up, constant, linear decay that reaches zero at the end."""
    return max(0.0, min(1.0, (step + 1) / max(table.warmup_steps, 1), (table.steps - step) / max(table.decay_steps, 1)))


def average(averaged: nn.Module, network: nn.Module, keep: float) -> None:
    """Move the running average of weights and norm statistics towards the network."""
    with torch.no_grad():
        mine = averaged.state_dict()
        for name, value in network.state_dict().items():
            if value.dtype.is_floating_point:
                mine[name].lerp_(value, 1 - keep)
            else:
                mine[name].copy_(value)


def _loader(batches: Batches, step: int, fabric: Fabric, workers: int) -> Iterator[Batch]:
    """The batches of this process from `step` on."""
    mine = Subset(batches, range(step * fabric.world_size + fabric.global_rank, len(batches), fabric.world_size))
    loader: DataLoader[Batch] = DataLoader(
        mine,
        batch_size=None,
        num_workers=workers,
        prefetch_factor=4 if workers else None,
        worker_init_fn=start_worker,
        # A forked worker hangs on the thread pool that this process has used already.
        multiprocessing_context="spawn" if workers else None,
    )
    return iter(loader)


def _check(averaged: nn.Module, held_out: HeldOut, run: Path, step: int, say: Say) -> bool:
    """Score the held-out data with the averaged weights, warn of a collapse, and add a line to metrics.csv.

    Whether it is the best check of the run so far, by the mean of its AUCs: each is of few
    people, so one alone would choose by luck.
    """
    metrics = held_out.measure(averaged)
    say(f"step {step}: " + ", ".join(f"{k} {v:.3f}" for k, v in metrics.items()))
    for side in ("recall of fakes", "recall of originals"):
        if metrics[side] == 0:
            say(f"step {step}: the network calls everything one class ({side} is 0).")
    path = run / "metrics.csv"
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if is_new:
            writer.writerow(["step", *metrics])
        writer.writerow([step, *metrics.values()])
    with path.open(newline="", encoding="utf-8") as file:
        earlier = [_standing(row) for row in csv.DictReader(file)]
    return max(earlier) == earlier[-1]


def _standing(metrics: Mapping[str, Any]) -> float:
    return float(np.nanmean([float(value) for name, value in metrics.items() if name.endswith("AUC")]))
