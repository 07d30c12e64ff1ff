"""What the code imports is declared, and what it reads at run time is in the wheel."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from inspector.engine import resources

ROOT = Path(__file__).resolve().parents[1]
OURS = {"inspector", "training", "tests", "tools"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared(requirements: list[str]) -> set[str]:
    return {_normal(re.split(r"[ \[<>=!~;]", requirement, maxsplit=1)[0]) for requirement in requirements}


# Modules of the program that need an extra, and say so when it is not installed.
EXTRA_OF = {"inspector/engine/process/cluster.py": "cluster"}


def _imports(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((alias.name, path) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield node.module, path


def _undeclared(folder: str, allowed: set[str]) -> list[str]:
    providers = packages_distributions()
    extras = PROJECT["project"]["optional-dependencies"]
    missing = set()
    for module, path in _imports(ROOT / folder):
        top = module.split(".")[0]
        if top in {*sys.stdlib_module_names, "_typeshed"} or top in OURS:
            continue
        distributions = {_normal(name) for name in providers.get(top, [top])}
        # PySide6 is a package of packages; naming the whole declares its parts.
        distributions |= {"pyside6"} if top == "PySide6" else set()
        extra = EXTRA_OF.get(path.relative_to(ROOT).as_posix())
        if not distributions & (allowed | _declared(extras[extra]) if extra else allowed):
            missing.add(f"{path.relative_to(ROOT)} imports {module}, which no declared dependency provides")
    return sorted(missing)


def _requirements() -> tuple[set[str], set[str], set[str]]:
    """(run time, with the training extras, with the groups for developers)."""
    run_time = _declared(PROJECT["project"]["dependencies"])
    extras = PROJECT["project"]["optional-dependencies"].values()
    training = run_time.union(*(_declared(extra) for extra in extras))
    groups = PROJECT["dependency-groups"].values()
    return run_time, training, training.union(*(_declared(group) for group in groups))


@pytest.mark.parametrize(("folder", "level"), [("inspector", 0), ("training", 1), ("tests", 2), ("tools", 2)])
def test_every_import_is_declared(folder, level):
    assert not _undeclared(folder, _requirements()[level])


def test_an_undeclared_import_is_named():
    without_numpy = _requirements()[0] - {"numpy"}
    assert any("numpy" in line for line in _undeclared("inspector", without_numpy))


# What numpy has since 2.0; pip and `uv tool` install 1.26, because mediapipe asks for it (docs/decisions/0012).
NUMPY_2 = set(
    """acos acosh asin asinh astype atan atan2 atanh bitwise_count bitwise_invert bitwise_left_shift bitwise_right_shift
    bool concat cumulative_prod cumulative_sum isdtype long matrix_transpose matvec permute_dims pow strings trapezoid
    ulong unique_all unique_counts unique_inverse unique_values unstack vecdot vecmat""".split()
)


@pytest.mark.parametrize("folder", ["inspector", "training"])
def test_the_program_asks_for_nothing_that_the_numpy_of_a_plain_installation_lacks(folder):
    used = [
        f"{path.relative_to(ROOT)}:{node.lineno}: np.{node.attr}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np"
        if node.attr in NUMPY_2
    ]
    assert not used


def test_the_lock_holds_every_declared_dependency():
    locked = {
        _normal(line.split("==")[0])
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith(" ")
    }
    assert _requirements()[2] - locked == set()


def test_uv_run_is_held_to_the_versions_of_the_lock():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    locked = [line.rstrip(" \\") for line in lines if re.match(r"[a-z0-9]", line)]
    assert PROJECT["tool"]["uv"]["constraint-dependencies"] == locked, "run `make lock`"


def test_what_builds_and_installs_is_pinned():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    (hatchling,) = PROJECT["build-system"]["requires"]
    assert f"{hatchling} \\\n" in lock, "the version of [build-system] is the locked one"
    (uv,) = re.findall(r"^uv==(\S+) \\\n    --hash=sha256:", lock, re.MULTILINE)
    workflow = (ROOT / ".github" / "workflows" / "build.yml").read_text(encoding="utf-8")
    assert f'version: "{uv}"' in workflow


@pytest.mark.parametrize(("given", "installs"), [("", True), ("uv 0.0.1 (x86_64)", True), ("the locked one", False)])
def test_setup_fetches_the_locked_uv_by_its_hash_unless_it_is_there(tmp_path, given, installs):
    """tools/setup.sh with a pip that writes down its arguments and then fails; nothing is fetched."""
    for name in ("requirements.lock", "pyproject.toml", "tools/setup.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (uv,) = re.findall(r"^uv==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("dirname", "sh", "cat", "cksum", "awk", "sed", "rm", "mkdir", "id", "uname"):
        (programs / name).symlink_to(shutil.which(name))
    _script(programs / "python3", 'echo "$@" >>calls; exit 1')
    if given:
        (tmp_path / ".tools" / "bin").mkdir(parents=True)
        version = f"uv {uv} (x86_64)" if given == "the locked one" else given
        _script(tmp_path / ".tools" / "bin" / "uv", f'[ "$1" = --version ] && echo "{version}"')
    done = subprocess.run(
        [programs / "sh", "tools/setup.sh"], cwd=tmp_path, env={"PATH": str(programs)}, capture_output=True, text=True
    )
    assert done.returncode != 0
    calls = (tmp_path / "calls").read_text(encoding="utf-8") if (tmp_path / "calls").exists() else ""
    assert ("pip install" in calls and "--require-hashes" in calls) == installs, done.stderr
    if installs:
        assert "could not be fetched" in done.stderr
        fetched = (tmp_path / ".tools" / "uv.txt").read_text(encoding="utf-8").splitlines()
        assert fetched[0] == f"uv=={uv} \\"
        assert all(line.startswith("    ") for line in fetched[1:]), "nothing but uv"


def _script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    path.chmod(0o755)


def test_the_wheel_holds_the_program_its_model_and_its_resources(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("resources", "models"):
        listed = subprocess.run(["git", "ls-files", folder], cwd=ROOT, check=True, capture_output=True, text=True)
        assert {f"inspector/_bundled/{name}" for name in listed.stdout.split()} <= names
    assert {"inspector/__main__.py", "training/recipes/default.toml"} <= names
    assert not any(name.startswith("tests/") for name in names)


def test_the_locked_environment_can_build_an_editable_installation(tmp_path):
    """As tools/setup.sh does it: without build isolation, so with what the lock holds and no more."""
    code = "import sys; from hatchling.build import build_editable; build_editable(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    (name,) = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".pth")]
    assert zipfile.ZipFile(wheel).read(name).decode().strip() == str(ROOT)


def test_an_installed_program_looks_beside_its_code(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "inspector" / "engine" / "resources.py"))
    assert resources.root() == tmp_path, "a checkout"
    bundled = tmp_path / "inspector" / "_bundled"
    bundled.mkdir(parents=True)
    assert resources.root() == bundled
