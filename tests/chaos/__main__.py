"""`python -m tests.chaos --rounds 200`: kill, cancel and restart the engine at random points, and count."""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path


def main() -> int:
    """Run the rounds in a folder of their own; the exit code is 1 if something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--first-round", type=int, default=1, metavar="N", help="go on with this round")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no round after so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true", help="the whole engine, which loads torch at each start")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = str(folder / variable)
        return run(folder, arguments)


def run(folder: Path, arguments: argparse.Namespace) -> int:
    """Imported late: Qt and the log read the environment."""
    from inspector.domain.settings import Settings
    from inspector.engine.process.launch import engine_command
    from inspector.ui import app
    from tests.chaos.rounds import Chaos, WrongError, prepare
    from tests.clips import make_clip, moving_portrait

    app.make_application()
    clips = [
        make_clip(folder / f"{letter}.mp4", frames=frames, size=(320, 240), picture=moving_portrait())
        for letter, frames in (("a", 48), ("b", 37))
    ]
    command, settings = [sys.executable, "-m", "tests.chaos.engine"], Settings()
    if arguments.real:
        from tests.fakes import make_bundle

        command, settings = engine_command(), replace(settings, model=str(make_bundle(folder / "bundle")), device="cpu")
    reference = prepare(folder, command, clips, settings)
    chaos = Chaos(command, clips, reference, settings, arguments.seed, is_real=arguments.real)
    started, number = time.monotonic(), arguments.first_round
    try:
        while number <= arguments.rounds and time.monotonic() < started + arguments.seconds:
            chaos.round(number)
            print(f"round {number} of {arguments.rounds}, {time.monotonic() - started:.0f} s", flush=True)
            number += 1
    except WrongError as error:
        print(f"WRONG in round {number} of seed {arguments.seed}: {error}", flush=True)
        return 1
    finally:
        for what, count in sorted(chaos.counts.items()):
            print(f"{count:6d} {what}")
        chaos.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
