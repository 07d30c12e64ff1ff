"""The training loop: from a recipe to checkpoints in a run folder.

One process trains on the CPU or on one GPU. torchrun starts several, on one machine or more, with the same recipe:

    torchrun --nproc-per-node 2 -m training fit RECIPE --folder RUN
    torchrun --nnodes 2 --node-rank R --nproc-per-node 8 --master-addr HOST --master-port 29500 -m training fit ...

Every machine must see the prepared folder and the run's folder. Each process makes its own batches, and the
recipe's `batches_per_step` is the total per step: with it, the number of processes changes the weights and norm
statistics by rounding only.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import nn

from inspector.domain.errors import InspectorError, TrainingError
from training.fit.batch.batches import Batches, limit_threads
from training.fit.batch.loader import load_batches
from training.fit.checkpoint import State, begin, begin_run, head, restore, save
from training.fit.distil import Teacher
from training.fit.learn import Learner
from training.fit.lora import FULL, choose_learning
from training.fit.optim import (
    Clock,
    count_parameters,
    freeze,
    make_optimiser,
    running_average,
    set_rate,
    to_training,
)
from training.fit.watch import Watch
from training.log import Log
from training.prepare.index import Row, load_index
from training.prepare.selection import held_out
from training.recipe import FitTable, Recipe

ENDLESS = 1_000_000_000  # batches of a run whose length is in minutes
_COUNTED = 16  # batches in which `fake_weight = "counts"` counts labels


def fit(
    recipe: Recipe,
    run: Path,
    log: Log,
    rows: Sequence[Row] | None = None,
    *,
    minutes: float = math.inf,
    fold: str = FULL,
) -> Path:
    """Train `recipe`, resuming the run in `run`, and return the last checkpoint; `rows` replaces the whole index.

    After `minutes` it stops with a checkpoint that the next call continues from. So it does after Ctrl-C, and then
    raises Ended. `fold` names the start weights of [network.lora].

    Raises TrainingError when the run was started with another recipe, when a class is missing, or when the loss is not
    finite; OutputError when the disk is full. The last good checkpoint stays. If one of several processes cannot
    start, all of them raise.
    """
    table, last = recipe.fit, run / "last.safetensors"
    share = _share(table, int(os.environ.get("WORLD_SIZE", "1")))  # number of a step's batches for this process
    fabric = launch(table)
    begun = _all_begin(fabric, lambda: _begin(recipe, run, fabric, rows, log, fold))
    state, batches, watch = begun.state, begun.batches, begun.watch
    network = compiled(state.network) if table.compile else state.network
    model, state.optimiser = fabric.setup(network, state.optimiser)
    learn = Learner(recipe, fabric, model, state, begun.fake_weight, begun.teacher)
    if watch:
        log(_describe(recipe, fabric, state))
    first = state.step * share * fabric.world_size + fabric.global_rank
    loader = load_batches(batches, first, fabric.world_size, table.workers)
    is_over = fabric.broadcast(watch is not None and watch.is_stale())
    with Clock(table, state, minutes).interruptible() as clock:
        while not is_over and not clock.is_done():
            to_training(model, state.network, table.trained)
            set_rate(state.optimiser, clock.rate())
            if not (given := clock.fetch(loader, share)):
                break
            state.seen.append(learn(given))
            state.optimiser.step()
            state.optimiser.zero_grad(set_to_none=True)
            state.step += 1
            state.averaged.update(state.network, step=state.step + 1)
            clock.tick(fabric)
            is_last = clock.is_done()
            is_due = clock.is_out() or state.step % table.save_every == 0
            if watch:
                watch.progress(learn.crops, is_due)
            if is_last or state.step % table.check_every == 0:
                is_over = fabric.broadcast(watch is not None and watch.check())
                state.seen.clear()
            if clock.is_out() and not is_last:
                break
            if watch and (is_due or is_over):
                save(last, state)
        if watch:
            watch.close()
        if watch and clock.is_out() and not clock.is_done():
            save(last, state)
            log(f"{clock.why()} at step {state.step}, which is saved; run the same command again to continue")
    return last


COMPILES = "; compiling comes before the first step and takes minutes (not with compile = false under [fit])"


def compiled(network: nn.Module) -> nn.Module:
    """The network compiled for the single shape of its batches.

    Otherwise torch takes the shapes of the next network in this process (an ensemble's next member, a comparison's next
    recipe) for dynamic ones and compiles symbolically, which can take a quarter of an hour.
    """
    torch.compiler.reset()
    return cast(nn.Module, torch.compile(network, dynamic=False))


def launch(table: FitTable) -> Fabric:
    """Join the processes that torchrun started; a single one without it.

    The precision "auto" is bf16 on a GPU and 32 bits on a CPU, where bf16 without its instructions is 15 times slower.
    """
    precision = table.precision
    if precision == "auto":
        precision = "bf16-mixed" if torch.cuda.is_available() else "32-true"
    if table.precision == "16-mixed" and not torch.cuda.is_available():
        raise TrainingError("The precision 16-mixed needs a CUDA GPU and there is none; use bf16-mixed or 32-true.")
    here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    nodes = int(os.environ.get("WORLD_SIZE", "1")) // here
    fabric = Fabric(precision=precision, devices=here, num_nodes=nodes)  # type: ignore[arg-type]
    fabric.launch()
    limit_threads()
    return fabric


@dataclass(frozen=True, slots=True, eq=False)
class _Begun:
    """What a process has before the first step, after everything was read and written successfully."""

    state: State
    batches: Batches
    fake_weight: float
    teacher: Teacher | None
    watch: Watch | None  # in the first process only


def _begin(recipe: Recipe, run: Path, fabric: Fabric, rows: Sequence[Row] | None, log: Log, fold: str = FULL) -> _Begun:
    table, last = recipe.fit, run / "last.safetensors"
    if fabric.is_global_zero:
        begin_run(recipe, run)
    state = begin_state(recipe, fabric, fold)
    if last.exists():
        restore(last, state)
    rows = load_index(Path(recipe.prepare.folder)) if rows is None else rows
    length = ENDLESS if table.minutes else table.steps * max(table.batches_per_step, fabric.world_size)
    batches = Batches(recipe, [row for row in rows if not row["is_held_out"]], length, table.seed)
    fake_weight = _fake_weight(table, batches)
    measured = held_out(rows, recipe)
    watch = Watch(recipe, run, measured, state, log) if fabric.is_global_zero else None
    teacher = Teacher(recipe.distil, recipe, fabric.device) if recipe.distil else None
    return _Begun(state, batches, fake_weight, teacher, watch)


def _all_begin(fabric: Fabric, begin: Callable[[], _Begun]) -> _Begun:
    """The result of `begin` if it succeeded in every process; otherwise all raise the first error.

    Without this the others would wait in a step that never ends: gloo gives up after half an hour, and torchrun only
    watches its own machine.
    """
    begun, reason = None, ""
    try:
        begun = begin()
    except InspectorError as error:
        if fabric.world_size == 1:
            raise
        reason = str(error)
    reasons = [fabric.broadcast(reason, src=rank) for rank in range(fabric.world_size)]
    reason = next((text for text in reasons if text), "")
    if begun is None or reason:
        raise TrainingError(reason)
    return begun


def begin_state(recipe: Recipe, fabric: Fabric, fold: str = FULL, undecided: nn.Module | None = None) -> State:
    """A new run's network, running average and optimiser; `fold` and `undecided` as in `begin`."""
    network = begin(recipe, fold, undecided).to(fabric.device)
    if fabric.device.type == "cuda":
        network = network.to(memory_format=torch.contiguous_format)  # training.fit.batch.inputs says why
    averaged = running_average(network, recipe.fit.ema)
    freeze(network, recipe.fit.trained)
    if recipe.network.lora:
        choose_learning(network, recipe.network.lora, head(network))
    scaler: Any = fabric.strategy.precision
    return State(network, averaged, make_optimiser(network, recipe.fit), scaler)


def _share(table: FitTable, processes: int) -> int:
    """The number of batches per step for each process."""
    if table.batches_per_step % processes:
        raise TrainingError(
            f"batches_per_step is {table.batches_per_step}, which {processes} processes cannot share evenly; start a "
            "number of processes that divides it."
        )
    return table.batches_per_step // processes or 1


def _fake_weight(table: FitTable, batches: Batches) -> float:
    """The weight of fakes in the loss; TrainingError when the batches have a single class."""
    counted = _COUNTED if table.fake_weight == "counts" else 1
    labels = np.concatenate([batches[number].labels for number in range(counted)])
    fakes = float(labels.sum())
    if not 0 < fakes < len(labels):
        raise TrainingError(f"The training batches hold {'fakes' if fakes else 'originals'} only; both are needed.")
    return (len(labels) - fakes) / fakes if isinstance(table.fake_weight, str) else table.fake_weight


def _describe(recipe: Recipe, fabric: Fabric, state: State) -> str:
    every, learning = count_parameters(state.network)
    where = f"{fabric.world_size} process{'es' if fabric.world_size > 1 else ''} on {fabric.device.type}"
    start = f"going on at step {state.step}" if state.step else "from the start"
    said = f"{recipe.name}: {every:,} parameters, {learning:,} of them learn; {where}, {recipe.fit.precision}; {start}"
    return f"{said}{COMPILES}" if recipe.fit.compile else said
