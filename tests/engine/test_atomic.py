"""Atomic writing: the target is the old file or the new one, and no draft stays."""

import os
import stat

import pytest

from inspector.engine.atomic import remove_drafts, replacing, write_all, write_bytes
from tests.disk import full_disk


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_no_draft_stays(tmp_path):
    path = tmp_path / "a.json"
    write_bytes(path, b"old")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.json"]


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_the_file_has_the_permissions_that_the_umask_gives(tmp_path):
    before = os.umask(0o027)
    try:
        write_bytes(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_the_target_is_untouched_while_the_block_runs_and_after_an_error(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def interrupted():
        with replacing(path) as draft:
            draft.write_bytes(b"half")
            assert path.read_bytes() == b"old"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_disk_that_refuses_at_the_sync_leaves_the_old_files(tmp_path, monkeypatch):
    for name in "ab":
        (tmp_path / name).write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_all({tmp_path / name: b"new" for name in "ab"})
    assert [(tmp_path / name).read_bytes() for name in "ab"] == [b"old", b"old"]
    assert names(tmp_path) == ["a", "b"]


def test_several_files_are_replaced_together_or_not_at_all(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileNotFoundError):
        write_all({tmp_path / "a": b"new", tmp_path / "absent" / "b": b"new"})
    assert (tmp_path / "a").read_bytes() == b"old"
    write_all({tmp_path / "a": b"new", tmp_path / "b": b"new"})
    assert [(tmp_path / name).read_bytes() for name in "ab"] == [b"new", b"new"]


def test_two_writers_of_one_target_use_two_drafts(tmp_path):
    with replacing(tmp_path / "a") as first:
        with replacing(tmp_path / "a") as second:
            second.write_bytes(b"second")
        first.write_bytes(b"first")
    assert (tmp_path / "a").read_bytes() == b"first"
    assert first != second


def test_a_link_at_the_target_is_replaced_and_not_followed(tmp_path):
    victim, path = tmp_path / "victim", tmp_path / "a"
    victim.write_bytes(b"precious")
    path.symlink_to(victim)
    write_bytes(path, b"new")
    assert victim.read_bytes() == b"precious"
    assert not path.is_symlink()


def test_drafts_of_one_name_are_removed_and_nothing_else(tmp_path):
    for name in (".a.json.0123.partial", ".b.json.0123.partial", "a.json", "my.partial", ".[a].0123.partial"):
        (tmp_path / name).write_bytes(b"")
    remove_drafts(tmp_path, "a.json")
    remove_drafts(tmp_path, "[a]")
    assert names(tmp_path) == [".b.json.0123.partial", "a.json", "my.partial"]
    remove_drafts(tmp_path)
    assert names(tmp_path) == ["a.json", "my.partial"]
