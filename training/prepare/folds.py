"""Folds over sources: whole groups of sources are left out, so that what is measured is new by source and by method.

A source is a repository or dataset: what stands before the first colon of a label's `source`. Sources of one owner
(what stands before a slash) and sources that show the same method belong to one group.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from inspector.domain.arrays import Floats
from inspector.domain.errors import TrainingError
from training.recipe import SourceFoldsTable

ORIGINAL = "original"
_FAMILIES = {"gan portrait": "generated still", "reenactment/talking head": "talking head"}  # other spellings
_METHODS = {"gaussianavatar": "gaussianavatars"}
_ORDERS = 1000  # random orders in which groups are dealt out; the best balanced result is kept
_FACES = 0.02  # weight of a picture of a face in the balance: thousands of film frames are one source

Row = Mapping[str, Any]


def source_of(row: Row) -> str:
    """The repository or dataset that a row comes from."""
    return str(row["source"]).partition(":")[0]


def family_of(row: Row) -> str:
    """The kind of manipulation: a fake's method before its tool ("face swap: X" is a face swap); or "original"."""
    if not row["is_fake"]:
        return ORIGINAL
    name = re.split(r":| \(", str(row["method"]))[0].strip().lower()
    return _FAMILIES.get(name, name)


def method_of(row: Row) -> str:
    """The tool behind a fake, spelt alike everywhere: "expression edit: AttGAN (PyTorch)" is "attgan"."""
    name = re.split(r" \(| ?\+", str(row["method"]).rpartition(": ")[2])[0].lower()
    letters = re.sub("[^a-z0-9]", "", name)
    return _METHODS.get(letters, letters)


def source_groups(rows: Iterable[Row]) -> dict[str, str]:
    """The group of each source, by the name of its first source."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    sources = set()
    for row in _files(rows):
        source = source_of(row)
        sources.add(source)
        owner, slash, _ = source.partition("/")
        links = [f"owner {owner.lower()}"] * bool(slash) + [f"method {method_of(row)}"] * bool(row["is_fake"])
        for link in links:
            parent[root(link)] = root(source)
    first: dict[str, str] = {}
    return {source: first.setdefault(root(source), source) for source in sorted(sources)}


def source_folds(rows: Iterable[Row], count: int, seed: int) -> dict[str, int]:
    """The fold, from 0 to `count - 1`, that leaves each source out; families are about equally frequent in all folds.

    With as many folds as groups of sources each leaves out one, in the order of their names. Raises TrainingError when
    there are fewer groups than folds, or a fold would have to do without a class.
    """
    rows = _files(rows)
    group = source_groups(rows)
    names = sorted(set(group.values()))
    if len(names) < count:
        raise TrainingError(
            f"{len(names)} groups of sources cannot be divided into {count} folds (sources of one owner or with a "
            f"method in common are one group); set count = {len(names)} under [source_folds], or add sources."
        )
    place = np.arange(count)
    if len(names) > count:
        place = _dealt(_amounts(rows, group, names), count, np.random.default_rng(seed))
    folds = {source: int(place[names.index(group[source])]) for source in group}
    for fold in range(count):
        classes = {row["is_fake"] for row in rows if folds[source_of(row)] != fold}
        if len(classes) < 2:
            missing = "fakes" if False in classes else "originals"
            raise TrainingError(
                f"Without fold {fold} of {count} the sources hold no {missing}; add another source with {missing}, and "
                f"set the count under [source_folds] to that of all groups, now {len(names)}."
            )
    return folds


def folds_of(table: SourceFoldsTable | None, rows: Iterable[Row], seed: int) -> dict[str, int]:
    """The folds of a recipe, if it has any. They depend on all rows, so every command must give the same.

    Raises TrainingError.
    """
    return source_folds(rows, table.count, seed) if table else {}


def _files(rows: Iterable[Row]) -> list[Row]:
    """One row for each file."""
    return list({row["part"]: row for row in rows}.values())


def _amounts(rows: Sequence[Row], group: Mapping[str, str], names: Sequence[str]) -> Floats:
    """The share of every family, and of all groups, that each group holds: float64 (groups, families + 1)."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[group[source_of(row)]][family_of(row)] += _FACES if row["kind"] == "face" else 1  # type: ignore[assignment]
    families = sorted({family for of in counts.values() for family in of})
    table = np.array([[float(counts[name][family]) for family in families] + [1.0] for name in names])
    shares: Floats = table / table.sum(axis=0)
    return shares


def _dealt(amounts: Floats, count: int, random: np.random.Generator) -> np.ndarray:
    """The fold of each group: of many random orders, large groups first, the one that balances best."""
    best, best_place = np.inf, np.zeros(len(amounts), np.int64)
    for _ in range(_ORDERS):
        filled, place = np.zeros((count, amounts.shape[1])), np.zeros(len(amounts), np.int64)
        for number in np.argsort(-amounts.max(axis=1) * random.uniform(0.4, 1, len(amounts))):
            cost = ((filled + amounts[number]) ** 2 - filled**2).sum(axis=1)
            place[number] = int(np.argmin(cost))
            filled[place[number]] += amounts[number]
        if (score := float((filled**2).sum())) < best:
            best, best_place = score, place
    return best_place
