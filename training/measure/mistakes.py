"""A sheet of the worst mistakes: each crop beside its Grad-CAM, to look for common causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure

from inspector.domain.arrays import Floats32, Image
from inspector.engine.analysis.cam_text import network_of
from inspector.engine.decode.decoder import hash_file
from inspector.engine.model.calibration import probability
from inspector.engine.model.cam import cam_values
from inspector.engine.model.detector import Detector, pick_device
from inspector.engine.model.registry import LogitNetwork
from training.fit.checkpoint import averaged_network, chosen
from training.fit.score import plain_crops
from training.measure.calibrate import Outcome
from training.measure.card import calibrated_card
from training.measure.held_out import scored_parts
from training.measure.tracks import Track, Versions
from training.prepare.index import Row
from training.prepare.selection import by_part
from training.recipe import Recipe

_COLUMNS, _ROWS = 4, 2  # of each class


@dataclass(frozen=True, slots=True, eq=False)
class Mistake:
    """A misjudged track, its worst crop uint8 (s, s, 3) RGB, and that crop's raw map float32 (h, w)."""

    track: Track
    probability: float
    crop: Image
    cam: Floats32


def draw_mistakes(path: Path, recipe: Recipe, run: Path, tracks: Sequence[Track], outcome: Outcome) -> None:
    """Draw the eight originals with the highest and the eight fakes with the lowest scores, one per person.

    Each is explained by the network that scored it: with source folds, the one that left its source out.
    """
    parts: dict[str, tuple[int, list[Row]]] = {}
    scored = scored_parts(recipe, run)
    for number, (_, rows) in enumerate(scored):
        parts |= {part[0]["part"]: (number, part) for part in by_part(rows)}
    versions = [Versions(recipe, rows) for _, rows in scored]
    detectors: dict[int, Detector] = {}
    found: dict[bool, list[Mistake]] = {False: [], True: []}
    for is_fake, mistakes in found.items():
        for track, whole in worst(tracks, outcome, is_fake, _COLUMNS * _ROWS):
            number, rows = parts[track.part]
            if number not in detectors:
                detectors[number] = _detector(recipe, scored[number][0], outcome)
            crop = _worst_crop(recipe, versions[number], rows, track)
            mistakes.append(Mistake(track, whole, crop, cam_values(detectors[number], crop, "GradCAM")))
    _draw_sheet(path, found, network_of(recipe.network.target_layer))


def _draw_sheet(path: Path, found: Mapping[bool, Sequence[Mistake]], network: int | None) -> None:
    picture = Figure(figsize=(3.3 * _COLUMNS, 4.3 * _ROWS), dpi=110, layout="constrained")
    FigureCanvasAgg(picture)
    # One scale for all: a map scaled by itself shows the faintest trace in red.
    reference = max((float(one.cam.max()) for mistakes in found.values() for one in mistakes), default=0.0)
    halves = cast(Sequence[SubFigure], picture.subfigures(2, 1, hspace=0.04))
    for half, (is_fake, mistakes) in zip(halves, found.items(), strict=True):
        axes = half.subplots(_ROWS, 2 * _COLUMNS, squeeze=False)
        for one in axes.ravel():
            one.set_axis_off()
        for number, mistake in enumerate(mistakes):
            row, column = divmod(number, _COLUMNS)
            _draw(axes[row, 2 * column], axes[row, 2 * column + 1], mistake, reference)
        what = "Fakes with the lowest" if is_fake else "Originals with the highest"
        scale = f"red at {reference:.2g} in both halves; grey: no evidence of a fake{' in it' if network else ''}"
        of_network = f" of network {network} of the ensemble only" if network else ""
        half.suptitle(f"{what} track probability, and Grad-CAM of the fake logit{of_network} ({scale})", fontsize=11)
    picture.savefig(path)


def worst(tracks: Sequence[Track], outcome: Outcome, is_fake: bool, count: int) -> Iterator[tuple[Track, float]]:
    """The worst tracks of a class with their probabilities, at most one per person, worst first."""
    mine = [(t, float(probability(float(t.logits.mean()), outcome.calibration.track))) for t in tracks]
    order = sorted((one for one in mine if one[0].is_fake == is_fake), key=lambda one: one[1], reverse=not is_fake)
    seen: set[str] = set()
    for track, whole in order:
        if len(seen) < count and track.group not in seen:
            seen.add(track.group)
            yield track, whole


def _worst_crop(recipe: Recipe, versions: Versions, rows: Sequence[Row], track: Track) -> Image:
    row = rows[int(np.argmin(track.logits) if track.is_fake else np.argmax(track.logits))]
    if track.seed < 0:
        crops = plain_crops(recipe, [row])
        return cast(Image, crops[0] if crops.ndim == 4 else crops[0, -1])
    made, _ = versions.of(row, track.seed)
    return made[-1] if track.is_fake else made[0]


def _draw(left: Axes, right: Axes, mistake: Mistake, reference: float) -> None:
    track, crop = mistake.track, mistake.crop
    grey = np.repeat(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    heat = cv2.resize(mistake.cam, crop.shape[:2], interpolation=cv2.INTER_LINEAR) / (reference or 1.0)
    left.imshow(crop)
    right.imshow(grey)
    right.imshow(heat, cmap="turbo", vmin=0, vmax=1, alpha=0.15 + 0.5 * np.clip(heat, 0, 1))
    text = track.what.replace("_", " ").replace("reenactment/talking head: ", "")
    text = text if len(text) <= 30 else f"{text[:29]}…"
    left.set_title(f"{mistake.probability:.2f}  {text}\n{track.kind}, {track.condition}", fontsize=8, loc="left")


def _detector(recipe: Recipe, run: Path, outcome: Outcome) -> Detector:
    """The run's network as the app would load it from a bundle."""
    card = calibrated_card(recipe, outcome, hash_file(chosen(run)))
    return Detector(card, cast(LogitNetwork, averaged_network(recipe, run)), pick_device("auto"))
