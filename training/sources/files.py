"""What the adapters share: listing pictures and clips, reading JSON, and one sentence for what is wrong with either."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inspector.domain.errors import TrainingError

CLIPS = frozenset({".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v"})
IMAGES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
SPLITS = {"train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val",
          "test": "test", "testing": "test"}  # fmt: skip
"""The names of official splits as folders and metadata spell them."""


def folder(path: Path) -> Path:
    """`path`, when it is a folder; TrainingError otherwise."""
    if not path.is_dir():
        raise TrainingError(f"{path} is no folder; name the folder that the dataset was unpacked into.")
    return path


def listed(path: Path, suffixes: frozenset[str]) -> list[Path]:
    """The files right in `path` with one of `suffixes`, sorted; none when there is no such folder."""
    return sorted(f for f in path.iterdir() if is_one_of(f, suffixes)) if path.is_dir() else []


def below(path: Path, suffixes: frozenset[str]) -> list[Path]:
    """The files anywhere in `path` with one of `suffixes`, sorted."""
    return sorted(f for f in path.rglob("*") if is_one_of(f, suffixes))


def is_one_of(path: Path, suffixes: frozenset[str]) -> bool:
    """Whether the file counts; "._x.jpg" is a macOS companion file with a picture's name and no picture in it."""
    return path.suffix.lower() in suffixes and not path.name.startswith(".")


def named(root: Path, path: Path) -> str:
    """A file's path with the dataset's folder before it: distinct among datasets, the same wherever they lie."""
    return f"{root.resolve().name}/{path.relative_to(root).as_posix()}"


def read_json(path: Path, what: str) -> Any:
    """The content of a JSON file; TrainingError, with `what` it should be, when it is missing or none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainingError(f"{path} cannot be read ({error.strerror}); it should be {what}.") from error
    except ValueError as error:
        raise TrainingError(f"{path} is no valid JSON ({error}); it should be {what}: download it again.") from error
