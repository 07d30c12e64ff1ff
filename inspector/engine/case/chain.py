"""The chain of a case's log: each entry holds a hash over itself and the entry before, and digests of its subject.

An edit with another tool breaks it: of an entry, of a score, of an annotation. It cannot show an edit by somebody who
builds the whole chain anew; a signature or time stamp of a report, which holds the last hash, ends that. Nor does it
show that the newest entries were removed together with what they are about, unless a report holds a later hash.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping

import msgspec

BROKEN = "log does not hold"
"""The action of the entry about an imported file whose own chain was broken."""

STATE = "state"
"""The subject of an entry whose digest is a JSON object of the digests of all subjects."""

_ANNOTATIONS = {"note": "notes", "bookmark": "bookmarks", "review": "reviews", "picture": "pictures", "name": "names"}
_ENTRY = "SELECT id, at, action, detail, subject, digest, chain FROM audit"
# The evidence may be found at another path, and an imported analysis be confirmed: neither changes what was found.
_ANALYSIS = (
    "SELECT json_remove(clip, '$.path'), settings, model_sha256, started_at, series, "
    "json_remove(result, '$.clip.path') FROM analyses WHERE id = ?"
)
_ROWS = ("frames", "faces", "scores", "gaps", "signals")


def next_hash(before: str, entry: Mapping[str, object]) -> str:
    """The hash of an entry after the one with the hash `before`, "" for the first one."""
    values = [before, *(entry[name] for name in ("at", "action", "detail", "subject", "digest"))]
    return hashlib.sha256(msgspec.msgpack.encode(values)).hexdigest()


def last_hash(db: sqlite3.Connection) -> str:
    """The hash of the newest entry, "" if there is none."""
    row = db.execute("SELECT chain FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return "" if row is None else str(row[0])


def annotation_digest(db: sqlite3.Connection, table: str, number: int) -> str:
    """The digest of one row of the examiner's; "" if it was removed."""
    row = db.execute(f"SELECT * FROM {table} WHERE id = ?", (number,)).fetchone()  # noqa: S608 a table of ours
    return "" if row is None else hashlib.sha256(msgspec.msgpack.encode(tuple(row))).hexdigest()


def cover_digest(db: sqlite3.Connection) -> str:
    """The digest of the cover."""
    row = db.execute("SELECT body FROM info").fetchone()
    return "" if row is None else hashlib.sha256(str(row[0]).encode()).hexdigest()


def analysis_digest(db: sqlite3.Connection, number: int) -> str:
    """The digest of everything that an analysis stored: frames, faces, scores, gaps, signals and result."""
    digest = hashlib.sha256()
    orders = {"frames": "pts", "gaps": "start_pts, end_pts, reason", "signals": "track, start_pts"}
    queries = [_ANALYSIS]
    queries += [f"SELECT * FROM {t} WHERE analysis = ? ORDER BY {orders.get(t, 'pts, track')}" for t in _ROWS]  # noqa: S608
    for query in queries:
        for row in db.execute(query, (number,)):
            digest.update(msgspec.msgpack.encode(tuple(row)))
        digest.update(b"\xc1")  # which msgpack never writes: the rows of one table end here
    return digest.hexdigest()


def state_of(db: sqlite3.Connection) -> dict[str, str]:
    """The digest of every subject that the file holds: cover, finished analyses, annotations."""
    found = {"cover": cover_digest(db)}
    for (number,) in db.execute("SELECT id FROM analyses WHERE result IS NOT NULL").fetchall():
        found[f"analysis {number}"] = analysis_digest(db, number)
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    for name, table in _ANNOTATIONS.items():
        if table not in tables:
            continue  # of an older file
        for (number,) in db.execute(f"SELECT id FROM {table}").fetchall():  # noqa: S608 a table of ours
            found[f"{name} {number}"] = annotation_digest(db, table, number)
    return found


def problems(db: sqlite3.Connection) -> list[str]:
    """What does not hold, one phrase each: entries, and what was changed without one. Reads the whole file."""
    found, logged = [], {}
    before, is_noted = "", False
    for entry in _entries(db):
        if entry["chain"] != next_hash(before, entry):
            found += [] if is_noted else [f"entry {entry['id']} or the one before it was changed, added or removed"]
            is_noted = True  # one edit is one problem, though it may break two links
        else:
            is_noted = False
        before = str(entry["chain"])
        if entry["action"] == BROKEN:
            found.append(str(entry["detail"]))
        logged.update(_digests(str(entry["subject"]), str(entry["digest"])))
    return [*found, *_unlogged(state_of(db), logged)]


def _entries(db: sqlite3.Connection) -> Iterator[dict[str, object]]:
    cursor = db.execute(f"{_ENTRY} ORDER BY id")
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, tuple(row), strict=True))


def _digests(subject: str, digest: str) -> dict[str, str]:
    if subject != STATE:
        return {subject: digest} if subject else {}
    try:
        found = json.loads(digest)
        return {str(name): str(value) for name, value in found.items()}
    except (ValueError, AttributeError, RecursionError):
        return {}  # a changed entry, which its hash has shown


def _unlogged(state: Mapping[str, str], logged: Mapping[str, str]) -> Iterator[str]:
    """What the file holds otherwise than its log says."""
    for subject in sorted({*state, *logged}):
        is_here, was_logged = state.get(subject, ""), logged.get(subject, "")
        if subject == "cover" and not was_logged:
            continue  # a new file's empty cover
        if is_here != was_logged:
            word = "removed" if not is_here else "added" if not was_logged else "changed"
            yield f"{subject} was {word} without an entry in the log"
