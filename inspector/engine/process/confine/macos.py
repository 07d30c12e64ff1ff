"""The sandbox of macOS: a profile for this process and all its threads, which it cannot leave.

`sandbox_init` is called deprecated by Apple, and is what its own tools and browsers use. The language of profiles is
Apple's and not documented by it; of two rules that fit, the later one counts. This was never run on a Mac: what the
process says about its confinement is what it has tried afterwards (`attempts`).
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from inspector.engine.process.confine import attempts

# Where users' files, other volumes and temporary files lie. Elsewhere there are the system and its libraries.
_PRIVATE = ("/Users", "/Volumes", "/Network", "/private/tmp", "/private/var/tmp", "/private/var/folders")
# Keys and passwords, the clipboard, and what would start a program for this one.
_SERVICES = (
    *("com.apple.SecurityServer", "com.apple.securityd.xpc", "com.apple.pasteboard.1"),
    *("com.apple.coreservices.launchservicesd", "com.apple.coreservices.quarantine-resolver"),
)
_FORBIDDEN = (
    *("network*", "system-socket", "process-fork", "process-exec*", "appleevent-send", "file-write*"),
    "signal (target others)",
)

_NO_FILES = "Its sandbox opens no other files to it than those of its job."
_FREE_FILES = "Its sandbox has no effect on other files."
_NO_NETWORK = "Its sandbox refuses it the network."
_FREE_NETWORK = "Its sandbox has no effect on the network."
_NO_PROGRAMS = "Its sandbox refuses it other programs."
_FREE_PROGRAMS = "Its sandbox has no effect on other programs."


def profile(programs: Iterable[str], readable: Iterable[str], writable: Iterable[str], home: str) -> str:
    """The rules: folders of the program and files to read, and folders to write to, with all below them.

    Paths are resolved, because the system compares resolved ones.
    """
    lines = ["(version 1)", "(allow default)", *(f"(deny {act})" for act in _FORBIDDEN)]
    lines += [f"(deny mach-lookup (global-name {_quoted(name)}))" for name in _SERVICES]
    lines += [f"(deny file-read-data (subpath {_quoted(path)}))" for path in (*_PRIVATE, _resolved(home))]
    for path in map(_resolved, (*programs, *readable)):
        what = "subpath" if os.path.isdir(path) else "literal"  # noqa: PTH112 - as the system resolves it
        lines.append(f"(allow file-read-data ({what} {_quoted(path)}))")
    for path in map(_resolved, writable):
        lines.append(f"(allow file-read-data file-write* (subpath {_quoted(path)}))")
    return "\n".join([*lines, '(allow file-write-data (literal "/dev/null"))', ""])


def _resolved(path: str) -> str:
    return str(Path(path).resolve())


def _quoted(text: str) -> str:
    """A string of the language: a name of a file must not end it and add a rule."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def enter(rules: str, library: Any = None) -> str:
    """Put this process under the rules, and return why that failed, "" if it did not."""
    try:
        system = ctypes.CDLL(None) if library is None else library
        init, free = system.sandbox_init, system.sandbox_free_error
    except (AttributeError, OSError):
        return "sandbox_init is missing"
    init.argtypes = (ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_void_p))
    free.argtypes, free.restype = (ctypes.c_void_p,), None
    problem = ctypes.c_void_p()
    if init(os.fsencode(rules), 0, ctypes.byref(problem)) == 0:
        return ""
    if not problem.value:
        return "sandbox_init failed"
    said = ctypes.string_at(problem.value).decode(errors="replace")
    free(problem)
    return f"sandbox_init: {said.strip()[:200]}"


def restrict(
    programs: Iterable[str], readable: Iterable[str], writable: Iterable[str], library: Any = None
) -> Iterator[str]:
    """Enter the sandbox, and say in sentences what it refuses and what it does not, by what was tried then."""
    home = str(Path.home())
    problem = enter(profile(programs, readable, writable, home), library)
    if problem:
        yield f"It could not enter a sandbox ({problem})."
    else:
        yield _FREE_FILES if attempts.reads(home) or attempts.writes(home) else _NO_FILES
        yield _FREE_NETWORK if attempts.reaches_network() else _NO_NETWORK
        yield _FREE_PROGRAMS if attempts.starts_program() else _NO_PROGRAMS
    yield "This system sets no limit to its memory."
