"""`python -m training inspect`: its counts, its plots, and its error messages."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.domain.errors import OutputError, TrainingError
from tests.clips import make_clip
from tests.training import source_layouts as layouts
from training.__main__ import main
from training.prepare.inspect_source import inspect_path, inspect_source
from training.sources import SOURCES


def part_with_clips(root: Path) -> Path:
    """A part of DFDC with readable clips, except for a truncated and a missing one."""
    labels = layouts.dfdc_labels(0, originals=2, fakes=2)
    layouts.write_json(root / "metadata.json", labels)
    for number, name in enumerate(labels):
        make_clip(root / name, frames=5 + number, size=(96, 64 + 16 * (number % 2)), fps=(15, 25, 30)[number % 3])
    broken = root / "fakeclipab.mp4"
    broken.write_bytes(broken.read_bytes()[:300])
    (root / "fakeclipac.mp4").unlink()
    return root


def test_a_dataset_is_counted_drawn_and_its_broken_clips_listed(tmp_path: Path, capsys) -> None:
    root, out = part_with_clips(tmp_path / "dfdc_train_part_0"), tmp_path / "out"
    assert main(["inspect", str(root), "--out", str(out)]) == 0
    message = capsys.readouterr().out
    assert "format: dfdc" in message
    assert "2 clip, original, DFDC original, split train" in message
    assert "6 samples: 4 fake, 2 original" in message
    assert "0 people (6 samples of unknown ones), 2 pairs, 1 cohorts" in message
    assert "2 of 6 files broken" in message
    with (out / "broken.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [Path(row["path"]).name for row in rows] == ["fakeclipab.mp4", "fakeclipac.mp4"]
    assert "does not exist" in rows[1]["reason"]
    assert rows[0]["reason"].startswith("fakeclipab.mp4 ")
    picture = np.asarray(Image.open(out / "distributions.png").convert("RGB"))
    assert picture.shape == (750, 1100, 3)
    for colour in ((0x3B, 0x6E, 0xA5), (0xC4, 0x62, 0x2D)):  # bars of both classes
        assert (picture == colour).all(axis=2).sum() > 1000


def test_stills_have_sizes_and_no_rates(tmp_path: Path) -> None:
    for label, side in (("real", 64), ("fake", 80)):
        (tmp_path / "set" / label).mkdir(parents=True)
        Image.new("RGB", (side, side)).save(tmp_path / "set" / label / "a.png")
    (tmp_path / "set" / "fake" / "b.jpg").write_bytes(b"no picture")
    samples = SOURCES["real_fake_folders"](tmp_path / "set")
    lines: list[str] = []
    broken = inspect_source(samples, tmp_path / "out", lines.append)
    assert [Path(path).name for path, _ in broken] == ["b.jpg"]
    assert (tmp_path / "out" / "distributions.png").exists()


def test_people_of_the_official_test_in_other_splits_are_counted(tmp_path: Path) -> None:
    lines: list[str] = []
    inspect_source(SOURCES["celeb_df"](layouts.celeb_df(tmp_path / "c")), tmp_path / "out", lines.append)
    assert any("3 of 4 people of the official test are also in other splits" in line for line in lines), lines
    assert any("note: 10 samples share recordings with the official test" in line for line in lines), lines
    assert sum(line.startswith("broken: ") for line in lines) == 20, "the rest stands in broken.csv"
    assert not (tmp_path / "out" / "distributions.png").exists(), "nothing opened, nothing drawn"


def test_a_recipe_is_inspected_as_a_whole(tmp_path: Path, capsys, monkeypatch) -> None:
    root = Path(__file__).resolve().parents[3]
    part_with_clips(tmp_path / "dfdc_train_part_0")
    text = (root / "training/recipes/default.toml").read_text()
    text = text.replace('"manifest"', '"dfdc"').replace('"../shared/data/manifest.csv"', '"dfdc_train_part_0"')
    (tmp_path / "mine.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["inspect", "mine.toml", "--out", "out"]) == 0
    message = capsys.readouterr().out
    assert "6 samples: 4 fake, 2 original" in message
    assert "the recipe divides them into 6 train" in message, "two recordings are too few to hold one out"


def test_a_single_class_is_reported_after_the_counts(tmp_path: Path, capsys) -> None:
    (tmp_path / "set" / "fake").mkdir(parents=True)
    Image.new("RGB", (64, 64)).save(tmp_path / "set" / "fake" / "a.png")
    arguments = ["inspect", str(tmp_path / "set"), "--format", "real_fake_folders", "--out", str(tmp_path / "out")]
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert "1 samples: 1 fake" in captured.out
    assert captured.err.strip().endswith("set holds fakes only; training needs both classes.")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], "is empty; unpack a dataset of one of the known formats into it"),
        (["real/a.png"], r"has one class only \(real\); add the folder of the other one"),
        (["Fake/a.png", "notes/b.txt"], r"has one class only \(fake\)"),
        (["a.mp4"], "has clips without labels; if they are DFDC's, add their metadata.json"),
        (["part_0/a.mp4"], "add their metadata.json, otherwise name its format with --format"),
        (["notes.txt"], r"does not look like a known dataset; name its format with --format \(manifest, dfdc"),
    ],
)
def test_for_a_folder_of_unknown_layout_the_message_names_what_it_lacks(
    tmp_path: Path, names: list[str], expected: str
) -> None:
    (tmp_path / "set").mkdir()
    for name in names:
        layouts.touch(tmp_path / "set" / name)
    with pytest.raises(TrainingError, match=expected):
        inspect_path(tmp_path / "set", "", tmp_path / "out", print)


def test_what_cannot_be_inspected_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no source format 'zip'"):
        inspect_path(tmp_path, "zip", tmp_path / "out", print)
    layouts.manifest(tmp_path / "m")
    blocked = layouts.touch(tmp_path / "file")
    with pytest.raises(OutputError, match="name another folder with --out"):
        inspect_path(tmp_path / "m", "", blocked, print)
