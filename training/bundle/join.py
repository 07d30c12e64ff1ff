"""Joins a bundle's deep network with another one: an ensemble of both, and a table of what their siblings say together.

Each fold of the new network must lie within one of the bundle's, so that the siblings of both did not learn the same
sources; a network that is fitted in seconds can have a fold for each group of sources. Where only one of two siblings
learnt a track, the table has no logit: it is neither of a source that was left out nor of one that was learnt. The new
network's logits are brought to the spread of the other's on left-out sources, so that what each counts for in the mean
is its weight alone.

Whoever lacks the clips that the bundle learnt has a table of own tracks, none of which the bundle learnt, with its
logits beside those of the siblings. A probe is then added to the one that the bundle has, of the same features.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import DeepCard
from inspector.engine.model.bundle import DEEP_WEIGHTS, find_bundle
from inspector.engine.spreadsheet import SheetWriter
from training.files import reading
from training.log import Log
from training.measure.features import check_input
from training.measure.left_out import AUC, SHIPPED, SIBLING, TRACK, TRACKS, beside, figures, named, parse

Rows = list[dict[str, str]]
Weights = Mapping[str, torch.Tensor]
_FEWEST = 0.95  # share of the smaller table's tracks that the other one has


def join(
    bundle: Path,
    old: DeepCard | None,
    new: DeepCard,
    learnt: Weights,
    tracks: Path,
    weight: float,
    log: Log,
) -> tuple[DeepCard, dict[str, torch.Tensor], bytes]:
    """The card, the weights and the table of tracks of the weighted mean of the bundle's deep network and another one.

    `learnt` are the weights of the other by its own names, `tracks` the table of its siblings, `weight` what it has in
    the mean, between 0 and 1. The heads carry the weights, since an ensemble takes the plain mean. Raises
    TrainingError.
    """
    if old is not None and _is_beside(old, tracks):
        return _join_beside(bundle, old, new, learnt, tracks, weight, log)
    if old is None or old.architecture == "ensemble":
        raise TrainingError(
            f"{bundle} has no single deep network to join with; run `features --beside` with this bundle, if it learnt "
            "none of your sources, or leave out --join, and the new network takes the place of what is there."
        )
    check_input(bundle, old, new)
    mine, theirs, outer = _same_tracks(bundle / TRACKS, tracks)
    log(f"{len(mine)} tracks in both tables")
    spread = float(_own(mine).std() / _own(theirs).std())
    factors = 2 * (1 - weight), 2 * weight * spread
    pairs = {f"{SIBLING}{fold}": f"{SIBLING}{around}" for fold, around in sorted(outer.items())} | {SHIPPED: SHIPPED}
    about = [name for name in theirs[0] if name != SHIPPED and not name.startswith(SIBLING)]

    def mean(a: dict[str, str], b: dict[str, str], name: str) -> str:
        is_own, is_around = name == SIBLING + b["fold"], pairs[name] == SIBLING + a["fold"]
        value = (factors[0] * float(a[pairs[name]]) + factors[1] * float(b[name])) / 2
        return f"{value:.3f}" if is_own == is_around else ""

    joined = [
        {name: b[name] for name in about} | {name: mean(a, b, name) for name in pairs}
        for a, b in zip(mine, theirs, strict=True)
    ]
    log(f"the logits of the bundle's network are multiplied by {factors[0]:.3f}, of the new one by {factors[1]:.3f}")
    first = {name.removeprefix("body."): value for name, value in load_file(bundle / DEEP_WEIGHTS).items()}
    weights = {
        f"body.members.{number}.{name}": value * factors[number] if name.startswith("head.") else value
        for number, member in enumerate((first, learnt))
        for name, value in member.items()
    }
    members = [{"architecture": card.architecture, "args": card.architecture_args} for card in (old, new)]
    layer = old.target_layer.replace("body.", "body.members.0.", 1)
    return (
        replace(new, architecture="ensemble", architecture_args={"members": members}, target_layer=layer),
        weights,
        _written(joined),
    )


def _is_beside(old: DeepCard, tracks: Path) -> bool:
    """Whether the table has the logits of this deep network, which learnt none of its tracks. Raises TrainingError."""
    return beside(old) in next(iter(_by_track(tracks).values()), {})


def _join_beside(
    bundle: Path, old: DeepCard, new: DeepCard, learnt: Weights, tracks: Path, weight: float, log: Log
) -> tuple[DeepCard, dict[str, torch.Tensor], bytes]:
    """The same for a table of tracks that the bundle's network did not learn: the new probe is added to its own one."""
    check_input(bundle, old, new)
    members = old.architecture_args.get("members")
    wanted = {"architecture": new.architecture, "args": new.architecture_args}
    if not isinstance(members, list) or wanted not in members:
        raise TrainingError(
            f"{bundle} has no probe of the same base and blocks to add the new one to; write [network] args in the "
            "recipe as training/recipes/clip-probe.toml has them, and fit in another folder."
        )
    rows, column = list(_by_track(tracks).values()), beside(old)
    theirs = np.array([float(row[column]) for row in rows])
    factor = weight * float(theirs.std() / _own(rows).std())
    logits = [name for name in rows[0] if name == SHIPPED or name.startswith(SIBLING)]
    joined = [
        row | {name: f"{(1 - weight) * float(row[column]) + factor * float(row[name]):.3f}" for name in logits}
        for row in rows
    ]
    log(f"the logits of the bundle's network are multiplied by {1 - weight:.3f}, of the new one by {factor:.3f}")
    _compare(bundle, [row | dict.fromkeys(logits, row[column]) for row in rows], joined, tracks, log)
    weights = {
        name: value * (1 - weight) if ".head." in name else value
        for name, value in load_file(bundle / DEEP_WEIGHTS).items()
    }
    mine = f"body.members.{members.index(wanted)}."
    added = _added({name.removeprefix(mine): weights[name] for name in weights if name.startswith(mine)}, learnt)
    parts = len(members) * factor  # an ensemble takes the mean
    weights |= {f"{mine}{name}": weights[f"{mine}{name}"] + parts * value for name, value in added.items()}
    return replace(old, clips=new.clips, stills=new.stills), weights, _written(joined)


def _compare(bundle: Path, alone: Rows, both: Rows, path: Path, log: Log) -> None:
    """Say what the second network adds on sources that neither learnt, or that the first may have learnt after all."""
    ends = find_bundle(str(bundle)).card.metric_intervals or {}
    before, after = (parse(_written(rows), path) for rows in (alone, both))
    for kind, tracks in after.items():
        if not tracks.has_both:
            continue
        (old, (low, high)), (new, (new_low, new_high)) = (figures(found[kind])[AUC] for found in (before, after))
        log(
            f"ROC AUC of {kind}s of left-out sources, each group once: {old:.2f} ({low:.2f} to {high:.2f}) of the "
            f"bundle alone, {new:.2f} ({new_low:.2f} to {new_high:.2f}) of both"
        )
        known = ends.get(named(AUC, kind))
        if known and low > known[1]:
            log(
                f"warning: {bundle} tells these {kind}s apart better than those of sources that it did not learn "
                f"({known[0]:.2f} to {known[1]:.2f} by its card); if it learnt them under other names, all figures and "
                "limits of the new bundle are too good"
            )


def _added(probe: Weights, other: Weights) -> Weights:
    """What the head of `probe`, which standardises by its own mean and variance, lacks to give the logits of both."""
    eps = nn.BatchNorm1d(1).eps
    mean, mean_2 = (of["standard.running_mean"].double() for of in (probe, other))
    scale, scale_2 = ((of["standard.running_var"].double() + eps).sqrt() for of in (probe, other))
    raw = other["head.weight"].double() / scale_2
    return {"head.weight": raw * scale, "head.bias": other["head.bias"].double() + raw @ (mean - mean_2)}


def _written(rows: Rows) -> bytes:
    """The table of tracks."""
    text = io.StringIO()
    writer = SheetWriter(text)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return text.getvalue().encode()


def _same_tracks(one: Path, other: Path) -> tuple[Rows, Rows, dict[int, int]]:
    """The rows of two tables that are of the same tracks, and the fold of the first around each of the second's.

    Raises TrainingError if too few are.
    """
    first, second = (_by_track(path) for path in (one, other))
    common = [name for name in second if name in first]
    places = Counter((int(second[name]["fold"]), int(first[name]["fold"])) for name in common)
    outer = dict(pair for pair, _ in reversed(places.most_common()))  # of several the one with most of a fold's tracks
    names = [name for name in common if outer[int(second[name]["fold"])] == int(first[name]["fold"])]
    if len(names) < _FEWEST * min(len(first), len(second)) or not names:
        raise TrainingError(
            f"{one} and {other} have {len(names)} tracks in common, of {len(first)} and {len(second)}: their networks "
            "left out other sources, or were measured on other files; train with folds that lie within the bundle's."
        )
    return [first[name] for name in names], [second[name] for name in names], outer


def _by_track(path: Path) -> dict[str, dict[str, str]]:
    advice = "make it with `python -m training features` of a run, or name another bundle or table of tracks"
    with reading(path, advice), path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if TRACK in (reader.fieldnames or ()):
            return {row[TRACK]: row for row in reader}
    raise TrainingError(
        f"{path} has no column {TRACK!r}, by which tracks are told apart, and is of an older version; make it again "
        "with `python -m training features` of that run."
    )


def _own(rows: Rows) -> np.ndarray:
    """The logit of each track by the sibling that did not learn its source, float64 (n,)."""
    return np.array([float(row[SIBLING + row["fold"]]) for row in rows])
