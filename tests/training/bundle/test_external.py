"""Rates on other sources come first on the card, and only for the weights that were scanned."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from inspector.domain.errors import TrainingError
from inspector.domain.geometry import Box
from inspector.domain.model_card import DataSource
from inspector.domain.settings import Settings
from inspector.engine.model.bundle import find_bundle
from tests.fakes import make_bundle
from training.__main__ import main
from training.bundle.external import measure_external
from training.measure.bootstrap import rate_over_groups, wilson
from training.sources import Sample

SAMPLE = Sample(Path("a"), "clip", False, "m", "i", "", "public", "s", "l")


def scan(folder: Path, sha256: str) -> list[Sample]:
    """Two clips: one pair in one frame (the fake half called, the other not), and a fake that was missed."""
    halves = [
        {"median_box": {"x": x, "y": 10, "width": 20, "height": 20}, "frames_scored": n, "conclusion": c}
        for x, n, c in [(10, 50, "no manipulation indicated"), (12, 3, "manipulation indicated"),
                        (110, 50, "manipulation indicated")]
    ]  # fmt: skip
    for name, tracks, conclusion in (("pair", halves, "manipulation indicated"), ("missed", [], "inconclusive")):
        (folder / name).mkdir(parents=True)
        report = {"model": {"sha256": sha256}, "tracks": tracks, "summary": {"conclusion": conclusion}}
        report["settings"] = asdict(Settings())
        (folder / name / "report.json").write_text(json.dumps(report))
    clips = [{"path": str(folder / f"{n}.mp4"), "folder": n, "status": "analysed"} for n in ("pair", "missed")]
    (folder / "summary.json").write_text(json.dumps({"clips": clips}))
    left, right = Box(0, 0, 100, 100), Box(100, 0, 100, 100)
    pair = replace(SAMPLE, path=folder / "pair.mp4")
    return [
        replace(pair, region=left),
        replace(pair, region=right, is_fake=True),
        replace(SAMPLE, path=folder / "missed.mp4", is_fake=True),
    ]


def test_rates_come_from_the_labelled_part_of_the_frame_and_are_first(tmp_path: Path):
    bundle = make_bundle(tmp_path / "bundle")
    samples = scan(tmp_path / "scan", find_bundle(str(bundle)).card.sha256)
    for _ in range(2):  # measuring again replaces, and does not pile up
        rates = measure_external(samples, tmp_path / "scan", bundle, lambda _: None)
        card = find_bundle(str(bundle)).card
        assert card.error_rates[0] == rates
        assert len(card.error_rates) == 2
    assert (rates.false_positive_rate, rates.n_real) == (0.0, 1)
    assert (rates.false_negative_rate, rates.n_fake) == (0.5, 2)
    assert rates.inconclusive_rate == pytest.approx(1 / 3, abs=1e-4)
    assert rates.false_positive_interval[1] > 0.5, "one original says little"


def test_other_weights_or_missing_files_measure_nothing(tmp_path: Path):
    bundle = make_bundle(tmp_path / "bundle")
    samples = scan(tmp_path / "scan", "another")
    with pytest.raises(TrainingError, match="other weights"):
        measure_external(samples, tmp_path / "scan", bundle, lambda _: None)
    with pytest.raises(TrainingError, match="lacks"):
        measure_external([replace(SAMPLE, path=tmp_path / "b.mp4")], tmp_path / "scan", bundle, lambda _: None)
    assert len(find_bundle(str(bundle)).card.error_rates) == 1


def test_a_scan_that_left_frames_out_or_wrote_no_reports_measures_nothing(tmp_path: Path):
    bundle = make_bundle(tmp_path / "bundle")
    samples = scan(tmp_path / "scan", find_bundle(str(bundle)).card.sha256)
    path = tmp_path / "scan/missed/report.json"
    report = json.loads(path.read_text())
    path.write_text(json.dumps(report | {"settings": asdict(Settings(every=5, end_seconds=2.0))}))
    with pytest.raises(TrainingError, match="scan was made with --every and --end, which"):
        measure_external(samples, tmp_path / "scan", bundle, lambda _: None)
    path.unlink()  # --report none
    with pytest.raises(TrainingError, match=r"report\.json is missing; scan again into another folder, with --report"):
        measure_external(samples, tmp_path / "scan", bundle, lambda _: None)


def test_another_split_has_rates_of_its_own_beside_those_of_public(tmp_path: Path):
    bundle = make_bundle(tmp_path / "bundle")
    samples = scan(tmp_path / "scan", find_bundle(str(bundle)).card.sha256)
    for split in ("public", "test", "test"):
        measure_external(samples, tmp_path / "scan", bundle, lambda _: None, split)
    first, second, _ = find_bundle(str(bundle)).card.error_rates
    assert "official test split" in first.measured_on
    assert "training never saw" in second.measured_on
    with pytest.raises(TrainingError, match="'train' is also trained on; name one of public, test"):
        measure_external(samples, tmp_path / "scan", bundle, lambda _: None, "train")
    with pytest.raises(TrainingError, match="no clips and stills of both classes"):
        measure_external(samples[1:], tmp_path / "scan", bundle, lambda _: None)


def test_the_command_measures_the_split_that_it_is_given(tmp_path: Path, monkeypatch, capsys):
    bundle = make_bundle(tmp_path / "bundle")
    scan(tmp_path / "scan", find_bundle(str(bundle)).card.sha256)
    files = [("test", "pair", "real"), ("test", "missed", "fake"), ("public", "x", "fake")]
    rows = [f"{tmp_path}/scan/{name}.mp4,clip,{split},{label},m,{name},,,s,l" for split, name, label in files]
    header = "path,kind,split,label,method,identity,pair,region,source,licence"
    (tmp_path / "manifest.csv").write_text("\n".join([header, *rows]))
    recipe = (Path(__file__).parents[3] / "training/recipes/default.toml").read_text()
    (tmp_path / "recipe.toml").write_text(recipe.replace("../shared/data/manifest.csv", str(tmp_path / "manifest.csv")))
    command = ["measure", str(tmp_path / "recipe.toml"), "--folder", str(tmp_path / "scan"), "--out", str(bundle)]
    assert main([*command, "--split", "test"]) == 0
    assert find_bundle(str(bundle)).card.error_rates[0].n_fake == 1
    assert main(command) == 1
    assert "split 'public', holds fakes only" in capsys.readouterr().err


def test_kinds_and_sources_that_the_bundle_learnt_are_named(tmp_path: Path):
    learnt = tuple(DataSource(name, "l", 1, 1) for name in ("elsewhere", SAMPLE.source))
    bundle = make_bundle(tmp_path / "bundle", trained_on=learnt[:1])
    samples = scan(tmp_path / "scan", find_bundle(str(bundle)).card.sha256)
    samples = [
        replace(s, method="talking head: One" if s.is_fake else "m", identity=f"{n}") for n, s in enumerate(samples)
    ]
    kinds = ("talking head: Two (512 px)", "GAN portrait (x)")
    trained = [replace(SAMPLE, is_fake=True, method=m, source="elsewhere: a.mp4") for m in kinds]
    rates = measure_external(samples, tmp_path / "scan", bundle, lambda _: None, trained=trained)
    assert rates.measured_on.endswith("; of their fakes these kinds were trained on: talking head")
    others = [replace(sample, source="ours: a.mp4") for sample in trained]
    same = measure_external(samples, tmp_path / "scan", bundle, lambda _: None, trained=others)
    assert same.measured_on == "clips and stills of sources that training never saw, every frame"
    make_bundle(bundle, trained_on=learnt)
    known = measure_external(samples, tmp_path / "scan", bundle, lambda _: None)
    assert f"; except {len(samples)} labels of sources that were trained on: {SAMPLE.source}" in known.measured_on
    assert len(find_bundle(str(bundle)).card.error_rates) == 2, "another wording replaces it all the same"


def test_people_with_several_clips_widen_the_interval():
    hits = [number % 4 == 0 for number in range(20)]
    alone, (low, high) = rate_over_groups(hits * 5, [f"{n}" for n in range(100)])
    shared, (lower, higher) = rate_over_groups(hits * 5, [f"{n}" for n in range(20)] * 5)
    assert alone == shared == 0.25
    assert lower < low < 0.25 < high < higher
    lopsided = rate_over_groups([True] * 9 + [False], ["one"] * 9 + ["other"], each_once=True)
    assert lopsided[0] == 0.5, "nine hits of one person are one person's"
    assert rate_over_groups([False] * 9, ["one"] * 9)[1] == pytest.approx(wilson(0, 1), abs=1e-4)
