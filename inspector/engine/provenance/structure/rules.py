"""The table of rules: observations about structure and tags in words, from TOML files that a newsroom can add to."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from inspector.domain.structure import Structure, StructureFact
from inspector.engine.resources import resource

FOLDER = "file_rules"
_MOST_BYTES, _MOST_RULES, _MOST_FACTS = 1 << 20, 500, 40
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
    rules: list[Rule] = []
    remarks = []
    for path in sorted(resource(folder).glob("*.toml")):
        try:
            rules += read_rules(path)
        except (OSError, ValueError, re.error) as error:
            remarks.append(f"The rules in {path.name} were not used ({error}); correct the file or remove it.")
    return tuple(rules[:_MOST_RULES]), tuple(remarks)


def read_rules(path: Path) -> list[Rule]:
    """The rules of one file. Raises OSError and ValueError."""
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("it is larger than 1 MiB")
    rules = []
    for number, entry in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get("rule", []), 1):
        unknown = set(entry) - _KEYS
        missing = {"id", "says", "causes", "source"} - set(entry)
        if unknown or missing or not all(isinstance(value, str) for value in entry.values()):
            raise ValueError(f"rule {number}: {', '.join(sorted(unknown | missing)) or 'a value that is no text'}")
        if "tag" not in entry and "has" not in entry and "lacks" not in entry:
            raise ValueError(f"rule {number} has no condition")
        re.compile(entry.get("matches", ""))
        rules.append(Rule(**entry))
    return rules


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
