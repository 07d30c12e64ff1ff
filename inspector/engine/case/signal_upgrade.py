"""Moves the signals of analyses of versions before 6 into the table `signals`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import msgspec
import numpy as np

from inspector.domain.analysis import SignalBlock
from inspector.domain.clip import Clip
from inspector.domain.faces import FaceQuality
from inspector.engine.case.schema import unpack_landmarks
from inspector.engine.case.signal_blocks import signal_row
from inspector.engine.codec import from_json, to_json
from inspector.engine.faces.signals import SERIES, SignalRecorder

_BLOCK = 4096  # values


class _Signal(msgspec.Struct):
    track_id: int
    name: str
    unit: str
    pts: list[int]
    values: list[float | None]


class _Result(msgspec.Struct):
    signals: list[_Signal] = []


def move_signals(db: sqlite3.Connection) -> None:
    """Move what finished analyses hold in their results, and measure again what interrupted ones held in memory."""
    query = "SELECT id, clip, result, state IS NOT NULL AS is_begun FROM analyses"
    for number, clip, result, is_begun in db.execute(query).fetchall():
        if result is not None:
            signals = _decoded(result)
            names = list(dict.fromkeys((signal.name, signal.unit) for signal in signals))
            blocks = _blocks(signals, names)
        else:
            names, blocks = list(SERIES), _measured(db, number, clip) if is_begun else iter(())
        for block in blocks:
            row = signal_row(number, block)
            columns = ", ".join(row)
            values = ", ".join(f":{column}" for column in row)
            db.execute(f"INSERT INTO signals ({columns}) VALUES ({values})", row)  # noqa: S608 columns of ours
        change = "UPDATE analyses SET series = ?, result = json_remove(result, '$.signals') WHERE id = ?"
        db.execute(change, (to_json(names).decode(), number))


def _decoded(result: str) -> list[_Signal]:
    try:
        return from_json(result, _Result).signals
    except ValueError:
        return []  # a damaged result, which is named when it is read


def _blocks(signals: list[_Signal], names: list[tuple[str, str]]) -> Iterator[SignalBlock]:
    for track_id in dict.fromkeys(signal.track_id for signal in signals):
        own = [signal for signal in signals if signal.track_id == track_id]
        pts = np.unique(np.concatenate([np.array(signal.pts, np.int64) for signal in own]))
        values = np.full((len(names), len(pts)), np.nan, np.float32)
        for signal in own:
            at = np.searchsorted(pts, np.array(signal.pts, np.int64))
            values[names.index((signal.name, signal.unit)), at] = np.array(signal.values, np.float64)
        for first in range(0, len(pts), _BLOCK):
            part = slice(first, first + _BLOCK)
            yield SignalBlock(track_id, pts[part], values[:, part])


def _measured(db: sqlite3.Connection, number: int, clip: str) -> Iterator[SignalBlock]:
    try:
        facts = from_json(clip, Clip)
    except ValueError:
        return  # a damaged entry, which is named when it is read
    recorder = SignalRecorder()
    query = (
        "SELECT f.pts, f.track, f.landmarks, s.face_px, s.sharpness, s.yaw, s.pitch, s.roll, s.inside FROM faces f "
        "JOIN scores s ON s.analysis = f.analysis AND s.pts = f.pts AND s.track = f.track "
        "WHERE f.analysis = ? AND f.landmarks IS NOT NULL AND s.face_px IS NOT NULL ORDER BY f.pts, f.track"
    )
    rows = db.execute(query, (number,))
    while part := rows.fetchmany(_BLOCK):
        for pts, track_id, blob, *quality in part:
            try:
                landmarks = unpack_landmarks(blob)
            except ValueError:
                continue
            if landmarks is not None:
                recorder.add(track_id, pts, facts.seconds(pts), landmarks, FaceQuality(*quality))
        yield from recorder.take()
