"""Prints where the time of an analysis goes: scans clips in a new engine process and shows the steps of report.json.

python -m tools.profile_clip [CLIP...]      without a clip, the bundled one
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from rich.table import Table

from inspector.console import SafeConsole
from inspector.domain.case import CaseInfo
from inspector.domain.settings import Settings
from inspector.engine.process.scan import scan
from inspector.engine.resources import resource
from inspector.engine.timings import PROCESSOR, WHOLE
from inspector.scan_progress import ScanProgress


def profile(clip: Path, console: SafeConsole) -> None:
    """Scan one clip and print its steps, as seconds, share of the whole, and milliseconds for each analysed frame."""
    with tempfile.TemporaryDirectory(prefix="profile-") as folder:
        out = Path(folder)
        with ScanProgress(SafeConsole(stderr=True)) as progress:
            (scanned,) = scan([clip], out, Settings(), CaseInfo(), 1, progress, report="json").clips
        if scanned.status != "analysed":
            sys.exit(f"{clip}: {scanned.reason}")
        report = json.loads((out / scanned.folder / "report.json").read_text())
    frames = max(report["summary"]["frames_analysed"], 1)
    seconds = {each["step"]: each["seconds"] for each in report["timings"]}
    whole, processor = seconds[WHOLE], seconds[PROCESSOR]
    shown = report["clip"]
    size = f"{shown['width']}x{shown['height']}, {frames} frames analysed, {len(report['tracks'])} faces"
    table = Table("step", "seconds", "share", "ms a frame", "calls", title=f"{clip.name}: {size}")
    for column in table.columns[1:]:
        column.justify = "right"
    for each in report["timings"]:
        share, step = each["seconds"] / whole, each["step"]
        numbers = f"{each['seconds']:.2f}", f"{share:.0%}", f"{each['seconds'] / frames * 1e3:.2f}", str(each["calls"])
        table.add_row(step, *numbers, end_section=step == report["timings"][-3]["step"])
    console.print(table)
    length = shown["duration_seconds"] or 0.0
    speed = f"{length / whole:.2f} x real time by the clock, {length / processor:.2f} x by processor time"
    console.print(f"{speed}; {os.cpu_count()} cores at load {os.getloadavg()[0]:.1f}.")


def main() -> None:
    """Profile each named clip."""
    for clip in map(Path, sys.argv[1:] or [str(resource("demo/demo.mp4"))]):
        profile(clip, SafeConsole())


if __name__ == "__main__":
    main()
