"""Measures PyTorch, ONNX Runtime and OpenVINO on both networks of the default bundle, in turn.

    python -m tools.measure_runtimes [--libraries FOLDER] [--rounds 5] [--threads 2]

The runtimes and the export to ONNX are not part of the program. To measure them, install them into a folder apart:

    uv pip install --target FOLDER --no-deps onnxruntime openvino onnx onnxscript onnx-ir ml-dtypes flatbuffers protobuf

Each runtime has a process of its own with the same number of threads; they take turns, so that what else the machine
does meets all of them. Prints crops a second and processor milliseconds a crop at batches of 1, 8 and 16 (medians of
the rounds), seconds from the start of the import to the first logit, the resident memory then and at the end, and the
largest difference of a probability from PyTorch's. All compute in float32, but PyTorch multiplies int8 weights of the
deep network where the processor has the instructions.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any, Self

import numpy as np
from rich.table import Table

from inspector.console import SafeConsole
from inspector.domain.arrays import Floats, Floats32
from inspector.engine.model.bundle import DEFAULT_BUNDLE, find_bundle
from inspector.engine.model.calibration import probability
from inspector.engine.resources import resource

RUNTIMES = {"PyTorch": "torch", "ONNX Runtime": "onnxruntime", "OpenVINO": "openvino"}
_EXPORT = ("onnx", "onnxscript")
_BATCHES = (1, 8, 16)

Network = Callable[[Floats32], Floats]
"""Input float32 (n, 3, s, s) to logits (n,)."""


# --- in the process of one runtime -----------------------------------------------------------------------------------


def _torch(name: str, _path: Path, threads: int) -> Network:
    import torch

    from inspector.engine.model.detector import Detector

    torch.set_num_threads(threads)
    loaded = Detector.load(find_bundle(DEFAULT_BUNDLE), "cpu", with_deep=name == "deep")
    detector = loaded.deep if name == "deep" else loaded
    assert detector is not None

    def run(x: Floats32) -> Floats:
        batch = torch.from_numpy(x).contiguous(memory_format=torch.channels_last)
        with torch.inference_mode():
            found: Floats = detector.network(batch).double().numpy()
        return found

    return run


def _onnxruntime(_name: str, path: Path, threads: int) -> Network:
    runtime: Any = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # as PyTorch's threads do not either
    session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda x: np.asarray(session.run(None, {"x": x})[0], np.float64)


def _openvino(_name: str, path: Path, threads: int) -> Network:
    runtime: Any = import_module("openvino")
    # By default it would compute in bfloat16 where the processor can.
    hints = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
    model = runtime.Core().compile_model(str(path), "CPU", hints)
    return lambda x: np.asarray(model(x)[0], np.float64)


_LOADERS = {"torch": _torch, "onnxruntime": _onnxruntime, "openvino": _openvino}


def _resident_mb() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


def _serve(runtime: str, name: str, folder: Path, threads: int) -> None:
    """Load a network, answer with what that took, then with the times of each batch size that stdin names."""
    x = np.load(folder / f"{name}.npy")

    def timed(work: Callable[[], Floats]) -> dict[str, Any]:
        wall, processor = time.perf_counter(), time.process_time()
        logits = work()
        took = {"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}
        return {**took, "resident_mb": _resident_mb(), "logits": logits.tolist()}

    network: list[Network] = []

    def first() -> Floats:
        network.append(_LOADERS[runtime](name, folder / f"{name}.onnx", threads))
        return network[0](x[:1])

    print(json.dumps(timed(first)), flush=True)
    for line in sys.stdin:
        size = int(line)
        parts = [x[at : at + size] for at in range(0, len(x), size)]
        print(json.dumps(timed(lambda parts=parts: np.concatenate(list(map(network[0], parts))))), flush=True)  # type: ignore[misc]


# --- in the process that compares ------------------------------------------------------------------------------------


class _Child:
    """The process of one runtime with one network; a context manager."""

    def __init__(self, runtime: str, name: str, folder: Path, threads: int, libraries: str) -> None:
        path = os.pathsep.join(filter(None, (libraries, os.environ.get("PYTHONPATH", ""))))
        environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": str(threads)}
        command = [sys.executable, "-m", "tools.measure_runtimes", "--serve", runtime, name, str(folder), str(threads)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )
        self.first = self._answer()
        self.times: dict[int, list[tuple[float, float]]] = {size: [] for size in _BATCHES}
        self.last: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            sys.exit("A runtime ended without an answer; its error is above.")
        return dict(json.loads(line))

    def run(self, size: int) -> None:
        """Score all crops in batches of that size."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{size}\n")
        self._process.stdin.flush()
        self.last = self._answer()
        self.times[size].append((self.last["wall"], self.last["processor"]))


def _prepare(folder: Path, threads: int) -> dict[str, Any]:
    """Export both networks, write 16 crops of the demo clip as their inputs, and return their calibrations."""
    import torch

    from inspector.domain.clip import Frame
    from inspector.domain.geometry import Box
    from inspector.engine.decode.decoder import Decoder, open_clip
    from inspector.engine.faces.crop import cut
    from inspector.engine.model.detector import Detector
    from inspector.engine.model.networks.lora import to_float

    torch.set_num_threads(threads)
    fast = Detector.load(find_bundle(DEFAULT_BUNDLE), "cpu")
    assert fast.deep is not None
    assert fast.card.deep is not None
    to_float(fast.deep.network)
    with Decoder(open_clip(Path(resource("demo/demo.mp4")))) as decoder:
        frames = [frame.image for frame in decoder.frames() if isinstance(frame, Frame)][:: max(_BATCHES)]
    for name, detector in (("fast", fast), ("deep", fast.deep)):
        size = detector.card.input_size
        boxes = [Box(40.0 * (at % 4), 30.0 * (at // 4), 240.0, 240.0) for at in range(max(_BATCHES))]
        x = detector.to_input(np.stack([cut(frames[at % len(frames)], box, size) for at, box in enumerate(boxes)]))
        np.save(folder / f"{name}.npy", np.ascontiguousarray(x.numpy()))
        torch.onnx.export(
            detector.network,
            (x[:2].contiguous(),),
            str(folder / f"{name}.onnx"),
            dynamo=True,
            dynamic_shapes=({0: torch.export.Dim("n", min=1, max=64)},),
            input_names=["x"],
            external_data=False,
            verbose=False,
        )
    return {"fast": fast.card.calibration.frame, "deep": fast.card.deep.limits(is_still=False).calibration}


def _compare(name: str, calibration: Any, folder: Path, options: argparse.Namespace) -> Table:
    """Run the runtimes on one network in turn; a row for each."""
    with ExitStack() as open_children:
        children = {
            title: open_children.enter_context(_Child(runtime, name, folder, options.threads, options.libraries))
            for title, runtime in RUNTIMES.items()
        }
        for _ in range(options.rounds):
            for size in _BATCHES:
                for child in children.values():
                    child.run(size)
        speeds = [f"{what} at {size}" for size in _BATCHES for what in ("crops/s", "cpu ms")]
        columns = ("first score s", "cpu s", "MB then", "MB last", *speeds, "largest difference")
        table = Table("runtime", *columns, title=f"{name} network, {options.threads} threads")
        reference = probability(np.array(children["PyTorch"].last["logits"]), calibration)
        for title, child in children.items():
            row = [f"{child.first['wall']:.2f}", f"{child.first['processor']:.2f}"]
            row += [str(child.first["resident_mb"]), str(child.last["resident_mb"])]
            for size in _BATCHES:
                wall, processor = (median(each) for each in zip(*child.times[size], strict=True))
                row += [f"{max(_BATCHES) / wall:.1f}", f"{processor / max(_BATCHES) * 1e3:.1f}"]
            difference = np.abs(probability(np.array(child.last["logits"]), calibration) - reference).max()
            table.add_row(title, *row, f"{difference:.1e}")
    return table


def main() -> None:
    """Compare the runtimes; or, in the process of one, serve it."""
    if sys.argv[1:2] == ["--serve"]:
        runtime, name, folder, threads = sys.argv[2:]
        _serve(runtime, name, Path(folder), int(threads))
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--libraries", default="", metavar="FOLDER", help="where the runtimes were installed")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    sys.path[:0] = [options.libraries] if options.libraries else []
    missing = [name for name in (*RUNTIMES.values(), *_EXPORT) if find_spec(name) is None]
    if missing:
        sys.exit(f"{', '.join(missing)} cannot be imported; see how to install it in tools/measure_runtimes.py.")
    console = SafeConsole()
    console.width = max(console.width, 180)  # not cut to 80 columns in a file
    with tempfile.TemporaryDirectory(prefix="runtimes-") as folder:
        for name, calibration in _prepare(Path(folder), options.threads).items():
            console.print(_compare(name, calibration, Path(folder), options))
    console.print(f"{os.cpu_count()} cores at load {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
