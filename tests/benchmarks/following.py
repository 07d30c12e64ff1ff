"""Compares the search of every frame for faces with one that follows faces by their landmarks between full searches.

    python -m tests.benchmarks.following [--frames 31] [--every 5 15] [--passes 1 2] [--scores] CLIP...

Followed is what lies between two full searches of one shot (every n-th frame, cuts, and where tiles are due) if both
ends agree: the mesh, put on the landmarks of the frame before, holds each face up to the second search, which finds
these faces again and no others. Every other frame is searched as today. Prints one row per way of following: frames
followed, frames with another number of faces, other abstentions and tracks, how far boxes and landmarks moved, what the
fast network says of them (`--scores`, every fourth followed frame), and the processor time of the search per frame.
`--out FILE` adds one line of JSON per clip. decisions/0051-search.md tells what came of it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from inspector.console import SafeConsole
from inspector.domain.clip import Clip, Frame
from inspector.domain.faces import Abstention, Face
from inspector.domain.geometry import LandmarkSet
from inspector.domain.settings import Settings
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.faces.crop import crop_box, cut
from inspector.engine.faces.finder import FaceFinder, _region_of
from inspector.engine.faces.quality import QUALITY_MARGIN, QUALITY_PX, abstention, measure_quality
from inspector.engine.faces.tracker import ShotDetector, Tracker, thumbnail
from inspector.engine.model.bundle import DEFAULT_BUNDLE, find_bundle
from inspector.engine.model.detector import Detector

_SETTINGS = Settings()
_SAME = 0.5  # least overlap of a followed face with the one that the next search finds
_SCORED_EVERY = 4


@dataclass(slots=True, eq=False)
class Searched:
    """The frames of a clip as they are searched today; `cost` is the processor time of each search in seconds."""

    clip: Clip
    frames: list[Frame]
    faces: list[list[Face]] = field(default_factory=list)
    is_cut: list[bool] = field(default_factory=list)
    with_tiles: list[bool] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Difference:
    """What following gave for clips, beside today's search. Distances are of each face, in pixels."""

    frames: int = 0
    followed: int = 0
    stretches: int = 0
    refused: int = 0
    other_count: int = 0
    other_abstention: int = 0
    other_tracks: int = 0
    pairs: int = 0
    without_landmarks: int = 0
    seconds_today: float = 0.0
    seconds: float = 0.0
    box: list[float] = field(default_factory=list)
    landmarks: list[float] = field(default_factory=list)
    probability: list[float] = field(default_factory=list)

    def add(self, other: Difference) -> None:
        """Add what another clip gave."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def search(path: Path, finder: FaceFinder, most: int) -> Searched:
    """Search the first frames of a clip in full, as the analysis does."""
    clip = open_clip(path)
    with Decoder(clip) as decoder:
        found = Searched(clip, list(islice((item for item in decoder.frames() if isinstance(item, Frame)), most)))
    shots, tracker, next_tiles = ShotDetector(), Tracker(), 0.0
    for frame in found.frames:
        is_cut, seconds = shots.is_cut_to(thumbnail(frame.image)), clip.seconds(frame.pts)
        with_tiles = is_cut or seconds >= next_tiles
        if with_tiles:
            next_tiles = seconds + _SETTINGS.tile_seconds
        start = time.thread_time()
        faces = finder.find(frame.image, frame.pts, () if is_cut else tracker.boxes, with_tiles)
        found.cost.append(time.thread_time() - start)
        tracker.update(frame.pts, faces, is_cut, seconds)
        found.faces.append(faces)
        found.is_cut.append(is_cut)
        found.with_tiles.append(with_tiles)
    return found


def full_searches(found: Searched, every: int) -> list[int]:
    """The frames that are searched in full: the first and last of each shot, those with tiles, and every n-th."""
    last, chosen, since = len(found.frames) - 1, [], every
    for index in range(last + 1):
        ends_shot = index == last or found.is_cut[index + 1]
        if since >= every or ends_shot or found.with_tiles[index]:
            chosen.append(index)
            since = 0
        since += 1
    return chosen


def follow(found: Searched, finder: FaceFinder, first: int, last: int, passes: int) -> list[list[Face]] | None:
    """The faces of the frames between two full searches, or None where the ends do not agree."""
    faces, between = found.faces[first], []
    for frame in found.frames[first + 1 : last + 1]:
        moved = [_moved(face, frame, finder, passes) for face in faces]
        faces = [face for face in moved if face is not None]
        if len(faces) < len(moved):
            return None
        between.append(sorted(faces, key=lambda face: (*face.box.centre, face.box.width)))
    end = found.faces[last]
    agree = len(end) == len(faces) and all(
        face.landmarks is not None and sum(face.box.iou(other.box) > _SAME for other in faces) == 1 for face in end
    )
    return between[:-1] if agree else None


def _moved(face: Face, frame: Frame, finder: FaceFinder, passes: int) -> Face | None:
    points = None if face.landmarks is None else face.landmarks.points
    for _ in range(passes):
        points = None if points is None else finder._points(frame.image, _region_of(points))
    if points is None:
        return None
    landmarks = LandmarkSet(points)
    return Face(frame.pts, landmarks.bounds, landmarks, face.detection_confidence)


def compare(found: Searched, finder: FaceFinder, every: int, passes: int, detector: Detector | None) -> Difference:
    """Follow the faces of a clip and hold the outcome against today's."""
    given = Difference(frames=len(found.frames), seconds_today=sum(found.cost), seconds=sum(found.cost))
    faces = list(found.faces)
    for first, last in pairwise(full_searches(found, every)):
        if found.is_cut[last] or last == first + 1:
            continue
        start = time.thread_time()
        between = follow(found, finder, first, last, passes)
        given.seconds += time.thread_time() - start
        given.stretches += 1
        if between is None:
            given.refused += 1
            continue
        faces[first + 1 : last] = between
        given.followed += len(between)
        given.seconds -= sum(found.cost[first + 1 : last])
        for index in range(first + 1, last):
            _hold_against(given, found, index, faces[index], detector)
    given.other_tracks = _tracks(found, found.faces) != _tracks(found, faces)
    return given


def _hold_against(given: Difference, found: Searched, index: int, faces: list[Face], detector: Detector | None) -> None:
    """Compare each face of a frame with the followed one that overlaps it most."""
    image, today = found.frames[index].image, found.faces[index]
    given.other_count += len(faces) != len(today)
    for face in today:
        other = max(faces, key=lambda each: face.box.iou(each.box), default=None)
        if other is None or other.landmarks is None or face.box.iou(other.box) == 0:
            continue
        given.pairs += 1
        one, two = face.box, other.box
        edges = one.x - two.x, one.y - two.y, one.right - two.right, one.bottom - two.bottom
        given.box.append(max(map(abs, edges)))
        given.other_abstention += _reason(face, image) != _reason(other, image)
        if face.landmarks is None:
            given.without_landmarks += 1
            continue
        steps = face.landmarks.points[:, :2] - other.landmarks.points[:, :2]
        given.landmarks.append(float(np.linalg.norm(steps, axis=1).mean()))
        if detector is not None and index % _SCORED_EVERY == 0:
            card = detector.card
            crops = [cut(image, crop_box(each, card.crop_margin), card.input_size) for each in (face, other)]
            first, second = detector.frame_probability(detector.logits(np.stack(crops)))
            given.probability.append(abs(float(first - second)))


def _reason(face: Face, image: np.ndarray[Any, np.dtype[np.uint8]]) -> Abstention | None:
    crop = cut(image, crop_box(face, QUALITY_MARGIN), QUALITY_PX)
    return abstention(face, measure_quality(face, crop, image.shape[1], image.shape[0]), _SETTINGS)


def _tracks(found: Searched, faces: Sequence[Sequence[Face]]) -> dict[int, tuple[int, int]]:
    """First and last frame of each track."""
    tracker, spans = Tracker(), dict[int, tuple[int, int]]()
    for index, (frame, each) in enumerate(zip(found.frames, faces, strict=True)):
        for track in tracker.update(frame.pts, each, found.is_cut[index], found.clip.seconds(frame.pts)):
            spans[track] = spans.get(track, (index, index))[0], index
    return spans


def _spread(values: Sequence[float], digits: int) -> str:
    if not values:
        return "-"
    return " / ".join(f"{value:.{digits}f}" for value in (*np.percentile(values, (50, 95)), max(values)))


def shown(totals: dict[tuple[int, int], Difference], clips: int) -> Table:
    """The totals as a table, one column per way of following."""
    table = Table("", *(f"every {every}, passes {passes}" for every, passes in totals), title=f"{clips} clips")
    each = list(totals.values())
    rows = {
        "frames, of them followed": [f"{d.frames}, {d.followed}" for d in each],
        "stretches, of them refused": [f"{d.stretches}, {d.refused}" for d in each],
        "frames with another number of faces": [str(d.other_count) for d in each],
        "faces, with another abstention": [f"{d.pairs}, {d.other_abstention}" for d in each],
        "faces without landmarks today": [str(d.without_landmarks) for d in each],
        "clips with other tracks": [str(d.other_tracks) for d in each],
        "box, px: median / 95 % / most": [_spread(d.box, 2) for d in each],
        "landmarks, px": [_spread(d.landmarks, 2) for d in each],
        "probability": [_spread(d.probability, 4) for d in each],
        "scores": [str(len(d.probability)) for d in each],
        "search, ms a frame: today": [f"{d.seconds_today / max(d.frames, 1) * 1e3:.1f}" for d in each],
        "search, ms a frame: followed": [f"{d.seconds / max(d.frames, 1) * 1e3:.1f}" for d in each],
    }
    for name, cells in rows.items():
        table.add_row(name, *cells)
    return table


def main() -> None:
    """Measure the named clips."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--frames", type=int, default=31)
    parser.add_argument("--every", type=int, nargs="+", default=[5, 15])
    parser.add_argument("--passes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--scores", action="store_true")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    detector = Detector.load(find_bundle(DEFAULT_BUNDLE), "cpu", with_deep=False) if asked.scores else None
    totals = {(every, passes): Difference() for every in asked.every for passes in asked.passes}
    with FaceFinder(_SETTINGS.detection_confidence) as finder:
        for path in asked.clips:
            found = search(path, finder, asked.frames)
            for way, total in totals.items():
                given = compare(found, finder, *way, detector)
                total.add(given)
                if asked.out:
                    row = {name: getattr(given, name) for name in given.__slots__}
                    with asked.out.open("a") as file:
                        file.write(json.dumps({"clip": path.name, "every": way[0], "passes": way[1], **row}) + "\n")
    SafeConsole().print(shown(totals, len(asked.clips)))


if __name__ == "__main__":
    main()
