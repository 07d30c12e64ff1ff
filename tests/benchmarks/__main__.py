"""`make bench`: runs all or the named benchmarks; writes JSON to stdout and to out/bench/bench.json."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile

from tests.benchmarks import (
    blocking,
    engine,
    first_number,
    long_case,
    memory,
    memory_many,
    observations,
    others,
    overlays,
    player,
    report,
    timeline,
    window,
)
from tests.benchmarks.clips import FOLDER

BENCHMARKS = {
    "parts": engine.parts,
    "search_on_all_cores_1080p": engine.on_all_cores,
    "whole_720p": lambda: engine.whole(1280, 720),
    "whole_1080p": lambda: engine.whole(1920, 1080),
    "stepping_1080p": engine.stepping,
    "player_jumps_1080p": player.jumps,
    "player_steps_1080p": player.steps,
    "player_playing_1080p": player.playing,
    "player_cache": player.cache,
    "window": window.opening,
    "first_number": first_number.first_number,
    "window_while_analysing": blocking.while_analysing,
    "window_two_hours": long_case.two_hours,
    "timeline": timeline.against_length,
    "report_1080p": report.times,
    "observations_1080p": observations.added,
    "observations_whole_1080p": observations.whole_scan,
    "against_others_720p": others.against,
    "memory": memory.growth,
    "memory_many_clips": memory_many.many,
    "memory_8k": memory_many.decoding,
    "overlays": overlays.overlays,
    "filters": overlays.filter_times,
}


def main() -> None:
    """Run and print; what was measured is in the file also when a later benchmark fails."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    names = sys.argv[1:] or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        sys.exit(f"There is no benchmark {unknown[0]}; there are {', '.join(BENCHMARKS)}.")
    found: dict[str, object] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores", "load": os.getloadavg()[0]}
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names:
        print(f"{name} ...", file=sys.stderr)
        # The case file of an earlier run would save this one its analysis.
        with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as data:
            os.environ["XDG_DATA_HOME"] = data
            found[name] = BENCHMARKS[name]()
        (FOLDER / "bench.json").write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
