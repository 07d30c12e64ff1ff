"""Selecting rows of a prepared folder's index: by file, evenly spaced, of held-out people, of faces that are scored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from inspector.domain.errors import TrainingError
from inspector.domain.faces import FaceQuality
from inspector.domain.settings import Settings
from inspector.engine.faces.quality import insufficiency
from training.prepare.index import Row
from training.recipe import Recipe


def held_out(rows: Sequence[Row], recipe: Recipe) -> list[Row]:
    """The rows of held-out people; TrainingError when there are none."""
    found = [row for row in rows if row["is_held_out"]]
    if not found:
        raise TrainingError(
            f"{recipe.prepare.folder} has no held-out people; raise the recipe's held_out and prepare again."
        )
    return found


def scorable(rows: Sequence[Row]) -> list[Row]:
    """The rows of the faces that the program scores: not too small, blurred, covered or turned for its own settings.

    A face whose quality an older index does not have is among them.
    """
    settings, names = Settings(), [each.name for each in fields(FaceQuality)]

    def is_scored(row: Row) -> bool:
        quality = {name: row[name] for name in names}
        return None in quality.values() or insufficiency(FaceQuality(**quality), settings) is None

    return [row for row in rows if is_scored(row)]


def by_part(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each file, in time order."""
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[row["part"]].append(row)
    return [sorted(part, key=lambda row: float(row["seconds"])) for _, part in sorted(parts.items())]


def some_files(rows: Sequence[Row], count: int) -> list[Row]:
    """The rows of `count` files of each class and kind, evenly over people and reproducible; of all files when 0."""
    parts = by_part(rows)
    seen: Counter[tuple[bool, str, str]] = Counter()
    turns: dict[tuple[bool, str], list[tuple[int, int]]] = defaultdict(list)
    for number in np.random.default_rng(1).permutation(len(parts)):
        first = parts[number][0]
        stratum, person = (first["is_fake"], first["kind"]), (first["is_fake"], first["kind"], first["group"])
        turns[stratum].append((seen[person], number))
        seen[person] += 1
    # The first file of each person comes before the second of any.
    taken = {n for files in turns.values() for _, n in sorted(files, key=lambda turn: turn[0])[: count or None]}
    return [row for number, part in enumerate(parts) if number in taken for row in part]


def thin(rows: Sequence[Row], count: int) -> list[Row]:
    """At most `count` evenly spaced rows of each file, file by file."""
    return [part[i] for part in by_part(rows) for i in spread(len(part), count)]


def spread(length: int, count: int) -> list[int]:
    """The indices of `count` of `length` items, evenly spaced (the middles of equal parts); all if there are fewer."""
    if length <= count:
        return list(range(length))
    return [int((i + 0.5) * length / count) for i in range(count)]
