"""The table of rules on coding: measures in words, from TOML files that a newsroom can add to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from inspector.domain.clip import Clip
from inspector.domain.observations.coding import CodingFact
from inspector.engine.resources import resource

FOLDER = "coding_rules"
_MOST_BYTES, _MOST_RULES, _MOST_FILES = 1 << 20, 200, 100
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
    rules: list[Rule] = []
    remarks = []
    for path in sorted(resource(FOLDER).glob("*.toml"))[:_MOST_FILES]:
        try:
            rules += read_rules(path)
        except (OSError, ValueError) as error:
            remarks.append(f"The rules in {path.name} were not used ({error}); correct the file or remove it.")
    return tuple(rules[:_MOST_RULES]), tuple(remarks)


def read_rules(path: Path) -> list[Rule]:
    """The rules of one file. Raises OSError and ValueError."""
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("it is larger than 1 MiB")
    rules = []
    for number, entry in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get("rule", []), 1):
        wrong = (set(entry) ^ (_TEXTS | {"least"})) | {key for key in _TEXTS if not isinstance(entry.get(key), str)}
        if wrong or not isinstance(entry["least"], int | float):
            raise ValueError(f"rule {number}: {', '.join(sorted(wrong)) or 'least is no number'}")
        rules.append(Rule(**entry))
    return rules


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
