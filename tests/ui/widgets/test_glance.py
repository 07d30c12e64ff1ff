"""A look at a disk that does not answer does not hold up the window."""

import threading
import time
from pathlib import Path

import pytest

from inspector.engine.process.confine.access import identity_of
from inspector.ui.engine import access
from inspector.ui.widgets import glance as module
from inspector.ui.widgets.file_dialogs import free_folder
from inspector.ui.widgets.glance import glance


class Share:
    """A look that ends only when the share is there again; it notes how often it was made."""

    def __init__(self):
        self.is_there, self.looks = threading.Event(), []

    def __call__(self, path):
        self.looks.append(path)
        self.is_there.wait(20)
        return "found"


@pytest.fixture
def share(monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 0.1)
    share = Share()
    yield share
    share.is_there.set()
    while module._waiting:
        time.sleep(0.01)


def test_what_is_there_is_found_and_what_fails_is_not(tmp_path):
    assert glance(Path.is_dir, tmp_path, False)
    assert not glance(Path.exists, tmp_path / "a", True)
    assert glance(Path.read_text, tmp_path / "a", "otherwise") == "otherwise"
    assert not module._waiting


def test_a_share_that_does_not_answer_is_asked_once_and_waited_for_briefly(share):
    began = time.monotonic()
    assert [glance(share, Path("a"), "otherwise", 0.4) for _ in range(50)] == ["otherwise"] * 50
    assert time.monotonic() - began < 10
    assert len(share.looks) == 1
    share.is_there.set()
    while module._waiting:
        time.sleep(0.01)
    assert glance(share, Path("a"), "otherwise", 20) == "found"


def test_a_file_is_known_as_it_was_while_its_share_does_not_answer(share, tmp_path, monkeypatch):
    file = tmp_path / "a.mp4"
    file.touch()
    before = access.access_to([file], [tmp_path])
    assert dict(before.read)[str(file)] == identity_of(file)
    monkeypatch.setattr(access, "identity_of", share)
    assert access.access_to([file], [tmp_path]) == before


def test_a_bundle_can_be_read_though_its_disk_is_slow(share, tmp_path, monkeypatch):
    card = tmp_path / "card.json"
    card.touch()
    with monkeypatch.context() as slow:
        slow.setattr(access, "_outside_files", share)
        assert access.bundle_files(str(tmp_path)) == [tmp_path], "the process may read what is in it"
        assert access.bundle_files("standard") == []
    assert access.bundle_files(str(tmp_path)) == [tmp_path, card]
    monkeypatch.setattr(access, "_outside_files", share)
    assert access.bundle_files(str(tmp_path)) == [tmp_path, card]


def test_a_report_never_goes_into_a_folder_that_is_there(tmp_path, share, monkeypatch):
    assert free_folder(tmp_path, "a report") == tmp_path / "a report"
    (tmp_path / "a report").mkdir()
    assert free_folder(tmp_path, "a report") == tmp_path / "a report 2"
    monkeypatch.setattr("inspector.ui.widgets.file_dialogs._free", share)
    found = free_folder(tmp_path, "a report")
    assert found.name.startswith("a report 20")
    assert ":" not in found.name
