"""The cost of running a network: parameters, megabytes, milliseconds per face, peak memory.

Measured in a process that only loads and scores, so that no other memory counts.
"""

from __future__ import annotations

import multiprocessing
import platform
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import torch

from training.fit.checkpoint import averaged_network
from training.fit.score import logits_of
from training.recipe import Recipe

BATCH = 16
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """Times are medians of five rounds on `device`, with preprocessing; memory is the process's resident peak."""

    parameters: int
    weights_mb: float  # as shipped, in half precision; MB are 10**6 bytes
    device: str
    ms_per_face: float  # in batches of 16
    ms_single_face: float  # one by one
    peak_memory_mb: float | None  # None where the system does not report it


def measure_cost(recipe: Recipe, run: Path) -> Cost:
    """Load and time the averaged network of `run` on the CPU in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measure, msgspec.json.encode(recipe), run).result()


def _measure(recipe_json: bytes, run: Path) -> Cost:
    recipe = msgspec.json.decode(recipe_json, type=Recipe)
    network = averaged_network(recipe, run)
    table = recipe.network
    frames = () if table.frames_per_sample == 1 else (table.frames_per_sample,)
    shape = (*frames, table.input_size, table.input_size, 3)
    crops = np.random.default_rng(0).integers(0, 256, (BATCH, *shape), np.uint8)
    logits_of(network, crops, recipe)  # the first pass includes one-time setup
    many, single = [], []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        logits_of(network, crops, recipe)
        many.append((time.perf_counter() - started) * 1000 / BATCH)
        started = time.perf_counter()
        logits_of(network, crops[:1], recipe)
        single.append((time.perf_counter() - started) * 1000)
    values = list(network.state_dict().values())
    size = sum(v.numel() * (2 if v.is_floating_point() else v.element_size()) for v in values)
    return Cost(
        parameters=sum(p.numel() for p in network.parameters()),
        weights_mb=round(size / 1e6, 2),
        device=f"cpu ({platform.machine()}, {torch.get_num_threads()} threads)",
        ms_per_face=round(float(np.median(many)), 2),
        ms_single_face=round(float(np.median(single)), 2),
        peak_memory_mb=_peak_memory_mb(),
    )


def _peak_memory_mb() -> float | None:
    """The resident peak of this process. On Linux getrusage includes the parent's, so it is not used."""
    peak: float | None = None
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text()
        peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    elif sys.platform == "darwin":
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return None if peak is None else round(peak / 1e6, 1)
