"""figures/*.png: each key frame as decoded, marked, and with its heat map; each saved frame as decoded and filtered.

The files are lossless and name what they show in their text chunks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from inspector.domain.analysis import Analysis
from inspector.domain.answer import face_name
from inspector.domain.clip import Clip
from inspector.domain.scores import FaceScore
from inspector.engine.analysis.cam_text import largest
from inspector.engine.filters.table import describe_chain
from inspector.engine.report import figures, text
from inspector.engine.report.material import KeyFrame, SavedFigure
from inspector.engine.report.png import Save, save

CROP_PX = 448
FOLDER = "figures"


def _stem(key_frame: KeyFrame) -> str:
    return f"{FOLDER}/track{key_frame.track_id:02d}-frame{key_frame.record.index:06d}"


def key_frame_files(key_frame: KeyFrame) -> tuple[str, ...]:
    """The key frame's file names, relative to the report's folder."""
    kinds = ("frame", "marked") if key_frame.cam is None else ("frame", "marked", "heat-map")
    return tuple(f"{_stem(key_frame)}-{kind}.png" for kind in kinds)


def saved_figure_files(number: int, figure: SavedFigure) -> tuple[str, ...]:
    """The file names of the saved figure with that number, counted from 1 in the report's order."""
    kinds = ("decoded", "filtered") if figure.filters else ("decoded",)
    return tuple(f"{FOLDER}/saved{number:02d}-frame{figure.index:06d}-{kind}.png" for kind in kinds)


def frame_facts(clip: Clip, index: int, pts: int, seconds: float, timecode: str, sha256: str) -> dict[str, str]:
    """The text chunks that tell which frame of which evidence a picture is."""
    when = {
        "Frame index": str(index),
        "Frame pts": f"{pts} (time base {clip.time_base})",
        "Frame time": f"{seconds:.6f} s, timecode {text.visible(timecode)}",
    }
    return {
        "Software": "Deepfake Inspector",
        "Evidence name": text.visible(Path(clip.path).name),
        "Evidence SHA-256": clip.sha256,
        **({} if clip.is_still else when),
        "Frame SHA-256": text.visible(sha256),
    }


def _facts(analysis: Analysis, key_frame: KeyFrame) -> dict[str, str]:
    """The PNG's text chunks; a probability never appears without its error rate."""
    score, rates, record = key_frame.score, analysis.summary, key_frame.record
    identity = record.index, record.pts, key_frame.seconds, key_frame.timecode, record.sha256
    facts = frame_facts(analysis.clip, *identity) | {
        "Face track": str(key_frame.track_id),
        **_probabilities(score),
        "False-positive rate of the rule, per track": f"{text.rate(rates.false_positive_rate, rates.n_real)}, "
        f"{text.interval(rates.false_positive_interval)}, n = {rates.n_real or 0}",
    }
    if (model := analysis.model) is not None:
        deep = "" if model.deep is None else f", deep network {model.deep.sha256}"
        facts["Model"] = text.visible(f"{model.name} {model.version}, {model.sha256}{deep}", text.LONG)
    return facts


def _probabilities(score: FaceScore) -> dict[str, str]:
    """The frame's probability by each network that saw it: where two did, the deep one is that of the PDF."""
    fast = "none" if score.fake_probability is None else repr(float(score.fake_probability))
    name = "Fake probability of this frame"
    if score.deep_probability is None:
        return {name: fast}
    deep = repr(float(score.deep_probability))
    return {f"{name} by the deep look": deep, f"{name} by the fast look, for screening": fast}


def _heat_facts(key_frame: KeyFrame) -> dict[str, str]:
    cam = key_frame.cam
    if cam is None:
        return {}
    return {
        "Heat map": f"{text.visible(cam.method)} at layer {text.visible(cam.layer)}",
        "Heat map scale": f"full colour = {cam.reference:.6g}, one scale for the track; "
        f"largest value here {largest(cam):.6g}",
        "Heat map crop": f"x {cam.crop.x:g}, y {cam.crop.y:g}, {cam.crop.width:g} x {cam.crop.height:g} px",
    }


def write_key_frames(
    analysis: Analysis, key_frames: tuple[KeyFrame, ...], folder: Path, save: Save = save
) -> Iterator[str]:
    """Write the figures of every key frame under `folder` and yield each file's relative name. Raises OSError."""
    for key_frame in key_frames:
        facts, names, image = _facts(analysis, key_frame), key_frame_files(key_frame), key_frame.frame.image
        save(image, {"Title": "Frame as decoded, RGB, unmarked", **facts}, folder / names[0])
        marked = figures.marked_frame(image, key_frame.score.box, key_frame.landmarks, face_name(key_frame.track_id))
        save(marked, {"Title": "Frame with the face's box and landmarks drawn in", **facts}, folder / names[1])
        if key_frame.cam is not None:
            heat = figures.heat_map_with_scale(image, key_frame.cam, CROP_PX)
            title = {"Title": "Heat map over the scored crop (shown grey)"}
            save(heat, {**title, **facts, **_heat_facts(key_frame)}, folder / names[2])
        yield from names


def write_saved_figures(
    clip: Clip, saved_figures: tuple[SavedFigure, ...], folder: Path, save: Save = save
) -> Iterator[str]:
    """Write every saved figure under `folder`, the frame as decoded first, then the filtered one.

    Yields each file's relative name. Raises OSError, and what `render` raises.
    """
    for number, figure in enumerate(saved_figures, 1):
        saved, names = figure.saved, saved_figure_files(number, figure)
        facts = frame_facts(clip, figure.index, saved.pts, figure.seconds, figure.timecode, figure.sha256)
        decoded, filtered = figure.render()
        save(decoded, {"Title": "Frame as decoded, RGB, unmarked", **facts, "Filters": "none"}, folder / names[0])
        if filtered is not None:
            texts = {
                "Title": "The same frame filtered; never scored",
                **facts,
                "Filters": describe_chain(figure.filters),
            }
            save(filtered, texts, folder / names[1])
        yield from names
