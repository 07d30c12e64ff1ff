"""Networks that leave out sources: side by side, in slices, and measured on what they never saw."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import Platt
from training.fit import crossfit
from training.fit.batch.batches import Batch, Batches
from training.fit.checkpoint import averaged_network, begin_run, chosen
from training.fit.crossfit import fit_folds, names
from training.fit.distil import Teacher
from training.fit.loop import fit
from training.fit.score import logits_of, plain_crops
from training.fit.train import train
from training.measure import ablate as ablate_module
from training.measure import calibrate as calibration
from training.measure import evaluate as evaluation
from training.measure import features
from training.measure.ablate import variants
from training.measure.by_source import by_family
from training.measure.calibrate import CROSS_FITTED, calibrate_run
from training.measure.cost import Cost
from training.measure.evaluate import evaluate_run, read_evaluation
from training.measure.features import FILE, write_features
from training.measure.held_out import held_out_tracks
from training.measure.left_out import TRACKS
from training.measure.left_out import read as read_tracks
from training.measure.tracks import AS_RECORDED
from training.prepare.folds import source_folds, source_of
from training.prepare.index import load_index
from training.prepare.parts import write_index
from training.recipe import DistilTable, Recipe, SourceFoldsTable


def quiet(_: str) -> None:
    """Ignore a message."""


def folds_of(recipe: Recipe) -> dict[str, int]:
    return source_folds(load_index(Path(recipe.prepare.folder)), 2, recipe.fit.seed)


def test_a_folds_network_never_learns_from_its_sources_and_all_take_turns(sources, tmp_path, monkeypatch):
    learnt: list[tuple[int, set[str], int]] = []
    call = crossfit.Learner.__call__

    def noted(self: crossfit.Learner, batches: list[Batch]) -> list[float]:
        learnt.append(
            (id(self), {name for batch in batches for of in batch.sources for name in of}, len(batches[0].labels))
        )
        return call(self, batches)

    monkeypatch.setattr(crossfit.Learner, "__call__", noted)
    messages: list[str] = []
    paths = fit_folds(sources, tmp_path / "run", messages.append)
    assert [path.parent.name for path in paths] == ["run", "fold-0", "fold-1"]
    folds = folds_of(sources)
    by_network: dict[int, set[str]] = {}
    for network, names_, crops in learnt:
        by_network.setdefault(network, set()).update(names_)
        assert crops <= 4, "two pairs at most"
    left = [frozenset(name for name, fold in folds.items() if fold == k) for k in (0, 1)]
    assert sum(bool(seen & left[0]) and bool(seen & left[1]) for seen in by_network.values()) <= 1, "the full one only"
    assert any(not seen & left[0] for seen in by_network.values())
    assert any(not seen & left[1] for seen in by_network.values())
    steps = []
    for path in paths:
        with safe_open(path, "pt") as file:
            steps.append(file.metadata()["step"])
    assert steps == ["4", "4", "4"]
    assert "crops/s made" in messages[-1]


def test_kept_pairs_are_learnt_from_again_and_never_by_a_fold_that_leaves_them_out(sources, tmp_path, monkeypatch):
    table = SourceFoldsTable(count=2, pairs=3, kept=40, steps_per_batch=9)
    recipe = msgspec.structs.replace(
        sources, source_folds=table, fit=msgspec.structs.replace(sources.fit, steps=9, save_every=9)
    )
    drawn: list[tuple[frozenset[str], int, bool]] = []
    draw = crossfit.Replay.draw

    def noted(self, pairs, left_out, number, *, is_fresh):
        drawn.append((left_out, number, is_fresh))
        return draw(self, pairs, left_out, number, is_fresh=is_fresh)

    monkeypatch.setattr(crossfit.Replay, "draw", noted)
    messages: list[str] = []
    fit_folds(recipe, tmp_path / "run", messages.append)
    assert len(drawn) == len({number for _, number, _ in drawn}) == 27, "three networks, nine steps each"
    assert [is_fresh for *_, is_fresh in drawn[:3]] == [True, False, False]
    folds = folds_of(sources)
    left = {frozenset(name for name, fold in folds.items() if fold == k) for k in (0, 1)}
    assert {of for of, *_ in drawn} == left | {frozenset()}
    fit_folds(
        msgspec.structs.replace(recipe, fit=msgspec.structs.replace(recipe.fit, steps=18)), tmp_path / "run", quiet
    )
    with safe_open(tmp_path / "run/fold-0/final.safetensors", "pt") as file:
        assert file.metadata()["step"] == "18"


def test_slices_end_where_an_unbroken_run_does(sources, tmp_path):
    fit_folds(sources, tmp_path / "whole", quiet)
    for _ in range(3):
        fit_folds(sources, tmp_path / "sliced", quiet, minutes=1e-9)
    for name in ("", "fold-0", "fold-1"):
        whole, sliced = (load_file(tmp_path / of / name / "last.safetensors") for of in ("whole", "sliced"))
        assert whole.keys() == sliced.keys()
        assert all(whole[key].equal(sliced[key]) for key in whole)


def test_one_network_of_the_folds_alone(sources, tmp_path):
    train(sources, tmp_path / "run", quiet, only=["fold-1"])
    assert (tmp_path / "run/fold-1/final.safetensors").exists()
    assert not (tmp_path / "run/last.safetensors").exists()
    with pytest.raises(TrainingError, match=r"no network 'fold-2'.*full, fold-0, fold-1"):
        train(sources, tmp_path / "run", quiet, only=["fold-2"])
    with pytest.raises(TrainingError, match="leave --only out"):
        train(msgspec.structs.replace(sources, source_folds=None), tmp_path / "other", quiet, only=["full"])


def test_every_file_is_scored_by_the_network_that_left_its_source_out(sources, tmp_path, monkeypatch, plots):
    run = tmp_path / "run"
    fit_folds(sources, run, quiet)
    tracks = [t for t in held_out_tracks(sources, run, quiet) if t.condition == AS_RECORDED]
    assert len(tracks) == 8
    folds = folds_of(sources)
    for track in tracks:
        fold = folds[source_of({"source": track.source})]
        network = averaged_network(sources, run / f"fold-{fold}")
        rows = [row for row in load_index(Path(sources.prepare.folder)) if row["part"] == track.part]
        np.testing.assert_allclose(track.logits, logits_of(network, plain_crops(sources, rows), sources), atol=1e-5)
    assert {track.group for track in tracks} == {f"owner{n}/repo" for n in range(4)}
    monkeypatch.setattr(calibration, "maps", lambda *_: (Platt(1.0, 0.0), Platt(1.0, 0.0)))
    monkeypatch.setattr(evaluation, "measure_cost", lambda *_: Cost(1, 1.0, "cpu", 1.0, 1.0, None))
    messages: list[str] = []
    outcome = calibrate_run(sources, run, messages.append)
    assert "each scored by one of 2 networks that never saw it" in outcome.calibration.measured_on
    assert {rates.counted for rates in outcome.error_rates} == {CROSS_FITTED}
    assert outcome.calibration.n_identities == 4
    assert any("sources with originals are held out" in line and "add sources" in line for line in messages)
    evaluate_run(sources, run, quiet)
    table = (run / "by_source.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in table] == ["source", *(f"owner{n}/repo" for n in range(4))]
    assert "| face swap, same sources | 4 | 4 |" in (run / "by_family.md").read_text()
    assert "also of faces that the program would not score" in (run / "by_family.md").read_text()
    assert "also of faces that the program would not score" in read_evaluation(run / "evaluation.json").measured_on
    assert (run / "plots/mistakes.png").exists()
    families = by_family(tracks)
    assert families["all"]["pairs"] == 4


def test_features_tell_what_each_network_saw(sources, tmp_path):
    run = tmp_path / "run"
    fit_folds(sources, run, quiet)
    path = write_features(sources, run, quiet)
    assert path.name == FILE
    found = load_file(path)
    rows = list(load_index(Path(sources.prepare.folder)))
    assert found["folds"].tolist() == [folds_of(sources)[source_of(row)] for row in rows]
    assert found["is_fake"].tolist() == [int(row["is_fake"]) for row in rows]
    for name in names(sources.source_folds):
        features = found[f"{name}.features"].float() * found[f"{name}.scales"][:, None]
        head = averaged_network(sources, crossfit.folder_of(run, name)).get_submodule("body.classifier")
        again = features @ head.weight[0].detach() + head.bias.detach()
        torch.testing.assert_close(again, found[f"{name}.logits"], atol=2e-2, rtol=2e-2)
    tracks = read_tracks(run / TRACKS)["clip"]
    assert len(tracks.logits) == len({row["part"] for row in rows}), "one row per file"
    assert tracks.count(is_fake=True) == 4


def test_a_student_follows_its_teacher(sources, tmp_path, monkeypatch):
    big = msgspec.structs.replace(sources, source_folds=None, name="big")
    network = msgspec.structs.replace(big.network, input_size=48)
    rows = [row | {"is_held_out": row["group"] == "g0"} for row in load_index(Path(sources.prepare.folder))]
    big = msgspec.structs.replace(big, network=network)
    fit(big, tmp_path / "big", quiet, rows)
    monkeypatch.setattr("training.fit.distil.load", lambda _: big)
    table = DistilTable(recipe="big.toml", run=str(tmp_path / "big"), weight=0.75)
    teacher = Teacher(table, sources, torch.device("cpu"))
    crops = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)
    labels = torch.tensor([0.02, 0.98, 0.02])
    with torch.no_grad():
        large = torch.nn.functional.interpolate(
            torch.from_numpy(crops).permute(0, 3, 1, 2).float(), (48, 48), mode="bilinear", antialias=True
        )
        logits = averaged_network(big, tmp_path / "big")((large / 255 - 0.5) / 0.5)
    expected = 0.25 * labels + 0.75 * logits.sigmoid()
    torch.testing.assert_close(teacher.targets(crops, labels), expected, atol=1e-4, rtol=1e-4)
    student = msgspec.structs.replace(sources, source_folds=None, distil=table)
    fit(student, tmp_path / "student", quiet, rows)
    plain = msgspec.structs.replace(sources, source_folds=None)
    fit(plain, tmp_path / "plain", quiet, rows)
    taught, alone = (load_file(chosen(tmp_path / of)) for of in ("student", "plain"))
    assert any(not taught[name].equal(alone[name]) for name in taught)
    wide = msgspec.structs.replace(sources, network=msgspec.structs.replace(sources.network, margin=0.5))
    with pytest.raises(TrainingError, match=r"cuts other crops than big\.toml"):
        Teacher(table, wide, torch.device("cpu"))
    with pytest.raises(TrainingError, match=r"leaves out other sources than big\.toml, its teacher"):
        Teacher(table, sources, torch.device("cpu"), "fold-0")


def test_an_ablation_measures_the_first_folds_network_on_what_it_left_out(sources, tmp_path, monkeypatch):
    recipe = msgspec.structs.replace(sources, calibrate=msgspec.structs.replace(sources.calibrate, files=0))
    found = variants(recipe, [], "owner1")
    assert list(found) == ["whole", "another seed", "without real pairs", "without forged pairs", "without owner1"]
    assert found["without real pairs"].batch.pairs == found["without forged pairs"].batch.real_pairs.count == 4
    assert found["without forged pairs"].batch.pairs == 0
    trained: list[object] = []

    def noted(variant, run, log, *, only):
        trained.append(only)
        return train(variant, run, log, only=only)

    monkeypatch.setattr(ablate_module, "train", noted)
    out = tmp_path / "table.md"
    chosen_ones = ["without forged pairs"]
    ablate_module.ablate(recipe, [], tmp_path / "runs", out, 1, quiet, only=chosen_ones)
    assert trained == [["fold-0"], ["fold-0"]]
    rows = [line.split(" | ")[0] for line in out.read_text().splitlines() if line.startswith("| ")]
    assert rows == ["| variant", "| whole", "| whole, 1 frame", "| without forged pairs"]
    left = sum(fold == 0 for fold in folds_of(recipe).values())
    assert f"| whole | {left}.000 | {left}.000 |" in out.read_text(), "an original and a fake of each source"
    with pytest.raises(TrainingError, match=r"no variant 'rank 3'; name some of whole, another seed"):
        ablate_module.ablate(recipe, [], tmp_path / "runs", out, 1, quiet, only=["rank 3"])


def test_files_that_a_recipe_goes_without_are_not_drawn(sources):
    recipe = msgspec.structs.replace(sources, batch=msgspec.structs.replace(sources.batch, without="/s0.bin"))
    rows = list(load_index(Path(sources.prepare.folder)))
    batch = Batches(recipe, rows, 10, seed=1)[0]
    assert batch.pairs == 4
    assert all("owner0/repo" not in of for of, label in zip(batch.sources, batch.labels, strict=True) if not label)


def test_a_file_that_was_learnt_cannot_change_its_fold(sources, tmp_path):
    rows, run = crossfit.training_rows(sources), tmp_path / "run"
    folds = crossfit.folds_of_run(sources, run, rows)
    assert not run.exists(), "a folder that another command was given by mistake"
    begin_run(sources, run)
    one, other = (next(name for name in folds if folds[name] == fold) for fold in (0, 1))
    swapped = {one: other, other: one}
    renamed = [row | {"source": swapped.get(source_of(row), source_of(row))} for row in rows]
    for given in (renamed, rows):
        assert crossfit.folds_of_run(sources, run, given) == folds, "nothing is learnt yet"
    (run / "last.safetensors").touch()
    assert crossfit.folds_of_run(sources, run, rows) == folds
    with pytest.raises(TrainingError, match=r"learnt .* as of another fold of sources \(4 files .* another run folder"):
        crossfit.folds_of_run(sources, run, renamed)
    more = msgspec.structs.replace(sources, source_folds=msgspec.structs.replace(sources.source_folds, count=3))
    with pytest.raises(TrainingError, match=r"another recipe \(source_folds\.count was 2 and is 3\)"):
        fit_folds(more, run, quiet)


def test_who_is_held_out_in_all_folds_moves_none_and_has_no_features(sources, tmp_path, monkeypatch):
    folder, run = Path(sources.prepare.folder), tmp_path / "run"
    write_index([(folder / f"parts/{n}.safetensors", f"g{n // 2}", n < 2) for n in range(8)], folder)
    begin_run(sources, run)
    folds = crossfit.folds_of_run(sources, run, crossfit.training_rows(sources))
    (run / "last.safetensors").touch()
    scored = [(name, np.zeros(12, np.float32), None) for name in names(sources.source_folds)]
    monkeypatch.setattr(features, "_by_networks", lambda *_: iter(scored))
    tensors = load_file(write_features(sources, run, quiet))
    assert set(folds) == {f"owner{n}/repo" for n in (1, 2, 3)}
    assert tensors["folds"].tolist() == [folds[f"owner{n}/repo"] for n in (1, 2, 3) for _ in range(4)]
