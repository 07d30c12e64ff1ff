"""What the tables of a case file of each version hold, and whether a row that a stranger stored is what they say."""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import msgspec
import numpy as np

from inspector.domain.case import MOST_NAME
from inspector.engine.case.schema import SCHEMA, SCHEMA_VERSION, unpack_landmarks

# What a version added to the one before: tables, and columns of tables that were there.
_ADDED_TABLES = {2: {"reviews"}, 3: {"pictures"}, 6: {"signals"}, 9: {"names"}}
_ADDED_COLUMNS = {
    2: {"notes": {"end_pts"}},
    5: {"scores": {"deep_logit", "deep_probability"}},
    6: {"analyses": {"series"}},
    7: {"analyses": {"imported", "mac"}},
    8: {"audit": {"subject", "digest", "chain"}},
}

_MOST_JSON = 64 << 20  # bytes of a result, which holds the segments and summaries of a long clip
_MOST_VALUE = 1 << 20  # bytes of any other text or blob
_JSON_COLUMNS = {"clip", "settings", "state", "result", "series", "body"}
_PROBABILITIES = {"probability", "deep_probability"}
_TYPES: dict[str, tuple[type, ...]] = {"INTEGER": (int,), "REAL": (float, int), "TEXT": (str,), "BLOB": (bytes,)}


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the schema declares it; `kind` is one of INTEGER, REAL, TEXT and BLOB."""

    name: str
    kind: str
    is_nullable: bool
    key: int  # its place in the primary key, from 1; 0 if it is not in it


Table = dict[str, Column]


def tables_of(version: int) -> dict[str, Table]:
    """The tables of a version by name, with their columns by name."""
    later = range(version + 1, SCHEMA_VERSION + 1)
    missing = {name for number in later for name in _ADDED_TABLES.get(number, ())}
    lacks: dict[str, set[str]] = {}
    for number in later:
        for name, columns in _ADDED_COLUMNS.get(number, {}).items():
            lacks.setdefault(name, set()).update(columns)
    return {
        name: {column: found for column, found in table.items() if column not in lacks.get(name, ())}
        for name, table in _current().items()
        if name not in missing
    }


def read_tables(db: sqlite3.Connection, names: list[str]) -> dict[str, Table]:
    """The tables of a database. Hidden and generated columns are listed too, with no kind: they are not stored."""
    return {
        name: {
            row[1]: Column(row[1], "" if row[6] else row[2], not (row[3] or row[5]), row[5])
            for row in db.execute(f"PRAGMA table_xinfo({name})")
        }
        for name in names
    }


@cache
def _current() -> dict[str, Table]:
    db = sqlite3.connect(":memory:")
    try:
        db.executescript(SCHEMA)
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return read_tables(db, names)
    finally:
        db.close()


@cache
def current_statements() -> tuple[tuple[object, ...], ...]:
    """The rows of sqlite_master in a file of this version."""
    db = sqlite3.connect(":memory:")
    try:
        db.executescript(SCHEMA)
        return statements(db)
    finally:
        db.close()


def statements(db: sqlite3.Connection) -> tuple[tuple[object, ...], ...]:
    """The rows of a database's sqlite_master, sorted."""
    rows = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    return tuple(sorted((tuple(row) for row in rows), key=repr))


def wrong_schema(db: sqlite3.Connection, version: int) -> str:
    """What a database holds that a case file of this version does not, or the reverse; "" if nothing."""
    expected = tables_of(version)
    triggers = {row[1]: row[3] for row in current_statements() if row[0] == "trigger"}
    names = set()
    for kind, name, _table, sql in statements(db):
        if kind == "trigger" and _spaced(str(sql)) == _spaced(str(triggers.get(name))):
            continue
        if kind == "index" and sql is None:
            continue  # made by SQLite for a UNIQUE column
        if kind != "table" or name not in expected:
            return f"it has the {kind} {str(name)[:60]!r}, which no case file has"
        names.add(str(name))
    for name in expected.keys() - names:
        return f"it has no table {name!r}"
    found = read_tables(db, sorted(names))
    return next(
        (f"its table {name!r} has other columns" for name in sorted(names) if found[name] != expected[name]), ""
    )


def _spaced(sql: str) -> str:
    return " ".join(sql.replace("IF NOT EXISTS ", "").split())


def checked_row(name: str, table: Table) -> Callable[[sqlite3.Row | tuple[object, ...]], str]:
    """A check of the rows of a table, with their columns in its order: what is wrong with one, or ""."""
    checks = [_checker(name, column) for column in table.values()]

    def check(row: sqlite3.Row | tuple[object, ...]) -> str:
        return next(filter(None, (wrong(value) for wrong, value in zip(checks, row, strict=True))), "")

    return check


def _checker(table: str, column: Column) -> Callable[[object], str]:
    """What is wrong with a value of a column, or ""."""
    types, name = _TYPES[column.kind], column.name
    most = _MOST_JSON if name in _JSON_COLUMNS else _MOST_VALUE
    content = _CONTENTS.get((table, name), _JSON if name in _JSON_COLUMNS else None)

    def wrong(value: object) -> str:
        if value is None:
            return "" if column.is_nullable else f"{name} in {table} is missing"
        if type(value) not in types:
            return f"{name} in {table} is {type(value).__name__}, not {types[0].__name__}"
        if isinstance(value, float) and not math.isfinite(value):
            return f"{name} in {table} is {value}"
        if name in _PROBABILITIES and isinstance(value, int | float) and not 0 <= value <= 1:
            return f"{name} in {table} is {value}, which is no probability"
        if isinstance(value, str | bytes) and len(value) > most:
            return f"{name} in {table} has more than {most >> 20} MiB"
        problem = content(value) if content is not None else ""
        return f"{name} in {table} {problem}" if problem else ""

    return wrong


def _JSON(value: object) -> str:
    try:
        msgspec.json.decode(str(value))
    except (msgspec.DecodeError, RecursionError) as error:
        return f"is no valid JSON ({error})"
    return ""


def _landmarks(value: object) -> str:
    assert isinstance(value, bytes)
    try:
        found = unpack_landmarks(value)
    except ValueError as error:
        return f"is damaged ({error})"
    return "" if found is None or np.isfinite(found.points).all() else "holds a value that is not finite"


def _measured(value: object) -> str:
    """The values of signals: NaN is "not measured", infinity is nothing."""
    assert isinstance(value, bytes)
    if len(value) % 4:
        return "has an unexpected size"
    return "holds an infinite value" if np.isinf(np.frombuffer(value, "<f4")).any() else ""


def _face_name(value: object) -> str:
    name = str(value)
    return "" if 0 < len(name) <= MOST_NAME and name.isprintable() else "is no name of one line"


def _sha256(value: object) -> str:
    return "" if re.fullmatch("[0-9a-f]{64}", str(value)) else "is no SHA-256"


_CONTENTS: Mapping[tuple[str, str], Callable[[object], str]] = {
    ("faces", "landmarks"): _landmarks,
    ("signals", "measured"): _measured,
    ("frames", "sha256"): _sha256,
    ("names", "name"): _face_name,
}
