"""What a start imports before something can be seen of it: a scan's engine process, and the window's first picture."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from inspector import cli
from inspector.engine.process import client, launch

SHOWN_LATER = ("torch", "mediapipe", "scipy", "cv2", "av", "pyqtgraph", "rich", "importlib.metadata", "cryptography",
               "inspector.ui.timeline.timeline", "inspector.ui.dialogs.settings_dialog",
               "inspector.ui.dialogs.help_sheet", "inspector.ui.dialogs.about_sheet")  # fmt: skip
WINDOW = """
import gc, os, sys
from inspector.ui import app
make = app.make_window
def make_window(**options):
    window = make(**options)
    window.first_shown.connect(show)
    return window
def show():
    print(*sys.modules)
    print(gc.isenabled())
    app.QTimer.singleShot(0, later)
def later():
    print(gc.isenabled(), gc.get_freeze_count() > 50_000, flush=True)
    os._exit(0)
app.make_window = make_window
from inspector.__main__ import main
main(["--private"])
"""
HEAVY = ("numpy", "msgspec", "rich", "cryptography", "inspector.engine.process.scan", "inspector.engine.model.bundle")


def output(code: str) -> list[str]:
    """The lines that a new process prints."""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return found.stdout.splitlines()


def test_a_scan_starts_its_engine_process_before_it_imports_anything_heavy(tmp_path: Path):
    arguments = ["scan", str(tmp_path), "--out", str(tmp_path / "out")]
    show = "lambda **_options: (print(*sys.modules, flush=True), os._exit(0))"
    (line,) = output(f"import os, sys; from inspector import cli; cli.launch = {show}; cli.run({arguments!r})")
    assert "inspector.engine.process.launch" in line.split()
    assert not {*HEAVY} & {*line.split()}


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


@pytest.fixture(scope="module")
def window() -> list[str]:
    """What the window's process says at its first picture, and after it."""
    return output(WINDOW)


def test_the_first_picture_waits_for_nothing_that_it_does_not_show(window: list[str]):
    modules = window[0].split()
    assert "inspector.ui.window.main_window" in modules
    assert not {*SHOWN_LATER} & {*modules}


def test_what_needs_no_qt_is_imported_before_it(window: list[str]):
    """PySide6 reads the source of every module that is imported after it."""
    modules = window[0].split()
    below = ("inspector.domain.", "inspector.engine.", "numpy", "msgspec")
    late = [name for name in modules[modules.index("PySide6") :] if name.startswith(below)]
    assert len(late) <= 20, f"let inspector/ui/__init__.py import what imports most of these: {late}"


def test_unused_objects_are_not_looked_for_until_the_first_picture(window: list[str]):
    assert window[1:] == ["False", "True True"]
