"""Weights of strangers, whose card names their SHA-256: headers that lie, values that are no numbers, other bases."""

import hashlib
import json
import resource
import struct
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from inspector.domain.errors import BundleError
from inspector.engine.model import bases
from inspector.engine.model.bundle import WEIGHTS, find_bundle
from inspector.engine.model.detector import Detector
from tests.fakes import make_bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "bundle")


def put(folder: Path, weights: bytes) -> None:
    """Weights with the card that names their hash."""
    (folder / WEIGHTS).write_bytes(weights)
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, "sha256": hashlib.sha256(weights).hexdigest()}))


def with_header(header: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header


def tensor(dtype: str = "F32", shape: tuple[int, ...] = (1,), span: tuple[int, int] = (0, 4)) -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": span}


HEADERS = {
    "a length of 2^63": with_header(b"{}", 1 << 63),
    "a length of 100 GB": with_header(b"{}", 100 << 30),
    "not JSON": with_header(b"\xff" * 64),
    "nested": with_header(b'{"a":' * 50_000),
    "an array": with_header(b"[1]"),
    "a size of 2^62": with_header(json.dumps({"x": tensor(shape=(1 << 31, 1 << 31))}).encode()),
    "behind the end": with_header(json.dumps({"x": tensor(span=(0, 1 << 40), shape=(1 << 38,))}).encode()),
    "backwards": with_header(json.dumps({"x": tensor(span=(8, 4))}).encode()),
    "an unknown type": with_header(json.dumps({"x": tensor("X99")}).encode()) + bytes(4),
    "complex numbers": with_header(json.dumps({"x": tensor("C64", (1,), (0, 8))}).encode()) + bytes(8),
    "names that control": with_header(json.dumps({"\x1b[2J\n" * 5000: tensor()}).encode()) + bytes(4),
    "30,000 tensors of nothing": with_header(
        json.dumps({f"t{n}": tensor(shape=(0,), span=(0, 0)) for n in range(30_000)}).encode()
    ),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_lies_is_one_short_sentence(folder: Path, name: str):
    put(folder, HEADERS[name])
    began, before = time.thread_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BundleError, match="does not fit the network") as refused:
        Detector.load(find_bundle(str(folder)), "cpu")
    assert len(str(refused.value)) < 1000
    assert time.thread_time() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 3e38])
def test_weights_that_are_no_numbers_score_nothing(folder: Path, value: float):
    weights = load_file(folder / WEIGHTS)
    name = next(name for name in weights if name.endswith("classifier.weight"))
    weights[name][:] = value
    save_file(weights, folder / "other")
    put(folder, (folder / "other").read_bytes())
    with pytest.raises(BundleError, match="its score is no number"):
        Detector.load(find_bundle(str(folder)), "cpu")


def test_a_score_that_is_no_number_for_one_crop_ends_the_analysis_and_is_not_stored(folder: Path):
    detector = Detector.load(find_bundle(str(folder)), "cpu")
    crops = np.zeros((2, 64, 64, 3), np.uint8)
    assert np.isfinite(detector.logits(crops)).all()
    with torch.no_grad():
        next(p for n, p in detector.network.named_parameters() if n.endswith("classifier.bias"))[:] = float("nan")
    with pytest.raises(BundleError, match="The model fake gives scores that are no numbers"):
        detector.logits(crops)


@pytest.mark.parametrize("change", ["no scale", "a scale without rows", "another network", "swapped"])
def test_a_base_that_is_another_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str):
    monkeypatch.setattr(bases, "models_folder", lambda: tmp_path)
    folder, network = tmp_path / "bases" / "tiny", torch.nn.Linear(4, 3)
    folder.mkdir(parents=True)
    stored = {"weight.int8": torch.ones(3, 4, dtype=torch.int8), "weight.scale": torch.ones(3), "bias": torch.zeros(3)}
    save_file(stored, folder / WEIGHTS)
    sound = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    bases.load_base("tiny", network, sound)
    assert float(network.weight.detach().sum()) == 12
    match change:
        case "no scale":
            del stored["weight.scale"]
        case "a scale without rows":
            stored["weight.scale"] = torch.tensor(1.0)
        case "another network":
            stored = {"other": torch.ones(2)}
        case "swapped":
            stored["bias"] = torch.ones(3)
    save_file(stored, folder / WEIGHTS)
    sha256 = sound if change == "swapped" else hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    sentence = "install the base that belongs" if change == "swapped" else "cannot be loaded"
    with pytest.raises(BundleError, match=sentence):
        bases.load_base("tiny", network, sha256)
