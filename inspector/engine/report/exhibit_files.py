"""exhibits/*.png: each telling frame as decoded, marked, and with its heat map; lossless, and saying what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from inspector.domain.analysis import Analysis
from inspector.engine.report import pictures, text
from inspector.engine.report.material import Exhibit

CROP_PX = 448
FOLDER = "exhibits"


def _stem(exhibit: Exhibit) -> str:
    return f"{FOLDER}/track{exhibit.track_id:02d}-frame{exhibit.record.index:06d}"


def names_of(exhibit: Exhibit) -> tuple[str, ...]:
    """The exhibit's file names, relative to the report's folder."""
    kinds = ("frame", "marked") if exhibit.cam is None else ("frame", "marked", "heat-map")
    return tuple(f"{_stem(exhibit)}-{kind}.png" for kind in kinds)


def _facts(analysis: Analysis, exhibit: Exhibit) -> dict[str, str]:
    """What the PNG's text chunks say; the probability never stands without its error rate."""
    clip, score, rates = analysis.clip, exhibit.score, analysis.summary
    facts = {
        "Software": "Deepfake Inspector",
        "Evidence name": text.visible(Path(clip.path).name),
        "Evidence SHA-256": clip.sha256,
        "Frame index": str(exhibit.record.index),
        "Frame pts": f"{exhibit.record.pts} (time base {clip.time_base})",
        "Frame time": f"{exhibit.seconds:.6f} s, timecode {text.visible(exhibit.timecode)}",
        "Frame SHA-256": text.visible(exhibit.record.sha256),
        "Face track": str(exhibit.track_id),
        "Fake probability of this frame": "none" if score.fake_probability is None else repr(score.fake_probability),
        "False-positive rate of the rule, per track": f"{text.percent(rates.false_positive_rate)}, "
        f"{text.interval(rates.false_positive_interval)}, n = {rates.n_real or 0}",
    }
    if analysis.model is not None:
        facts["Model"] = text.visible(f"{analysis.model.name} {analysis.model.version}, {analysis.model.sha256}")
    return facts


def _heat_facts(exhibit: Exhibit) -> dict[str, str]:
    cam = exhibit.cam
    if cam is None:
        return {}
    return {
        "Heat map": f"{text.visible(cam.method)} at layer {text.visible(cam.layer)}",
        "Heat map scale": f"full colour = {cam.reference:.6g}, one scale for the track; "
        f"largest value here {float(cam.values.max(initial=0.0)):.6g}",
        "Heat map crop": f"x {cam.crop.x:g}, y {cam.crop.y:g}, {cam.crop.width:g} x {cam.crop.height:g} px",
    }


def _save(image: npt.NDArray[np.uint8], facts: dict[str, str], path: Path) -> None:
    chunks = PngInfo()
    for key, value in facts.items():
        chunks.add_itxt(key, value) if not value.isascii() else chunks.add_text(key, value)
    # A third of the time of the default level for a few per cent more bytes.
    Pillow.fromarray(image).save(path, format="PNG", pnginfo=chunks, compress_level=3)


def write_exhibits(analysis: Analysis, exhibits: tuple[Exhibit, ...], folder: Path) -> Iterator[str]:
    """Write every exhibit's pictures under `folder` and yield each file's relative name. Raises OSError."""
    for exhibit in exhibits:
        facts, names, image = _facts(analysis, exhibit), names_of(exhibit), exhibit.frame.image
        _save(image, {"Title": "Frame as decoded, RGB, unmarked", **facts}, folder / names[0])
        marked = pictures.marked_frame(image, exhibit.score.box, exhibit.landmarks, f"track {exhibit.track_id}")
        _save(marked, {"Title": "Frame with the face's box and landmarks drawn in", **facts}, folder / names[1])
        if exhibit.cam is not None:
            heat = pictures.heat_map_with_scale(image, exhibit.cam, CROP_PX)
            title = {"Title": "Heat map over the scored crop (shown grey)"}
            _save(heat, {**title, **facts, **_heat_facts(exhibit)}, folder / names[2])
        yield from names
