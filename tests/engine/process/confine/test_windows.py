"""The restrictions of Windows, where this was never run: structures, calls by stand-ins, what is said of the result."""

import ctypes
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inspector.engine.process.confine import attempts, windows

GIB = 1 << 30
ABSENT, JOB, TOKEN = 0, 0x7700000001, 0x7700000002  # handles are wider than 32 bits
KEPT, OTHERS = 23, (20, 9, 17)


class StandIn:
    """kernel32 and advapi32, called through ctypes so that its conversions are the real ones; `fails` names calls."""

    def __init__(self, *fails: str, has_ui: bool = True, keeps_privileges: bool = False) -> None:
        self.calls: list[str] = []
        self.limits = windows.ExtendedLimits()
        self.screen, self.level, self.folder = 0, b"", ""
        self.held = [KEPT, *OTHERS]
        self._fails, self._has_ui, self._keeps = fails, has_ui, keeps_privileges
        self.kernel = self._library(windows.KERNEL)
        self.security = self._library(windows.SECURITY)

    def _library(self, signatures: dict[str, Any]) -> SimpleNamespace:
        made = {}
        for name, (result, arguments) in signatures.items():
            prototype = ctypes.CFUNCTYPE(result, *arguments)
            made[name] = prototype(self._called(name))
        return SimpleNamespace(**made)

    def _called(self, name: str) -> Callable[..., int]:
        act = getattr(self, name, lambda *_: 1)

        def called(*values: Any) -> int:
            self.calls.append(name)
            return 0 if name in self._fails else int(act(*values))

        return called

    def GetCurrentProcess(self) -> int:
        return (1 << 64) - 1

    def CreateJobObjectW(self, _security: object, name: object) -> int:
        assert name is None, "nobody can open a job without a name"
        return JOB

    def AssignProcessToJobObject(self, job: int, process: int) -> bool:
        return (job, process) == (JOB, (1 << 64) - 1)

    def SetInformationJobObject(self, job: int, kind: int, data: int, size: int) -> bool:
        assert job == JOB
        if kind == 9:
            assert size == ctypes.sizeof(windows.ExtendedLimits)
            ctypes.memmove(ctypes.byref(self.limits), data, size)
            return True
        assert (kind, size) == (4, 4)
        self.screen = ctypes.c_uint32.from_address(data).value
        return self._has_ui

    def GlobalMemoryStatusEx(self, status: int) -> bool:
        found = windows.MemoryStatus.from_address(status)
        assert found.length == ctypes.sizeof(windows.MemoryStatus)
        found.physical = 16 * GIB
        return True

    def OpenProcessToken(self, process: int, rights: int, token: Any) -> bool:
        assert rights == 0xA8
        token[0] = TOKEN
        return process == (1 << 64) - 1

    def GetTokenInformation(self, token: int, kind: int, data: int, size: int, _needed: object) -> bool:
        assert (token, kind) == (TOKEN, 3)
        each = ctypes.sizeof(windows.Privilege)
        assert size > 4 + each * len(self.held)
        ctypes.c_uint32.from_address(data).value = len(self.held)
        for place, number in enumerate(self.held):
            privilege = windows.Privilege.from_address(data + 4 + place * each)
            privilege.number, privilege.attributes = number, 3
        return True

    def AdjustTokenPrivileges(self, _token: int, is_all: int, data: int, *_rest: object) -> bool:
        assert not is_all
        each = ctypes.sizeof(windows.Privilege)
        count = ctypes.c_uint32.from_address(data).value
        asked = [windows.Privilege.from_address(data + 4 + place * each) for place in range(count)]
        if not self._keeps:
            self.held = [privilege.number for privilege in asked if privilege.attributes != 4]
        return True

    def SetTokenInformation(self, token: int, kind: int, data: int, _size: int) -> bool:
        assert (token, kind) == (TOKEN, 25)
        label = windows.Label.from_address(data)
        assert label.attributes == 0x20
        self.level = ctypes.string_at(label.sid, 12)
        return True

    def SetNamedSecurityInfoW(self, folder: str, kind: int, what: int, *_rest: object) -> int:
        assert (kind, what) == (1, 0x10)
        self.folder = folder
        return 0

    def restrict(self, folder: Path, *, only_reads: bool) -> list[str]:
        return list(windows.restrict(str(folder), only_reads=only_reads, kernel=self.kernel, security=self.security))


@pytest.fixture
def confined(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is forbidden fails, as it would on Windows."""
    monkeypatch.setattr(attempts, "starts_program", lambda: False)
    monkeypatch.setattr(attempts, "writes", lambda _folder: False)


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the sizes are those of 64 bits")
def test_structures_have_the_layout_of_the_systems_headers():
    sizes = {
        windows.BasicLimits: 64,
        windows.ExtendedLimits: 144,
        windows.Privilege: 12,
        windows.Label: 16,
        windows.MemoryStatus: 64,
    }
    assert {kind: ctypes.sizeof(kind) for kind in sizes} == sizes
    basic, extended = windows.BasicLimits, windows.ExtendedLimits
    assert (basic.flags.offset, basic.least_working_set.offset, basic.processes.offset) == (16, 24, 40)
    assert (basic.processors.offset, basic.priority.offset) == (48, 56)
    assert (extended.counters.offset, extended.process_memory.offset) == (64, 112)
    assert windows.MemoryStatus.physical.offset == 8


@pytest.mark.usefixtures("confined")
def test_the_player_gets_a_job_no_privileges_and_low_integrity(tmp_path: Path):
    system = StandIn()
    assert system.restrict(tmp_path / "private", only_reads=True) == [
        "It gets at most 16.0 GiB of memory.",
        "Its job object refuses it other programs.",
        "Its job object refuses it the clipboard and the windows of others.",
        "Its privileges are removed.",
        "Low integrity lets it write no other files.",
        "This system has no way to refuse it the network and the reading of other files.",
    ]
    assert (system.limits.basic.flags, system.limits.basic.processes) == (0x508, 1)
    assert system.limits.process_memory == 16 * GIB
    assert system.screen == 0xFF
    assert system.held == [KEPT]
    assert system.level == bytes([1, 1, 0, 0, 0, 0, 0, 16, 0, 0x10, 0, 0])
    assert system.folder == str(tmp_path / "private")
    assert system.calls.index("SetNamedSecurityInfoW") < system.calls.index("SetTokenInformation"), "or it may not"
    assert system.calls.count("CloseHandle") == 2, "of the job, and of the token: nobody can change them any more"


@pytest.mark.usefixtures("confined")
def test_what_writes_results_keeps_its_integrity_and_says_so(tmp_path: Path):
    system = StandIn()
    said = system.restrict(tmp_path, only_reads=False)
    assert not any("integrity" in each for each in said)
    assert said[-1] == "This system has no way to refuse it the network and the reading and writing of other files."
    assert "SetTokenInformation" not in system.calls


@pytest.mark.usefixtures("confined")
@pytest.mark.parametrize("call", ["CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject"])
def test_a_job_that_fails_is_not_claimed(tmp_path: Path, call: str):
    said = StandIn(call).restrict(tmp_path, only_reads=False)
    assert said[:-1] == ["It could not be put into a job object (error 0).", "Its privileges are removed."]


@pytest.mark.usefixtures("confined")
def test_a_job_within_another_one_has_no_limits_of_the_screen(tmp_path: Path):
    said = StandIn(has_ui=False).restrict(tmp_path, only_reads=False)
    assert [each for each in said if "job object" in each] == ["Its job object refuses it other programs."]


def test_what_the_system_confirms_without_an_effect_is_not_claimed(tmp_path: Path):
    """This process is not confined: it can start a program, and write beside its folder."""
    system = StandIn(keeps_privileges=True)
    assert system.restrict(tmp_path / "private", only_reads=True) == [
        "It gets at most 16.0 GiB of memory.",
        "Its job object has no effect on other programs.",
        "Its job object refuses it the clipboard and the windows of others.",
        "Its privileges could not be removed.",
        "It could not get low integrity.",
        "This system has no way to refuse it the network and the reading and writing of other files.",
    ]


@pytest.mark.usefixtures("confined")
@pytest.mark.parametrize("call", ["ConvertStringSecurityDescriptorToSecurityDescriptorW", "GetSecurityDescriptorSacl"])
def test_without_a_folder_to_write_to_the_integrity_stays(tmp_path: Path, call: str):
    system = StandIn(call)
    said = system.restrict(tmp_path, only_reads=True)
    assert "It could not get low integrity." in said
    assert "SetTokenInformation" not in system.calls
    assert "Its privileges are removed." in said


@pytest.mark.usefixtures("confined")
def test_a_token_that_cannot_be_opened_and_a_missing_function_are_said(tmp_path: Path):
    said = StandIn("OpenProcessToken").restrict(tmp_path, only_reads=True)
    assert "It could not open its own token (error 0)." in said
    (only,) = windows.restrict(str(tmp_path), only_reads=True, kernel=object(), security=object())
    assert only.startswith("This system lacks functions that a confinement needs (")
