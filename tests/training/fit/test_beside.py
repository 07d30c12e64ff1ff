"""A probe of own clips beside the deep network of a bundle that did not learn them."""

import csv
import dataclasses
import hashlib
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from safetensors.torch import save

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import Argument, DataSource, DeepCard, DeepLimits, Platt
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.detector import Detector
from tests.fakes import make_bundle
from training.bundle.deep import add_deep, write_bundle
from training.bundle.join import _compare
from training.fit.checkpoint import averaged_network, chosen
from training.fit.lora import architecture_args
from training.fit.probe import fit_probe
from training.fit.score import logits_of, plain_crops
from training.measure.features import beside_bundle, write_features
from training.measure.left_out import AUC, TRACKS, beside, named
from training.prepare.index import load_index
from training.recipe import Recipe

NO_LIMITS = DeepLimits(Platt(1.0, 0.0), (), None, None, "")


def quiet(_: str) -> None:
    """Ignore a message."""


def bundle_with_probes(recipe: Recipe, run: Path, folder: Path, *learnt: str) -> Path:
    """A bundle that learnt sources, whose deep network is an ensemble of two probes unlike that of the run."""
    theirs = tuple(DataSource(name, "CC0", 1, 2) for name in learnt)
    fast = make_bundle(folder.with_name("fast"), trained_on=theirs, crop_margin=0.2)
    body = averaged_network(recipe, run).body
    body.head.weight.data.normal_(0, 0.05, generator=torch.Generator().manual_seed(1))
    body.standard.running_mean += 0.1
    data = save({f"body.members.{n}.{k}": v.half() for n in (0, 1) for k, v in body.state_dict().items()})
    member = {"architecture": "probe", "args": architecture_args(recipe.network)}
    layer, sha256 = "body.members.0.body.blocks.0.norm1", hashlib.sha256(data).hexdigest()
    args: dict[str, Argument] = {"members": [member, member]}
    half = (0.5, 0.5, 0.5)
    deep = DeepCard(sha256, "ensemble", args, 32, half, half, layer, NO_LIMITS, NO_LIMITS)
    write_bundle(fast, b"", folder, dataclasses.replace(find_bundle(str(fast)).card, deep=deep), data)
    return folder


def test_a_probe_of_own_clips_is_added_to_that_of_a_bundle_which_did_not_learn_them(probe_recipe, tmp_path) -> None:
    """The bundle's network has no siblings on these clips and needs none."""
    run, out, messages = tmp_path / "run", tmp_path / "out", list[str]()
    fit_probe(probe_recipe, run, quiet)
    bundle = bundle_with_probes(probe_recipe, run, tmp_path / "bundle", "theirs/repo")
    write_features(probe_recipe, run, quiet, kinds=["clip"], bundle=str(bundle))
    card = add_deep(
        bundle, chosen(run), run / TRACKS, probe_recipe, [], out, "2", messages.append, joins=True, name="newsroom"
    )
    rows, joined = (list(csv.DictReader((of / TRACKS).read_text().splitlines())) for of in (run, out))
    crops = plain_crops(probe_recipe, load_index(Path(probe_recipe.prepare.folder)))
    before, after = (Detector.load(find_bundle(str(of)), "cpu").deep.logits(crops) for of in (bundle, out))
    deep = find_bundle(str(bundle)).card.deep
    assert deep is not None
    column = np.array([float(row[beside(deep)]) for row in rows])
    np.testing.assert_allclose(column, before.reshape(-1, 2).mean(1), atol=2e-3)
    own = np.array([float(row[f"sibling_{row['fold']}"]) for row in rows])
    factor = 0.5 * column.std() / own.std()
    probed = logits_of(averaged_network(probe_recipe, run), crops, probe_recipe)
    np.testing.assert_allclose(after, 0.5 * before + factor * probed, atol=5e-3)
    np.testing.assert_allclose([float(row["shipped"]) for row in joined], after.reshape(-1, 2).mean(1), atol=5e-3)
    for name in ("sibling_0", "sibling_1"):
        theirs = [float(row[name]) for row in rows]
        np.testing.assert_allclose(
            [float(row[name]) for row in joined], 0.5 * column + factor * np.array(theirs), atol=2e-3
        )
    assert card.name == "newsroom", "a report would name the bundled model"
    assert any("of the bundle alone" in message for message in messages)
    assert any("were not measured again" in limit for limit in card.limits)


def test_a_probe_is_not_put_beside_a_bundle_that_learnt_its_sources_or_sees_other_crops(probe_recipe, tmp_path) -> None:
    run = tmp_path / "run"
    fit_probe(probe_recipe, run, quiet)
    bundle = str(bundle_with_probes(probe_recipe, run, tmp_path / "bundle", "Owner1/another"))
    with pytest.raises(TrainingError, match="bundle learnt owner1/repo itself, so what it says of these clips is no"):
        write_features(probe_recipe, run, quiet, bundle=bundle)
    wide = msgspec.structs.replace(probe_recipe, network=msgspec.structs.replace(probe_recipe.network, margin=0.3))
    with pytest.raises(TrainingError, match=r"margin = 0.3, .* with 0.2; set margin = 0.2 under \[network\]"):
        add_deep(Path(bundle), chosen(run), run / TRACKS, wide, [], tmp_path / "out", "2", quiet)
    with pytest.raises(TrainingError, match="leaves no sources out, from which `deep --join` could set limits"):
        beside_bundle(msgspec.structs.replace(probe_recipe, source_folds=None), run, [], bundle, quiet)
    with pytest.raises(TrainingError, match="fast has no deep network to score the crops by"):
        write_features(probe_recipe, run, quiet, bundle=str(tmp_path / "fast"))


def test_clips_that_a_bundle_seems_to_have_learnt_under_other_names_are_told(tmp_path) -> None:
    """Its figures and limits would be too good, and a source is known by its name alone."""
    ends, messages = {named(AUC, "clip"): (0.7, 0.9)}, list[str]()
    bundle = make_bundle(tmp_path / "bundle", metric_intervals=ends)

    def rows(weight: float) -> list[dict[str, str]]:
        """Twenty groups with an original and a fake each, told apart by `weight`."""
        found, random = [], np.random.default_rng(1)
        for group, label in [(group, label) for group in range(20) for label in ("real", "fake")]:
            logit = f"{random.normal() + weight * (label == 'fake'):.3f}"
            about = {"group": f"g{group}", "kind": "clip", "label": label, "fold": str(group % 2)}
            found.append(about | dict.fromkeys(("sibling_0", "sibling_1", "shipped"), logit))
        return found

    _compare(bundle, rows(1.0), rows(9.0), tmp_path, messages.append)
    assert len(messages) == 1
    assert "1.00 (1.00 to 1.00) of both" in messages[0]
    _compare(bundle, rows(9.0), rows(9.0), tmp_path, messages.append)
    assert "did not learn (0.70 to 0.90 by its card); if it learnt them under other names" in messages[-1]
