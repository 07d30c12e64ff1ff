"""The report's tables for spreadsheets and scripts: frames.csv and signals.csv."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from inspector.domain.analysis import FrameRecord
from inspector.domain.scores import FaceScore
from inspector.domain.sound.facts import SoundFacts
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.series import Overview, read
from inspector.engine.spreadsheet import SheetWriter

FRAME_COLUMNS = (
    "index", "pts", "seconds", "track", "x", "y", "width", "height", "fake_probability", "abstention", "frame_sha256",
    "stored_pts", "deep_logit", "deep_probability",
)  # fmt: skip


def _frame_cells(
    material: ReportMaterial, pts: int, frame: FrameRecord | None, score: FaceScore | None
) -> list[object]:
    box = None if score is None else score.box
    values = (None, None, None) if score is None else (score.fake_probability, score.deep_logit, score.deep_probability)
    probability, *deep = ("" if value is None else repr(float(value)) for value in values)
    stored = material.stored_pts(pts)
    return [
        "" if frame is None else frame.index,
        pts,
        f"{material.analysis.clip.seconds(pts):.6f}",
        "" if score is None or not score.track_id else score.track_id,
        *(("", "", "", "") if box is None else (f"{v:.2f}" for v in (box.x, box.y, box.width, box.height))),
        probability,
        "" if score is None or score.abstained is None else score.abstained.name,
        "" if frame is None else frame.sha256,
        "" if stored is None else stored,
        *deep,
    ]


def write_frames(material: ReportMaterial, path: Path) -> Overview:
    """Write frames.csv, one row per frame and face, and return what the same pass gathered.

    A frame without a face has one row with NO_FACE; one that was decoded but not analysed has neither probability nor
    abstention. `stored_pts` is the time stamp in the file, empty where there is none. Raises OSError.
    """
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = SheetWriter(file)
        writer.writerow(FRAME_COLUMNS)
        return read(material, lambda pts, frame, score: writer.writerow(_frame_cells(material, pts, frame, score)))


def write_signals(material: ReportMaterial, path: Path) -> None:
    """Write signals.csv: a row per track and pts, a column per signal with its unit. Raises OSError."""
    clip, tracks = material.analysis.clip, [track.track_id for track in material.analysis.tracks]
    names = list(dict.fromkeys((s.name, s.unit) for track_id in tracks for s in material.signals(track_id)))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = SheetWriter(file)
        writer.writerow(["track", "pts", "seconds", *(f"{n} ({u})" if u else n for n, u in names)])
        for track_id in sorted(tracks):
            own = {(signal.name, signal.unit): signal for signal in material.signals(track_id)}
            for row, pts in enumerate(next(iter(own.values())).pts.tolist() if own else ()):
                values = (own[name].values[row] if name in own else math.nan for name in names)
                cells = ("" if math.isnan(value) else f"{value:.6g}" for value in values)
                writer.writerow([track_id, pts, f"{clip.seconds(pts):.6f}", *cells])


def has_sound_table(facts: SoundFacts | None) -> bool:
    """Whether there are series for `write_sound`."""
    return facts is not None and facts.speech is not None


def write_sound(facts: SoundFacts, path: Path) -> None:
    """Write sound.csv, a row for each 0.1 s: greatest level of the speech band, and whether a voice is heard.

    Raises OSError.
    """
    speech = facts.speech
    assert speech is not None, "has_sound_table"
    group = round(0.1 / speech.step_seconds)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = SheetWriter(file)
        writer.writerow(["seconds", "speech_band_dbfs", "voice"])
        for first in range(0, len(speech.level), group):
            levels = speech.level[first : first + group]
            known = levels[np.isfinite(levels)]
            seconds = speech.start_seconds + first * speech.step_seconds
            level = f"{float(known.max()):.1f}" if len(known) else ""
            is_voiced = 2 * np.count_nonzero(speech.is_voiced[first : first + group]) > group
            writer.writerow([f"{seconds:.2f}", level, int(is_voiced)])
