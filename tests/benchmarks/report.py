"""Seconds to write the report of a 10 s clip, wall and of all cores together, and the crops that pass the networks.

Of the whole report right after the analysis, from its end to the last file, as `inspector scan` has it written; of both
together, since work that is only moved from one to the other saves nothing; of the JSON and the tables alone; and of
the whole report of an analysis after which the engine was idle, as in the window.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from inspector.engine.process.launch import LARGE_BLOCKS
from tests.benchmarks.clips import one_face

_BEFORE = "REPORT_BEFORE"  # environment: another checkout, which is measured first in the same run

# Works on every version since the jobs of the engine process have a module of their own.
_CHILD = """
import json, sys, time
from pathlib import Path
from inspector.domain.settings import Settings
from inspector.engine.decode.decoder import read_clip
from inspector.engine.decode.working_copy import working_copy
from inspector.engine.model.registry import LogitNetwork
from inspector.engine.process import protocol
from inspector.engine.process.jobs import JobRunner
source, folder = sys.argv[1:3]
case, found, crops = str(Path(folder) / "a.inspector"), {}, []
forward = LogitNetwork.forward
def counted(self, x):
    crops.append(len(x))
    return forward(self, x)
LogitNetwork.forward = counted
runner = JobRunner(lambda message: None)
ahead = {"prepares_report": True} if hasattr(runner, "prepare") else {}
def timed(name, work):
    crops.clear()
    wall, all_cores = time.perf_counter(), time.process_time()
    work()
    took = time.perf_counter() - wall, time.process_time() - all_cores
    counts = {"crops": sum(crops), "passes": len(crops)}
    found[name] = {"wall_s": round(took[0], 2), "cpu_s": round(took[1], 2), **counts}
def analyse():
    with working_copy(Path(source)) as copy:
        clip = read_clip(copy.path, copy.sha256)
        request = protocol.Analyze(1, source, case, Settings(), "", **ahead)
        runner.analyze(request, clip, lambda analysis_id: (False, None))
def report(has_pdf):
    runner.write_report(protocol.WriteReport(2, case, 1, str(Path(folder) / "report"), has_pdf=has_pdf))
timed("analysis", analyse)
timed("pdf", lambda: report(True))
found["analysis and pdf"] = {
    key: round(found["analysis"][key] + found["pdf"][key], 2) for key in ("wall_s", "cpu_s", "crops", "passes")
}
timed("json", lambda: report(False))
if ahead:
    runner = JobRunner(lambda message: None)
    timed("open again", analyse)
    timed("prepare", lambda: all(iter(runner.prepare, False)))
    timed("pdf, prepared", lambda: report(True))
print(json.dumps(found))
"""


def times(path: Path | None = None) -> dict[str, object]:
    """The analysis and its reports; of an earlier version too, if the environment names its checkout."""
    path = path or one_face(1920, 1080, 30, 300)
    before = os.environ.get(_BEFORE)
    if not before:
        return _measured(path, Path.cwd())
    return {"before": _measured(path, Path(before)), "after": _measured(path, Path.cwd())}


def _measured(path: Path, checkout: Path) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _CHILD, str(path.absolute()), str(Path(folder))]
        # The memory of an engine process: with other blocks, its passes of many crops take another time.
        environment = os.environ | LARGE_BLOCKS | {"PYTHONPATH": str(checkout)}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=checkout)
    return dict(json.loads(done.stdout.splitlines()[-1]))
