"""Where the evidence comes from, as people state it, and lists of hashes that are known elsewhere."""

import hashlib
from contextlib import contextmanager
from pathlib import Path

import pytest

from inspector import console
from inspector.__main__ import main
from inspector.domain.case import CaseInfo
from inspector.domain.errors import CaseError, ClipError
from inspector.engine import percent
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.cover import fill_cover
from inspector.engine.case.custody import Custody, HashList, read_custody
from inspector.engine.decode import evidence
from tests.disk import refuse_reading

TEXT = """
source = "https://example.org/v/1, account @x"
obtained_at = "2026-11-20 14:02 UTC"

["second.mp4"]
source = "phone of J. Doe"
original_or_copy = "original"
"""


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "second.mp4"
    path.write_bytes(b"evidence")
    return path


def test_a_table_of_a_clip_s_name_adds_to_what_is_of_all(clip: Path, tmp_path: Path):
    (tmp_path / "custody.toml").write_text(TEXT)
    custody = read_custody(tmp_path / "custody.toml")
    info = CaseInfo(examiner="R. Roe")
    found = custody.fill(info, clip, "1" * 64)
    assert (found.source, found.obtained_at) == ("phone of J. Doe", "2026-11-20 14:02 UTC")
    assert (found.original_or_copy, found.handled_by, found.examiner) == ("original", "", "R. Roe")
    assert custody.fill(info, tmp_path / "first.mp4", "1" * 64).source == "https://example.org/v/1, account @x"
    with CaseFile.open(tmp_path / "a.inspector") as case:
        assert fill_cover(case, found) == (True, [])
        assert case.case_info().source == "phone of J. Doe"
        _, (kept,) = fill_cover(case, CaseInfo(source="somebody"))
        assert "keeps its source “phone of J. Doe”" in kept
        assert "source: “phone of J. Doe” (was “”)" in [entry.detail for entry in case.audit()]


@pytest.mark.parametrize(
    ("text", "message"),
    [("source = 3", "'source' is none of"), ('sauce = "x"', "'sauce'"), ("[a]\nb = 1", "'b'"), ("= 1", "no TOML")],
)
def test_a_wrong_key_is_named(tmp_path: Path, text: str, message: str):
    (tmp_path / "custody.toml").write_text(text)
    with pytest.raises(CaseError, match=message):
        read_custody(tmp_path / "custody.toml")
    assert main(["scan", "x", "--out", str(tmp_path / "out"), "--custody", str(tmp_path / "custody.toml")]) == 1


def test_lists_of_hashes_are_searched_by_both_kinds(clip: Path, tmp_path: Path):
    sha256, md5 = hashlib.sha256(b"evidence").hexdigest(), hashlib.md5(b"evidence").hexdigest()  # noqa: S324
    (tmp_path / "plain.txt").write_text(f"{'0' * 64}\n{sha256.upper()}\n")
    (tmp_path / "table.csv").write_text(f'name,md5,size\n"a, b.mp4",{md5},8\n')
    (tmp_path / "other.txt").write_text(f"{'1' * 32}\n")
    lists = [tmp_path / name for name in ("plain.txt", "table.csv", "other.txt")]
    found = read_custody(None, lists).fill(CaseInfo(), clip, sha256)
    assert found.hash_lists == "plain.txt: SHA-256 in line 2; table.csv: MD5 in line 2; other.txt: not in it"
    assert Custody().fill(CaseInfo(), clip, sha256).hash_lists == ""
    (tmp_path / "none.txt").write_text("a" * 63 + "\n" + "b" * 65)
    with pytest.raises(CaseError, match="holds no MD5 or SHA-256"):
        read_custody(None, [tmp_path / "none.txt"])


def test_the_printed_list_is_one_that_is_read(clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for options in ([], ["--md5"], ["--csv"]):
        assert main(["hashes", str(clip), *options]) == 0
        (tmp_path / "list").write_text(capsys.readouterr().out)
        found = read_custody(None, [tmp_path / "list"]).fill(CaseInfo(), clip, hashlib.sha256(b"evidence").hexdigest())
        assert "in line" in found.hash_lists


def test_reading_a_large_file_for_its_md5_says_how_much_and_can_be_stopped(tmp_path: Path, monkeypatch):
    large, said = tmp_path / "large.mp4", []
    with large.open("wb") as file:
        file.truncate(8 << 20)
    monkeypatch.setattr(percent, "_SECONDS", 0.0)
    custody = Custody(lists=(HashList("list", {"1" * 32: 1}),))
    custody.fill(CaseInfo(), large, "0" * 64, tell=said.append)
    assert said == [12, 25, 37, 50, 62, 75, 87, 100]
    with pytest.raises(ClipError, match="was not read to its end"):
        custody.fill(CaseInfo(), large, "0" * 64, lambda: len(said) < 10, said.append)
    assert said[8:] == [12, 25], "the first piece after the stop is the last"


def test_the_command_says_how_much_it_has_read(tmp_path: Path, monkeypatch, capsys):
    """On a terminal, on stderr, so that the list on stdout stays one."""
    stages = []

    @contextmanager
    def shown(what: str):
        stages.append(what)
        yield

    monkeypatch.setattr(console, "stages_shown", shown)
    (tmp_path / "a.mp4").write_bytes(b"evidence")
    assert main(["hashes", str(tmp_path / "a.mp4")]) == 0
    assert capsys.readouterr().out == hashlib.sha256(b"evidence").hexdigest() + "\n"
    assert stages == ["reading a.mp4"]


def test_lists_of_strangers_cost_little_and_control_nothing(clip: Path, tmp_path: Path, capsys):
    (tmp_path / "deep.toml").write_text("a = " + "[" * 200_000)
    (tmp_path / "long.toml").write_text("source = 'x'\n" + ".".join("a" * 250_000) + " = 1")
    (tmp_path / "nested.toml").write_text("a = [\n" + "[\n" * 100_000)
    for name in ("deep.toml", "long.toml", "nested.toml"):
        with pytest.raises(CaseError, match="is no TOML file"):
            read_custody(tmp_path / name)
    (tmp_path / "list").write_bytes(b"\xff\xfe" + b"\0" * 1000 + b"\n" * 100_000 + b"=\x1b[2J" + b"a" * 32 + b"\n")
    with pytest.raises(CaseError, match="holds no MD5 or SHA-256"):
        read_custody(None, [tmp_path / "list"])
    named = clip.rename(clip.with_name("=HYPERLINK(1);=1\x1b[2J.mp4"))
    assert main(["hashes", "--csv", str(named)]) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith(",'=HYPERLINK(1);'=1?[2J.mp4")


def test_a_file_that_cannot_be_read_does_not_cost_the_hashes_of_the_others(
    clip: Path, tmp_path: Path, monkeypatch, capsys
):
    (tmp_path / "closed.mp4").write_bytes(b"closed")
    refuse_reading(monkeypatch, evidence.regular_file, tmp_path / "closed.mp4")
    assert main(["hashes", str(tmp_path / "closed.mp4"), str(clip)]) == 1
    said = capsys.readouterr()
    assert said.out == hashlib.sha256(clip.read_bytes()).hexdigest() + "\n"
    assert "closed.mp4 cannot be read" in said.err
