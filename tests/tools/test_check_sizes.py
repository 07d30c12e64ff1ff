"""The size check names what is over its limit, and passes on what is exactly at it."""

from pathlib import Path

import pytest

from tools import check_sizes
from tools.check_sizes import MOST_FILE_LINES, MOST_FUNCTION_LINES, MOST_MODULES, oversized


def function(lines: int) -> str:
    return "def long():\n" + "    pass\n" * (lines - 1)


def module(lines: int) -> str:
    return "x = 1\n" * lines


@pytest.mark.parametrize(
    ("limit", "source", "sentence"),
    [
        (MOST_FILE_LINES, module, "pkg/m.py: 401 lines, at most 400 are allowed; split the module."),
        (MOST_FUNCTION_LINES, function, "pkg/m.py:1: long has 61 lines, at most 60 are allowed; split the function."),
    ],
)
def test_a_file_and_a_function_over_their_limit_are_named(tmp_path: Path, limit, source, sentence):
    (tmp_path / "pkg").mkdir()
    path = tmp_path / "pkg" / "m.py"
    path.write_text(source(limit))
    assert list(oversized(tmp_path, [Path("pkg/m.py")])) == []
    path.write_text(source(limit + 1))
    assert list(oversized(tmp_path, [Path("pkg/m.py")])) == [sentence]


def test_methods_and_nested_functions_count(tmp_path: Path):
    nested = "class A:\n" + "".join(f"    {line}\n" for line in function(MOST_FUNCTION_LINES + 1).splitlines())
    (tmp_path / "m.py").write_text(nested)
    (found,) = oversized(tmp_path, [Path("m.py")])
    assert found.startswith("m.py:2: long has 61 lines")


def test_a_folder_with_too_many_modules_is_named(tmp_path: Path):
    names = [Path(f"m{number}.py") for number in range(MOST_MODULES)]
    for name in [*names, Path("__init__.py"), Path("last.py")]:
        (tmp_path / name).touch()
    assert list(oversized(tmp_path, [*names, Path("__init__.py")])) == []
    (found,) = oversized(tmp_path, [*names, Path("last.py")])
    assert found.startswith(".: 21 modules, at most 20")


def test_the_exit_status_says_whether_something_is_too_large(monkeypatch, capsys):
    """On this tool alone: `make check` looks at the whole repository."""
    monkeypatch.setattr(check_sizes, "_tracked", lambda _root: [Path("tools/check_sizes.py")])
    assert check_sizes.main() == 0
    monkeypatch.setattr(check_sizes, "MOST_FUNCTION_LINES", 5)
    assert check_sizes.main() == 1
    assert "tools/check_sizes.py:" in capsys.readouterr().err
