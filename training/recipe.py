"""A recipe: one TOML file with everything a run depends on."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from inspector.domain.errors import TrainingError
from training.sources import SOURCES

OPTIMISERS = ("adam", "adamw", "rmsprop", "sgd")
SCHEDULES = ("constant", "linear", "step", "cosine")
PRECISIONS = ("32-true", "16-mixed", "bf16-mixed")
ATTACKS = ("fgsm", "pgd")
FORGING_KINDS = (
    "self_blend", "autoencoder_swap", "landmark_swap", "generated_swap", "redrawn_whole", "redrawn_mouth",
)  # fmt: skip
"""The keys of training.forge.forge.KINDS, repeated here because reading a recipe must not import torch."""
_COUNTS = (
    "decay_steps", "warmup_steps", "weight_decay", "clip_norm", "workers", "patience", "batches_per_step",
    "check_files",
)  # fmt: skip


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the recipe; an unknown key is an error, not a silent default."""


def _must(holds: bool, rule: str) -> None:
    """Check a rule that types cannot express; msgspec appends the table's name to the ValueError's message."""
    if not holds:
        raise ValueError(rule)


def _one_of(what: str, name: str, names: tuple[str, ...]) -> None:
    _must(name in names, f"{what} {name!r} is none of {', '.join(names)}")


class SourceTable(_Strict, frozen=True):
    """One dataset: its format (training.sources.SOURCES), its path, and which of its official splits to use."""

    format: str
    path: str
    split: str = ""
    compression: str = ""  # of FaceForensics++: c0 (or raw), c23, c40; "" for all

    def __post_init__(self) -> None:
        _one_of("format", self.format, tuple(SOURCES))


@dataclass(frozen=True, slots=True)
class PrepareOptions:
    """The frames to use: `frames` evenly spaced ones to train on, `held_out_frames` consecutive ones to measure."""

    frames: int  # 0: all
    held_out_frames: int  # 0: all
    largest: int  # pixels; larger crops are reduced to this side
    held_out: float  # share of groups
    seed: int
    whole_frame: bool = False  # the square around the whole frame instead of face crops


Frames = Annotated[int, msgspec.Meta(ge=0)] | Literal["all"]  # 0 is all as well


class PrepareTable(_Strict, frozen=True):
    """The folder of prepared crops and which frames of a clip are used."""

    folder: str
    frames: Frames  # evenly spaced, of a training clip
    held_out_frames: Frames  # consecutive, of a held-out clip
    largest: Annotated[int, msgspec.Meta(ge=8)]
    held_out: Annotated[float, msgspec.Meta(ge=0, lt=1)]
    seed: int
    whole_frame: bool = False  # instead of face crops, the square around the whole picture

    @property
    def options(self) -> PrepareOptions:
        """The options as the preparation takes them, without the folder."""
        frames, held_out_frames = (0 if n == "all" else n for n in (self.frames, self.held_out_frames))
        return PrepareOptions(frames, held_out_frames, self.largest, self.held_out, self.seed, self.whole_frame)


class NetworkTable(_Strict, frozen=True):
    """The network and its preprocessing, as the card will state them."""

    architecture: str
    args: dict[str, Any]  # strings, numbers, booleans, and lists and tables of these
    input_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    margin: float
    target_layer: str
    dropout: float = 0.0
    pretrained: str = (
        ""  # a safetensors file; "timm" downloads timm's weights when training begins; "" is random weights
    )
    frames_per_sample: int = 1  # above 1: windows of neighbouring frames of one face

    def __post_init__(self) -> None:
        _must(self.input_size >= 16, "input_size must be at least 16")
        _must(all(0 < value < math.inf for value in self.std), "std must be above 0 for each colour")
        _must(
            -0.5 < self.margin < math.inf, "margin must be above -0.5: a crop of half the face shows too little of it"
        )
        _must(self.frames_per_sample >= 1, "frames_per_sample must be at least 1")


class ForgeTable(_Strict, frozen=True):
    """Weights of the forging kinds, and the autoencoders that some of them use."""

    kinds: dict[str, float]
    autoencoders: str
    autoencoder_seconds: float
    texture: str = ""  # safetensors weights of timm's mobilenetv2_100; its early maps are the texture loss

    def __post_init__(self) -> None:
        for kind, weight in self.kinds.items():
            _one_of("forging kind", kind, FORGING_KINDS)
            _must(0 <= weight < math.inf, f"the weight of the forging kind {kind} must not be below 0")


class BatchTable(_Strict, frozen=True):
    """The content of a batch: forged pairs, and as many generated crops as originals; shares are by kind of sample."""

    pairs: int
    generated: int
    pair_shares: dict[str, float]
    original_shares: dict[str, float]
    generated_shares: dict[str, float]
    letterbox: float = 0.0  # share of crops with black bars on two sides
    pre_degrade: float = 0.0  # share of pairs that are shrunk, softened and compressed before forging

    def __post_init__(self) -> None:
        _must(min(self.pairs, self.generated) >= 0, "pairs and generated must not be below 0")
        _must(self.pairs + self.generated > 0, "pairs and generated are both 0, so batches would be empty: raise one")
        _must(0 <= self.letterbox <= 1 and 0 <= self.pre_degrade <= 1, "letterbox and pre_degrade must lie in [0, 1]")


class AdversarialTable(_Strict, frozen=True):
    """The share of every batch that is attacked before the network learns from it (training.fit.adversarial)."""

    attack: str  # fgsm or pgd
    eps: float  # of 255, as in papers: 2.0 changes no pixel value by more than 2/255
    share: float
    steps: int = 0  # pgd only
    step_size: float = 0.0  # pgd only; of 255

    def __post_init__(self) -> None:
        _one_of("attack", self.attack, ATTACKS)
        _must(self.eps > 0 and 0 < self.share <= 1, "eps must be above 0 and share in (0, 1]")
        if self.attack == "pgd":
            _must(self.steps > 0 and self.step_size > 0, "pgd needs steps and step_size")
        else:
            _must(self.steps == 0 and self.step_size == 0, f"{self.attack} takes no steps and no step_size")


class FitTable(_Strict, frozen=True):
    """The training loop: optimiser, schedule, what is trained, the weight of the classes, and how often to check."""

    steps: int
    decay_steps: int  # linear, cosine: length of the final decay; step: steps between two drops
    warmup_steps: int
    learning_rate: float
    weight_decay: float
    clip_norm: float  # 0 for none
    ema: float  # 0 for none
    seed: int
    precision: str
    compile: bool
    workers: int
    check_every: int
    save_every: int
    optimiser: str = "adamw"
    momentum: float = 0.0  # rmsprop and sgd only
    schedule: str = "linear"
    decay_factor: float = 1.0  # step only: what each drop multiplies the learning rate by
    patience: int = 0  # checks without a new best before the run stops; 0 to train to the end
    fake_weight: float | str = 1.0  # weight of fakes in the loss, originals are 1; "counts" balances the batches
    trained: list[str] = []  # sub-modules to train, such as the head; empty for all of them
    batches_per_step: int = 0  # over all processes, so that their number does not matter; 0: one for each process
    check_batches: int = 12  # batches of forged and generated held-out crops
    check_frames: int = 8  # of each held-out file
    check_files: int = 0  # of each class and kind of sample; 0 for all
    adversarial: AdversarialTable | None = None

    def __post_init__(self) -> None:
        _one_of("optimiser", self.optimiser, OPTIMISERS)
        _one_of("schedule", self.schedule, SCHEDULES)
        _one_of("precision", self.precision, PRECISIONS)
        _must(self.learning_rate > 0, "learning_rate must be above 0")
        _must(self.check_every > 0 and self.save_every > 0, "check_every and save_every must be above 0")
        _must(self.check_batches > 0 and self.check_frames > 0, "check_batches and check_frames must be above 0")
        _must(0 <= self.ema < 1 and 0 <= self.momentum < 1, "ema and momentum must lie in [0, 1)")
        _must(self.steps > 0, "steps must be at least one")
        below = [name for name in _COUNTS if getattr(self, name) < 0]
        _must(not below, f"{' and '.join(below)} must not be below 0")
        _must(self.momentum == 0 or self.optimiser in ("rmsprop", "sgd"), f"{self.optimiser} takes no momentum")
        if self.schedule == "step":
            _must(
                self.decay_steps > 0 and 0 < self.decay_factor < 1, "step needs decay_steps and a decay_factor below 1"
            )
        else:
            _must(self.decay_factor == 1, f"the schedule {self.schedule} takes no decay_factor")
        _must(self.decay_steps == 0 or self.schedule != "constant", "the schedule constant takes no decay_steps")
        weight = self.fake_weight
        _must(weight == "counts" if isinstance(weight, str) else weight > 0, 'fake_weight must be above 0, or "counts"')


class CalibrateTable(_Strict, frozen=True):
    """Target error rates on held-out tracks, and how many files to score."""

    false_positive_rate: float
    false_negative_rate: float
    files: Annotated[int, msgspec.Meta(ge=0)] = 0  # held-out files of each class and kind; 0 for all

    def __post_init__(self) -> None:
        for name in ("false_positive_rate", "false_negative_rate"):
            _must(0 < getattr(self, name) < 1, f"{name} must lie between 0 and 1, neither included")


class CardTable(_Strict, frozen=True):
    """The texts of the card."""

    licence: str
    limits: list[str]
    never_seen: list[str]


class SvmTable(_Strict, frozen=True):
    """A linear support-vector machine on the network's pooled features instead of the training loop (fit/svm.py)."""

    cost: float  # C: penalty of a misclassified crop against the width of the margin
    batches: int  # of crops to fit on
    folds: int  # of the cross-validation that gives Platt's map its decision values

    def __post_init__(self) -> None:
        _must(self.cost > 0 and self.batches > 0 and self.folds > 1, "cost, batches must be above 0, folds above 1")


class Recipe(_Strict, frozen=True):
    """The whole file."""

    name: str
    sources: list[SourceTable]
    prepare: PrepareTable
    network: NetworkTable
    forge: ForgeTable
    batch: BatchTable
    fit: FitTable
    calibrate: CalibrateTable
    card: CardTable
    svm: SvmTable | None = None
    folds: int = 0  # of an ensemble, one per member, which trains without that part of the people; 0: none left out

    def __post_init__(self) -> None:
        _must(len(self.sources) > 0, "sources are empty: name at least one dataset")
        can_forge = not self.prepare.whole_frame
        _must(can_forge or self.batch.pairs == 0, "whole frames have no landmarks to forge by: set pairs = 0")

    def training(self) -> Recipe:
        """The part that must not change within a run: all but its length, calibration and card."""
        return msgspec.structs.replace(
            self.with_steps(1), calibrate=CalibrateTable(0.5, 0.5), card=CardTable("", [], [])
        )

    def with_steps(self, steps: int) -> Recipe:
        """The same recipe with another number of steps; the decay then ends there."""
        return msgspec.structs.replace(self, fit=msgspec.structs.replace(self.fit, steps=steps))

    def shortened(self, steps: int) -> Recipe:
        """The same recipe with another number of steps, and warm-up and decay in proportion.

        With fixed ones a short run would never leave its warm-up.
        """
        table, share = self.fit, steps / max(self.fit.steps, 1)
        decay = max(1, round(table.decay_steps * share)) if table.decay_steps else 0
        warmup = round(table.warmup_steps * share)
        fit = msgspec.structs.replace(table, steps=steps, decay_steps=decay, warmup_steps=warmup)
        return msgspec.structs.replace(self, fit=fit)

    def fresh(self) -> Recipe:
        """The same recipe without pretrained weights; the whole network is then trained."""
        network = msgspec.structs.replace(self.network, pretrained="")
        return msgspec.structs.replace(self, network=network, fit=msgspec.structs.replace(self.fit, trained=[]))

    def smoke(self) -> Recipe:
        """The same recipe as a trial of a few seconds: three steps of tiny batches and one small check."""
        table = msgspec.structs.replace(
            self.fit, steps=3, decay_steps=min(self.fit.decay_steps, 2), warmup_steps=min(self.fit.warmup_steps, 1),
            check_every=3, save_every=3, check_batches=2, check_frames=1, check_files=2, compile=False, workers=0,
        )  # fmt: skip
        batch = msgspec.structs.replace(
            self.batch, pairs=min(self.batch.pairs, 1), generated=min(self.batch.generated, 1)
        )
        return msgspec.structs.replace(self, fit=table, batch=batch)


def load(path: Path) -> Recipe:
    """Read a recipe; TrainingError names what is missing, unknown or of the wrong type.

    A recipe may name another one in the same folder as its `base` and then only states the differences. Nested tables
    and lists replace those of the base as a whole; a base cannot have a base.
    """
    tables, base = _tables(path), None
    below: dict[str, Any] = {}
    if "base" in tables:
        base = path.parent / str(tables.pop("base"))
        if not base.is_file():
            raise TrainingError(
                f"{base}, the base of {path}, does not exist; a base must lie in the folder of its recipe."
            )
        below = _tables(base)
        if "base" in below:
            raise TrainingError(
                f"{base} is the base of {path} and has a base itself, which is not supported; name another."
            )
        tables = below | {name: _over(below.get(name, {}), value) for name, value in tables.items()}
    try:
        return msgspec.convert(tables, Recipe)
    except msgspec.ValidationError as error:
        # An error of the base alone is reported as the base's.
        holder = f"{base}, the base of {path}," if base and _complaint(below) == str(error) else f"{path}"
        raise TrainingError(f"{holder} is no valid recipe: {error}.") from error


def _complaint(tables: dict[str, Any]) -> str:
    """The first error in the tables of a recipe; "" when there is none."""
    try:
        msgspec.convert(tables, Recipe)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def _over(below: Any, value: Any) -> Any:
    return below | value if isinstance(value, dict) and isinstance(below, dict) else value


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainingError(f"{path} cannot be read ({error.strerror}); name a recipe file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path} is no valid recipe: {error}.") from error
