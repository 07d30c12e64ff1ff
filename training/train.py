"""The one way into training: by gradient, as an ensemble, or as a support-vector machine on features."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from training.ensemble import fit_ensemble
from training.fit import fit
from training.recipe import Recipe
from training.svm import fit_svm


def train(recipe: Recipe, run: Path, say: Callable[[str], None]) -> Path:
    """Train as the recipe says and return the checkpoint in `run`; raises what `fit` raises."""
    if recipe.svm:
        return fit_svm(recipe, run, say)
    is_ensemble = recipe.folds or recipe.network.architecture == "ensemble"
    return fit_ensemble(recipe, run, say) if is_ensemble else fit(recipe, run, say)
