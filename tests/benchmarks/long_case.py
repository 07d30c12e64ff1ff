"""How long the window's thread is blocked by the case file of two hours with three faces: scores, results, signals."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from inspector.domain.analysis import Analysis, Batch, FrameRecord, SignalBlock
from inspector.domain.faces import Face, FaceTrack
from inspector.domain.geometry import Box
from inspector.domain.settings import Settings
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.faces.signals import SERIES
from inspector.engine.process.protocol import AnalysisDone, pack, unpack_answer
from inspector.ui import app
from inspector.ui.case.places import cases_folder
from tests.benchmarks.blocking import spread
from tests.benchmarks.clips import FOLDER
from tests.benchmarks.engine import Result
from tests.benchmarks.player import idle, until
from tests.benchmarks.timeline import RATE, TRACKS, score
from tests.engine.report.conftest import build
from tests.watchdog import Watchdog

_SECONDS = 7200
_BATCH = 4096  # frames; the engine writes 16 at a time
_LONGEST_SECONDS = 300.0


def _clip() -> Path:
    """Two hours of nearly empty pictures, written once."""
    path = FOLDER / f"two_hours_{RATE}fps.mp4"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part.mp4")
        with av.open(str(draft), "w") as out:
            stream = out.add_stream("mpeg4", rate=RATE, options={"g": "250"})
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            stream.time_base = Fraction(1, RATE)
            picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="rgb24")
            picture = picture.reformat(format="yuv420p")
            for n in range(_SECONDS * RATE):
                picture.pts = n
                out.mux(stream.encode(picture))
            out.mux(stream.encode())
        draft.rename(path)
    return path


def _fill(path: Path, case_path: Path) -> Analysis:
    """Write an analysis with three tracks into the clip's case file."""
    clip, rng = open_clip(path), np.random.default_rng(0)
    with Decoder(clip) as decoder:
        every = [int(pts) for pts in decoder.index.pts]
    made = build(200, TRACKS).analysis
    box = Box(4, 4, 20, 20)
    tracks = tuple(FaceTrack(n, every[0], every[-1], box, len(every)) for n in range(1, TRACKS + 1))
    summaries = tuple(replace(s, start_pts=every[0], end_pts=every[-1]) for s in made.summaries)
    analysis = replace(
        made, clip=clip, settings=Settings(), tracks=tracks, summaries=summaries, segments=(), findings=()
    )
    case_path.parent.mkdir(parents=True, exist_ok=True)
    with CaseFile.open(case_path) as case:
        number = case.begin(clip, Settings(), analysis.model.sha256 if analysis.model else "")
        for first in range(0, len(every), _BATCH):
            part = every[first : first + _BATCH]
            frames = tuple(FrameRecord(first + n, pts, False, "0" * 64) for n, pts in enumerate(part))
            ids = range(1, TRACKS + 1)
            scores = tuple(replace(score(t, first + n, rng), pts=pts) for n, pts in enumerate(part) for t in ids)
            faces = tuple((s.track_id, Face(s.pts, box, None, 0.9)) for s in scores)
            values = rng.normal(size=(len(SERIES), len(part))).astype(np.float32)
            values[0] = 0.3 + 0.006 * values[0]  # the eyes, which close every four seconds
            values[0, [n for n in range(len(part)) if (first + n) % (4 * RATE) < 5]] -= 0.2
            signals = tuple(SignalBlock(t, np.array(part, np.int64), values) for t in ids)
            case.append(number, Batch(frames, faces, scores, signals=signals), {"last_pts": part[-1]})
        case.finish(number, analysis)
    return analysis


def two_hours() -> Result:
    """The window opens such a clip, draws it, and selects one track after another.

    `late` and `worked` are as in `window_while_analysing`. `message_kb` is the size of the message with which such an
    analysis ends, and `message_ms` the time that the window's thread takes to decode it.
    """
    path = _clip()
    application = app.make_application()
    case_path = cases_folder() / f"{open_clip(path).sha256[:16]}.inspector"
    message = pack(AnalysisDone(1, 1, _fill(path, case_path)))
    start = time.thread_time()
    unpack_answer(message[4:])
    decoding = time.thread_time() - start
    window = app.make_window(None)
    window.resize(1680, 980)
    window.show()
    window.ensure_timeline()
    idle(application, 1.0)
    session = window.session

    def is_shown(track_id: int | None) -> bool:
        has_signals = session.signals is not None and session.signals.track_id == track_id
        return has_signals and window.timeline.stack.is_drawn

    with Watchdog() as watchdog:
        window.controller.open_path(path)
        until(application, lambda: session.selected_track is not None, _LONGEST_SECONDS)
        until(application, lambda: is_shown(session.selected_track), _LONGEST_SECONDS)
        for track_id in range(1, TRACKS + 1):
            session.set_selected_track(track_id)
            until(application, lambda wanted=track_id: is_shown(wanted), _LONGEST_SECONDS)  # type: ignore[misc]
            idle(application, 0.5)
    points = {track_id: len(series) for track_id, series in session.board.tracks.items()}
    window.close()
    return {
        "late": spread(watchdog.late()),
        "worked": spread(watchdog.worked()),
        "points": points,
        "message_kb": round(len(message) / 1024, 1),
        "message_ms": round(1000 * decoding, 2),
    }
