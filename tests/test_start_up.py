"""What a start imports before something can be seen of it: a scan's engine process, and the window's first picture."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from inspector import cli
from inspector.engine.process import client, launch

HEAVY = ("numpy", "msgspec", "rich", "cryptography", "inspector.engine.process.scan", "inspector.engine.model.bundle")


def modules_at(code: str) -> list[str]:
    """The modules of a new process, in the order in which they were imported, when its code calls `show()`."""
    show = "import os, sys\ndef show(*_, **_more): print(*sys.modules, flush=True); os._exit(0)\n"
    found = subprocess.run([sys.executable, "-c", show + code], capture_output=True, text=True, check=True)
    return found.stdout.split()


def test_a_scan_starts_its_engine_process_before_it_imports_anything_heavy(tmp_path: Path):
    arguments = ["scan", str(tmp_path), "--out", str(tmp_path / "out")]
    found = modules_at(f"from inspector import cli; cli.launch = show; cli.run({arguments!r})")
    assert "inspector.engine.process.launch" in found
    assert not {*HEAVY} & {*found}


class Started(Exception):  # noqa: N818 - nothing went wrong
    """Raised in place of a start."""


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--help"], cli.OK),
        (["--unknown"], cli.WRONG_USAGE),
        (["--jobs", "0"], cli.WRONG_USAGE),
        (["--every", "0"], cli.WRONG_USAGE),
        (["--model", "absent"], cli.WRONG_USAGE),
        (["--report", "none", "--seal", "key.pem"], cli.WRONG_USAGE),
    ],
)
def test_no_process_is_started_for_wrong_usage(
    options: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def start(**_options: object) -> None:
        raise Started

    monkeypatch.setattr(cli, "launch", start)
    right = ["scan", str(tmp_path), "--out", str(tmp_path / "out")]
    assert cli.run([*right, *options]) == code
    monkeypatch.setattr(cli.faults, "install", lambda *_args, **_options: None)  # it would log the exception
    with pytest.raises(Started):
        cli._scan(cli._parser().parse_args(right))


def test_a_process_that_nobody_took_is_ended():
    with suppress(KeyboardInterrupt), launch.launch(is_ahead=True) as launched:
        raise KeyboardInterrupt  # while this process imports
    assert launched.process.returncode is not None
    assert not launched.folder.path.exists()


def test_a_process_that_was_taken_is_ended_once():
    with launch.launch(is_ahead=True) as launched, client.EngineProcess(launched=launched) as engine:
        engine.stop()
        assert launched.process.returncode is not None
        assert not launched.folder.path.exists()
