"""Face-image sets labelled by folder: real/ and fake/, or generated sets beside CelebA or FFHQ."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector.domain.errors import TrainingError
from training.sources.files import IMAGES, SPLITS, below, folder, named
from training.sources.sample import Sample

CLASSES = {"real": False, "0_real": False, "fake": True, "1_fake": True}  # a folder's name -> is fake
PHOTOGRAPHS = ("celeba", "img_align_celeba", "img_celeba", "celebahq", "ffhq")  # "-" and "_" aside
_IDENTITIES, _PARTITIONS = "identity_CelebA.txt", "list_eval_partition.txt"  # CelebA's own annotations
_CELEBA_SPLITS = {"0": "train", "1": "val", "2": "test"}


def read_real_fake_folders(path: Path) -> list[Sample]:
    """The pictures in folders named real and fake; a parent or subfolder named train, val or test gives the split.

    A folder inside fake/ names the method. Raises TrainingError without such pictures.
    """
    samples = []
    for file in below(folder(path), IMAGES):
        parents = file.relative_to(path).parts[:-1]
        classes = [p for p in parents if p.lower() in CLASSES]
        if not classes:
            continue
        is_fake = CLASSES[classes[-1].lower()]
        inside = _own(parents[parents.index(classes[-1]) + 1 :])
        method = inside[0] if inside else f"{path.resolve().name} {'fake' if is_fake else 'real'}"
        samples.append(_sample(path, file, is_fake, method))
    if not samples:
        raise TrainingError(
            f"{path} holds no picture in folders named real and fake; name the folder above them, and label clips in a "
            "manifest.csv."
        )
    return samples


def read_gan_faces(path: Path) -> list[Sample]:
    """Folders of photographs, named after CelebA or FFHQ, beside folders of generated faces, each named by its method.

    CelebA's `identity_CelebA.txt` and `list_eval_partition.txt` give people and split if they are in the folder.
    Raises TrainingError when one of the two kinds of folders is missing.
    """
    people, partition = (_annotation(folder(path) / name) for name in (_IDENTITIES, _PARTITIONS))
    samples = []
    for file in below(path, IMAGES):
        own = _own(file.relative_to(path).parts[:-1])
        if not own:
            continue
        is_fake = not _is_photograph(own[0])
        is_celeba = not is_fake and "celeba" in own[0].lower() and "hq" not in own[0].lower()
        number = file.with_suffix(".jpg").name if is_celeba else ""  # aligned copies are PNG, annotations say .jpg
        samples.append(_sample(path, file, is_fake, own[0], people.get(number, ""), partition.get(number, "")))
    if not samples:
        raise TrainingError(f"{path} holds no folder of pictures; name the folder above CelebA or FFHQ and the others.")
    return samples


def looks_like_real_fake_folders(path: Path) -> bool:
    """Whether real and fake folders exist here, or one level down in folders of splits."""
    near = [path, *(path / name for name in SPLITS)]
    return any({CLASSES.get(p.name.lower()) for p in _subfolders(where)} >= {True, False} for where in near)


def looks_like_gan_faces(path: Path) -> bool:
    """Whether the folder has both a CelebA or FFHQ folder and another one."""
    return {_is_photograph(p.name) for p in _subfolders(path)} == {True, False}


def _is_photograph(name: str) -> bool:
    # Whole names and size suffixes only: "stylegan_ffhq" and "ffhq_stylegan" are generated.
    plain = name.lower().replace("-", "").replace("_", "").rstrip("0123456789x")
    return plain in {p.replace("_", "") for p in PHOTOGRAPHS}


def _subfolders(path: Path) -> list[Path]:
    return [p for p in path.iterdir() if p.is_dir()] if path.is_dir() else []


def _own(parents: Sequence[str]) -> list[str]:
    """The meaningful folders: without splits and numbered ones such as FFHQ's "00000"."""
    return [p for p in parents if p.lower() not in SPLITS and not p.isdigit()]


def _annotation(path: Path) -> dict[str, str]:
    """CelebA's "000001.jpg 2880" line by line; empty without such a file."""
    if not path.exists():
        return {}
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if any(len(line) != 2 for line in lines):
        raise TrainingError(f"{path} has lines that are not a picture and a number; download it again or remove it.")
    return dict(lines)


def _sample(root: Path, file: Path, is_fake: bool, method: str, person: str = "", partition: str = "") -> Sample:
    splits = [SPLITS[p.lower()] for p in file.relative_to(root).parts[:-1] if p.lower() in SPLITS]
    return Sample(
        path=file,
        kind="face",
        is_fake=is_fake,
        method=method,
        identity=person and f"celeba {person}",
        pair="",
        split=splits[0] if splits else _CELEBA_SPLITS.get(partition, ""),
        source=root.resolve().name,
        licence="as the dataset states",
        name=named(root, file),
    )
