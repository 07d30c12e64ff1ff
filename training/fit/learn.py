"""The gradients of one step: from batches of crops to the loss, on the hardware that Fabric found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import torch
from lightning_fabric import Fabric
from lightning_fabric.wrappers import _FabricModule
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from inspector.domain.errors import TrainingError
from training.fit.adversarial import attack_share, bounds
from training.fit.batch.batches import Batch
from training.fit.batch.inputs import on_device
from training.fit.batch.replay import DeviceBatch
from training.fit.checkpoint import State
from training.fit.distil import Teacher
from training.fit.norms import Statistics
from training.recipe import Recipe


class Learner:
    """Computes the clipped gradients of a step's batches, shared by all processes."""

    def __init__(
        self,
        recipe: Recipe,
        fabric: Fabric,
        model: _FabricModule,
        state: State,
        fake_weight: float,
        teacher: Teacher | None = None,
    ) -> None:
        self._teacher = teacher
        self._recipe, self._fabric, self._model, self._state = recipe, fabric, model, state
        self._fake_weight = torch.tensor(fake_weight, device=fabric.device)
        self._bounds = bounds(recipe.network.mean, recipe.network.std, fabric.device)
        self.crops = 0  # trained on so far, by all processes

    def __call__(self, batches: Sequence[Batch | DeviceBatch]) -> list[float]:
        """Compute the gradients of one step; returns loss and accuracy over all processes.

        Raises TrainingError in every process when the loss or the gradients are not finite.
        """
        fabric = self._fabric
        seen, statistics = torch.zeros(2, device=fabric.device), Statistics(self._state.network)
        for index, batch in enumerate(batches):
            number = (self._state.step * len(batches) + index) * fabric.world_size + fabric.global_rank
            torch.manual_seed(self._recipe.fit.seed * 1_000_003 + number)  # dropout is a function of the batch as well
            with fabric.no_backward_sync(self._model, enabled=index + 1 < len(batches)):
                seen += self._backward(batch, 1 / len(batches))
            statistics.add(1 / len(batches))
            self.crops += len(batch.labels) * fabric.world_size
        statistics.end(fabric)
        norm = self._clip()
        loss, accuracy = cast(torch.Tensor, fabric.all_reduce(seen, reduce_op="mean")).tolist()
        # Half precision overflows occasionally; its scaler skips such a step.
        is_scaled = bool(self._state.scaler.state_dict())
        if not math.isfinite(loss) or not (is_scaled or math.isfinite(norm)):
            raise TrainingError(
                f"The loss is {loss} and the gradients' norm {norm} at step {self._state.step + 1}, so training "
                "stops; the last checkpoint is kept: lower learning_rate or clip_norm, in another run folder."
            )
        return [loss, accuracy]

    def _clip(self) -> float:
        """Clip the gradients if the recipe says so; returns their norm before."""
        most, optimiser = self._recipe.fit.clip_norm or math.inf, self._state.optimiser
        norm = self._fabric.clip_gradients(self._model, optimiser, max_norm=most, error_if_nonfinite=False)
        return float(cast(torch.Tensor, norm))

    def _backward(self, batch: Batch | DeviceBatch, share: float) -> torch.Tensor:
        """Add the gradients of one batch; returns loss and accuracy times its share of the step."""
        recipe, fabric = self._recipe, self._fabric
        x = on_device(batch.crops, recipe.network, fabric.device)
        labels = torch.as_tensor(batch.labels).to(fabric.device)
        if recipe.fit.adversarial:
            with fabric.autocast():
                x = attack_share(self._state.network, x, labels, recipe.fit.adversarial, *self._bounds)
        logits = self._model(x).float()
        smoothing = recipe.fit.label_smoothing
        targets = labels * (1 - 2 * smoothing) + smoothing
        if self._teacher:
            with fabric.autocast():
                targets = self._teacher.targets(batch.crops, targets)
        loss = self._loss(logits, targets, batch.pairs) * share
        fabric.backward(loss)
        right = ((logits > 0) == (labels == 1)).float().mean() * share
        return torch.stack([loss.detach(), right])

    def _loss(self, logits: torch.Tensor, targets: torch.Tensor, pairs: int) -> torch.Tensor:
        """Cross-entropy, and the ranking of the leading pairs as the recipe weights it."""
        ranking = self._recipe.fit.ranking
        loss = binary_cross_entropy_with_logits(logits, targets, pos_weight=self._fake_weight)
        if ranking and pairs:
            originals, fakes = logits[: 2 * pairs : 2], logits[1 : 2 * pairs : 2]
            loss = loss + ranking * softplus(originals - fakes).mean()
        return loss
