"""The record that yt-dlp leaves beside a clip, as fields of the cover."""

import hashlib
import json
import os
import tracemalloc

import pytest

from inspector.domain.case import CaseInfo
from inspector.engine.case import download_record as module
from inspector.engine.case.custody import Custody
from inspector.engine.case.download_record import download_record

RECORD = {
    "webpage_url": "https://example.org/watch?v=1",
    "uploader": "Some\x1b[2JBody",
    "upload_date": "20261119",
    "epoch": 1795000000,
    "_version": {"version": "2026.10.22"},
    "comments": [{"text": "first"}],
}


@pytest.mark.parametrize("name", ["clip.info.json", "clip.mp4.info.json"])
def test_address_account_times_and_the_hash_of_the_record(tmp_path, name) -> None:
    data = json.dumps(RECORD).encode()
    (tmp_path / name).write_bytes(data)
    found = Custody().fill(CaseInfo(examiner="R. Roe"), tmp_path / "clip.mp4", "1" * 64)
    assert found.source == (
        "https://example.org/watch?v=1; account Some\\x1b[2JBody; uploaded 2026-11-19; "
        f"by {name}, SHA-256 {hashlib.sha256(data).hexdigest()}"
    )
    assert (found.obtained_at, found.obtained_how) == ("2026-11-18 11:06:40 UTC", "yt-dlp 2026.10.22")
    assert found.examiner == "R. Roe"


def test_what_the_examiner_states_comes_first(tmp_path) -> None:
    (tmp_path / "clip.info.json").write_text(json.dumps(RECORD))
    found = Custody(by_name={"clip.mp4": {"source": "a phone"}}).fill(CaseInfo(), tmp_path / "clip.mp4", "1" * 64)
    assert (found.source, found.obtained_how) == ("a phone", "yt-dlp 2026.10.22")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '{"webpage_url": 3}', '{"webpage_url": ""}', "[" * 100_000, '{"title": "another program"}'],
)
def test_what_is_no_record_is_passed_over(tmp_path, text) -> None:
    (tmp_path / "clip.info.json").write_text(text)
    assert download_record(tmp_path / "clip.mp4") == {}


@pytest.mark.parametrize("more", [{"epoch": 1e300}, {"epoch": "now"}, {"_version": 3}, {"upload_date": 3}])
def test_fields_of_another_kind_are_left_out(tmp_path, more) -> None:
    (tmp_path / "clip.info.json").write_text(json.dumps({"webpage_url": "x" * 10_000_000, **more}))
    found = download_record(tmp_path / "clip.mp4")
    assert list(found) == ["source"]
    assert len(found["source"]) < 500


def test_a_record_that_fills_memory_does_not_fill_the_window(tmp_path, monkeypatch) -> None:
    """Python's reader makes an object of each part: 60 MB of empty lists take gigabytes."""
    many = "[" + "[]," * 1_000_000 + "[]]"
    (tmp_path / "clip.info.json").write_text(f'{{"webpage_url": "https://example.org", "comments": {many}}}')
    monkeypatch.setattr(module, "_MOST_BYTES", 4 << 20)  # which is reserved for it
    tracemalloc.start()
    found = download_record(tmp_path / "clip.mp4")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found["source"].startswith("https://example.org")
    assert peak < 4 * len(many)


@pytest.mark.parametrize("number", ["1" * 5000, "1e999", "-1", "NaN", '"1"', "[" * 3000, "null"])
def test_numbers_that_are_none_are_left_out(tmp_path, number) -> None:
    (tmp_path / "clip.info.json").write_text(f'{{"webpage_url": "x", "epoch": {number}}}')
    assert "obtained_at" not in download_record(tmp_path / "clip.mp4")


def test_neither_a_pipe_nor_a_link_is_read(tmp_path) -> None:
    os.mkfifo(tmp_path / "clip.info.json")
    (tmp_path / "record.json").write_text(json.dumps(RECORD))
    (tmp_path / "clip.mp4.info.json").symlink_to("record.json")
    assert download_record(tmp_path / "clip.mp4") == {}
