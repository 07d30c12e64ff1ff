"""What brings a case file of an older version to the next one, step by step; each step is one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from inspector.engine.case.schema import unpack_landmarks
from inspector.engine.case.signal_upgrade import move_signals
from inspector.engine.clock import now

LANDMARKS_LOST = "landmarks left out"
"""The action of the log line about landmarks that an older version stored wrongly."""

_CHECKED_PX = 1500  # the landmarks of a smaller face lie within 2,048 px of its centre


def _to_2(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE notes ADD COLUMN end_pts INTEGER")
    db.execute(
        "CREATE TABLE reviews (id INTEGER PRIMARY KEY, finding TEXT NOT NULL UNIQUE, decision TEXT NOT NULL, "
        "reason TEXT NOT NULL, author TEXT NOT NULL, written_at TEXT NOT NULL)"
    )


def _to_3(db: sqlite3.Connection) -> None:
    db.execute(
        "CREATE TABLE pictures (id INTEGER PRIMARY KEY, pts INTEGER NOT NULL, label TEXT NOT NULL, "
        "filters TEXT NOT NULL, on_screen TEXT NOT NULL, author TEXT NOT NULL, written_at TEXT NOT NULL)"
    )


def _to_4(db: sqlite3.Connection) -> None:
    """Log how many faces have landmarks that were cut off; `unpack_landmarks` leaves those out."""
    query = "SELECT landmarks FROM faces WHERE landmarks IS NOT NULL AND max(width, height) > ?"
    lost = sum(_is_cut_off(blob) for (blob,) in db.execute(query, (_CHECKED_PX,)))
    if lost:
        detail = (
            f"An earlier version stored the landmarks of faces larger than 4,096 px with an error of many pixels; "
            f"those of {lost} face{'s' if lost > 1 else ''} are left out. Scores and boxes are not affected. Analyse "
            "the clip again to get the landmarks."
        )
        db.execute("INSERT INTO audit (at, action, detail) VALUES (?, ?, ?)", (now(), LANDMARKS_LOST, detail))


def _to_5(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE scores ADD COLUMN deep_logit REAL")
    db.execute("ALTER TABLE scores ADD COLUMN deep_probability REAL")


def _to_6(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE analyses ADD COLUMN series TEXT")
    db.execute(
        "CREATE TABLE IF NOT EXISTS signals (analysis INTEGER NOT NULL, track INTEGER NOT NULL, "
        "start_pts INTEGER NOT NULL, end_pts INTEGER NOT NULL, pts BLOB NOT NULL, measured BLOB NOT NULL, "
        "PRIMARY KEY (analysis, track, start_pts)) WITHOUT ROWID"
    )
    move_signals(db)


def _is_cut_off(blob: bytes) -> bool:
    try:
        return unpack_landmarks(blob) is None
    except ValueError:
        return False  # damaged, which is reported when the face is read


UPGRADES: dict[int, Callable[[sqlite3.Connection], None]] = {1: _to_2, 2: _to_3, 3: _to_4, 4: _to_5, 5: _to_6}
"""The step from each version to the next one; it runs within a transaction."""
