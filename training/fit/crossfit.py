"""A network that learns from all sources, and for each fold one that never sees its sources, side by side.

What the left-out sources score with their own fold's network is what the shipped one, trained on everything, can be
expected to do on sources of tomorrow; calibration and thresholds rest on it. All learn from one stream of batches, in
turns and with equal numbers of crops: forging is slower than a GPU learns, so a batch serves several networks. A pair
is left out for a fold if the original, the fake or a donor of pixels comes from one of its sources.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from lightning_fabric.wrappers import _FabricModule
from torch import nn

from inspector.domain.errors import TrainingError
from training.files import read, write
from training.fit.batch.batches import Batch, Batches
from training.fit.batch.inputs import on_device
from training.fit.batch.loader import load_batches
from training.fit.batch.real_pairs import REAL_FAKE
from training.fit.batch.replay import DeviceBatch, Replay
from training.fit.checkpoint import (
    FINAL,
    FOLDS,
    RECIPE,
    State,
    begin_run,
    begin_undecided,
    is_begun,
    restore,
    save,
    save_final,
    steps_done,
)
from training.fit.distil import Teacher
from training.fit.learn import Learner
from training.fit.loop import COMPILES, ENDLESS, begin_state, compiled, launch
from training.fit.lora import FULL
from training.fit.optim import Clock, set_rate
from training.log import Log
from training.prepare.folds import folds_of, source_of
from training.prepare.index import Row, load_index
from training.recipe import Recipe, SourceFoldsTable

_LOG_SECONDS = 20.0
_MOST_PAIRS = 32  # of left-out sources, ranked by each fold's network with every message


def fit_folds(recipe: Recipe, run: Path, log: Log, minutes: float = math.inf, only: Sequence[str] = ()) -> list[Path]:
    """Train the networks of `recipe.source_folds`, resuming those in `run`, and return their final checkpoints.

    `only` names some of them: "full", "fold-0", ... After `minutes` all stop with checkpoints that the next call
    continues from. Raises what `training.fit.loop.fit` raises.
    """
    table = recipe.source_folds
    if table is None:
        raise TrainingError(f"The recipe {recipe.name} has no table [source_folds].")
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        raise TrainingError("Networks of source folds are trained by one process; start it without torchrun.")
    fabric = launch(recipe.fit)
    wanted = names(table, only)
    rows = training_rows(recipe)
    begin_run(recipe, run)  # a changed recipe is named as such, before it shows in the folds
    folds = folds_of_run(recipe, run, rows)
    steps = steps_done(folder_of(run, wanted[0]) / "last.safetensors")
    done = steps // _rounds(table, wanted) * len(wanted) // _per_batch(table, wanted)
    batches = load_batches(Batches(recipe, rows, ENDLESS, recipe.fit.seed), done, 1, recipe.fit.workers)
    undecided = begin_undecided(recipe)
    members = [_begin(recipe, run, name, left_out(name, folds), fabric, undecided) for name in wanted]
    told = _Progress(recipe, members, log)
    said = f"{recipe.name}: {len(members)} networks on {fabric.device.type}, from batch {done} on"
    log(f"{said}{COMPILES}" if recipe.fit.compile else said)
    replay = Replay(table.kept, recipe.fit.seed, fabric.device) if table.kept else None
    per_cycle = _per_batch(table, members) * _rounds(table, members)  # steps of each network until all had their turns
    with Clock(recipe.fit, members[0].state, minutes).interruptible() as clock:
        while not clock.is_out():
            batch = None
            for turn in range(len(members)):
                batch = told.wait_for(batches)
                if replay:
                    replay.add(batch)
                _learn(table, members, batch, turn, clock.rate(), replay)
            clock.tick(fabric)
            for member in members[1:]:
                member.state.seconds = members[0].state.seconds
            told.report(batch, clock.is_out())
            if clock.is_out() or members[0].state.step % recipe.fit.save_every < per_cycle:
                for member in members:
                    save(member.run / "last.safetensors", member.state)
        for member in members:
            save_final(member.run / FINAL, member.state)
        if not clock.is_done():
            step = members[0].state.step
            log(f"{clock.why()} at step {step}, which is saved; run the same command again to continue")
    return [member.run / FINAL for member in members]


def names(table: SourceFoldsTable | None, only: Sequence[str] = ()) -> list[str]:
    """All networks: the one that learns from all sources, then those of the folds; or `only` some of them.

    Raises TrainingError for one that there is not.
    """
    known = [FULL, *(f"fold-{fold}" for fold in range(table.count if table else 0))]
    for name in only:
        if name not in known:
            raise TrainingError(f"There is no network {name!r} of source folds; name some of {_listed(known)}.")
    return list(only) or known


def _listed(known: Sequence[str]) -> str:
    """The names, of many the ends."""
    return ", ".join(known if len(known) < 9 else (*known[:3], "...", known[-1]))


def folder_of(run: Path, name: str) -> Path:
    """The run folder of one network."""
    return run if name == FULL else run / name


def training_rows(recipe: Recipe) -> list[Row]:
    """The rows that networks of source folds learn from: nobody who is held out, in any fold."""
    return [row for row in load_index(Path(recipe.prepare.folder)) if not row["is_held_out"]]


def folds_of_run(recipe: Recipe, run: Path, rows: Sequence[Row]) -> dict[str, int]:
    """The fold of each source, none without source folds; a run that was begun keeps those of its files.

    `rows` are those of `training_rows`, since folds depend on all of them. Raises TrainingError when a file that the
    run has seen is in another fold now: a network would be measured on what it learnt. Raises OutputError.
    """
    folds = folds_of(recipe.source_folds, rows, recipe.fit.seed)
    if not folds or not (run / RECIPE).exists():
        return folds
    path, found = run / FOLDS, {str(row["part"]): folds[source_of(row)] for row in rows}
    advice = "name another run folder"
    before = read(path, dict[str, int], advice) if path.exists() and is_begun(run) else {}
    moved = sorted(part for part, fold in before.items() if found.get(part, fold) != fold)
    if moved:
        raise TrainingError(
            f"{run} learnt {moved[0]} as of another fold of sources ({len(moved)} files in all): the recipe, or "
            f"sources or methods of the manifest, have changed since; {advice}, or restore them and prepare again."
        )
    if found.keys() - before.keys():
        write(path, before | found)
    return folds


def left_out(name: str, folds: Mapping[str, int]) -> frozenset[str]:
    """The sources that the network `name` must not see, by the fold of each source."""
    return frozenset(source for source, fold in folds.items() if name == f"fold-{fold}")


@dataclass(slots=True, eq=False)
class _Member:
    """One network with its optimiser, and the sources that it must not see."""

    name: str
    run: Path
    left_out: frozenset[str]
    state: State
    model: _FabricModule
    learner: Learner
    seen: list[list[float]] = field(default_factory=list)  # loss and accuracy since the last message


def _begin(
    recipe: Recipe, run: Path, name: str, avoided: frozenset[str], fabric: Fabric, undecided: nn.Module
) -> _Member:
    mine = folder_of(run, name)
    begin_run(recipe, mine)
    (mine / FINAL).unlink(missing_ok=True)
    state = begin_state(recipe, fabric, name, undecided)
    if (mine / "last.safetensors").exists():
        restore(mine / "last.safetensors", state)
    network = compiled(state.network) if recipe.fit.compile else state.network
    model, state.optimiser = fabric.setup(network, state.optimiser)
    teacher = Teacher(recipe.distil, recipe, fabric.device, name) if recipe.distil else None
    return _Member(name, mine, avoided, state, model, Learner(recipe, fabric, model, state, 1.0, teacher))


def _per_batch(table: SourceFoldsTable, members: Sequence[object]) -> int:
    return min(table.per_batch or len(members), len(members))


def _rounds(table: SourceFoldsTable, members: Sequence[object]) -> int:
    """The steps of each network whose turn it is; the first is on the new batch, the others on kept pairs."""
    return max(1, math.ceil(table.steps_per_batch / _per_batch(table, members)))


def _learn(
    table: SourceFoldsTable, members: Sequence[_Member], batch: Batch, turn: int, rate: float, replay: Replay | None
) -> None:
    """The steps of each network whose turn it is; over as many batches as networks all have taken as many steps."""
    count = _per_batch(table, members)
    for offset in range(count):
        member = members[(turn * count + offset) % len(members)]
        for again in range(_rounds(table, members)):
            if replay:
                number = member.state.step * len(members) + members.index(member)
                _step(member, replay.draw(table.pairs, member.left_out, number, is_fresh=again == 0), rate)
            else:
                mine = batch.without(member.left_out, table.pairs or batch.pairs)
                _step(member, mine if len(mine.labels) else None, rate)  # a small batch may hold nothing else


def _step(member: _Member, batch: Batch | DeviceBatch | None, rate: float) -> None:
    """One step of a network; without a batch only its count goes on."""
    state = member.state
    member.model.train()
    set_rate(state.optimiser, rate)
    if batch is not None:
        member.seen.append(member.learner([batch]))
        state.optimiser.step()
        state.optimiser.zero_grad(set_to_none=True)
    state.step += 1
    state.averaged.update(state.network, step=state.step + 1)


class _Progress:
    """Messages about speed, losses, and how well each fold's network ranks pairs of its left-out sources."""

    def __init__(self, recipe: Recipe, members: Sequence[_Member], log: Log) -> None:
        self._recipe, self._members, self._log = recipe, members, log
        self._begun = self._last = time.monotonic()
        self._waited, self._forged, self._learnt = 0.0, 0, [0] * len(members)

    def wait_for(self, batches: Iterator[Batch]) -> Batch:
        """The next batch; the time until it comes is counted as waiting."""
        asked = time.monotonic()
        batch = next(batches)
        self._waited += time.monotonic() - asked
        self._forged += len(batch.labels)
        return batch

    def report(self, batch: Batch | None, is_last: bool) -> None:
        """Log a line, if the last one is some time ago or the call ends."""
        now = time.monotonic()
        if batch is None or not (is_last or now - self._last > _LOG_SECONDS):
            return
        spent = now - self._begun
        losses = []
        for member in self._members:
            loss = f"{np.mean(member.seen, axis=0)[0]:.3f}" if member.seen else "-"
            losses.append(f"{member.name} {loss}{self._ranked(member, batch)}")
            member.seen.clear()
        learnt = sum(member.learner.crops for member in self._members)
        speed = f"{self._forged / spent:.0f} crops/s made and {learnt / spent:.0f} learnt"
        self._log(
            f"step {self._members[0].state.step}: {speed}, {self._waited / spent:.0%} of the time waiting; "
            f"loss (and pairs of left-out sources ranked right): {', '.join(losses)}"
        )
        self._last = now

    def _ranked(self, member: _Member, batch: Batch) -> str:
        """The share of real pairs of left-out sources that the network ranks right, as text."""
        firsts = [
            i for i in range(0, 2 * batch.pairs, 2)
            if batch.kinds[i + 1] == REAL_FAKE and (batch.sources[i] | batch.sources[i + 1]) & member.left_out
        ][:_MOST_PAIRS]  # fmt: skip
        if not firsts:
            return ""
        network = member.state.averaged.module.eval()
        device = next(network.parameters()).device
        with torch.inference_mode():
            crops = batch.crops[[i for first in firsts for i in (first, first + 1)]]
            logits = network(on_device(crops, self._recipe.network, device)).float().cpu().numpy()
        return f" ({np.mean(logits[1::2] > logits[::2]):.2f} of {len(firsts)})"
