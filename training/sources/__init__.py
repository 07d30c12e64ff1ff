"""Datasets on disk as samples, one for each label, independent of their layout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inspector.domain.errors import TrainingError
from training.sources.celeb_df import looks_like_celeb_df, read_celeb_df
from training.sources.dfdc import looks_like_dfdc, read_dfdc
from training.sources.dfdc_faces import looks_like_dfdc_faces, read_dfdc_faces
from training.sources.face_forensics import looks_like_face_forensics, read_face_forensics
from training.sources.faces import (
    CLASSES,
    looks_like_gan_faces,
    looks_like_real_fake_folders,
    read_gan_faces,
    read_real_fake_folders,
)
from training.sources.files import CLIPS, listed
from training.sources.manifest import looks_like_manifest, read_manifest
from training.sources.sample import HELD_OUT_SPLIT, KINDS, TEST_SPLITS, Sample, shares_test_pair

__all__ = [
    "HELD_OUT_SPLIT",
    "KINDS",
    "SOURCES",
    "TEST_SPLITS",
    "Sample",
    "check_classes",
    "guess",
    "read",
    "read_all",
    "read_manifest",
    "shares_test_pair",
]

SOURCES: dict[str, Callable[[Path], list[Sample]]] = {
    "manifest": read_manifest,
    "dfdc": read_dfdc,
    "celeb_df": read_celeb_df,
    "face_forensics": read_face_forensics,
    "real_fake_folders": read_real_fake_folders,
    "dfdc_faces": read_dfdc_faces,
    "gan_faces": read_gan_faces,
}
"""The formats that recipes may name, and the reader of each."""

_LOOKS: dict[str, Callable[[Path], bool]] = {
    "manifest": looks_like_manifest,
    "dfdc": looks_like_dfdc,
    "celeb_df": looks_like_celeb_df,
    "face_forensics": looks_like_face_forensics,
    "real_fake_folders": looks_like_real_fake_folders,
    "dfdc_faces": looks_like_dfdc_faces,
    "gan_faces": looks_like_gan_faces,
}


def read(kind: str, path: Path, split: str = "", compression: str = "") -> list[Sample]:
    """The samples of one source in its official `split` and `compression` ("" for all of them), with both classes.

    A training split comes without recordings of which the official test contains another version.
    Raises TrainingError for an unknown format, an empty split or compression, or one that holds a single class.
    """
    samples = read_all(kind, path)
    if split:
        tested = shares_test_pair(samples)
        samples = [s for s, is_tested in zip(samples, tested, strict=True) if s.split == split and not is_tested]
    if compression:
        wanted = "c0" if compression == "raw" else compression
        samples = [s for s in samples if s.compression == wanted]
    parts = [f"split {split!r}"] * bool(split) + [f"compression {compression!r}"] * bool(compression)
    check_classes(samples, f"{path}, {', '.join(parts)}," if parts else str(path))
    return samples


def read_all(kind: str, path: Path) -> list[Sample]:
    """All samples of one source; TrainingError for an unknown format or an unreadable file."""
    if kind not in SOURCES:
        raise TrainingError(f"There is no source format {kind!r}; use one of {', '.join(SOURCES)}.")
    try:
        return SOURCES[kind](path)
    except OSError as error:
        raise TrainingError(f"{error.filename or path} cannot be read ({error.strerror}); check the disk.") from error
    except UnicodeDecodeError as error:
        raise TrainingError(f"{path} has a list that is not UTF-8 text ({error}); download it again.") from error


def check_classes(samples: list[Sample], what: str, use: str = "training") -> None:
    """Raise TrainingError unless `samples` have both classes; `what` and `use` name them in the message."""
    classes = {s.is_fake for s in samples}
    if len(classes) < 2:
        have = "nothing" if not classes else "fakes only" if True in classes else "originals only"
        raise TrainingError(f"{what} holds {have}; {use} needs both classes.")


def guess(path: Path) -> str:
    """The only format that the file or folder matches; TrainingError when none or several do."""
    if not path.exists():
        raise TrainingError(f"{path} does not exist; name a dataset's folder or manifest.csv.")
    try:
        found = [kind for kind, looks_like in _LOOKS.items() if looks_like(path)]
    except OSError as error:
        raise TrainingError(f"{error.filename or path} cannot be read ({error.strerror}); check the disk.") from error
    if len(found) != 1:
        what = f"could be {' or '.join(found)}; name its format with --format" if found else _why_unknown(path)
        raise TrainingError(f"{path} {what} ({', '.join(SOURCES)}).")
    return found[0]


def _why_unknown(path: Path) -> str:
    """Why no reader recognises a file or folder, as far as that is clear, and what to do."""
    folders = [p for p in sorted(path.iterdir()) if p.is_dir()] if path.is_dir() else []
    if path.is_dir() and not any(path.iterdir()):
        return "is empty; unpack a dataset of one of the known formats into it"
    classes = {CLASSES[p.name.lower()] for p in folders if p.name.lower() in CLASSES}
    otherwise = "name its format with --format"
    if len(classes) == 1:
        name = "fake" if True in classes else "real"
        return f"has one class only ({name}); add the folder of the other one, or {otherwise}"
    if any(listed(folder, CLIPS) for folder in (path, *folders)):
        return f"has clips without labels; if they are DFDC's, add their metadata.json, otherwise {otherwise}"
    return f"does not look like a known dataset; {otherwise}"
