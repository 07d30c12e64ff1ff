"""Peak memory of an analysis against the clip's length, each in a separate process."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.benchmarks.clips import one_face

_RATE = 10

_CHILD = """
import json, resource, sys
from pathlib import Path
from inspector.domain.settings import Settings
from inspector.engine.analysis.pipeline import analyze
from inspector.engine.model.bundle import find_bundle
from inspector.engine.decode.decoder import open_clip
from inspector.engine.model.detector import Detector
detector = Detector.load(find_bundle("default"), "cpu")
batches = analyze(open_clip(Path(sys.argv[1])), detector, Settings())
next(batches)
first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
frames = 16 + sum(len(b.frames) for b in batches)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"frames": frames, "after_first_batch_mb": first // 1024, "peak_mb": peak // 1024}))
"""


def growth(minutes: tuple[int, ...] = (1, 4, 16)) -> dict[str, object]:
    """Peak resident memory for clips of 1, 4 and 16 minutes (320x240, 10 fps, one face)."""
    found: dict[str, object] = {}
    for length in minutes:
        path = one_face(320, 240, _RATE, length * 60 * _RATE)
        done = subprocess.run([sys.executable, "-c", _CHILD, str(path)], capture_output=True, text=True, check=True)
        found[f"{length}_min"] = json.loads(done.stdout.splitlines()[-1])
    return found
