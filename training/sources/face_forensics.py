"""FaceForensics++ (Rossler et al., ICCV 2019) and the DeepFakeDetection clips in the same layout."""

from __future__ import annotations

import re
from pathlib import Path

from inspector.domain.errors import TrainingError
from training.sources.files import CLIPS, folder, listed, named, read_json
from training.sources.sample import Sample

ORIGINALS, FAKES = "original_sequences", "manipulated_sequences"
COMPRESSIONS = {"c0": "c0", "raw": "c0", "c23": "c23", "c40": "c40"}  # folder name -> compression
_WHAT = 'the official split: [["071", "054"], ...]'
_SEQUENCE = re.compile(r"(\d{3})(?:_(\d{3}))?")  # target, and for a fake the source of face or expression
_ACTOR = re.compile(r"(\d{2})(?:_(\d{2}))?__(.+)")  # DeepFakeDetection: target, donor, scene


def read_face_forensics(path: Path) -> list[Sample]:
    """All clips in every available compression; splits from train.json, val.json and test.json.

    The split files are in the folder itself or in its `splits`. DeepFakeDetection's clips have no official split.
    Raises TrainingError for missing folders or split files and for clips without a split.
    """
    for name in (ORIGINALS, FAKES):
        if not (folder(path) / name).is_dir():
            raise TrainingError(f"{path / name} is missing; name the folder that FaceForensics++ was downloaded into.")
    files = [(f, is_fake) for name, is_fake in ((ORIGINALS, False), (FAKES, True)) for f in _clips(path / name)]
    if not files:
        raise TrainingError(f"{path} holds no {ORIGINALS}/SET/c23/videos/*.mp4; download the videos, not the frames.")
    splits = _splits(path) if any(not _is_actor(f) for f, _ in files) else {}
    return [_sample(path, file, is_fake, splits) for file, is_fake in files]


def looks_like_face_forensics(path: Path) -> bool:
    """Whether both folders exist."""
    return (path / ORIGINALS).is_dir() and (path / FAKES).is_dir()


def _clips(path: Path) -> list[Path]:
    return [
        file
        for method in sorted(path.iterdir())
        for compression in COMPRESSIONS
        for file in listed(method / compression / "videos", CLIPS)
    ]


def _splits(path: Path) -> dict[str, str]:
    """The split of each sequence number."""
    where = path / "splits" if (path / "splits").is_dir() else path
    found: dict[str, str] = {}
    for split in ("train", "val", "test"):
        file = where / f"{split}.json"
        pairs = read_json(file, _WHAT)
        if not isinstance(pairs, list) or not all(isinstance(p, list) and len(p) == 2 for p in pairs):
            raise TrainingError(f"{file} is not a list of pairs; it should be {_WHAT}: download it again.")
        for number in (str(n) for pair in pairs for n in pair):
            if found.setdefault(number, split) != split:
                raise TrainingError(f"{file} names {number}, which {found[number]}.json has too; download both again.")
    return found


def _is_actor(file: Path) -> bool:
    return file.parents[2].name in ("actors", "DeepFakeDetection")


def _sample(root: Path, file: Path, is_fake: bool, splits: dict[str, str]) -> Sample:
    dataset, form = ("dfd", _ACTOR) if _is_actor(file) else ("ff++", _SEQUENCE)
    match = form.fullmatch(file.stem)
    if match is None or (match[2] is None) == is_fake:
        raise TrainingError(f"{file} is not named as FaceForensics++ names its clips; rename or remove it.")
    scene = match[1]
    if dataset == "dfd":  # "01_02__walk__YVGY8LOK" was made from "01__walk"
        scene = f"{match[1]}__{match[3].rsplit('__', 1)[0] if is_fake else match[3]}"
    ours = {splits.get(number, "") for number in match.groups()[:2] if number}
    if dataset == "ff++" and (len(ours) > 1 or "" in ours):
        raise TrainingError(
            f"{file} does not belong to exactly one official split; remove it, or download the split files again."
        )
    method = file.parents[2].name
    return Sample(
        path=file,
        kind="clip",
        is_fake=is_fake,
        method=method if is_fake else f"{method} original",
        identity=f"{dataset} {match[1]}",
        pair=f"{dataset} {scene}",
        split=ours.pop() if dataset == "ff++" else "",
        source="FaceForensics++" if dataset == "ff++" else "DeepFakeDetection",
        licence="FaceForensics terms of use",
        donor=f"{dataset} {match[2]}" if match[2] else "",
        compression=COMPRESSIONS[file.parents[1].name],
        name=named(root, file),
    )
