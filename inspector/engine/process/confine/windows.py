"""What Windows can take from a process that runs: other programs, windows of others, privileges, and writing.

A job object and the process's own token are changed from within, before it reads a byte of the evidence: what was
removed cannot be regained. Neither takes the network away, nor the reading of the user's files. This was never run on
Windows: what the process says about its confinement is what it has tried or read back afterwards.

Structures and numbers are those of winnt.h. https://learn.microsoft.com/windows/win32/procthread/job-objects
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from ctypes import POINTER, byref, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p, c_wchar_p, sizeof
from pathlib import Path
from typing import Any

from inspector.engine.process.confine import attempts

_BASIC_UI, _EXTENDED = 4, 9  # classes of information about a job
_LIMIT_PROCESSES, _LIMIT_MEMORY, _DIE_ON_EXCEPTION = 0x8, 0x100, 0x400
_ALL_OF_THE_SCREEN = 0xFF  # handles and atoms of others, clipboard, settings, desktops, shutdown
_QUERY, _ADJUST_PRIVILEGES, _ADJUST_DEFAULT = 0x8, 0x20, 0x80  # rights to a token
_PRIVILEGES, _INTEGRITY = 3, 25  # classes of information about a token
_REMOVED, _IS_INTEGRITY = 0x4, 0x20
_PASS_FOLDERS = 23  # SeChangeNotifyPrivilege, without which each folder on the way to a file is asked
_LOW = bytes([1, 1, 0, 0, 0, 0, 0, 16]) + (0x1000).to_bytes(4, "little")  # S-1-16-4096
_FILE_OBJECT, _LABEL = 1, 0x10
_LOW_FOLDER = "S:(ML;OICI;NW;;;LW)"  # what has low integrity may write here and below

_OPEN_TO_READ = "This system has no way to refuse it the network and the reading of other files."
_OPEN = "This system has no way to refuse it the network and the reading and writing of other files."


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        *(("process_time", c_int64), ("job_time", c_int64), ("flags", c_uint32)),
        *(("least_working_set", c_size_t), ("most_working_set", c_size_t)),
        *(("processes", c_uint32), ("processors", c_size_t), ("priority", c_uint32), ("scheduling", c_uint32)),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        *(("basic", BasicLimits), ("counters", c_uint64 * 6)),
        *(("process_memory", c_size_t), ("job_memory", c_size_t)),
        *(("peak_process_memory", c_size_t), ("peak_job_memory", c_size_t)),
    )


class Privilege(ctypes.Structure):
    """LUID_AND_ATTRIBUTES."""

    _fields_ = (("number", c_uint32), ("high", c_int32), ("attributes", c_uint32))


class Label(ctypes.Structure):
    """TOKEN_MANDATORY_LABEL."""

    _fields_ = (("sid", c_void_p), ("attributes", c_uint32))


class MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX."""

    _fields_ = (("length", c_uint32), ("load", c_uint32), ("physical", c_uint64), ("others", c_uint64 * 6))


# (what it returns, what it takes); a handle is as wide as a pointer, which ctypes does not guess.
KERNEL: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "GetCurrentProcess": (c_void_p, ()),
    "CloseHandle": (c_int32, (c_void_p,)),
    "CreateJobObjectW": (c_void_p, (c_void_p, c_wchar_p)),
    "SetInformationJobObject": (c_int32, (c_void_p, c_int32, c_void_p, c_uint32)),
    "AssignProcessToJobObject": (c_int32, (c_void_p, c_void_p)),
    "GlobalMemoryStatusEx": (c_int32, (c_void_p,)),
    "LocalFree": (c_void_p, (c_void_p,)),
}
SECURITY: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "OpenProcessToken": (c_int32, (c_void_p, c_uint32, POINTER(c_void_p))),
    "GetTokenInformation": (c_int32, (c_void_p, c_int32, c_void_p, c_uint32, POINTER(c_uint32))),
    "SetTokenInformation": (c_int32, (c_void_p, c_int32, c_void_p, c_uint32)),
    "AdjustTokenPrivileges": (c_int32, (c_void_p, c_int32, c_void_p, c_uint32, c_void_p, c_void_p)),
    "ConvertStringSecurityDescriptorToSecurityDescriptorW": (
        c_int32,
        (c_wchar_p, c_uint32, POINTER(c_void_p), c_void_p),
    ),
    "GetSecurityDescriptorSacl": (c_int32, (c_void_p, POINTER(c_int32), POINTER(c_void_p), POINTER(c_int32))),
    "SetNamedSecurityInfoW": (c_uint32, (c_wchar_p, c_int32, c_uint32, c_void_p, c_void_p, c_void_p, c_void_p)),
}


def prepared(library: Any, signatures: dict[str, tuple[Any, tuple[Any, ...]]]) -> Any:
    """A library whose functions know what they take and return. Raises AttributeError if one is missing."""
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def restrict(folder: str, *, only_reads: bool, kernel: Any = None, security: Any = None) -> Iterator[str]:
    """Restrict this process, and say in sentences how, and what could not be done.

    `folder` is its private one. If it `only_reads` otherwise, it gets low integrity; what writes results does not,
    because the user's folders would have to be opened to every program of low integrity.
    """
    try:
        kernel = prepared(kernel or ctypes.WinDLL("kernel32", use_last_error=True), KERNEL)  # type: ignore[attr-defined]
        security = prepared(security or ctypes.WinDLL("advapi32", use_last_error=True), SECURITY)  # type: ignore[attr-defined]
    except (AttributeError, OSError) as error:
        yield f"This system lacks functions that a confinement needs ({error})."
        return
    yield from _in_job(kernel)
    token = c_void_p()
    rights = _QUERY | _ADJUST_PRIVILEGES | _ADJUST_DEFAULT
    is_low = False
    if security.OpenProcessToken(kernel.GetCurrentProcess(), rights, byref(token)):
        is_bare = _removed_privileges(security, token)
        yield "Its privileges are removed." if is_bare else "Its privileges could not be removed."
        if only_reads:
            is_low = _lowered(kernel, security, token, folder) and not attempts.writes(str(Path(folder).parent))
            yield "Low integrity lets it write no other files." if is_low else "It could not get low integrity."
        kernel.CloseHandle(token)
    else:
        yield f"It could not open its own token ({_error()})."
    yield _OPEN_TO_READ if is_low else _OPEN


def _error() -> str:
    """The number of the last error, as Windows lists it."""
    return f"error {getattr(ctypes, 'get_last_error', int)()}"


def _in_job(kernel: Any) -> Iterator[str]:
    """Put this process into a job that allows no other one. Its handle is closed, so that nobody can change it."""
    status = MemoryStatus(sizeof(MemoryStatus))
    memory = status.physical if kernel.GlobalMemoryStatusEx(byref(status)) else 0
    limits = ExtendedLimits()
    limits.basic.flags = _LIMIT_PROCESSES | _DIE_ON_EXCEPTION | (_LIMIT_MEMORY if memory else 0)
    limits.basic.processes, limits.process_memory = 1, memory
    job = kernel.CreateJobObjectW(None, None)
    if not job:
        yield f"It could not be put into a job object ({_error()})."
        return
    is_held = bool(
        kernel.SetInformationJobObject(job, _EXTENDED, byref(limits), sizeof(limits))
        and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
    )
    problem = "" if is_held else _error()
    # A job within another one, such as that of a virtual environment's launcher, may not have these.
    has_screen = is_held and kernel.SetInformationJobObject(job, _BASIC_UI, byref(c_uint32(_ALL_OF_THE_SCREEN)), 4)
    kernel.CloseHandle(job)
    if not is_held:
        yield f"It could not be put into a job object ({problem})."
        return
    if memory:
        yield f"It gets at most {memory / 2**30:.1f} GiB of memory."
    if attempts.starts_program():
        yield "Its job object has no effect on other programs."
    else:
        yield "Its job object refuses it other programs."
    if has_screen:
        yield "Its job object refuses it the clipboard and the windows of others."


def _privileges(security: Any, token: c_void_p) -> tuple[Any, list[Privilege]]:
    """The privileges of a token, within the buffer that holds TOKEN_PRIVILEGES."""
    buffer = ctypes.create_string_buffer(4096)
    if not security.GetTokenInformation(token, _PRIVILEGES, buffer, len(buffer), byref(c_uint32())):
        return buffer, [Privilege()]  # unknown, so not gone
    count = min(c_uint32.from_buffer(buffer).value, (len(buffer) - 4) // sizeof(Privilege))
    return buffer, [Privilege.from_buffer(buffer, 4 + n * sizeof(Privilege)) for n in range(count)]


def _removed_privileges(security: Any, token: c_void_p) -> bool:
    """Remove all privileges, and return whether they are gone."""
    buffer, held = _privileges(security, token)
    for privilege in held:
        if privilege.number != _PASS_FOLDERS:
            privilege.attributes = _REMOVED
    security.AdjustTokenPrivileges(token, 0, buffer, 0, None, None)
    return all(privilege.number == _PASS_FOLDERS for privilege in _privileges(security, token)[1])


def _lowered(kernel: Any, security: Any, token: c_void_p, folder: str) -> bool:
    """Give this process low integrity, and its private folder too, so that it can still write there."""
    descriptor, labels, unused = c_void_p(), c_void_p(), c_int32()
    convert = security.ConvertStringSecurityDescriptorToSecurityDescriptorW
    if not convert(_LOW_FOLDER, 1, byref(descriptor), None):
        return False
    is_open = security.GetSecurityDescriptorSacl(descriptor, byref(unused), byref(labels), byref(c_int32())) and (
        security.SetNamedSecurityInfoW(folder, _FILE_OBJECT, _LABEL, None, None, None, labels) == 0
    )
    kernel.LocalFree(descriptor)
    sid = ctypes.create_string_buffer(_LOW, len(_LOW))
    label = Label(ctypes.cast(sid, c_void_p), _IS_INTEGRITY)
    return bool(is_open and security.SetTokenInformation(token, _INTEGRITY, byref(label), sizeof(label) + len(_LOW)))
