"""Batches made by worker processes, so that forging keeps a GPU busy.

Pixels cross in shared memory. Workers are forked from a small server process that has imported what they need: a fork
of the training process would hang on the thread pool that it has already used, and a spawned one imports torch again.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing.context import BaseContext

import torch
from torch.utils.data import DataLoader, Dataset, Subset

from inspector.domain.errors import InspectorError
from training.fit.batch.batches import Batch, Batches, start_worker

_PREFETCHED = 3  # batches waiting for each worker


def load_batches(batches: Batches, first: int, step: int, workers: int) -> Iterator[Batch]:
    """The batches `first`, `first + step`, ... of the dataset, made by `workers` processes; by this one for 0.

    The workers begin at once, so that batches are ready when the networks are. Raises the InspectorError of a batch
    that cannot be made.
    """
    loader: DataLoader[_Sent | InspectorError] = DataLoader(
        Subset(_BatchesOrErrors(batches), range(first, len(batches), step)),
        batch_size=None,
        num_workers=workers,
        prefetch_factor=_PREFETCHED if workers else None,
        worker_init_fn=start_worker,
        multiprocessing_context=_context() if workers else None,
    )
    return _received(iter(loader))


def _received(loader: Iterator[_Sent | InspectorError]) -> Iterator[Batch]:
    for sent in loader:
        if isinstance(sent, InspectorError):
            raise sent
        yield replace(sent.rest, crops=sent.crops.numpy())


@dataclass(frozen=True, slots=True, eq=False)
class _Sent:
    """A batch whose pixels are a tensor, because those are not copied between processes."""

    crops: torch.Tensor
    rest: Batch  # without pixels


class _BatchesOrErrors(Dataset["_Sent | InspectorError"]):
    """Batches, with the error in place of a batch that cannot be made: a worker would wrap a raised one."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches

    def __getitem__(self, number: int) -> _Sent | InspectorError:
        try:
            batch = self._batches[number]
        except InspectorError as error:
            return error
        return _Sent(torch.from_numpy(batch.crops), replace(batch, crops=batch.crops[:0]))


def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context
