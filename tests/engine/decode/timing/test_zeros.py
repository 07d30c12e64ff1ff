"""Files whose last part is zeros, as an interrupted copy leaves them, and other bytes behind the last picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.engine.decode.decoder import open_clip
from inspector.engine.decode.formats.file_bytes import zeros_at_end
from tests.clips import make_clip
from tests.decoding import decode_all

FAST_START = {"movflags": "+faststart"}


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.flv", "libx264", {}),
        ("a.ogv", "libvpx", {}),
        ("a.ivf", "libvpx", {}),
        ("a.avi", "mpeg4", {}),
        ("a.mkv", "libvpx-vp9", {}),
        ("a.wmv", "wmv2", {}),
        ("a.mp4", "libx264", {"container_options": FAST_START}),
        ("a.mov", "mjpeg", {"container_options": FAST_START, "pix_fmt": "yuvj420p"}),
    ],
)
def test_zeros_at_the_end_are_named_with_their_place(tmp_path: Path, name: str, codec: str, options: dict) -> None:
    path = make_clip(tmp_path / name, codec=codec, frames=100, **options)
    data = path.read_bytes()
    kept = len(data) * 3 // 4
    path.write_bytes(data[:kept] + bytes(len(data) - kept))
    zeros = zeros_at_end(path)
    assert zeros >= len(data) - kept
    clip, numbers, gaps, _ = decode_all(path)
    place = f"the last {zeros:,} bytes of the file, from byte {len(data) - zeros:,} on, are zeros"
    assert place in gaps[-1].reason
    assert numbers[:-2] == list(range(len(numbers) - 2))
    assert 10 < len(numbers) < 98
    assert clip.remarks == ()


@pytest.mark.parametrize(("name", "codec"), [("a.ts", "libx264"), ("a.mpg", "mpeg2video"), ("a.m2v", "mpeg2video")])
def test_zeros_in_files_that_declare_no_end(tmp_path: Path, name: str, codec: str) -> None:
    path = make_clip(tmp_path / name, codec=codec, frames=50)
    data = path.read_bytes()
    path.write_bytes(data[:-2000] + bytes(2000))
    (remark,) = open_clip(path).remarks
    assert remark.startswith("The last 2,")
    assert "are zeros" in remark


@pytest.mark.parametrize("kind", ["libvpx", "rawvideo"])
def test_whole_pictures_that_end_with_zeros_are_not_marked(tmp_path: Path, kind: str) -> None:
    name = "a.ivf" if kind == "libvpx" else "a.mkv"
    path = make_clip(tmp_path / name, codec=kind, frames=10, picture=lambda _: np.zeros((64, 96, 3), np.uint8))
    path.write_bytes(path.read_bytes() + bytes(5000))
    _, numbers, gaps, account = decode_all(path)
    assert (len(numbers), gaps) == (10, [])
    assert "damaged 0" in account


@pytest.mark.parametrize("seed", range(6))
def test_other_bytes_behind_an_ivf_are_no_picture(tmp_path: Path, seed: int) -> None:
    path = make_clip(tmp_path / "a.ivf", codec="libvpx", frames=20)
    path.write_bytes(path.read_bytes() + np.random.default_rng(seed).bytes(2000))
    clip, numbers, gaps, account = decode_all(path)
    assert (numbers, gaps, clip.sections) == (list(range(20)), [], ())
    assert account.startswith("stored 20, shown 20, damaged 0")
    assert clip.remarks == ("Behind the last picture the file holds 2,000 more bytes, which are no picture.",)


def test_a_cut_ivf_keeps_its_last_picture(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.ivf", codec="libvpx", frames=20)
    path.write_bytes(path.read_bytes()[:-10])
    assert len(decode_all(path)[1]) == 20


def test_what_an_flv_reads_only_from_its_start_is_decoded_from_there(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.flv", frames=100)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))
    _, numbers, _, account = decode_all(path)
    assert account.startswith(f"stored {len(numbers)}, shown {len(numbers)}, damaged 1 of those shown, lost 0")


@pytest.mark.parametrize("size", [1 << 12, 1 << 20, 1 << 38])
def test_the_hole_of_a_sparse_file_is_counted_without_being_read(tmp_path: Path, size: int) -> None:
    path = tmp_path / "sparse.mp4"
    path.write_bytes(b"abc\0\0")
    with path.open("r+b") as file:
        file.truncate(size)
    assert zeros_at_end(path) == size - 3
