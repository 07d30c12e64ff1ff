"""exhibits/*.png: each telling frame as decoded, marked, and with its heat map; each saved picture as decoded and
filtered. Lossless, and saying what they show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from inspector.domain.analysis import Analysis
from inspector.domain.arrays import Image
from inspector.domain.clip import Clip
from inspector.engine.analysis.cam_text import largest
from inspector.engine.filters.table import chain_words
from inspector.engine.report import figures as pictures
from inspector.engine.report import text
from inspector.engine.report.material import Exhibit, PictureExhibit

CROP_PX = 448
FOLDER = "exhibits"


def _stem(exhibit: Exhibit) -> str:
    return f"{FOLDER}/track{exhibit.track_id:02d}-frame{exhibit.record.index:06d}"


def names_of(exhibit: Exhibit) -> tuple[str, ...]:
    """The exhibit's file names, relative to the report's folder."""
    kinds = ("frame", "marked") if exhibit.cam is None else ("frame", "marked", "heat-map")
    return tuple(f"{_stem(exhibit)}-{kind}.png" for kind in kinds)


def names_of_picture(place: int, exhibit: PictureExhibit) -> tuple[str, ...]:
    """The file names of the saved picture at `place`, from 1 in the report's order."""
    kinds = ("decoded", "filtered") if exhibit.filters else ("decoded",)
    return tuple(f"{FOLDER}/picture{place:02d}-frame{exhibit.index:06d}-{kind}.png" for kind in kinds)


def _frame_facts(clip: Clip, index: int, pts: int, seconds: float, timecode: str, sha256: str) -> dict[str, str]:
    return {
        "Software": "Deepfake Inspector",
        "Evidence name": text.visible(Path(clip.path).name),
        "Evidence SHA-256": clip.sha256,
        "Frame index": str(index),
        "Frame pts": f"{pts} (time base {clip.time_base})",
        "Frame time": f"{seconds:.6f} s, timecode {text.visible(timecode)}",
        "Frame SHA-256": text.visible(sha256),
    }


def _facts(analysis: Analysis, exhibit: Exhibit) -> dict[str, str]:
    """What the PNG's text chunks say; the probability never stands without its error rate."""
    score, rates, record = exhibit.score, analysis.summary, exhibit.record
    place = record.index, record.pts, exhibit.seconds, exhibit.timecode, record.sha256
    facts = _frame_facts(analysis.clip, *place) | {
        "Face track": str(exhibit.track_id),
        "Fake probability of this frame": "none" if score.fake_probability is None else repr(score.fake_probability),
        "False-positive rate of the rule, per track": f"{text.rate(rates.false_positive_rate, rates.n_real)}, "
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
        f"largest value here {largest(cam):.6g}",
        "Heat map crop": f"x {cam.crop.x:g}, y {cam.crop.y:g}, {cam.crop.width:g} x {cam.crop.height:g} px",
    }


def _save(image: Image, facts: dict[str, str], path: Path) -> None:
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


def write_pictures(clip: Clip, exhibits: tuple[PictureExhibit, ...], folder: Path) -> Iterator[str]:
    """Write every saved picture under `folder`, the frame as decoded before what filters made of it.

    Yields each file's relative name. Raises OSError, and what `develop` raises.
    """
    for place, exhibit in enumerate(exhibits, 1):
        saved, names = exhibit.saved, names_of_picture(place, exhibit)
        facts = _frame_facts(clip, exhibit.index, saved.pts, exhibit.seconds, exhibit.timecode, exhibit.sha256)
        decoded, filtered = exhibit.develop()
        _save(decoded, {"Title": "Frame as decoded, RGB, unmarked", **facts, "Filters": "none"}, folder / names[0])
        if filtered is not None:
            words = {"Title": "The same frame filtered; never scored", **facts, "Filters": chain_words(exhibit.filters)}
            _save(filtered, words, folder / names[1])
        yield from names
