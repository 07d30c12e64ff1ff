"""Miniatures of datasets: the folders and names of the real ones, with empty files."""

import json
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

Maker = Callable[[Path], Path]


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def write_json(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return path


def dfdc_labels(part: int, originals: int = 3, fakes: int = 3) -> dict[str, dict[str, str]]:
    """One part's metadata: clips with names of ten letters, as DFDC's."""
    labels: dict[str, dict[str, str]] = {}
    for number in range(originals):
        name = f"original{chr(97 + part)}{chr(97 + number)}.mp4"
        labels[name] = {"label": "REAL", "split": "train"}
        for fake in range(fakes):
            entry = {"label": "FAKE", "split": "train", "original": name}
            labels[f"fakeclip{chr(97 + part)}{chr(97 + fakes * number + fake)}.mp4"] = entry
    return labels


def dfdc(root: Path, parts: int = 12) -> Path:
    for number in range(parts):
        part = root / f"dfdc_train_part_{number}"
        labels = dfdc_labels(number)
        write_json(part / "metadata.json", labels)
        for name in labels:
            touch(part / name)
    return root


def celeb_df(root: Path, people: int = 15) -> Path:
    """As in the real dataset, everybody is swapped with everybody, so that donors connect all people."""
    for person in range(people):
        for recording in range(3):
            touch(root / "Celeb-real" / f"id{person}_{recording:04}.mp4")
    for target, donor in permutations(range(people), 2):
        touch(root / "Celeb-synthesis" / f"id{target}_id{donor}_{donor % 3:04}.mp4")
    for number in range(9):
        touch(root / "YouTube-real" / f"{number:05}.mp4")
    lines = ["1 Celeb-real/id0_0001.mp4", "1 YouTube-real/00003.mp4", "0 Celeb-synthesis/id2_id4_0001.mp4"]
    (root / "List_of_testing_videos.txt").write_text("\n".join(lines) + "\n")
    return root


def face_forensics(root: Path, pairs: int = 20) -> Path:
    """Sequences 000 and 001 are swapped with each other, 002 and 003, and so on; seven tenths of the pairs train."""
    couples = [(f"{2 * n:03}", f"{2 * n + 1:03}") for n in range(pairs)]
    for compression in ("c23", "c40"):
        for couple in couples:
            for one, other in (couple, couple[::-1]):
                touch(root / f"original_sequences/youtube/{compression}/videos/{one}.mp4")
                for method in ("Deepfakes", "Face2Face"):
                    touch(root / f"manipulated_sequences/{method}/{compression}/videos/{one}_{other}.mp4")
    ends = {
        "train": (0, pairs * 7 // 10),
        "val": (pairs * 7 // 10, pairs * 85 // 100),
        "test": (pairs * 85 // 100, pairs),
    }
    for split, (start, end) in ends.items():
        write_json(root / "splits" / f"{split}.json", couples[start:end])
    return root


def deep_fake_detection(root: Path, actors: int = 28) -> Path:
    for actor in range(1, actors + 1):
        for scene in ("exit_phone_room", "walking_outside_cafe_disgusted"):
            touch(root / f"original_sequences/actors/raw/videos/{actor:02}__{scene}.mp4")
            for step in (1, 2, 5):
                donor = (actor + step - 1) % actors + 1
                name = f"{actor:02}_{donor:02}__{scene}__YVGY8LOK.mp4"
                touch(root / "manipulated_sequences/DeepFakeDetection/raw/videos" / name)
    return root


def real_fake_folders(root: Path) -> Path:
    for split in ("train", "valid", "test"):
        for label in ("real", "fake"):
            for number in range(6):
                touch(root / split / label / f"{number:05}.jpg")
    return root


def dfdc_faces(root: Path, parts: int = 12) -> Path:
    for number in range(parts):
        labels = dfdc_labels(number)
        write_json(root / f"metadata{number}.json", labels)
        for name in labels:
            touch(root / f"DeepFake{number:02}" / f"{Path(name).stem}.jpg")
    return root


def gan_faces(root: Path) -> Path:
    for number in range(1, 41):
        touch(root / "img_align_celeba" / f"{number:06}.jpg")
        touch(root / "ffhq" / "00000" / f"{number:05}.png")
        touch(root / "stylegan_ffhq" / f"{number:05}.png")
        touch(root / "pggan_v1" / f"{number:05}.png")
    rows = [f"{number:06}.jpg {number % 7}" for number in range(1, 41)]
    (root / "identity_CelebA.txt").write_text("\n".join(rows) + "\n")
    return root


def manifest(root: Path) -> Path:
    head = "path,kind,split,label,method,identity,pair,region,source,licence\n"
    rows = [f"c{n}.mp4,clip,train,{'fake' if n % 2 else 'real'},m,p{n // 3},q{n // 2},,s,MIT\n" for n in range(40)]
    root.mkdir(parents=True, exist_ok=True)
    (root / "manifest.csv").write_text(head + "".join(rows))
    return root


LAYOUTS: dict[str, tuple[str, Maker]] = {
    "manifest": ("manifest", manifest),
    "dfdc": ("dfdc", dfdc),
    "celeb_df": ("celeb_df", celeb_df),
    "face_forensics": ("face_forensics", face_forensics),
    "deep_fake_detection": ("face_forensics", deep_fake_detection),
    "real_fake_folders": ("real_fake_folders", real_fake_folders),
    "dfdc_faces": ("dfdc_faces", dfdc_faces),
    "gan_faces": ("gan_faces", gan_faces),
}
"""A miniature's name -> its format, and the function that makes it."""
