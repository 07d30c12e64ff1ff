"""The contribution of each part of a recipe: the recipe without it, with equal steps and the same held-out tracks.

Every forging kind is left out in turn, and so are forged pairs, real pairs, a teacher and some of the files; low-rank
updates get another rank or are left out. Other recipes (residual channels, another input size) can be added. All are
measured on tracks that the whole recipe forges, so kinds that a variant never saw count as well. With source folds, the
network of the first fold is trained and measured on the sources that it left out, as recorded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from inspector.domain.errors import TrainingError
from inspector.engine.decode.decoder import hash_file
from inspector.engine.model.detector import pick_device
from training.files import check_writable, read, write, write_bytes
from training.fit.checkpoint import averaged_network, chosen
from training.fit.crossfit import folder_of, names
from training.fit.ensemble import member
from training.fit.lora import FULL
from training.fit.score import auc
from training.fit.train import check_network, train
from training.log import Log
from training.measure.ablate_folds import left_out_figures
from training.measure.tracks import AS_RECORDED, DEGRADED, Track, degraded_and_forged, recorded
from training.prepare.index import load_index
from training.prepare.selection import held_out, thin
from training.recipe import Recipe

Figures = dict[str, float]

WHOLE = "whole"
_RANKS = (4, 64)
_FRAMES = 4  # of each held-out file; more hardly change the ranking of tracks


@dataclass(frozen=True, slots=True)
class _Saved:
    """The content of `ablation.json`."""

    checkpoint: str  # SHA-256
    rows: dict[str, Figures]  # of the table; "" is the variant's own


def ablate(
    recipe: Recipe,
    others: Sequence[Recipe],
    folder: Path,
    out: Path,
    steps: int,
    log: Log,
    *,
    without: str = "",
    only: Sequence[str] = (),
) -> None:
    """Train and measure `recipe`, its variants, and `others` with `steps` steps each; write a table to `out`.

    `without` adds a variant that learns from no file with this in its path; `only` names the variants to train beside
    the whole recipe. Variants finished in `folder` are not trained again. Raises what `train` raises, and TrainingError
    for an unknown variant.
    """
    check_writable(out)
    for one in (recipe, *others):
        check_network(one)
    chosen_ones = variants(recipe, others, without)
    for name in only:
        if name not in chosen_ones:
            raise TrainingError(f"There is no variant {name!r}; name some of {', '.join(chosen_ones)}.")
    found: dict[str, Figures] = {}
    for name, variant in chosen_ones.items():
        if only and name not in (WHOLE, *only):
            continue
        log(f"{name}: {steps} steps")
        rows = measured(recipe, variant.shortened(steps), folder / re.sub("[ /]+", "-", name), log)
        found |= {f"{name}{', ' if key else ''}{key}": mine for key, mine in rows.items() if name == WHOLE or not key}
        write_bytes(out, table(found, steps, is_left_out=recipe.source_folds is not None).encode())
    log(f"wrote {out}")


def variants(recipe: Recipe, others: Sequence[Recipe], without: str = "") -> dict[str, Recipe]:
    """The recipe, the same with another seed, without each of its parts; and `others`.

    Of an ensemble, variants are made of the first member only, and the other members are added unchanged.
    """
    networks: dict[str, Recipe] = {}
    if recipe.network.architecture == "ensemble":
        members = [member(recipe, number) for number in range(len(recipe.network.args["members"]))]
        recipe, networks = members[0], {f"member {n + 1}": m for n, m in enumerate(members) if n}
    if not recipe.batch.pairs:
        raise TrainingError(f"The recipe {recipe.name} does not forge; there is no kind to leave out.")
    reseeded = msgspec.structs.replace(recipe.fit, seed=recipe.fit.seed + 100)
    out = {WHOLE: recipe, "another seed": msgspec.structs.replace(recipe, fit=reseeded)}
    for kind in recipe.forge.kinds:
        kinds = recipe.forge.kinds | {kind: 0.0}
        if any(kinds.values()):
            forge = msgspec.structs.replace(recipe.forge, kinds=kinds)
            out[f"without {kind}"] = msgspec.structs.replace(recipe, forge=forge)
    if recipe.batch.generated:
        batch = msgspec.structs.replace(recipe.batch, generated=0)
        out["without generated"] = msgspec.structs.replace(recipe, batch=batch)
    out |= _without_pairs(recipe) | _of_updates(recipe)
    if recipe.distil:
        out["without teacher"] = msgspec.structs.replace(recipe, distil=None)
    if without:
        batch = msgspec.structs.replace(recipe.batch, without=without)
        out[f"without {without.strip('/')}"] = msgspec.structs.replace(recipe, batch=batch)
    return out | networks | {other.name: other for other in others}


def _without_pairs(recipe: Recipe) -> dict[str, Recipe]:
    """Without forged or without real pairs, in batches of the same size."""
    batch, real = recipe.batch, recipe.batch.real_pairs
    if real is None:
        return {}
    every = batch.pairs + real.count
    return {
        name: msgspec.structs.replace(recipe, batch=msgspec.structs.replace(batch, pairs=pairs, real_pairs=found))
        for name, pairs, found in (
            ("without real pairs", every, None),
            ("without forged pairs", 0, msgspec.structs.replace(real, count=every)),
        )
    }


def _of_updates(recipe: Recipe) -> dict[str, Recipe]:
    """Low-rank updates of other ranks, and none: norms and head alone."""
    if (lora := recipe.network.lora) is None:
        return {}
    tables = {f"rank {rank}": msgspec.structs.replace(lora, rank=rank) for rank in _RANKS if rank != lora.rank}
    tables["norms alone"] = msgspec.structs.replace(lora, learns=("norms", "head"))
    return {
        name: msgspec.structs.replace(recipe, network=msgspec.structs.replace(recipe.network, lora=table))
        for name, table in tables.items()
    }


def measured(base: Recipe, variant: Recipe, run: Path, log: Log) -> dict[str, Figures]:
    """A variant's row of the table under "", after training it if `run` is not finished; and rows with fewer frames."""
    first = names(base.source_folds)[1] if base.source_folds else FULL
    train(variant, run, log, only=[first] if base.source_folds else [])
    kept, checkpoint = run / "ablation.json", hash_file(chosen(folder_of(run, first)))
    if kept.exists():
        before = read(kept, _Saved, "remove it and run the same command again, which measures that variant again")
        if before.checkpoint == checkpoint:
            return before.rows
    network = averaged_network(variant, folder_of(run, first)).to(pick_device("auto"))
    seen = msgspec.structs.replace(base, network=variant.network)
    if base.source_folds:
        found = left_out_figures(network, seen, run)
    else:
        rows = thin(held_out(load_index(Path(base.prepare.folder)), base), _FRAMES)
        found = {"": figures([*recorded(network, seen, rows), *degraded_and_forged(network, seen, rows)])}
    write(kept, _Saved(checkpoint, found))
    return found


def figures(tracks: Sequence[Track]) -> Figures:
    """ROC AUCs by condition and forging kind against the originals of that condition; and the share of pairs won."""
    out: Figures = {}
    means = {id(track): float(track.logits.mean()) for track in tracks}

    def against(fakes: Sequence[Track], originals: Sequence[Track]) -> float:
        both = [*originals, *fakes]
        return auc([track.is_fake for track in both], [means[id(track)] for track in both])

    plain, changed = ([t for t in tracks if t.condition == c] for c in (AS_RECORDED, DEGRADED))
    for name, mine in (("all", tracks), ("as recorded", plain), ("degraded, forged", changed)):
        out[name] = against([t for t in mine if t.is_fake], [t for t in mine if not t.is_fake])
    clips = [t for t in plain if t.kind == "clip"]
    out["clips"] = against([t for t in clips if t.is_fake], [t for t in clips if not t.is_fake])
    originals = {t.seed: t for t in changed if not t.is_fake}
    forged = [t for t in changed if t.is_fake and t.seed in originals]
    out["pairs won"] = float(np.mean([means[id(t)] > means[id(originals[t.seed])] for t in forged]))
    for kind in sorted({t.what for t in forged}):
        mine = [t for t in forged if t.what == kind]
        out[kind] = against(mine, [originals[t.seed] for t in mine])
    return out


def table(found: dict[str, Figures], steps: int, *, is_left_out: bool = False) -> str:
    """The figures as a Markdown table, the whole recipe first."""
    columns = list(found[WHOLE])
    on = (
        "the same held-out tracks, which the whole recipe forged (`python -m training ablate`). Figures are ROC AUC "
        "per track, except for the share of pairs won; a forging kind is compared with its own originals."
    )
    if is_left_out:
        on = (
            "the same files of sources that its network left out, without pictures of faces (`python -m training "
            "ablate`). Rows with frames are of the whole recipe with so many of a file; the others use all of them."
        )
    lines = [
        "# Contribution of each part",
        "",
        f"Every variant was trained for {steps} steps and measured on {on} One run each: the difference to the row "
        "with another seed shows the noise. This page is written by the program.",
        "",
        f"| variant | {' | '.join(columns)} |",
        "|---|" + "---|" * len(columns),
    ]
    lines += [f"| {name} | {' | '.join(f'{mine[n]:.3f}' for n in columns)} |" for name, mine in found.items()]
    return "\n".join(lines) + "\n"
