"""Comparing recipes under one budget in a table made from each run's JSON files.

Finished runs are reused, unfinished ones are resumed, and a recipe that fails is listed with its reason while the
others continue.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from inspector.domain.errors import InspectorError, TrainingError
from inspector.engine.decode.decoder import hash_file
from training import recipe as recipes
from training.files import check_writable, read, write, write_bytes, writing
from training.fit.checkpoint import chosen
from training.fit.pretrained import TIMM
from training.fit.train import check_network, train
from training.log import Log
from training.measure.calibrate import calibrate_run, uncalibrated
from training.measure.cost import measure_cost
from training.measure.evaluate import Evaluation, evaluate_run, measure, read_evaluation
from training.measure.held_out import held_out_tracks
from training.measure.metrics import Block
from training.measure.platt import BackwardsError
from training.recipe import Recipe

_TRIAL_STEPS, _TRIAL_GROWTH = 8, 4
FRAMES = 25  # consecutive ones of each held-out clip: large networks score a few crops per second


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget of every recipe: a number of steps, or minutes of training on this machine; one of the two is 0."""

    steps: int = 0
    minutes: float = 0.0

    def __post_init__(self) -> None:
        if (self.steps > 0) == (self.minutes > 0):
            raise TrainingError("Set one budget above 0 for the comparison: --steps or --minutes.")

    def __str__(self) -> str:
        if self.steps:
            return f"{self.steps} step{'s' * (self.steps != 1)}"
        return f"{self.minutes:g} minute{'s' * (self.minutes != 1)} of training"


@dataclass(frozen=True, slots=True)
class Spent:
    """Budget and time of a run, saved as `budget.json`; seconds add up over its starts."""

    budget: Budget
    steps: int
    seconds: float = 0.0
    is_trained: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A recipe's row of the table: its evaluation, or the reason for none."""

    recipe: Path
    name: str
    architecture: str
    spent: Spent | None = None
    evaluation: Evaluation | None = None
    reason: str = ""


def compare(
    paths: Sequence[Path],
    folder: Path,
    out: Path,
    budget: Budget,
    log: Log,
    frames: int = FRAMES,
    *,
    is_offline: bool = False,
) -> list[Entry]:
    """Train, calibrate and evaluate every recipe in `folder`/<name> and write the table to `out`.

    All are measured on the held-out tracks that the reference recipe makes: the first one that forges. `frames` limits
    the scored frames of each held-out clip; 0 for all prepared ones. `is_offline`: recipes that would download timm's
    weights start with random ones and are named accordingly.

    The table is written after every recipe. Raises TrainingError when no recipe gave a result.
    """
    check_writable(out)
    entries: list[Entry] = []
    reference = _reference_recipe(paths)
    for number, path in enumerate(paths, start=1):
        log(f"{number} of {len(paths)}: {path}")
        entries.append(_enter(path, folder, budget, frames, reference, log, is_offline=is_offline))
        write_bytes(out, table(entries, budget).encode())
    failed = [entry for entry in entries if entry.evaluation is None]
    for entry in failed:
        log(f"{entry.recipe} failed: {entry.reason}")
    if len(failed) == len(entries):
        raise TrainingError(f"No recipe gave a result; {out} lists the reasons.")
    log(f"wrote {out}")
    return entries


def _reference_recipe(paths: Sequence[Path]) -> Recipe | None:
    """The first recipe that forges; all recipes are measured on the held-out tracks that it makes."""
    for path in paths:
        try:
            recipe = recipes.load(path)
        except TrainingError:  # reported in its turn
            continue
        if recipe.batch.pairs:
            return recipe
    return None


def _enter(
    path: Path, folder: Path, budget: Budget, frames: int, reference: Recipe | None, log: Log, *, is_offline: bool
) -> Entry:
    name, architecture = path.stem, ""
    try:
        recipe = recipes.load(path)
        name, architecture = recipe.name, recipe.network.architecture
        run = folder / name
        if is_offline and recipe.network.pretrained == TIMM:
            recipe, name = recipe.fresh(), f"{name}, from fresh weights"
        spent = _run(recipe, run, budget, frames, reference or recipe, log)
        return Entry(path, name, architecture, spent, read_evaluation(run / "evaluation.json"))
    except InspectorError as error:
        log(str(error))
        return Entry(path, name, architecture, reason=str(error))
    except Exception as error:  # noqa: BLE001 an error of one recipe must not stop the others
        log(f"{path} failed: {error}")
        return Entry(path, name, architecture, reason=f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")


def _run(recipe: Recipe, run: Path, budget: Budget, frames: int, reference: Recipe, log: Log) -> Spent:
    """Do what is missing of training, calibration and evaluation."""
    check_network(recipe)
    spent = _plan(recipe, run, budget, log)
    recipe = recipe.shortened(spent.steps)
    if not spent.is_trained:
        started, is_done = time.monotonic(), False
        try:
            train(recipe, run, log)
            is_done = True
        finally:
            spent = Spent(budget, spent.steps, spent.seconds + time.monotonic() - started, is_done)
            write(run / "budget.json", spent)
    if _is_measured(run):
        log(f"{run} is finished")
    else:
        _measure(msgspec.structs.replace(recipe, batch=reference.batch, forge=reference.forge), run, frames, log)
    return spent


def _measure(recipe: Recipe, run: Path, frames: int, log: Log) -> None:
    """Calibrate and evaluate; a network that ranks in the wrong order is measured uncalibrated."""
    try:
        calibrate_run(recipe, run, log, frames)
    except BackwardsError as error:
        log(f"{recipe.name} is measured without calibration. {error}")
        (run / "calibration.json").unlink(missing_ok=True)
        tracks = held_out_tracks(recipe, run, log, frames)
        found = measure(
            tracks, uncalibrated(tracks, recipe), recipe.name, hash_file(chosen(run)), measure_cost(recipe, run)
        )
        write(run / "evaluation.json", found)
    else:
        evaluate_run(recipe, run, log, frames)


def _plan(recipe: Recipe, run: Path, budget: Budget, log: Log) -> Spent:
    """The steps of a run: of its first start, of the budget, or as many as fit into the minutes on this machine."""
    path = run / "budget.json"
    if path.exists():
        spent = read(path, Spent, "name another --folder, or remove the folder of this run to train it again")
        if spent.budget != budget:
            raise TrainingError(f"{run} was started with another budget ({spent.budget}); name another --folder.")
        return spent
    if recipe.svm:  # it is fitted once, on its recipe's batches
        spent = Spent(budget, recipe.svm.batches)
    elif budget.steps:
        spent = Spent(budget, budget.steps)
    else:
        rate = _steps_per_second(recipe, run.with_name(f"{run.name}-trial"), log)
        spent = Spent(budget, max(2, round(budget.minutes * 60 * rate)))
        log(f"{recipe.name}: {rate:.2f} steps/s, so {spent.steps} steps")
    with writing(run):
        run.mkdir(parents=True, exist_ok=True)
    write(path, spent)
    return spent


def _steps_per_second(recipe: Recipe, trial: Path, log: Log) -> float:
    """Training speed from trials of two lengths, so that the time of starting and checking cancels out.

    The longer trial is extended until its steps take as long as the start, which varies by seconds; an ensemble starts
    and checks once for each member.
    """
    table = msgspec.structs.replace(recipe.fit, check_batches=1, check_frames=1, check_files=1, patience=0)
    recipe = msgspec.structs.replace(recipe, fit=table)
    _timed(recipe, trial, 1, log)  # compiles, so that the timed ones need not
    short = _timed(recipe, trial, 1, log)
    more = _TRIAL_STEPS
    while (taken := _timed(recipe, trial, 1 + more, log) - short) < short:
        more *= _TRIAL_GROWTH
    return more / taken


def _timed(recipe: Recipe, trial: Path, steps: int, log: Log) -> float:
    shutil.rmtree(trial, ignore_errors=True)
    started = time.monotonic()
    train(recipe.shortened(steps), trial, log)
    taken = time.monotonic() - started
    shutil.rmtree(trial)
    return taken


def _is_measured(run: Path) -> bool:
    try:
        return read_evaluation(run / "evaluation.json").checkpoint == hash_file(chosen(run))
    except TrainingError:
        return False


def table(entries: Sequence[Entry], budget: Budget) -> str:
    """The comparison as Markdown; every number is from an entry's evaluation or budget."""
    done = [entry for entry in entries if entry.evaluation]
    lines = [
        "# Recipes compared",
        "",
        f"Recipes trained under one budget, {budget}, on one machine, and measured on the same held-out tracks by "
        "the same functions (`python -m training compare`). This page is written by the program. Recall, accuracy "
        "and AUC are per track, with a threshold of one half on the calibrated probability; intervals are 95 %, "
        "over people. Speed is on the CPU in batches of 16; memory is the peak of a process that loads and "
        "scores. A budget in minutes is converted to steps by the speed of a trial; the minutes are the elapsed "
        "ones, including start and checks. A support-vector machine uses its recipe's number of batches as steps. "
        "A network is not calibrated if its logits of held-out fakes are not higher than those of originals, with "
        "equal weights of people; its figures are then of its own probabilities.",
        "",
        "| recipe | architecture | ROC AUC | accuracy | recall of fakes | recall of originals | ECE | parameters | "
        "weights, MB | ms per face | faces per second | memory, MB | steps | minutes |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
        *(_line(entry) for entry in sorted(done, key=_auc, reverse=True)),
    ]
    measured = sorted({e.evaluation.measured_on for e in done if e.evaluation})
    devices = sorted({e.evaluation.cost.device for e in done if e.evaluation})
    if done:
        lines += ["", f"Measured on {'; '.join(measured)}. Device: {'; '.join(devices)}, {os.cpu_count()} cores."]
    failed = [entry for entry in entries if not entry.evaluation]
    if failed:
        lines += ["", "Without a result:", "", *(f"- {entry.name}: {entry.reason}" for entry in failed)]
    return "\n".join(lines) + "\n"


def _auc(entry: Entry) -> float:
    found = entry.evaluation
    value = found.levels["track"].figures["ROC AUC"].value if found else None
    return -1.0 if value is None else value


def _line(entry: Entry) -> str:
    found, spent = entry.evaluation, entry.spent
    assert found is not None  # table() lists the others with their reason
    assert spent is not None
    track, cost = found.levels["track"], found.cost
    cells = [
        entry.name if found.rule else f"{entry.name}, not calibrated",
        entry.architecture,
        *(_figure(track, name) for name in ("ROC AUC", "accuracy", "recall", "specificity", "ECE")),
        f"{cost.parameters:,}",
        f"{cost.weights_mb:.1f}",
        f"{cost.ms_per_face:.1f}",
        f"{1000 / cost.ms_per_face:.0f}" if cost.ms_per_face else "",
        "" if cost.peak_memory_mb is None else f"{cost.peak_memory_mb:.0f}",
        str(spent.steps),
        f"{spent.seconds / 60:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def _figure(track: Block, name: str) -> str:
    figure = track.figures[name]
    if figure.value is None:
        return "not defined"
    if figure.low is None or figure.high is None or name not in ("ROC AUC", "ECE"):
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
