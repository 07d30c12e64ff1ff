"""Files of rules (TOML) in the program's resources, to which a newsroom can add its own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from inspector.engine.resources import resource

_MOST_BYTES, _MOST_FILES = 1 << 20, 100
_R = TypeVar("_R")


def load_rule_files(
    folder: str, rule_of: Callable[[int, dict[str, Any]], _R], most: int
) -> tuple[tuple[_R, ...], tuple[str, ...]]:
    """At most `most` rules of all files in a folder of resources, and a sentence for each file that is not one."""
    rules: list[_R] = []
    remarks = []
    for path in sorted(resource(folder).glob("*.toml"))[:_MOST_FILES]:
        try:
            rules += read_rule_file(path, rule_of)
        except (OSError, ValueError, re.error) as error:
            remarks.append(f"The rules in {path.name} were not used ({error}); correct the file or remove it.")
    return tuple(rules[:most]), tuple(remarks)


def read_rule_file(path: Path, rule_of: Callable[[int, dict[str, Any]], _R]) -> list[_R]:
    """The rules of one file; `rule_of` makes one of its number and its table.

    Raises OSError, and ValueError or re.error for what is no table of rules.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("it is larger than 1 MiB")
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("rule", [])
    return [rule_of(number, entry) for number, entry in enumerate(entries, 1)]
