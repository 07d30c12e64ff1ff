import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.errors import TrainingError
from inspector.domain.geometry import Box
from training import recipe, sources
from training.prepare.selection import spread

HEAD = "path,kind,split,label,method,identity,pair,region,source,licence\n"


def write(folder: Path, *rows: str) -> Path:
    path = folder / "manifest.csv"
    path.write_text(HEAD + "".join(row + "\n" for row in rows))
    return path


def test_a_manifest_is_read_with_its_regions_and_official_split(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'a.mp4,clip,train,real,original,ann,p1,"0,0,100,50",repo: a,MIT',
        'a.mp4,clip,train,fake,swap,ann,p1,"100,0,100,50",repo: a,MIT',
        "b.jpg,still,public,fake,gan,bob,,,repo: b,MIT",
    )
    samples = sources.read("manifest", path, "train")
    assert [s.is_fake for s in samples] == [False, True]
    assert samples[1].region == Box(100, 0, 100, 50)
    assert samples[0].path == tmp_path / "a.mp4"
    assert samples[0].key != samples[1].key


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((), "has no rows"),
        (("a.jpg,still,train,real,o,ann,,,r,MIT",), "originals only"),
        (("a.jpg,still,train,odd,o,ann,,,r,MIT",), "line 2: label must be real or fake"),
        (("a.jpg,drawing,train,real,o,ann,,,r,MIT",), "kind must be clip or still or face"),
        (
            ("a.jpg,still,trian,real,o,ann,,,r,MIT",),
            "split must be empty or train or val or public or test, not 'trian'",
        ),
        (("a.jpg,still,train,real,o,ann,,,r",), "line 2: it has more or fewer cells than the first line"),
        (("a.jpg,still,train,real,o,ann,,,r, MIT, too",), "line 2: it has more or fewer cells than the first line"),
        ((",still,train,real,o,ann,,,r,MIT",), "line 2: path is empty"),
        (("", 'a.jpg,still,train,real,o,ann,,"0,0,-9,9",r,MIT'), "line 3: region must be x,y,width,height in pixels"),
        (('a.jpg,still,train,real,o,ann,,"0,0,nan,9",r,MIT',), "line 2: region must be"),
        (
            ("a.jpg,still,train,real,o,ann,,,r,MIT", "./a.jpg,still,val,fake,o,ann,,,r,MIT"),
            "line 3: it labels the same part of the same file as line 2",
        ),
    ],
)
def test_what_cannot_be_trained_on_is_reported_in_one_sentence(
    tmp_path: Path, rows: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(TrainingError, match=reason):
        sources.read("manifest", write(tmp_path, *rows), "train")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_manifest_that_a_spreadsheet_saved_is_read_like_any_other(tmp_path: Path, delimiter: str) -> None:
    """With a mark of the encoding, the separator of its language, the line ends of Windows and rows without a word."""
    rows = [HEAD.strip().split(","), ["a.mp4", "clip", "", "real", "", "Jürgen", "", "0,0,9,9", "ours: a", " MIT, 2"]]
    rows += [[""] * 12, [" "] * 10, ["b.mp4", "clip", "", " fake", "swap", "Ann", "", "", "ours: b", "MIT"], [""] * 10]
    with (tmp_path / "manifest.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    found = sources.read("manifest", tmp_path)
    assert [(s.path.name, s.is_fake, s.identity) for s in found] == [("a.mp4", False, "Jürgen"), ("b.mp4", True, "Ann")]
    assert found[0].region == Box(0, 0, 9, 9)
    assert found[0].licence == "MIT, 2"


def test_what_is_wrong_with_a_whole_manifest_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.mp4,clip,,real,,J\u00fcrgen,,,ours,MIT")
    path.write_bytes(path.read_text().encode("cp1252"))
    with pytest.raises(TrainingError, match=r"manifest\.csv is not text in UTF-8 .* save it again as CSV in UTF-8"):
        sources.read("manifest", path)
    path.write_text("path,label,kind\na.mp4,real,clip\n")
    missing = r"lacks columns \(split, method, identity, pair, region, source, licence\); add them to the first line"
    with pytest.raises(TrainingError, match=missing):
        sources.read("manifest", path)


def test_a_missing_manifest_and_an_unknown_format_are_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"manifest\.csv cannot be read"):
        sources.read("manifest", tmp_path / "manifest.csv", "")
    with pytest.raises(TrainingError, match="no source format 'zip'"):
        sources.read("zip", tmp_path, "")


@given(st.integers(1, 500), st.integers(1, 60))
def test_frames_are_evenly_spread(length: int, count: int) -> None:
    indices = spread(length, count)
    assert len(set(indices)) == min(length, count)
    assert all(0 <= p < length for p in indices)
    steps = [b - a for a, b in pairwise(indices)]
    assert not steps or max(steps) - min(steps) <= 1


def test_an_unknown_recipe_key_is_an_error(tmp_path: Path) -> None:
    text = Path(__file__).resolve().parents[3] / "training/recipes/default.toml"
    path = tmp_path / "r.toml"
    path.write_text(text.read_text().replace("clip_norm", "clip_nrom"))
    with pytest.raises(TrainingError, match="clip_nrom"):
        recipe.load(path)
