"""This project's format: a `manifest.csv` with one row per label, for clips, stills and face crops."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from inspector.domain.errors import TrainingError
from inspector.domain.geometry import Box
from training.sources.sample import HELD_OUT_SPLIT, KINDS, TEST_SPLITS, Sample

COLUMNS = ("path", "kind", "split", "label", "method", "identity", "pair", "region", "source", "licence")
LABELS = ("real", "fake")
SPLITS = ("", "train", HELD_OUT_SPLIT, *sorted(TEST_SPLITS))  # a mistyped one would be trained on


def read_manifest(path: Path) -> list[Sample]:
    """The samples of a `manifest.csv`, or of the one in the folder `path`; file paths are relative to its folder.

    Columns: path, kind, split, label, method, identity, pair, region ("x,y,width,height" or ""), source, licence;
    separated by commas, semicolons or tabs, as spreadsheets of different languages do. Rows without a word are no rows.
    A file that is labelled twice would count twice, and could be both trained on and held out. Raises TrainingError.
    """
    path = path / "manifest.csv" if path.is_dir() else path
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:  # spreadsheets write a mark of the encoding first
            head = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=max(",;\t", key=head.count))
            numbered = [(reader.line_num, row) for row in reader if _has_words(row)]
    except OSError as error:
        raise TrainingError(f"{path} cannot be read ({error.strerror}); name the dataset's manifest.csv.") from error
    except UnicodeDecodeError as error:
        raise TrainingError(
            f"{path} is not text in UTF-8 ({error.reason} at byte {error.start}); save it again as CSV in UTF-8, which "
            'spreadsheets call "CSV UTF-8" or ask for the character set.'
        ) from error
    except csv.Error as error:
        raise TrainingError(f"{path} is no table of commas ({error}); save it as CSV again.") from error
    if not numbered:
        raise TrainingError(f"{path} has no rows; there is nothing to train on.")
    if missing := [name for name in COLUMNS if name not in numbered[0][1]]:
        raise TrainingError(f"{path} lacks columns ({', '.join(missing)}); add them to the first line.")
    samples: list[Sample] = []
    lines: dict[tuple[Path, Box | None], int] = {}
    for number, row in numbered:
        try:
            sample = _from_row(row, path.parent)
            if (line := lines.setdefault((sample.path, sample.region), number)) != number:
                raise ValueError(f"it labels the same part of the same file as line {line}")
            samples.append(sample)
        except ValueError as error:
            raise TrainingError(f"{path}, line {number}: {error}; correct the row or leave it out.") from error
    return samples


def looks_like_manifest(path: Path) -> bool:
    """Whether `path` is a CSV file, or a folder with a manifest.csv."""
    return path.suffix.lower() == ".csv" if path.is_file() else (path / "manifest.csv").is_file()


def _has_words(row: Mapping[str | None, str | None]) -> bool:
    """Whether a row says anything; what has no column, such as the ends of a spreadsheet's rows, is a list."""
    return any("".join(cell or "").strip() for cell in row.values())


def _from_row(row: Mapping[str | None, str | None], folder: Path) -> Sample:
    if None in row.values() or any(row.get(None) or ()):
        raise ValueError("it has more or fewer cells than the first line; put cells with a comma into double quotes")
    cells = {name: (row[name] or "").strip() for name in COLUMNS}
    _check(cells, "kind", KINDS)
    _check(cells, "label", LABELS)
    _check(cells, "split", SPLITS)
    if not cells["path"]:
        raise ValueError("path is empty")
    return Sample(
        path=folder / cells["path"],
        kind=cells["kind"],
        is_fake=cells["label"] == "fake",
        method=cells["method"],
        identity=cells["identity"],
        pair=cells["pair"],
        split=cells["split"],
        source=cells["source"],
        licence=cells["licence"],
        region=_region(cells["region"]),
    )


def _check(cells: Mapping[str, str], name: str, known: Sequence[str]) -> None:
    if cells[name] not in known:
        raise ValueError(f"{name} must be {' or '.join(each or 'empty' for each in known)}, not {cells[name]!r}")


def _region(text: str) -> Box | None:
    if not text:
        return None
    parts = [float(part) for part in text.split(",")]
    if len(parts) != 4 or not all(map(math.isfinite, parts)) or min(parts) < 0 or 0 in parts[2:]:
        raise ValueError(f"region must be x,y,width,height in pixels, not {text!r}")
    return Box(*parts)
