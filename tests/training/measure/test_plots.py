"""Plots are drawn, are not blank, and tolerate undefined values."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.domain.analysis import Conclusion
from training.measure import plots
from training.measure.metrics import Scores, block


def scores(n: int = 60) -> Scores:
    random = np.random.default_rng(0)
    is_fake = np.arange(n) % 2 == 0
    return Scores(
        is_fake, np.clip(random.normal(0.4 + 0.3 * is_fake, 0.2), 0, 1), np.array([f"g{i}" for i in range(n)])
    )


def ink(path: Path) -> float:
    """The share of pixels that are not white."""
    image = cv2.imread(str(path))
    assert image is not None
    return float((image < 250).any(axis=2).mean())


def both() -> dict[str, Scores]:
    return {"track": scores(), "frame": scores(400)}


@pytest.mark.parametrize(
    "draw",
    [
        lambda path: plots.draw_roc(path, both()),
        lambda path: plots.draw_precision_recall(path, both()),
        lambda path: plots.draw_reliability(path, both()),
        lambda path: plots.draw_scores(path, scores(), 0.2, 0.8),
        lambda path: plots.draw_confusion(path, scores(3).is_fake, [*Conclusion][:3]),
    ],
)
def test_each_is_drawn(tmp_path: Path, draw):
    draw(tmp_path / "x.png")
    assert 0.01 < ink(tmp_path / "x.png") < 0.9


def test_one_class_leaves_out_its_curve_only(tmp_path: Path):
    given = scores()
    plots.draw_roc(tmp_path / "x.png", {"track": given.take(given.is_fake), "frame": given})
    assert ink(tmp_path / "x.png") > 0.005


def test_robustness_leaves_out_what_is_not_defined(tmp_path: Path):
    given = scores()
    blocks = {"untouched": block(given), "originals only": block(given.take(~given.is_fake))}
    plots.draw_robustness(tmp_path / "x.png", "title", blocks, ("ROC AUC", "recall", "specificity", "ECE"))
    assert ink(tmp_path / "x.png") > 0.01
