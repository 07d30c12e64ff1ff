"""`python -m tests.fuzz --seconds 600 --keep FOLDER`: damage files of every kind but clips, and look for faults.

A fault is a crash, a hang, an exception that no user can act on, or much memory. For clips: tools/fuzz_decode.py.
"""

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.work import serve

HANG_SECONDS = 60


def run(options: argparse.Namespace) -> Counter[str]:
    """Read damaged files until the time is up; returns how many came to what."""
    counts: Counter[str] = Counter()
    options.keep.mkdir(parents=True, exist_ok=True)
    context, end, number = multiprocessing.get_context("spawn"), time.monotonic() + options.seconds, 0
    while time.monotonic() < end:
        pipe, other = context.Pipe()
        arguments = (other, options.only, options.seed, number, str(options.keep))
        process = context.Process(target=serve, args=arguments, daemon=True)
        process.start()
        other.close()
        name = result = "start"
        try:
            while time.monotonic() < end:
                if not pipe.poll(HANG_SECONDS):
                    result, detail = "HANG", ""
                    break
                number, name, result, detail = pipe.recv()
                if result:
                    counts[f"{name}: {result}"] += 1
                    if result.isupper():
                        print(json.dumps([number, name, result, detail]), flush=True)
        except (EOFError, ConnectionResetError):
            process.join()
            result, detail = "CRASH", f"exit code {process.exitcode}"
        process.kill()
        process.join()
        if result in ("HANG", "CRASH"):
            counts[f"{name}: {result}"] += 1
            print(json.dumps([number, name, result, detail]), flush=True)
    return counts


def main() -> int:
    """Returns 1 when there were faults."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], metavar="READER")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, required=True, help="folder for the files behind each fault")
    counts = run(parser.parse_args())
    print(json.dumps(dict(counts.most_common())))
    return int(any(each.rpartition(" ")[2].isupper() for each in counts))


if __name__ == "__main__":
    sys.exit(main())
