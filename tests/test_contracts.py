"""`make check` fails on a cycle, on a room that imports upwards, and on a module that belongs to no room."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def contracts_with(tmp_path: Path, module: str, line: str) -> str:
    """What lint-imports prints when `line` is added to `module` (or the module is new), in a copy of the sources."""
    for name in ("inspector", "training"):
        for path in (ROOT / name).rglob("*.py"):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write(line)
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    command = "import sys; from importlinter.cli import lint_imports_command; sys.argv[1:] = ['--no-cache']; "
    done = subprocess.run(
        [sys.executable, "-c", f"sys = __import__('sys'); sys.path.insert(0, '.'); {command}lint_imports_command()"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == (1 if line else 0), done.stdout + done.stderr
    return done.stdout


def test_the_contracts_hold(tmp_path):
    assert "0 broken" in contracts_with(tmp_path, "inspector/engine/atomic.py", "")


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("inspector/engine/model/detector.py", "import inspector.engine.analysis.rule\n", "rooms of the engine"),
        ("inspector/engine/decode/video.py", "import inspector.engine.codec, inspector.engine.case.schema\n", "rooms"),
        ("inspector/engine/decode/frame_index.py", "import inspector.engine.decode.decoder\n", "no import cycle"),
        ("inspector/engine/helpers.py", "import inspector\n", "rooms of the engine"),
        ("inspector/domain/clip.py", "import inspector.engine.codec\n", "training | ui | cli -> engine"),
        ("inspector/engine/versions.py", "import PySide6\n", "no Qt below the window"),
    ],
)
def test_an_import_against_the_order_fails(tmp_path, module, line, broken):
    out = contracts_with(tmp_path, module, line)
    summary = [text for text in out.splitlines() if " BROKEN" in text]
    assert any(text.startswith(broken) for text in summary), out
