"""A recipe: one TOML file that names everything a run depends on."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from inspector.domain.errors import TrainingError
from training.prepare import PrepareOptions


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the recipe; an unknown key is an error, not a silent default."""


class SourceTable(_Strict, frozen=True):
    """One dataset: its format (training.sources.SOURCES), where it lies, and which of its official splits to use."""

    format: str
    path: str
    split: str = ""


class PrepareTable(_Strict, frozen=True):
    """Where prepared crops go and what is taken of a clip."""

    folder: str
    frames: int
    held_out_frames: int
    largest: int
    held_out: float
    seed: int

    @property
    def options(self) -> PrepareOptions:
        """The same without the folder."""
        return PrepareOptions(self.frames, self.held_out_frames, self.largest, self.held_out, self.seed)


class NetworkTable(_Strict, frozen=True):
    """The network and its preprocessing, as they come to stand in the card."""

    architecture: str
    args: dict[str, str | int | float | bool]
    input_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    margin: float
    target_layer: str
    dropout: float = 0.0
    pretrained: str = ""  # a safetensors file; "" for fresh weights


class ForgeTable(_Strict, frozen=True):
    """Weights of the forging kinds, and the autoencoders behind some of them."""

    kinds: dict[str, float]
    autoencoders: str
    autoencoder_seconds: float


class BatchTable(_Strict, frozen=True):
    """What one batch holds: forged pairs, and generated crops against as many originals; shares name index strata."""

    pairs: int
    generated: int
    pair_shares: dict[str, float]
    original_shares: dict[str, float]
    generated_shares: dict[str, float]


class FitTable(_Strict, frozen=True):
    """The loop: AdamW, warm-up, a constant stretch, linear decay to nothing; and how often to look."""

    steps: int
    decay_steps: int
    warmup_steps: int
    learning_rate: float
    weight_decay: float
    clip_norm: float
    ema: float
    seed: int
    precision: str
    compile: bool
    workers: int
    check_every: int
    save_every: int


class CalibrateTable(_Strict, frozen=True):
    """Targets of the whole rule on held-out tracks."""

    false_positive_rate: float
    false_negative_rate: float


class CardTable(_Strict, frozen=True):
    """What the card says in words."""

    licence: str
    limits: list[str]
    never_seen: list[str]


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

    def training(self) -> Recipe:
        """What must not change between the parts of one run: all but its length and what is done with it afterwards."""
        return msgspec.structs.replace(
            self.with_steps(0), calibrate=CalibrateTable(0.0, 0.0), card=CardTable("", [], [])
        )

    def with_steps(self, steps: int) -> Recipe:
        """The same recipe, longer or shorter; the decay then ends there."""
        return msgspec.structs.replace(self, fit=msgspec.structs.replace(self.fit, steps=steps))


def load(path: Path) -> Recipe:
    """Read a recipe; TrainingError names what is missing, unknown or of the wrong type."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Recipe)
    except OSError as error:
        raise TrainingError(f"{path} cannot be read ({error.strerror}); name a recipe file.") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise TrainingError(f"{path} is no valid recipe: {error}.") from error
