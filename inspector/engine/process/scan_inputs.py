"""What a scan takes in: the clips and stills of the given files and folders, and everything else with its reason."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inspector.domain.errors import OutputError
from inspector.engine.decode.media_types import is_media_name

NOT_MEDIA = "Its name is not that of a clip or still; name the file itself to have it analysed."
OWN_OUTPUT = "It is the output folder of this scan."
FOLDER_LINK = "It is a link to a folder; name that folder to have its files analysed."
NOT_A_FILE = "It is a pipe, socket or device, not a file."
EMPTY = "holds no clip or still; name a file, or a folder that holds some."
LEADS_OUT = "is a link to a file outside of the folder that was named; name that file to have it analysed."


@dataclass(frozen=True, slots=True)
class Unused:
    """A path that is not analysed, and one sentence why."""

    path: Path
    reason: str


@dataclass(slots=True)
class Inputs:
    """Every path of the given folders is in one of the lists.

    `unreadable` may hold evidence that could not be looked at, and given folders without any; `left_out` is no evidence
    by its kind or its name.
    """

    wanted: list[Path] = field(default_factory=list)
    unreadable: list[Unused] = field(default_factory=list)
    left_out: list[Unused] = field(default_factory=list)


def find_inputs(paths: Sequence[Path], out: Path | None = None) -> Inputs:
    """List the files to analyse: those given, and the clips and stills in the folders given except below `out`.

    Raises OutputError if `out` is all that is given: nothing of it would be analysed.
    """
    found = Inputs()
    own = None if out is None else _identity(out)
    if own is not None and all(_identity(path) == own for path in paths):  # one beside others may be that of a pattern
        raise OutputError(f"{out} is to be scanned, so it cannot be the output folder; choose another one with --out.")
    for path in dict.fromkeys(paths):
        if _is_folder(path):
            inside = _inside(path, own)
            if not inside.wanted and not inside.unreadable and (own is None or _identity(path) != own):
                inside.unreadable.append(Unused(path, f"{path} {EMPTY}"))
            found.wanted += sorted(inside.wanted)
            found.unreadable += sorted(inside.unreadable, key=lambda unused: unused.path)
            found.left_out += sorted(inside.left_out, key=lambda unused: unused.path)
        else:
            found.wanted.append(path)
    each: dict[Path, Path] = {}
    for path in found.wanted:
        each.setdefault(path.absolute(), path)
    found.wanted = list(each.values())
    return found


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):
        return False  # opening it names the cause


def _inside(folder: Path, own: tuple[int, int] | None) -> Inputs:
    """Everything in a folder and below; links to folders are not followed."""
    found, waiting, root = Inputs(), [folder], Path(os.path.realpath(folder))
    while waiting:
        path = waiting.pop()
        if own is not None and _identity(path) == own:
            found.left_out.append(Unused(path, OWN_OUTPUT))
            continue
        try:
            for inner in path.iterdir():
                if inner.is_dir() and not inner.is_symlink():
                    waiting.append(inner)
                else:
                    _sort(inner, root, found)
        except OSError as error:
            cause = error.strerror or str(error)
            found.unreadable.append(Unused(path, f"{path} cannot be listed ({cause}); ask for permission to read it."))
    return found


def _sort(path: Path, root: Path, found: Inputs) -> None:
    """Add an entry of a folder to the list that it belongs to."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        cause = error.strerror or str(error)
        if path.is_symlink():
            is_loop = error.errno == errno.ELOOP
            cause = f"it is a link {'that leads back to itself' if is_loop else 'to a file that is missing'}"
        broken = Unused(path, f"{path} cannot be read ({cause}); restore the file or ask for permission to read it.")
        (found.unreadable if is_media_name(path.name) else found.left_out).append(broken)
        return
    if stat.S_ISDIR(mode):
        found.left_out.append(Unused(path, FOLDER_LINK))
    elif not stat.S_ISREG(mode):
        found.left_out.append(Unused(path, NOT_A_FILE))
    elif not is_media_name(path.name):
        found.left_out.append(Unused(path, NOT_MEDIA))
    elif path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
        # The folder may be a stranger's, and the file one that must not be in a report about it.
        found.unreadable.append(Unused(path, f"{path} {LEADS_OUT}"))
    else:
        found.wanted.append(path)
