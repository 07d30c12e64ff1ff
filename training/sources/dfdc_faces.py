"""Face images cut from DFDC: pictures named after its clips, with its metadata JSONs."""

from __future__ import annotations

import re
from pathlib import Path

from inspector.domain.errors import TrainingError
from training.sources.clip_labels import ClipLabel, has_labels, read_labels
from training.sources.files import IMAGES, below, folder
from training.sources.sample import Sample


def read_dfdc_faces(path: Path) -> list[Sample]:
    """The pictures named CLIP.jpg, CLIP_12.jpg, CLIP-12.jpg or CLIP/12.jpg, for the clips of any JSON in the folder.

    Raises TrainingError when there is no JSON, or for the first picture of an unlisted clip.
    """
    labels: dict[str, ClipLabel] = {}
    cohorts: dict[str, str] = {}
    for json in below(folder(path), frozenset({".json"})):
        for label in read_labels(json):
            labels[Path(label.file).stem] = label
            cohorts[Path(label.file).stem] = f"dfdc {json.relative_to(path).with_suffix('').as_posix()}"
    if not labels:
        raise TrainingError(f"{path} holds no metadata JSON with labels; copy DFDC's metadata into it.")
    samples = []
    for file in below(path, IMAGES):
        clip = next((name for name in _clip_names(file) if name in labels), None)
        if clip is None:
            raise TrainingError(f"{file} is not named after a clip of the metadata JSONs; remove it, or add its JSON.")
        samples.append(labels[clip].sample(path, file, "face", "DFDC face images", cohorts[clip]))
    if not samples:
        raise TrainingError(f"{path} holds {len(labels)} labels and no picture; unpack the images into it.")
    return samples


def looks_like_dfdc_faces(path: Path) -> bool:
    """Whether the folder has pictures and, at the top or one level down, a JSON with labels."""
    jsons = [*path.glob("*.json"), *path.glob("*/*.json")] if path.is_dir() else []
    return any(has_labels(json) for json in jsons) and any(f.suffix.lower() in IMAGES for f in path.rglob("*"))


def _clip_names(file: Path) -> tuple[str, str, str]:
    return file.stem, re.split(r"[_\-. ]", file.stem, maxsplit=1)[0], file.parent.name
