"""A prepared folder that travels: packed into small folders, and unpacked into the same crops."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from inspector.domain.errors import TrainingError
from training.fit.loop import fit
from training.prepare.index import load_index
from training.prepare.pack import pack, unpack
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


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside"])
def test_a_pack_does_not_write_outside_the_working_folder(tiny: Recipe, tmp_path: Path, name: str) -> None:
    with pytest.raises(TrainingError, match="is not inside the working folder"):
        pack(Path(tiny.prepare.folder), tmp_path / "pack", [Path(name)], 1.0, quiet)


def test_the_limit_must_have_room_for_the_index(tiny: Recipe, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"index\.parquet has .*raise --megabytes"):
        pack(Path(tiny.prepare.folder), tmp_path / "pack", [], 0.001, quiet)
