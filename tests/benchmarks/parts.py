"""Prints which parts of an analysis take the processor's time: milliseconds of processor time per frame by part.

    python -m tests.benchmarks.parts [--seconds 30] CLIP...

The parts are replaced by ones that add up the time of their thread, without that of measured parts inside them; one
worker searches, and libraries compute in one thread. Without the deep look and the report. `make profile` shows the
steps of a real run by the clock instead.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
from rich.table import Table

from inspector.console import SafeConsole
from inspector.domain.settings import Settings
from inspector.engine.analysis import face_search, pipeline
from inspector.engine.decode.decoder import open_clip
from inspector.engine.faces import finder
from inspector.engine.model.bundle import DEFAULT_BUNDLE, find_bundle
from inspector.engine.model.detector import Detector
from inspector.engine.provenance.coding.recorder import FrameSequence

_PARTS: tuple[tuple[Any, str, str], ...] = (
    (face_search, "frame_sha256", "hash"),
    (face_search, "thumbnail", "thumbnail for cuts"),
    (FrameSequence, "measure", "measure the coding"),
    (finder, "_resized", "shrink for the detectors"),
    (finder.FaceFinder, "find", "find faces, the rest"),
    (finder, "cut", "cut for the mesh"),
    (finder.FaceFinder, "_points", "mesh, the rest"),
    (pipeline._Run, "_cropped", "crop and quality"),
    (pipeline.Tracker, "update", "track"),
    (Detector, "_pass", "fast score"),
)
_GRAPHS = {"_full": "full-range detector", "_short": "short-range detector", "_mesh": "mesh"}


class Profile:
    """Seconds of processor time and calls by part, added up over all threads."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._local = threading.local()

    def measured(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, whose time is added to a part."""

        def timed(*values: Any, **named: Any) -> Any:
            if not hasattr(self._local, "inner"):
                self._local.inner = []
            inner, start = self._local.inner, time.thread_time()
            inner.append(0.0)
            try:
                return work(*values, **named)
            finally:
                taken, within = time.thread_time() - start, inner.pop()
                if inner:
                    inner[-1] += taken
                with self._lock:
                    self.seconds[name] += taken - within
                    self.calls[name] += 1

        return timed

    def watch(self) -> None:
        """Replace the parts, and MediaPipe's graphs when a finder opens them."""
        for owner, attribute, name in _PARTS:
            setattr(owner, attribute, self.measured(name, getattr(owner, attribute)))
        opens = finder.FaceFinder._open

        def opened(self_: finder.FaceFinder) -> None:
            opens(self_)
            for attribute, name in _GRAPHS.items():
                graph = getattr(self_, attribute)
                graph.process = self.measured(name, graph.process)

        setattr(finder.FaceFinder, "_open", opened)  # noqa: B010 - typed as the method, it would not fit


def main() -> None:
    """Profile each named clip."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=30.0)
    asked = parser.parse_args()
    import torch

    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    detector = Detector.load(find_bundle(DEFAULT_BUNDLE), "cpu", with_deep=False)
    profile = Profile()
    profile.watch()
    for path in asked.clips:
        profile.seconds.clear()
        profile.calls.clear()
        start, frames, faces = time.process_time(), 0, 0
        for batch in pipeline.analyze(open_clip(path), detector, Settings(end_seconds=asked.seconds), workers=1):
            frames, faces = frames + len(batch.frames), faces + len(batch.faces)
        whole = time.process_time() - start
        table = Table("part", "ms a frame", "calls a frame", title=f"{path.name}: {frames} frames, {faces} faces")
        for name, seconds in profile.seconds.most_common():
            table.add_row(name, f"{seconds / frames * 1e3:.2f}", f"{profile.calls[name] / frames:.2f}")
        table.add_row("decode, convert and the rest", f"{(whole - profile.seconds.total()) / frames * 1e3:.2f}", "")
        table.add_row("all", f"{whole / frames * 1e3:.1f}", "")
        SafeConsole().print(table)


if __name__ == "__main__":
    main()
