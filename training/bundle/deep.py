"""Adds a deep network to a bundle: its weights, and a card with limits from left-out sources."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import DataSource, DeepCard, DeepLimits, ErrorRates, ModelCard, Platt
from inspector.engine import atomic
from inspector.engine.codec import to_pretty_json
from inspector.engine.model.bundle import CARD, DEEP_WEIGHTS, WEIGHTS, find_bundle
from training.bundle.join import join
from training.bundle.model_card import describe
from training.bundle.reference import add_reference
from training.files import reading, writing
from training.fit.lora import architecture_args
from training.log import Log
from training.measure.features import check_margin
from training.measure.left_out import (
    TRACKS,
    LeftOut,
    error_rates,
    figures,
    is_of_own_clips,
    limits,
    named,
    parse,
    set_limits,
    together,
)
from training.recipe import Recipe
from training.sources import Sample

_NO_LIMITS = DeepLimits(Platt(1.0, 0.0), (), None, None, "")
_KINDS = {"clip": "track", "still": "still"}

_LIMITS = (
    "It is a statistical tool: a probability is a reason to look closer, no proof, and its absence proves nothing.",
    "The deep network learnt every source that its card names, so nothing it says of them counts.",
    "Its limits were set on sibling networks, each on the sources that it did not learn.",
    "The error rate of the shipped weights on unseen sources is not known better than that.",
    "The shipped network learnt from more crops or sources than its siblings and may be surer of itself. Their scores "
    "were brought to its scale by what both learnt; whether that holds for other sources is not known.",
    "A likelihood ratio holds for sources like those that were left out, with equal prior odds; it says nothing about "
    "how likely manipulation was before.",
    "The fast network is for screening: on recent sources that it did not learn it is near chance. It chooses frames "
    "for the deep look and decides nothing, unless the deep look is switched off.",
    "Its base is CLIP, whose own model card calls any deployed use out of scope, and asks for tests in the domain of "
    "use; what was tested here is this page, and nothing else.",
    "A kind of forgery without a relative in training may not be found, and can look more original than an original.",
    "Portraits from studios, small old photographs, restored or strongly compressed clips of real people come out high "
    "in the siblings; beauty filters and upscaling may do the same.",
    "After another upload it finds far less, above all in stills: what was coded as JPEG once more, or made smaller, "
    "can come out as an original does. Find the earliest copy.",
    "A real face that was cut out and put before another background, as in graphics, comes out high. Where a quarter "
    "of its surroundings or more is of one colour, the deep look never indicates manipulation; a cut-out before a "
    "gradient or a blurred picture is not noticed. Look at the picture that it was cut from.",
    "Faces under 48 px, turned far away, covered or blurred are not scored.",
    "It looks at single frames: inconsistencies in time, voice or context do not enter.",
    "Skin tones, ages and film stocks are not balanced in the training data; error rates by group were not measured.",
    "Nothing measures whether a face is unlike everything that was learnt: for the shipped weights no test of such a "
    "measure on unseen sources is possible.",
)
_NO_STILLS = "Too few sources of stills were left out for a limit, so a still is always inconclusive."
_FEW_STILLS = (
    "Of stills fewer sources were left out than a limit takes that an original of the next source reaches with a "
    "chance of at most 5 %, as that of clips. The one for stills it reaches with a chance of at most 10 %, and an "
    "original of the next source of clips or stills with one of at most 2 %."
)
_OF_OWN_CLIPS = (
    "Its limits and error rates come from the clips of whoever added the last network, which the others did not learn. "
    "Sources that those learnt were not measured again."
)
_NEVER_CLEARED = 'No still comes out as "no manipulation indicated": too few sources of fakes were left out for that.'
_NEVER_SEEN = (
    "live video calls and screen recordings",
    "pictures retouched by hand, and faces altered by make-up or masks",
    "infrared, thermal and heavily tinted footage",
    "methods and programs that appeared after autumn 2026",
)


def add_deep(
    fast: Path,
    weights: Path,
    tracks: Path,
    recipe: Recipe,
    samples: Sequence[Sample],
    out: Path,
    version: str,
    log: Log,
    *,
    joins: bool = False,
    name: str = "",
) -> ModelCard:
    """Write the bundle of `fast` with the deep network of `weights` into `out`.

    `weights` are a checkpoint of the recipe's network, or have its names without "body." before them. `tracks` is the
    table of tracks of left-out sources, `samples` what the network learnt. With `joins` the deep network that `fast`
    has is kept as the first member of an ensemble with the new one, or, where `tracks` has its logits of clips that it
    did not learn, gets the new probe added to its own. `name` is the new bundle's, "" for that of `fast`.
    Raises TrainingError or BundleError.
    """
    card = find_bundle(str(fast)).card
    check_margin(fast, card, recipe)
    table, learnt = recipe.network, learnt_weights(weights)
    deep = DeepCard(
        sha256="",
        architecture=table.architecture,
        architecture_args=architecture_args(table),
        input_size=table.input_size,
        mean=table.mean,
        std=table.std,
        target_layer=table.target_layer,
        clips=_NO_LIMITS,
        stills=_NO_LIMITS,
    )
    if joins:
        weight = recipe.probe.joined_weight if recipe.probe else 0.5
        deep, learnt, text = join(fast, card.deep, deep, learnt, tracks, weight, log)
    else:
        if card.deep is not None:
            log(f"the deep network of {fast}, with what it learnt, is not in the new bundle: yours takes its place")
        learnt, text = {f"body.{name}": value for name, value in learnt.items()}, read_tracks(tracks)
    data = save({n: (v.half() if v.is_floating_point() else v).contiguous() for n, v in learnt.items()})
    card = replace(
        card,
        name=name or card.name,
        deep=replace(deep, sha256=hashlib.sha256(data).hexdigest()),
        reference=None,
        error_rates=_screening(card),
        trained_on=_together(sources(samples), card.trained_on),
        never_seen=_NEVER_SEEN,
        quality_bands=tuple(replace(band, name=f"{band.name} of the fast network") for band in card.quality_bands)
        if card.deep is None
        else card.quality_bands,
    )
    _write_calibrated(fast, text, tracks, out, card, data, version, log)
    return add_reference(out)


def calibrate_again(bundle: Path, out: Path, version: str, log: Log) -> ModelCard:
    """Write `bundle` into `out` with the same networks and a card whose limits follow from its table of tracks anew.

    Rates that were measured with the former limits are left out. Raises TrainingError or BundleError.
    """
    card = find_bundle(str(bundle)).card
    if card.deep is None:
        raise TrainingError(f"{bundle} has no deep network; name the weights of one.")
    card = replace(card, error_rates=_screening(card))
    tracks, data = bundle / TRACKS, (bundle / DEEP_WEIGHTS).read_bytes()
    return _write_calibrated(bundle, read_tracks(tracks), tracks, out, card, data, version, log)


def _write_calibrated(
    fast: Path, table: bytes, path: Path, out: Path, card: ModelCard, data: bytes, version: str, log: Log
) -> ModelCard:
    """Set the limits, error rates and figures of the card's deep network with the weights `data`, and write it all.

    They follow from the table of tracks, which comes from `path`.
    """
    assert card.deep is not None
    tracks = parse(table, path)
    pool = together(tracks)
    found = {kind: set_limits(tracks[kind], _measured_on(kind, tracks[kind]), pool) for kind in _KINDS}
    own = (_OF_OWN_CLIPS,) if is_of_own_clips(table) and card.deep.architecture == "ensemble" else ()
    measured = {kind: level for kind, level in _KINDS.items() if tracks[kind].has_both}
    every = {named(name, kind): figure for kind in measured for name, figure in figures(tracks[kind]).items()}
    card = replace(
        card,
        version=version,
        deep=replace(card.deep, clips=found["clip"], stills=found["still"]),
        error_rates=(
            *(error_rates(tracks[kind], found[kind], level, pool) for kind, level in measured.items()),
            *card.error_rates,
        ),
        limits=(*_LIMITS, *own, *_about_stills(found["still"], tracks["still"])),
        metrics={name: value for name, (value, _) in every.items()},
        metric_intervals={name: interval for name, (_, interval) in every.items()},
        metrics_measured_on="; ".join(found[kind].measured_on for kind in _KINDS),
    )
    write_bundle(fast, table, out, card, data)
    find_bundle(str(out.absolute()))
    log(f"wrote {out}; inconclusive: {', '.join(_inconclusive(f'{kind}s', each) for kind, each in found.items())}")
    return card


def _inconclusive(kind: str, found: DeepLimits) -> str:
    """Between which mean logits nothing is concluded, in words."""
    if found.low is None and found.high is None:
        return (
            f"{kind} always, as their sources are too few (19 groups with originals are enough for an upper limit, 19 "
            "with fakes for a lower one) or the siblings cannot tell fakes of unseen ones"
        )
    ends = [] if found.low is None else [f"from {found.low}"]
    ends += [] if found.high is None else [f"to {found.high}"]
    return f"{kind} {' '.join(ends)} (mean logits)"


def _about_stills(found: DeepLimits, tracks: LeftOut) -> tuple[str, ...]:
    """How the limits of stills differ from those of clips."""
    if found.high is None:
        return (_NO_STILLS,)
    texts = {_FEW_STILLS: limits(tracks)[1] is None, _NEVER_CLEARED: found.low is None}
    return tuple(text for text, is_true in texts.items() if is_true)


def write_bundle(fast: Path, table: bytes, out: Path, card: ModelCard, deep_weights: bytes) -> None:
    """Write all files of the bundle or none. Raises OutputError."""
    files = {WEIGHTS: (fast / WEIGHTS).read_bytes(), TRACKS: table}
    files |= {DEEP_WEIGHTS: deep_weights, CARD: to_pretty_json(card), "README.md": describe(card).encode()}
    with writing(out, "name another folder with --out"):
        out.mkdir(parents=True, exist_ok=True)
        atomic.write_all({out / name: content for name, content in files.items()})


def learnt_weights(path: Path) -> dict[str, torch.Tensor]:
    """The averaged weights of a run's checkpoint by the names of its body; a file with such names as it is."""
    with reading(path, "name the final.safetensors of a run"):
        stored = load_file(path)
    prefix = "averaged.body."
    return {n.removeprefix(prefix): v for n, v in stored.items() if n.startswith(prefix)} or stored


def read_tracks(path: Path) -> bytes:
    """A table of tracks as it is. Raises TrainingError."""
    with reading(path, "restore it, or name a run's held_out_tracks.csv with --tracks"):
        return path.read_bytes()


def _measured_on(kind: str, tracks: LeftOut) -> str:
    groups, (real, fake) = len(set(tracks.groups.tolist())), (tracks.count(is_fake=label) for label in (False, True))
    return (
        f"{kind}s of {groups} groups of sources ({real} with originals, {fake} with fakes), by the sibling networks "
        "that did not learn them"
    )


def _screening(card: ModelCard) -> tuple[ErrorRates, ...]:
    """The error rates of the fast network's own rule, which holds when the deep look is switched off."""
    if card.deep is not None:
        return tuple(rates for rates in card.error_rates if rates.level == "screening")
    found = [replace(each, level="screening") for each in card.error_rates if each.level == "track"]
    return tuple(replace(each, measured_on=each.measured_on.replace(_ALL_NEW, _CLIPS_NEW)) for each in found)


_ALL_NEW = "clips and stills of sources that training never saw"
_CLIPS_NEW = "clips of sources that training never saw, and stills of two sources that it knew"


def _together(mine: tuple[DataSource, ...], theirs: tuple[DataSource, ...]) -> tuple[DataSource, ...]:
    """What the new network learnt, and the other sources of the bundle: its fast network, at least, learnt them."""
    known = {source.name for source in mine}
    return (*mine, *(source for source in theirs if source.name not in known))


def sources(samples: Sequence[Sample]) -> tuple[DataSource, ...]:
    """The sources of the samples with their number of labels."""
    counts: Counter[tuple[str, str, bool]] = Counter(
        (s.source.partition(":")[0], s.licence, s.is_fake) for s in samples
    )
    keys = sorted({(source, licence) for source, licence, _ in counts})
    return tuple(DataSource(*key, counts[*key, False], counts[*key, True]) for key in keys)
