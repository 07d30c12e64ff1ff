"""The metrics of a run: metrics.csv, TensorBoard's log, and the curves as a picture."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from inspector.engine import atomic
from inspector.engine.spreadsheet import SheetWriter
from training.files import reading, writing
from training.log import Log

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

Metrics = Mapping[str, float]

_FORGET = "restore it, or remove it; the run then resumes from its checkpoint without its earlier checks"


class MetricsLog:
    """The checks of one run; on a resume, those after the checkpoint are dropped."""

    def __init__(self, run: Path, step: int, log: Log) -> None:
        self._run = run
        self._rows = [row for row in read_metrics(run / "metrics.csv") if row["step"] <= step]
        self._writer = _open_tensorboard(run / "tensorboard", step, log)

    def add(self, step: int, metrics: Metrics) -> None:
        """Add a check to metrics.csv, curves.png and TensorBoard; OutputError when writing fails."""
        self._rows.append({"step": float(step), **metrics})
        with writing(self._run):
            _write_metrics(self._rows, self._run / "metrics.csv")
            draw_curves(self._rows, self._run / "curves.png")
        self.scalars(step, {f"check/{name}": value for name, value in metrics.items()})

    def scalars(self, step: int, values: Metrics) -> None:
        """Add points to TensorBoard's log only."""
        if self._writer is not None:
            with writing(self._run / "tensorboard"):
                for name, value in values.items():
                    self._writer.add_scalar(name, value, step)
                self._writer.flush()

    def since_best(self) -> int:
        """The number of checks after the best one; 0 right after it and before the first check."""
        if not self._rows:
            return 0
        values = [standing(row) for row in self._rows]
        return values[::-1].index(max(values))

    def close(self) -> None:
        """Close TensorBoard's log."""
        if self._writer is not None:
            with writing(self._run / "tensorboard"):
                self._writer.close()


def standing(metrics: Metrics) -> float:
    """The criterion for the best check: the mean of its AUCs, since a single one, on few people, is noisy."""
    known = [value for name, value in metrics.items() if name.endswith("AUC") and not math.isnan(value)]
    return sum(known) / len(known) if known else -math.inf


def read_metrics(path: Path) -> list[dict[str, float]]:
    """The checks in a metrics.csv, in order, without empty cells; empty if there is no file.

    Raises TrainingError when it is damaged.
    """
    if not path.exists():
        return []
    with reading(path, _FORGET), path.open(newline="", encoding="utf-8") as file:
        rows = [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(file)]
        if not all("step" in row for row in rows):
            raise ValueError("a row names no step")
        return rows


def draw_curves(rows: Sequence[Metrics], path: Path) -> None:
    """Plot loss and accuracy over the steps, of training batches and held-out people, as a PNG."""
    figure = Figure(figsize=(10, 4), layout="constrained")
    FigureCanvasAgg(figure)
    best = max(rows, key=standing)
    for axes, names, what in (
        (figure.add_subplot(1, 2, 1), ("training loss", "log loss"), "Loss"),
        (figure.add_subplot(1, 2, 2), ("training accuracy", "accuracy"), "Accuracy"),
    ):
        for name, label, style in zip(names, ("training batches", "held-out people"), ("--", "-"), strict=True):
            points = [(row["step"], row[name]) for row in rows if name in row]
            if points:
                axes.plot(*zip(*points, strict=True), style, marker=".", label=label)
        axes.axvline(best["step"], color="grey", linestyle=":", label="best check (mean AUC)")
        axes.set(title=what, xlabel="step", ylabel=what.lower(), xlim=(0, rows[-1]["step"] * 1.03))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.3)
        axes.legend()
    figure.axes[1].set_ylim(0, 1.02)
    with atomic.replacing(path) as draft:
        figure.savefig(draft, format="png", dpi=110)


def _write_metrics(rows: Sequence[Metrics], path: Path) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with atomic.replacing(path) as draft, draft.open("w", newline="", encoding="utf-8") as file:
        writer = SheetWriter(file)
        writer.writerow(names)
        writer.writerows([int(row[name]) if name == "step" else row.get(name, "") for name in names] for row in rows)


def _open_tensorboard(folder: Path, step: int, log: Log) -> SummaryWriter | None:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:  # its releases from 2.21 on need a newer protobuf than MediaPipe's
        log(f"No TensorBoard log, since tensorboard cannot be imported ({error}); metrics.csv has the same data.")
        return None
    # The purge hides what an interrupted run wrote after its checkpoint.
    with writing(folder):
        return SummaryWriter(str(folder), purge_step=step + 1 if step else None)
