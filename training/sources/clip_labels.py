"""DFDC's `metadata.json`, which labels clips by file name; image sets made from DFDC include it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.domain.errors import TrainingError
from training.sources.files import SPLITS, named, read_json
from training.sources.sample import Sample

_WHAT = 'DFDC\'s {"CLIP.mp4": {"label": "REAL" or "FAKE", "split": ..., "original": ...}}'


@dataclass(frozen=True, slots=True)
class ClipLabel:
    """The metadata of one clip; `original` is the file stem of its original recording, its own for an original."""

    file: str
    is_fake: bool
    split: str
    original: str

    def sample(self, root: Path, file: Path, kind: str, source: str, cohort: str) -> Sample:
        """The sample of `file`, a clip or a picture cut from it, in the dataset that lies at `root`."""
        return Sample(
            path=file,
            kind=kind,
            is_fake=self.is_fake,
            method="DFDC fake" if self.is_fake else "DFDC original",
            identity="",
            pair=f"dfdc {self.original}",
            split=self.split,
            source=source,
            licence="DFDC data agreement",
            cohort=cohort,
            name=named(root, file),
        )


def read_labels(path: Path) -> list[ClipLabel]:
    """All labels of one metadata file, sorted by file name; TrainingError names a wrong entry."""
    content = read_json(path, _WHAT)
    if not isinstance(content, dict):
        raise TrainingError(f"{path} is a {type(content).__name__}; it should be {_WHAT}: download it again.")
    return [_label(path, file, entry) for file, entry in sorted(content.items())]


def has_labels(path: Path) -> bool:
    """Whether the first bytes of a JSON file look like DFDC's metadata; the file can be large."""
    with path.open("rb") as file:
        head = file.read(400)
    return head.lstrip().startswith(b"{") and b'"label"' in head


def _label(path: Path, file: str, entry: Mapping[str, Any]) -> ClipLabel:
    label = entry.get("label") if isinstance(entry, dict) else None
    if label not in ("REAL", "FAKE"):
        raise TrainingError(f"{path}, {file}: label must be REAL or FAKE, not {label!r}; correct or remove the entry.")
    # An original's own entry has no "original"; some copies write null or "NA" there. A fake without one has no pair.
    original = entry.get("original")
    if not isinstance(original, str) or original.upper() in ("", "NA", "NAN"):
        original = file
    split = str(entry.get("split") or "")
    return ClipLabel(file, label == "FAKE", SPLITS.get(split.lower(), split), Path(original).stem)
