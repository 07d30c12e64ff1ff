"""The weights of a deep network, from a run or by themselves, and the table of tracks of a run."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from inspector.domain.analysis import PLAIN_SHARE
from inspector.domain.errors import TrainingError
from inspector.domain.model_card import DeepLimits, Platt
from training.bundle.deep import _inconclusive, learnt_weights
from training.bundle.join import _by_track
from training.measure.left_out import read, write_tracks


def test_a_runs_checkpoint_and_bare_weights_give_the_same(tmp_path: Path) -> None:
    bare = {"body.blocks.0.attn.qkv.a": torch.ones(2, 3), "head.weight": torch.zeros(1, 4)}
    save_file(bare, tmp_path / "bare.safetensors")
    other = {"network.body.head.weight": torch.ones(1, 4)}
    save_file({f"averaged.body.{name}": value for name, value in bare.items()} | other, tmp_path / "final.safetensors")
    for name in ("bare", "final"):
        found = learnt_weights(tmp_path / f"{name}.safetensors")
        assert found.keys() == bare.keys()
        assert all(found[key].equal(bare[key]) for key in bare)
    with pytest.raises(TrainingError, match=r"name the final\.safetensors of a run"):
        learnt_weights(tmp_path / "none.safetensors")


def test_limits_are_told_in_words() -> None:
    limits = DeepLimits(Platt(1.0, 0.0), (), 0.8, 0.2, "")
    assert _inconclusive("clips", limits) == "clips from 0.2 to 0.8 (mean logits)"
    assert _inconclusive("clips", replace(limits, low=None)) == "clips to 0.8 (mean logits)"
    assert _inconclusive("stills", replace(limits, low=None, high=None)).startswith("stills always, as their sources")


def test_a_table_of_tracks_that_cannot_be_joined_says_why(tmp_path: Path) -> None:
    path = tmp_path / "held_out_tracks.csv"
    path.write_text("group,shipped\na,0.5\n")
    with pytest.raises(TrainingError, match=r"held_out_tracks\.csv has no column 'file', .* make it again with"):
        _by_track(path)


def test_the_table_of_tracks_has_one_row_per_file_and_any_number_of_siblings(tmp_path: Path) -> None:
    rows: list[Any] = []
    folds = []
    for number in range(12):
        is_fake = number % 2 == 1
        about = {"part": f"{number // 2 if number < 4 else number}-{is_fake}", "kind": "clip", "is_fake": is_fake}
        about |= {"source": f"owner{number // 4}/repo: f", "method": f"face swap: T{number // 4}" if is_fake else "tv"}
        rows.append(about)
        folds.append(number // 4)
    random = np.random.default_rng(1)
    strength = np.where([row["is_fake"] for row in rows], 2.0, -2.0)
    logits = {
        name: (strength * (n + 1) + random.normal(0, 0.1, 12)).astype(np.float32)
        for n, name in enumerate(("full", "fold-0", "fold-1", "fold-2"))
    }
    path = tmp_path / "tracks.csv"
    plain = np.linspace(0, 1, 12)
    write_tracks(path, rows, folds, logits, plain)
    with path.open(newline="") as file:
        table = list(csv.DictReader(file))
    assert len(table) == len({row["part"] for row in rows})
    assert [name for name in table[0] if name.startswith("sibling")] == ["sibling_0", "sibling_1", "sibling_2"]
    mine = [n for n, row in enumerate(rows) if row["part"] == rows[0]["part"]]
    assert float(table[0]["sibling_1"]) == pytest.approx(logits["fold-1"][mine].mean(), abs=1e-3)
    assert float(table[0]["shipped"]) == pytest.approx(logits["full"][mine].mean(), abs=1e-3)
    assert float(table[0]["plain"]) == pytest.approx(plain[mine].mean(), abs=1e-3)
    assert table[0]["family"] == "original"
    clips = read(path)["clip"]
    assert set(clips.groups.tolist()) == {f"owner{n}/repo" for n in range(3)}
    assert (clips.logits > 0).tolist() == clips.is_fake.tolist()
    assert clips.plain.tolist() == [float(row["plain"]) >= PLAIN_SHARE for row in table]
    assert 0 < clips.plain.sum() < len(table)
    assert np.abs(clips.logits).max() < 3, "on the scale of the shipped network"
    path.write_text(path.read_text().replace("sibling_", "other_"))
    with pytest.raises(TrainingError, match="is not a table of left-out tracks"):
        read(path)
