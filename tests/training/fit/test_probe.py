"""Linear probes from a recipe to checkpoints, the table of left-out tracks, and a bundle that joins one."""

import csv
import json
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import DataSource, DeepCard, DeepLimits, Platt
from inspector.engine.model import registry as networks
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.detector import Detector
from tests.fakes import make_bundle
from training.bundle.deep import add_deep
from training.bundle.join import join
from training.fit import frozen_features
from training.fit import probe as probe_module
from training.fit.checkpoint import averaged_network, build, chosen
from training.fit.frozen_features import probe_of
from training.fit.lora import architecture_args
from training.fit.probe import FEATURES, Learnt, fit_head, fit_probe
from training.fit.score import logits_of, plain_crops
from training.measure import features as features_module
from training.measure.features import write_features
from training.measure.left_out import TRACKS, parse, read
from training.prepare.folds import folds_of, source_of
from training.prepare.index import load_index
from training.recipe import LoraTable, PlainTable, ProbeTable, Recipe
from training.sources import Sample

NO_LIMITS = DeepLimits(Platt(1.0, 0.0), (), None, None, "")


@pytest.fixture
def recipe(probe_recipe: Recipe) -> Recipe:
    """A probe of the small base."""
    return probe_recipe


def quiet(_: str) -> None:
    """Ignore a message."""


def test_siblings_learn_from_the_same_features_without_their_sources(recipe, tmp_path, monkeypatch) -> None:
    run, learnt = tmp_path / "run", []
    fit = probe_module.fit_head
    monkeypatch.setattr(probe_module, "fit_head", lambda *a: learnt.append(a[1]) or fit(*a))
    assert fit_probe(recipe, run, quiet) == chosen(run)
    folds = folds_of(recipe.source_folds, load_index(Path(recipe.prepare.folder)), recipe.fit.seed)
    whole, *siblings = learnt
    assert {name for sources in whole.sources for name in sources} == set(folds)
    for number, sibling in enumerate(siblings):
        assert 0 < len(sibling.features) < len(whole.features)
        assert all(folds[name] != number for sources in sibling.sources for name in sources)
    weights = {name: load_file(chosen(run / name)) for name in (".", "fold-0", "fold-1")}
    assert not weights["fold-0"]["averaged.body.head.weight"].equal(weights["fold-1"]["averaged.body.head.weight"])

    def again(*_: object) -> None:
        raise AssertionError("features are kept")

    monkeypatch.setattr(probe_module, "features_of", again)
    fit_probe(recipe, run, quiet)
    assert load_file(chosen(run))["averaged.body.head.weight"].equal(weights["."]["averaged.body.head.weight"])


def test_it_fits_to_what_there_was_time_for_and_goes_on_later(recipe, tmp_path) -> None:
    messages: list[str] = []
    fit_probe(recipe, tmp_path / "run", messages.append, minutes=0.0)
    assert any("with 1 of 3 batches" in message for message in messages)
    assert len(list((tmp_path / "run" / FEATURES).iterdir())) == 1
    fit_probe(recipe, tmp_path / "run", messages.append)
    assert len(list((tmp_path / "run" / FEATURES).iterdir())) == 3
    (tmp_path / "run" / FEATURES / "00001.safetensors").write_bytes(b"half a file")
    with pytest.raises(TrainingError, match=r"00001.safetensors is damaged .*remove it, and it is made again"):
        fit_probe(recipe, tmp_path / "run", quiet)


@pytest.mark.parametrize("uploads", [False, True])
def test_the_time_limit_holds_for_cut_outs_and_plain_crops_and_a_resumed_run_is_the_same(
    recipe, tmp_path, monkeypatch, uploads: bool
) -> None:
    """Cut-outs of batches that are kept need these batches forged again."""
    plain = PlainTable(share=0.5, frames=1, kinds=("clip",), uploads=uploads)
    fuller = msgspec.structs.replace(recipe, probe=ProbeTable(batches=3, penalty=0.1, cut_outs=2, plain=plain))
    run, learnt = tmp_path / "run", []
    fit = probe_module.fit_head
    monkeypatch.setattr(probe_module, "fit_head", lambda *a: learnt.append(a[1]) or fit(*a))
    monkeypatch.setattr(frozen_features, "_ROWS_PER_CHUNK", 1)
    fit_probe(recipe, tmp_path / "without", quiet)
    shutil.copytree(tmp_path / "without" / FEATURES, run / FEATURES)
    without = learnt[0]
    learnt.clear()
    messages: list[str] = []
    fit_probe(fuller, run, messages.append, minutes=0.0)
    assert len(list((run / FEATURES).iterdir())) == 3
    assert len(list((run / "scored").iterdir())) == 1
    np.testing.assert_array_equal(learnt[0].features, without.features)
    assert learnt[0].sources == without.sources, "all that was kept is learnt from"
    over = [message for message in messages if message.endswith("run the same command again to continue")]
    assert [f"with {1 + uploads} of" in over[0], "with 3 of 5 batches" in over[1]] == [True, True]
    fit_probe(fuller, run, quiet)
    at_once = tmp_path / "at once"
    fit_probe(fuller, at_once, quiet)
    assert load_file(chosen(run))["averaged.body.head.weight"].equal(
        load_file(chosen(at_once))["averaged.body.head.weight"]
    )


def test_the_head_is_the_regression_of_standardised_features(recipe) -> None:
    network, random = build(recipe).eval(), np.random.default_rng(1)
    is_fake = np.arange(80) % 2 == 1
    body = probe_of(network)
    width = body.head.in_features
    features = (random.normal(3, 2, (80, width)) + is_fake[:, None] * np.linspace(0, 2, width)).astype(np.float32)
    features[:, 0] = 7.0  # a feature that never changes
    sources = (frozenset({"a"}),) * 80
    fit_head(network, Learnt.of_batches(features, is_fake, sources), ProbeTable(1, 0.1), "here")
    standard = StandardScaler().fit_transform(features.astype(float))
    theirs = LogisticRegression(C=1 / (0.1 * 80), max_iter=500).fit(standard, is_fake).decision_function(standard)
    with torch.inference_mode():
        ours = body.classify(torch.from_numpy(features)).flatten().numpy()
    np.testing.assert_allclose(ours, theirs, atol=0.02)
    with pytest.raises(TrainingError, match="here: the batches hold one class only"):
        fit_head(network, Learnt.of_batches(features, np.ones(80, bool), sources), ProbeTable(1, 0.1), "here")


def test_plain_crops_and_cut_outs_are_learnt_from_too(recipe, tmp_path, monkeypatch) -> None:
    """Siblings leave out the plain crops of their fold as well; features of both kinds are kept."""
    plain = PlainTable(share=0.5, frames=1, kinds=("clip",))
    table = ProbeTable(batches=2, penalty=0.1, cut_outs=1, plain=plain)
    fuller, run = msgspec.structs.replace(recipe, probe=table), tmp_path / "run"
    learnt: list[Learnt] = []
    fit = probe_module.fit_head
    monkeypatch.setattr(probe_module, "fit_head", lambda *a: learnt.append(a[1]) or fit(*a))
    fit_probe(fuller, run, quiet)
    assert sorted(path.name for path in (run / FEATURES).iterdir()) == [
        "00000-cut-out.safetensors", "00000.safetensors", "00001.safetensors"
    ]  # fmt: skip
    first, cut = (load_file(run / FEATURES / f"00000{name}.safetensors")["features"] for name in ("", "-cut-out"))
    assert first.shape == cut.shape
    assert not first.equal(cut)
    whole, *siblings = learnt
    files = {row["part"] for row in load_index(Path(recipe.prepare.folder)) if row["kind"] == "clip"}
    assert {file for file in whole.files if file} == files
    folds = folds_of(recipe.source_folds, load_index(Path(recipe.prepare.folder)), recipe.fit.seed)
    for number, sibling in enumerate(siblings):
        named = [s for s, file in zip(sibling.sources, sibling.files, strict=True) if file]
        assert named
        assert all(folds[name] != number for sources in named for name in sources)
    monkeypatch.setattr(frozen_features, "plain_crops", lambda *_: pytest.fail("the features of these crops are kept"))
    write_features(fuller, run, quiet, frames=1, kinds=["clip"])
    strange = msgspec.structs.replace(table, plain=PlainTable(0.5, 1, ("video",)))
    with pytest.raises(TrainingError, match=r"no file is of the kinds video; correct \[probe.plain\]"):
        fit_probe(msgspec.structs.replace(recipe, probe=strange), tmp_path / "other", quiet)


def test_plain_crops_are_learnt_from_as_they_are_after_an_upload_too(recipe, tmp_path, monkeypatch) -> None:
    plain = PlainTable(share=0.5, frames=1, kinds=("clip",), uploads=True)
    both = msgspec.structs.replace(recipe, probe=ProbeTable(batches=1, penalty=0.1, plain=plain))
    learnt: list[Learnt] = []
    fit = probe_module.fit_head
    monkeypatch.setattr(probe_module, "fit_head", lambda *a: learnt.append(a[1]) or fit(*a))
    fit_probe(both, tmp_path / "run", quiet)
    whole = learnt[0]
    at = np.flatnonzero([bool(file) for file in whole.files])
    stored, uploaded = np.split(at, 2)
    assert [whole.files[n] for n in stored] == [whole.files[n] for n in uploaded]
    shift = np.abs(whole.features[stored] - whole.features[uploaded]).max(1)
    assert (shift > 0).all()
    weights = whole.weights(0.5)
    np.testing.assert_allclose(weights[stored], weights[uploaded])
    once = msgspec.structs.replace(both, probe=msgspec.structs.replace(both.probe, plain=PlainTable(0.5, 1, ("clip",))))
    fit_probe(once, tmp_path / "once", quiet)
    np.testing.assert_allclose(learnt[-3].weights(0.5)[-len(stored) :], 2 * weights[stored])


def test_plain_crops_weigh_by_class_group_and_file() -> None:
    """Two crops of batches, then originals: a file of two crops alone in its group, four files of another; one fake."""
    files = ("", "", "a", "a", "b", "c", "d", "e", "f")
    groups = ("", "", "one", "one", *["two"] * 4, "one")
    is_fake = np.array([False, True, *[False] * 6, True])
    learnt = Learnt(np.zeros((9, 1), np.float32), is_fake, (frozenset({"s"}),) * 9, files, groups)
    found = learnt.weights(0.6)
    np.testing.assert_allclose(found, [0.2, 0.2, 0.05, 0.05, *[0.05] * 4, 0.3])
    np.testing.assert_allclose(Learnt.of_batches(learnt.features, is_fake, learnt.sources).weights(0.0), 1 / 9)


def test_the_table_of_tracks_is_what_each_network_says(recipe, tmp_path, monkeypatch) -> None:
    run = tmp_path / "run"
    fit_probe(recipe, run, quiet)
    write_features(recipe, run, quiet, frames=1, kinds=["clip"])
    rows = list(csv.DictReader((run / TRACKS).read_text().splitlines()))
    crops = [row for row in load_index(Path(recipe.prepare.folder)) if row["crop"] == 1]
    for column, name in (("shipped", "."), ("sibling_1", "fold-1")):
        scored = logits_of(averaged_network(recipe, run / name), plain_crops(recipe, crops), recipe)
        np.testing.assert_allclose([float(row[column]) for row in rows], scored, atol=2e-3)
    monkeypatch.setattr(frozen_features, "plain_crops", lambda *_: pytest.fail("the features of these crops are kept"))
    write_features(recipe, run, quiet, frames=1, kinds=["clip"])


def test_folds_are_those_of_the_fit_whatever_kinds_are_scored(recipe, tmp_path, monkeypatch) -> None:
    run, index = tmp_path / "run", load_index(Path(recipe.prepare.folder))
    fit_probe(recipe, run, quiet)
    folds = folds_of(recipe.source_folds, index, recipe.fit.seed)
    one = next(source for source in folds if folds[source] == 0)
    changed = [{**row, "kind": "still"} if source_of(row) == one else row for row in index]
    monkeypatch.setattr(features_module, "training_rows", lambda _: changed)
    scored = load_file(write_features(recipe, run, quiet, kinds=["clip"]))
    rows = [row for row in changed if row["kind"] == "clip"]
    assert scored["folds"].tolist() == [folds[source_of(row)] for row in rows]


def test_only_networks_that_there_are_can_be_fitted(recipe, tmp_path) -> None:
    with pytest.raises(TrainingError, match=r"no network 'fold-2' .*; name some of full, fold-0, fold-1\."):
        fit_probe(recipe, tmp_path / "run", quiet, only=["fold-2"])
    fit_probe(recipe, tmp_path / "run", quiet, only=["fold-1"])
    assert not (tmp_path / "run/final.safetensors").exists()


def table_of(path: Path, factor: float, tracks: list[int], folds: int = 2) -> None:
    """A table of tracks, of which one after the other is in the next fold; logits grow by `factor` a track."""
    lines = [",".join(["file,group,kind,family,label,fold,frames", *(f"sibling_{k}" for k in range(folds)), "shipped"])]
    for n in tracks:
        logits = ",".join(f"{factor * (n + k)}" for k in range(folds + 1))
        lines.append(f"t{n},g{n},clip,face swap,fake,{n % folds},1,{logits}")
    path.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("weight", [0.5, 0.65])
def test_joined_networks_are_the_weighted_mean_of_both_on_one_scale(recipe, tmp_path, weight: float) -> None:
    bundle, tracks = tmp_path / "bundle", tmp_path / "tracks.csv"
    bundle.mkdir()
    table_of(bundle / TRACKS, 1.0, list(range(40)))
    table_of(tracks, 0.5, [*reversed(range(40)), 99])
    lora = msgspec.structs.replace(
        recipe.network, architecture="lora", args={}, lora=LoraTable(base="tiny", rank=2)
    )  # fmt: skip
    args = architecture_args(lora)
    first = networks.build("lora", args)
    first.body.head.weight.data.fill_(0.01)
    save_file(first.state_dict(), bundle / "deep.safetensors")
    second = build(recipe).eval()
    second.body.head.weight.data.fill_(0.02)

    def card(architecture: str, args: dict) -> DeepCard:
        return DeepCard("", architecture, args, 32, (0.5,) * 3, (0.5,) * 3, "body.body.x", NO_LIMITS, NO_LIMITS)

    old, new = card("lora", args), card("probe", architecture_args(recipe.network))
    learnt = second.body.state_dict()
    joined, weights, text = join(bundle, old, new, learnt, tracks, weight, quiet)
    rows = list(csv.DictReader(text.decode().splitlines()))
    assert [row["group"] for row in rows] == [f"g{n}" for n in reversed(range(40))]
    own = np.array([n + n % 2 for n in range(40)], float)
    scale = own.std() / (own.std() * 0.5)
    assert float(rows[36]["shipped"]) == pytest.approx((1 - weight) * 5 + weight * scale * 2.5, abs=1e-3)
    assert joined.target_layer == "body.members.0.body.x"
    both = networks.build("ensemble", joined.architecture_args).eval()
    both.load_state_dict(weights)
    x = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        expected = (1 - weight) * first.eval()(x) + weight * scale * second(x)
        torch.testing.assert_close(both(x), expected, atol=1e-5, rtol=1e-4)
    assert joined.base_sha256 == args["base_sha256"]
    assert json.loads(json.dumps(joined.architecture_args)) == joined.architecture_args
    assert list(rows[0]) == list(csv.DictReader(tracks.read_text().splitlines()).fieldnames or [])
    table_of(tracks, 0.5, list(range(40)), folds=5)
    with pytest.raises(TrainingError, match=r"have 20 tracks in common, .*with folds that lie within the bundle's"):
        join(bundle, old, new, learnt, tracks, weight, quiet)
    table_of(tracks, 0.5, list(range(40, 80)))
    with pytest.raises(TrainingError, match="have 0 tracks in common"):
        join(bundle, old, new, learnt, tracks, weight, quiet)
    with pytest.raises(TrainingError, match="no single deep network to join with"):
        join(bundle, joined, new, learnt, tracks, weight, quiet)


def test_a_network_with_finer_folds_is_joined_with_the_siblings_around_them(recipe, tmp_path) -> None:
    """Folds 0 to 3 of the new network lie in 0 and 1 of the bundle's; no track is of fold 4, which has no column."""
    bundle, tracks = tmp_path / "bundle", tmp_path / "tracks.csv"
    bundle.mkdir()
    table_of(bundle / TRACKS, 1.0, list(range(40)))
    table_of(tracks, 1.0, [n for n in range(49) if n % 5 < 4], folds=5)
    lines = list(csv.DictReader(tracks.read_text().splitlines()))
    for number, line in enumerate(lines):
        line["file"], line["fold"], line["label"] = f"t{number}", str(number % 4), "fake" if number > 15 else "real"
    with tracks.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    save_file({"head.weight": torch.ones(1, 1)}, bundle / "deep.safetensors")
    card = DeepCard("", "probe", {}, 32, (0.5,) * 3, (0.5,) * 3, "body.x", NO_LIMITS, NO_LIMITS)
    _, _, text = join(bundle, card, card, {}, tracks, 0.5, quiet)
    joined = list(csv.DictReader(text.decode().splitlines()))
    assert [name for name in joined[0] if name.startswith("sibling_")] == [f"sibling_{k}" for k in range(4)]
    old = list(csv.DictReader((bundle / TRACKS).read_text().splitlines()))
    own = [np.array([float(row[f"sibling_{row['fold']}"]) for row in table]) for table in (old, lines)]
    scale = own[0].std() / own[1].std()
    for k in (0, 2, 3):
        expected = (float(old[7][f"sibling_{k % 2}"]) + scale * float(lines[7][f"sibling_{k}"])) / 2
        assert float(joined[7][f"sibling_{k}"]) == pytest.approx(expected, abs=1e-3)
    assert joined[7]["sibling_1"] == "", "of fold 3, so one of the two learnt it and the other did not"
    (tmp_path / "joined.csv").write_bytes(text)
    order = np.argsort(read(tmp_path / "joined.csv")["clip"].logits, kind="stable")
    np.testing.assert_array_equal(order, np.argsort(own[0] + scale * own[1], kind="stable"))
    joined[7]["sibling_3"] = ""
    with pytest.raises(TrainingError, match="a track has no logit of the sibling that did not learn it"):
        parse("\n".join(",".join(each) for each in ([*joined[0]], *(row.values() for row in joined))).encode(), tracks)


def test_a_bundle_gets_low_rank_updates_and_then_a_probe_beside_them(recipe, tmp_path) -> None:
    sample = Sample(tmp_path / "a", "clip", False, "", "", "", "", "mine: a", "CC0")
    theirs = DataSource("mine", "CC0", 3, 4), DataSource("theirs", "CC0", 1, 2)
    run, fast = tmp_path / "run", make_bundle(tmp_path / "fast", trained_on=theirs, crop_margin=0.2)
    fit_probe(recipe, run, quiet)
    write_features(recipe, run, quiet, frames=1)
    network = msgspec.structs.replace(recipe.network, architecture="lora", args={}, lora=LoraTable(base="tiny", rank=2))
    lora = msgspec.structs.replace(recipe, network=network, probe=None)
    updates = tmp_path / "updates.safetensors"
    save_file(build(lora).body.state_dict(), updates)
    first, second = tmp_path / "first", tmp_path / "second"
    with pytest.raises(TrainingError, match=r"updates.safetensors is not a table of left-out tracks"):
        add_deep(fast, updates, updates, lora, [], first, "1", quiet)
    add_deep(fast, updates, run / TRACKS, lora, [], first, "1", quiet)
    heavy = msgspec.structs.replace(recipe, probe=msgspec.structs.replace(recipe.probe, joined_weight=0.75))
    card = add_deep(first, chosen(run), run / TRACKS, heavy, [sample], second, "2", quiet, joins=True)
    assert card.deep_network.startswith("the mean of 2 networks: low-rank updates of tiny, a linear classifier")
    assert [rates.level for rates in card.error_rates].count("screening") == 1
    assert card.quality_bands == find_bundle(str(first)).card.quality_bands
    assert [(source.name, source.n_real) for source in card.trained_on] == [("mine", 1), ("theirs", 1)]
    crops = plain_crops(recipe, load_index(Path(recipe.prepare.folder))[:3])
    alone, both = (Detector.load(find_bundle(str(folder)), "cpu").deep for folder in (first, second))
    assert alone is not None
    assert both is not None
    probed = logits_of(averaged_network(recipe, run), crops, recipe)
    np.testing.assert_allclose(both.logits(crops), 0.25 * alone.logits(crops) + 0.75 * probed, atol=5e-3)
