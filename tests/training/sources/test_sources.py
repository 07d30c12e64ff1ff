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
        (("a.jpg,drawing,train,real,o,ann,,,r,MIT",), "kind must be one of"),
    ],
)
def test_what_cannot_be_trained_on_is_reported_in_one_sentence(
    tmp_path: Path, rows: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(TrainingError, match=reason):
        sources.read("manifest", write(tmp_path, *rows), "train")


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
