"""The wording of a file's structure for report, window and command line; foreign strings stay as they are."""

from __future__ import annotations

from inspector.domain.structure import Element, Structure


def tree_label(element: Element) -> str:
    """The kind of an element, indented by its depth with spaces that no layout joins."""
    return "\u2007" * (2 * element.depth) + element.kind


def place(element: Element) -> str:
    """Where an element lies, how large it is, and what it says."""
    unknown = "" if element.is_known else " (not known)"
    said = f"; {element.detail}" if element.detail else ""
    return f"{element.size} bytes at byte {element.offset}{unknown}{said}"


def structure_lines(structure: Structure) -> list[str]:
    """The whole structure as plain text: facts, problems, tags and the tree."""
    lines = [f"{structure.format}, {structure.size_bytes} bytes"]
    for fact in structure.facts:
        lines += [f"* {fact.sentence}", f"  Usual causes: {fact.causes} [{fact.source}]"]
    lines += [f"! {problem}" for problem in structure.problems]
    lines += [f"{tag.group} / {tag.name}: {tag.value}" for tag in structure.tags]
    lines += [f"{'  ' * element.depth}{element.kind}  {place(element)}" for element in structure.elements]
    return [*lines, f"… and {structure.left_out} more parts"] if structure.left_out else lines
