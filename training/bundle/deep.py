"""Adds a deep network to a bundle: its weights, and a card with limits from left-out sources."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import DataSource, DeepCard, DeepLimits, ErrorRates, ModelCard, Platt
from inspector.engine import atomic
from inspector.engine.codec import to_pretty_json
from inspector.engine.model.bases import read_base
from inspector.engine.model.bundle import CARD, DEEP_WEIGHTS, WEIGHTS, find_bundle
from training.bundle.model_card import describe
from training.bundle.reference import add_reference
from training.files import reading
from training.log import Log
from training.measure.left_out import TRACKS, LeftOut, error_rates, figures, read, set_limits
from training.sources import Sample

_LAYER = "body.body.blocks.11.norm1"
_KINDS = {"clip": "track", "still": "still"}

_LIMITS = (
    "It is a statistical tool: a probability is a reason to look closer, no proof, and its absence proves nothing.",
    "The deep network learnt every source that its card names, so nothing it says of them counts.",
    "Its limits were set on sibling networks, each on the sources that it did not learn.",
    "The error rate of the shipped weights on unseen sources is not known better than that.",
    "The shipped network learnt from more crops or sources than its siblings and may be surer of itself. Their scores "
    "were brought to its scale by what both learnt; whether that holds for other sources is not known.",
    "For stills the siblings could not tell fakes of unseen sources from originals, so a still is always inconclusive.",
    "A likelihood ratio holds for sources like those that were left out, with equal prior odds; it says nothing about "
    "how likely manipulation was before.",
    "The fast network is for screening: on recent sources that it did not learn it is near chance. It chooses frames "
    "for the deep look and decides nothing, unless the deep look is switched off.",
    "Its base is CLIP, whose own model card calls any deployed use out of scope, and asks for tests in the domain of "
    "use; what was tested here is this page, and nothing else.",
    "A kind of forgery without a relative in training may not be found, and can look more original than an original.",
    "Portraits from studios, small old photographs, restored or strongly compressed clips of real people come out high "
    "in the siblings; beauty filters and upscaling may do the same.",
    "Faces under 48 px, turned far away, covered or blurred are not scored.",
    "It looks at single frames: inconsistencies in time, voice or context do not enter.",
    "Skin tones, ages and film stocks are not balanced in the training data; error rates by group were not measured.",
    "Nothing measures whether a face is unlike everything that was learnt: for the shipped weights no test of such a "
    "measure on unseen sources is possible.",
)
_NEVER_SEEN = (
    "live video calls and screen recordings",
    "pictures retouched by hand, and faces altered by make-up or masks",
    "infrared, thermal and heavily tinted footage",
    "methods and programs that appeared after autumn 2026",
)


def add_deep(
    fast: Path, weights: Path, tracks: Path, base: str, samples: Sequence[Sample], out: Path, version: str, log: Log
) -> ModelCard:
    """Write the bundle of `fast` with the deep network of `weights` into `out`.

    `weights` are a run's checkpoint, or have the names of a LoraClassifier. `tracks` is the table of tracks of left-out
    sources. `samples` are what the deep network learnt. Raises TrainingError or BundleError.
    """
    card = find_bundle(str(fast)).card
    learnt = learnt_weights(weights)
    data = save({f"body.{name}": value.half().contiguous() for name, value in learnt.items()})
    base_card = read_base(base)
    nothing = DeepLimits(Platt(1.0, 0.0), (), None, None, "")
    deep = DeepCard(
        sha256=hashlib.sha256(data).hexdigest(),
        architecture="lora",
        architecture_args={"base": base, "base_sha256": base_card.sha256, "rank": _rank(learnt)},
        input_size=base_card.input_size,
        mean=base_card.mean,
        std=base_card.std,
        target_layer=_LAYER,
        clips=nothing,
        stills=nothing,
    )
    card = replace(
        card,
        deep=deep,
        reference=None,
        error_rates=_screening(card.error_rates),
        trained_on=sources(samples),
        never_seen=_NEVER_SEEN,
        quality_bands=tuple(replace(band, name=f"{band.name} of the fast network") for band in card.quality_bands),
    )
    _write_calibrated(fast, tracks, out, card, data, version, log)
    return add_reference(out)


def calibrate_again(bundle: Path, out: Path, version: str, log: Log) -> ModelCard:
    """Write `bundle` into `out` with the same networks and a card whose limits follow from its table of tracks anew.

    Rates that were measured with the former limits are left out. Raises TrainingError or BundleError.
    """
    card = find_bundle(str(bundle)).card
    if card.deep is None:
        raise TrainingError(f"{bundle} has no deep network; name the weights of one.")
    kept = tuple(rates for rates in card.error_rates if rates.level == "screening")
    data = (bundle / DEEP_WEIGHTS).read_bytes()
    return _write_calibrated(bundle, bundle / TRACKS, out, replace(card, error_rates=kept), data, version, log)


def _write_calibrated(
    fast: Path, table: Path, out: Path, card: ModelCard, data: bytes, version: str, log: Log
) -> ModelCard:
    """Set the limits, error rates and figures of the card's deep network with the weights `data`, and write it all."""
    assert card.deep is not None
    tracks = read(table)
    found = {kind: set_limits(tracks[kind], _measured_on(kind, tracks[kind])) for kind in _KINDS}
    named = {
        f"{name} of {kind}s, left-out sources, siblings": figure
        for kind in _KINDS
        for name, figure in figures(tracks[kind]).items()
    }
    card = replace(
        card,
        version=version,
        deep=replace(card.deep, clips=found["clip"], stills=found["still"]),
        error_rates=(
            *(error_rates(tracks[kind], found[kind], level) for kind, level in _KINDS.items()),
            *card.error_rates,
        ),
        limits=_LIMITS,
        metrics={name: value for name, (value, _) in named.items()},
        metric_intervals={name: interval for name, (_, interval) in named.items()},
        metrics_measured_on="; ".join(found[kind].measured_on for kind in _KINDS),
    )
    write_bundle(fast, table, out, card, data)
    find_bundle(str(out.absolute()))
    texts = (f"{kind}s {limits.low} to {limits.high}" for kind, limits in found.items())
    log(f"wrote {out}; inconclusive: {', '.join(texts)}")
    return card


def write_bundle(fast: Path, table: Path, out: Path, card: ModelCard, deep_weights: bytes) -> None:
    """Write all files of the bundle or none."""
    out.mkdir(parents=True, exist_ok=True)
    files = {WEIGHTS: (fast / WEIGHTS).read_bytes(), TRACKS: table.read_bytes()}
    files |= {DEEP_WEIGHTS: deep_weights, CARD: to_pretty_json(card), "README.md": describe(card).encode()}
    atomic.write_all({out / name: content for name, content in files.items()})


def learnt_weights(path: Path) -> dict[str, torch.Tensor]:
    """The averaged weights of a run's checkpoint by the names of a LoraClassifier; a file with such names as it is."""
    with reading(path, "name the final.safetensors of a run of the architecture lora"):
        stored = load_file(path)
    prefix = "averaged.body."
    return {n.removeprefix(prefix): v for n, v in stored.items() if n.startswith(prefix)} or stored


def _rank(learnt: Mapping[str, torch.Tensor]) -> int:
    for name, value in learnt.items():
        if name.endswith(".a"):
            return int(value.shape[0])
    raise TrainingError("The weights hold no low-rank updates; name those of a network with the architecture lora.")


def _measured_on(kind: str, tracks: LeftOut) -> str:
    groups, (real, fake) = len(set(tracks.groups.tolist())), (tracks.count(is_fake=label) for label in (False, True))
    return (
        f"{kind}s of {groups} groups of sources ({real} with originals, {fake} with fakes), by the sibling networks "
        "that did not learn them"
    )


def _screening(rates: Sequence[ErrorRates]) -> tuple[ErrorRates, ...]:
    """The error rates of the fast network's own rule, which holds when the deep look is switched off."""
    found = [replace(each, level="screening") for each in rates if each.level == "track"]
    return tuple(replace(each, measured_on=each.measured_on.replace(_ALL_NEW, _CLIPS_NEW)) for each in found)


_ALL_NEW = "clips and stills of sources that training never saw"
_CLIPS_NEW = "clips of sources that training never saw, and stills of two sources that it knew"


def sources(samples: Sequence[Sample]) -> tuple[DataSource, ...]:
    """The sources of the samples with their number of labels."""
    counts: Counter[tuple[str, str, bool]] = Counter(
        (s.source.partition(":")[0], s.licence, s.is_fake) for s in samples
    )
    keys = sorted({(source, licence) for source, licence, _ in counts})
    return tuple(DataSource(*key, counts[*key, False], counts[*key, True]) for key in keys)
