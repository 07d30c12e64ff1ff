"""Disks that refuse, for tests: `monkeypatch.setattr(os, "fsync", full_disk)`; root may read and write everything."""

import errno
import os
from pathlib import Path
from types import ModuleType

import pytest


def full_disk(_handle: int) -> None:
    """Refuse what was written, as a disk does that notices at the sync that it is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def refuse_reading(monkeypatch: pytest.MonkeyPatch, module: ModuleType, path: Path) -> None:
    """Have `open_regular`, as `module` calls it, refuse one file, as the system does to who may not read it."""
    opens = module.open_regular

    def refused(wanted: Path) -> object:
        if wanted == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opens(wanted)

    monkeypatch.setattr(module, "open_regular", refused)
