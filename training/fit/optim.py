"""Trainable parameters, optimiser, learning-rate schedule, and the running average of the weights."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Self, cast

import torch
from lightning_fabric import Fabric
from timm.utils import ModelEmaV3
from torch import nn

from inspector.engine.end_signals import Ended, handled
from inspector.engine.model import registry as networks
from training.fit.batch.batches import Batch
from training.fit.checkpoint import State
from training.recipe import FitTable


def freeze(network: nn.Module, trained: Sequence[str]) -> None:
    """Make only the sub-modules named in `trained` trainable; all of them if it is empty.

    Raises BundleError for a name that the network does not have.
    """
    network.requires_grad_(not trained)
    for name in trained:
        networks.layer(network, name).requires_grad_(True)


def to_training(model: nn.Module, network: nn.Module, trained: Sequence[str]) -> None:
    """Put the wrapped `model` into training mode, except the frozen parts of the `network` in it.

    Frozen parts stay in evaluation mode: no dropout, and the norm statistics of the pretrained body.
    """
    model.train()
    if trained:
        learning = {module for name in trained for module in networks.layer(network, name).modules()}
        for module in network.modules():
            module.training = module in learning


def count_parameters(network: nn.Module) -> tuple[int, int]:
    """The number of parameters, and of trainable ones."""
    sizes = [(p.numel(), p.requires_grad) for p in network.parameters()]
    return sum(n for n, _ in sizes), sum(n for n, learns in sizes if learns)


def make_optimiser(network: nn.Module, table: FitTable) -> torch.optim.Optimizer:
    """The recipe's optimiser for the trainable parameters; no weight decay for norms and biases.

    Adam (Kingma and Ba 2015), AdamW (Loshchilov and Hutter 2019), RMSprop (Hinton 2012), SGD with momentum.
    """
    learning = [p for p in network.parameters() if p.requires_grad]
    decayed = {"params": [p for p in learning if p.ndim > 1], "weight_decay": table.weight_decay}
    free = {"params": [p for p in learning if p.ndim <= 1], "weight_decay": 0.0}
    groups, rate = [decayed, free], table.learning_rate
    if table.optimiser == "adam":
        return torch.optim.Adam(groups, lr=rate)
    if table.optimiser == "rmsprop":
        return torch.optim.RMSprop(groups, lr=rate, momentum=table.momentum)
    if table.optimiser == "sgd":
        return torch.optim.SGD(groups, lr=rate, momentum=table.momentum)
    return torch.optim.AdamW(groups, lr=rate)


def schedule(step: float, table: FitTable) -> float:
    """The factor of the learning rate at a step: linear warm-up, then the recipe's schedule.

    A step may be a fraction, where the clock says how far the run has come.

    linear and cosine (Loshchilov and Hutter 2017) fall to 0 over the last `decay_steps`; step multiplies by
    `decay_factor` after every `decay_steps`.
    """
    warm = min(1.0, (step + 1) / max(table.warmup_steps, 1))
    if table.schedule == "step":
        return float(warm * table.decay_factor ** (step // table.decay_steps))
    left = min(1.0, max(0.0, (table.steps - step) / max(table.decay_steps, 1)))
    if table.schedule == "cosine":
        return warm * (1 - math.cos(math.pi * left)) / 2
    return min(warm, left)


# What the death of a worker process raises: torch's own error, or that of the connection by which it sends a batch.
_DEATHS = (RuntimeError, ConnectionError, EOFError)


class Clock:
    """How far a run has come, by steps or by the recipe's minutes of training, and when this call has to stop."""

    def __init__(self, table: FitTable, state: State, minutes: float) -> None:
        self._table, self._state, self._most = table, state, 60 * minutes
        self._started, self._before = time.monotonic(), state.seconds
        self._asked = 0  # the signal that this process got
        self.interrupt = 0  # the one after which all processes stop, 0 without one

    @contextmanager
    def interruptible(self) -> Iterator[Self]:
        """Within the block Ctrl-C, or another signal that ends programs, ends this call after its step.

        The block then raises Ended at its end. A second Ctrl-C ends it at once.
        """

        def ask(number: int, _frame: FrameType | None) -> None:
            if self._asked == number == signal.SIGINT:
                raise Ended(number)
            self._asked = self._asked or number

        with handled(ask):
            try:
                yield self
            except _DEATHS as error:  # the worker process got the signal too
                if not self._asked:
                    raise
                raise Ended(self._asked) from error
        if self.interrupt:
            raise Ended(self.interrupt)

    def fetch(self, loader: Iterator[Batch], count: int) -> list[Batch]:
        """The next batches; none if the signal that ends this call has ended those who make them, too."""
        try:
            return [next(loader) for _ in range(count)]
        except _DEATHS:
            if not self._asked:
                raise
            self.interrupt = self._asked
            return []

    def tick(self, fabric: Fabric) -> None:
        """Count the time after a step, and take notice of signals.

        Several processes take the first one's time and any one's signal, so that they stop together.
        """
        self.interrupt = self._asked
        if fabric.world_size > 1:
            asked = torch.tensor(self._asked, device=fabric.device)
            self.interrupt = int(cast(torch.Tensor, fabric.all_reduce(asked, reduce_op="max")))
        spent = time.monotonic() - self._started
        if fabric.world_size > 1 and (self._table.minutes or self._most < math.inf):
            spent = fabric.broadcast(spent)
        self._state.seconds = self._before + spent

    def rate(self) -> float:
        """The learning rate of the next step."""
        table, step = self._table, float(self._state.step)
        if table.minutes:
            step = table.steps * min(1.0, self._state.seconds / (60 * table.minutes))
        return table.learning_rate * schedule(step, table)

    def is_done(self) -> bool:
        """Whether the run has its full length."""
        if self._table.minutes:
            return self._state.seconds >= 60 * self._table.minutes
        return self._state.step >= self._table.steps

    def is_out(self) -> bool:
        """Whether this call has to stop: the run is done, a signal came, or the minutes of this call are over."""
        return self.is_done() or self.interrupt > 0 or self._state.seconds - self._before >= self._most

    def why(self) -> str:
        """Why this call stops before the run is done, as text."""
        return "interrupted" if self.interrupt else f"stopped after {self._most / 60:g} minutes"


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of every parameter group."""
    for group in optimiser.param_groups:
        group["lr"] = rate


def running_average(network: nn.Module, decay: float) -> ModelEmaV3:
    """timm's running average of weights and norm statistics, of `network` as it is now; 0 follows without averaging.

    It is updated with `step`, counted from 1. Over the first steps the decay is at most (step - 1) / (step + 9), so
    that the average forgets the initial weights.
    """
    return ModelEmaV3(network, decay, use_warmup=True, warmup_gamma=10, warmup_power=1)
