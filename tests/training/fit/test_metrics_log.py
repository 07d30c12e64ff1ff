import math
import os
import sys
import time
from pathlib import Path

import cv2
import pytest

from inspector.domain.errors import OutputError
from tests.disk import full_disk
from training.fit.metrics_log import MetricsLog, draw_curves, read_metrics, standing


def quiet(_: str) -> None:
    """Ignore a message."""


def metrics(level: float) -> dict[str, float]:
    return {"training loss": 1 - level, "log loss": 1.1 - level, "accuracy": level, "clips AUC": level}


def test_checks_are_kept_and_a_resume_forgets_what_came_after_its_checkpoint(tmp_path: Path) -> None:
    log = MetricsLog(tmp_path, 0, quiet)
    for step, level in ((10, 0.6), (20, 0.8), (30, 0.7)):
        log.add(step, metrics(level))
    log.close()
    assert [row["step"] for row in read_metrics(tmp_path / "metrics.csv")] == [10, 20, 30]
    assert log.since_best() == 1
    resumed = MetricsLog(tmp_path, 20, quiet)
    assert resumed.since_best() == 0
    resumed.add(30, metrics(0.9) | {"stills AUC": math.nan})
    resumed.close()
    rows = read_metrics(tmp_path / "metrics.csv")
    assert [row["step"] for row in rows] == [10, 20, 30]
    assert "stills AUC" not in rows[0], "a figure that came later was not measured before"
    assert rows[2]["clips AUC"] == 0.9


def test_checks_without_any_auc_are_ranked_last() -> None:
    assert standing({"a AUC": 0.5, "b AUC": 0.7, "c AUC": math.nan, "accuracy": 1.0}) == pytest.approx(0.6)
    assert standing({"a AUC": math.nan}) == -math.inf


def test_the_curves_are_drawn_in_two_panels(tmp_path: Path) -> None:
    rows = [{"step": float(s), **metrics(0.5 + s / 100)} for s in (10, 20, 30)]
    draw_curves(rows, tmp_path / "curves.png")
    image = cv2.imread(str(tmp_path / "curves.png"))
    assert image.shape == (440, 1100, 3)
    inks = {(180, 119, 31), (14, 127, 255)}  # matplotlib's first two colours, BGR
    left = {tuple(int(v) for v in pixel) for pixel in image[:, :550].reshape(-1, 3)}
    right = {tuple(int(v) for v in pixel) for pixel in image[:, 550:].reshape(-1, 3)}
    assert inks <= left, "the loss of training batches and of held-out people"
    assert len(inks & right) == 1, "no training accuracy was measured, so none is drawn"


def test_a_disk_that_takes_nothing_more_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = MetricsLog(tmp_path, 0, quiet)
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OutputError, match="No space left"):
        log.add(1, metrics(0.5))
    log.close()


def test_tensorboard_shows_the_checks_and_hides_what_a_resume_repeats(tmp_path: Path) -> None:
    log = MetricsLog(tmp_path, 0, quiet)
    log.add(10, metrics(0.6))
    log.scalars(20, {"train/loss": 0.5})
    log.scalars(30, {"train/loss": 9.0})
    log.close()
    began = int(time.time())
    while int(time.time()) == began:  # two files of one second are read in the order of their number's letters
        time.sleep(0.05)
    resumed = MetricsLog(tmp_path, 20, quiet)
    resumed.scalars(30, {"train/loss": 0.4})
    resumed.close()
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    assert [(e.step, round(e.value, 3)) for e in events.Scalars("train/loss")] == [(20, 0.5), (30, 0.4)]
    assert [(e.step, round(e.value, 3)) for e in events.Scalars("check/accuracy")] == [(10, 0.6)]


def test_without_tensorboard_the_rest_is_written_and_a_message_logged(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    messages: list[str] = []
    log = MetricsLog(tmp_path, 0, messages.append)
    log.add(10, metrics(0.6))
    log.scalars(20, {"train/loss": 0.5})
    log.close()
    assert len(messages) == 1
    assert messages[0].startswith("No TensorBoard log, since tensorboard cannot be imported (")
    assert [row["step"] for row in read_metrics(tmp_path / "metrics.csv")] == [10]
    assert not (tmp_path / "tensorboard").exists()
