"""What coding history, structure, Content Credentials and sound add to a scan of two minutes of 1080p, and its memory.

In processor time. `whole_scan` analyses two minutes with sound and writes the report, in turn without and with all of
it. `added` tells the parts apart in less time: the analysis runs without and with the measuring of the coding on eight
seconds; what is done once for a file is timed on a file of two minutes, with sound, of the same pictures.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.benchmarks.clips import one_face

_RATE, _SECONDS, _WHOLE = 25, 8, 120
_SOUND_RATE = 48_000

_ANALYSIS = """
import json, resource, sys, time
from pathlib import Path
from inspector.domain.settings import Settings
from inspector.engine.analysis import pipeline
from inspector.engine.decode.decoder import open_clip
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.detector import Detector
if sys.argv[2] == "without":
    plain = pipeline.Decoder
    pipeline.Decoder = lambda clip, with_coding: plain(clip)
    pipeline.FrameSequence.measure = lambda self, frame, seconds: pipeline.MeasuredFrame(frame.pts, (), None)
detector = Detector.load(find_bundle("default"), "cpu")
clip = open_clip(Path(sys.argv[1]))
begin = time.process_time()
frames = sum(len(batch.frames) for batch in pipeline.analyze(clip, detector, Settings()))
seconds = time.process_time() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"frames": frames, "cpu_s": seconds, "peak_mb": peak / 1024}))
"""

_SCAN = """
import dataclasses, json, resource, sys, tempfile, time
from pathlib import Path
from inspector.domain.settings import Settings
from inspector.engine.analysis import pipeline
from inspector.engine.decode.decoder import read_clip
from inspector.engine.decode.working_copy import working_copy
from inspector.engine.process import protocol
from inspector.engine.process.jobs import JobRunner
from inspector.engine.report.parts import ReportPart
source, is_without, deep = sys.argv[1], sys.argv[2] == "without", sys.argv[3]
if is_without:
    plain = pipeline.Decoder
    pipeline.Decoder = lambda clip, with_coding: plain(clip)
    pipeline.FrameSequence.measure = lambda self, frame, seconds: pipeline.MeasuredFrame(frame.pts, (), None)
left_out = (ReportPart.FILE, ReportPart.SEARCH) if is_without else ()
runner, found = JobRunner(lambda message: None), {}
def timed(name, work):
    begin, cpu = time.perf_counter(), time.process_time()
    work()
    found[f"{name}_cpu_s"], found[f"{name}_wall_s"] = time.process_time() - cpu, time.perf_counter() - begin
    found[f"{name}_peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def analyse(case):
    with working_copy(Path(source)) as copy:
        clip = read_clip(copy.path, copy.sha256)
        request = protocol.Analyze(1, source, case, Settings(deep=deep), "")
        runner.analyze(request, clip, lambda analysis_id: (False, None))
with tempfile.TemporaryDirectory() as folder:
    case = str(Path(folder) / "a.inspector")
    timed("analysis", lambda: analyse(case))
    report = protocol.WriteReport(2, case, 1, str(Path(folder) / "report"), left_out=left_out)
    timed("report", lambda: runner.write_report(report))
print(json.dumps(found))
"""

_FILE = """
import json, resource, sys, time
from pathlib import Path
import numpy as np
from inspector.domain.observations.coding import INTRA, SERIES, SIZE, TYPE, CodingSeries, FrameHash
from inspector.engine.decode.decoder import open_clip
from inspector.engine.provenance.coding.history import coding_history
from inspector.engine.provenance.coding.repeats import repeat_measures
from inspector.engine.provenance.credentials import read_credentials
from inspector.engine.provenance.structure.read import read_structure
from inspector.engine.sound.examine import examine_sound
path = Path(sys.argv[1])
clip, draw, found = open_clip(path), np.random.default_rng(0), {}
count = round(clip.duration_pts * float(clip.time_base) * 25)
values = draw.lognormal(0, 1, (len(SERIES), count)) + 1
values[TYPE] = np.where(np.arange(count) % 250 == 0, 1, 2)
pts = clip.start_pts + np.arange(count) * (clip.duration_pts // count)
series = CodingSeries(pts, values)
words = draw.integers(0, 2**62, count).tolist()
hashes = tuple(FrameHash(at, word) for at, word in zip(pts[::5].tolist(), words, strict=False))
def timed(name, work):
    begin, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found[name] = {"cpu_s": time.process_time() - begin, "more_memory_mb": (peak - before) / 1024}
timed("structure", lambda: read_structure(path))
timed("credentials", lambda: read_credentials(path))
timed("sound", lambda: examine_sound(clip))
timed("coding_history", lambda: coding_history(series, clip, repeat_measures((), hashes, clip)))
print(json.dumps(found))
"""


def added(rounds: int = 3) -> dict[str, object]:
    """Processor seconds of a scan of two minutes, of what the observations add to it, and the peaks of memory in MB."""
    short = one_face(1920, 1080, _RATE, _SECONDS * _RATE)
    runs: dict[str, list[dict[str, float]]] = {"without": [], "with": []}
    for _ in range(rounds):
        for how, results in runs.items():
            results.append(_child(_ANALYSIS, str(short), how))
    once = _child(_FILE, str(_two_minutes(short)))
    per_frame = {how: [run["cpu_s"] / run["frames"] for run in results] for how, results in runs.items()}
    middle = {how: statistics.median(times) for how, times in per_frame.items()}
    frames = _WHOLE * _RATE
    parts = {name: round(part["cpu_s"], 2) for name, part in once.items()}
    measuring = frames * (middle["with"] - middle["without"])
    rest = frames * middle["without"]
    return {
        "frames": frames,
        "analysis_without_cpu_s": round(rest, 1),
        "measuring_the_coding_cpu_s": round(measuring, 1),
        **{f"{name}_cpu_s": seconds for name, seconds in parts.items()},
        "added_percent": round(100 * (measuring + sum(parts.values())) / rest, 1),
        "ms_per_frame": {how: [round(1e3 * each, 1) for each in times] for how, times in per_frame.items()},
        "peak_mb": {how: round(max(run["peak_mb"] for run in results)) for how, results in runs.items()},
        "more_memory_of_the_file_mb": {name: round(part["more_memory_mb"], 1) for name, part in once.items()},
    }


def whole_scan(path: Path | None = None, rounds: int = 2, deep: str = "auto") -> dict[str, object]:
    """A scan of two minutes with its report, in turn without and with the observations: seconds and peaks of memory.

    Without them the report leaves out the parts on the file, the sound and the contact sheet too. `path` is a clip of
    two minutes; without one it is made.
    """
    path = path or _two_minutes(one_face(1920, 1080, _RATE, _SECONDS * _RATE))
    runs: dict[str, list[dict[str, float]]] = {"without": [], "with": []}
    for _ in range(rounds):
        for how, results in runs.items():
            results.append(_child(_SCAN, str(path.absolute()), how, deep))
    means = {how: statistics.mean(_seconds(run) for run in results) for how, results in runs.items()}
    return {
        "deep_look": deep,
        "added_percent": round(100 * (means["with"] / means["without"] - 1), 1),
        "cpu_s": {how: [round(_seconds(run), 1) for run in results] for how, results in runs.items()},
        "runs": {how: [{k: round(v, 1) for k, v in run.items()} for run in each] for how, each in runs.items()},
    }


def _seconds(run: dict[str, float]) -> float:
    return run["analysis_cpu_s"] + run["report_cpu_s"]


def _child(code: str, *arguments: str) -> Any:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _two_minutes(short: Path) -> Path:
    """The packets of a clip again and again for two minutes, beside sound like speech with mains hum, as AAC."""
    path = short.with_name(f"{short.stem}_two_minutes.mp4")
    if path.exists():
        return path
    draft = path.with_suffix(".part.mp4")
    draw = np.random.default_rng(0)
    with av.open(str(draft), "w") as out, av.open(str(short)) as source:
        video = source.streams.video[0]
        pictures = out.add_stream_from_template(video)
        sound = out.add_stream("aac", rate=_SOUND_RATE, layout="mono")
        base = video.time_base or Fraction(1, 1000)
        for number in range(_WHOLE // _SECONDS):
            source.seek(0)
            for packet in source.demux(video):
                if packet.pts is not None and packet.dts is not None:
                    shift = round(number * _SECONDS / base)
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, pictures
                    out.mux(packet)
            time = np.arange(_SECONDS * _SOUND_RATE) / _SOUND_RATE
            voice = np.sin(2 * np.pi * 140 * time) * draw.normal(0.2, 0.05, len(time)) * (np.sin(7 * time) > 0)
            samples = (voice + 0.01 * np.sin(2 * np.pi * 50 * time)).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = _SOUND_RATE, number * len(time)
            out.mux(sound.encode(frame))
        out.mux(sound.encode(None))
    draft.rename(path)
    return path
