"""The process that reads damaged files, which a crash or a hang ends."""

import resource
import tempfile
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from inspector.domain.errors import InspectorError
from inspector.engine import faults
from tests.fuzz.readers import Reader, readers, write_case
from tools.fuzz_decode import mutate

SLOW_SECONDS = 5
MOST_MB = 400  # that one damaged small file may add to the memory


def outcome(read: Callable[[Path], object], folder: Path) -> tuple[str, str]:
    """What came of reading a damaged file: a word, in capitals for a fault, and the details."""
    before, began = _peak_mb(), time.monotonic()
    try:
        read(folder)
        result, detail = "read", ""
    except InspectorError as error:
        result, detail = "refused", str(error)
        if len(detail) > 1000 or "\x1b" in detail:
            result = "SENTENCE"
    except BaseException as error:  # noqa: BLE001 - each is a find; a panic in Rust is no Exception
        result, detail = "ERROR", repr(error)[:500]
    seconds, grown = time.monotonic() - began, _peak_mb() - before
    if seconds > SLOW_SECONDS or grown > MOST_MB:
        result, detail = "COSTLY", f"{seconds:.1f} s, {grown:.0f} MB; {detail}"
    return result, detail


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def serve(pipe: Connection, names: list[str], seed: int, skip: int, keep: str) -> None:
    """Damage and read until the parent ends this process; it writes each case down before it reads it."""
    faults.attempt = lambda doing, work: work()  # an exception comes here, not to the log
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as case:
        found = {name: make() for name, make in readers(Path(made)) if name in names or not names}
        for each in found.values():  # warm, so that what the libraries take is not counted
            for seed_files in each.seeds:
                write_case(Path(case), seed_files, {})
                outcome(each.read, Path(case))
        number = skip
        while True:
            number += 1
            rng = np.random.default_rng((seed, number))
            name = list(found)[int(rng.integers(len(found)))]
            changes, files = damaged(found[name], rng)
            write_case(Path(case), files, changes)
            pipe.send((number, name, "", ""))
            result, detail = outcome(found[name].read, Path(case))
            if result.isupper():
                write_case(Path(keep, f"{number:06d}-{name.replace(' ', '-')}"), files, changes)
            pipe.send((number, name, result, detail))


def damaged(reader: Reader, rng: np.random.Generator) -> tuple[dict[str, bytes], Mapping[str, bytes]]:
    """One damaged file, and the folder that it belongs to."""
    seeds, names = reader.seeds, reader.damaged
    files, other = (seeds[int(at)] for at in rng.integers(len(seeds), size=2))
    name = names[int(rng.integers(len(names)))]
    return {name: mutate(files[name], other[name], rng)[1]}, files
