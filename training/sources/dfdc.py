"""DFDC (Dolhansky et al. 2020): parts, each a folder of clips with a `metadata.json`."""

from __future__ import annotations

from pathlib import Path

from inspector.domain.errors import TrainingError
from training.sources.clip_labels import read_labels
from training.sources.files import CLIPS, folder, listed
from training.sources.sample import Sample

METADATA = "metadata.json"


def read_dfdc(path: Path) -> list[Sample]:
    """The clips of one part, or of a folder of parts (also zipped into a folder each, as Kaggle does).

    The metadata name no people, so a part is a cohort: its actors appear in many of its clips. A clip that is listed
    but missing is returned as well; `prepare` rejects it and `inspect` lists it. Raises TrainingError when a part lacks
    its metadata, or when no clip exists.
    """
    parts = [p for p in _parts(folder(path)) if listed(p, CLIPS) or (p / METADATA).exists()]
    samples = [sample for part in parts for sample in _part(path, part)]
    if not samples:
        raise TrainingError(f"{path} holds no DFDC part: a folder of clips with its {METADATA}; name their folder.")
    if not any(s.path.exists() for s in samples):
        raise TrainingError(f"{path}: {METADATA} names {len(samples)} clips and none exists; unpack them beside it.")
    return samples


def looks_like_dfdc(path: Path) -> bool:
    """Whether the folder has a part with clips and metadata."""
    return path.is_dir() and any((p / METADATA).exists() and listed(p, CLIPS) for p in _parts(path))


def _parts(path: Path) -> list[Path]:
    near = [path, *(p for p in sorted(path.iterdir()) if p.is_dir())]
    return near + [p for part in near[1:] for p in sorted(part.iterdir()) if p.is_dir()]


def _part(root: Path, part: Path) -> list[Sample]:
    if not (part / METADATA).exists():
        raise TrainingError(f"{part / METADATA} is missing, so its clips have no labels; unpack it beside them.")
    return [
        label.sample(root, part / label.file, "clip", "DFDC", cohort=f"dfdc {part.resolve().name}")
        for label in read_labels(part / METADATA)
    ]
