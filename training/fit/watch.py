"""Progress messages, checks and best checkpoint of a running training, in its first process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from training.fit.checkpoint import State, save
from training.fit.checks import HeldOut
from training.fit.metrics_log import MetricsLog
from training.log import Log
from training.prepare.index import Row
from training.recipe import Recipe


class Watch:
    """Logs a run's progress, checks it on held-out people, saves its best checkpoint, and decides on an early stop."""

    def __init__(self, recipe: Recipe, run: Path, held_out: Sequence[Row], state: State, log: Log) -> None:
        self._table, self._run, self._state, self._log = recipe.fit, run, state, log
        self._held_out = HeldOut(recipe, held_out)
        self._metrics_log = MetricsLog(run, state.step, log)
        self._first: tuple[float, int, int] | None = None  # time, step and crops at the end of the first step

    def progress(self, crops: int, is_due: bool) -> None:
        """Record one step; when `is_due`, log the mean over the latest steps.

        `crops` is the number since the start, over all processes. Time counts from the end of the first step, which
        includes the start of workers and the compilation.
        """
        now, step = time.monotonic(), self._state.step
        self._first = self._first or (now, step, crops)
        if not is_due:
            return
        recent = self._state.seen[-self._table.save_every :]
        loss, accuracy = np.mean(recent, axis=0)
        rate = float(self._state.optimiser.param_groups[0]["lr"])
        self._log(
            f"step {step}/{self._table.steps}, loss {loss:.4f}, accuracy {accuracy:.3f}, learning rate {rate:.2g}"
            + self._pace(now - self._first[0], step - self._first[1], crops - self._first[2])
        )
        self._metrics_log.scalars(step, {"train/loss": loss, "train/accuracy": accuracy, "train/learning rate": rate})

    def _pace(self, seconds: float, steps: int, crops: int) -> str:
        """Speed and remaining time as text, from the steps after the first; "" before."""
        if not steps:
            return ""
        left = duration((self._table.steps - self._state.step) * seconds / steps)
        return f", {crops / seconds:.1f} crops/s, {left} left"

    def check(self) -> bool:
        """Measure the averaged weights on held-out people and save the best; returns whether to stop now."""
        step = self._state.step
        loss, accuracy = np.mean(self._state.seen, axis=0)
        metrics = {"training loss": float(loss), "training accuracy": float(accuracy)}
        metrics |= self._held_out.measure(self._state.averaged.module)
        self._log(f"step {step}: " + ", ".join(f"{name} {value:.3f}" for name, value in metrics.items()))
        for side in ("recall of fakes", "recall of originals"):
            if metrics[side] == 0:
                self._log(
                    f"step {step}: warning: the network assigns everything to one class ({side} is 0, "
                    f"accuracy {metrics['accuracy']:.3f})."
                )
        self._metrics_log.add(step, metrics)
        if self._metrics_log.since_best() == 0:
            save(self._run / "best.safetensors", self._state)
        if self.is_stale():
            self._log(f"step {step}: stopped early, since the last {self._table.patience} checks were not better.")
        return self.is_stale()

    def is_stale(self) -> bool:
        """Whether the recipe's `patience` of checks has passed since the best one."""
        return 0 < self._table.patience <= self._metrics_log.since_best()

    def close(self) -> None:
        """Close the logs."""
        self._metrics_log.close()


def duration(seconds: float) -> str:
    """A remaining time as text."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
