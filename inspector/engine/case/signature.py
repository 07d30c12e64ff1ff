"""Signatures of analyses: whether a result in a case file was made by this installation (decision 0021).

A signature is an HMAC-SHA256 over everything that an analysis stored. It is written when an analysis begins, which lets
an interrupted one go on, and again when it ends.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from enum import Enum

import msgspec

from inspector.engine.case.database import write_log

SIGNED_SINCE = 7
"""The first version of case files whose analyses are signed."""

# A column that a later schema adds is not signed unless a new version of the signature names it: older files are
# checked by what they were signed with.
_VERSION = b"Deepfake Inspector analysis 1"
# The evidence may be moved: its path is noted again where it is found, and is not signed.
_BEGUN = (
    "SELECT json_remove(clip, '$.path'), settings, model_sha256, started_at, series, imported FROM analyses "
    "WHERE id = ?"
)
_RESULT = "SELECT json_remove(result, '$.clip.path') FROM analyses WHERE id = ?"
_ROWS = (
    "SELECT pts, number, is_key, sha256, is_shot_start FROM frames WHERE analysis = ? ORDER BY pts",
    "SELECT pts, track, x, y, width, height, confidence, landmarks FROM faces WHERE analysis = ? ORDER BY pts, track",
    "SELECT pts, track, crop_x, crop_y, crop_side, logit, probability, abstained, box_x, box_y, box_width, box_height, "
    "face_px, sharpness, yaw, pitch, roll, inside, deep_logit, deep_probability FROM scores WHERE analysis = ? "
    "ORDER BY pts, track",
    "SELECT start_pts, end_pts, reason FROM gaps WHERE analysis = ? ORDER BY start_pts, end_pts, reason",
    "SELECT track, start_pts, end_pts, pts, measured FROM signals WHERE analysis = ? ORDER BY track, start_pts",
)


class Origin(Enum):
    """What the signature of an analysis proves."""

    OWN = "own"  # this installation made it, or imported it and marked it so; nothing was changed since
    BEGUN = "begun"  # this installation began it, and its end is not signed
    UNSIGNED = "unsigned"  # it is not finished, and not signed: another window may just have begun it
    UNKNOWN = "unknown"


def sign(db: sqlite3.Connection, analysis_id: int, key: bytes) -> None:
    """Sign an analysis as it is stored, within a transaction."""
    mac = _mac(db, analysis_id, key, with_result=True)
    db.execute("UPDATE analyses SET mac = ? WHERE id = ?", (mac, analysis_id))


def origin_of(db: sqlite3.Connection, analysis_id: int, key: bytes) -> Origin:
    """Compare an analysis with its signature; reads all of it."""
    query = "SELECT mac, result IS NULL FROM analyses WHERE id = ?"
    stored, is_unfinished = db.execute(query, (analysis_id,)).fetchone()
    if not isinstance(stored, bytes):
        return Origin.UNSIGNED if stored is None and is_unfinished else Origin.UNKNOWN
    for with_result, origin in ((True, Origin.OWN), (False, Origin.BEGUN)):
        if hmac.compare_digest(stored, _mac(db, analysis_id, key, with_result=with_result)):
            return origin
    return Origin.UNKNOWN


def confirm(db: sqlite3.Connection, analysis_id: int, key: bytes, detail: str) -> None:
    """Take an imported analysis as one of this installation, which has made it again with the same result.

    Call it within a transaction; `detail` is for the log, and says what was compared.
    """
    db.execute("UPDATE analyses SET imported = NULL WHERE id = ?", (analysis_id,))
    sign(db, analysis_id, key)
    write_log(db, "imported analysis confirmed", detail)


def has_same_rows(db: sqlite3.Connection, one: int, other: int) -> bool:
    """Whether two analyses stored the same frames, faces, scores, gaps and signals, bit for bit.

    Measurements that one of them lacks altogether, because an earlier release made it, are not compared.
    """
    tracks = "SELECT DISTINCT track FROM signals WHERE analysis = ? AND track <= 0"
    of_clip = [{number for (number,) in _plain(db, tracks, analysis_id)} for analysis_id in (one, other)]
    lacking = of_clip[0] ^ of_clip[1]
    return _rows_digest(db, one, lacking) == _rows_digest(db, other, lacking)


def _rows_digest(db: sqlite3.Connection, analysis_id: int, without_tracks: set[int]) -> bytes:
    digest = hashlib.sha256()
    without = "".join(f" AND track != {number}" for number in without_tracks)
    for query in _ROWS:
        shorter = query.replace(" ORDER BY", f"{without} ORDER BY") if "FROM signals" in query else query
        _add(digest, db, shorter, analysis_id)
    return digest.digest()


def _mac(db: sqlite3.Connection, analysis_id: int, key: bytes, *, with_result: bool) -> bytes:
    """The signature of an analysis; of one that has only begun, its rows are not signed."""
    digest = hashlib.sha256(_VERSION)
    _add(digest, db, _BEGUN, analysis_id)
    _add(digest, db, _RESULT if with_result else "SELECT NULL WHERE ? IS NOT NULL", analysis_id)
    (is_finished,) = db.execute("SELECT result IS NOT NULL FROM analyses WHERE id = ?", (analysis_id,)).fetchone()
    for query in _ROWS if is_finished and with_result else ():
        _add(digest, db, query, analysis_id)
    return hmac.digest(key, digest.digest(), "sha256")


def _add(digest: hashlib._Hash, db: sqlite3.Connection, query: str, analysis_id: int) -> None:
    for row in _plain(db, query, analysis_id):
        digest.update(msgspec.msgpack.encode(row))
    digest.update(b"\xc1")  # which msgpack never writes: the rows of one table end here


def _plain(db: sqlite3.Connection, query: str, analysis_id: int) -> sqlite3.Cursor:
    """The rows of a query about an analysis, as tuples."""
    cursor = db.cursor()
    cursor.row_factory = None
    return cursor.execute(query, (analysis_id,))
