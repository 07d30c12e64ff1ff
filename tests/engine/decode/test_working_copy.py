"""The copy that is decoded: of the very bytes that were hashed, private, and gone afterwards."""

import errno
import hashlib
import os
import stat
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

import pytest

from inspector.domain.errors import ClipError
from inspector.engine.atomic import is_full_disk
from inspector.engine.decode import working_copy as module
from inspector.engine.decode.evidence import check_file
from inspector.engine.decode.working_copy import working_copy


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def test_the_copy_has_the_hash_of_its_bytes_whatever_becomes_of_the_evidence(face_clip: Path, tmp_path: Path):
    evidence = tmp_path / "clip.mp4"
    content = face_clip.read_bytes()
    evidence.write_bytes(content)
    with working_copy(evidence) as copy:
        (tmp_path / "other").write_bytes(b"another clip")
        (tmp_path / "other").replace(evidence)
        assert copy.path.read_bytes() == content
        assert copy.path.name == "clip.mp4"
    assert copy.sha256 == hashlib.sha256(content).hexdigest()


def test_bytes_that_change_while_they_are_copied_are_hashed_as_they_are_decoded(
    face_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The file is written to between two pieces: the hash is that of the copy, not of either file."""
    evidence = tmp_path / "clip.mp4"
    evidence.write_bytes(face_clip.read_bytes())
    monkeypatch.setattr(module, "_CHUNK", 4096)
    real, pieces = hashlib.sha256, []

    class Watching:
        def __init__(self) -> None:
            self._digest = real()

        def update(self, piece: bytes) -> None:
            if not pieces:
                with evidence.open("r+b") as file:
                    file.seek(-1, os.SEEK_END)
                    file.write(b"!")
            pieces.append(piece)
            self._digest.update(piece)

        def hexdigest(self) -> str:
            return self._digest.hexdigest()

    monkeypatch.setattr(module.hashlib, "sha256", Watching)
    with working_copy(evidence) as copy:
        decoded = copy.path.read_bytes()
    assert decoded == b"".join(pieces)
    assert copy.sha256 == real(decoded).hexdigest() != real(face_clip.read_bytes()).hexdigest()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_copy_is_private_read_only_and_removed(face_clip: Path, own_place: Path):
    with working_copy(face_clip) as copy:
        assert stat.S_IMODE(copy.path.stat().st_mode) == 0o400
        assert stat.S_IMODE(copy.path.parent.stat().st_mode) == 0o700
    assert list(own_place.iterdir()) == []


def test_too_little_room_is_a_sentence_that_says_what_to_do(face_clip: Path, monkeypatch: pytest.MonkeyPatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _place: usage(1000))
    wanted = r"face\.mp4 needs 0\.1 GB in .*set TMPDIR to a folder on a larger disk"
    with pytest.raises(ClipError, match=wanted), working_copy(face_clip):
        pass


def test_a_disk_without_any_room_is_the_same(face_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Python finds no folder for temporary files then: it looks for one that a few bytes can be written to."""

    usage = namedtuple("usage", "free")

    def nowhere() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in []")

    monkeypatch.setattr(tempfile, "gettempdir", nowhere)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _place: usage(0))
    with pytest.raises(ClipError, match=f"in {tmp_path} for its working copy") as refused, working_copy(face_clip):
        pass
    assert is_full_disk(refused.value)


def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    face_clip: Path, own_place: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "open_regular", full)
    wanted = r"cannot be copied for its analysis \(No space left on device\)"
    with pytest.raises(ClipError, match=wanted), working_copy(face_clip):
        pass
    assert list(own_place.iterdir()) == []


def test_a_file_that_grows_without_end_is_not_copied_without_end(
    face_clip: Path, tmp_path: Path, own_place: Path, monkeypatch: pytest.MonkeyPatch
):
    evidence = tmp_path / "clip.mp4"
    evidence.write_bytes(face_clip.read_bytes())
    before = check_file(evidence)
    evidence.write_bytes(face_clip.read_bytes() * 2)
    monkeypatch.setattr(module, "check_file", lambda _path: before)
    with pytest.raises(ClipError, match="still being written to"), working_copy(evidence):
        pass
    assert list(own_place.iterdir()) == []


def test_what_is_no_clip_is_not_copied(tmp_path: Path, own_place: Path):
    (tmp_path / "a.mp4").write_bytes(b"%PDF-1.7")
    with pytest.raises(ClipError, match="a PDF document"), working_copy(tmp_path / "a.mp4"):
        pass
    assert list(own_place.iterdir()) == []
