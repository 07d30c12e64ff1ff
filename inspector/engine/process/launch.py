"""How engine processes are started.

Only the standard library and light modules are imported here: a scan starts its engine process, which takes two seconds
to load its libraries, before it imports anything else itself.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from inspector.domain.errors import EngineError
from inspector.engine.process.confine.access import Access, EngineFolder

NO_ACCESS = Access()

AHEAD = "--ahead"
"""Argument of an engine process that loads its libraries, and then waits for one byte, which says that its access is
written down."""

LARGE_BLOCKS = {
    "MALLOC_MMAP_THRESHOLD_": str(6 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(32 << 20),
    "NUMPY_MADVISE_HUGEPAGE": "0",
}
"""Environment of an engine process: two limits in bytes, which glibc reads when it is loaded, others ignore them; and
a switch that NumPy reads.

A picture above Full HD gets pages of its own, which the system has back when it is freed. By itself glibc takes those
of up to 32 MB from its heaps, one for each thread, where smaller blocks that live longer keep the freed ones occupied.
Smaller blocks stay in the heaps: new pages for each of them would take time. Those of the networks are smaller because
`Detector` scores few crops at a time. By itself NumPy asks for pages of 2 MB where an array above 4 MB lies. In a heap
this holds for all that lies there later, so that what was given back to the system comes again, 2 MB at a time.
"""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Environment of an engine process: NumPy's library starts a thread per core when it is loaded, of no use here, and a
process with several threads cannot be confined as a whole. Sums do not depend on the number of cores then either."""


def engine_command() -> list[str]:
    """The command that starts the engine process."""
    return own_command("--engine")


def own_command(*arguments: str) -> list[str]:
    """The command that starts this program, in a checkout and in the frozen program.

    -P: `-m` alone would import from the working directory first, which may be a folder of evidence.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-P", "-m", "inspector", *arguments]


def engine_environment(folder: EngineFolder) -> dict[str, str]:
    """The environment of an engine process, read by the C library at its start, and by the libraries when they load."""
    return folder.environment() | LARGE_BLOCKS | ONE_THREAD


@dataclass(frozen=True, slots=True)
class Launched:
    """An engine process and its private folder. A context manager, which ends a process that nobody took over."""

    process: subprocess.Popen[bytes]
    folder: EngineFolder
    is_ahead: bool  # whether it waits for its access

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:  # so nobody reads its pipes
            self.process.kill()
            self.process.communicate()
        self.folder.remove()


def launch(
    access: Access = NO_ACCESS, *, is_ahead: bool = False, environment: Mapping[str, str] | None = None
) -> Launched:
    """Start an engine process with that access; `environment` has more variables for it. Raises EngineError."""
    folder = EngineFolder(access)
    command = [*engine_command(), *([AHEAD] if is_ahead else [])]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=engine_environment(folder) | dict(environment or {}),
            # The parent handles Ctrl-C: it lets the child finish its batch.
            start_new_session=True,
        )
    except OSError as error:
        folder.remove()
        cause = error.strerror or str(error)
        raise EngineError(
            f"The analysis process cannot be started ({command[0]}: {cause}); install the program again."
        ) from error
    return Launched(process, folder, is_ahead)
