"""The guard for paths that a case file, a case's list or a stranger's settings name."""

from __future__ import annotations

import re
from pathlib import PurePath, PureWindowsPath

_MOST_CHARACTERS = 4096


def is_local(text: str) -> bool:
    """Whether a path names something on this computer's own file system, on each of its systems.

    A network path makes Windows greet that server with the user's name and password hash before anything is read, and a
    device such as "CON" or a file in /proc can be read for ever. Absolute paths and ".." are allowed: a clip lies
    anywhere, it is only read, and only if it is a regular file whose SHA-256 agrees.
    """
    slashes = text.replace("\\", "/")
    if not text or len(text) > _MOST_CHARACTERS or "\0" in text or slashes.startswith("//"):
        return False
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", text):  # a URL; a drive has one letter
        return False
    parts = PurePath(slashes).parts
    return not {"proc", "sys"} & set(parts[1:2]) and not any(PureWindowsPath(part).is_reserved() for part in parts)
