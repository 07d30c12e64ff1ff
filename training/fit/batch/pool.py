"""Drawing prepared crops at random, by kind of sample or by source, and never a face that the app would not score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from inspector.domain.errors import TrainingError
from training.forge.forge import Picture
from training.prepare.folds import source_of
from training.prepare.index import Row
from training.prepare.parts import load_crop

Random = np.random.Generator
Sample = tuple[Picture, Row]

SMALLEST_FACE = 48.0  # pixels; the app does not score smaller ones either


class Pool(Protocol):
    """What batches draw from."""

    def draw(self, random: Random, is_fake: bool, shares: Mapping[str, float], count: int = 1) -> list[Sample]:
        """`count` neighbouring frames of a random file of one class and of a kind with a share above 0.

        The last frame is repeated for a file with fewer, such as a still. Raises TrainingError when there is no such
        file.
        """


class KindPool:
    """Crops by class and kind of sample, sampled by file, so that long clips do not dominate."""

    def __init__(self, folder: Path, rows: Iterable[Row]) -> None:
        self._folder = folder
        self._parts: dict[tuple[bool, str], dict[str, list[Row]]] = {}
        for row in rows:
            if row["face_px"] >= SMALLEST_FACE:
                self._parts.setdefault((row["is_fake"], row["kind"]), {}).setdefault(row["part"], []).append(row)
        self._names = {key: sorted(parts) for key, parts in self._parts.items()}

    def draw(self, random: Random, is_fake: bool, shares: Mapping[str, float], count: int = 1) -> list[Sample]:
        """As in Pool: the kind by `shares`, then the file, then the first frame."""
        able = [k for k in shares if (is_fake, k) in self._names and shares[k] > 0]
        if not able:
            raise TrainingError(lacking(self._folder, is_fake, shares, self._names))
        odds = np.array([shares[k] for k in able])
        key = (is_fake, able[int(random.choice(len(able), p=odds / odds.sum()))])
        rows = self._parts[key][self._names[key][int(random.integers(len(self._names[key])))]]
        first = int(random.integers(max(1, len(rows) - count + 1)))
        return load(self._folder, neighbours(rows, first, count))


class SourcePool:
    """Crops by source: large sources and those with many methods count by the square root of their files.

    A stratum is a source of originals, or a source and method of fakes.
    """

    def __init__(self, folder: Path, rows: Iterable[Row]) -> None:
        self.folder = folder
        self.files: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row["face_px"] >= SMALLEST_FACE:
                self.files[row["part"]].append(row)
        strata: dict[tuple[bool, str], dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
        for part in sorted(self.files):
            first = self.files[part][0]
            method = first["method"] if first["is_fake"] else ""
            strata[first["is_fake"], first["kind"]][source_of(first), method].append(part)
        self._strata = {key: dict(sorted(of.items())) for key, of in strata.items()}
        self._tables: dict[tuple[bool, tuple[str, ...]], tuple[list[list[str]], np.ndarray]] = {}

    def draw(self, random: Random, is_fake: bool, shares: Mapping[str, float], count: int = 1) -> list[Sample]:
        """As in Pool: the stratum by the root of its number of files, then the file, then the first frame."""
        rows = self.files[self.draw_file(random, is_fake, shares)]
        first = int(random.integers(max(1, len(rows) - count + 1)))
        return load(self.folder, neighbours(rows, first, count))

    def draw_file(self, random: Random, is_fake: bool, shares: Mapping[str, float], source: str = "") -> str:
        """The part of a random file; of `source` alone if that has one. Raises what `draw` raises."""
        kinds = tuple(kind for kind in shares if shares[kind] > 0 and (is_fake, kind) in self._strata)
        if not kinds:
            raise TrainingError(lacking(self.folder, is_fake, shares, self._strata))
        if source:
            of = [
                p
                for k in kinds
                for (name, _), parts in self._strata[is_fake, k].items()
                if name == source
                for p in parts
            ]
            if of:
                return of[int(random.integers(len(of)))]
        if (is_fake, kinds) not in self._tables:
            self._tables[is_fake, kinds] = self._table(is_fake, kinds)
        strata, odds = self._tables[is_fake, kinds]
        files = strata[int(random.choice(len(strata), p=odds))]
        return files[int(random.integers(len(files)))]

    def _table(self, is_fake: bool, kinds: Sequence[str]) -> tuple[list[list[str]], np.ndarray]:
        """The files of every stratum and its odds."""
        joined: dict[tuple[str, str], list[str]] = defaultdict(list)
        for kind in kinds:
            for name, parts in self._strata[is_fake, kind].items():
                joined[name] += parts
        strata = [joined[name] for name in sorted(joined)]
        roots = np.sqrt([len(parts) for parts in strata])
        return strata, roots / roots.sum()


def neighbours(rows: Sequence[Row], first: int, count: int) -> list[Row]:
    """`count` rows from number `first` on; the last one is repeated."""
    return [rows[min(first + i, len(rows) - 1)] for i in range(count)]


def load(folder: Path, rows: Iterable[Row]) -> list[Sample]:
    """The crops of these rows, each with its row."""
    return [(Picture(*load_crop(folder, row)), row) for row in rows]


def lacking(folder: Path, is_fake: bool, shares: Mapping[str, float], there: Iterable[tuple[bool, str]]) -> str:
    """The message about a class or kind that the recipe draws and the prepared folder does not hold."""
    what, table = ("fakes", "generated_shares") if is_fake else ("originals", "pair_shares or original_shares")
    kinds = [kind for side, kind in sorted(there) if side is is_fake]
    if not kinds:
        return (
            f"{folder} holds no {what} of {SMALLEST_FACE:g} px or more, either to train on or held out; prepare more."
        )
    return (
        f"{folder} holds {what} of the kind {' and '.join(kinds)}, and the recipe's {table} under [batch] "
        f"draw on {', '.join(shares)} only; give a share to an available kind."
    )
