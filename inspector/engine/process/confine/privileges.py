"""Takes from this Linux process what the administrator has over other processes, and the way to regain it."""

from __future__ import annotations

import ctypes
import os
import platform

_SET_NO_NEW_PRIVILEGES = 38
_LAYOUT = 0x20080522  # version 3 of the structures in linux/capability.h
_SET_CAPABILITIES = {"x86_64": 126, "aarch64": 91}
_GET_CAPABILITIES = {"x86_64": 125, "aarch64": 90}
_OF_FILES = 0b1111  # to read and own files of others; an administrator's evidence may belong to anybody


def drop() -> None:
    """Keep no capability but those about files, and let no program that is started regain one. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        _fail()
    machine = platform.machine()
    if machine not in _SET_CAPABILITIES:
        return
    header = (ctypes.c_uint32 * 2)(_LAYOUT, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable; then the same of the higher 32 capabilities
    if library.syscall(ctypes.c_long(_GET_CAPABILITIES[machine]), header, sets):
        _fail()
    kept = (ctypes.c_uint32 * 6)(sets[0] & _OF_FILES, sets[1] & _OF_FILES)
    if library.syscall(ctypes.c_long(_SET_CAPABILITIES[machine]), header, kept):
        _fail()


def _fail() -> None:
    code = ctypes.get_errno()
    raise OSError(code, os.strerror(code))
