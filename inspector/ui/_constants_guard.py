"""A guard against a reference-count fault of PySide 6.12 on Python 3.11 that would abort the program in minutes."""

from __future__ import annotations

import ctypes
import sys

_MANY = 1 << 40


def keep() -> None:
    """Give True, False and None references that nobody can use up; once is enough, more does no harm.

    Each `Signal.emit` of PySide 6.12.0 hands out `True` without taking a reference, so that `True` loses one per emit
    (measured: 200 emits, 200 lost), and Python aborts when none is left; `None` was seen to run out in the same way.
    From 3.12 on these constants have no count (PEP 683).
    """
    if sys.version_info >= (3, 12):
        return
    for constant in (True, False, None):
        # The count is the first field of every CPython object.
        ctypes.c_ssize_t.from_address(id(constant)).value += _MANY
