"""An ablation's figures on left-out sources: one network, the files of the first fold, and fewer frames of each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from torch import nn

from training.fit.score import plain_crops
from training.measure.by_source import figures
from training.measure.features import score
from training.measure.held_out import scored_parts
from training.measure.tracks import AS_RECORDED, Track, track_of
from training.prepare.selection import by_part, some_files, spread
from training.recipe import Recipe

_FRAMES = (1, 2, 4, 8, 16, 32)


def left_out_figures(network: nn.Module, recipe: Recipe, run: Path) -> dict[str, dict[str, float]]:
    """The figures of `network`, the first fold's of `run`, on what it left out; and with fewer frames of each file.

    The recipe's [calibrate] limits the number of files. Pictures of faces, one source, are left out.
    """
    rows = [row for row in scored_parts(recipe, run)[0][1] if row["kind"] != "face"]
    parts = by_part(some_files(rows, recipe.calibrate.files))
    crops = plain_crops(recipe, [row for part in parts for row in part])
    logits = score(network, crops, recipe)[0].astype(np.float64)
    ends = np.cumsum([len(part) for part in parts])
    tracks = [
        track_of(part, part[0]["is_fake"], part[0]["method"], AS_RECORDED, mine)
        for part, mine in zip(parts, np.split(logits, ends[:-1]), strict=True)
    ]
    most = max(len(track.logits) for track in tracks)
    out = {"": figures(tracks)}
    for count in (n for n in _FRAMES if n < most):
        out[f"{count} frame{'s' if count > 1 else ''}"] = figures([_thinned(track, count) for track in tracks])
    return out


def _thinned(track: Track, count: int) -> Track:
    few = spread(len(track.logits), count)
    return replace(track, logits=track.logits[few], seconds=track.seconds[few])
