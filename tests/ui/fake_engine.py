"""A stand-in for the engine process: it speaks the protocol and fills a real case file with made-up scores.

Run as a script. Like the real engine it stops on Cancel after the running batch, resumes an interrupted analysis from
its case file, answers with a finished one if it holds the same, and serves heat maps between two batches. It finds two
faces in every frame: track 7 is in the middle and scores high in the middle third of the clip, track 3 is
beside it and scores low. The environment variable FAKE_ENGINE_SLEEP_MS makes it slow, FAKE_ENGINE_MODEL=none removes
its model, and FAKE_ENGINE_CRASH_AT is a frame at which it crashes.
"""

import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np

from inspector.domain.analysis import (
    Analysis,
    Batch,
    Conclusion,
    Finding,
    FrameRecord,
    SignalBlock,
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
from inspector.engine.decode.decoder import Decoder, open_clip, read_clip
from inspector.engine.process import protocol
from inspector.engine.process.launch import AHEAD
from inspector.engine.provenance.describe import describe_file
from inspector.engine.seal.manifest import write_manifest

BATCH = 8
STRONG, WEAK = 7, 3  # the ids of the two tracks
NOTE = "Made up for a test."
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
    limits=("A fake for tests; its scores mean nothing.",),
    licence="Apache-2.0",
)


class Requests:
    """The requests from stdin, read by a thread so that a running analysis can look for a Cancel."""

    def __init__(self, stream):
        self._stream, self._waiting, self._deferred = stream, queue.Queue(), []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while (body := protocol.read_body(self._stream)) is not None:
            self._waiting.put(protocol.unpack_request(body))
        self._waiting.put(None)

    def take(self):
        """The next request; None at the end."""
        return self._deferred.pop(0) if self._deferred else self._waiting.get()

    def poll(self, running, number):
        """Whether to stop the running analysis, and the newest heat map request for it; others are deferred."""
        explain = None
        while not self._waiting.empty():
            request = self._waiting.get()
            if request is None:
                sys.exit(0)  # the window is gone
            if isinstance(request, protocol.Cancel) and request.job == running.job:
                return True, None
            own = running.case_path, number
            if isinstance(request, protocol.Explain) and (request.case_path, request.analysis_id) == own:
                explain = request
            elif isinstance(request, protocol.DescribeFile):
                send(protocol.FileDescribed(request.job, describe_file(Path(request.path))))
            elif isinstance(request, protocol.ExamineSound):
                examine(request)
            else:
                self._deferred.append(request)
        return False, explain


def examine(request):
    from inspector.engine.sound.examine import examine_sound  # it needs SciPy, a third of the start of this process

    facts = examine_sound(read_clip(Path(request.path), stream=request.stream))
    assert facts is not None
    send(protocol.SoundExamined(request.job, facts))


def send(answer):
    sys.stdout.buffer.write(protocol.pack(answer))
    sys.stdout.buffer.flush()


def face_at(track_id, pts, at, clip):
    side = clip.height * (0.5 if track_id == STRONG else 0.2)
    left = clip.width / 2 - side / 2 + 8 * np.sin(at * 9) if track_id == STRONG else 2
    box = Box(left, clip.height * 0.2, side, side)
    angle = np.arange(478) * 2.39996
    radius = np.sqrt(np.arange(478) / 478) * side / 2
    x, y = box.centre
    points = np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle), np.zeros(478)], axis=1)
    return Face(pts, box, LandmarkSet(points.astype(np.float32)), 0.9)


def score_of(track_id, pts, at, face):
    crop = Box(round(face.box.x) - 10, round(face.box.y) - 10, round(face.box.width) + 20, round(face.box.width) + 20)
    if track_id == STRONG and 0.8 < at < 0.9:
        return FaceScore(track_id, pts, crop, None, None, Abstention.PROFILE, face.box)
    value = (0.92 if track_id == STRONG and 1 / 3 < at < 2 / 3 else 0.15) + 0.06 * np.sin(at * 300)
    return FaceScore(track_id, pts, crop, float(np.log(value / (1 - value))), float(value), None, face.box)


def analyse(request, requests):
    clip = open_clip(Path(request.clip_path), stream=request.settings.stream)
    is_without_model = os.environ.get("FAKE_ENGINE_MODEL") == "none"
    model = "" if is_without_model else CARD.sha256
    with CaseFile.open(Path(request.case_path)) as case:
        left = case.matching(clip.sha256, request.settings, model)
        number = case.begin(clip, request.settings, model) if left is None else left.analysis_id
        analysis = case.read(number).result()
        if analysis is None:
            with Decoder(clip) as decoder:
                every = [int(pts) for pts in decoder.index.pts]
            with case.database.transaction() as db:  # this engine measures one signal
                db.execute("UPDATE analyses SET series = ? WHERE id = ?", ('[["yaw", "°"]]', number))
            done = 0 if left is None else left.state.get("analysed", 0)
            name = None if is_without_model else CARD.name
            send(protocol.Started(request.job, number, len(every), done, "cpu (fake)", name))
            done = run_batches(request, requests, case, number, clip, every, done)
            scores = case.read(number).scores()
            analysis = conclude(clip, request.settings, every[:done], scores, done == len(every))
            case.finish(number, analysis)
    send(protocol.AnalysisDone(request.job, number, analysis))


def run_batches(request, requests, case, number, clip, every, done):
    """Score the frames from `done` on until the end or a Cancel; returns how many are done."""
    step = int(os.environ.get("FAKE_ENGINE_SLEEP_MS", "0")) / 1000
    while done < len(every):
        first, done = done, min(done + BATCH, len(every))
        part = range(first, done)
        if int(os.environ.get("FAKE_ENGINE_CRASH_AT", "-1")) in part:
            os.kill(os.getpid(), signal.SIGSEGV)
        faces = [(track, i, face_at(track, every[i], i / len(every), clip)) for i in part for track in (STRONG, WEAK)]
        scores = tuple(score_of(track, face.pts, i / len(every), face) for track, i, face in faces)
        frames = tuple(FrameRecord(i, every[i], i == 0, f"{i:064x}") for i in part)
        gaps = (Gap(every[0], every[1], "made up for a test"),) if first == 0 and len(every) > 1 else ()
        found = tuple((track, face) for track, _, face in faces)
        yaw = np.array([[20 * np.sin(i / 9) for i in part]], np.float32)
        signals = (SignalBlock(STRONG, np.array([every[i] for i in part], np.int64), yaw),)
        case.append(number, Batch(frames, found, scores, gaps, signals=signals), {"analysed": done})
        send(protocol.BatchDone(request.job, frames, scores, gaps, done))
        time.sleep(step)
        is_to_stop, heat_map = requests.poll(request, number)
        if is_to_stop:
            break
        if heat_map is not None:
            explain(heat_map, case)
    return done


def summary_of(track_id, scores, every, conclusion):
    known = [s.fake_probability for s in scores if s.fake_probability is not None]
    counts = {str(Abstention.PROFILE): len(scores) - len(known)}
    is_strong = track_id == STRONG
    peak, highest = (every[len(every) // 2], 0.98) if is_strong else (every[0], 0.21)
    return TrackSummary(
        track_id, scores[0].box, every[0], every[-1], len(scores), len(known), counts, 0.93 if is_strong else 0.15,
        float(np.mean(known)), float(np.median(known)), 0.4, 1.0, peak, highest, 12.0, conclusion, NOTE,
    )  # fmt: skip


def conclude(clip, settings, every, scores, is_complete=True):
    scores = list(scores)
    third = len(every) // 3
    segment = Segment(STRONG, every[third], every[2 * third], 0.92, 0.98, every[len(every) // 2])
    of_track = {track: [s for s in scores if s.track_id == track] for track in (STRONG, WEAK)}
    conclusions = {STRONG: Conclusion.INDICATED, WEAK: Conclusion.NOT_INDICATED}
    summaries = tuple(
        summary_of(track, found, every, conclusions[track]) for track, found in sorted(of_track.items()) if found
    )
    scored = sum(s.fake_probability is not None for s in of_track[STRONG])
    counts = {str(Abstention.PROFILE): len(of_track[STRONG]) - scored}
    whole = Summary(Conclusion.INDICATED, NOTE, 0.93, 0.04, (0.01, 0.12), 55, len(every), len(every), scored, counts)
    finding = Finding(str(Conclusion.INDICATED), Significance.LIKELY_NOTABLE, NOTE, STRONG, (segment,))
    tracks = tuple(
        FaceTrack(s.track_id, every[0], every[-1], s.median_box, len(of_track[s.track_id])) for s in summaries
    )
    return Analysis(
        clip, CARD, settings, "cpu (fake)", (("fake", "1"),), "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:01+00:00",
        clip.sha256, is_complete, tracks, summaries, (segment,), (finding,), (), whole,
    )  # fmt: skip


def explain(request, case):
    score = case.read(request.analysis_id).score_at(request.track_id, request.pts)
    if score is None:
        send(protocol.Failed(request.job, f"Track {request.track_id} has no score at pts {request.pts}."))
        return
    y, x = np.mgrid[0:7, 0:7]
    values = np.exp(-((x - 4) ** 2 + (y - 2) ** 2) / 4).astype(np.float32) * 0.02
    cam = CamMap(request.track_id, request.pts, score.crop, values, 0.02, "none", request.method, 1.0, 0.2)
    send(protocol.Explained(request.job, cam))


def write_report(request):
    folder = Path(request.folder)
    try:
        folder.mkdir(parents=True)
        left_out = ", ".join(f'"{part.name}"' for part in request.left_out)
        (folder / "report.json").write_text(
            f'{{"left_out": [{left_out}], "seal": {str(bool(request.public_key)).lower()}}}'
        )
        (folder / "player.txt").write_text(request.player_confinement)
        write_manifest(folder, ["report.json"])
    except OSError as error:
        send(protocol.Failed(request.job, f"The report cannot be written to {folder}: {error.strerror}."))
        return
    send(protocol.ReportDone(request.job, (str(folder / "report.json"),)))


def main():
    if AHEAD in sys.argv:
        sys.stdin.buffer.read(1)  # as in start.py: before it, no request comes
    requests = Requests(sys.stdin.buffer)
    send(protocol.Ready(0, (("fake", "1"),)))
    while (request := requests.take()) is not None:
        try:
            if isinstance(request, protocol.Analyze):
                analyse(request, requests)
            elif isinstance(request, protocol.Explain):
                with CaseFile.open(Path(request.case_path), create=False) as case:
                    explain(request, case)
            elif isinstance(request, protocol.WriteReport):
                write_report(request)
            elif isinstance(request, protocol.DescribeFile):
                send(protocol.FileDescribed(request.job, describe_file(Path(request.path))))
            elif isinstance(request, protocol.ExamineSound):
                examine(request)
        except InspectorError as error:
            send(protocol.Failed(request.job, str(error)))


if __name__ == "__main__":
    main()
