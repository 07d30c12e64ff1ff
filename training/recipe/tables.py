"""The tables of a recipe, with the rules that types cannot express."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from training.sources import SOURCES

OPTIMISERS = ("adam", "adamw", "rmsprop", "sgd")
SCHEDULES = ("constant", "linear", "step", "cosine")
PRECISIONS = ("32-true", "16-mixed", "bf16-mixed", "auto")
ATTACKS = ("fgsm", "pgd")
FORGING_KINDS = (
    "self_blend", "autoencoder_swap", "landmark_swap", "generated_swap", "redrawn_whole", "redrawn_mouth",
)  # fmt: skip
"""The keys of training.forge.forge.KINDS, repeated here because reading a recipe must not import torch."""
_COUNTS = (
    "decay_steps", "warmup_steps", "weight_decay", "clip_norm", "workers", "patience", "batches_per_step",
    "check_files",
)  # fmt: skip


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the recipe; an unknown key is an error, not a silent default."""


def must(holds: bool, rule: str) -> None:
    """Check a rule that types cannot express; msgspec appends the table's name to the ValueError's message."""
    if not holds:
        raise ValueError(rule)


def one_of(what: str, name: str, names: tuple[str, ...]) -> None:
    """Raise ValueError, naming `what`, unless `name` is one of `names`."""
    must(name in names, f"{what} {name!r} is none of {', '.join(names)}")


class SourceTable(Strict, frozen=True):
    """One dataset: its format (training.sources.SOURCES), its path, and which of its official splits to use."""

    format: str
    path: str
    split: str = ""
    compression: str = ""  # of FaceForensics++: c0 (or raw), c23, c40; "" for all

    def __post_init__(self) -> None:
        one_of("format", self.format, tuple(SOURCES))


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


class PrepareTable(Strict, frozen=True):
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


LEARNS = ("updates", "norms", "head")
DRAWS = ("kind", "source")


class LoraTable(Strict, frozen=True):
    """Low-rank updates of a network whose own weights stay as they are (training.fit.lora)."""

    base: str = ""  # of the architecture "lora": the folder's name under models/bases; of timm's networks "pretrained"
    rank: int = 16
    layers: tuple[str, ...] = ("attn.qkv", "attn.proj", "mlp.fc1", "mlp.fc2")  # linear ones whose name ends like this
    learns: tuple[str, ...] = LEARNS
    start: str = ""  # a safetensors file of learnt weights; "{fold}" in it becomes "full", "fold-0", "fold-1", ...

    def __post_init__(self) -> None:
        must(self.rank > 0, "rank must be at least 1")
        must(len(self.layers) > 0, "layers are empty: name the linear layers that get an update")
        must(len(self.learns) > 0, f"learns is empty: name some of {', '.join(LEARNS)}")
        for name in self.learns:
            one_of("learns", name, LEARNS)
        has_head = "head" in self.learns or self.start != ""
        must(has_head, "nothing would be learnt through a head that stays zero: add head to learns, or name start")


class NetworkTable(Strict, frozen=True):
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
    lora: LoraTable | None = None

    def __post_init__(self) -> None:
        has_base = self.lora is not None and self.lora.base != ""
        must(has_base == (self.architecture == "lora"), 'the architecture "lora", and no other, needs base under lora')
        must(not (has_base and self.pretrained), "the architecture lora starts from its base: leave pretrained out")
        must(self.input_size >= 16, "input_size must be at least 16")
        must(all(0 < value < math.inf for value in self.std), "std must be above 0 for each colour")
        must(-0.5 < self.margin < math.inf, "margin must be above -0.5: a crop of half the face shows too little of it")
        must(self.frames_per_sample >= 1, "frames_per_sample must be at least 1")


class ForgeTable(Strict, frozen=True):
    """Weights of the forging kinds, and the autoencoders that some of them use."""

    kinds: dict[str, float]
    autoencoders: str
    autoencoder_seconds: float
    texture: str = ""  # safetensors weights of timm's mobilenetv2_100; its early maps are the texture loss

    def __post_init__(self) -> None:
        for kind, weight in self.kinds.items():
            one_of("forging kind", kind, FORGING_KINDS)
            must(0 <= weight < math.inf, f"the weight of the forging kind {kind} must not be below 0")


class RealPairsTable(Strict, frozen=True):
    """Pairs of a found fake and an original beside it, in every batch (training.fit.batch.real_pairs)."""

    count: int
    same_source: float = 0.6  # share of fakes without an original of their own `pair` that get one of the same source
    near_size: float = 1.35  # an original is preferred whose crop differs in size by less than this factor

    def __post_init__(self) -> None:
        must(self.count > 0, "count must be at least 1")
        must(0 <= self.same_source <= 1, "same_source must lie in [0, 1]")
        must(self.near_size > 1, "near_size must be above 1")


class BatchTable(Strict, frozen=True):
    """The content of a batch: forged pairs, real pairs, and as many generated crops as originals.

    Shares are by kind of sample. With `draw = "source"` they only select the kinds, and files are drawn by the square
    root of the size of their source (of fakes: of their source and method).
    """

    pairs: int
    generated: int
    pair_shares: dict[str, float]
    original_shares: dict[str, float]
    generated_shares: dict[str, float]
    letterbox: float = 0.0  # share of crops with black bars on two sides
    pre_degrade: float = 0.0  # share of pairs that are shrunk, softened and compressed before forging
    draw: str = "kind"  # kind: by the shares, then by file; source: by source and method
    without: str = ""  # files with this in their path are not drawn; "" for none
    real_pairs: RealPairsTable | None = None

    def __post_init__(self) -> None:
        one_of("draw", self.draw, DRAWS)
        must(min(self.pairs, self.generated) >= 0, "pairs and generated must not be below 0")
        filled = self.pairs + self.generated > 0 or self.real_pairs is not None
        must(filled, "pairs and generated are both 0, so batches would be empty: raise one")
        must(self.real_pairs is None or self.draw == "source", 'real_pairs are drawn by source: set draw = "source"')
        must(0 <= self.letterbox <= 1 and 0 <= self.pre_degrade <= 1, "letterbox and pre_degrade must lie in [0, 1]")


class AdversarialTable(Strict, frozen=True):
    """The share of every batch that is attacked before the network learns from it (training.fit.adversarial)."""

    attack: str  # fgsm or pgd
    eps: float  # of 255, as in papers: 2.0 changes no pixel value by more than 2/255
    share: float
    steps: int = 0  # pgd only
    step_size: float = 0.0  # pgd only; of 255

    def __post_init__(self) -> None:
        one_of("attack", self.attack, ATTACKS)
        must(self.eps > 0 and 0 < self.share <= 1, "eps must be above 0 and share in (0, 1]")
        if self.attack == "pgd":
            must(self.steps > 0 and self.step_size > 0, "pgd needs steps and step_size")
        else:
            must(self.steps == 0 and self.step_size == 0, f"{self.attack} takes no steps and no step_size")


class FitTable(Strict, frozen=True):
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
    ranking: float = 0.0  # weight of softplus(original - fake), the mean over a batch's pairs, beside cross-entropy
    label_smoothing: float = 0.0  # 0.02 trains towards 0.02 and 0.98
    minutes: float = 0.0  # of training; the schedule then follows the clock and `steps` gives its shape; 0: by steps

    def __post_init__(self) -> None:
        one_of("optimiser", self.optimiser, OPTIMISERS)
        one_of("schedule", self.schedule, SCHEDULES)
        one_of("precision", self.precision, PRECISIONS)
        must(self.learning_rate > 0, "learning_rate must be above 0")
        must(self.check_every > 0 and self.save_every > 0, "check_every and save_every must be above 0")
        must(self.check_batches > 0 and self.check_frames > 0, "check_batches and check_frames must be above 0")
        must(0 <= self.ema < 1 and 0 <= self.momentum < 1, "ema and momentum must lie in [0, 1)")
        must(self.steps > 0, "steps must be at least one")
        must(0 <= self.label_smoothing < 0.5, "label_smoothing must lie in [0, 0.5)")
        must(min(self.ranking, self.minutes) >= 0, "ranking and minutes must not be below 0")
        below = [name for name in _COUNTS if getattr(self, name) < 0]
        must(not below, f"{' and '.join(below)} must not be below 0")
        must(self.momentum == 0 or self.optimiser in ("rmsprop", "sgd"), f"{self.optimiser} takes no momentum")
        if self.schedule == "step":
            must(
                self.decay_steps > 0 and 0 < self.decay_factor < 1, "step needs decay_steps and a decay_factor below 1"
            )
        else:
            must(self.decay_factor == 1, f"the schedule {self.schedule} takes no decay_factor")
        must(self.decay_steps == 0 or self.schedule != "constant", "the schedule constant takes no decay_steps")
        weight = self.fake_weight
        must(weight == "counts" if isinstance(weight, str) else weight > 0, 'fake_weight must be above 0, or "counts"')


class CalibrateTable(Strict, frozen=True):
    """Target error rates on held-out tracks, and how many files to score."""

    false_positive_rate: float
    false_negative_rate: float
    files: Annotated[int, msgspec.Meta(ge=0)] = 0  # held-out files of each class and kind; 0 for all

    def __post_init__(self) -> None:
        for name in ("false_positive_rate", "false_negative_rate"):
            must(0 < getattr(self, name) < 1, f"{name} must lie between 0 and 1, neither included")


class CardTable(Strict, frozen=True):
    """The texts of the card."""

    licence: str
    limits: list[str]
    never_seen: list[str]


class SourceFoldsTable(Strict, frozen=True):
    """Networks beside the one that ships, each trained without one part of the sources (training.fit.crossfit)."""

    count: int
    per_batch: int = 0  # of the networks, those that learn from one batch, in turns; 0 for all of them
    pairs: int = 0  # of a batch, at most so many for each network; 0 for all without a left-out source
    kept: int = 0  # of the latest pairs, so many stay on the GPU and fill every step up to `pairs`; 0 for none
    steps_per_batch: int = 0  # at least so many steps of all networks follow a batch, if need be on kept pairs

    def __post_init__(self) -> None:
        must(self.count >= 2, "count must be at least 2")
        least = min(self.per_batch, self.pairs, self.kept, self.steps_per_batch)
        must(least >= 0, "per_batch, pairs, kept and steps_per_batch must not be below 0")
        must(self.kept == 0 or self.pairs > 0, "kept pairs fill steps up to pairs: set pairs as well")
        must(self.kept > 0 or self.steps_per_batch == 0, "steps_per_batch draws on kept pairs: set kept as well")


class SvmTable(Strict, frozen=True):
    """A linear support-vector machine on the network's pooled features instead of the training loop (fit/svm.py)."""

    cost: float  # C: penalty of a misclassified crop against the width of the margin
    batches: int  # of crops to fit on
    folds: int  # of the cross-validation that gives Platt's map its decision values

    def __post_init__(self) -> None:
        must(self.cost > 0 and self.batches > 0 and self.folds > 1, "cost, batches must be above 0, folds above 1")


class PlainTable(Strict, frozen=True):
    """Crops as they are stored, without forging or augmentation, that a probe learns from beside its batches."""

    share: float  # of the loss
    frames: int  # of a file, at most
    kinds: tuple[str, ...]
    uploads: bool = False  # each crop also as it is after an upload (forge/augment.py), with the same weight

    def __post_init__(self) -> None:
        must(0 < self.share < 1, "share must lie between 0 and 1")
        must(self.frames > 0 and bool(self.kinds), "frames must be above 0, and kinds name some")


class ProbeTable(Strict, frozen=True):
    """A logistic regression on a frozen network's intermediate tokens instead of the training loop (fit/probe.py)."""

    batches: int  # of crops to fit on
    penalty: float  # twice the weight of the head's sum of squares beside the mean cross-entropy
    cut_outs: int = 0  # so many of the batches are learnt from once more, with the faces cut out (forge/cut_out.py)
    plain: PlainTable | None = None
    joined_weight: float = 0.5  # in the mean with the deep network that a bundle has (`deep --join`)

    def __post_init__(self) -> None:
        must(self.batches > 0 and self.penalty > 0, "batches and penalty must be above 0")
        must(0 < self.joined_weight < 1, "joined_weight must lie between 0 and 1")
        must(0 <= self.cut_outs <= self.batches, "cut_outs must lie between 0 and batches")


class DistilTable(Strict, frozen=True):
    """A larger, trained network whose logits of the same crops are learnt as well (training.fit.distil)."""

    recipe: str  # of the teacher; a file in the folder of the commands, as all paths
    run: str  # its run folder
    weight: float = 0.5  # of the teacher's probability in the target; the rest is the label

    def __post_init__(self) -> None:
        must(0 < self.weight <= 1, "weight must lie in (0, 1]")
