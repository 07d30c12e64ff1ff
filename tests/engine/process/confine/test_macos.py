"""The sandbox of macOS, of which this machine has none: its rules as text, and what is said of what took effect."""

import ctypes
from pathlib import Path

import pytest

from inspector.engine.process.confine import attempts, macos

UNLIMITED = "This system sets no limit to its memory."


class StandIn:
    """Answers like libSystem: `result` of sandbox_init, and the text that it leaves behind."""

    def __init__(self, result: int, text: bytes = b"") -> None:
        self.seen: list[tuple[bytes, int]] = []
        self.freed: list[int] = []
        self._text = ctypes.create_string_buffer(text)

        def sandbox_init(rules: bytes, flags: int, problem: object) -> int:
            self.seen.append((rules, flags))
            if text:
                problem[0] = ctypes.addressof(self._text)
            return result

        # Through ctypes, so that its conversions are the real ones.
        pointer = ctypes.POINTER(ctypes.c_void_p)
        made = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_uint64, pointer)
        self.sandbox_init = made(sandbox_init)
        self.sandbox_free_error = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self.freed.append)


def rules_of(readable: list[str], writable: list[str]) -> list[str]:
    return macos.profile(["/opt/program"], readable, writable, "/Users/roe").splitlines()


def test_the_rules_refuse_and_then_allow_what_was_granted(tmp_path: Path):
    (tmp_path / "a.mp4").touch()
    (tmp_path / "out").mkdir()
    rules = rules_of([str(tmp_path / "a.mp4")], [str(tmp_path / "out")])
    assert rules[:2] == ["(version 1)", "(allow default)"]
    for act in ("network*", "process-fork", "process-exec*", "file-write*"):
        assert f"(deny {act})" in rules
    assert '(deny file-read-data (subpath "/Users"))' in rules
    read = f'(allow file-read-data (literal "{(tmp_path / "a.mp4").resolve()}"))'
    write = f'(allow file-read-data file-write* (subpath "{(tmp_path / "out").resolve()}"))'
    last_refusal = max(n for n, rule in enumerate(rules) if rule.startswith("(deny"))
    assert min(rules.index(read), rules.index(write)) > last_refusal, "the later rule counts"
    assert sum("file-write" in rule for rule in rules if rule.startswith("(allow")) == 2, "and /dev/null"


def test_paths_are_resolved_as_the_system_does_it(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    rules = rules_of([], [str(tmp_path / "link")])
    assert any(str((tmp_path / "real").resolve()) in rule for rule in rules)
    assert not any("link" in rule for rule in rules)


@pytest.mark.parametrize(
    "name",
    ['a")) (allow network*) (allow file-write* (subpath "/x', "b\\", 'c\\")(allow default)(x "', "d\n(allow network*)"],
)
def test_a_file_name_adds_no_rule(tmp_path: Path, name: str):
    folder = tmp_path / "q"
    folder.mkdir()
    text = macos.profile([], [str(folder / name.replace("/", ":"))], [], "/Users/roe")
    depth, is_text, is_escaped, forms = 0, False, False, []
    for letter in text:
        if is_text:
            is_escaped, is_text = letter == "\\" and not is_escaped, letter != '"' or is_escaped
        elif letter == '"':
            is_text = True
        elif letter == "(":
            depth += 1
            forms.append(depth)
        elif letter == ")":
            depth -= 1
    assert (depth, is_text) == (0, False)
    plain = macos.profile([], [str(folder / "plain")], [], "/Users/roe")
    assert forms.count(1) == plain.count("\n"), "one form each line, as for a plain name"


def test_the_system_gets_the_rules_and_nothing_is_said_that_has_no_effect():
    """This process is not confined: the stand-in only says so."""
    system = StandIn(0)
    said = list(macos.restrict([], [], [], system))
    ((rules, flags),) = system.seen
    assert flags == 0
    assert rules.startswith(b"(version 1)")
    things = ("other files", "the network", "other programs")
    assert said == [*(f"Its sandbox has no effect on {each}." for each in things), UNLIMITED]


def test_what_took_effect_is_named(monkeypatch: pytest.MonkeyPatch):
    for act in ("starts_program", "reads", "writes"):
        monkeypatch.setattr(attempts, act, lambda *_: False)
    files, network, programs, memory = macos.restrict([], [], [], StandIn(0))
    assert files == "Its sandbox opens no other files to it than those of its job."
    assert network == "Its sandbox has no effect on the network."
    assert programs == "Its sandbox refuses it other programs."
    assert memory == UNLIMITED
    monkeypatch.setattr(attempts, "reaches_network", lambda: False)
    assert list(macos.restrict([], [], [], StandIn(0)))[1] == "Its sandbox refuses it the network."


def test_a_refused_profile_is_said_with_its_reason():
    system = StandIn(-1, b"unbound variable: network*\n")
    said = list(macos.restrict([], [], [], system))
    assert said == ["It could not enter a sandbox (sandbox_init: unbound variable: network*).", UNLIMITED]
    assert len(system.freed) == 1
    assert next(macos.restrict([], [], [], StandIn(-1))) == "It could not enter a sandbox (sandbox_init failed)."


def test_a_system_without_the_function_is_said_to_lack_it():
    assert macos.enter("(version 1)", object()) == "sandbox_init is missing"
