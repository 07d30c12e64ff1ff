"""The bytes of a file by their positions: as of a `bytes` object, and an error where the file becomes shorter."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import read_clip
from inspector.engine.decode.formats import file_bytes as module
from inspector.engine.decode.formats import jpeg
from inspector.engine.decode.formats.file_bytes import file_bytes
from tests.clips import code_picture


def test_they_are_those_of_the_file_wherever_blocks_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 16)
    data = np.random.default_rng(3).integers(0, 4, 200, dtype=np.uint8).tobytes() + b"needle" + bytes(50)
    path = tmp_path / "file"
    path.write_bytes(data)
    rng = np.random.default_rng(5)
    with file_bytes(path) as found:
        assert len(found) == len(data)
        for start, end, what in rng.integers(0, len(data) + 9, (300, 3)).tolist():
            part = data[what : what + 3] or b"x"
            assert found[start:end] == data[start:end]
            assert found.find(part, start, end) == data.find(part, start, end)
            assert found.find(part, start) == data.find(part, start)
            if start < len(data):
                assert found[start] == data[start]
        assert found.find(b"needle") == 200


def test_a_file_that_becomes_shorter_is_an_error_and_does_not_end_the_process(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(1 << 20))
    with file_bytes(path) as found:
        assert found[0] == 0
        with path.open("r+b") as file:
            file.truncate(100)
        with pytest.raises(OSError, match="became shorter"):
            found.find(b"x")


def test_a_photo_that_becomes_shorter_while_it_is_opened_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "photo.jpg"
    Image.fromarray(code_picture(5)).save(path)
    path.write_bytes(path.read_bytes() + bytes(1 << 20))

    def shorten(*_: object) -> list[jpeg.Indexed]:
        with path.open("r+b") as file:
            file.truncate(100)
        return []

    monkeypatch.setattr(jpeg, "indexed_pictures", shorten)
    monkeypatch.setattr(module, "_BLOCK", 64)
    with pytest.raises(ClipError, match=r"photo.jpg cannot be read \(the file became shorter"):
        read_clip(path)
