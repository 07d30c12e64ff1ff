"""The real engine process, with its server, jobs and case files, around an analysis that costs nothing.

Run as a script. The modules that load torch and MediaPipe are replaced before the jobs import them. Every score and
every box tells by its value which settings, track and frame it belongs to, so that a mix-up is seen.
"""

import sys
import time
from types import ModuleType, SimpleNamespace

import numpy as np

from inspector.domain.analysis import Batch, FrameRecord
from inspector.domain.faces import Face
from inspector.domain.geometry import Box
from inspector.domain.scores import CamMap, FaceScore
from inspector.engine.decode.decoder import Decoder
from tests.ui import fake_engine

BATCH = 4
TRACKS = (fake_engine.WEAK, fake_engine.STRONG)
BATCH_SECONDS = 0.01


def box_of(every: int, track: int, at: int) -> Box:
    """The box of a track in the frame at an index, by the settings of the analysis."""
    return Box(2.0 * track, 16.0 * every, 40.0, 40.0 + at)


def probability_of(every: int, track: int, at: int) -> float:
    """The frame probability of that face."""
    return every / 8 + track / 64 + at / 4096


def score_of(every: int, track: int, at: int, pts: int) -> FaceScore:
    """The score of that face."""
    probability, box = probability_of(every, track, at), box_of(every, track, at)
    logit = float(np.log(probability / (1 - probability)))
    return FaceScore(track, pts, Box(box.x, box.y, 40.0, 40.0), logit, probability, None, box)


def analyze(clip, detector, settings, resume=None, **_options):
    """Yield a batch per four analysed frames; resumes where the stored state says."""
    with Decoder(clip) as decoder:
        pts = [int(p) for p in decoder.index.pts]
    picked = list(range(0, len(pts), settings.every))
    done = int(resume.state["analysed"]) if resume else 0
    while done < len(picked):
        part = picked[done : done + BATCH]
        done += len(part)
        faces = [(t, Face(pts[i], box_of(settings.every, t, i), None, 0.9)) for i in part for t in TRACKS]
        scores = [score_of(settings.every, t, i, pts[i]) for i in part for t in TRACKS]
        frames = [FrameRecord(i, pts[i], i == 0, f"{i:064x}") for i in part]
        time.sleep(BATCH_SECONDS)
        yield Batch(tuple(frames), tuple(faces), tuple(scores), (), {"analysed": done, "last_pts": pts[part[-1]]})
    return finished(clip, settings, pts, picked)


def finished(clip, settings, pts, picked, is_complete=True):
    """The result over the analysed frames."""
    scores = [score_of(settings.every, t, i, pts[i]) for i in picked for t in TRACKS]
    return fake_engine.conclude(clip, settings, [pts[i] for i in picked], scores, is_complete)


def partial(clip, _detector, settings, resume):
    """The result of a stopped analysis."""
    with Decoder(clip) as decoder:
        pts = [int(p) for p in decoder.index.pts]
    return finished(clip, settings, pts, list(range(0, len(pts), settings.every))[: resume.state["analysed"]], False)


class CamMaker:
    """Heat maps of stored scores: the map says by its crop which score it belongs to."""

    def __init__(self, frames, detector, _known=None):
        self._stored, self.detector = frames.stored, detector

    def cam(self, track_id, pts, method, **_options):
        """The map of one stored score."""
        score = self._stored.score_at(track_id, pts)
        if score is None:
            raise fake_engine.InspectorError(f"Track {track_id} has no score at pts {pts}.")
        time.sleep(2 * BATCH_SECONDS)
        return CamMap(track_id, pts, score.crop, np.full((2, 2), score.fake_probability, np.float32), 1.0, "", method)


class _Stub(ModuleType):
    """A module whose other names exist and are never called."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return SimpleNamespace()


def _replace(name: str, **names: object) -> None:
    module = _Stub(name)
    module.__dict__.update(names)
    sys.modules[name] = module


def explain_ahead(*_):
    """Prepare a report in ten steps, between which a request may come."""
    for _step in range(10):
        time.sleep(BATCH_SECONDS)
        yield


def write_report(gathered, folder, **_options):
    """One file, after some time."""
    time.sleep(10 * BATCH_SECONDS)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(str(gathered))
    return [folder / "report.json"]


def main() -> None:
    """Replace what computes, and run the engine."""
    detector = SimpleNamespace(
        card=fake_engine.CARD, warnings=[], device_name="cpu (chaos)", is_refused=False, wait_until_tried=lambda: None
    )
    bundle = SimpleNamespace(card=fake_engine.CARD)
    state = type("ResumeState", (SimpleNamespace,), {"__init__": _resume})
    _replace("inspector.engine.analysis.pipeline", analyze=analyze, partial=partial, ResumeState=state)
    _replace("inspector.engine.analysis.cam_maker", CamMaker=CamMaker, Explanations=SimpleNamespace)
    _replace("inspector.engine.model.detector", Detector=SimpleNamespace(load=lambda *_, **__: detector))
    _replace(
        "inspector.engine.model.bundle",
        find_bundle=lambda *_, **__: bundle,
        installed_bundle=lambda *_, **__: bundle,
        has_default=lambda *_: True,
    )
    _replace(
        "inspector.engine.report.gather",
        gather=lambda stored, *_, **__: getattr(stored, "analysis_id", 0),
        explain_ahead=explain_ahead,
    )
    _replace("inspector.engine.report.writer", write_report=write_report)
    _replace("inspector.engine.process.libraries", load_libraries=lambda: None)
    from inspector.engine.process.start import main as engine

    engine(sys.argv[1:], lambda: "not confined: a scripted engine of the tests")


def _resume(self, state, *_rest, **_more):
    self.state = state


if __name__ == "__main__":
    main()
