"""The case file: one SQLite file that holds everything computed and everything the examiner wrote, batch by batch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from inspector.domain.analysis import Analysis, Batch, FrameRecord
from inspector.domain.case import AuditEntry, CaseInfo
from inspector.domain.clip import Clip, Gap
from inspector.domain.errors import CaseError
from inspector.domain.faces import Abstention, Face, FaceQuality
from inspector.domain.geometry import Box
from inspector.domain.scores import FaceScore
from inspector.domain.settings import Settings
from inspector.engine.case.annotations import Annotations
from inspector.engine.case.database import CaseDatabase, insert, write_log
from inspector.engine.case.schema import pack_landmarks, unpack_landmarks
from inspector.engine.case.upgrades import LANDMARKS_LOST
from inspector.engine.clock import now
from inspector.engine.codec import to_json


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An interrupted analysis: its id, and the state after its last batch."""

    analysis_id: int
    state: dict[str, Any]
    started_at: str


class CaseFile:
    """An open case. Each write is one transaction, so a killed process loses at most the batch it was writing.

    Without an analysis id, readers read the newest analysis. All methods raise CaseError when the file is damaged or
    cannot be written.
    """

    def __init__(self, database: CaseDatabase) -> None:
        self.path = database.path
        self.database = database
        self.annotations = Annotations(database)

    @staticmethod
    def exists(path: Path) -> bool:
        """Whether there is something to read; while another thread or process creates the file it is empty."""
        return CaseDatabase.exists(path)

    @classmethod
    def open(cls, path: Path, *, create: bool = True) -> CaseFile:
        """Open a case file, and create an empty one if there is none and `create` is set."""
        return cls(CaseDatabase.open(path, create=create))

    def close(self) -> None:
        """Close the file; further calls fail."""
        self.database.close()

    def __enter__(self) -> CaseFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the analysis, written by the engine -------------------------------------------------------------------------

    def begin(self, clip: Clip, settings: Settings, model_sha256: str) -> int:
        """Start a new analysis and return its id. Earlier ones stay in the file."""
        with self.database.transaction() as db:
            row = {
                "clip": to_json(clip).decode(),
                "settings": to_json(settings).decode(),
                "model_sha256": model_sha256,
                "started_at": now(),
            }
            number = insert(db, "analyses", [row])
            write_log(db, "analysis started", f"{Path(clip.path).name}, SHA-256 {clip.sha256}")
        return number

    def unfinished(self, clip: Clip, settings: Settings, model_sha256: str) -> Unfinished | None:
        """The newest analysis, if it was interrupted and had the same evidence, settings and model."""
        query = (
            "SELECT id, clip, settings, model_sha256, started_at, state, result FROM analyses ORDER BY id DESC LIMIT 1"
        )
        for row in self.database.rows(query):
            if row["result"] is not None or row["state"] is None or row["model_sha256"] != model_sha256:
                continue
            is_same_clip = self.database.decoded(row["clip"], Clip).sha256 == clip.sha256
            if is_same_clip and self.database.decoded(row["settings"], Settings) == settings:
                return Unfinished(row["id"], self.database.decoded(row["state"], dict), row["started_at"])
        return None

    def append(self, analysis_id: int, batch: Batch, state: dict[str, Any]) -> None:
        """Write one batch and the state to resume after it, in one transaction."""
        with self.database.transaction() as db:
            insert(db, "frames", [_frame_row(analysis_id, frame) for frame in batch.frames])
            insert(db, "faces", [_face_row(analysis_id, track_id, face) for track_id, face in batch.faces])
            insert(db, "scores", [_score_row(analysis_id, score) for score in batch.scores])
            db.executemany(_SET_DEEP_SCORE, [_deep_score_row(analysis_id, score) for score in batch.deep_scores])
            insert(db, "gaps", [_gap_row(analysis_id, gap) for gap in batch.gaps])
            db.execute("UPDATE analyses SET state = ? WHERE id = ?", (json.dumps(state), analysis_id))

    def finish(self, analysis_id: int, analysis: Analysis) -> None:
        """Write the result of an analysis. A cancelled one keeps its state, so that it can be resumed later."""
        with self.database.transaction() as db:
            if analysis.is_complete:
                db.execute("UPDATE analyses SET result = ? WHERE id = ?", (to_json(analysis).decode(), analysis_id))
            word = "finished" if analysis.is_complete else "stopped by the examiner"
            write_log(db, f"analysis {word}", str(analysis.summary.conclusion))

    # --- the newest analysis, read by window and report --------------------------------------------------------------

    def analysis(self) -> Analysis | None:
        """The newest finished analysis, or None."""
        query = "SELECT result FROM analyses WHERE result IS NOT NULL ORDER BY id DESC LIMIT 1"
        for row in self.database.rows(query):
            return self.database.decoded(row["result"], Analysis)
        return None

    def clip(self) -> Clip | None:
        """The evidence of the newest analysis, finished or not."""
        for row in self.database.rows("SELECT clip FROM analyses ORDER BY id DESC LIMIT 1"):
            return self.database.decoded(row["clip"], Clip)
        return None

    def newest_id(self) -> int | None:
        """The id of the newest finished analysis, else of the newest started one."""
        for row in self.database.rows("SELECT id FROM analyses ORDER BY result IS NULL, id DESC LIMIT 1"):
            return int(row["id"])
        return None

    def started_at(self, analysis_id: int) -> str:
        """When an analysis was begun, ISO 8601, UTC."""
        rows = self.database.rows("SELECT started_at FROM analyses WHERE id = ?", analysis_id)
        return next((str(row["started_at"]) for row in rows), "")

    def frames(self, analysis_id: int | None = None) -> Iterator[FrameRecord]:
        """The analysed frames in pts order, streamed."""
        query = "SELECT * FROM frames WHERE analysis = ? ORDER BY pts"
        yield from map(_frame, self.database.rows(query, analysis_id or self.newest_id()))

    def frame_record(self, pts: int) -> FrameRecord | None:
        """One analysed frame."""
        query = "SELECT * FROM frames WHERE analysis = ? AND pts = ?"
        return next(map(_frame, self.database.rows(query, self.newest_id(), pts)), None)

    def frames_around(self, pts: int, before: int, after: int, analysis_id: int | None = None) -> list[FrameRecord]:
        """The analysed frame at `pts` between up to so many before and after it, in pts order."""
        query, number = "SELECT * FROM frames WHERE analysis = ?", analysis_id or self.newest_id()
        rows = [
            *self.database.rows(f"{query} AND pts < ? ORDER BY pts DESC LIMIT ?", number, pts, before),
            *self.database.rows(f"{query} AND pts >= ? ORDER BY pts LIMIT ?", number, pts, after + 1),
        ]
        return sorted(map(_frame, rows), key=lambda frame: frame.pts)

    def is_finished(self, analysis_id: int | None = None) -> bool:
        """Whether an analysis ran to its end."""
        query = "SELECT 1 FROM analyses WHERE id = ? AND result IS NOT NULL"
        return any(True for _ in self.database.rows(query, analysis_id or self.newest_id()))

    def scores(self, analysis_id: int | None = None) -> Iterator[FaceScore]:
        """The scores and abstentions in pts order, streamed."""
        query = "SELECT * FROM scores WHERE analysis = ? ORDER BY pts, track"
        yield from map(_score, self.database.rows(query, analysis_id or self.newest_id()))

    def score_at(self, track_id: int, pts: int, analysis_id: int | None = None) -> FaceScore | None:
        """One stored score."""
        query = "SELECT * FROM scores WHERE analysis = ? AND pts = ? AND track = ?"
        rows = self.database.rows(query, analysis_id or self.newest_id(), pts, track_id)
        return next(map(_score, rows), None)

    def scores_at(self, pts: int, analysis_id: int | None = None) -> tuple[FaceScore, ...]:
        """The stored scores and abstentions of one frame, by track; none where it was not analysed."""
        query = "SELECT * FROM scores WHERE analysis = ? AND pts = ? ORDER BY track"
        return tuple(_score(row) for row in self.database.rows(query, analysis_id or self.newest_id(), pts))

    def strongest(self, track_id: int, count: int, analysis_id: int | None = None) -> list[FaceScore]:
        """The track's scores with the highest logits, highest first."""
        query = (
            "SELECT * FROM scores WHERE analysis = ? AND track = ? AND logit IS NOT NULL "
            "ORDER BY logit DESC, pts LIMIT ?"
        )
        return [_score(row) for row in self.database.rows(query, analysis_id or self.newest_id(), track_id, count)]

    def gaps(self, analysis_id: int | None = None) -> tuple[Gap, ...]:
        """The stretches without a picture."""
        query = "SELECT * FROM gaps WHERE analysis = ? ORDER BY start_pts"
        rows = self.database.rows(query, analysis_id or self.newest_id())
        return tuple(Gap(row["start_pts"], row["end_pts"], row["reason"]) for row in rows)

    def faces_at(self, pts: int) -> list[tuple[int, Face]]:
        """The faces of one frame with their track ids, landmarks within 1/32 px."""
        return list(self.faces(start_pts=pts, end_pts=pts + 1))

    def faces(
        self, analysis_id: int | None = None, *, start_pts: int = -(2**63), end_pts: int = 2**63 - 1
    ) -> Iterator[tuple[int, Face]]:
        """All faces of [start_pts, end_pts) in pts order with their track ids, streamed."""
        query = "SELECT * FROM faces WHERE analysis = ? AND pts >= ? AND pts < ? ORDER BY pts, track"
        for row in self.database.rows(query, analysis_id or self.newest_id(), start_pts, end_pts):
            try:
                yield row["track"], _face(row)
            except ValueError as error:
                raise CaseError(f"{self.path}: {error}; analyse the clip again.") from error

    # --- what the examiner writes ------------------------------------------------------------------------------------

    def case_info(self) -> CaseInfo:
        """The cover fields."""
        for row in self.database.rows("SELECT body FROM info"):
            return self.database.decoded(row["body"], CaseInfo)
        return CaseInfo()

    def set_case_info(self, info: CaseInfo) -> None:
        """Replace the cover fields."""
        with self.database.transaction() as db:
            db.execute("INSERT OR REPLACE INTO info VALUES (1, ?)", (to_json(info).decode(),))

    def audit(self) -> tuple[AuditEntry, ...]:
        """The log, oldest first."""
        return self.database.audit()

    def log(self, action: str, detail: str) -> None:
        """Add a line to the log."""
        self.database.log(action, detail)

    def losses(self) -> tuple[str, ...]:
        """What an earlier version of the program stored wrongly in this file, one sentence each."""
        query = "SELECT detail FROM audit WHERE action = ? ORDER BY id"
        return tuple(str(row["detail"]) for row in self.database.rows(query, LANDMARKS_LOST))


def _frame_row(analysis_id: int, frame: FrameRecord) -> dict[str, object]:
    return {
        "analysis": analysis_id,
        "pts": frame.pts,
        "number": frame.index,
        "is_key": frame.is_key,
        "sha256": frame.sha256,
        "is_shot_start": frame.is_shot_start,
    }


def _frame(row: sqlite3.Row) -> FrameRecord:
    return FrameRecord(row["number"], row["pts"], bool(row["is_key"]), row["sha256"], bool(row["is_shot_start"]))


def _face_row(analysis_id: int, track_id: int, face: Face) -> dict[str, object]:
    box = face.box
    return {
        "analysis": analysis_id,
        "pts": face.pts,
        "track": track_id,
        "x": box.x,
        "y": box.y,
        "width": box.width,
        "height": box.height,
        "confidence": face.detection_confidence,
        "landmarks": None if face.landmarks is None else pack_landmarks(face.landmarks),
    }


def _face(row: sqlite3.Row) -> Face:
    box = Box(row["x"], row["y"], row["width"], row["height"])
    landmarks = None if row["landmarks"] is None else unpack_landmarks(row["landmarks"])
    return Face(row["pts"], box, landmarks, row["confidence"])


_SET_DEEP_SCORE = (
    "UPDATE scores SET deep_logit = :deep_logit, deep_probability = :deep_probability "
    "WHERE analysis = :analysis AND pts = :pts AND track = :track"
)


def _deep_score_row(analysis_id: int, score: FaceScore) -> dict[str, object]:
    return {
        "analysis": analysis_id,
        "pts": score.pts,
        "track": score.track_id,
        "deep_logit": score.deep_logit,
        "deep_probability": score.deep_probability,
    }


def _score_row(analysis_id: int, score: FaceScore) -> dict[str, object]:
    crop, box, quality = score.crop, score.box, score.quality
    return {
        **_deep_score_row(analysis_id, score),
        "crop_x": crop.x if crop else None,
        "crop_y": crop.y if crop else None,
        "crop_side": crop.width if crop else None,
        "logit": score.logit,
        "probability": score.fake_probability,
        "abstained": None if score.abstained is None else score.abstained.name,
        "box_x": box.x if box else None,
        "box_y": box.y if box else None,
        "box_width": box.width if box else None,
        "box_height": box.height if box else None,
        **{name: getattr(quality, name) if quality else None for name in _QUALITY},
    }


_QUALITY = ("face_px", "sharpness", "yaw", "pitch", "roll", "inside")  # columns, and fields of FaceQuality


def _score(row: sqlite3.Row) -> FaceScore:
    side, abstained = row["crop_side"], row["abstained"]
    box = (row["box_x"], row["box_y"], row["box_width"], row["box_height"])
    return FaceScore(
        track_id=row["track"],
        pts=row["pts"],
        crop=None if side is None else Box(row["crop_x"], row["crop_y"], side, side),
        logit=row["logit"],
        fake_probability=row["probability"],
        abstained=Abstention[abstained] if abstained in Abstention.__members__ else None,
        box=None if box[0] is None else Box(*box),
        quality=None if row["face_px"] is None else FaceQuality(**{name: row[name] for name in _QUALITY}),
        deep_logit=row["deep_logit"],
        deep_probability=row["deep_probability"],
    )


def _gap_row(analysis_id: int, gap: Gap) -> dict[str, object]:
    return {"analysis": analysis_id, "start_pts": gap.start_pts, "end_pts": gap.end_pts, "reason": gap.reason}
