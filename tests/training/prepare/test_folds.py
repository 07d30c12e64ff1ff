"""Folds over groups of sources."""

from typing import Any

import numpy as np
import pytest

from inspector.domain.errors import TrainingError
from training.prepare.folds import family_of, method_of, source_folds, source_groups, source_of


def row(number: int, source: str, method: str = "", kind: str = "clip") -> dict[str, Any]:
    about = {"part": f"{number}", "source": f"{source}: file {number}", "kind": kind}
    return about | {"is_fake": bool(method), "method": method or "interview"}


def many() -> list[dict[str, Any]]:
    """Twelve repositories with originals and fakes of three families, and a large source of films."""
    families = ("face swap", "lip-sync", "talking head")
    rows = [
        row(100 * n + i, f"owner{n}/repo", f"{families[n % 3]}: Tool{n}") for n in range(12) for i in range(n % 4 + 1)
    ]
    rows += [row(5000 + n, f"owner{n}/repo") for n in range(12)]
    return rows + [row(9000 + i, "films", kind="face") for i in range(300)]


def test_names_of_sources_families_and_methods() -> None:
    assert source_of({"source": "lab/repo: a/b.mp4"}) == "lab/repo"
    assert family_of({"is_fake": True, "method": "expression edit: AttGAN (PyTorch)"}) == "expression edit"
    assert family_of({"is_fake": True, "method": "GAN portrait (StyleGAN)"}) == "generated still"
    assert family_of({"is_fake": False, "method": "interview"}) == "original"
    spelt = ["expression edit: AttGAN (PyTorch)", "edit: Att-GAN", "AttGAN + upscaler"]
    assert {method_of({"method": method}) for method in spelt} == {"attgan"}
    assert method_of({"method": "reenactment: GaussianAvatar"}) == method_of({"method": "GaussianAvatars"})


def test_one_owner_or_one_method_is_one_group() -> None:
    rows = [
        row(1, "Lab/a", "face swap: X"), row(2, "lab/b"), row(3, "other/c", "reenactment: X (v2)"), row(4, "fourth/d"),
        row(5, "plain"), row(6, "plainer"),
    ]  # fmt: skip
    groups = source_groups(rows)
    assert groups["Lab/a"] == groups["lab/b"] == groups["other/c"]
    assert len({groups[name] for name in ("Lab/a", "fourth/d", "plain", "plainer")}) == 4


def test_as_many_folds_as_groups_leave_out_one_each() -> None:
    rows = [*many(), row(9999, "owner3/another")]
    folds = source_folds(rows, 13, seed=1)
    assert sorted(folds.values()) == sorted([*range(13), folds["owner3/repo"]])
    assert folds["owner3/another"] == folds["owner3/repo"]
    assert folds == source_folds(rows, 13, seed=2), "nothing is drawn"


def test_folds_hold_whole_groups_and_every_family() -> None:
    rows = many()
    folds = source_folds(rows, 4, seed=1)
    assert folds == source_folds(rows, 4, seed=1)
    assert set(folds.values()) == {0, 1, 2, 3}
    groups = source_groups(rows)
    for name in set(groups.values()):
        assert len({folds[source] for source, group in groups.items() if group == name}) == 1
    for family in ("face swap", "lip-sync", "talking head", "original"):
        counts = np.zeros(4)
        for one in rows:
            if family_of(one) == family and one["kind"] != "face":
                counts[folds[source_of(one)]] += 1
        assert counts.min() > 0
        assert counts.max() / counts.sum() < 0.5


def test_too_few_groups_and_a_class_in_one_fold_alone_are_refused() -> None:
    with pytest.raises(
        TrainingError,
        match=r"2 groups of sources cannot be divided into 3 folds .*; set count = 2 under \[source_folds\]",
    ):
        source_folds([row(1, "a", "face swap: X"), row(2, "b")], 3, seed=1)
    with pytest.raises(TrainingError, match=r"hold no (fakes|originals); add another source"):
        source_folds([row(1, "a", "face swap: X"), row(2, "b"), row(3, "c")], 2, seed=1)
