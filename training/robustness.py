"""How a network's figures change after what pictures go through, and under attacks made for this network.

Every condition is measured on the same bounded set of held-out crops: originals, forged versions of the same, and
generated faces. Changes come from training.augment; attacks from training.adversarial, with full knowledge of the
network (white box) and on the network's own crops, so they bound what an attacker can do from above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from inspector.domain.errors import TrainingError
from inspector.engine import network as networks
from inspector.engine.decode import hash_file
from inspector.engine.detector import pick_device
from inspector.engine.segments import probability
from training import adversarial
from training.augment import Image, blur, h264, jpeg, network_crop, noise, rescale
from training.calibrate import read_outcome
from training.checkpoint import averaged_network, chosen
from training.data import Batches, calm_threads
from training.forge import Picture
from training.keep import write, writing
from training.metrics import DEFINITIONS, Block, Scores, block
from training.plots import draw_robustness
from training.prepare import load_crop, load_index, spread
from training.recipe import Recipe
from training.score import Floats, Row, logits_of, samples, thin

Say = Callable[[str], None]

UNTOUCHED = "untouched"
CROPS = 210
_FRAMES = 6  # at most of one file
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
"""What is done to the prepared picture (uint8 (s, s, 3) RGB) before the network's crop is cut; the number is a seed."""

BUDGETS = (1, 2, 4)  # of 255: how far an attack may move any pixel value


@dataclass(frozen=True, slots=True)
class Robustness:
    """What `robustness.json` holds: a block of frames, at one half, for every condition."""

    schema_version: int
    recipe: str
    checkpoint: str  # SHA-256
    measured_on: str
    definitions: dict[str, str]
    conditions: dict[str, Block]


@dataclass(frozen=True, slots=True, eq=False)
class Crops:
    """Pictures with their landmarks, labels bool (n,) and groups str (n,)."""

    pictures: Sequence[Picture]
    is_fake: npt.NDArray[np.bool_]
    groups: npt.NDArray[np.str_]


def measure_robustness(recipe: Recipe, run: Path, crops: int, say: Say) -> Robustness:
    """Measure `run` under every condition on about `crops` held-out crops; `robustness.json` and a plot keep it.

    Raises TrainingError when the run is not calibrated or no one is held out.
    """
    outcome = read_outcome(run)
    calm_threads()
    network = averaged_network(recipe, run).to(pick_device("auto"))
    drawn = draw_crops(recipe, crops)
    blocks: dict[str, Block] = {}
    for name, logits in _scored(network, recipe, drawn):
        blocks[name] = block(Scores(drawn.is_fake, probability(logits, outcome.calibration.frame), drawn.groups))
        said = {n: blocks[name].figures[n].value for n in _FIGURES}
        say(f"{name}: " + ", ".join(f"{n} {'-' if v is None else f'{v:.3f}'}" for n, v in said.items()))
    fakes, people = int(drawn.is_fake.sum()), len(np.unique(drawn.groups))
    on = f"{len(drawn.is_fake) - fakes} original and {fakes} fake crops of {people} held-out people and pairs"
    found = Robustness(
        schema_version=1,
        recipe=recipe.name,
        checkpoint=hash_file(chosen(run)),
        measured_on=on,
        definitions=DEFINITIONS | {
            "FGSM": "one step along the sign of the loss's gradient (Goodfellow et al., ICLR 2015)",
            "PGD": f"{_PGD_STEPS} steps of a quarter of the budget from a random start (Madry et al., ICLR 2018)",
        },
        conditions=blocks,
    )  # fmt: skip
    write(run / "robustness.json", found)
    title = f"{recipe.name}: {on}, 95 % intervals"
    with writing(run / "plots"):
        (run / "plots").mkdir(exist_ok=True)
        draw_robustness(run / "plots" / "robustness.png", title, blocks, _FIGURES)
    return found


def draw_crops(recipe: Recipe, count: int) -> Crops:
    """About `count` held-out crops: a third each of originals, forged versions of these, and generated faces.

    Evenly spread over the files, a few frames of each. A recipe that forges nothing has no middle third.
    """
    rows = [row for row in load_index(Path(recipe.prepare.folder)) if row["is_held_out"]]
    if len({row["is_fake"] for row in rows}) < 2:
        raise TrainingError(f"{recipe.prepare.folder} holds out one class or no one; hold out more of the samples.")
    shares = 3 if recipe.batch.pairs else 2
    batches = Batches(recipe, rows, 0, seed=3_333_333)
    pictures: list[Picture] = []
    about: list[tuple[bool, str]] = []
    for is_fake in (False, True):
        able = thin([row for row in rows if row["is_fake"] == is_fake], _FRAMES)
        for number, row in enumerate(able[i] for i in spread(len(able), max(1, count // shares))):
            picture = _picture(recipe, row)
            pictures.append(picture)
            about.append((is_fake, row["group"]))
            if not is_fake and recipe.batch.pairs:
                forged, _ = batches.forge(picture, np.random.default_rng((4_444_444, number)))
                pictures.append(Picture(forged, picture.points))
                about.append((True, row["group"]))
    labels, groups = zip(*about, strict=True)
    return Crops(pictures, np.array(labels), np.array(groups))


def _picture(recipe: Recipe, row: Row) -> Picture:
    return Picture(*load_crop(Path(recipe.prepare.folder), row))


def _scored(network: nn.Module, recipe: Recipe, drawn: Crops) -> Iterator[tuple[str, Floats]]:
    """Each condition's name and logits float64 (n,)."""
    for name, change in CHANGES.items():
        yield name, logits_of(network, changed(recipe, drawn, change), recipe)
    plain = changed(recipe, drawn, CHANGES[UNTOUCHED])
    for attack in ("FGSM", "PGD"):
        for budget in BUDGETS:
            yield f"{attack} {budget}/255", attacked(network, recipe, plain, drawn.is_fake, attack, budget / 255)


def changed(recipe: Recipe, drawn: Crops, change: Callable[[Image, int], Image]) -> Image:
    """The network's crops of changed pictures, uint8 (n, s, s, 3) RGB; windows (n, t, s, s, 3) show one crop only."""
    table = recipe.network
    crops = [
        network_crop(change(picture.image, seed), picture.points, table.margin, table.input_size, (0.0, 0.0, 1.0))
        for seed, picture in enumerate(drawn.pictures)
    ]
    return samples(crops, [str(number) for number in range(len(crops))], recipe)


def attacked(
    network: nn.Module, recipe: Recipe, crops: Image, is_fake: npt.NDArray[np.bool_], attack: str, budget: float
) -> Floats:
    """Logits float64 (n,) of `crops` moved against their labels by at most `budget`, a share of the pixel range."""
    table = recipe.network
    device = next(network.parameters()).device
    low, high = adversarial.bounds(table.mean, table.std, device)
    torch.manual_seed(1)  # PGD starts at a random place
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
