"""What the program keeps in temporary folders is gone with it, also if it is killed."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from inspector.engine.work_folder import WorkFolder, removed_even_if_killed

OTHER = """
import os
from inspector.engine.work_folder import WorkFolder, large_place, removed_even_if_killed
with removed_even_if_killed():
    folders = [WorkFolder({usual!r}), WorkFolder(large_place())]
    for folder in folders:
        (folder.path / "secret").mkdir()
        (folder.path / "secret" / "clip").write_text("secret")
    print(*(folder.path for folder in folders), sep="\\n", flush=True)
    {then}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def folders_of_another(place: Path, then: str) -> list[Path]:
    """The folders of a process that has made them, and then does that."""
    done = subprocess.run(
        [sys.executable, "-c", OTHER.format(usual=str(place), then=then)], check=False, capture_output=True, text=True
    )
    return [Path(line) for line in done.stdout.splitlines()]


def test_a_killed_program_leaves_no_folder(place: Path):
    folders = folders_of_another(place, "os.kill(os.getpid(), 9)")
    assert len(folders) == 2
    while any(folder.exists() for folder in folders):
        time.sleep(0.05)
    assert list(place.iterdir()) == []


def test_what_another_program_keeps_stays(place: Path):
    mine = WorkFolder(str(place))
    folders_of_another(place, "os.kill(os.getpid(), 9)")
    while len(list(place.iterdir())) > 1:
        time.sleep(0.05)
    assert mine.path.exists()
    mine.remove()


def test_what_a_program_of_the_same_number_keeps_stays(place: Path):
    """In another container, which shares the folder for temporary files."""
    made = "theirs = os.path.join({!r}, f'deepfake-inspector-{{os.getpid()}}-00000000-x'); os.mkdir(theirs)"
    folders = folders_of_another(place, made.format(str(place)) + "; os.kill(os.getpid(), 9)")
    while any(folder.exists() for folder in folders):
        time.sleep(0.05)
    assert [left.name.endswith("-00000000-x") for left in place.iterdir()] == [True]


def test_at_the_usual_end_nothing_waits_any_more(place: Path):
    before = children()
    with removed_even_if_killed():
        folder = WorkFolder(str(place))
        assert len(children()) == len(before) + 1
        folder.remove()
    assert children() == before
    assert list(place.iterdir()) == []


def children() -> list[str]:
    return Path("/proc/self/task", str(next(Path("/proc/self/task").iterdir()).name), "children").read_text().split()


def test_without_a_shell_the_folders_are_used_all_the_same(place: Path, monkeypatch: pytest.MonkeyPatch):
    def missing(*_: object, **__: object) -> None:
        raise FileNotFoundError("/bin/sh")

    monkeypatch.setattr(subprocess, "Popen", missing)
    with removed_even_if_killed():
        folder = WorkFolder(str(place))
        folder.remove()
    assert list(place.iterdir()) == []
