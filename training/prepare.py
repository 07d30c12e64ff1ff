"""From datasets to face crops on disk, with the engine's own faces and crop, so that what is trained is what is scored.

Every sample becomes one part, `parts/<key>.safetensors`: crops uint8 (h, w, 3) RGB at their own scale (`crop_<i>`), and
landmarks float32 (n, 478, 2) in their pixels. A part is written whole or not at all, so an interrupted run goes on
where it stopped. `index.parquet` lists every crop, `rejected.csv` what gave none and why.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from safetensors import safe_open
from safetensors.numpy import save_file

from inspector.domain.clip import Frame, Gap
from inspector.domain.errors import InspectorError, TrainingError
from inspector.domain.faces import Face
from inspector.domain.geometry import Box
from inspector.engine.crop import crop_box, cut
from inspector.engine.decode import Decoder, hash_file, open_clip
from inspector.engine.faces import FaceFinder
from training.sources import Sample
from training.split import groups, hold_out

Image = npt.NDArray[np.uint8]
Found = tuple[Image, npt.NDArray[np.float32], dict[str, float]]  # a crop, its landmarks, its row

CONTEXT = 0.45  # the stored crop's margin; forging and shifting need more than the network sees


@dataclass(frozen=True, slots=True)
class PrepareOptions:
    """What is taken of each clip: `frames` evenly spread to train on, `held_out_frames` in a row to calibrate on."""

    frames: int
    held_out_frames: int
    largest: int  # crops over this side, in pixels, are shrunk to it
    held_out: float  # share of groups
    seed: int


@dataclass(frozen=True, slots=True)
class _Job:
    sample: Sample
    group: str
    is_held_out: bool
    part: Path
    options: PrepareOptions


def prepare(samples: Sequence[Sample], folder: Path, options: PrepareOptions, say: Callable[[str], None]) -> Path:
    """Write the crops of all samples into `folder` and return its index; finished parts are kept.

    Raises TrainingError when no sample gave a crop, or when the folder was made with other options.
    """
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    _check_options(folder, options)
    held = hold_out(samples, options.held_out, options.seed)
    jobs = [
        _Job(sample, group, is_held, folder / "parts" / f"{sample.key}.safetensors", options)
        for sample, group, is_held in zip(samples, groups(samples), held, strict=True)
    ]
    open_jobs = [job for job in jobs if not job.part.exists()]
    rejected: list[tuple[str, str]] = []
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for done, (job, reason) in enumerate(
            zip(open_jobs, pool.map(_prepare_one, open_jobs, chunksize=4), strict=True), start=1
        ):
            if reason:
                rejected.append((str(job.sample.path), reason))
            if done % 100 == 0 or done == len(open_jobs):
                say(f"prepared {done} of {len(open_jobs)}, {len(rejected)} rejected")
    with (folder / "rejected.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("path", "reason"), *rejected])
    return write_index([(job.part, job.group, job.is_held_out) for job in jobs], folder)


def _check_options(folder: Path, options: PrepareOptions) -> None:
    path, mine = folder / "options.json", {name: getattr(options, name) for name in PrepareOptions.__slots__}
    if path.exists() and json.loads(path.read_text()) != mine:
        raise TrainingError(f"{folder} was prepared with other options; name another folder or remove this one.")
    path.write_text(json.dumps(mine))


def _prepare_one(job: _Job) -> str:
    """Write one part; the reason in words when there is none."""
    try:
        found = list(_crops(job))
    except InspectorError as error:
        return str(error)
    if not found:
        return "no face found"
    write_part(job.part, job.sample, found)
    return ""


def write_part(path: Path, sample: Sample, found: Sequence[Found]) -> None:
    """Write a sample's crops, landmarks and rows as one part, whole or not at all."""
    crops, landmarks, rows = zip(*found, strict=True)
    tensors: dict[str, npt.NDArray[Any]] = {f"crop_{i}": crop for i, crop in enumerate(crops)}
    tensors["landmarks"] = np.stack(landmarks)
    words = ("kind", "is_fake", "method", "identity", "pair", "source", "licence")
    meta = {name: getattr(sample, name) for name in words}
    meta |= {"path": str(sample.path), "sha256": hash_file(sample.path)}
    partial = path.with_suffix(f".{os.getpid()}")
    save_file(tensors, partial, {"sample": json.dumps(meta), "rows": json.dumps(rows)})
    partial.replace(path)


def _crops(job: _Job) -> Iterator[Found]:
    """The crop, its landmarks and its row, for the largest face in the label's region of every chosen frame."""
    sample, options = job.sample, job.options
    near: list[Box] = []
    clip = open_clip(sample.path)
    with _finder() as finder:
        for frame in _frames(job):
            faces = [f for f in finder.find(frame.image, frame.pts, near) if _speaks_of(sample, f)]
            if not faces:
                continue
            face = max(faces, key=lambda f: f.box.area)
            near = [face.box] if sample.kind == "clip" else []
            assert face.landmarks is not None  # _speaks_of saw to it
            box = crop_box(face, CONTEXT)
            side = min(round(box.width), options.largest)
            points = (face.landmarks.points[:, :2] - [box.x, box.y]) * (side / box.width)
            bounds = face.landmarks.bounds
            row = {
                "pts": frame.pts, "seconds": clip.seconds(frame.pts), "side": side,
                "face_px": max(bounds.width, bounds.height), "confidence": face.detection_confidence,
            }  # fmt: skip
            yield cut(frame.image, box, side), points.astype(np.float32), row


def _speaks_of(sample: Sample, face: Face) -> bool:
    if face.landmarks is None:
        return False
    x, y = face.box.centre
    region = sample.region
    return region is None or (region.x <= x < region.right and region.y <= y < region.bottom)


_finders: list[FaceFinder] = []


class _finder:  # noqa: N801 reads as a function where it is used
    """One FaceFinder per worker process: loading it costs more than most samples."""

    def __enter__(self) -> FaceFinder:
        if not _finders:
            _finders.append(FaceFinder(0.5).__enter__())
        return _finders[0]

    def __exit__(self, *_: object) -> None:
        """It lives as long as the process."""


def _frames(job: _Job) -> Iterable[Frame]:
    clip = open_clip(job.sample.path)
    with Decoder(clip) as decoder:
        if clip.is_still:
            yield from (f for f in decoder.frames() if not isinstance(f, Gap))
            return
        if job.is_held_out:
            number = 0
            for item in decoder.frames():
                if not isinstance(item, Gap):
                    yield item
                    number += 1
                if number >= job.options.held_out_frames:
                    return
            return
        wanted = set(spread(len(decoder.index.pts), job.options.frames))
        for item in decoder.frames():
            if not isinstance(item, Gap) and item.index in wanted:
                yield item


def spread(length: int, count: int) -> list[int]:
    """`count` of `length` places truly evenly spread: the middles of equal stretches; all when there are no more."""
    if length <= count:
        return list(range(length))
    return [int((i + 0.5) * length / count) for i in range(count)]


def write_index(parts: Sequence[tuple[Path, str, bool]], folder: Path) -> Path:
    """List all crops of the parts that there are (path, group, held out) in `index.parquet`."""
    rows: list[dict[str, Any]] = []
    for path, group, is_held_out in parts:
        if not path.exists():
            continue
        with safe_open(path, "np") as part:
            meta = part.metadata()
        common = json.loads(meta["sample"]) | {
            "part": path.name, "group": group, "is_held_out": is_held_out,
        }  # fmt: skip
        rows += [common | {"crop": i} | row for i, row in enumerate(json.loads(meta["rows"]))]
    if not rows:
        raise TrainingError(f"No sample gave a face; {folder / 'rejected.csv'} says why.")
    pq.write_table(pa.Table.from_pylist(rows), folder / "index.parquet")
    return folder / "index.parquet"


def load_index(folder: Path) -> list[dict[str, Any]]:
    """All rows of a prepared folder's index; TrainingError when it is not there."""
    path = folder / "index.parquet"
    if not path.exists():
        raise TrainingError(f"{path} is missing; run `python -m training prepare RECIPE` first.")
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def load_crop(folder: Path, row: dict[str, Any]) -> tuple[Image, npt.NDArray[np.float32]]:
    """One crop uint8 (s, s, 3) RGB and its landmarks float32 (478, 2) in its pixels."""
    with safe_open(folder / "parts" / row["part"], "np") as part:
        landmarks: npt.NDArray[np.float32] = part.get_slice("landmarks")[row["crop"] : row["crop"] + 1][0]
        crop: Image = part.get_tensor(f"crop_{row['crop']}")
    return crop, landmarks
