"""The case file: one SQLite file that holds everything computed and everything the examiner wrote, batch by batch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from inspector.domain.analysis import Analysis, Batch, FrameRecord
from inspector.domain.case import AuditEntry, CaseInfo
from inspector.domain.clip import Clip, Gap
from inspector.domain.errors import CaseError
from inspector.domain.faces import Abstention, Face, FaceQuality
from inspector.domain.geometry import Box
from inspector.domain.scores import FaceScore
from inspector.domain.settings import Settings
from inspector.engine.case.annotations import Annotations, now
from inspector.engine.case.schema import (
    APPLICATION_ID,
    SCHEMA,
    SCHEMA_VERSION,
    UPGRADES,
    pack_landmarks,
    unpack_landmarks,
)
from inspector.engine.codec import from_json, to_json


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An interrupted analysis: its id, and the state its last batch left."""

    analysis_id: int
    state: dict[str, Any]
    started_at: str


class CaseFile:
    """An open case. Each write is one transaction, so a killed process loses at most the batch it was writing.

    Readers see the newest analysis. All methods raise CaseError when the file is damaged or cannot be written.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.annotations = Annotations(self)
        self._db = connection

    @staticmethod
    def exists(path: Path) -> bool:
        """Whether there is something to read; while another thread or process begins the file it is empty."""
        return path.exists() and path.stat().st_size > 0

    @classmethod
    def open(cls, path: Path, *, create: bool = True) -> CaseFile:
        """Open a case file, making an empty one if there is none and `create` is set."""
        if path.is_dir():
            raise CaseError(f"{path} is a folder, not a case file; name a file in it.")
        is_new = not cls.exists(path)
        if is_new and not create:
            raise CaseError(f"{path} does not exist; choose an existing case file.")
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
            case = cls(path, connection)
            case._prepare(is_new)
        except (sqlite3.Error, CaseError) as error:
            if connection is not None:
                connection.close()
            if isinstance(error, CaseError):
                raise
            raise CaseError(f"{path} cannot be opened as a case file ({error}); choose another file.") from error
        return case

    def _prepare(self, is_new: bool) -> None:
        # A case file may come from a stranger: its schema must not run functions of ours, and its pages are checked.
        self._db.execute("PRAGMA trusted_schema = OFF")
        self._db.execute("PRAGMA cell_size_check = ON")
        self._db.execute("PRAGMA synchronous = NORMAL")
        if is_new:
            self._db.executescript(
                f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
                f"{SCHEMA} COMMIT;"
            )
            cover = to_json(CaseInfo(created_at=now())).decode()
            self._db.execute("INSERT OR IGNORE INTO info VALUES (1, ?)", (cover,))
            return
        (application,) = self._db.execute("PRAGMA application_id").fetchone()
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID:
            raise CaseError(f"{self.path} is not a case file of this program; choose another file.")
        for old in range(version, SCHEMA_VERSION):
            if old in UPGRADES:
                self._db.executescript(f"BEGIN; {UPGRADES[old]} PRAGMA user_version = {old + 1}; COMMIT;")
                version = old + 1
        if version != SCHEMA_VERSION:
            raise CaseError(
                f"{self.path} has case format {version}, this program reads {SCHEMA_VERSION}; use a matching version."
            )

    def close(self) -> None:
        """Close the file; further calls fail."""
        self._db.close()

    def __enter__(self) -> CaseFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except BaseException as error:
            # A full disk may already have ended the transaction.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise CaseError(
                    f"{self.path} cannot be written ({error}); free some space or check the permissions. "
                    "What is saved stays."
                ) from error
            raise

    def rows(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """What a query gives, row by row."""
        try:
            yield from self._db.execute(query, values)
        except sqlite3.Error as error:
            raise CaseError(
                f"{self.path} is damaged ({error}); analyse the clip again into a new case file."
            ) from error

    def _decoded(self, body: str, wanted: type[Any]) -> Any:
        try:
            return from_json(body, wanted)
        except (msgspec.DecodeError, ValueError) as error:
            raise CaseError(f"{self.path} holds a damaged entry ({error}); analyse the clip again.") from error

    # --- the analysis, written by the engine -------------------------------------------------------------------------

    def begin(self, clip: Clip, settings: Settings, model_sha256: str) -> int:
        """Start a new analysis and return its id. Earlier ones stay in the file."""
        with self.writing() as db:
            row = db.execute(
                "INSERT INTO analyses (clip, settings, model_sha256, started_at) VALUES (?, ?, ?, ?)",
                (to_json(clip).decode(), to_json(settings).decode(), model_sha256, now()),
            )
            self.write_log(db, "analysis started", f"{Path(clip.path).name}, SHA-256 {clip.sha256}")
        return int(row.lastrowid or 0)

    def unfinished(self, clip: Clip, settings: Settings, model_sha256: str) -> Unfinished | None:
        """The newest analysis, if it was interrupted and had the same evidence, settings and model."""
        query = (
            "SELECT id, clip, settings, model_sha256, started_at, state, result FROM analyses ORDER BY id DESC LIMIT 1"
        )
        for number, old_clip, old_settings, old_model, started_at, state, result in self.rows(query):
            same = self._decoded(old_clip, Clip).sha256 == clip.sha256 and old_model == model_sha256
            if result is None and state is not None and same and self._decoded(old_settings, Settings) == settings:
                return Unfinished(number, self._decoded(state, dict), started_at)
        return None

    def append(self, analysis_id: int, batch: Batch, state: dict[str, Any]) -> None:
        """Write one batch and the state to go on from, together or not at all."""
        with self.writing() as db:
            db.executemany(
                "INSERT INTO frames VALUES (?, ?, ?, ?, ?, ?)",
                [(analysis_id, f.pts, f.index, f.is_key, f.sha256, f.is_shot_start) for f in batch.frames],
            )
            db.executemany(
                "INSERT INTO faces VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_face_row(analysis_id, track_id, face) for track_id, face in batch.faces],
            )
            db.executemany(
                "INSERT INTO scores VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_score_row(analysis_id, s) for s in batch.scores],
            )
            db.executemany(
                "INSERT INTO gaps VALUES (?, ?, ?, ?)",
                [(analysis_id, g.start_pts, g.end_pts, g.reason) for g in batch.gaps],
            )
            db.execute("UPDATE analyses SET state = ? WHERE id = ?", (json.dumps(state), analysis_id))

    def finish(self, analysis_id: int, analysis: Analysis) -> None:
        """Write what the analysis came to. A cancelled one keeps its state, so that it can go on later."""
        with self.writing() as db:
            if analysis.is_complete:
                db.execute("UPDATE analyses SET result = ? WHERE id = ?", (to_json(analysis).decode(), analysis_id))
            word = "finished" if analysis.is_complete else "stopped by the examiner"
            self.write_log(db, f"analysis {word}", str(analysis.summary.conclusion))

    # --- the newest analysis, read by window and report --------------------------------------------------------------

    def analysis(self) -> Analysis | None:
        """The newest finished analysis, or None."""
        for (body,) in self.rows("SELECT result FROM analyses WHERE result IS NOT NULL ORDER BY id DESC LIMIT 1"):
            found: Analysis = self._decoded(body, Analysis)
            return found
        return None

    def clip(self) -> Clip | None:
        """The evidence of the newest analysis, finished or not."""
        for (body,) in self.rows("SELECT clip FROM analyses ORDER BY id DESC LIMIT 1"):
            found: Clip = self._decoded(body, Clip)
            return found
        return None

    def newest_id(self) -> int | None:
        """The id of the newest finished analysis, else of the newest started one."""
        for (number,) in self.rows("SELECT id FROM analyses ORDER BY result IS NULL, id DESC LIMIT 1"):
            return int(number)
        return None

    def started_at(self, analysis_id: int) -> str:
        """When an analysis was begun, ISO 8601, UTC."""
        return next((str(at) for (at,) in self.rows("SELECT started_at FROM analyses WHERE id = ?", analysis_id)), "")

    def frames(self, analysis_id: int | None = None) -> Iterator[FrameRecord]:
        """The analysed frames in pts order, streamed."""
        query = "SELECT number, pts, is_key, sha256, is_shot_start FROM frames WHERE analysis = ? ORDER BY pts"
        for number, pts, is_key, sha256, is_shot_start in self.rows(query, analysis_id or self.newest_id()):
            yield FrameRecord(number, pts, bool(is_key), sha256, bool(is_shot_start))

    def frame_record(self, pts: int) -> FrameRecord | None:
        """One analysed frame."""
        query = "SELECT number, pts, is_key, sha256, is_shot_start FROM frames WHERE analysis = ? AND pts = ?"
        for number, at, is_key, sha256, is_shot_start in self.rows(query, self.newest_id(), pts):
            return FrameRecord(number, at, bool(is_key), sha256, bool(is_shot_start))
        return None

    def frames_around(self, pts: int, before: int, after: int, analysis_id: int | None = None) -> list[FrameRecord]:
        """The analysed frame at `pts` between up to so many before and behind it, in pts order."""
        what = "SELECT number, pts, is_key, sha256, is_shot_start FROM frames WHERE analysis = ?"
        number = analysis_id or self.newest_id()
        rows = [
            *self.rows(f"{what} AND pts < ? ORDER BY pts DESC LIMIT ?", number, pts, before),
            *self.rows(f"{what} AND pts >= ? ORDER BY pts LIMIT ?", number, pts, after + 1),
        ]
        found = [FrameRecord(at, p, bool(key), sha256, bool(is_cut)) for at, p, key, sha256, is_cut in rows]
        return sorted(found, key=lambda frame: frame.pts)

    def is_finished(self, analysis_id: int | None = None) -> bool:
        """Whether an analysis ran to its end."""
        query = "SELECT 1 FROM analyses WHERE id = ? AND result IS NOT NULL"
        return any(True for _ in self.rows(query, analysis_id or self.newest_id()))

    def scores(self, analysis_id: int | None = None) -> Iterator[FaceScore]:
        """The scores and abstentions in pts order, streamed."""
        query = "SELECT * FROM scores WHERE analysis = ? ORDER BY pts, track"
        for row in self.rows(query, analysis_id or self.newest_id()):
            yield _score(row)

    def score_at(self, track_id: int, pts: int, analysis_id: int | None = None) -> FaceScore | None:
        """One stored score."""
        query = "SELECT * FROM scores WHERE analysis = ? AND pts = ? AND track = ?"
        for row in self.rows(query, analysis_id or self.newest_id(), pts, track_id):
            return _score(row)
        return None

    def scores_at(self, pts: int, analysis_id: int | None = None) -> tuple[FaceScore, ...]:
        """The stored scores and abstentions of one frame, by track; none where it was not analysed."""
        query = "SELECT * FROM scores WHERE analysis = ? AND pts = ? ORDER BY track"
        return tuple(_score(row) for row in self.rows(query, analysis_id or self.newest_id(), pts))

    def strongest(self, track_id: int, count: int, analysis_id: int | None = None) -> list[FaceScore]:
        """The track's scores with the highest logits, highest first."""
        query = (
            "SELECT * FROM scores WHERE analysis = ? AND track = ? AND logit IS NOT NULL "
            "ORDER BY logit DESC, pts LIMIT ?"
        )
        return [_score(row) for row in self.rows(query, analysis_id or self.newest_id(), track_id, count)]

    def gaps(self, analysis_id: int | None = None) -> tuple[Gap, ...]:
        """The stretches without a picture."""
        query = "SELECT start_pts, end_pts, reason FROM gaps WHERE analysis = ? ORDER BY start_pts"
        return tuple(Gap(*row) for row in self.rows(query, analysis_id or self.newest_id()))

    def faces_at(self, pts: int) -> list[tuple[int, Face]]:
        """The faces of one frame with their track ids, landmarks within 1/32 px."""
        return list(self.faces(start_pts=pts, end_pts=pts + 1))

    def faces(
        self, analysis_id: int | None = None, *, start_pts: int = -(2**63), end_pts: int = 2**63 - 1
    ) -> Iterator[tuple[int, Face]]:
        """All faces of [start_pts, end_pts) in pts order with their track ids, streamed."""
        query = "SELECT * FROM faces WHERE analysis = ? AND pts >= ? AND pts < ? ORDER BY pts, track"
        for row in self.rows(query, analysis_id or self.newest_id(), start_pts, end_pts):
            _, pts, track, x, y, width, height, confidence, blob = row
            try:
                landmarks = None if blob is None else unpack_landmarks(blob)
            except ValueError as error:
                raise CaseError(f"{self.path}: {error}; analyse the clip again.") from error
            yield track, Face(pts, Box(x, y, width, height), landmarks, confidence)

    # --- what the examiner writes ------------------------------------------------------------------------------------

    def case_info(self) -> CaseInfo:
        """The cover fields."""
        for (body,) in self.rows("SELECT body FROM info"):
            info: CaseInfo = self._decoded(body, CaseInfo)
            return info
        return CaseInfo()

    def set_case_info(self, info: CaseInfo) -> None:
        """Replace the cover fields."""
        with self.writing() as db:
            db.execute("INSERT OR REPLACE INTO info VALUES (1, ?)", (to_json(info).decode(),))

    def audit(self) -> tuple[AuditEntry, ...]:
        """The log, oldest first."""
        return tuple(AuditEntry(*row) for row in self.rows("SELECT at, action, detail FROM audit ORDER BY id"))

    def log(self, action: str, detail: str) -> None:
        """Add a line to the log."""
        with self.writing() as db:
            self.write_log(db, action, detail)

    @staticmethod
    def write_log(db: sqlite3.Connection, action: str, detail: str) -> None:
        """Add a line within a transaction of `writing`."""
        db.execute("INSERT INTO audit (at, action, detail) VALUES (?, ?, ?)", (now(), action, detail))


def _face_row(analysis_id: int, track_id: int, face: Face) -> tuple[object, ...]:
    blob = None if face.landmarks is None else pack_landmarks(face.landmarks)
    box = face.box
    return analysis_id, face.pts, track_id, box.x, box.y, box.width, box.height, face.detection_confidence, blob


def _score_row(analysis_id: int, score: FaceScore) -> tuple[object, ...]:
    crop = (None,) * 3 if score.crop is None else (score.crop.x, score.crop.y, score.crop.width)
    box = (None,) * 4 if score.box is None else (score.box.x, score.box.y, score.box.width, score.box.height)
    q = score.quality
    quality = (None,) * 6 if q is None else (q.face_px, q.sharpness, q.yaw, q.pitch, q.roll, q.inside)
    abstained = None if score.abstained is None else score.abstained.name
    head = (analysis_id, score.pts, score.track_id)
    return (*head, *crop, score.logit, score.fake_probability, abstained, *box, *quality)


def _score(row: tuple[Any, ...]) -> FaceScore:
    _, pts, track, crop_x, crop_y, side, logit, probability, abstained, *rest = row
    box, quality = rest[:4], rest[4:]
    return FaceScore(
        track_id=track,
        pts=pts,
        crop=None if side is None else Box(crop_x, crop_y, side, side),
        logit=logit,
        fake_probability=probability,
        abstained=Abstention[abstained] if abstained in Abstention.__members__ else None,
        box=None if box[0] is None else Box(*box),
        quality=None if quality[0] is None else FaceQuality(*quality),
    )
