"""Names that are shortened so that they are still told apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_BEFORE = 4  # characters that stay before the first difference


def elided_apart(name: str, other: str, fits: Callable[[str], bool]) -> str:
    """`name` without its middle, so that it fits; if `other` reads the same then, from where they begin to differ."""
    short = _without_middle(name, fits)
    if short == name or name == other or short != _without_middle(other, fits):
        return short
    begin = max(same_beginning(name, other) - _BEFORE, 0)
    tail = name[begin:]
    while len(tail) > 1 and not fits(f"…{tail}…"):
        tail = tail[:-1]
    return f"…{tail}" if name.endswith(tail) else f"…{tail}…"


def nearest_names(names: Sequence[str]) -> dict[str, str]:
    """For each name the one of the others that begins most like it, "" if there is none: a neighbour in their order."""
    ordered = sorted(names)
    found = {}
    for at, name in enumerate(ordered):
        beside = ordered[max(at - 1, 0) : at] + ordered[at + 1 : at + 2]
        found[name] = max(beside, key=lambda other: same_beginning(name, other), default="")
    return found


def same_beginning(name: str, other: str) -> int:
    """How many characters of both are the same from the first on."""
    differ = (at for at, (one, two) in enumerate(zip(name, other, strict=False)) if one != two)
    return next(differ, min(len(name), len(other)))


def _without_middle(name: str, fits: Callable[[str], bool]) -> str:
    kept = len(name)
    short = name
    while kept > 2 and not fits(short):
        kept -= 1
        end = (kept + 1) // 2  # of a file's name the end says more than the beginning
        short = f"{name[: kept - end]}…{name[-end:]}"
    return short
