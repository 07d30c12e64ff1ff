"""How a file is built: the parts of its container, its tags, and facts about both. Nothing of it enters a score."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """A box, element, chunk, segment or table: its kind, its depth in the tree, and where it lies.

    `offset` and `size` are in bytes, its header included. `detail` is what its header says; `is_known` is False
    for a kind that the reader does not know.
    """

    kind: str
    depth: int
    offset: int
    size: int
    detail: str = ""
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Tag:
    """A value in the file: `group` is the part that holds it, "computed" if the program derived it from others."""

    group: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class StructureFact:
    """An observation by a rule: a sentence, its usual innocent causes, and where the rule comes from."""

    rule: str
    sentence: str
    causes: str
    source: str


@dataclass(frozen=True, slots=True)
class Structure:
    """The elements of a file in its order, parents first; its tags; what is wrong with it; and facts by the rules.

    `left_out` counts elements that are not listed.
    """

    format: str
    size_bytes: int
    elements: tuple[Element, ...] = ()
    tags: tuple[Tag, ...] = ()
    problems: tuple[str, ...] = ()
    facts: tuple[StructureFact, ...] = ()
    left_out: int = 0
