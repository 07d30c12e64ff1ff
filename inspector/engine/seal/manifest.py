"""MANIFEST.sha256: the SHA-256 of every file of a report, in the format that `sha256sum --check` reads."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath

from inspector.domain.errors import VerificationError
from inspector.engine import atomic
from inspector.engine.regular_file import NotRegularError, open_regular, read_regular

MANIFEST = "MANIFEST.sha256"
SIGNATURE, QUERY, STAMP = f"{MANIFEST}.sig", f"{MANIFEST}.tsq", f"{MANIFEST}.tsr"
KEY = "examiner.pem"
BESIDE = (SIGNATURE, KEY, QUERY, STAMP)
"""Files about the manifest, which it can therefore not name."""

MOST_BYTES = 64 * 1024 * 1024
_LINE = re.compile(r"(\\?)([0-9a-f]{64}) [ *](.+)")
_ESCAPES = {"\\": r"\\", "\n": r"\n", "\r": r"\r"}
_CHARACTERS = {r"\\": "\\", r"\n": "\n", r"\r": "\r"}


def file_sha256(path: Path) -> str:
    """SHA-256 of a regular file's bytes as lower-case hex. Raises OSError."""
    with open_regular(path) as file:  # opening a pipe would wait for ever
        return hashlib.file_digest(file, "sha256").hexdigest()


def manifest_bytes(folder: Path, names: Iterable[str]) -> bytes:
    """The manifest of the files `names` (relative, with "/") in `folder`, in their order. Raises OSError."""
    return "".join(_line(name, file_sha256(folder / name)) for name in names).encode("utf-8", "surrogateescape")


def write_manifest(folder: Path, names: Iterable[str]) -> Path:
    """Write the manifest of `names` in `folder`, whole or not at all, and return its path. Raises OSError."""
    target = folder / MANIFEST
    atomic.write_bytes(target, manifest_bytes(folder, names))
    return target


def _line(name: str, sha256: str) -> str:
    # As sha256sum itself does it: a line with an escaped name begins with a backslash.
    escaped = "".join(_ESCAPES.get(character, character) for character in name)
    return f"{'' if escaped == name else chr(92)}{sha256}  {escaped}\n"


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a regular file of at most so many. Raises VerificationError."""
    try:
        data = read_regular(path, most)
    except NotRegularError:
        sentence = f"{path} is a folder, pipe, socket or device, not a file; name another one."
        raise VerificationError(sentence) from None
    except OSError as error:
        raise VerificationError(f"{path} cannot be read ({error.strerror}); check the path.") from error
    if data is None:
        raise VerificationError(f"{path} is too large for what it should be; ask for it again.")
    return data


def read_manifest(path: Path) -> dict[str, str]:
    """The SHA-256 of each file by its name relative to the manifest's folder.

    The manifest may come from a stranger. Raises VerificationError if it cannot be read, if a line is not one of a
    manifest, if a name occurs twice, or if it leads out of the folder.
    """
    lines = read_file(path).decode("utf-8", "surrogateescape").split("\n")
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line and number == len(lines):
            break
        match = _LINE.fullmatch(line)
        if match is None:
            raise VerificationError(f"{path}: line {number} is not a line of a manifest; ask for the report again.")
        name = re.sub(r"\\[\\nr]", lambda m: _CHARACTERS[m[0]], match[3]) if match[1] else match[3]
        if name in found or not is_inside(name):
            problem = "occurs twice" if name in found else "leads out of the report's folder"
            raise VerificationError(f"{path}: the name in line {number} {problem}; do not trust this report.")
        found[name] = match[2]
    return found


def is_inside(name: str) -> bool:
    """Whether a relative name stays in its folder on every system."""
    parts = re.split(r"[/\\]", name)
    return bool(parts[0]) and ".." not in parts and "\0" not in name and not PureWindowsPath(name).drive
