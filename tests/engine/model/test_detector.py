"""Bundles are checked before anything is loaded; valid ones give identical results each time."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from inspector.domain.errors import BundleError
from inspector.engine.model import cam
from inspector.engine.model import detector as detector_module
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.cam import METHODS, DeletionCheck, blurred_tenths, cam_values
from inspector.engine.model.detector import Detector, pick_device
from inspector.engine.model.registry import build
from tests.fakes import make_bundle


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bundle(tmp_path_factory.mktemp("bundles") / "fake")


@pytest.fixture(scope="module")
def detector(folder: Path) -> Detector:
    return Detector.load(find_bundle(str(folder)), "cpu")


def crops(n: int = 3) -> np.ndarray:
    noise = np.random.default_rng(1).integers(0, 256, (n, 64, 64, 3), dtype=np.uint8)
    return np.stack([cv2.GaussianBlur(c, (0, 0), 2 + k) for k, c in enumerate(noise)])


def changed_card(folder: Path, tmp_path: Path, **changes: object) -> Path:
    copy = tmp_path / "changed"
    copy.mkdir()
    (copy / "weights.safetensors").write_bytes((folder / "weights.safetensors").read_bytes())
    card = json.loads((folder / "card.json").read_text()) | changes
    (copy / "card.json").write_text(json.dumps({k: v for k, v in card.items() if v is not None}))
    return copy


def test_the_same_batch_gives_identical_logits(detector: Detector):
    given = crops()
    assert np.array_equal(detector.logits(given), detector.logits(given.copy()))
    assert detector.logits(given).dtype == np.float64
    assert detector.logits(given[:0]).shape == (0,)


@contextmanager
def passes(detector: Detector) -> Iterator[list[int]]:
    """The number of crops in each pass of the network within the block."""
    found: list[int] = []
    handle = detector.network.register_forward_pre_hook(lambda _module, given: found.append(len(given[0])))
    try:
        yield found
    finally:
        handle.remove()


@pytest.mark.parametrize(
    ("cores", "n", "parts"),
    [(2, 1, [1]), (2, 3, [3]), (2, 4, [2, 2]), (2, 7, [2, 5]), (2, 17, [4, 6, 7]), (8, 16, [2] * 8), (1, 8, [8])],
)
def test_a_flat_network_takes_up_to_eight_crops_in_a_pass_and_all_cores(
    detector: Detector, monkeypatch: pytest.MonkeyPatch, cores: int, n: int, parts: list[int]
):
    monkeypatch.setattr(detector_module, "cores", lambda: cores)
    given = crops(n)
    with passes(detector) as found:
        logits = detector.logits(given)
    assert sorted(found) == parts
    assert logits == pytest.approx(detector.single_logits(given), abs=1e-5)


def test_other_networks_take_no_more_than_three_crops_in_a_pass(detector: Detector):
    other = Detector(detector.card, build("mesoinception4", {}), torch.device("cpu"))
    with passes(other) as found:
        other.logits(crops(7))
    assert sorted(found) == [2, 2, 3]


def test_probabilities_follow_the_card(detector: Detector):
    assert detector.frame_probability(np.array([0.0, 2.0])) == pytest.approx([0.5, 1 / (1 + np.exp(-2))])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sha256": "0" * 64}, "SHA-256"),
        ({"threshold": None}, "threshold"),
        ({"input_size": "64"}, "input_size"),
        ({"input_size": 100000}, "input_size"),
        ({"architecture": "resnet18"}, "does not fit"),
        ({"architecture": "hf-hub:someone/something"}, "cannot be built"),
        ({"architecture_args": {"checkpoint_path": "x.pth"}}, "cannot be built"),
        ({"target_layer": "body.nothing"}, "no layer"),
        ({"frames_per_sample": 8}, "8 frames"),
    ],
)
def test_an_unusable_bundle_is_rejected_in_one_sentence(folder: Path, tmp_path: Path, changes: dict, message: str):
    with pytest.raises(BundleError, match=message) as caught:
        Detector.load(find_bundle(str(changed_card(folder, tmp_path, **changes))), "cpu")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("missing", ["card.json", "weights.safetensors"])
def test_an_incomplete_bundle_names_what_is_missing(folder: Path, tmp_path: Path, missing: str):
    copy = changed_card(folder, tmp_path)
    (copy / missing).unlink()
    with pytest.raises(BundleError, match=missing):
        find_bundle(str(copy))


def test_weights_that_are_not_safetensors_are_rejected(folder: Path, tmp_path: Path):
    import hashlib

    junk = b"\x80\x04pickle" * 100
    copy = changed_card(folder, tmp_path, sha256=hashlib.sha256(junk).hexdigest())
    (copy / "weights.safetensors").write_bytes(junk)
    with pytest.raises(BundleError, match="does not fit"):
        Detector.load(find_bundle(str(copy)), "cpu")


def test_an_unknown_bundle_and_device_are_reported():
    with pytest.raises(BundleError, match="no model bundle 'nowhere'"):
        find_bundle("nowhere")
    if not torch.cuda.is_available():
        with pytest.raises(BundleError, match="cuda"):
            pick_device("cuda")


@contextmanager
def graph_from_the_input(detector: Detector, target: torch.nn.Module) -> Iterator[list[torch.Tensor]]:
    """Let the graph begin at the picture, as grad-cam does by itself."""
    outputs: list[torch.Tensor] = []
    handles = [
        detector.network.register_forward_pre_hook(lambda _module, given: (given[0].requires_grad_(True),)),
        target.register_forward_hook(lambda _module, _given, output: outputs.append(output)),
    ]
    try:
        yield outputs
    finally:
        for handle in handles:
            handle.remove()


@pytest.mark.parametrize("method", METHODS)
def test_the_graph_that_begins_at_the_layer_gives_the_same_map(
    detector: Detector, method: str, monkeypatch: pytest.MonkeyPatch
):
    sample = crops()[0]
    short = cam_values(detector, sample, method)
    monkeypatch.setattr(cam, "_graph_from", lambda target: graph_from_the_input(detector, target))
    assert np.array_equal(short, cam_values(detector, sample, method))
    assert short.max() > 0


@pytest.mark.parametrize("method", METHODS)
def test_maps_are_deterministic_and_not_normalised(detector: Detector, method: str):
    sharp, faint = crops(2)
    values = cam_values(detector, sharp, method)
    assert values.dtype == np.float32
    assert values.ndim == 2
    assert values.min() >= 0
    assert values.max() > 0
    assert np.array_equal(values, cam_values(detector, sharp, method))
    assert values.max() != pytest.approx(cam_values(detector, faint, method).max(), rel=1e-3), "no common stretch"
    assert all(p.grad is None for p in detector.network.parameters())


def test_the_deletion_check_finds_the_relevant_patch(detector: Detector):
    """On a crop with a score that depends on its detail: blurring the hottest tenth compared with random tenths."""
    crop = crops(1)[0]
    heat = np.zeros((8, 8), np.float32)
    heat[2:4, 2:4] = 1
    logits = detector.logits(blurred_tenths(crop, heat))
    assert logits[0] == pytest.approx(detector.logits(crop[None])[0], abs=2e-4)
    assert np.array_equal(logits, detector.logits(blurred_tenths(crop, heat)))
    found = DeletionCheck.of(logits)
    assert found.hottest == logits[0] - logits[1]
    assert found.random == pytest.approx((logits[0] - logits[2:]).mean())
    flat = np.full_like(crop, 128)
    changes = detector.logits(blurred_tenths(flat, heat))
    assert DeletionCheck.of(changes).hottest == pytest.approx(0, abs=1e-5), "nothing to blur in a flat crop"


def test_a_crop_that_was_scored_alone_is_not_scored_again_until_that_is_forgotten(detector: Detector):
    detector.forget()
    given = crops(3)
    with passes(detector) as found:
        first = detector.single_logits(given)
        again = detector.single_logits(given[[2, 0, 2]])
    assert found == [1, 1, 1]
    assert again.tolist() == first[[2, 0, 2]].tolist()
    detector.forget()
    with passes(detector) as found:
        assert np.array_equal(detector.single_logits(given), first)
    assert found == [1, 1, 1]
    changed = given.copy()
    changed[0, 0, 0, 0] ^= 1
    with passes(detector) as found:
        detector.single_logits(changed)
    assert found == [1], "one of them is another crop"


def test_kept_logits_may_be_forgotten_while_a_crop_is_looked_up(detector: Detector):
    class Kept(dict[bytes, float]):
        """As another thread does it in between."""

        def __contains__(self, key: object) -> bool:
            detector.forget()
            return super().__contains__(key)

    first = detector.single_logits(crops(2))
    detector._single = Kept(detector._single)
    assert detector.single_logits(crops(2)).tolist() == first.tolist()
