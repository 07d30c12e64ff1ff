"""How a network's figures change under common picture changes, and under attacks on this network.

Every condition is measured on the same few frames of the same held-out tracks: originals, their forged versions, and
generated ones; by frame, track and file, as in `measure/evaluate.py`. Changes come from `forge/augment.py` and apply to
each frame separately, H.264 as intra pictures; attacks come from `fit/adversarial.py`, with full knowledge of the
network (white box) and on the network's crops, so they are an upper bound for an attacker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from inspector.domain.arrays import Flags, Floats, Image
from inspector.domain.errors import TrainingError
from inspector.engine.analysis.changes import h264
from inspector.engine.decode.decoder import hash_file
from inspector.engine.model import registry as networks
from inspector.engine.model.detector import pick_device
from training.files import write, writing
from training.fit import adversarial
from training.fit.batch.batches import Batches, limit_threads
from training.fit.checkpoint import averaged_network, chosen
from training.fit.score import logits_of, samples
from training.forge.augment import blur, jpeg, network_crop, noise, rescale
from training.forge.forge import Picture
from training.log import Log
from training.measure.calibrate import read_outcome
from training.measure.held_out import scored_parts
from training.measure.levels import by_level
from training.measure.metrics import DEFINITIONS, Block, block
from training.measure.plots import draw_robustness
from training.measure.tracks import AS_RECORDED, Track, track_of
from training.prepare.index import Row, load_index
from training.prepare.parts import load_crop
from training.prepare.selection import by_part, held_out, some_files, spread
from training.recipe import Recipe

UNTOUCHED = "untouched"
_FRAMES = 4  # at most of one file
_PGD_STEPS = 10
_FIGURES = ("ROC AUC", "recall", "specificity", "ECE")

CHANGES: dict[str, Callable[[Image, int], Image]] = {
    UNTOUCHED: lambda image, _: image,
    "JPEG 90": lambda image, _: jpeg(image, 90),
    "JPEG 70": lambda image, _: jpeg(image, 70),
    "JPEG 50": lambda image, _: jpeg(image, 50),
    "JPEG 30": lambda image, _: jpeg(image, 30),
    "H.264 crf 23": lambda image, _: h264(image, 23),
    "H.264 crf 28": lambda image, _: h264(image, 28),
    "H.264 crf 35": lambda image, _: h264(image, 35),
    "half size": lambda image, _: rescale(image, 0.5),
    "quarter size": lambda image, _: rescale(image, 0.25),
    "blur, sigma 0.6 % of the side": lambda image, _: blur(image, 0.006 * image.shape[1], None),
    "noise, sigma 6 grey levels": lambda image, seed: noise(image, 6.0, False, seed),
}
"""The change of the prepared picture (uint8 (s, s, 3) RGB) before the network's crop is cut; the number is a seed."""

BUDGETS = (1, 2, 4)  # of 255: the largest change of a pixel value by an attack


@dataclass(frozen=True, slots=True)
class Robustness:
    """The content of `robustness.json`: for every condition the blocks by frame, track and file, threshold one half."""

    schema_version: int
    recipe: str
    checkpoint: str  # SHA-256
    measured_on: str
    definitions: dict[str, str]
    conditions: dict[str, dict[str, Block]]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Frames of one held-out track with their landmarks, and the arguments of `training.measure.tracks.track_of`."""

    rows: Sequence[Row]
    pictures: Sequence[Picture]
    is_fake: bool
    what: str
    condition: str


def measure_robustness(recipe: Recipe, run: Path, files: int, log: Log) -> Robustness:
    """Measure `run` under every condition on `files` held-out files of each class and kind, a few frames of each.

    Writes `robustness.json` and a plot. Raises TrainingError when the run is not calibrated or no one is held out.
    """
    outcome = read_outcome(run)
    limit_threads()
    folder, rows = scored_parts(recipe, run)[0]  # of source folds, the first one
    network = averaged_network(recipe, folder).to(pick_device("auto"))
    drawn = draw_tracks(recipe, files, rows)
    found: dict[str, dict[str, Block]] = {}
    for name, logits in _scored(network, recipe, drawn):
        scores = by_level(_tracks(drawn, logits), outcome)
        found[name] = {level: block(of_level) for level, of_level in scores.items()}
        figures = {n: found[name]["track"].figures[n].value for n in _FIGURES}
        log(f"{name}, by track: " + ", ".join(f"{n} {'-' if v is None else f'{v:.3f}'}" for n, v in figures.items()))
    fakes = {AS_RECORDED: "generated"}
    count = Counter(fakes.get(one.condition, one.condition) if one.is_fake else "original" for one in drawn)
    frames, people = sum(len(one.rows) for one in drawn), len({one.rows[0]["group"] for one in drawn})
    kinds = ", ".join(f"{number} {what}" for what, number in count.items())
    whose = f"left-out groups of sources, by {folder.name}" if recipe.source_folds else "held-out people and pairs"
    on = f"{kinds} tracks, {frames} frames of {people} {whose}"
    kept = Robustness(
        schema_version=2,
        recipe=recipe.name,
        checkpoint=hash_file(chosen(run)),
        measured_on=on,
        definitions=DEFINITIONS | {
            "FGSM": "one step along the sign of the loss's gradient (Goodfellow et al., ICLR 2015)",
            "PGD": f"{_PGD_STEPS} steps of a quarter of the budget from a random start (Madry et al., ICLR 2018)",
        },
        conditions=found,
    )  # fmt: skip
    write(run / "robustness.json", kept)
    with writing(run / "plots"):
        (run / "plots").mkdir(exist_ok=True)
        blocks = {name: of_level["track"] for name, of_level in found.items()}
        draw_robustness(
            run / "plots" / "robustness.png", f"{recipe.name}, by track: {on}, 95 % intervals", blocks, _FIGURES
        )
    return kept


def draw_tracks(recipe: Recipe, files: int, rows: Sequence[Row] | None = None) -> list[Drawn]:
    """A few frames of `files` held-out files of each class and kind, and forged versions of the originals.

    Reproducible. A recipe that does not forge has no forged ones. `rows`: of which files; by default those of held-out
    people.
    """
    rows = held_out(load_index(Path(recipe.prepare.folder)), recipe) if rows is None else rows
    if len({row["is_fake"] for row in rows}) < 2:
        raise TrainingError(
            f"{recipe.prepare.folder} has held-out people of one class only; hold out more of the samples."
        )
    batches = Batches(recipe, rows, 0, seed=3_333_333)
    drawn: list[Drawn] = []
    for number, part in enumerate(_few(part, recipe) for part in by_part(some_files(rows, files))):
        pictures = [Picture(*load_crop(Path(recipe.prepare.folder), row)) for row in part]
        drawn.append(Drawn(part, pictures, part[0]["is_fake"], part[0]["method"], AS_RECORDED))
        if part[0]["is_fake"] or not recipe.batch.pairs:
            continue
        # The same random numbers for every frame: one kind, donor and shape for the whole track.
        forged = [batches.forge(picture, np.random.default_rng((4_444_444, number))) for picture in pictures]
        versions = [Picture(image, before.points) for (image, _), before in zip(forged, pictures, strict=True)]
        drawn.append(Drawn(part, versions, True, forged[0][1], "forged"))
    return drawn


def _few(part: Sequence[Row], recipe: Recipe) -> list[Row]:
    """Evenly spaced frames of a file; for a network of windows, consecutive frames from its middle."""
    if recipe.network.frames_per_sample == 1:
        return [part[i] for i in spread(len(part), _FRAMES)]
    count = max(_FRAMES, recipe.network.frames_per_sample)
    first = max(0, (len(part) - count) // 2)
    return list(part[first : first + count])


def _scored(network: nn.Module, recipe: Recipe, drawn: Sequence[Drawn]) -> Iterator[tuple[str, Floats]]:
    """Each condition's name and the logits float64 (n,) of all frames."""
    for name, change in CHANGES.items():
        yield name, logits_of(network, changed(recipe, drawn, change), recipe)
    plain, is_fake = changed(recipe, drawn, CHANGES[UNTOUCHED]), labels(drawn)
    for attack in ("FGSM", "PGD"):
        for budget in BUDGETS:
            yield f"{attack} {budget}/255", attacked(network, recipe, plain, is_fake, attack, budget / 255)


def _tracks(drawn: Sequence[Drawn], logits: Floats) -> list[Track]:
    ends = np.cumsum([len(one.rows) for one in drawn])[:-1]
    return [
        track_of(one.rows, one.is_fake, one.what, one.condition, mine)
        for one, mine in zip(drawn, np.split(logits, ends), strict=True)
    ]


def labels(drawn: Sequence[Drawn]) -> Flags:
    """Whether each frame is fake, bool (n,)."""
    return np.repeat([one.is_fake for one in drawn], [len(one.rows) for one in drawn])


def changed(recipe: Recipe, drawn: Sequence[Drawn], change: Callable[[Image, int], Image]) -> Image:
    """The network's crops of all frames, changed, uint8 (n, s, s, 3) RGB, or windows of them (n, t, s, s, 3)."""
    table = recipe.network
    pictures = [picture for one in drawn for picture in one.pictures]
    crops = [
        network_crop(change(picture.image, seed), picture.points, table.margin, table.input_size, (0.0, 0.0, 1.0))
        for seed, picture in enumerate(pictures)
    ]
    return samples(crops, [str(number) for number, one in enumerate(drawn) for _ in one.rows], recipe)


def attacked(network: nn.Module, recipe: Recipe, crops: Image, is_fake: Flags, attack: str, budget: float) -> Floats:
    """Logits float64 (n,) of `crops` moved against their labels by at most `budget`, a share of the pixel range."""
    table = recipe.network
    device = next(network.parameters()).device
    low, high = adversarial.bounds(table.mean, table.std, device)
    torch.manual_seed(1)  # for PGD's random start
    out = []
    for start in range(0, len(crops), 32):
        x = networks.to_input(crops[start : start + 32], table.mean, table.std).to(device)
        y = torch.from_numpy(is_fake[start : start + 32].astype(np.float32)).to(device)
        if attack == "FGSM":
            moved = adversarial.fgsm(network, x, y, budget, low, high)
        else:
            moved = adversarial.pgd(network, x, y, budget, low, high, _PGD_STEPS, budget / 4)
        with torch.inference_mode():
            out.append(network(moved).double().cpu().numpy())
    return np.concatenate(out)
