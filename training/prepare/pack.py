"""Packing a prepared folder for a machine without the dataset, and unpacking it there.

A pack is a set of folders call-0, call-1, ... none larger than a limit, so that each can be sent by itself. They hold
the index, the crops as WebP with their landmarks in shards, other files that training needs in pieces, and `pack.json`
with the SHA-256 of every file. Unpacking gives a prepared folder as `prepare` writes it, with crops that were recoded
once; originals and fakes alike, so that the recoding says nothing.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from safetensors.numpy import load, save

from inspector.domain.arrays import Image, Points
from inspector.domain.errors import TrainingError
from inspector.engine import atomic
from training.files import read, reading, write, write_bytes, writing
from training.log import Log
from training.prepare.coding import Coding
from training.prepare.index import Row, load_index
from training.prepare.parts import COLUMNS, POINTS, SAMPLE_COLUMNS, PartWriter, load_crop
from training.sources import Sample

QUALITY = 92  # of WebP: about 8 kB for a crop of 288 px
_STEPS = 32  # landmarks are stored in 1/32 px, int16
_NONE = -32768  # stands for the missing landmarks of a whole frame
_MB = 1_000_000
_SHARE = 8  # shards are an eighth of a folder, so that folders fill up evenly
_PACK = "pack.json"
_AGAIN = "send that folder of the pack again"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a pack: its folder and name, its SHA-256, and the file that it is a piece of ("" for shards)."""

    folder: str
    name: str
    sha256: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of `pack.json`, in order."""

    pieces: tuple[Piece, ...]
    crops: int


def pack(folder: Path, out: Path, others: Sequence[Path], megabytes: float, log: Log) -> Manifest:
    """Pack the prepared `folder` and `others`, files by relative paths, into folders of `out` of at most `megabytes`.

    Raises TrainingError for a path that would lead outside the working folder; OutputError when writing fails.
    """
    for path in others:
        _check_inside(path)
    most, rows = int(megabytes * _MB), list(load_index(folder))
    boxes = _Boxes(out, most)
    with reading(folder / "index.parquet", "prepare again"):
        table = pq.read_table(folder / "index.parquet", columns=list(COLUMNS.names))
    boxes.add("index.parquet", _parquet(table))
    for number, shard in enumerate(_shards(folder, rows, most // _SHARE)):
        boxes.add(f"crops-{number:04}.safetensors", shard)
    for path in others:
        with reading(path, "name files that exist"):
            content = path.read_bytes()
        for number in range(max(1, math.ceil(len(content) / (most // 2)))):
            part = content[number * (most // 2) : (number + 1) * (most // 2)]
            boxes.add(f"{path.as_posix().replace('/', '--')}.{number:03}", part, path.as_posix())
    manifest = Manifest(tuple(boxes.pieces), len(rows))
    for name in {piece.folder for piece in manifest.pieces}:
        write(out / name / _PACK, manifest)
    log(f"packed {len(rows)} crops and {len(others)} files into {boxes.text()}")
    return manifest


def unpack(packed: Path, folder: Path, log: Log, workers: int | None = None) -> int:
    """Write the prepared `folder` and the other files of the pack in `packed`; returns the number of crops.

    Raises TrainingError that names the folder of the pack when a file is missing or damaged, and for a path that would
    lead outside the working or the prepared folder.
    """
    found = sorted(packed.glob(f"*/{_PACK}"))
    if not found:
        raise TrainingError(f"{packed} holds no pack; name the folder that holds call-0, call-1 and so on.")
    manifest = read(found[0], Manifest, _AGAIN)
    paths = {piece: packed / piece.folder / piece.name for piece in manifest.pieces}
    targets: dict[str, list[bytes]] = {}
    for piece, path in paths.items():
        with reading(path, _AGAIN):
            content = path.read_bytes()
        if sha256(content).hexdigest() != piece.sha256:
            raise TrainingError(f"{path} is damaged (another SHA-256 than in {_PACK}); {_AGAIN}.")
        if piece.target:
            targets.setdefault(piece.target, []).append(content)
    for name in targets:
        _check_inside(Path(name))
    for name, contents in targets.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        write_bytes(Path(name), b"".join(contents))
    shards = [path for piece, path in paths.items() if piece.name.startswith("crops-")]
    index = next((path for piece, path in paths.items() if piece.name == "index.parquet"), None)
    if index is None:
        raise TrainingError(f"{found[0]} is damaged (it names no index.parquet); {_AGAIN}.")
    with writing(folder):
        (folder / "parts").mkdir(parents=True, exist_ok=True)
        atomic.remove_drafts(folder / "parts")
    count = min(workers or os.cpu_count() or 1, len(shards))
    jobs = [(index, shard, folder / "parts") for shard in shards]
    if count > 1:
        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
            crops = sum(pool.map(_unpack_shard, jobs))
    else:
        crops = sum(map(_unpack_shard, jobs))
    write_bytes(folder / "index.parquet", index.read_bytes())
    log(f"unpacked {crops} crops into {folder}, and {len(targets)} other files")
    return crops


class _Boxes:
    """Distributes files over folders: each goes into the first one with room."""

    def __init__(self, out: Path, most: int) -> None:
        self._out, self._most = out, most
        self._sizes: list[int] = []
        self.pieces: list[Piece] = []

    def add(self, name: str, content: bytes, target: str = "") -> None:
        """Write a file into a folder; OutputError when that fails, TrainingError for one larger than a folder."""
        if len(content) > self._most:
            raise TrainingError(
                f"{name} has {len(content) / _MB:.0f} MB, more than a folder of the pack may hold; raise --megabytes."
            )
        number = next((n for n, size in enumerate(self._sizes) if size + len(content) <= self._most), len(self._sizes))
        if number == len(self._sizes):
            self._sizes.append(0)
            with writing(self._out):
                (self._out / f"call-{number}").mkdir(parents=True, exist_ok=True)
        self._sizes[number] += len(content)
        write_bytes(self._out / f"call-{number}" / name, content)
        self.pieces.append(Piece(f"call-{number}", name, sha256(content).hexdigest(), target))

    def text(self) -> str:
        """The sizes as text."""
        return ", ".join(f"call-{number} ({size / _MB:.0f} MB)" for number, size in enumerate(self._sizes))


def _check_inside(path: Path) -> None:
    if path.is_absolute() or ".." in PurePosixPath(path.as_posix()).parts or "\0" in str(path) or not path.name:
        raise TrainingError(f"{path} is not inside the working folder; copy it there and name it by a relative path.")


def _parquet(table: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _shards(folder: Path, rows: Sequence[Row], most: int) -> Iterator[bytes]:
    """Whole parts in shards of about `most` bytes: safetensors with the rows' numbers in the index."""
    numbers: list[int] = []
    coded: list[bytes] = []
    points: list[npt.NDArray[np.int16]] = []
    for number, row in enumerate(rows):
        if coded and sum(map(len, coded)) > most and row["part"] != rows[number - 1]["part"]:
            yield _shard(numbers, coded, points)
            numbers, coded, points = [], [], []
        image, landmarks = load_crop(folder, row)
        _, content = cv2.imencode(".webp", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), (cv2.IMWRITE_WEBP_QUALITY, QUALITY))
        numbers.append(number)
        coded.append(content.tobytes())
        stored = np.clip(np.rint(np.nan_to_num(landmarks) * _STEPS), _NONE + 1, -_NONE - 1).astype(np.int16)
        points.append(np.where(np.isnan(landmarks), np.int16(_NONE), stored).astype(np.int16))
    if coded:
        yield _shard(numbers, coded, points)


def _shard(numbers: Sequence[int], coded: Sequence[bytes], points: Sequence[npt.NDArray[np.int16]]) -> bytes:
    tensors: dict[str, np.ndarray] = {
        "rows": np.array(numbers, np.int64),
        "ends": np.cumsum([len(content) for content in coded]).astype(np.int64),
        "webp": np.frombuffer(b"".join(coded), np.uint8),
        "landmarks": np.stack(points),
    }
    return save(tensors)


def _unpack_shard(job: tuple[Path, Path, Path]) -> int:
    """Write the parts of one shard; the number of crops."""
    index, path, parts = job
    cv2.setNumThreads(1)
    with reading(path, _AGAIN):
        shard = load(path.read_bytes())
        table = pq.read_table(index).take(pa.array(shard["rows"])).to_pylist()
        if shard["landmarks"].shape != (len(table), POINTS, 2):
            raise ValueError("its landmarks have another shape")
        starts = np.concatenate([[0], shard["ends"][:-1]])
        of_part: dict[str, list[int]] = {}
        for number, row in enumerate(table):
            of_part.setdefault(_part_name(row["part"], index), []).append(number)
        for name, numbers in of_part.items():
            with PartWriter(parts / name) as part:
                for n in numbers:
                    content = shard["webp"][starts[n] : shard["ends"][n]]
                    part.add(_decoded(content, path), _points(shard["landmarks"][n]), _of_crop(table[n]))
                part.finish(*_of_file(table[numbers[0]]))
    return len(table)


def _part_name(name: str, index: Path) -> str:
    """The name of a part; TrainingError for one that would lead to another folder."""
    if PurePosixPath(name).name != name or PureWindowsPath(name).name != name or not name.endswith(".safetensors"):
        raise TrainingError(f"{index} names a part {name!r}, which is not the name of one; {_AGAIN}.")
    return name


def _decoded(content: npt.NDArray[np.uint8], path: Path) -> Image:
    image = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    if image is None:
        raise TrainingError(f"{path} holds a crop that OpenCV cannot read; {_AGAIN}.")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB).astype(np.uint8)


def _points(stored: npt.NDArray[np.int16]) -> Points:
    out = (stored / np.float32(_STEPS)).astype(np.float32)
    out[stored == _NONE] = np.nan
    return out


_CROP = COLUMNS.names[COLUMNS.names.index("pts") :]


def _of_crop(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _CROP if row[name] is not None}


def _of_file(row: dict[str, Any]) -> tuple[Sample, str, Coding | None]:
    about: dict[str, Any] = {name: "" if row[name] is None else row[name] for name in SAMPLE_COLUMNS}
    coding = Coding(row["codec"], row["bits_per_pixel"], row["jpeg_quality"]) if row["codec"] else None
    return Sample(Path(row["path"]), **about), row["sha256"], coding
