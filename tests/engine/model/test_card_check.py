"""Cards of strangers: what they state decides what a report says, so nonsense is refused and strangers are named."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from inspector.domain.errors import BundleError
from inspector.domain.known_models import KNOWN_MODELS, is_known
from inspector.domain.model_card import ModelCard, Platt, ReferenceScore
from inspector.engine.codec import from_json, from_msgpack, to_json
from inspector.engine.model import detector as detector_module
from inspector.engine.model.bundle import CARD, DEFAULT_BUNDLE, find_bundle, has_default
from inspector.engine.model.card_check import objections
from inspector.engine.model.detector import Detector
from inspector.engine.model.reference import TOLERANCE, noise_crop
from tests.fakes import DEEP_LIMITS, make_bundle, make_card, make_deep_bundle
from training.bundle.reference import add_reference

INFINITE, NONE = float("inf"), float("nan")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bundle(tmp_path_factory.mktemp("bundle"))


@pytest.fixture
def card(folder: Path) -> ModelCard:
    return make_card(folder / "weights.safetensors")


def test_an_ordinary_card_has_no_objection(card: ModelCard):
    assert list(objections(card)) == []


@pytest.mark.parametrize("slope", [0.0, -1.0, 1e6, INFINITE, NONE])
@pytest.mark.parametrize("level", ["frame", "track"])
def test_a_calibration_must_rise_with_the_logit(card: ModelCard, level: str, slope: float):
    platt, kept = Platt(slope, 0.0), card.calibration
    inverted = replace(kept, frame=platt) if level == "frame" else replace(kept, track=platt)
    assert "a calibration does not rise" in " ".join(objections(replace(card, calibration=inverted)))


@pytest.mark.parametrize(
    "changes",
    [
        {"false_positive_rate": -3.0},
        {"false_negative_rate": 1.01},
        {"inconclusive_rate": NONE},
        {"false_positive_interval": (0.2, 0.1)},
        {"n_real": -1},
    ],
)
def test_error_rates_are_shares(card: ModelCard, changes: dict):
    rates = (replace(card.error_rates[0], **changes),)
    assert "an error rate or its interval is not a share" in " ".join(objections(replace(card, error_rates=rates)))


def test_the_layer_of_the_heat_maps_is_named(card: ModelCard):
    assert list(objections(card)) == []
    assert list(objections(replace(card, target_layer=""))) == ["target_layer is empty"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mean": (0.5, INFINITE, 0.5)}, "not finite"),
        ({"metrics": {"x": NONE}}, "not finite"),
        ({"std": (0.5, 0.5, 1e-9)}, "std"),
        ({"threshold": None}, "out of order"),
        ({"architecture_args": {"members": [{"architecture": "ensemble", "args": {}}] * 17}}, "17 networks"),
    ],
)
def test_numbers_and_networks_are_bounded(card: ModelCard, changes: dict, message: str):
    if changes.get("threshold", 0) is None:
        changes = {"threshold": replace(card.threshold, low=0.95)}
    assert message in " ".join(objections(replace(card, **changes)))


@pytest.mark.parametrize("name", ["name", "version", "architecture", "target_layer"])
def test_names_are_short_enough_for_a_sentence(card: ModelCard, name: str) -> None:
    """A layer of 100,000 characters was repeated whole in the sentence that refused it."""
    changes: dict[str, Any] = {name: "x" * 100_000}
    found = list(objections(replace(card, **changes)))
    assert found == ["a name in it has more than 200 characters"]


def test_an_ensemble_of_ensembles_counts_all_its_networks(card: ModelCard, tmp_path: Path):
    inner = {"architecture": "ensemble", "args": {"members": [{"architecture": "mobilenetv2_035"}] * 16}}
    bomb = to_json(replace(card, architecture="ensemble", architecture_args={"members": [inner] * 16}))
    copy = make_bundle(tmp_path)
    (copy / CARD).write_bytes(bomb)
    with pytest.raises(BundleError, match="272 networks"):
        find_bundle(str(copy))


def test_the_deep_networks_calibration_must_rise_too(tmp_path: Path):
    limits = replace(DEEP_LIMITS, calibration=Platt(-0.5, 0.0))
    good = find_bundle(str(make_deep_bundle(tmp_path))).card
    assert good.deep is not None
    assert list(objections(good)) == []
    assert list(objections(replace(good, deep=replace(good.deep, stills=limits)))) != []


def test_a_deeply_nested_card_is_one_sentence(folder: Path, tmp_path: Path):
    copy = make_bundle(tmp_path)
    text = (folder / CARD).read_bytes().replace(b'"architecture_args": {}', b'"architecture_args": {"a": NEST}')
    (copy / CARD).write_bytes(text.replace(b"NEST", b"[" * 20_000 + b"]" * 20_000))
    with pytest.raises(BundleError, match="nested too deeply"):
        find_bundle(str(copy))
    with pytest.raises(msgspec.DecodeError, match="nested too deeply"):
        from_json(b"[" * 20_000 + b"]" * 20_000, list)
    with pytest.raises(msgspec.DecodeError, match="nested too deeply"):
        from_msgpack(b"\x91" * 20_000, list)


def test_a_reference_score_is_the_logit_of_noise_and_another_one_is_refused(folder: Path, tmp_path: Path):
    copy = make_bundle(tmp_path)
    card = add_reference(copy)
    detector = Detector.load(find_bundle(str(copy)), "cpu")
    assert card.reference is not None
    assert detector.logits(noise_crop(card.reference.seed, card.input_size)) == pytest.approx(
        [card.reference.logit], abs=TOLERANCE
    )
    wrong = replace(card, reference=ReferenceScore(card.reference.seed, card.reference.logit + 2 * TOLERANCE))
    (copy / CARD).write_bytes(to_json(wrong))
    with pytest.raises(BundleError, match="does not score as its card states"):
        Detector.load(find_bundle(str(copy)), "cpu")


def test_the_deep_network_of_a_published_bundle_is_refused_when_it_is_first_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    copy = make_deep_bundle(tmp_path)
    card = add_reference(copy)
    assert card.reference is not None
    assert card.reference.deep_logit is not None
    wrong = replace(card.reference, deep_logit=card.reference.deep_logit + 2 * TOLERANCE)
    (copy / CARD).write_bytes(to_json(replace(card, reference=wrong)))
    with pytest.raises(BundleError, match="does not score as its card states"):
        Detector.load(find_bundle(str(copy)), "cpu")
    monkeypatch.setattr(detector_module, "is_known", lambda _card: True)
    loaded = Detector.load(find_bundle(str(copy)), "cpu")
    crops = noise_crop(1, loaded.card.input_size)
    assert np.isfinite(loaded.logits(crops)).all()
    assert loaded.deep is not None
    for _ in range(2):
        with pytest.raises(BundleError, match="does not score as its card states"):
            loaded.deep.single_logits(noise_crop(1, loaded.deep.card.input_size))
    assert loaded.is_refused


def test_the_noise_is_the_same_everywhere():
    assert noise_crop(1, 16)[0, 0, :2].tolist() == [[235, 175, 92], [205, 111, 55]]
    assert not np.array_equal(noise_crop(1, 16), noise_crop(2, 16))


@pytest.mark.skipif(not has_default(), reason="no bundle is installed")
def test_the_installed_bundle_is_known_and_any_change_of_its_card_is_seen():
    """After a new bundle: add the fingerprint of its card to inspector/domain/known_models.py."""
    card = find_bundle(DEFAULT_BUNDLE).card
    assert KNOWN_MODELS[card.fingerprint] == f"{card.name} {card.version}"
    assert card.reference is not None
    assert not is_known(replace(card, threshold=replace(card.threshold, high=card.threshold.high + 0.001)))
    assert not is_known(replace(card, sha256="0" * 64))


def test_the_fingerprint_is_that_of_what_is_stated(card: ModelCard):
    assert from_json(to_json(card), ModelCard).fingerprint == card.fingerprint
    assert replace(card, reference=ReferenceScore(1, 0.0)).fingerprint != card.fingerprint
