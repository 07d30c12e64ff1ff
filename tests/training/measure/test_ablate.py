from pathlib import Path

import msgspec
import numpy as np
import pytest

from inspector.domain.errors import TrainingError
from training.measure.ablate import ablate, figures, variants
from training.measure.tracks import AS_RECORDED, DEGRADED, Track
from training.recipe import Recipe

KINDS = {"self_blend": 0.5, "redrawn_whole": 0.5}


def quiet(_: str) -> None:
    """Ignore a message."""


def forging(tiny: Recipe, **kinds: float) -> Recipe:
    return msgspec.structs.replace(tiny, forge=msgspec.structs.replace(tiny.forge, kinds=kinds or KINDS))


def test_every_kind_is_left_out_in_turn_and_members_are_added(tiny: Recipe) -> None:
    recipe = forging(tiny)
    members = {"members": [{"architecture": "cnn"}, {"architecture": "mesoinception4"}]}
    network = msgspec.structs.replace(recipe.network, architecture="ensemble", args=members, dropout=0.0)
    found = variants(msgspec.structs.replace(recipe, network=network), [msgspec.structs.replace(recipe, name="mine")])
    assert list(found) == [
        "whole", "another seed", "without self_blend", "without redrawn_whole", "without generated", "member 2", "mine",
    ]  # fmt: skip
    assert found["without self_blend"].forge.kinds == {"self_blend": 0.0, "redrawn_whole": 0.5}
    assert found["without generated"].batch.generated == 0
    assert found["member 2"].network.architecture == "mesoinception4"
    assert {v.network.architecture for n, v in found.items() if n.startswith("without")} == {"cnn"}
    one = variants(forging(tiny, self_blend=1.0), [])
    assert "without self_blend" not in one, "nothing would be forged"
    with pytest.raises(TrainingError, match="does not forge"):
        variants(msgspec.structs.replace(tiny, batch=msgspec.structs.replace(tiny.batch, pairs=0)), [])


def track(is_fake: bool, what: str, condition: str, logit: float, seed: int = 0, kind: str = "clip") -> Track:
    return Track("p", "g", kind, is_fake, what, condition, np.zeros(1), np.array([logit]), seed=seed)


def test_figures_hold_each_kind_against_its_own_originals() -> None:
    tracks = [
        track(False, "film", AS_RECORDED, 0.0), track(True, "Hallo", AS_RECORDED, 1.0),
        track(False, "film", DEGRADED, 0.0, 1), track(True, "self_blend", DEGRADED, 1.0, 1),
        track(False, "film", DEGRADED, 2.0, 2), track(True, "redrawn_whole", DEGRADED, 1.5, 2),
    ]  # fmt: skip
    found = figures(tracks)
    assert found["clips"] == 1.0
    assert found["self_blend"] == 1.0
    assert found["redrawn_whole"] == 0.0
    assert found["pairs won"] == 0.5
    assert found["degraded, forged"] == 0.5


def test_a_finished_variant_is_not_trained_again_and_the_table_holds_all(tiny: Recipe, tmp_path: Path) -> None:
    messages: list[str] = []
    out = tmp_path / "docs" / "ablations.md"
    ablate(forging(tiny), [], tmp_path / "runs", out, 2, messages.append)
    rows = [line.split(" | ")[0] for line in out.read_text().splitlines() if line.startswith("| ")]
    assert rows == ["| variant", "| whole", "| another seed", *(f"| without {k}" for k in KINDS), "| without generated"]
    before = out.read_text(), (tmp_path / "runs/whole/last.safetensors").stat().st_mtime_ns
    ablate(forging(tiny), [], tmp_path / "runs", out, 2, quiet)
    assert (out.read_text(), (tmp_path / "runs/whole/last.safetensors").stat().st_mtime_ns) == before
