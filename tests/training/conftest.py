"""A tiny prepared folder of painted faces, a recipe for it, and autoencoders with fresh weights."""

from functools import cache
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from training import recipe
from training.fit import metrics_log
from training.forge import autoencoders, masks
from training.measure import evaluate
from training.prepare.parts import write_index, write_part
from training.sources import Sample

ROOT = Path(__file__).resolve().parents[2]


def painted(seed: int, side: int = 96) -> tuple[np.ndarray, np.ndarray]:
    """A crop uint8 (side, side, 3) with an oval face, eyes and a mouth, and a plausible float32 (478, 2) mesh."""
    image, points = _painted(seed, side)
    return image.copy(), points.copy()


@cache  # most tests of the training module have the same faces painted
def _painted(seed: int, side: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    image = cv2.resize(random.integers(0, 256, (12, 12, 3), np.uint8), (side, side), interpolation=cv2.INTER_CUBIC)
    middle, axes = (side // 2, side // 2), (round(side * 0.28), round(side * 0.35))
    cv2.ellipse(image, middle, axes, 0, 0, 360, tuple(int(v) for v in random.integers(120, 220, 3)), -1)
    image = np.clip(image + random.normal(0, 6, image.shape), 0, 255).astype(np.uint8)
    turn = random.uniform(0, 2 * np.pi, 478)
    reach = np.sqrt(random.uniform(0, 0.6, 478))
    points = np.stack([np.cos(turn) * reach * axes[0], np.sin(turn) * reach * axes[1]], axis=1) + middle
    around = np.linspace(-np.pi / 2, 1.5 * np.pi, len(masks.OVAL), endpoint=False)
    points[list(masks.OVAL)] = np.stack([np.cos(around) * axes[0], np.sin(around) * axes[1]], axis=1) + middle
    for part, height, width in ((masks.LIPS, 0.62, 0.12), (masks.INNER_LIPS, 0.62, 0.08)):
        ring = np.linspace(0, 2 * np.pi, len(part), endpoint=False)
        points[list(part)] = np.stack([np.cos(ring) * width, np.sin(ring) * 0.04 + height], axis=1) * side
        points[list(part), 0] += side / 2
    return image, points.astype(np.float32)


@pytest.fixture
def plots() -> None:
    """A test that asks for this has its curves and plots drawn."""


@pytest.fixture(autouse=True)
def no_plots(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Curves and plots, which have tests of their own, take longer than the small runs that they show."""
    if "plots" not in request.fixturenames:
        monkeypatch.setattr(metrics_log, "draw_curves", lambda *_: None)
        monkeypatch.setattr(evaluate, "draw_plots", lambda *_: None)


@pytest.fixture
def tiny(tmp_path: Path) -> recipe.Recipe:
    """A recipe with an existing prepared folder and autoencoders."""
    (tmp_path / "prepared" / "parts").mkdir(parents=True)
    parts = []
    for number in range(24):
        is_fake, kind = number % 2 == 1, ("face", "clip", "still")[number % 3]
        if kind == "face" and is_fake:
            kind = "clip"
        source = tmp_path / f"{number}.bin"
        source.write_bytes(bytes([number]))
        sample = Sample(source, kind, is_fake, "painted", f"p{number}", "", "train", "made here: x", "CC0")
        found = []
        for frame in range(3 if kind == "clip" else 1):
            image, points = painted(100 * number + frame)
            if is_fake:
                image[::2] = 255 - image[::2]
            row = {"pts": frame, "seconds": frame / 25, "side": 96, "face_px": 67.0, "confidence": 1.0}
            found.append((image, points, row))
        path = tmp_path / "prepared" / "parts" / f"{number:02}.safetensors"
        write_part(path, sample, found)
        parts.append((path, f"p{number}", number < 12))
    write_index(parts, tmp_path / "prepared")
    (tmp_path / "autoencoders").mkdir()
    redrawer = autoencoders.KINDS[0]
    autoencoders.save(autoencoders.Autoencoder(redrawer), redrawer, tmp_path / "autoencoders")
    return shrunk(tmp_path)


def shrunk(folder: Path) -> recipe.Recipe:
    """The bundled recipe in the smallest size."""
    text = msgspec.toml.decode((ROOT / "training/recipes/default.toml").read_bytes())
    text["prepare"]["folder"] = str(folder / "prepared")
    text["forge"]["autoencoders"] = str(folder / "autoencoders")
    text["network"] |= {"architecture": "test_efficientnet", "args": {}, "input_size": 32, "pretrained": "",
                        "dropout": 0.1, "target_layer": "body.conv_head"}  # fmt: skip
    text["batch"] |= {"pairs": 2, "generated": 1}
    text["fit"] |= {"steps": 4, "decay_steps": 2, "warmup_steps": 1, "compile": False, "workers": 0,
                    "check_every": 4, "save_every": 2}  # fmt: skip
    path = folder / "recipe.json"
    path.write_bytes(msgspec.json.encode(text))
    return msgspec.json.decode(path.read_bytes(), type=recipe.Recipe)
