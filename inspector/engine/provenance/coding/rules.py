"""The table of rules on coding: measures in words, from TOML files that a newsroom can add to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from inspector.domain.clip import Clip
from inspector.domain.observations.coding import CodingFact
from inspector.engine.provenance.rule_files import load_rule_files, read_rule_file

FOLDER = "coding_rules"
_MOST_RULES = 200
_MOST_NAMED = 4  # places named in a sentence
_TEXTS = {"id", "says", "causes", "source", "measure"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that a rule may be about, and the spans in pts where it was found."""

    value: float
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: it holds where its measure is at least `least`."""

    id: str
    measure: str
    says: str
    causes: str
    source: str
    least: float


@cache
def load_rules() -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """The rules of all files in resources/coding_rules, and a sentence for each file that is not one."""
    return load_rule_files(FOLDER, _rule, _MOST_RULES)


def read_rules(path: Path) -> list[Rule]:
    """The rules of one file. Raises OSError and ValueError."""
    return read_rule_file(path, _rule)


def _rule(number: int, entry: dict[str, Any]) -> Rule:
    wrong = (set(entry) ^ (_TEXTS | {"least"})) | {key for key in _TEXTS if not isinstance(entry.get(key), str)}
    if wrong or not isinstance(entry["least"], int | float):
        raise ValueError(f"rule {number}: {', '.join(sorted(wrong)) or 'least is no number'}")
    return Rule(**entry)


def facts_of(measures: Mapping[str, Measure], clip: Clip, rules: tuple[Rule, ...]) -> tuple[CodingFact, ...]:
    """The facts that the rules state about the measures, in the order of the rules."""
    found = []
    for rule in rules:
        measure = measures.get(rule.measure)
        if measure is not None and measure.value >= rule.least:
            parts = {
                "{value}": _number(measure.value),
                "{count}": str(len(measure.spans)),
                "{where}": _where(measure, clip),
            }
            says = rule.says
            for name, text in parts.items():
                says = says.replace(name, text)
            found.append(CodingFact(rule.id, says, rule.causes, rule.source, measure.spans))
    return tuple(found)


def _number(value: float) -> str:
    return f"{value:.0f}" if value == round(value) or value >= 100 else f"{value:.1f}"


def _where(measure: Measure, clip: Clip) -> str:
    """The first places in words: "at 3.20 s", "from 3.20 to 4.00 s"."""
    named = []
    for start, end in measure.spans[:_MOST_NAMED]:
        first, last = clip.seconds(start), clip.seconds(end)
        named.append(f"from {first:.2f} to {last:.2f} s" if last > first else f"at {first:.2f} s")
    more = len(measure.spans) - len(named)
    return ", ".join(named) + (f", and {more} more" if more > 0 else "")
