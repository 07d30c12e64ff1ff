"""A recipe: one TOML file with everything a run depends on."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from inspector.domain.errors import TrainingError
from inspector.engine.regular_file import NotRegularError, open_regular
from training.recipe.tables import (
    FORGING_KINDS,
    AdversarialTable,
    BatchTable,
    CalibrateTable,
    CardTable,
    DistilTable,
    FitTable,
    ForgeTable,
    LoraTable,
    NetworkTable,
    PlainTable,
    PrepareOptions,
    PrepareTable,
    ProbeTable,
    RealPairsTable,
    SourceFoldsTable,
    SourceTable,
    Strict,
    SvmTable,
    must,
)

__all__ = [
    "FORGING_KINDS",
    "AdversarialTable",
    "BatchTable",
    "CalibrateTable",
    "CardTable",
    "DistilTable",
    "FitTable",
    "ForgeTable",
    "LoraTable",
    "NetworkTable",
    "PlainTable",
    "PrepareOptions",
    "PrepareTable",
    "ProbeTable",
    "RealPairsTable",
    "Recipe",
    "SourceFoldsTable",
    "SourceTable",
    "SvmTable",
    "load",
]


class Recipe(Strict, frozen=True):
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
    probe: ProbeTable | None = None
    folds: int = 0  # of an ensemble, one per member, which trains without that part of the people; 0: none left out
    source_folds: SourceFoldsTable | None = None
    distil: DistilTable | None = None

    def __post_init__(self) -> None:
        must(len(self.sources) > 0, "sources are empty: name at least one dataset")
        can_forge = not self.prepare.whole_frame
        must(can_forge or self.batch.pairs == 0, "whole frames have no landmarks to forge by: set pairs = 0")
        is_plain = self.svm is None and self.folds == 0 and self.network.architecture != "ensemble"
        must(self.source_folds is None or is_plain, "source_folds are for one network, not for an ensemble or an SVM")
        is_probe = self.network.architecture == "probe"
        must(is_probe == (self.probe is not None), 'the architecture "probe", and no other, needs the table [probe]')
        kept = self.source_folds is not None and self.source_folds.kept > 0
        must(not kept or self.batch.generated == 0, "only pairs can be kept: set generated under batch to 0")
        has_both = self.network.lora is not None and bool(self.fit.trained)
        must(not has_both, "what learns of a network with lora is in [network.lora]: leave trained out")

    def training(self) -> Recipe:
        """The part that must not change within a run: all but its length, workers, calibration, card and join."""
        return msgspec.structs.replace(
            self.with_steps(1).with_workers(0),
            probe=self.probe and msgspec.structs.replace(self.probe, joined_weight=0.5),
            calibrate=CalibrateTable(false_positive_rate=0.5, false_negative_rate=0.5),
            card=CardTable(licence="", limits=[], never_seen=[]),
        )

    def with_steps(self, steps: int) -> Recipe:
        """The same recipe with another number of steps, where the decay then ends, whatever its minutes."""
        return msgspec.structs.replace(self, fit=msgspec.structs.replace(self.fit, steps=steps, minutes=0.0))

    def with_minutes(self, minutes: float) -> Recipe:
        """The same recipe with a length in minutes of training."""
        return msgspec.structs.replace(self, fit=msgspec.structs.replace(self.fit, minutes=minutes))

    def with_workers(self, workers: int) -> Recipe:
        """The same recipe with another number of processes that make batches."""
        return msgspec.structs.replace(self, fit=msgspec.structs.replace(self.fit, workers=workers))

    def with_start(self, start: str) -> Recipe:
        """The same recipe with other weights to start from; TrainingError when its network has no low-rank updates."""
        if self.network.lora is None:
            raise TrainingError(f"The recipe {self.name} has no [network.lora] to start from {start}; leave it out.")
        lora = msgspec.structs.replace(self.network.lora, start=start)
        return msgspec.structs.replace(self, network=msgspec.structs.replace(self.network, lora=lora))

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
        """The same recipe without pretrained weights; the whole network is then trained, or updates of a plain base."""
        lora = self.network.lora and msgspec.structs.replace(self.network.lora, start="")
        network = msgspec.structs.replace(self.network, pretrained="", lora=lora)
        return msgspec.structs.replace(self, network=network, fit=msgspec.structs.replace(self.fit, trained=[]))

    def smoke(self) -> Recipe:
        """The same recipe as a trial of a few seconds: three steps of tiny batches and one small check."""
        table = msgspec.structs.replace(
            self.fit, steps=3, decay_steps=min(self.fit.decay_steps, 2), warmup_steps=min(self.fit.warmup_steps, 1),
            check_every=3, save_every=3, check_batches=2, check_frames=1, check_files=2, compile=False, workers=0,
            minutes=0.0,
        )  # fmt: skip
        real = self.batch.real_pairs and msgspec.structs.replace(self.batch.real_pairs, count=1)
        batch = msgspec.structs.replace(
            self.batch, pairs=min(self.batch.pairs, 1), generated=min(self.batch.generated, 1), real_pairs=real
        )
        # Plain crops are thousands, whatever the batches; a trial does without them.
        probe = self.probe and msgspec.structs.replace(
            self.probe, batches=3, cut_outs=min(self.probe.cut_outs, 1), plain=None
        )
        svm = self.svm and msgspec.structs.replace(self.svm, batches=min(self.svm.batches, 40))
        return msgspec.structs.replace(self, fit=table, batch=batch, probe=probe, svm=svm)


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
                f"{base} is the base of {path} and has a base itself, which is not supported; "
                "copy it and change the copy, or name another."
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
        with open_regular(path) as file:  # a pipe would be waited for
            return tomllib.loads(file.read().decode("utf-8"))
    except NotRegularError as error:
        raise TrainingError(f"{path} is a folder, pipe or device; name a recipe file.") from error
    except OSError as error:
        raise TrainingError(f"{path} cannot be read ({error.strerror}); name a recipe file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path} is no valid recipe: {error}.") from error
    except RecursionError as error:
        raise TrainingError(f"{path} is no valid recipe: it is nested too deeply.") from error
