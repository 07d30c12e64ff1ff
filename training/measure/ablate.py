"""The contribution of each part of a recipe: the recipe without it, with equal steps and the same held-out tracks.

Every forging kind is left out in turn, and other recipes (residual channels, another input size) can be added. All are
measured on tracks that the whole recipe forges, so kinds that a variant never saw count as well.
"""

from __future__ import annotations

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
from training.fit.ensemble import member
from training.fit.score import auc
from training.fit.train import check_network, train
from training.log import Log
from training.measure.tracks import AS_RECORDED, DEGRADED, Track, degraded_and_forged, recorded
from training.prepare.index import load_index
from training.prepare.selection import held_out, thin
from training.recipe import Recipe

Figures = dict[str, float]

WHOLE = "whole"
_FRAMES = 4  # of each held-out file; more hardly change the ranking of tracks


@dataclass(frozen=True, slots=True)
class _Saved:
    """The content of `ablation.json`."""

    checkpoint: str  # SHA-256
    figures: Figures


def ablate(recipe: Recipe, others: Sequence[Recipe], folder: Path, out: Path, steps: int, log: Log) -> None:
    """Train and measure `recipe`, its variants, and `others` with `steps` steps each; write a table to `out`.

    Variants finished in `folder` are not trained again. Raises what `train` raises.
    """
    check_writable(out)
    for one in (recipe, *others):
        check_network(one)
    found: dict[str, Figures] = {}
    for name, variant in variants(recipe, others).items():
        log(f"{name}: {steps} steps")
        found[name] = measured(recipe, variant.shortened(steps), folder / name.replace(" ", "-"), log)
        write_bytes(out, table(found, steps).encode())
    log(f"wrote {out}")


def variants(recipe: Recipe, others: Sequence[Recipe]) -> dict[str, Recipe]:
    """The recipe, the same with another seed, without each forging kind, without generated faces; and `others`.

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
    return out | networks | {other.name: other for other in others}


def measured(base: Recipe, variant: Recipe, run: Path, log: Log) -> Figures:
    """ROC AUCs of a variant's tracks, after training it if `run` is not finished: by condition, method and kind."""
    train(variant, run, log)
    kept, checkpoint = run / "ablation.json", hash_file(chosen(run))
    if kept.exists():
        before = read(kept, _Saved, "remove it and run the same command again, which measures that variant again")
        if before.checkpoint == checkpoint:
            return before.figures
    rows = thin(held_out(load_index(Path(base.prepare.folder)), base), _FRAMES)
    network = averaged_network(variant, run).to(pick_device("auto"))
    seen = msgspec.structs.replace(base, network=variant.network)
    found = figures([*recorded(network, seen, rows), *degraded_and_forged(network, seen, rows)])
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


def table(found: dict[str, Figures], steps: int) -> str:
    """The figures as a Markdown table, the whole recipe first."""
    names = list(found[WHOLE])
    lines = [
        "# Contribution of each part",
        "",
        f"Every variant was trained for {steps} steps and measured on the same held-out tracks, which the whole recipe "
        "forged (`python -m training ablate`). Figures are ROC AUC per track, except for the share of pairs won; a "
        "forging kind is compared with its own originals. One run each: the difference to the row with another seed "
        "shows the noise. This page is written by the program.",
        "",
        f"| variant | {' | '.join(names)} |",
        "|---|" + "---|" * len(names),
    ]
    lines += [f"| {name} | {' | '.join(f'{mine[n]:.3f}' for n in names)} |" for name, mine in found.items()]
    return "\n".join(lines) + "\n"
