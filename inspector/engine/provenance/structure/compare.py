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
    found = []
    # Whole lines only: ndiff, which also compares within lines, takes hours for two files of 2000 parts.
    # Lines that a file repeats begin no match, but continue one: otherwise a hostile pair takes half a minute.
    matcher = difflib.SequenceMatcher(None, one, other)
    for what, start, end, other_start, other_end in matcher.get_opcodes():
        if what == "equal":
            found += [f"  {line}" for line in one[start:end]]
        else:
            found += [f"- {line}" for line in one[start:end]]
            found += [f"+ {line}" for line in other[other_start:other_end]]
    return found


def _lines(structure: Structure) -> list[str]:
    named = [f"{'  ' * element.depth}{element.kind}" for element in structure.elements]
    tree = [label for label, _same in groupby(named)]
    tags = [f"{tag.group} / {tag.name}: {tag.value}" for tag in structure.tags if tag.group not in _VARYING]
    return [f"format: {structure.format}", *tree[:2000], *tags]
