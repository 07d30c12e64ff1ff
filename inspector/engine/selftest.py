"""Checks an installation: the demo clip must give the frames, landmarks and scores that are stored with it.

It runs decoding, face detection and the network in this process, so that it works where the engine process does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from inspector.domain.clip import Frame
from inspector.domain.errors import InspectorError
from inspector.domain.faces import Face
from inspector.engine.codec import from_json
from inspector.engine.decode.decoder import Decoder, frame_sha256, open_clip
from inspector.engine.faces.crop import crop_box, cut
from inspector.engine.faces.finder import FaceFinder
from inspector.engine.model.bundle import DEFAULT_BUNDLE, find_bundle, has_default
from inspector.engine.model.detector import Detector, device_text, pick_device
from inspector.engine.report.recorded import (
    PARTS,
    Changed,
    card_parts,
    changed,
    parts_of,
    read_recorded,
    report_file,
    settings_for,
)
from inspector.engine.resources import resource
from inspector.engine.versions import software_versions

EXPECTED = "demo/selftest.json"
CLIP = "demo/demo.mp4"

_EVERY = 20
_FRAMES = 12
_DEEP_EVERY = 4  # of those frames, every so many are shown to the deep network, which takes half a second each
_LANDMARK_TOLERANCE_PX = 0.5  # the mesh is rounded differently on other processors
_LOGIT_TOLERANCE = 0.02


@dataclass(frozen=True, slots=True)
class Expected:
    """The expected results for one frame: SHA-256 of its RGB bytes, five landmarks in pixels, the crop's logits."""

    pts: int
    sha256: str
    landmarks: tuple[tuple[float, float], ...]
    logit: float | None
    deep_logit: float | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """The stored results, with the clip and the weights that they belong to."""

    clip_sha256: str
    model_sha256: str
    frames: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    name: str
    passed: bool
    detail: str


_POINTS = (1, 33, 61, 263, 291)  # nose tip, eye corners, mouth corners


def measure(clip_path: Path) -> Expectation:
    """Decode 12 frames of the clip, 20 apart, and find and score the faces in them."""
    clip = open_clip(clip_path)
    detector = Detector.load(find_bundle(DEFAULT_BUNDLE), "cpu") if has_default() else None
    with Decoder(clip) as decoder, FaceFinder() as finder:
        frames = (f for f in decoder.frames() if isinstance(f, Frame))
        chosen = enumerate(islice(frames, 0, _EVERY * _FRAMES, _EVERY))
        found = tuple(_measure(f, finder, detector, is_deep=n % _DEEP_EVERY == 0) for n, f in chosen)
    return Expectation(clip.sha256, detector.card.identity if detector else "", found)


def _measure(frame: Frame, finder: FaceFinder, detector: Detector | None, *, is_deep: bool) -> Expected:
    faces = finder.find(frame.image, frame.pts)
    logits: list[float | None] = [None, None]
    points = np.zeros((0, 3), np.float32)
    if faces and faces[0].landmarks is not None:
        points = faces[0].landmarks.points[list(_POINTS)]
        if detector is not None:
            networks = (detector, detector.deep if is_deep else None)
            logits = [None if each is None else _logit(each, frame, faces[0]) for each in networks]
    marks = tuple((round(float(x), 2), round(float(y), 2)) for x, y, _ in points)
    return Expected(frame.pts, frame_sha256(frame.image), marks, *logits)


def _logit(detector: Detector, frame: Frame, face: Face) -> float:
    crop = cut(frame.image, crop_box(face, detector.card.crop_margin), detector.card.input_size)
    return round(float(detector.logits(crop[None])[0]), 4)


def run_selftest() -> list[Check]:
    """Compare the results of this installation with the stored ones; missing files are failed checks, not errors."""
    try:
        wanted = from_json(resource(EXPECTED).read_bytes(), Expectation)
        found = measure(resource(CLIP))
    except (InspectorError, OSError, ValueError) as error:
        return [Check("bundled clip", False, str(error))]
    pairs = list(zip(wanted.frames, found.frames, strict=False))
    same = sum(a.sha256 == b.sha256 and a.pts == b.pts for a, b in pairs)
    apart = max((_distance(a, b) for a, b in pairs), default=np.inf)
    checks = [
        Check("bundled clip", wanted.clip_sha256 == found.clip_sha256, f"SHA-256 {found.clip_sha256[:16]}…"),
        Check("frames", same == len(wanted.frames), f"{same} of {len(wanted.frames)} frames are identical"),
        Check("landmarks", apart <= _LANDMARK_TOLERANCE_PX, f"maximum difference {apart:.2f} px"),
    ]
    if not found.model_sha256:
        return [*checks, Check("model", False, "no model bundle is installed, so nothing can be scored")]
    if found.model_sha256 != wanted.model_sha256:
        return [*checks, Check("model", False, "the stored scores were made with another bundle")]
    differences = [_difference(a.logit, b.logit) for a, b in pairs] + [
        _difference(a.deep_logit, b.deep_logit) for a, b in pairs
    ]
    off = max(differences, default=np.inf)
    return [*checks, Check("scores", bool(off <= _LOGIT_TOLERANCE), f"maximum difference of logits {off:.4f}")]


def check_installation(report: Path) -> list[Check]:
    """Whether this installation is the one that wrote a report (its folder or report.json): what differs in each part.

    The number of threads is left out, because `rerun` sets it. Raises VerificationError.
    """
    recorded = read_recorded(report_file(report))
    settings = settings_for(recorded)
    card = find_bundle(settings.model).card if settings.model != DEFAULT_BUNDLE or has_default() else None
    device = "none (no model bundle)" if card is None else device_text(pick_device(settings.device))
    here = {**dict(software_versions()), **card_parts(card), "device": device}
    pairs = [parts_of(recorded), here]
    for parts in pairs:
        parts["device"] = re.sub(r", \d+ threads", "", parts["device"])
    differing = changed(*pairs)
    return [_component(name, [each for each in differing if each.component == name]) for name in PARTS]


def _component(name: str, differing: list[Changed]) -> Check:
    detail = "; ".join(f"{c.part}: {c.recorded or 'none'} in the report, {c.here or 'none'} here" for c in differing)
    return Check(name, not differing, detail or "as in the report")


def _difference(a: float | None, b: float | None) -> float:
    return float("inf") if (a is None) != (b is None) else abs((a or 0.0) - (b or 0.0))


def _distance(a: Expected, b: Expected) -> float:
    if len(a.landmarks) != len(b.landmarks):
        return float("inf")
    return float(np.abs(np.subtract(a.landmarks, b.landmarks)).max(initial=0.0))
