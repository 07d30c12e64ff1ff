"""Errors of reading and writing: one sentence with the file, the cause and what to do."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from inspector.domain.errors import OutputError, TrainingError
from tests.disk import full_disk
from training.files import check_writable, read, reading, write, writing


@dataclass(frozen=True)
class Kept:
    figure: float


def test_a_measurement_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    write(tmp_path / "a.json", Kept(0.5))
    assert read(tmp_path / "a.json", Kept, "measure again") == Kept(0.5)
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"], "nothing half-written stays"


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "truncated"),
        (b"{", "truncated"),
        (b"\xff\xfe", "malformed"),
        (b'{"figure": "much"}', "Expected `float`"),
        (b"{}", "missing required field `figure`"),
        (b"[]", "Expected `object`"),
    ],
)
def test_a_damaged_one_is_named_with_cause_and_advice(tmp_path: Path, content: bytes, cause: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(TrainingError) as caught:
        read(path, Kept, "measure again")
    message = str(caught.value)
    assert message.startswith(f"{path} is damaged (")
    assert cause in message
    assert message.endswith("; measure again.")


def test_a_missing_one_is_called_missing(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"a\.json is missing; measure again\.$"):
        read(tmp_path / "a.json", Kept, "measure again")
    (tmp_path / "a.json").mkdir()
    with pytest.raises(TrainingError, match=r"a\.json cannot be read \(Is a directory\); measure again\.$"):
        read(tmp_path / "a.json", Kept, "measure again")


@pytest.mark.parametrize("size", [0, 4, 60])
def test_weights_that_are_cut_off_are_damaged(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes((100).to_bytes(8, "little")[:size] + b"x" * max(0, size - 8))
    with pytest.raises(TrainingError, match=r"a\.safetensors is damaged"), reading(path, "train"):
        load_file(path)


def test_what_a_reader_raises_of_strange_content_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"\(it has no 'step'\)"), reading(tmp_path, "remove it"):
        json.loads("{}")["step"]
    with pytest.raises(TrainingError, match=r"\(first\); remove it\.$"), reading(tmp_path, "remove it"):
        raise RuntimeError("first\nsecond")
    with pytest.raises(KeyboardInterrupt), reading(tmp_path, "remove it"):
        raise KeyboardInterrupt


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write(path, Kept(0.5))
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(
        OutputError, match=r"a\.json cannot be written \(No space left on device\); free disk .*is kept"
    ):
        write(path, Kept(0.7))
    assert read(path, Kept, "") == Kept(0.5)
    assert list(tmp_path.iterdir()) == [path]


def test_an_unwritable_path_is_reported_before_the_work(tmp_path: Path) -> None:
    check_writable(tmp_path / "new" / "table.md")
    assert list((tmp_path / "new").iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"table\.md cannot be written .*name another file"):
        check_writable(tmp_path / "file" / "table.md")
    with pytest.raises(OutputError, match=r"new cannot be written \(it is a folder\)"):
        check_writable(tmp_path / "new")


def test_advice_for_writing_can_be_given(tmp_path: Path) -> None:
    expected = r"cannot be written \(Permission denied\); name another folder and run the same command"
    with pytest.raises(OutputError, match=expected), writing(tmp_path, "name another folder"):
        raise PermissionError(13, "Permission denied")
