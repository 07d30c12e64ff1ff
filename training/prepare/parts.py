"""The files of prepared crops: one safetensors part per sample, and `index.parquet` over all of them.

A part holds crops uint8 (h, w, 3) RGB at their own scale (`crop_<i>`), `landmarks` float32 (n, 478, 2) in their pixels
(NaN for whole frames), and in its metadata the sample and one row per crop, as JSON. The index repeats sample, rows and
landmarks, so that it can be used without opening the parts.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from safetensors import safe_open

from inspector.domain.arrays import Image, Points
from inspector.domain.errors import TrainingError
from inspector.engine import atomic
from inspector.engine.decode.decoder import hash_file
from training.files import reading, writing
from training.prepare.coding import Coding
from training.sources import Sample

Found = tuple[Image, Points, dict[str, Any]]  # a crop, its landmarks, its row

POINTS = 478
_AGAIN = "remove it, if it exists, and prepare again, which writes that part again"

SAMPLE_COLUMNS = (
    "kind", "is_fake", "method", "identity", "donor", "cohort", "pair", "split", "compression", "source", "licence",
)  # fmt: skip
COLUMNS = pa.schema(
    [(name, pa.string()) for name in ("path", "sha256", "part", "group")]
    + [(name, pa.bool_() if name == "is_fake" else pa.string()) for name in SAMPLE_COLUMNS]
    + [("codec", pa.string()), ("bits_per_pixel", pa.float64()), ("jpeg_quality", pa.int64())]
    + [("is_held_out", pa.bool_()), ("crop", pa.int64()), ("pts", pa.int64()), ("seconds", pa.float64())]
    + [("side", pa.int64()), ("crop_x", pa.int64()), ("crop_y", pa.int64()), ("crop_px", pa.int64())]
    + [("track", pa.int64()), ("is_corrupt", pa.bool_()), ("confidence", pa.float64())]
    + [(name, pa.float64()) for name in ("face_px", "sharpness", "yaw", "pitch", "roll", "inside")]
)
_LANDMARKS = pa.field("landmarks", pa.list_(pa.float32(), POINTS * 2))
_CHUNK = 4096  # rows per write of the index: 16 MB of landmarks


class PartWriter:
    """Writes one part crop by crop; only landmarks and rows are held in memory.

    A context manager; `path` does not exist until `finish`. Raises OutputError when writing fails.
    """

    def __init__(self, path: Path) -> None:
        self._folder = path.parent.parent
        self._path = path
        with writing(self._folder):
            self._crops = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115 closed by __exit__
        self._shapes: list[tuple[int, ...]] = []
        self._landmarks: list[Points] = []
        self._rows: list[dict[str, Any]] = []

    def __enter__(self) -> PartWriter:
        return self

    def __exit__(self, *_: object) -> None:
        # On a full disk closing flushes and fails again; the first error is being raised already.
        with contextlib.suppress(OSError):
            self._crops.close()

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, crop: Image, landmarks: Points, row: Mapping[str, Any]) -> None:
        """Append a crop uint8 (h, w, 3), its landmarks float32 (478, 2) and its row."""
        with writing(self._folder):
            self._crops.write(np.ascontiguousarray(crop).data)
        self._shapes.append(crop.shape)
        self._landmarks.append(np.asarray(landmarks, np.float32))
        self._rows.append(dict(row))

    def finish(self, sample: Sample, sha256: str, coding: Coding | None = None) -> None:
        """Move the complete part to its path; `coding` is that of the sample's file, if measured."""
        meta = _labels(sample) | {"path": str(sample.path), "sha256": sha256}
        meta |= asdict(coding) if coding else {}
        points = np.ascontiguousarray(np.stack(self._landmarks), "<f4")
        header = self._header(points.nbytes, {"sample": json.dumps(meta), "rows": json.dumps(self._rows)})
        with writing(self._folder):
            self._crops.seek(0)
            # Several machines may write the same part, when a cluster repeats the job of a lost worker.
            with atomic.replacing(self._path) as draft, draft.open("wb") as file:
                file.write(len(header).to_bytes(8, "little") + header)
                file.write(points.data)
                shutil.copyfileobj(self._crops, file, 1 << 20)

    def _header(self, start: int, metadata: dict[str, str]) -> bytes:
        """The safetensors header: landmarks first for their alignment, then the crops in order."""
        landmarks = {"dtype": "F32", "shape": [len(self._rows), POINTS, 2], "data_offsets": [0, start]}
        table: dict[str, Any] = {"__metadata__": metadata, "landmarks": landmarks}
        for number, shape in enumerate(self._shapes):
            end = start + int(np.prod(shape))
            table[f"crop_{number}"] = {"dtype": "U8", "shape": list(shape), "data_offsets": [start, end]}
            start = end
        text = json.dumps(table).encode()
        return text + b" " * (-len(text) % 8)


def write_part(path: Path, sample: Sample, found: Sequence[Found]) -> None:
    """Write a sample's crops, landmarks and rows as one part, atomically."""
    with PartWriter(path) as part:
        for crop, landmarks, row in found:
            part.add(crop, landmarks, row)
        part.finish(sample, hash_file(sample.path))


def _labels(sample: Sample) -> dict[str, Any]:
    return {name: getattr(sample, name) for name in SAMPLE_COLUMNS}


def write_index(
    parts: Sequence[tuple[Path, str, bool]], folder: Path, samples: Mapping[str, Sample] | None = None
) -> Path:
    """Write all crops of the existing parts (path, group, held out) into `index.parquet`, atomically.

    `samples` are those of the parts, by file name, as their source names them now: a label that was corrected since a
    part was written counts, and the part stays as it is.

    Each part is opened once and rows are written in chunks, so time grows with the data and memory does not.
    Raises TrainingError when there is no crop or a part is damaged; OutputError when writing fails.
    """
    path = folder / "index.parquet"
    count = 0
    with writing(folder), atomic.replacing(path) as draft:
        with pq.ParquetWriter(draft, COLUMNS.append(_LANDMARKS), compression="zstd") as writer:
            for rows, points in _chunks(parts, samples or {}):
                table = pa.Table.from_pylist(rows, COLUMNS)
                writer.write_table(table.append_column(_LANDMARKS, _as_lists(points)))
                count += len(rows)
        if not count:
            raise TrainingError(f"No sample gave a crop; {folder / 'rejected.csv'} lists the reasons.")
    return path


def _chunks(
    parts: Sequence[tuple[Path, str, bool]], samples: Mapping[str, Sample]
) -> Iterator[tuple[list[dict[str, Any]], Points]]:
    there = {folder: {file.name for file in folder.iterdir()} for folder in {path.parent for path, _, _ in parts}}
    rows: list[dict[str, Any]] = []
    points: list[Points] = []
    for path, group, is_held_out in parts:
        if path.name not in there[path.parent]:
            continue
        meta, landmarks = _read(path)
        common = json.loads(meta["sample"]) | {"part": path.name, "group": group, "is_held_out": is_held_out}
        common |= _labels(samples[path.name]) if path.name in samples else {}
        rows += [common | {"crop": i} | row for i, row in enumerate(json.loads(meta["rows"]))]
        points.append(landmarks)
        if len(rows) >= _CHUNK:
            yield rows, np.concatenate(points)
            rows, points = [], []
    if rows:
        yield rows, np.concatenate(points)


def _read(path: Path) -> tuple[dict[str, str], Points]:
    with reading(path, _AGAIN), safe_open(path, "np") as part:
        meta: dict[str, str] = part.metadata()
        landmarks: Points = part.get_tensor("landmarks")
        return meta, landmarks


def _as_lists(points: Points) -> Any:
    flat = points.reshape(len(points), -1)
    missing = pa.array(np.isnan(flat).any(axis=1))
    return pa.FixedSizeListArray.from_arrays(pa.array(flat.ravel()), POINTS * 2, mask=missing)


def load_crop(folder: Path, row: Mapping[str, Any]) -> tuple[Image, Points]:
    """One crop uint8 (s, s, 3) RGB and its landmarks float32 (478, 2) in its pixels.

    Raises TrainingError when the part is missing or damaged.
    """
    path = folder / "parts" / row["part"]
    with reading(path, _AGAIN), safe_open(path, "np") as part:
        landmarks: Points = part.get_slice("landmarks")[row["crop"] : row["crop"] + 1][0]
        crop: Image = part.get_tensor(f"crop_{row['crop']}")
    return crop, landmarks
