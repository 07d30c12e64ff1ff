"""Compares the analysis of one clip on a GPU with that on the CPU and prints one JSON object; see device_check.sh.

python -m tools.device_check OUT [--seconds 20] [--devices cpu cuda]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import torch

from inspector.engine.report.compare import compare
from inspector.engine.resources import resource
from inspector.engine.selftest import run_selftest

_SIZE = (1280, 720)


def make_clip(path: Path, seconds: float) -> Path:
    """The bundled clip, made by this project, again and again in 720p H.264; with its rate, as long as `seconds`."""
    with av.open(str(resource("demo/demo.mp4"))) as source:
        video = source.streams.video[0]
        rate = video.average_rate or Fraction(25)
        frames = [frame.reformat(*_SIZE, format="yuv420p") for frame in source.decode(video)]
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=rate, options={"crf": "20", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = (*_SIZE, "yuv420p")
        for number in range(round(seconds * rate)):
            frame = frames[number % len(frames)]
            frame.pts, frame.time_base = number, 1 / rate
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def scan(clip: Path, device: str, out: Path) -> dict[str, Any]:
    """Scan the clip in a new process; seconds of the whole command, and what the report says of its steps."""
    command = [sys.executable, "-m", "inspector", "scan", str(clip), "--out", str(out), "--device", device]
    begun = time.monotonic()
    done = subprocess.run([*command, "--report", "json"], capture_output=True, text=True, check=False)
    spent = time.monotonic() - begun
    reports = sorted(out.glob("*/report.json"))
    if done.returncode or not reports:
        return {"failed": (done.stderr or done.stdout)[-2000:]}
    report = json.loads(reports[0].read_text(encoding="utf-8"))
    length = report["clip"]["duration_seconds"]
    return {
        "seconds": round(spent, 2),
        "times_real_time": round(length / spent, 3),
        "ran_on": report["device"],
        "frames": report["summary"]["frames_analysed"],
        "tracks": len(report["tracks"]),
        "conclusion": report["summary"]["conclusion"],
        "timings": {each["step"]: round(each["seconds"], 2) for each in report["timings"]},
        "report": reports[0].parent.as_posix(),
    }


def check(out: Path, seconds: float, devices: Sequence[str]) -> dict[str, Any]:
    """Self-test, scans on each device, and how far the others' numbers are from the first one's."""
    out.mkdir(parents=True, exist_ok=True)
    clip = make_clip(out / "check.mp4", seconds)
    gpu = torch.cuda.get_device_name(0) if torch.cuda.is_available() else ""
    found: dict[str, Any] = {"gpu": gpu, "cores": os.cpu_count(), "torch": torch.__version__, "clip_seconds": seconds}
    found["selftest"] = [{"check": c.name, "passed": c.passed, "detail": c.detail} for c in run_selftest()]
    found["scans"] = {device: scan(clip, device, out / device) for device in devices}
    folders = {name: Path(one["report"]) for name, one in found["scans"].items() if "report" in one}
    first = next(iter(folders), "")  # none if every scan failed, which the JSON must still say
    for name in list(folders)[1:]:
        steps = compare(folders[first], folders[name]).steps
        found[f"{name} against {first}"] = {step.name: step.difference or "equal" for step in steps}
        fast, slow = (found["scans"][each]["seconds"] for each in (name, first))
        found[f"{name} against {first}"]["speed"] = round(slow / fast, 2)
    return found


def main() -> None:
    """Run the check and print its JSON; exit code 1 when a scan or the self-test failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--devices", nargs="+", default=["cpu", "cuda"])
    chosen = parser.parse_args()
    found = check(chosen.out, chosen.seconds, chosen.devices)
    print(json.dumps(found, indent=1))
    is_good = all(each["passed"] for each in found["selftest"])
    is_good &= all("failed" not in each for each in found["scans"].values())
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
