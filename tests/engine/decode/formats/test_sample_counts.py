"""MP4 files of some hundred bytes that state millions of samples, for each of which FFmpeg takes memory."""

from pathlib import Path

import pytest

from inspector.domain.errors import ClipError
from inspector.engine.decode.decoder import open_clip
from inspector.engine.decode.formats.sample_table import states_too_many
from tests.clips import make_clip
from tests.engine.decode.formats.test_sample_tables import box, numbers, table

MANY = 80_000_000


def movie(kind: bytes, count: int, times: bytes = b"") -> bytes:
    """The index of a track that states so many samples of a byte each."""
    tables = box("stbl", times + table("stsz", numbers(1, count)))
    return box("moov", box("trak", box("mdia", table("hdlr", bytes(4), kind, bytes(13)), box("minf", tables))))


TICKS = table("stts", numbers(1, MANY, 1))
FILES = {
    "pictures": (movie(b"vide", MANY), True),
    "sound": (movie(b"soun", MANY), True),
    "few": (movie(b"vide", 400_000), False),
    "bytes of sound": (movie(b"soun", 600_000) + box("mdat", bytes(600_000)), False),
    # A minute of QDesign Music (44.1 kHz, 64 kbit/s) in QuickTime: 2,048 samples of a tick are a packet of 371 bytes.
    "packets of sound": (movie(b"soun", 2_641_920, TICKS) + box("mdat", bytes(478_590)), False),
    "ticks of sound": (movie(b"soun", 2 * MANY, TICKS), True),
    "bytes as pictures": (movie(b"vide", 600_000) + box("mdat", bytes(600_000)), True),
    "a fragment": (box("moov") + box("moof", box("traf", table("trun", numbers(MANY)))), True),
}


@pytest.mark.parametrize("name", FILES)
def test_samples_without_a_byte_for_each_are_not_read(tmp_path: Path, name: str):
    path, (content, is_refused) = tmp_path / "clip.mp4", FILES[name]
    path.write_bytes(box("ftyp", b"isom", bytes(4), b"isom") + content)
    assert states_too_many(path) == is_refused
    if is_refused:
        with pytest.raises(ClipError, match=r"clip\.mp4 states more pictures or sounds than it has room for"):
            open_clip(path)


def test_a_clip_as_it_is_recorded_is_read(tmp_path: Path):
    path = make_clip(tmp_path / "clip.mp4", frames=10)
    assert not states_too_many(path)
    assert open_clip(path).declared_frames == 10
