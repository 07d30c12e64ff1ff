"""Memory of one engine process over many clips and stills of mixed size, and a picture of its course."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image, ImageDraw

from inspector.domain.case import CaseInfo
from inspector.domain.settings import Settings
from inspector.engine.analysis.face_search import default_workers, frames_ahead
from inspector.engine.analysis.prefetch import prefetched
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.process.scan import scan
from inspector.engine.process.scanned import ScannedClip
from tests.benchmarks.clips import FOLDER, one_face

_SIZES = ((320, 240), (1280, 720), (640, 360), (1920, 1080), (3840, 2160), (480, 480), (7680, 1080))


def _clips(count: int) -> list[Path]:
    """As many files: one second of video of each size in turn, and after every third a still of twice the size."""
    made = []
    for number, (width, height) in enumerate(islice(cycle(_SIZES), count)):
        path = one_face(width, height, 24, 24)
        if number % 3 == 2:
            still = FOLDER / f"still_{width}x{height}.png"
            if not still.exists():
                with Decoder(open_clip(path)) as decoder:
                    Image.fromarray(decoder.frame_at(0).image).resize((width * 2, height * 2)).save(still)
            path = still
        made.append(path)
    return made


class _Course:
    """Notes the memory of the engine process, twice a second; a Progress of the scan, which notes when a clip ends."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.megabytes: list[int] = []
        self.ends: list[float] = []
        self._start, self._stop = time.perf_counter(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            self.seconds.append(time.perf_counter() - self._start)
            self.megabytes.append(max(map(_resident, _children()), default=0))

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def finished(self, clip: ScannedClip) -> None:
        self.ends.append(time.perf_counter() - self._start)

    def stage(self, path: Path, what: str, percent: int | None = None) -> None: ...
    def started(self, path: Path, frames_total: int | None, frames_done: int) -> None: ...
    def worked(self, path: Path, frames: float) -> None: ...
    def advanced(self, path: Path, frames: int, faces: int) -> None: ...
    def warned(self, path: Path, sentence: str) -> None: ...
    def stopping(self) -> None: ...


def _children() -> Iterable[int]:
    for task in Path("/proc/self/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def _resident(process: int) -> int:
    """Megabytes."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def many(count: int = 60) -> dict[str, object]:
    """Analyse that many files in one engine process (Linux); the figure is out/bench/memory.png."""
    with TemporaryDirectory() as out, closing(_Course()) as course:
        paths = []
        for number, source in enumerate(_clips(count)):  # each of another name and content, so that all are analysed
            paths.append(Path(out) / f"{number:03d}{source.suffix}")
            paths[-1].write_bytes(source.read_bytes() + b"\0" * number)
        found = scan(paths, Path(out) / "out", Settings(every=4), CaseInfo(), 1, course, report="json")
    _draw(course, FOLDER / "memory.png")
    at_ends = np.interp(course.ends, course.seconds, course.megabytes)
    tenth = max(1, len(at_ends) // 10)
    return {
        "files": len(found.clips),
        "failed": sum(clip.status == "failed" for clip in found.clips),
        "minutes": round(course.seconds[-1] / 60, 1),
        "peak_mb": max(course.megabytes),
        "after_the_first_tenth_mb": round(float(np.median(at_ends[:tenth]))),
        "after_the_last_tenth_mb": round(float(np.median(at_ends[-tenth:]))),
    }


def _draw(course: _Course, path: Path) -> None:
    """The memory over the time as a curve; a line for each end of a clip."""
    width, height, edge = 900, 320, 50
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    last, most = max(course.seconds), max(1500, *course.megabytes)

    def place(seconds: float, megabytes: float) -> tuple[float, float]:
        return edge + (width - 2 * edge) * seconds / last, height - edge - (height - 2 * edge) * megabytes / most

    for end in course.ends:
        draw.line([place(end, 0), place(end, most)], fill="#e8eaed")
    for level in range(0, most + 1, 500):
        draw.line([place(0, level), place(last, level)], fill="#b8bec5")
        draw.text((4, place(0, level)[1] - 6), f"{level} MB", fill="#444444")
    draw.line([place(*each) for each in zip(course.seconds, course.megabytes, strict=True)], fill="#143a5c", width=2)
    draw.text((edge, height - 30), f"0 to {last / 60:.1f} minutes; a line for the end of each file", fill="#444444")
    picture.save(path)


def decoding(width: int = 7680, height: int = 4320) -> dict[str, object]:
    """Peak of this process while 24 frames of 8K are decoded ahead as the analysis does, beside one frame's size."""
    clip, peak = open_clip(one_face(width, height, 24, 24)), 0
    own = int(Path("/proc/self").resolve().name)
    before = _resident(own)
    ahead = frames_ahead(clip, default_workers())
    with Decoder(clip) as decoder, closing(prefetched(decoder.frames(), ahead)) as frames:
        for _ in frames:
            peak = max(peak, _resident(own))
    return {"frame_mb": width * height * 3 >> 20, "peak_mb_above_start": peak - before}
