"""Every thread and process of the program runs within a boundary: an error in one must be logged, and named as ours."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(path for top in ("inspector", "training") for path in (ROOT / top).rglob("*.py"))
THREADS = {"Thread", "QThread", "QRunnable", "Process", "Timer"}  # classes whose `run` or `target` is an entry point
POOLS = {"ThreadPoolExecutor", "ProcessPoolExecutor", "QThreadPool", "Pool"}
PROCESSES = {
    "inspector/cli.py": "run",
    "inspector/engine/process/start.py": "main",
    "inspector/engine/process/player/process.py": "main",
    "inspector/ui/app.py": "_run",
    "training/__main__.py": "main",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(node: ast.expr) -> str:
    """The last part of a dotted name, "" for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_guarded(function: Function) -> bool:
    """Whether a function is decorated with a Boundary."""
    return any(isinstance(d, ast.Call) and name_of(d.func) == "Boundary" for d in function.decorator_list)


def entry_points(tree: ast.Module) -> Iterator[tuple[int, str, Function | None]]:
    """Line, name and function of each entry point; None where it is not in this module."""
    functions = {n.name: n for n in ast.walk(tree) if isinstance(n, Function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and THREADS & {name_of(base) for base in node.bases}:
            runs = [f for f in node.body if isinstance(f, Function) and f.name == "run"]
            yield node.lineno, f"{node.name}.run", runs[0] if runs else None
        if isinstance(node, ast.Call) and name_of(node.func) in THREADS:
            targets = [k.value for k in node.keywords if k.arg in ("target", "function")]
            for target in targets:
                yield node.lineno, ast.unparse(target), functions.get(name_of(target))


def lost_futures(tree: ast.Module) -> Iterator[int]:
    """The lines that submit work to a pool and drop the future, and with it the error."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and name_of(node.value.func) == "submit":
            yield node.lineno


def unguarded(tree: ast.Module) -> list[str]:
    """What a module starts without a boundary, as "line: name"."""
    found = [f"{line}: {name}" for line, name, body in entry_points(tree) if body is None or not is_guarded(body)]
    return [*found, *(f"{line}: submit" for line in lost_futures(tree))]


def test_every_thread_and_process_runs_within_a_boundary():
    count, found = 0, []
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        count += len(list(entry_points(tree)))
        found += [f"{path.relative_to(ROOT)}:{what}" for what in unguarded(tree)]
    assert count >= 14, "the search finds what there is"
    assert not found, "decorate these with faults.Boundary, or keep the future and look at its exception"


@pytest.mark.parametrize(("path", "name"), PROCESSES.items())
def test_each_program_installs_the_hooks_for_what_no_boundary_catches(path: str, name: str):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    (function,) = [n for n in tree.body if isinstance(n, Function) and n.name == name]
    calls = {name_of(n.func) for n in ast.walk(function) if isinstance(n, ast.Call)}
    assert "install" in calls


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("class A(QThread):\n    def run(self): ...", ["1: A.run"]),
        ("class A(QtCore.QRunnable):\n    @faults.Boundary('x')\n    def run(self): ...", []),
        ("class A(Thread): ...", ["1: A.run"]),
        ("def f(): ...\nthreading.Thread(target=f)", ["2: f"]),
        ("@Boundary('x')\ndef f(): ...\nthreading.Thread(target=f)", []),
        ("threading.Thread(target=elsewhere.f)", ["1: elsewhere.f"]),
        ("context.Process(target=f)", ["1: f"]),
        ("threading.Thread(target=lambda: 1)", ["1: lambda: 1"]),
        ("pool.submit(f)", ["1: submit"]),
        ("future = pool.submit(f)", []),
    ],
)
def test_the_search_finds_what_has_no_boundary(code: str, expected: list[str]):
    assert unguarded(ast.parse(code)) == expected
