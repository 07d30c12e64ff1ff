"""Every recipe, tiny, from fit to a bundle that the engine loads and explains."""

import hashlib
import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
import timm
from safetensors.torch import save_file

from inspector.domain.model_card import Platt
from inspector.engine.model import bases
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.cam import cam_values
from inspector.engine.model.detector import Detector
from training import recipe as recipes
from training.bundle.export import export
from training.fit.checkpoint import averaged_network
from training.fit.score import logits_of, plain_crops
from training.fit.train import train
from training.measure import calibrate as calibration
from training.measure import evaluate as evaluation
from training.measure.calibrate import calibrate_run
from training.measure.cost import Cost
from training.measure.evaluate import evaluate_run
from training.prepare.index import load_index
from training.recipe import Recipe

ROOT = Path(__file__).resolve().parents[2]
RECIPES = sorted((ROOT / "training/recipes").glob("*.toml"))
LEAST = {"inception-resnet-v2": 75}  # pixels that the network can do with; 32 are enough for the others
BASE = {"img_size": 32, "patch_size": 8, "depth": 12, "embed_dim": 24, "num_heads": 2}  # of a small CLIP


def quiet(_: str) -> None:
    """Ignore a message."""


def shrunk(path: Path, tiny: Recipe) -> Recipe:
    """The recipe on the painted faces, at the smallest size and without pretrained weights."""
    recipe = recipes.load(path).smoke()
    args = recipe.network.args | ({"img_size": 32} if path.stem == "vit" else {})
    network = msgspec.structs.replace(recipe.network, input_size=LEAST.get(path.stem, 32), args=args, pretrained="")
    if recipe.svm:  # which refuses features that tell nothing; those of fresh weights do not tell forgeries
        recipe = msgspec.structs.replace(recipe, batch=msgspec.structs.replace(recipe.batch, pairs=0, generated=3))
    # The painted faces are one source, and there is no teacher; both have tests of their own.
    return msgspec.structs.replace(
        recipe,
        network=network,
        prepare=tiny.prepare,
        calibrate=msgspec.structs.replace(recipe.calibrate, files=1),
        forge=msgspec.structs.replace(recipe.forge, autoencoders=tiny.forge.autoencoders),
        source_folds=None,
        distil=None,
    )


@pytest.fixture(autouse=True)
def small_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base of the name that recipes use, a thousand times smaller."""
    folder = tmp_path / "models/bases/clip-vit-b16"
    folder.mkdir(parents=True)
    body = timm.create_model("vit_tiny_patch16_224", num_classes=0, **BASE)
    save_file(body.state_dict(), folder / "weights.safetensors")
    about = {
        "architecture": "vit_tiny_patch16_224",
        "args": BASE,
        "input_size": 32,
        "mean": [0.5] * 3,
        "std": [0.5] * 3,
    }
    about |= {"sha256": hashlib.sha256((folder / "weights.safetensors").read_bytes()).hexdigest()}
    (folder / "base.json").write_text(json.dumps({**about, "source": "made for a test", "licence": "Apache-2.0"}))
    monkeypatch.setattr(bases, "models_folder", lambda: tmp_path / "models")


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_goes_all_the_way_to_a_bundle(path: Path, tiny: Recipe, tmp_path: Path, monkeypatch) -> None:
    recipe, run, out = shrunk(path, tiny), tmp_path / "run", tmp_path / "bundle"
    train(recipe, run, quiet)
    # Three steps teach nothing; a slope of either sign may come out, and the wrong sign is refused elsewhere.
    monkeypatch.setattr(calibration, "maps", lambda *_: (Platt(1.0, 0.0), Platt(1.0, 0.0)))
    # It has tests of its own and takes longer than all the rest.
    monkeypatch.setattr(evaluation, "measure_cost", lambda *_: Cost(1, 1.0, "cpu", 1.0, 1.0, None))
    calibrate_run(recipe, run, quiet)
    evaluate_run(recipe, run, quiet)
    card = export(recipe, run, out, "1", quiet)
    assert card.name == path.stem
    assert not any("otherwise" in limit for limit in card.limits), "the run did as its recipe says"
    detector = Detector.load(find_bundle(str(out)), "cpu")
    rows = [row for row in load_index(Path(recipe.prepare.folder)) if row["kind"] == "clip"]
    samples = plain_crops(recipe, rows[:4])
    logits = detector.logits(samples)
    np.testing.assert_allclose(logits, logits_of(averaged_network(recipe, run), samples, recipe), atol=1e-4)
    assert len(logits) == 4
    heat = cam_values(detector, samples[0], "GradCAM")
    assert heat.ndim == 2
    assert np.isfinite(heat).all()


def test_recipes_are_named_after_their_files_and_state_their_own_limits() -> None:
    loaded = {path.stem: recipes.load(path) for path in RECIPES}
    assert {recipe.name for recipe in loaded.values()} == set(loaded)
    default = json.dumps(loaded["default"].card.limits)
    assert all(json.dumps(r.card.limits) != default for name, r in loaded.items() if name != "default")
    folders = {recipe.prepare.folder: recipe.prepare for recipe in loaded.values()}
    assert set(folders) == {"data/prepared", "data/prepared-few"}
    assert all(recipe.prepare == folders[recipe.prepare.folder] for recipe in loaded.values()), (
        "one way for each folder"
    )
