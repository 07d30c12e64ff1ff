"""The two sets of settings that suit most work, and when to touch a single one."""

from __future__ import annotations

from dataclasses import dataclass, fields

from inspector.domain.settings import Settings
from inspector.ui.widgets.language import mark


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings under a name; `about` says what they are for and what they cost."""

    name: str
    about: str
    settings: Settings


PRESETS = (
    Preset(
        mark("Laptop"),
        mark(
            "Every frame by the small network, some frames of each face by the large one. For a first "
            "answer, on any computer. The error rates were measured with it."
        ),
        Settings(),
    ),
    Preset(
        mark("Thorough"),
        mark(
            "Every frame by both networks, and small faces are searched for five times as often. For the "
            "clip that you will write about; without a GPU it takes many times as long."
        ),
        Settings(deep="all", tile_seconds=0.1),
    ),
)
OWN = mark("Own settings")
ABOUT_OWN = mark("Changed below, under Advanced. The report lists every setting that is not the default.")
_FREE = {"model", "device", "stream", "start_seconds", "end_seconds", "cam_method"}  # which no preset is about


def preset_of(settings: Settings) -> Preset | None:
    """The preset that these settings are, whichever the model, the device and the part of the clip."""
    return next((each for each in PRESETS if _core(each.settings) == _core(settings)), None)


def values_of(preset: Preset) -> dict[str, object]:
    """The settings that a preset decides, by name."""
    return _core(preset.settings)


def _core(settings: Settings) -> dict[str, object]:
    return {item.name: getattr(settings, item.name) for item in fields(settings) if item.name not in _FREE}


_KEEP = mark("Leave it: the error rates were measured with this value.")
WHEN = {
    "model": mark("Change it to compare with another bundle, or to repeat an older result."),
    "device": mark("Leave it; cpu repeats a result to the last bit."),
    "deep": mark("all: for a clip that matters; off: for a first look through hours of material."),
    "deep_per_second": mark("Raise it if the suspicious passage is shorter than a second."),
    "every": mark("Raise it for hours of material; short manipulations may then be missed."),
    "start_seconds": mark("Set it to examine one passage of a long clip."),
    "end_seconds": mark("Set it to examine one passage of a long clip."),
    "whole_frame": mark("Only for bundles that were trained on whole frames."),
    "detection_confidence": mark("Lower it if a face that you see has no lane, raise it if other things have one."),
    "tile_seconds": mark("Lower it if small faces appear only briefly."),
    "minimum_face_px": _KEEP,
    "minimum_sharpness": _KEEP,
    "maximum_yaw": _KEEP,
    "minimum_inside": _KEEP,
    "smoothing_seconds": mark("Raise it if the curve flickers too much to be read."),
    "minimum_scored_frames": mark("Lower it only for clips of a few frames."),
    "cam_method": mark("Try another one where a heat map does not explain the score."),
}
"""When somebody should touch a setting, by its name."""
