"""The one table of picture filters: their parameters, order and words. What they do is in `filters.py`.

A filter changes what is looked at, never what is scored. Views replace the picture by something measured on the decoded
pixels, so at most one is on and it comes first; adjustments follow in the table's order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a filter, with its range, step and unit; the label stands before it wherever it is shown."""

    label: str
    low: float
    high: float
    default: float
    step: float
    unit: str = ""

    def text(self, value: float) -> str:
        """ "JPEG quality 90" or "black 16"."""
        return f"{self.label} {value:g}{self.unit}"


@dataclass(frozen=True, slots=True)
class FilterSpec:
    """One filter. A view (`is_view`) excludes the other views; `needs_previous`: it looks at the frame before too."""

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
        """Its row of the table."""
        return FILTERS[self.filter_id]

    @property
    def text(self) -> str:
        """ "Error level (JPEG quality 90, gain 15×)"."""
        named = zip(self.spec.parameters, self.values, strict=True)
        return f"{self.spec.label} ({', '.join(parameter.text(value) for parameter, value in named)})"


Chain = tuple[FilterStep, ...]

_GAIN = Parameter("gain", 1, 60, 8, 1, "×")
_TABLE = (
    FilterSpec(
        "error_level",
        "Error level",
        "Difference to the same frame saved again as JPEG: parts with another history of compression may stand out",
        (Parameter("JPEG quality", 30, 99, 90, 1), Parameter("gain", 1, 100, 30, 1, "×")),
        is_view=True,
    ),
    FilterSpec(
        "high_pass",
        "High-pass residual",
        "What is left without the smooth part: noise, edges and blending seams around middle grey",
        (Parameter("radius", 0.5, 10, 1.5, 0.5, " px"), Parameter("gain", 1, 30, 6, 1, "×")),
        is_view=True,
    ),
    FilterSpec(
        "difference",
        "Difference to the previous frame",
        "How far each pixel changed since the frame before: flicker and jumps of a face",
        (_GAIN,),
        is_view=True,
        needs_previous=True,
    ),
    FilterSpec(
        "flow",
        "Optical flow",
        "How far each point moved since the frame before, dark for none, bright for the full scale",
        (Parameter("full scale", 0.5, 40, 6, 0.5, " px a frame"),),
        is_view=True,
        needs_previous=True,
    ),
    FilterSpec(
        "sharpen",
        "Sharpen",
        "Unsharp mask: edges stand out more",
        (Parameter("amount", 0.1, 5, 1, 0.1), Parameter("radius", 0.5, 10, 1.5, 0.5, " px")),
    ),
    FilterSpec(
        "levels",
        "Levels",
        "What is at or below black becomes 0, at or above white 255",
        (Parameter("black", 0, 254, 16, 1), Parameter("white", 1, 255, 235, 1)),
    ),
    FilterSpec("gamma", "Gamma", "Above 1 the shadows open, below 1 they close", (Parameter("γ", 0.2, 5, 1.6, 0.1),)),
)
FILTERS = {spec.id: spec for spec in _TABLE}
VIEWS = tuple(spec for spec in _TABLE if spec.is_view)
ADJUSTMENTS = tuple(spec for spec in _TABLE if not spec.is_view)
_ORDER = {spec.id: place for place, spec in enumerate(_TABLE)}


def default_step(filter_id: str) -> FilterStep:
    """A filter as it is switched on first. Raises KeyError for a filter that is not in the table."""
    return FilterStep(filter_id, tuple(parameter.default for parameter in FILTERS[filter_id].parameters))


def with_step(chain: Chain, step: FilterStep) -> Chain:
    """The chain with this step on; another step of the same filter, or another view, gives way.

    Raises ValueError if a value lies outside its parameter's range.
    """
    for parameter, value in zip(step.spec.parameters, step.values, strict=True):
        if not parameter.low <= value <= parameter.high:
            raise ValueError(f"{step.spec.label}: {parameter.label} must lie between {parameter.low} and "
                             f"{parameter.high}, not {value}.")  # fmt: skip
    kept = [s for s in chain if s.filter_id != step.filter_id and not (s.spec.is_view and step.spec.is_view)]
    return tuple(sorted([*kept, step], key=lambda s: _ORDER[s.filter_id]))


def without(chain: Chain, filter_ids: Iterable[str]) -> Chain:
    """The chain with these filters off."""
    off = set(filter_ids)
    return tuple(step for step in chain if step.filter_id not in off)


def next_view(chain: Chain) -> Chain:
    """The chain with the next view of the table; after the last one, the picture itself. Adjustments stay."""
    present = next((step.filter_id for step in chain if step.spec.is_view), None)
    ids = [spec.id for spec in VIEWS]
    at = 0 if present is None else ids.index(present) + 1
    rest = without(chain, ids)
    return rest if at == len(ids) else with_step(rest, default_step(ids[at]))


def needs_previous(chain: Chain) -> bool:
    """Whether the frame before must be decoded as well."""
    return any(step.spec.needs_previous for step in chain)


def encode_chain(chain: Chain) -> str:
    """A chain as a case file keeps it: "error_level 90 30; gamma 1.6"; "" for none."""
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


def describe_chain(chain: Chain) -> str:
    """All steps with their parameters, as they stand on the screen and in a saved picture; "" for none."""
    return "; ".join(step.text for step in chain)
