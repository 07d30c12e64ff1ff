"""Celeb-DF v1 and v2 (Li et al., CVPR 2020): celebrities, their swaps, other people, and a list of test clips."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from inspector.domain.errors import TrainingError
from training.sources.files import CLIPS, folder, listed, named
from training.sources.sample import Sample

LIST = "List_of_testing_videos.txt"
FOLDERS = {"celeb-real": False, "youtube-real": False, "celeb-synthesis": True}  # lower-case name -> is fake
_ONE_PERSON = re.compile(r"(id\d+)_(\d+)")  # Celeb-real: person, recording
_TWO_PEOPLE = re.compile(r"(id\d+)_(id\d+)_(\d+)")  # Celeb-synthesis: target, donor, the target's recording


def read_celeb_df(path: Path) -> list[Sample]:
    """Every clip on disk or in the test list; listed ones have the split "test", all others "train".

    Raises TrainingError for a missing folder or list, a list that contradicts the folders, and unexpected names.
    """
    folders = _folders(folder(path))
    missing = FOLDERS.keys() - folders
    if missing:
        raise TrainingError(f"{path} lacks {', '.join(sorted(missing))}; name the folder that Celeb-DF unpacks into.")
    tested = _tested(path / LIST, folders)
    there = {f for part in folders.values() for f in [*listed(part, CLIPS), *listed(part / "videos", CLIPS)]}
    if not there:
        raise TrainingError(f"{path} holds no clip in {', '.join(sorted(FOLDERS))}; unpack the dataset into it.")
    samples = [_sample(path, file, folders) for file in sorted(there | tested)]
    return [replace(s, split="test" if s.path in tested else "train") for s in samples]


def looks_like_celeb_df(path: Path) -> bool:
    """Whether the three folders exist."""
    return path.is_dir() and _folders(path).keys() == FOLDERS.keys()


def _folders(path: Path) -> dict[str, Path]:
    return {p.name.lower(): p for p in sorted(path.iterdir()) if p.is_dir() and p.name.lower() in FOLDERS}


def _tested(path: Path, folders: dict[str, Path]) -> set[Path]:
    """The listed clips. A line is "1 Celeb-real/id1_0007.mp4", and 1 means real, contrary to custom."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise TrainingError(
            f"{path} cannot be read ({error.strerror}); without it test clips would train: copy it there."
        ) from error
    found = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        label, _, name = line.strip().partition(" ")
        part = name.strip().split("/")[0].lower()
        if label not in ("0", "1") or part not in FOLDERS:
            raise TrainingError(f"{path}, line {number}: {line!r} is not a label and a clip; download the list again.")
        if FOLDERS[part] == (label == "1"):
            raise TrainingError(f"{path}, line {number}: {line!r} contradicts the folder (1 = real); check the list.")
        file = Path(name.strip()).name
        nested = folders[part] / "videos" / file
        found.add(nested if nested.exists() else folders[part] / file)
    return found


def _sample(root: Path, file: Path, folders: dict[str, Path]) -> Sample:
    part = next(name for name, folder_path in folders.items() if file.is_relative_to(folder_path))
    identity, donor, pair = f"youtube {file.stem}", "", f"youtube {file.stem}"
    if part != "youtube-real":
        match = (_TWO_PEOPLE if FOLDERS[part] else _ONE_PERSON).fullmatch(file.stem)
        if match is None:
            form = "idX_idY_ZZZZ" if FOLDERS[part] else "idX_ZZZZ"
            raise TrainingError(f"{file} is not named {form}, so its people are unknown; rename or remove it.")
        identity, donor = match[1], match[2] if FOLDERS[part] else ""
        pair = f"{match[1]}_{match[3] if FOLDERS[part] else match[2]}"
    return Sample(
        path=file,
        kind="clip",
        is_fake=FOLDERS[part],
        method={"celeb-real": "Celeb-real", "youtube-real": "YouTube-real"}.get(part, "Celeb-synthesis"),
        identity=f"celeb-df {identity}",
        pair=f"celeb-df {pair}",
        split="",
        source="Celeb-DF",
        licence="Celeb-DF terms of use",
        donor=donor and f"celeb-df {donor}",
        name=named(root, file),
    )
