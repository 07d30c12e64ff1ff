"""The entry point of training: by gradient, as an ensemble, or as a support-vector machine on features."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import torch

from inspector.domain.errors import TrainingError
from inspector.engine.model.networks.wrappers import takes_windows
from training.fit.checkpoint import build, check_layers
from training.fit.crossfit import fit_folds
from training.fit.ensemble import fit_ensemble
from training.fit.loop import fit
from training.fit.probe import fit_probe
from training.fit.svm import fit_svm
from training.log import Log
from training.recipe import Recipe


def train(recipe: Recipe, run: Path, log: Log, minutes: float = math.inf, only: Sequence[str] = ()) -> Path:
    """Train as the recipe says and return the checkpoint in `run`; raises what `fit` raises.

    After `minutes` it stops with a checkpoint that the next call continues from; `only` names networks of source folds.
    """
    if recipe.probe:
        return fit_probe(recipe, run, log, minutes, only)
    if recipe.source_folds:
        return fit_folds(recipe, run, log, minutes, only)[0]
    if only:
        raise TrainingError(f"The recipe {recipe.name} has no [source_folds] to choose among; leave --only out.")
    if recipe.svm:
        return fit_svm(recipe, run, log)
    if recipe.folds or recipe.network.architecture == "ensemble":
        return fit_ensemble(recipe, run, log, minutes)
    return fit(recipe, run, log, minutes=minutes)


def check_length(recipe: Recipe, given: Sequence[str]) -> None:
    """Raises TrainingError for the first of the options `given` that a fit of features knows nothing of."""
    table = "probe" if recipe.probe else "svm"
    unknown = [option for option in given if recipe.svm or (recipe.probe and option != "--minutes")]
    if unknown:
        raise TrainingError(
            f"The recipe {recipe.name} is fitted to features in one go and takes no {unknown[0]}; leave it out, and "
            f"set batches under [{table}]."
        )


def check_network(recipe: Recipe) -> None:
    """Build the recipe's network once, to report before training what heat map or bundle would fail at.

    Raises TrainingError for a network that cannot be built or does not take the recipe's crops, and for a
    `target_layer` or a name in `trained` that it lacks; each member of an ensemble must have the `trained` layers.
    """
    table, network = recipe.network, build(recipe).eval()
    check_layers(network, [table.target_layer], recipe, "target_layer")
    learning = {"body": network.get_submodule("body")}
    if table.architecture == "ensemble":
        learning = {f"body.members.{n}": m for n, m in enumerate(learning["body"].get_submodule("members").children())}
    for path, body in learning.items():
        names = [name.replace("body", path, 1) for name in recipe.fit.trained]
        check_layers(network, names, recipe, "trained")
        if takes_windows(body) != (table.frames_per_sample > 1):
            frames = "windows of frames, so set frames_per_sample above 1"
            what = frames if takes_windows(body) else "single frames, so set frames_per_sample to 1"
            raise TrainingError(f"The network {table.architecture} of the recipe {recipe.name} takes {what}.")
    window = (table.frames_per_sample,) if table.frames_per_sample > 1 else ()
    try:
        with torch.inference_mode():
            network(torch.zeros(1, *window, 3, table.input_size, table.input_size))
    except (RuntimeError, ValueError, AssertionError) as error:
        raise TrainingError(
            f"The network {table.architecture} of the recipe {recipe.name} does not take crops of input_size "
            f"{table.input_size} ({(str(error).splitlines() or [''])[0]}); choose another size."
        ) from error
