"""This project's format: a `manifest.csv` with one row per label, for clips, stills and face crops."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from inspector.domain.errors import TrainingError
from inspector.domain.geometry import Box
from training.sources.sample import KINDS, Sample


def read_manifest(path: Path) -> list[Sample]:
    """The samples of a `manifest.csv`, or of the one in the folder `path`; file paths are relative to its folder.

    Columns: path, kind, split, label, method, identity, pair, region ("x,y,width,height" or ""), source, licence.
    """
    path = path / "manifest.csv" if path.is_dir() else path
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise TrainingError(f"{path} cannot be read ({error.strerror}); name the dataset's manifest.csv.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise TrainingError(f"{path} is not UTF-8 text with commas ({error}); save it as CSV again.") from error
    samples = []
    for number, row in enumerate(rows, start=2):
        try:
            samples.append(_from_row(row, path.parent))
        except KeyError as error:
            raise TrainingError(f"{path} lacks the column {error}; add it to the first line.") from error
        except (TypeError, ValueError) as error:
            raise TrainingError(f"{path}, line {number}: {error}; correct the row or leave it out.") from error
    if not samples:
        raise TrainingError(f"{path} has no rows; there is nothing to train on.")
    return samples


def looks_like_manifest(path: Path) -> bool:
    """Whether `path` is a CSV file, or a folder with a manifest.csv."""
    return path.suffix.lower() == ".csv" if path.is_file() else (path / "manifest.csv").is_file()


def _from_row(row: Mapping[str, str], folder: Path) -> Sample:
    if row["kind"] not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {row['kind']!r}")
    if row["label"] not in ("real", "fake"):
        raise ValueError(f"label must be real or fake, not {row['label']!r}")
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
        region=_region(row["region"]),
    )


def _region(text: str) -> Box | None:
    if not text:
        return None
    parts = [float(part) for part in text.split(",")]
    if len(parts) != 4:
        raise ValueError(f"region must be x,y,width,height, not {text!r}")
    return Box(*parts)
