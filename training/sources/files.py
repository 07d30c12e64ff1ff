"""Helpers of the readers: listing pictures and clips, reading JSON, and their errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inspector.domain.errors import TrainingError
from inspector.engine.decode.media_types import CLIP_SUFFIXES, STILL_SUFFIXES

CLIPS, IMAGES = frozenset(CLIP_SUFFIXES), frozenset(STILL_SUFFIXES)
SPLITS = {"train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val",
          "test": "test", "testing": "test"}  # fmt: skip
"""The spellings of official splits in folder names and metadata."""


def folder(path: Path) -> Path:
    """Return `path` if it is a folder; TrainingError otherwise."""
    if not path.is_dir():
        raise TrainingError(f"{path} is not a folder; name the folder that the dataset was unpacked into.")
    return path


def listed(path: Path, suffixes: frozenset[str]) -> list[Path]:
    """The files directly in `path` with one of `suffixes`, sorted; empty if the folder does not exist."""
    return sorted(f for f in path.iterdir() if is_one_of(f, suffixes)) if path.is_dir() else []


def below(path: Path, suffixes: frozenset[str]) -> list[Path]:
    """The files at any depth in `path` with one of `suffixes`, sorted."""
    return sorted(f for f in path.rglob("*") if is_one_of(f, suffixes))


def is_one_of(path: Path, suffixes: frozenset[str]) -> bool:
    """Whether the file has one of the suffixes; hidden files such as macOS's "._x.jpg" do not count."""
    return path.suffix.lower() in suffixes and not path.name.startswith(".")


def named(root: Path, path: Path) -> str:
    """The file's path from the dataset's folder on: unique among datasets, and independent of where they are stored."""
    return f"{root.resolve().name}/{path.relative_to(root).as_posix()}"


def read_json(path: Path, what: str) -> Any:
    """The content of a JSON file; TrainingError, with `what` it should contain, when it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainingError(f"{path} cannot be read ({error.strerror}); it should be {what}.") from error
    except ValueError as error:
        raise TrainingError(f"{path} is not valid JSON ({error}); it should be {what}: download it again.") from error
