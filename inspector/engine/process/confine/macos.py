"""The sandbox of macOS: a profile for this process and all its threads, which it cannot leave.

`sandbox_init` is called deprecated by Apple, and is what its own tools and browsers use. The language of profiles is
Apple's and not documented by it; of two rules that fit, the later one counts. This was never run on a Mac: what the
process says about its confinement is what it has tried afterwards (`attempts`).
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
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
) -> tuple[list[str], list[str]]:
    """Enter the sandbox, and return which means are in force and what this system lacks, by what was tried then."""
    home = str(Path.home())
    problem = enter(profile(programs, readable, writable, home), library)
    if problem:
        return [], [f"a sandbox ({problem})", "a limit of memory"]
    tried = {
        "files": attempts.reads(home) or attempts.writes(home),
        "no network": attempts.reaches_network(),
        "no other programs": attempts.starts_program(),
    }
    held = ", ".join(name for name, has_worked in tried.items() if not has_worked)
    lacking = [f"an effect of its sandbox on “{name}”" for name, has_worked in tried.items() if has_worked]
    return [f"sandbox ({held})"] if held else [], [*lacking, "a limit of memory"]
