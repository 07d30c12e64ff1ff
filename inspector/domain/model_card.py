"""The model card of a bundle: preprocessing, calibration, thresholds with error rates, and limits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

Argument = str | int | float | bool | list[Any] | dict[str, Any]
"""A constructor argument as JSON; lists and tables are nested."""


@dataclass(frozen=True, slots=True)
class Platt:
    """A logistic map from a logit to a probability (Platt 1999): sigmoid(slope * logit + intercept)."""

    slope: float
    intercept: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Maps from logits to probabilities; a track's mean logit has its own, since its frames are not independent."""

    frame: Platt
    track: Platt
    measured_on: str  # plain words: which held-out data
    n_identities: int
    n_tracks: int
    n_frames: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """The thresholds of the decision rule. A track between `low` and `high` is inconclusive."""

    high: float  # track probability at or above which manipulation is indicated
    low: float  # track probability at or below which none is indicated
    segment: float  # smoothed frame probability at or above which frames form a segment
    segment_seconds: float  # a segment at least this long ...
    segment_mean: float  # ... and with at least this mean probability indicates manipulation by itself


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """Measured error rates of the complete decision rule with the card's thresholds; intervals are 95 %."""

    level: str  # a key of LEVELS
    measured_on: str
    false_positive_rate: float
    false_positive_interval: tuple[float, float]
    n_real: int
    false_negative_rate: float  # fakes without indication: inconclusive ones count as missed
    false_negative_interval: tuple[float, float]
    n_fake: int
    inconclusive_rate: float
    counted: str = ""  # what is counted, and what counts as an error

    @property
    def is_over_groups(self) -> bool:
        """Whether each person or group of sources counts once, so that a rate is no share of the n."""
        return "counts once" in self.counted

    @property
    def is_without_changes(self) -> bool:
        """Whether the test of mild changes was not applied, so that the rule calls fewer faces than the rates say."""
        return "the test whether a mild change of the picture turns a conclusion is left out" in self.counted


LEVELS = {
    "track": "track of a clip",
    "still": "still",
    "together": "tracks and stills together, shipped weights",
    "screening": "track or still, fast network alone",
}
"""The levels of error rates: in a bundle with a deep network, clips and stills apart, and the rule without it."""


@dataclass(frozen=True, slots=True)
class DeepLimits:
    """The limits of the deep network's mean logit for one kind of input, clips or stills.

    `calibration` is fitted with equal weights of fakes and originals, so that exp(slope * logit + intercept) is a
    likelihood ratio and the probability is the one for equal prior odds. `ratios` holds that ratio's 95 % interval at
    rising logits; beyond `ratio_bounds` (least, greatest) no ratio is stated, because too few sources would support it.
    Without a limit the respective conclusion is never drawn.
    """

    calibration: Platt
    ratios: tuple[tuple[float, float, float], ...]  # (logit, lower end, upper end)
    high: float | None  # mean logit at or above which manipulation is indicated
    low: float | None  # mean logit at or below which none is indicated
    measured_on: str
    ratio_bounds: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class DeepCard:
    """The deep network of a bundle, which sees some frames of each track and whose mean logit decides the track.

    Its crops have the margin of the card; `sha256` is that of deep.safetensors.
    """

    sha256: str
    architecture: str
    architecture_args: dict[str, Argument]
    input_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    target_layer: str
    clips: DeepLimits
    stills: DeepLimits

    @property
    def base_sha256(self) -> str:
        """The SHA-256 of the base that its network needs, or ""."""
        return base_of(self.architecture_args)

    def limits(self, is_still: bool) -> DeepLimits:
        """The limits for stills or for tracks of clips."""
        return self.stills if is_still else self.clips


@dataclass(frozen=True, slots=True)
class QualityBand:
    """A range of input that the measurements are valid for, such as face size in pixels."""

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
class ReferenceScore:
    """The logits of the bundle's networks for a crop of noise made from `seed`; every installation must get them."""

    seed: int
    logit: float
    deep_logit: float | None = None


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
    target_layer: str  # the layer of heat maps; in an ensemble a layer of one member, body.members.0.…
    trained_on: tuple[DataSource, ...]
    never_seen: tuple[str, ...]  # manipulations and conditions that no measurement covers
    limits: tuple[str, ...]  # plain words
    licence: str
    frames_per_sample: int = 1  # length of the window around the scored frame
    quality_bands: tuple[QualityBand, ...] = ()
    metrics: dict[str, float] | None = None
    recipe: str = ""
    commit: str = ""
    metric_intervals: dict[str, tuple[float, float]] | None = None  # 95 %, by the name in `metrics`
    metrics_measured_on: str = ""  # which data, and how many of what
    deep: DeepCard | None = None
    reference: ReferenceScore | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that the card says, and so of the weights and the base that it names.

        Fields with their default are left out, so that a field added later does not change the value of older cards.
        """
        return hashlib.sha256(json.dumps(_stated(self), sort_keys=True).encode()).hexdigest()

    @property
    def identity(self) -> str:
        """What an analysis is stored under: the SHA-256 of the weights, or one over those of both networks."""
        if self.deep is None:
            return self.sha256
        base = self.deep.base_sha256
        return hashlib.sha256(f"{self.version} {self.sha256} {self.deep.sha256} {base}".encode()).hexdigest()

    def rates(self, *, is_still: bool, is_deep: bool) -> ErrorRates | None:
        """The first error rates of the rule that was applied: that of the deep network, or of the other one alone."""
        wanted = "track" if self.deep is None else "screening" if not is_deep else "still" if is_still else "track"
        return next((rates for rates in self.error_rates if rates.level == wanted), None)

    @property
    def network(self) -> str:
        """The architecture with its inner networks, as text."""
        return _network_text(self.architecture, self.architecture_args)

    @property
    def deep_network(self) -> str:
        """The deep network with its base, as text; "" without one."""
        if self.deep is None:
            return ""
        return f"{_network_text(self.deep.architecture, self.deep.architecture_args)}, {self.deep.input_size} px"


def _stated(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_stated(each) for each in value]
    if not is_dataclass(value):
        return value
    given = {item.name: getattr(value, item.name) for item in fields(value)}
    defaults = {item.name: item.default for item in fields(value)}
    return {name: _stated(each) for name, each in given.items() if each != defaults[name]}


def base_of(args: Mapping[str, Argument]) -> str:
    """The SHA-256 of the shared base that a network's arguments, or those of one of its members, name; "" without."""
    members = args.get("members")
    inner = [member.get("args") for member in members if isinstance(member, dict)] if isinstance(members, list) else []
    named = [str(table.get("base_sha256", "")) for table in (args, *inner) if isinstance(table, dict)]
    return next(filter(None, named), "")


def _network_text(architecture: str, args: Argument | None) -> str:
    table = args if isinstance(args, dict) else {}
    members, inside = table.get("members"), table.get("architecture", table.get("body"))
    if isinstance(members, list):
        tables = [member for member in members if isinstance(member, dict)]
        names = [_network_text(str(member.get("architecture")), member.get("args")) for member in tables]
        return f"the mean of {len(names)} networks: {', '.join(names)}"
    if (base := table.get("base")) and architecture in _OF_A_BASE:
        return f"{_OF_A_BASE[architecture]} {base}"
    return f"{architecture} of {inside}" if isinstance(inside, str) else architecture


_OF_A_BASE = {"lora": "low-rank updates of", "probe": "a linear classifier on intermediate blocks of"}
