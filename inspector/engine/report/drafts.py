"""The folder within that of a report in which its files are made, and what a writer that was killed left of it."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = ".report-"


def make_draft(folder: Path) -> Path:
    """A new folder for the files of a report, in `folder`. Raises OSError."""
    return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))


def remove_drafts(folder: Path, *, was_there: bool) -> None:
    """Remove what a killed writer left in the folder of a report, and that folder if nothing else is in it.

    A folder that `was_there` before the report is somebody's and stays. Nobody may be writing a report there.
    """
    with suppress(OSError):  # it holds something else, or was never made
        for draft in folder.glob(f"{_PREFIX}*"):
            shutil.rmtree(draft, ignore_errors=True)
        if not was_there:
            folder.rmdir()
