"""The table of picture filters: their parameters, order and texts; `filters.py` implements them.

A filter changes what is displayed, never what is scored. A view replaces the picture by a measurement on the decoded
pixels, so at most one is on and it comes first; adjustments follow in the table's order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a filter: its label, range, default, step and unit."""

    label: str
    low: float
    high: float
    default: float
    step: float
    unit: str = ""

    def text(self, value: float, say: Callable[[str], str] = str) -> str:
        """The value with its label, as in "JPEG quality 90"; `say` translates words."""
        return f"{say(self.label)} {value:g}{say(self.unit)}"


@dataclass(frozen=True, slots=True)
class FilterSpec:
    """One filter. A view (`is_view`) excludes other views; `needs_previous`: it also uses the previous frame."""

    id: str
    label: str
    tip: str
    parameters: tuple[Parameter, ...]
    is_view: bool = False
    needs_previous: bool = False


@dataclass(frozen=True, slots=True)
class FilterStep:
    """A filter that is on, with the values of its parameters in the table's order."""

    filter_id: str
    values: tuple[float, ...]

    @property
    def spec(self) -> FilterSpec:
        """The filter's entry in the table."""
        return FILTERS[self.filter_id]

    def text(self, say: Callable[[str], str] = str) -> str:
        """The filter with its values, as in "Error level (JPEG quality 90, gain 15×)"; `say` translates words."""
        named = zip(self.spec.parameters, self.values, strict=True)
        return f"{say(self.spec.label)} ({', '.join(parameter.text(value, say) for parameter, value in named)})"


Chain = tuple[FilterStep, ...]

_GAIN = Parameter("gain", 1, 60, 8, 1, "×")
_TABLE = (
    FilterSpec(
        "error_level",
        "Error level",
        "Difference to the same frame saved again as JPEG: areas with another compression history may stand out",
        (Parameter("JPEG quality", 30, 99, 90, 1), Parameter("gain", 1, 100, 30, 1, "×")),
        is_view=True,
    ),
    FilterSpec(
        "high_pass",
        "High-pass residual",
        "The frame without its smooth part: noise, edges and blending seams around middle grey",
        (Parameter("radius", 0.5, 10, 1.5, 0.5, " px"), Parameter("gain", 1, 30, 6, 1, "×")),
        is_view=True,
    ),
    FilterSpec(
        "difference",
        "Difference to the previous frame",
        "Change of each pixel since the previous frame: flicker and jumps of a face",
        (_GAIN,),
        is_view=True,
        needs_previous=True,
    ),
    FilterSpec(
        "flow",
        "Optical flow",
        "Movement of each point since the previous frame: dark for none, bright for the full scale",
        (Parameter("full scale", 0.5, 40, 6, 0.5, " px per frame"),),
        is_view=True,
        needs_previous=True,
    ),
    FilterSpec(
        "sharpen",
        "Sharpen",
        "Unsharp mask: increases the contrast of edges",
        (Parameter("amount", 0.1, 5, 1, 0.1), Parameter("radius", 0.5, 10, 1.5, 0.5, " px")),
    ),
    FilterSpec(
        "levels",
        "Levels",
        "Levels at or below black become 0, at or above white 255",
        (Parameter("black", 0, 254, 16, 1), Parameter("white", 1, 255, 235, 1)),
    ),
    FilterSpec("gamma", "Gamma", "Above 1 shadows get brighter, below 1 darker", (Parameter("γ", 0.2, 5, 1.6, 0.1),)),
)
FILTERS = {spec.id: spec for spec in _TABLE}
VIEWS = tuple(spec for spec in _TABLE if spec.is_view)
ADJUSTMENTS = tuple(spec for spec in _TABLE if not spec.is_view)
_ORDER = {spec.id: index for index, spec in enumerate(_TABLE)}


def default_step(filter_id: str) -> FilterStep:
    """A filter with its default values. Raises KeyError for a filter that is not in the table."""
    return FilterStep(filter_id, tuple(parameter.default for parameter in FILTERS[filter_id].parameters))


def with_step(chain: Chain, step: FilterStep) -> Chain:
    """Add a step to the chain; it replaces a step of the same filter, and a view replaces another view.

    Raises ValueError if a value lies outside its parameter's range.
    """
    for parameter, value in zip(step.spec.parameters, step.values, strict=True):
        if not parameter.low <= value <= parameter.high:
            raise ValueError(f"{step.spec.label}: {parameter.label} must lie between {parameter.low} and "
                             f"{parameter.high}, not {value}.")  # fmt: skip
    kept = [s for s in chain if s.filter_id != step.filter_id and not (s.spec.is_view and step.spec.is_view)]
    return tuple(sorted([*kept, step], key=lambda s: _ORDER[s.filter_id]))


def without(chain: Chain, filter_ids: Iterable[str]) -> Chain:
    """The chain without these filters."""
    off = set(filter_ids)
    return tuple(step for step in chain if step.filter_id not in off)


def next_view(chain: Chain) -> Chain:
    """The chain with the next view of the table, or none after the last one. Adjustments are kept."""
    present = next((step.filter_id for step in chain if step.spec.is_view), None)
    ids = [spec.id for spec in VIEWS]
    at = 0 if present is None else ids.index(present) + 1
    rest = without(chain, ids)
    return rest if at == len(ids) else with_step(rest, default_step(ids[at]))


def needs_previous(chain: Chain) -> bool:
    """Whether the chain needs the previous frame."""
    return any(step.spec.needs_previous for step in chain)


def encode_chain(chain: Chain) -> str:
    """The chain as case files store it, such as "error_level 90 30; gamma 1.6"; "" for none."""
    return "; ".join(" ".join([step.filter_id, *(f"{value:g}" for value in step.values)]) for step in chain)


def parse_chain(text: str) -> Chain:
    """The reverse of `encode_chain`. Raises ValueError for a text that names no filter or values out of range."""
    chain: Chain = ()
    for part in text.split("; ") if text else []:
        filter_id, *values = part.split(" ")
        if filter_id not in FILTERS:
            raise ValueError(f"there is no filter {filter_id!r}")
        chain = with_step(chain, FilterStep(filter_id, tuple(float(value) for value in values)))
    return chain


def describe_chain(chain: Chain, say: Callable[[str], str] = str) -> str:
    """All steps with their values; "" for none. The window's `say` translates; what is saved stays English."""
    return "; ".join(step.text(say) for step in chain)
