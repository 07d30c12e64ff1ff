"""Reports Python files, functions and folders of modules over their size limits. Part of `make check`."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 60
MOST_MODULES = 20


def oversized(root: Path, files: Sequence[Path]) -> Iterator[str]:
    """One sentence for each Python file, function and folder among `files`, relative to `root`, over its limit."""
    for name in files:
        source = (root / name).read_text(encoding="utf-8")
        lines = source.count("\n")
        if lines > MOST_FILE_LINES:
            yield f"{name}: {lines} lines, at most {MOST_FILE_LINES} are allowed; split the module."
        for node in ast.walk(ast.parse(source, str(name))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MOST_FUNCTION_LINES:
                    limit = f"at most {MOST_FUNCTION_LINES} are allowed; split the function."
                    yield f"{name}:{node.lineno}: {node.name} has {length} lines, {limit}"
    modules = Counter(name.parent for name in files if name.name != "__init__.py")
    for folder, count in sorted(modules.items()):
        if count > MOST_MODULES:
            yield f"{folder}: {count} modules, at most {MOST_MODULES} are allowed; group them into packages."


def _tracked(root: Path) -> list[Path]:
    """All Python files that Git tracks and that still exist."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=root, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.splitlines() if (root / name).exists()]


def main() -> int:
    """Check the repository; the exit status is 1 if anything is too large."""
    root = Path(__file__).resolve().parents[1]
    found = list(oversized(root, _tracked(root)))
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
