"""What an older case file needs beside the columns and tables that a later version added, when it is imported."""

from __future__ import annotations

import sqlite3

from inspector.engine.case.database import write_log
from inspector.engine.case.schema import unpack_landmarks
from inspector.engine.case.signal_upgrade import move_signals

LANDMARKS_LOST = "landmarks left out"
"""The action of the log line about landmarks that an older version stored wrongly."""

IMPORTED_ACTION = "imported: "
"""Begins the action of each log line that came with an imported file."""

_CHECKED_PX = 1500  # the landmarks of a smaller face lie within 2,048 px of its centre


def upgrade(db: sqlite3.Connection, version: int) -> None:
    """Bring the rows of a file of an older version, which are in tables of this one, to this version.

    A step is needed only where rows change: tables and columns that a version added are empty.
    """
    if version < 4:
        _log_lost_landmarks(db)
    if version < 6:
        move_signals(db)


def _log_lost_landmarks(db: sqlite3.Connection) -> None:
    """Log how many faces have landmarks that were cut off; `unpack_landmarks` leaves those out."""
    query = "SELECT landmarks FROM faces WHERE landmarks IS NOT NULL AND max(width, height) > ?"
    lost = sum(_is_cut_off(blob) for (blob,) in db.execute(query, (_CHECKED_PX,)))
    if lost:
        detail = (
            f"An earlier version stored the landmarks of faces larger than 4,096 px with an error of many pixels; "
            f"those of {lost} face{'s' if lost > 1 else ''} are left out. Scores and boxes are not affected. Analyse "
            "the clip again to get the landmarks."
        )
        write_log(db, LANDMARKS_LOST, detail)


def _is_cut_off(blob: bytes) -> bool:
    try:
        return unpack_landmarks(blob) is None
    except ValueError:
        return False  # damaged, which is reported when the face is read
