"""A prepared folder that travels: packed into small folders, and unpacked into the same crops."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import load, save

from inspector.domain.errors import TrainingError
from training.fit.loop import fit
from training.prepare.index import load_index
from training.prepare.pack import Manifest, Piece, pack, unpack
from training.prepare.parts import load_crop
from training.recipe import Recipe


def quiet(_: str) -> None:
    """Ignore a message."""


@pytest.fixture
def packed(tiny: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny prepared folder and a file of 80 kB in folders of at most 60 kB."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights/base.bin").write_bytes(np.random.default_rng(0).bytes(80_000))
    pack(Path(tiny.prepare.folder), tmp_path / "pack", [Path("weights/base.bin")], 0.06, quiet)
    return tmp_path / "pack"


def test_every_folder_keeps_to_its_size(packed: Path) -> None:
    folders = sorted(packed.iterdir())
    assert [folder.name for folder in folders] == [f"call-{n}" for n in range(len(folders))]
    assert len(folders) > 2
    for folder in folders:
        assert sum(file.stat().st_size for file in folder.iterdir() if file.name != "pack.json") <= 60_000


def test_the_unpacked_folder_trains_as_the_prepared_one(
    tiny: Recipe, packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    monkeypatch.chdir(there)
    count = unpack(packed, there / "prepared", quiet, workers=2)
    before, after = load_index(Path(tiny.prepare.folder)), load_index(there / "prepared")
    assert count == len(before) == len(after)
    assert [dict(row) for row in before] == [dict(row) for row in after]
    for row in [row for row in before if not row["is_fake"]][::5]:  # the fakes' single lines are too fine for WebP
        (image, points), (stored, near) = load_crop(Path(tiny.prepare.folder), row), load_crop(there / "prepared", row)
        assert stored.shape == image.shape
        assert np.abs(stored.astype(float) - image).mean() < 6, "recoded once"
        np.testing.assert_allclose(near, points, atol=1 / 60)
    assert (there / "weights/base.bin").read_bytes() == (tmp_path / "weights/base.bin").read_bytes()
    moved = msgspec.structs.replace(tiny, prepare=msgspec.structs.replace(tiny.prepare, folder=str(there / "prepared")))
    forge = msgspec.structs.replace(tiny.forge, kinds={"self_blend": 1.0})
    fit(msgspec.structs.replace(moved, forge=forge).smoke(), there / "run", quiet)


def test_a_part_of_a_pack_that_is_gone_or_damaged_is_named(packed: Path, tmp_path: Path) -> None:
    shard = sorted(packed.glob("call-1/crops-*"))[0]
    content = shard.read_bytes()
    shard.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(TrainingError, match=rf"call-1/{shard.name} is damaged .*send that folder of the pack again"):
        unpack(packed, tmp_path / "there", quiet, workers=1)
    shard.unlink()
    with pytest.raises(TrainingError, match=rf"call-1/{shard.name} is missing; send that folder"):
        unpack(packed, tmp_path / "there", quiet, workers=1)
    with pytest.raises(TrainingError, match="holds no pack"):
        unpack(tmp_path / "nowhere", tmp_path / "there", quiet)


def altered(packed: Path, name: str, content: bytes, pieces: Callable[[list[Piece]], list[Piece]] = list) -> None:
    """Another content of a file of the pack, with its SHA-256: as somebody makes it who means harm."""
    (path,) = packed.glob(f"*/{name}")
    path.write_bytes(content)
    found = next(packed.glob("*/pack.json"))
    manifest = msgspec.json.decode(found.read_bytes(), type=Manifest)
    changed = [replace(p, sha256=sha256(content).hexdigest()) if p.name == name else p for p in manifest.pieces]
    for each in packed.glob("*/pack.json"):
        each.write_bytes(msgspec.json.encode(Manifest(tuple(pieces(changed)), manifest.crops)))


@pytest.mark.parametrize("name", ["../../out.safetensors", "/out.safetensors", "a\\out.safetensors", "", "out"])
def test_a_pack_does_not_write_outside_the_prepared_folder(packed: Path, tmp_path: Path, name: str) -> None:
    table = pq.read_table(next(packed.glob("*/index.parquet")))
    column = table.schema.get_field_index("part")
    sink = pa.BufferOutputStream()
    pq.write_table(table.set_column(column, "part", pa.array([name] * len(table))), sink)
    altered(packed, "index.parquet", sink.getvalue().to_pybytes())
    with pytest.raises(TrainingError, match=r"index\.parquet names a part .*, which is not the name of one; send that"):
        unpack(packed, tmp_path / "there" / "prepared", quiet, workers=1)
    assert not list(tmp_path.rglob("out*"))


def test_a_pack_with_a_path_to_elsewhere_writes_no_other_file_either(packed: Path, tmp_path: Path) -> None:
    (tmp_path / "weights/base.bin").unlink()

    def further(pieces: list[Piece]) -> list[Piece]:
        return [*pieces, replace(pieces[0], target="../evil")]

    altered(packed, "index.parquet", next(packed.glob("*/index.parquet")).read_bytes(), further)
    with pytest.raises(TrainingError, match="is not inside the working folder"):
        unpack(packed, tmp_path / "there", quiet, workers=1)
    assert not (tmp_path / "weights/base.bin").exists()


DAMAGES: dict[str, tuple[Callable[[dict[str, np.ndarray]], object], str]] = {
    "no numbers": (lambda shard: shard.pop("ends"), "has no 'ends'"),
    "an empty crop": (lambda shard: shard["ends"].fill(0), "holds a crop that OpenCV cannot read"),
    "few landmarks": (lambda shard: shard.update(landmarks=shard["landmarks"][:, :5].copy()), "have another shape"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_shard_that_is_none_is_named(packed: Path, tmp_path: Path, damage: str) -> None:
    change, said = DAMAGES[damage]
    path = sorted(packed.glob("*/crops-*"))[0]
    shard = {name: value.copy() for name, value in load(path.read_bytes()).items()}
    change(shard)
    altered(packed, path.name, save(shard))
    with pytest.raises(TrainingError, match=rf"{path.name} .*{said}.*; send that folder"):
        unpack(packed, tmp_path / "there", quiet, workers=1)


def test_a_pack_without_an_index_is_damaged(packed: Path, tmp_path: Path) -> None:
    def others(pieces: list[Piece]) -> list[Piece]:
        return [piece for piece in pieces if piece.name != "index.parquet"]

    altered(packed, "index.parquet", b"", others)
    with pytest.raises(TrainingError, match=r"pack\.json is damaged \(it names no index\.parquet\)"):
        unpack(packed, tmp_path / "there", quiet, workers=1)


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside"])
def test_a_pack_does_not_write_outside_the_working_folder(tiny: Recipe, tmp_path: Path, name: str) -> None:
    with pytest.raises(TrainingError, match="is not inside the working folder"):
        pack(Path(tiny.prepare.folder), tmp_path / "pack", [Path(name)], 1.0, quiet)


def test_the_limit_must_have_room_for_the_index(tiny: Recipe, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"index\.parquet has .*raise --megabytes"):
        pack(Path(tiny.prepare.folder), tmp_path / "pack", [], 0.001, quiet)
