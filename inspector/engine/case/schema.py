"""The tables of a case file and the compact stored form of landmarks."""

from __future__ import annotations

import zlib

import numpy as np

from inspector.domain.geometry import LandmarkSet

APPLICATION_ID = 0x44464943  # "DFIC"
SCHEMA_VERSION = 9
CHAINED_SINCE = 8
"""The first version of case files whose log is a chain."""

# One row an analysis; `state` is what an interrupted one needs to go on (next pts, tracker), written with each batch.
# `imported` says where one comes from that this installation did not make, and `mac` is this installation's signature.
# Of two that begin one file at the same moment (the window writes, the engine analyses) the second finds all there.
SCHEMA = """
CREATE TABLE IF NOT EXISTS info (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS analyses (
  id INTEGER PRIMARY KEY, clip TEXT NOT NULL, settings TEXT NOT NULL, model_sha256 TEXT NOT NULL,
  started_at TEXT NOT NULL, state TEXT, result TEXT, series TEXT, imported TEXT, mac BLOB);
CREATE TABLE IF NOT EXISTS frames (
  analysis INTEGER NOT NULL, pts INTEGER NOT NULL, number INTEGER NOT NULL, is_key INTEGER NOT NULL,
  sha256 TEXT NOT NULL, is_shot_start INTEGER NOT NULL, PRIMARY KEY (analysis, pts)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS faces (
  analysis INTEGER NOT NULL, pts INTEGER NOT NULL, track INTEGER NOT NULL,
  x REAL NOT NULL, y REAL NOT NULL, width REAL NOT NULL, height REAL NOT NULL, confidence REAL NOT NULL,
  landmarks BLOB, PRIMARY KEY (analysis, pts, track)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scores (
  analysis INTEGER NOT NULL, pts INTEGER NOT NULL, track INTEGER NOT NULL,
  crop_x REAL, crop_y REAL, crop_side REAL, logit REAL, probability REAL, abstained TEXT,
  box_x REAL, box_y REAL, box_width REAL, box_height REAL,
  face_px REAL, sharpness REAL, yaw REAL, pitch REAL, roll REAL, inside REAL,
  deep_logit REAL, deep_probability REAL,
  PRIMARY KEY (analysis, pts, track)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gaps (
  analysis INTEGER NOT NULL, start_pts INTEGER NOT NULL, end_pts INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS signals (
  analysis INTEGER NOT NULL, track INTEGER NOT NULL, start_pts INTEGER NOT NULL, end_pts INTEGER NOT NULL,
  pts BLOB NOT NULL, measured BLOB NOT NULL, PRIMARY KEY (analysis, track, start_pts)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (
  id INTEGER PRIMARY KEY, author TEXT NOT NULL, written_at TEXT NOT NULL, text TEXT NOT NULL, pts INTEGER,
  end_pts INTEGER);
CREATE TABLE IF NOT EXISTS bookmarks (
  id INTEGER PRIMARY KEY, pts INTEGER NOT NULL, label TEXT NOT NULL, written_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reviews (
  id INTEGER PRIMARY KEY, finding TEXT NOT NULL, decision TEXT NOT NULL, reason TEXT NOT NULL,
  author TEXT NOT NULL, written_at TEXT NOT NULL, UNIQUE (finding, author));
CREATE TABLE IF NOT EXISTS pictures (
  id INTEGER PRIMARY KEY, pts INTEGER NOT NULL, label TEXT NOT NULL, filters TEXT NOT NULL, on_screen TEXT NOT NULL,
  author TEXT NOT NULL, written_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS names (
  id INTEGER PRIMARY KEY, analysis TEXT NOT NULL, track INTEGER NOT NULL, name TEXT NOT NULL, author TEXT NOT NULL,
  written_at TEXT NOT NULL, UNIQUE (analysis, track));
CREATE TABLE IF NOT EXISTS audit (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL,
  subject TEXT NOT NULL, digest TEXT NOT NULL, chain TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS audit_kept BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END;
CREATE TRIGGER IF NOT EXISTS audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END;
"""

_STEPS_PER_PIXEL = 16  # far below the mesh's own noise
_VALUES = 478 * 3
_CENTRE_BYTES = 3 * 4


def pack_landmarks(landmarks: LandmarkSet) -> bytes:
    """Landmarks as zlib'ed steps of 1/16 px about their rounded centre: about 2.4 kB instead of 5.7.

    Steps are int16; those of a face with a point more than 2,047 px from its centre are int32.
    """
    centre = np.round(landmarks.points.mean(axis=0))
    steps = np.round((landmarks.points - centre) * _STEPS_PER_PIXEL)
    is_large = bool(np.abs(steps).max() >= 32767)
    data = centre.astype("<f4").tobytes() + steps.astype("<i4" if is_large else "<i2").tobytes()
    return zlib.compress(data, 1)


def unpack_landmarks(blob: bytes) -> LandmarkSet | None:
    """The reverse of `pack_landmarks`. Raises ValueError for a blob that is not one.

    None if a version before 4 cut the points off at 2,048 px from the centre, which makes them wrong.
    """
    longest = _CENTRE_BYTES + _VALUES * 4
    try:
        data = zlib.decompressobj().decompress(blob, longest + 1)
    except zlib.error as error:
        raise ValueError(f"stored landmarks are damaged ({error})") from error
    if len(data) not in (longest, _CENTRE_BYTES + _VALUES * 2):
        raise ValueError("stored landmarks have an unexpected size")
    steps = np.frombuffer(data, "<i4" if len(data) == longest else "<i2", _VALUES, _CENTRE_BYTES).reshape(-1, 3)
    if len(data) < longest and np.isin(steps, (-32768, 32767)).any():
        return None
    centre = np.frombuffer(data, "<f4", 3)
    return LandmarkSet((steps.astype(np.float32) / _STEPS_PER_PIXEL + centre).astype(np.float32))
