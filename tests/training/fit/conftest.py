"""Prepared crops of four sources, and a small base network."""

import hashlib
import json
from pathlib import Path

import msgspec
import pytest
import timm
import torch
from safetensors.torch import save_file

from inspector.engine.model import bases
from tests.training.conftest import painted
from training.prepare.parts import write_index, write_part
from training.recipe import ProbeTable, RealPairsTable, Recipe, SourceFoldsTable
from training.sources import Sample

SHARES = {"clip": 1.0}
VIT, SMALL = "vit_tiny_patch16_224", {"img_size": 32, "depth": 1}


@pytest.fixture
def sources(tiny: Recipe, tmp_path: Path) -> Recipe:
    """Four sources with a pair of an original and a fake each, to be divided into two folds."""
    folder, parts = tmp_path / "sources", []
    (folder / "parts").mkdir(parents=True)
    for number in range(8):
        is_fake, source = number % 2 == 1, f"owner{number // 2}/repo"
        (path := tmp_path / f"s{number}.bin").write_bytes(bytes([number]))
        method = f"face swap: Tool{number}" if is_fake else "interview"
        sample = Sample(
            path, "clip", is_fake, method, f"p{number // 2}", f"pair{number // 2}", "", f"{source}: f", "CC0"
        )
        found = []
        for frame in range(2):
            image, points = painted(10 * number + frame, 64)
            row = {"pts": frame, "seconds": frame / 25, "side": 64, "face_px": 50.0, "confidence": 1.0}
            found.append((image, points, row))
        write_part(folder / f"parts/{number}.safetensors", sample, found)
        parts.append((folder / f"parts/{number}.safetensors", f"g{number // 2}", False))
    write_index(parts, folder)
    batch = msgspec.structs.replace(
        tiny.batch, pairs=1, generated=0, draw="source", real_pairs=RealPairsTable(count=3), pair_shares=SHARES,
        original_shares=SHARES, generated_shares=SHARES,
    )  # fmt: skip
    return msgspec.structs.replace(
        tiny,
        batch=batch,
        forge=msgspec.structs.replace(tiny.forge, kinds={"self_blend": 1.0}),
        prepare=msgspec.structs.replace(tiny.prepare, folder=str(folder), held_out=0.0),
        fit=msgspec.structs.replace(tiny.fit, steps=4, decay_steps=0, save_every=1, ranking=0.3, seed=2),
        source_folds=SourceFoldsTable(count=2, per_batch=2, pairs=2),
    )


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A base network "tiny" in a models folder of its own; its SHA-256."""
    monkeypatch.setattr(bases, "models_folder", lambda: tmp_path / "models")
    folder = tmp_path / "models/bases/tiny"
    folder.mkdir(parents=True)
    torch.manual_seed(5)
    save_file(timm.create_model(VIT, num_classes=0, **SMALL).state_dict(), folder / "weights.safetensors")
    sha256 = hashlib.sha256((folder / "weights.safetensors").read_bytes()).hexdigest()
    card = {"architecture": VIT, "args": SMALL, "sha256": sha256, "input_size": 32, "mean": [0.5] * 3, "std": [0.5] * 3}
    (folder / "base.json").write_text(json.dumps({**card, "source": "made for a test", "licence": "Apache-2.0"}))
    return sha256


@pytest.fixture
def probe_recipe(sources: Recipe, base: str) -> Recipe:
    """A probe of the small base on crops of four sources in two folds."""
    network = msgspec.structs.replace(
        sources.network, architecture="probe", args={"base": "tiny", "class_blocks": [0], "border_blocks": []},
        dropout=0.0, target_layer="body.body.blocks.0.norm1",
    )  # fmt: skip
    return msgspec.structs.replace(sources, network=network, probe=ProbeTable(batches=3, penalty=0.1))
