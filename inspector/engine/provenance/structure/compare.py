"""Two files' structures side by side: which parts and tags they share, and which only one of them has."""

from __future__ import annotations

import difflib
from itertools import groupby

from inspector.domain.structure import Structure

_VARYING = {"computed"}  # groups whose values differ from file to file


def difference(first: Structure, second: Structure) -> list[str]:
    """Lines of a diff: "  " for both, "- " for the first only, "+ " for the second only.

    Offsets and sizes are left out, since they differ between any two files; repeated parts are one line.
    """
    one, other = _lines(first), _lines(second)
    return [line for line in difflib.ndiff(one, other, charjunk=None) if not line.startswith("? ")]


def _lines(structure: Structure) -> list[str]:
    named = [f"{'  ' * element.depth}{element.kind}" for element in structure.elements]
    tree = [label for label, _same in groupby(named)]
    tags = [f"{tag.group} / {tag.name}: {tag.value}" for tag in structure.tags if tag.group not in _VARYING]
    return [f"format: {structure.format}", *tree[:2000], *tags]
