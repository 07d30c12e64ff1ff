"""A seccomp filter for this process and its later threads: no sockets, no other programs, no other processes.

The filter is a program for the kernel's packet filter, as in linux/seccomp.h. It returns an error for the calls listed
here and lets all others pass: libraries use hundreds, and differ in them from version to version.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

# (name, number on x86-64, number on 64-bit ARM); None where the processor has no such call.
_FORBIDDEN: tuple[tuple[str, int | None, int | None], ...] = (
    *(("socket", 41, 198), ("connect", 42, 203), ("accept", 43, 202), ("bind", 49, 200), ("listen", 50, 201)),
    ("accept4", 288, 242),
    # other programs and processes
    *(("execve", 59, 221), ("execveat", 322, 281), ("fork", 57, None), ("vfork", 58, None)),
    *(("ptrace", 101, 117), ("process_vm_readv", 310, 270), ("process_vm_writev", 311, 271), ("pidfd_getfd", 438, 438)),
    *(("kill", 62, 129), ("tkill", 200, 130), ("rt_sigqueueinfo", 129, 138), ("rt_tgsigqueueinfo", 297, 240)),
    *(("pidfd_send_signal", 424, 424), ("kcmp", 312, 272), ("process_madvise", 440, 440)),
    *(("shmget", 29, 194), ("shmat", 30, 196), ("msgget", 68, 186), ("semget", 64, 190), ("mq_open", 240, 180)),
    # what Landlock does not cover: attributes of files
    *(("chmod", 90, None), ("fchmodat", 268, 53), ("fchmodat2", 452, 452), ("chown", 92, None), ("lchown", 94, None)),
    *(("fchownat", 260, 54), ("setxattr", 188, 5), ("lsetxattr", 189, 6), ("removexattr", 197, 14)),
    *(("lremovexattr", 198, 15), ("utime", 132, None), ("utimes", 235, None), ("futimesat", 261, None)),
    *(("utimensat", 280, 88), ("setxattrat", 463, 463), ("removexattrat", 466, 466), ("file_setattr", 469, 469)),
    # ways around Landlock and this filter, and parts of the kernel with a history of holes
    *(("io_uring_setup", 425, 425), ("io_uring_enter", 426, 426), ("io_uring_register", 427, 427)),
    *(("open_by_handle_at", 304, 265), ("bpf", 321, 280), ("perf_event_open", 298, 241), ("userfaultfd", 323, 282)),
    *(("add_key", 248, 217), ("request_key", 249, 218), ("keyctl", 250, 219), ("personality", 135, 92)),
    # the system
    *(("unshare", 272, 97), ("setns", 308, 268), ("chroot", 161, 51), ("pivot_root", 155, 41), ("mount", 165, 40)),
    *(("umount2", 166, 39), ("open_tree", 428, 428), ("move_mount", 429, 429), ("fsopen", 430, 430)),
    *(("fsconfig", 431, 431), ("fsmount", 432, 432), ("fspick", 433, 433), ("mount_setattr", 442, 442)),
    ("open_tree_attr", 467, 467),
    *(("kexec_load", 246, 104), ("kexec_file_load", 320, 294), ("init_module", 175, 105), ("finit_module", 313, 273)),
    *(("delete_module", 176, 106), ("reboot", 169, 142), ("swapon", 167, 224), ("swapoff", 168, 225)),
)
_ARCHITECTURES = {"x86_64": (0xC000003E, 1), "aarch64": (0xC00000B7, 2)}  # AUDIT_ARCH_*, column of the table
_CLONE, _TGKILL = {1: 56, 2: 220}, {1: 234, 2: 131}
_CLONE3 = 435
_CLONE_THREAD = 0x10000
_X32 = 0x40000000  # calls of a third set of numbers on x86-64

_LOAD, _EQUAL, _AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data, little-endian
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_DENY, _UNKNOWN_CALL = 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS

_SECCOMP = {1: 317, 2: 277}
_SET_MODE_FILTER, _ALL_THREADS = 1, 1


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def is_supported() -> bool:
    """Whether the numbers of this processor's calls are known."""
    return platform.machine() in _ARCHITECTURES


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _program() -> bytes:
    architecture, column = _ARCHITECTURES[platform.machine()]
    steps = [
        *(_step(_LOAD, _ARCHITECTURE), _step(_EQUAL, architecture, 1, 0), _step(_RETURN, _KILL)),
        *(_step(_LOAD, _NUMBER), _step(_AT_LEAST, _X32, 0, 1), _step(_RETURN, _DENY)),
        # The C library then starts threads with clone, whose flags can be seen here.
        *(_step(_EQUAL, _CLONE3, 0, 1), _step(_RETURN, _UNKNOWN_CALL)),
    ]
    for call in _FORBIDDEN:
        number = call[column]
        if number is not None:
            steps += [_step(_EQUAL, int(number), 0, 1), _step(_RETURN, _DENY)]
    steps += [  # a thread, but no process
        *(_step(_EQUAL, _CLONE[column], 0, 4), _step(_LOAD, _FIRST_ARGUMENT)),
        *(_step(_HAS_BITS, _CLONE_THREAD, 0, 1), _step(_RETURN, _ALLOW), _step(_RETURN, _DENY)),
    ]
    steps += [  # a signal to itself, as abort() sends it
        *(_step(_EQUAL, _TGKILL[column], 0, 4), _step(_LOAD, _FIRST_ARGUMENT)),
        *(_step(_EQUAL, os.getpid(), 0, 1), _step(_RETURN, _ALLOW), _step(_RETURN, _DENY)),
    ]
    return b"".join([*steps, _step(_RETURN, _ALLOW)])


def restrict() -> bool:
    """Install the filter in all threads of this process, and return whether the kernel has it.

    Needs `privileges.drop`.
    """
    if not is_supported():
        return False
    code = _program()
    program = _Program(len(code) // 8, code)
    call = _SECCOMP[_ARCHITECTURES[platform.machine()][1]]
    set_filter = ctypes.CDLL(None).syscall
    return bool(set_filter(ctypes.c_long(call), _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(program)) == 0)
