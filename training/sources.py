"""Datasets on disk as samples: one row per label, whatever the layout they come in."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from inspector.domain.errors import TrainingError
from inspector.domain.geometry import Box

KINDS = ("clip", "still", "face")


@dataclass(frozen=True, slots=True)
class Sample:
    """One label: the file (or the part of it in `region`) that it speaks of, and what must never be split apart."""

    path: Path
    kind: str  # one of KINDS; a "face" is a still that shows little but one face
    is_fake: bool
    method: str
    identity: str
    pair: str  # a fake and its original share it; "" for none
    split: str  # the dataset's own, "" for none
    source: str
    licence: str
    region: Box | None = None

    @property
    def key(self) -> str:
        """A file name for what is made of this sample, distinct within its source."""
        region = self.region
        where = "" if region is None else f"@{region.x:g}-{region.y:g}-{region.width:g}-{region.height:g}"
        return f"{self.path.parent.name}-{self.path.name}{where}"


def read_manifest(path: Path) -> list[Sample]:
    """The samples of a `manifest.csv` (columns as in ../shared/data/README.md); paths are relative to its folder."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise TrainingError(f"{path} cannot be read ({error.strerror}); name the dataset's manifest.csv.") from error
    samples = []
    for number, row in enumerate(rows, start=2):
        try:
            samples.append(_from_row(row, path.parent))
        except (KeyError, ValueError) as error:
            raise TrainingError(f"{path}, line {number}: {error}; correct the row or leave it out.") from error
    if not samples:
        raise TrainingError(f"{path} has no rows; there is nothing to train on.")
    return samples


def _from_row(row: Mapping[str, str], folder: Path) -> Sample:
    if row["kind"] not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {row['kind']!r}")
    if row["label"] not in ("real", "fake"):
        raise ValueError(f"label must be real or fake, not {row['label']!r}")
    region = Box(*(float(part) for part in row["region"].split(","))) if row["region"] else None
    return Sample(
        path=folder / row["path"],
        kind=row["kind"],
        is_fake=row["label"] == "fake",
        method=row["method"],
        identity=row["identity"],
        pair=row["pair"],
        split=row["split"],
        source=row["source"],
        licence=row["licence"],
        region=region,
    )


SOURCES: dict[str, Callable[[Path], list[Sample]]] = {"manifest": read_manifest}
"""The formats that recipes may name, and what reads each."""


def read(kind: str, path: Path, split: str) -> list[Sample]:
    """The samples of one source that belong to its official `split` ("" for all of them).

    Raises TrainingError for an unknown format, an empty split, or one that holds a single class.
    """
    if kind not in SOURCES:
        raise TrainingError(f"There is no source format {kind!r}; use one of {', '.join(SOURCES)}.")
    samples = [s for s in SOURCES[kind](path) if not split or s.split == split]
    classes = {s.is_fake for s in samples}
    if len(classes) < 2:
        have = "nothing" if not classes else "fakes only" if True in classes else "originals only"
        raise TrainingError(f"{path}, split {split!r}, holds {have}; training needs both classes.")
    return samples
