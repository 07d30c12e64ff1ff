"""The table of settings: its fields define the dialog, the command line options, the case file and the report."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Any


def _setting(
    default: Any,
    label: str,
    help: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    is_of_clip: bool = False,
) -> Any:
    return field(
        default=default,
        metadata={
            "label": label, "help": help, "unit": unit, "low": low, "high": high, "choices": choices,
            "is_of_clip": is_of_clip,
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings that affect results, in the order of the dialog and the report.

    Those with `is_of_clip` are chosen for one clip and are not in the dialog, which is about all clips.
    """

    model: str = _setting("default", "Model", "Name of the model bundle.")
    device: str = _setting("auto", "Device", "Device that runs the network.", choices=("auto", "cpu", "cuda"))
    deep: str = _setting(
        "auto",
        "Deep look",
        "Frames that the deep network sees: some of each track (on a GPU all), none, or all, which takes long.",
        choices=("auto", "off", "all"),
    )
    deep_per_second: float = _setting(
        1.0,
        "Deep look, frames per second",
        "Frames of each track that the deep network sees; 8 to 64 in all.",
        unit="/s",
        low=0.1,
        high=60.0,
    )
    stream: int | None = _setting(
        None,
        "Stream",
        "Number of the stream of pictures that is analysed; without one, the main stream.",
        low=0,
        high=100_000,
        is_of_clip=True,
    )
    every: int = _setting(1, "Analyse every", "Analyse only every n-th frame.", unit="frames", low=1, high=1000)
    start_seconds: float | None = _setting(
        None, "Start", "Frames before this time are not analysed.", unit="s", low=0.0
    )
    end_seconds: float | None = _setting(None, "End", "Frames from this time on are not analysed.", unit="s", low=0.0)
    whole_frame: bool = _setting(False, "Whole frame", "Score the whole frame instead of face crops.")
    detection_confidence: float = _setting(
        0.5, "Detection confidence", "Faces found with less confidence are ignored.", low=0.1, high=0.99
    )
    tile_seconds: float = _setting(
        0.5, "Small-face search", "Interval between searches for small faces (0: never).", unit="s", low=0.0, high=60.0
    )
    minimum_face_px: float = _setting(
        48.0, "Minimum face size", "Smaller faces are not scored.", unit="px", low=16.0, high=512.0
    )
    minimum_sharpness: float = _setting(
        12.0,
        "Minimum sharpness",
        "Faces with a lower Laplacian variance (grey levels squared) are not scored.",
        low=0.0,
        high=1000.0,
    )
    maximum_yaw: float = _setting(
        50.0, "Maximum yaw", "Faces turned further to the side are not scored.", unit="°", low=10.0, high=90.0
    )
    minimum_inside: float = _setting(
        0.8,
        "Minimum visible share",
        "Faces with less of their box in the frame are not scored.",
        low=0.1,
        high=1.0,
    )
    smoothing_seconds: float = _setting(
        0.4, "Smoothing", "Width of the centred mean of frame probabilities.", unit="s", low=0.0, high=10.0
    )
    minimum_scored_frames: int = _setting(
        8,
        "Minimum scored frames",
        "A track of a clip with fewer scored frames is inconclusive.",
        unit="frames",
        low=1,
        high=1000,
    )
    cam_method: str = _setting(
        "GradCAM",
        "Heat map method",
        "Method that computes the heat map.",
        choices=("GradCAM", "GradCAM++", "LayerCAM", "EigenCAM"),
    )


def check(settings: Settings) -> None:
    """Raise ValueError with one sentence if a value lies outside its range or choices."""
    for item in fields(settings):
        value, meta = getattr(settings, item.name), item.metadata
        if meta["choices"] and value not in meta["choices"]:
            raise ValueError(f"{meta['label']} must be one of {', '.join(meta['choices'])}, not {value!r}.")
        if isinstance(value, bool | str) or value is None:
            continue
        low, high = meta["low"], meta["high"]
        # Written so that NaN fails too.
        if not ((low is None or value >= low) and (high is None or value <= high) and math.isfinite(value)):
            limits = f"be a number from {low}" if high is None else f"lie between {low} and {high}"
            raise ValueError(f"{meta['label']} must {limits} {meta['unit']}, not {value}.".replace(" ,", ","))
