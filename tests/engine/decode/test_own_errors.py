"""Only what a library raises on the data is the file's fault; an error in our own code is not made one of the file."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.domain.errors import ClipError, FaultError
from inspector.engine import faults
from inspector.engine.decode import stills
from inspector.engine.decode.decoder import Decoder, open_clip


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    noise = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


@pytest.mark.parametrize("kind", [ValueError, TypeError, KeyError, RuntimeError, MemoryError])
def test_an_error_of_ours_while_a_picture_is_shown_is_not_the_pictures(
    photo: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception], capsys: pytest.CaptureFixture[str]
):
    def broken(*_: object, **__: object) -> None:
        raise kind("a bug")

    monkeypatch.setattr(stills, "show", broken)
    error = faults.attempt("opening photo.png", lambda: next(Decoder(open_clip(photo)).frames()))
    assert not isinstance(error, ClipError)
    assert isinstance(error, FaultError) is (kind is not MemoryError)
    assert "damaged" not in str(error)
    capsys.readouterr()


def test_what_pillow_raises_on_the_data_is_the_pictures(photo: Path):
    packed = photo.with_suffix(".tif")
    Image.open(photo).save(packed, compression="tiff_lzw")
    data = packed.read_bytes()
    packed.write_bytes(data[:1000] + bytes(1000) + data[2000:])
    with pytest.raises(ClipError, match=r"photo\.tif is damaged"):
        next(Decoder(open_clip(packed)).frames())
