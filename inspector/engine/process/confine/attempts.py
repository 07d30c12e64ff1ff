"""Forbidden acts that a process tries on itself once it is confined, so that it claims nothing that has no effect.

Each returns whether the act succeeded. None of them changes anything that stays, or leaves this machine.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

_DISCARD = 9  # a port that nothing listens on; a refused connection has reached the network all the same
_NOWHERE = subprocess.DEVNULL


def starts_program() -> bool:
    """Whether another program can be started."""
    try:
        started = subprocess.Popen([sys.executable, "-c", ""], stdin=_NOWHERE, stdout=_NOWHERE, stderr=_NOWHERE)
    except OSError:
        return False
    started.kill()
    started.wait()
    return True


def reaches_network() -> bool:
    """Whether this machine itself can be asked for a connection."""
    try:
        socket.create_connection(("127.0.0.1", _DISCARD), timeout=1.0).close()
    except PermissionError:
        return False
    except OSError:
        return True
    return True


def reads(folder: str) -> bool:
    """Whether a folder can be listed."""
    try:
        os.listdir(folder)  # noqa: PTH208 - nothing but the call matters
    except OSError:
        return False
    return True


def writes(folder: str) -> bool:
    """Whether a file can be made in a folder; it is removed again."""
    path = Path(folder, f"deepfake-inspector-attempt-{os.urandom(8).hex()}")
    try:
        path.touch(exist_ok=False)
    except OSError:
        return False
    with suppress(OSError):
        path.unlink()
    return True
