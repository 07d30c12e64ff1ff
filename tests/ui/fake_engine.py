"""A stand-in for the engine process: speaks its protocol and fills a real case file, with made-up scores at once.

Run as a script. Its faces stand where the clip's middle is; the middle third of the clip scores high.
"""

import os
import sys
import time
from pathlib import Path

import numpy as np

from inspector.domain.analysis import (
    Analysis,
    Batch,
    Conclusion,
    Finding,
    FrameRecord,
    Signal,
    Significance,
    Summary,
    TrackSummary,
)
from inspector.domain.clip import Gap
from inspector.domain.errors import InspectorError
from inspector.domain.faces import Abstention, Face, FaceTrack
from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.model_card import Calibration, DataSource, ErrorRates, ModelCard, Platt, Threshold
from inspector.domain.scores import CamMap, FaceScore, Segment
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.process import protocol

BATCH = 8
CARD = ModelCard(
    name="fake",
    version="1",
    sha256="0" * 64,
    architecture="none",
    architecture_args={},
    input_size=64,
    mean=(0.5, 0.5, 0.5),
    std=(0.5, 0.5, 0.5),
    crop_margin=0.3,
    calibration=Calibration(Platt(1.0, 0.0), Platt(1.0, 0.0), "made up for a test", 1, 1, 1),
    threshold=Threshold(high=0.8, low=0.3, segment=0.7, segment_seconds=0.5, segment_mean=0.8),
    error_rates=(ErrorRates("track", "made up for a test", 0.04, (0.01, 0.12), 55, 0.3, (0.2, 0.4), 50, 0.2),),
    target_layer="none",
    trained_on=(DataSource("nothing", "none", 0, 0),),
    never_seen=("everything",),
    limits=("It is a test's fake and tells nothing.",),
    licence="Apache-2.0",
)


def send(answer):
    out.write(protocol.pack(answer))
    out.flush()


def face_at(pts, at, clip):
    side = clip.height * 0.5
    box = Box(clip.width / 2 - side / 2 + 8 * np.sin(at * 9), clip.height * 0.2, side, side)
    angle = np.arange(478) * 2.39996
    radius = np.sqrt(np.arange(478) / 478) * side / 2
    x, y = box.centre
    points = np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle), np.zeros(478)], axis=1)
    return Face(pts, box, LandmarkSet(points.astype(np.float32)), 0.9)


def score_of(pts, at, face):
    crop = Box(round(face.box.x) - 10, round(face.box.y) - 10, round(face.box.width) + 20, round(face.box.width) + 20)
    if 0.8 < at < 0.9:
        return FaceScore(1, pts, crop, None, None, Abstention.PROFILE, face.box)
    value = (0.92 if 1 / 3 < at < 2 / 3 else 0.15) + 0.06 * np.sin(at * 300)
    return FaceScore(1, pts, crop, float(np.log(value / (1 - value))), float(value), None, face.box)


def analyse(request):
    clip = open_clip(Path(request.clip_path))
    with Decoder(clip) as decoder:
        every = [int(pts) for pts in decoder.index.pts]
    step = int(os.environ.get("FAKE_ENGINE_SLEEP_MS", "0")) / 1000
    scores = []
    with CaseFile.open(Path(request.case_path)) as case:
        number = case.begin(clip, request.settings, CARD.sha256)
        model = None if os.environ.get("FAKE_ENGINE_MODEL") == "none" else "fake"
        send(protocol.Started(request.job, len(every), 0, "cpu (fake)", model))
        for first in range(0, len(every), BATCH):
            part = range(first, min(first + BATCH, len(every)))
            faces = [face_at(every[i], i / len(every), clip) for i in part]
            found = tuple(score_of(f.pts, i / len(every), f) for i, f in zip(part, faces, strict=True))
            frames = tuple(FrameRecord(i, every[i], i == 0, f"{i:064x}") for i in part)
            gaps = (Gap(every[0], every[1], "made up for a test"),) if first == 0 and len(every) > 1 else ()
            case.append(number, Batch(frames, tuple((1, f) for f in faces), found, gaps), {"analysed": part.stop})
            scores += found
            send(protocol.BatchDone(request.job, frames, found, gaps, part.stop))
            time.sleep(step)
        analysis = conclude(clip, request.settings, every, scores)
        case.finish(number, analysis)
    send(protocol.AnalysisDone(request.job, analysis))


def conclude(clip, settings, every, scores):
    third = len(every) // 3
    peak = every[len(every) // 2]
    segment = Segment(1, every[third], every[2 * third], 0.92, 0.98, peak)
    box = scores[0].box
    known = [s.fake_probability for s in scores if s.fake_probability is not None]
    counts = {str(Abstention.PROFILE): len(scores) - len(known)}
    summary = TrackSummary(
        1, box, every[0], every[-1], len(scores), len(known), counts, 0.93, float(np.mean(known)),
        float(np.median(known)), 0.4, 1.0, peak, 0.98, 12.0, Conclusion.INDICATED, "Made up for a test.",
    )  # fmt: skip
    whole = Summary(Conclusion.INDICATED, "Made up for a test.", 0.93, 0.04, (0.01, 0.12), 55, len(every), len(every),
                    len(known), counts)  # fmt: skip
    finding = Finding(str(Conclusion.INDICATED), Significance.LIKELY_NOTABLE, "Made up for a test.", 1, (segment,))
    yaw = Signal(1, "yaw", "°", tuple(every), tuple(20 * float(np.sin(i / 9)) for i in range(len(every))))
    return Analysis(
        clip, CARD, settings, "cpu (fake)", (("fake", "1"),), "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:01+00:00",
        clip.sha256, True, (FaceTrack(1, every[0], every[-1], box, len(scores)),), (summary,), (segment,), (yaw,),
        (finding,), (), whole,
    )  # fmt: skip


def explain(request):
    with CaseFile.open(Path(request.case_path), create=False) as case:
        score = case.score_at(request.track_id, request.pts)
    y, x = np.mgrid[0:7, 0:7]
    values = np.exp(-((x - 4) ** 2 + (y - 2) ** 2) / 4).astype(np.float32) * 0.02
    cam = CamMap(request.track_id, request.pts, score.crop, values, 0.02, "none", request.method, 1.0, 0.2)
    send(protocol.Explained(request.job, cam))


def write_report(request):
    folder = Path(request.folder)
    try:
        folder.mkdir(parents=True)
        (folder / "report.json").write_text("{}")
    except OSError as error:
        send(protocol.Failed(request.job, f"The report cannot be written to {folder}: {error.strerror}."))
        return
    send(protocol.ReportDone(request.job, str(folder), (str(folder / "report.json"),)))


def main():
    send(protocol.Ready(0, (("fake", "1"),)))
    while (body := protocol.read_body(sys.stdin.buffer)) is not None:
        request = protocol.unpack_request(body)
        if isinstance(request, protocol.Analyze):
            try:
                analyse(request)
            except InspectorError as error:
                send(protocol.Failed(request.job, str(error)))
        elif isinstance(request, protocol.Explain):
            explain(request)
        elif isinstance(request, protocol.WriteReport):
            write_report(request)


if __name__ == "__main__":
    out = sys.stdout.buffer
    main()
