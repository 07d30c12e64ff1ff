"""The table of rules: observations about structure and tags in words, from TOML files that a newsroom can add to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from inspector.domain.structure import Structure, StructureFact
from inspector.engine.provenance.rule_files import load_rule_files, read_rule_file

FOLDER = "file_rules"
_MOST_RULES, _MOST_FACTS = 500, 40
_KEYS = {"id", "says", "causes", "source", "tag", "matches", "has", "lacks", "format"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: all of its conditions must hold. `tag` is a pattern of "group/name"; `matches` a regular expression."""

    id: str
    says: str
    causes: str
    source: str
    tag: str = ""
    matches: str = ""
    has: str = ""
    lacks: str = ""
    format: str = ""


@cache
def load_rules(folder: str = FOLDER) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """The rules of all files in a folder of resources, and a sentence for each file that is not one."""
    return load_rule_files(folder, _rule, _MOST_RULES)


def read_rules(path: Path) -> list[Rule]:
    """The rules of one file. Raises OSError and ValueError."""
    return read_rule_file(path, _rule)


def _rule(number: int, entry: dict[str, Any]) -> Rule:
    unknown = set(entry) - _KEYS
    missing = {"id", "says", "causes", "source"} - set(entry)
    if unknown or missing or not all(isinstance(value, str) for value in entry.values()):
        raise ValueError(f"rule {number}: {', '.join(sorted(unknown | missing)) or 'a value that is no text'}")
    if "tag" not in entry and "has" not in entry and "lacks" not in entry:
        raise ValueError(f"rule {number} has no condition")
    re.compile(entry.get("matches", ""))
    return Rule(**entry)


def facts_of(structure: Structure, rules: tuple[Rule, ...]) -> tuple[StructureFact, ...]:
    """The facts that the rules state about a structure, in the order of the rules."""
    kinds = {element.kind for element in structure.elements}
    found = []
    for rule in rules:
        if rule.format and not fnmatchcase(structure.format, rule.format):
            continue
        if (rule.has and rule.has not in kinds) or (rule.lacks and rule.lacks in kinds):
            continue
        value = _value(structure, rule)
        if value is not None:
            says = rule.says.replace("{value}", value)
            found.append(StructureFact(rule.id, says, rule.causes, rule.source))
    return tuple(found[:_MOST_FACTS])


def _value(structure: Structure, rule: Rule) -> str | None:
    """The text that the rule's expression matched, "" for a rule without a tag; None if no tag matches."""
    if not rule.tag:
        return ""
    for tag in structure.tags:
        if fnmatchcase(f"{tag.group}/{tag.name}", rule.tag):
            match = re.search(rule.matches, tag.value)
            if match:
                return match.group() or tag.value
    return None
