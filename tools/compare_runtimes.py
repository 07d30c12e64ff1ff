"""Compares runtimes for the bundle's two networks: speed at several batch sizes, and how far the probabilities move.

    python -m tools.compare_runtimes [CLIP]

ONNX Runtime and OpenVINO are no dependencies: install `onnxruntime openvino onnx onnxscript` into an environment of
your own; what is missing is left out. See docs/decisions/0034-speed.md.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from inspector.domain.arrays import Floats, Image
from inspector.domain.clip import Frame
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.faces.crop import crop_box, cut
from inspector.engine.faces.finder import FaceFinder
from inspector.engine.model.bundle import DEFAULT_BUNDLE, find_bundle
from inspector.engine.model.calibration import probability
from inspector.engine.model.detector import Detector
from inspector.engine.resources import resource
from inspector.terminal import write_error, write_line

BATCHES = (1, 8, 16)
_ROUNDS, _CROPS, _EVERY = 5, 16, 16

Runtime = Callable[[torch.Tensor], Floats]


def crops_of(path: Path, detector: Detector) -> Image:
    """Crops of the first face in every 16th frame, uint8 (16, s, s, 3) RGB."""
    found = []
    with Decoder(open_clip(path)) as decoder, FaceFinder() as finder:
        frames = (frame for frame in decoder.frames() if isinstance(frame, Frame))
        for frame in islice(frames, 0, None, _EVERY):
            for face in finder.find(frame.image, frame.pts)[:1]:
                found.append(cut(frame.image, crop_box(face, detector.card.crop_margin), detector.card.input_size))
            if len(found) == _CROPS:
                break
    return np.stack(found)


def runtimes(network: torch.nn.Module, sample: torch.Tensor) -> Iterator[tuple[str, Runtime]]:
    """Each runtime that can be loaded, as a function of the input, float32 (n, 3, s, s), that returns (n,)."""

    def run(module: torch.nn.Module, x: torch.Tensor) -> Floats:
        with torch.inference_mode():
            return np.asarray(module(x).float().numpy(), np.float64).ravel()

    yield "torch f32", lambda x: run(network, x)
    yield "torch f32, channels last", lambda x: run(network, x.contiguous(memory_format=torch.channels_last))

    def bf16(x: torch.Tensor) -> Floats:
        with torch.autocast("cpu", torch.bfloat16):
            return run(network, x)

    yield "torch bf16", bf16
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "network.onnx")
        try:
            dynamic = {"x": {0: torch.export.Dim("n")}}
            program: Any = torch.onnx.export(network, (sample[:2],), dynamic_shapes=dynamic, dynamo=True)
            program.save(path)
        except Exception as error:  # noqa: BLE001 - a network that cannot be exported is a result too
            write_error(f"no ONNX export: {str(error)[:200]}")
            return
        yield from _onnx(path)


def _onnx(path: str) -> Iterator[tuple[str, Runtime]]:
    if importlib.util.find_spec("onnxruntime"):
        import onnxruntime  # type: ignore[import-not-found, unused-ignore]

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        yield f"ONNX Runtime {onnxruntime.__version__}", lambda x: session.run(None, {name: x.numpy()})[0].ravel()
    if importlib.util.find_spec("openvino"):
        import openvino  # type: ignore[import-not-found, unused-ignore]

        for precision in ("f32", "bf16"):
            settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": torch.get_num_threads()}
            compiled = openvino.Core().compile_model(path, "CPU", settings)
            yield f"OpenVINO {precision}", lambda x, m=compiled: m(x.numpy())[0].ravel()  # type: ignore[misc]


def measured(name: str, run: Runtime, x: torch.Tensor, reference: Floats, scale: Any) -> dict[str, Any]:
    """Median seconds of a batch by the clock and by processor time, per crop, and the largest change."""
    logits = np.concatenate([run(x[at : at + 8]) for at in range(0, len(x), 8)])
    found: dict[str, Any] = {
        "runtime": name,
        "logit_moved": float(np.abs(logits - reference).max()),
        "probability_moved": float(np.abs(probability(logits, scale) - probability(reference, scale)).max()),
    }
    for size in BATCHES:
        clock, processor = [], []
        run(x[:size])
        for _ in range(_ROUNDS):
            start, begun = time.perf_counter(), time.process_time()
            run(x[:size])
            clock.append((time.perf_counter() - start) / size)
            processor.append((time.process_time() - begun) / size)
        found[f"batch_{size}"] = {
            "clock_ms": round(1e3 * statistics.median(clock), 2),
            "processor_ms": round(1e3 * statistics.median(processor), 2),
        }
    return found


def main() -> None:
    """Print a table as JSON."""
    detector = Detector.load(find_bundle(DEFAULT_BUNDLE), "cpu")
    clip = Path(sys.argv[1]) if len(sys.argv) > 1 else resource("demo/demo.mp4")
    table: dict[str, Any] = {"threads": torch.get_num_threads(), "load": os.getloadavg()[0], "cores": os.cpu_count()}
    networks = {"fast": (detector, detector.card.calibration.frame)}
    if detector.deep is not None and detector.card.deep is not None:
        networks["deep"] = (detector.deep, detector.card.deep.limits(False).calibration)
    for name, (network, scale) in networks.items():
        x = network.to_input(crops_of(clip, network))
        reference = network.logits(crops_of(clip, network))
        table[name] = []
        for title, run in runtimes(network.network, x):
            table[name].append(measured(title, run, x, reference, scale))
            write_error(f"{name}: {json.dumps(table[name][-1])}")
    write_line(json.dumps(table, indent=1))


if __name__ == "__main__":
    main()
