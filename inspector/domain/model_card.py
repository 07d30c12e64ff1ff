"""What a model bundle says of itself: preprocessing, calibration, thresholds with error rates, and limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Argument = str | int | float | bool | list[Any] | dict[str, Any]
"""A constructor's argument as JSON has it; lists and tables hold the same again."""


@dataclass(frozen=True, slots=True)
class Platt:
    """A logistic map from a logit to a probability (Platt 1999): sigmoid(slope * logit + intercept)."""

    slope: float
    intercept: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Frames of one track are not independent, so a track's mean logit has a map of its own."""

    frame: Platt
    track: Platt
    measured_on: str  # plain words: which held-out data
    n_identities: int
    n_tracks: int
    n_frames: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where a track's probability is called. Between `low` and `high` the tool says "inconclusive"."""

    high: float  # track probability from which manipulation is indicated
    low: float  # track probability up to which none is indicated
    segment: float  # smoothed frame probability from which a stretch is a segment
    segment_seconds: float  # a segment at least this long ...
    segment_mean: float  # ... and with at least this mean probability indicates manipulation by itself


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """Measured mistakes of the whole rule at the shipped threshold; intervals are 95 %."""

    level: str  # "track"
    measured_on: str
    false_positive_rate: float
    false_positive_interval: tuple[float, float]
    n_real: int
    false_negative_rate: float  # fakes not called: inconclusive ones count as missed
    false_negative_interval: tuple[float, float]
    n_fake: int
    inconclusive_rate: float
    counted: str = ""  # what one count is: whose conclusion, and when it is a mistake


@dataclass(frozen=True, slots=True)
class QualityBand:
    """A range of input the numbers hold for, e.g. face size in pixels."""

    name: str
    minimum: float
    maximum: float
    unit: str


@dataclass(frozen=True, slots=True)
class DataSource:
    """One source of training data."""

    name: str
    licence: str
    n_real: int
    n_fake: int


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A bundle's card. `sha256` is that of weights.safetensors; mean and std are RGB on a 0..1 scale."""

    name: str
    version: str
    sha256: str
    architecture: str
    architecture_args: dict[str, Argument]
    input_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    crop_margin: float
    calibration: Calibration
    threshold: Threshold
    error_rates: tuple[ErrorRates, ...]
    target_layer: str  # what a heat map is taken at; in an ensemble a layer of one member, body.members.0.…
    trained_on: tuple[DataSource, ...]
    never_seen: tuple[str, ...]  # manipulations and conditions that no number here covers
    limits: tuple[str, ...]  # plain words
    licence: str
    frames_per_sample: int = 1  # of a window about the scored frame
    quality_bands: tuple[QualityBand, ...] = ()
    metrics: dict[str, float] | None = None
    recipe: str = ""
    commit: str = ""
    metric_intervals: dict[str, tuple[float, float]] | None = None  # 95 %, by the name in `metrics`
    metrics_measured_on: str = ""  # which data, and how many of what

    @property
    def network(self) -> str:
        """The architecture in words, with the networks that it is made of."""
        return _in_words(self.architecture, self.architecture_args)


def _in_words(architecture: str, args: Argument | None) -> str:
    table = args if isinstance(args, dict) else {}
    members, inside = table.get("members"), table.get("architecture", table.get("body"))
    if isinstance(members, list):
        tables = [member for member in members if isinstance(member, dict)]
        names = [_in_words(str(member.get("architecture")), member.get("args")) for member in tables]
        return f"the mean of {len(names)} networks: {', '.join(names)}"
    return f"{architecture} of {inside}" if isinstance(inside, str) else architecture
