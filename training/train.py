"""The one way into training: by gradient, as an ensemble of folds, or as a support-vector machine on features."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from training.fit import fit
from training.folds import fit_folds
from training.recipe import Recipe
from training.svm import fit_svm


def train(recipe: Recipe, run: Path, say: Callable[[str], None]) -> Path:
    """Train as the recipe says and return the checkpoint in `run`; raises what `fit` raises."""
    if recipe.svm:
        return fit_svm(recipe, run, say)
    return fit_folds(recipe, run, say) if recipe.folds else fit(recipe, run, say)
