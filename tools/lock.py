"""Write requirements.lock from pyproject.toml, and its versions back as constraints, so that `uv run` uses them too.

`uv run` and `uv sync` read no requirements file. A committed uv.lock would name a package index, so the versions stand
as `constraint-dependencies` in pyproject.toml instead; requirements.lock also holds every file's hash.

Usage: tools/lock.py [--upgrade | --upgrade-package NAME ...]; versions already in the lock stay unless asked otherwise.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT, LOCK = ROOT / "pyproject.toml", ROOT / "requirements.lock"
# One version of a package for 3.11 and 3.12, so that both give the same numbers.
COMPILE = (
    "uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --all-extras --group dev"
    " --group bundle --group docs pyproject.toml -o requirements.lock"
).split()
CONSTRAINTS = re.compile(r"^constraint-dependencies = \[\n(?:  .*\n)*\]$", re.MULTILINE)


def pins(lock: str) -> list[str]:
    """Every locked version with its marker, as in `numpy==2.4.6 ; python_full_version < '3.12'`."""
    return [line.rstrip(" \\") for line in lock.splitlines() if re.match(r"[a-z0-9]", line)]


def with_constraints(project: str, versions: list[str]) -> str:
    """The text of pyproject.toml with these versions as its constraints. Raises ValueError without such a list."""
    lines = "".join(f'  "{version}",\n' for version in versions)
    text, count = CONSTRAINTS.subn(f"constraint-dependencies = [\n{lines}]", project)
    if count != 1:
        raise ValueError("pyproject.toml has no single list constraint-dependencies; restore it and run this again.")
    return text


def main() -> int:
    """Lock; on failure both files stay as they were."""
    before = PROJECT.read_text(encoding="utf-8")
    # Held by its own constraints, nothing could ever be upgraded.
    PROJECT.write_text(with_constraints(before, []), encoding="utf-8")
    done = subprocess.run([*COMPILE, *sys.argv[1:]], cwd=ROOT)
    after = with_constraints(before, pins(LOCK.read_text(encoding="utf-8"))) if done.returncode == 0 else before
    PROJECT.write_text(after, encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
