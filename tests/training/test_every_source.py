"""All commands of the default recipe, from prepare to a bundle, on miniatures of public datasets."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import pytest
import timm
from safetensors.torch import save_file

from inspector.domain.model_card import Platt
from tests.clips import make_clip, moving_portrait, portrait
from tests.training import source_layouts as layouts
from training.__main__ import main
from training.forge import autoencoders
from training.measure import calibrate as calibration
from training.measure import evaluate as evaluation
from training.measure.cost import Cost
from training.prepare import prepare as preparing
from training.prepare.index import load_index
from training.prepare.pool import run_guarded
from training.sources.files import CLIPS

ROOT = Path(__file__).resolve().parents[2]
LAYOUTS: dict[str, Callable[..., Any]] = {
    "dfdc": partial(layouts.dfdc, parts=2),
    "celeb_df": partial(layouts.celeb_df, people=10),  # from a hundred clips on everybody's swaps are cut apart
    "face_forensics": partial(layouts.face_forensics, pairs=7),
    "real_fake_folders": layouts.real_fake_folders,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with a clip of a few frames, a picture, both with a face, and weights as those of timm."""
    folder = tmp_path_factory.mktemp("made")
    make_clip(folder / "clip.mp4", frames=3, size=(160, 120), picture=moving_portrait((160, 120)))
    cv2.imwrite(str(folder / "picture.jpg"), portrait()[20:240, 120:340, ::-1])
    save_file(timm.create_model("mobilenetv2_100").state_dict(), folder / "texture.safetensors")
    return folder


@pytest.fixture
def quickly(monkeypatch) -> None:
    """Prepare in this process, and skip slow parts that have their own tests."""
    monkeypatch.setattr(
        preparing, "run_local", lambda jobs, work, *_: ((j, run_guarded(work, j, ignored)) for j in jobs)
    )
    monkeypatch.setattr(autoencoders, "KINDS", autoencoders.KINDS[:2])
    monkeypatch.setattr(evaluation, "measure_cost", lambda *_: Cost(1, 1.0, "cpu", 1.0, 1.0, None))
    # Three steps teach nothing; a slope of either sign may come out, and the wrong sign is refused elsewhere.
    monkeypatch.setattr(calibration, "maps", lambda *_: (Platt(1.0, 0.0), Platt(1.0, 0.0)))


def ignored(_: float) -> None:
    """Receive a job's time limit without enforcing it."""


def filled(root: Path, made: Path) -> Path:
    """The layout with a face in each of its empty files."""
    for path in root.rglob("*"):
        if path.is_file() and not path.stat().st_size:
            shutil.copy(made / ("clip.mp4" if path.suffix in CLIPS else "picture.jpg"), path)
    return root


def recipe_for(name: str, root: Path, made: Path, folder: Path) -> Path:
    """The default recipe for another source, as a user of that dataset would write it, in the smallest size."""
    path = folder / f"{name}.toml"
    path.write_text(f"""
base = "{ROOT / "training/recipes/default.toml"}"
name = "{name}"
sources = [{{ format = "{name}", path = "{root}"{', compression = "c23"' * (name == "face_forensics")} }}]
[prepare]
folder = "{folder / "prepared"}"
frames = 1
held_out_frames = 2
largest = 96
[network]
architecture = "test_efficientnet"
args = {{}}
input_size = 32
target_layer = "body.conv_head"
pretrained = ""
[forge]
autoencoders = "{folder / "autoencoders"}"
autoencoder_seconds = 0.05
texture = "{made / "texture.safetensors"}"
[calibrate]
files = 2
""")
    return path


def whole_way(recipe: Path, folder: Path, capsys) -> dict[str, Any]:
    """Run every command on a recipe; returns the resulting card."""
    run, out = ["--folder", str(folder / "run")], folder / "bundle"
    for command, *options in (
        ["prepare"],
        ["autoencoders"],
        ["fit", "--smoke", *run],
        ["calibrate", "--frames", "1", *run],
        ["evaluate", "--frames", "1", *run],
        ["export", "--out", str(out), *run],
    ):
        assert main([command, str(recipe), *options]) == 0, f"{command}: {capsys.readouterr().err}"
    card: dict[str, Any] = json.loads((out / "card.json").read_text())
    return card


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_default_recipe_goes_all_the_way_on(name: str, made: Path, tmp_path: Path, capsys) -> None:
    root = filled(LAYOUTS[name](tmp_path / name), made)
    card = whole_way(recipe_for(name, root, made, tmp_path), tmp_path, capsys)
    rows = load_index(tmp_path / "prepared")
    kind = "face" if name == "real_fake_folders" else "clip"
    assert {(row["is_fake"], row["is_held_out"], row["kind"]) for row in rows} == {
        (fake, held, kind) for fake in (True, False) for held in (True, False)
    }
    assert card["name"] == name
    assert all(source["n_real"] and source["n_fake"] for source in card["trained_on"])
    tracks = json.loads((tmp_path / "run" / "tracks.json").read_text())["tracks"]
    assert {track["kind"] for track in tracks} == {kind}
    plain = [track["is_fake"] for track in tracks if track["condition"] == "as recorded"]
    assert 0 < sum(plain) <= 2 >= len(plain) - sum(plain) > 0
    assert max(len(track["logits"]) for track in tracks) == 1
    assert not any("does not name the people" in limit for limit in card["limits"])


@pytest.mark.usefixtures("quickly")
def test_people_that_a_dataset_does_not_separate_are_named_in_a_warning_and_in_the_card(
    made: Path, tmp_path: Path, capsys
) -> None:
    root = tmp_path / "dfdc_train_part_0"
    labels = {f"r{n}.mp4": {"label": "REAL", "split": "train"} for n in range(50)}
    labels |= {f"f{n}.mp4": {"label": "FAKE", "split": "train", "original": f"r{n}.mp4"} for n in range(50)}
    layouts.write_json(root / "metadata.json", labels)
    for name in labels:
        if int(name[1:-4]) < 12:  # a hundred are cut between recordings, and a few tell what comes of it
            shutil.copy(made / "clip.mp4", root / name)
    card = whole_way(recipe_for("dfdc", root, made, tmp_path), tmp_path, capsys)
    warning = "The dataset does not name the people of dfdc dfdc_train_part_0"
    assert warning in capsys.readouterr().out
    assert any(warning in limit for limit in card["limits"])
