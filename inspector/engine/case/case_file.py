"""The case file: one SQLite file that holds everything computed and everything the examiner wrote, batch by batch."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from inspector.domain.analysis import Analysis, Batch, FrameRecord
from inspector.domain.case import AuditEntry, CaseInfo
from inspector.domain.clip import Clip, Gap
from inspector.domain.errors import CaseError
from inspector.domain.faces import Face
from inspector.domain.scores import FaceScore
from inspector.domain.settings import Settings
from inspector.engine.case.annotations import Annotations
from inspector.engine.case.chain import analysis_digest, cover_digest
from inspector.engine.case.database import CaseDatabase, insert, write_log
from inspector.engine.case.schema import pack_landmarks
from inspector.engine.case.signal_blocks import signal_row
from inspector.engine.case.signature import confirm, has_same_rows, sign
from inspector.engine.case.stored_analysis import QUALITY, StoredAnalysis
from inspector.engine.case.upgrades import IMPORTED_ACTION, LANDMARKS_LOST
from inspector.engine.clock import now
from inspector.engine.codec import to_json
from inspector.engine.faces.signals import SERIES
from inspector.engine.installation import installation_key


@dataclass(frozen=True, slots=True)
class Matching:
    """A stored analysis that answers a request, or that continues from `state`, the state after its last batch.

    `state` is empty if nothing of it was written yet.
    """

    analysis_id: int
    is_finished: bool
    state: dict[str, Any]


class CaseFile:
    """An open case. Each write is one transaction, so a killed process loses at most the batch it was writing.

    A file may hold several analyses of its clip. Whoever reads one names it: `read(analysis_id)`. All methods raise
    CaseError when the file is damaged or cannot be written.
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
    def open(cls, path: Path, *, create: bool = True, is_wanted: Callable[[], bool] | None = None) -> CaseFile:
        """Open a case file, and create an empty one if there is none and `create` is set.

        A file of another version or program must be imported first (`imports.admit`). Reading ends with CaseError soon
        after `is_wanted` returns False.
        """
        return cls(CaseDatabase.open(path, create=create, is_wanted=is_wanted))

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

    def begin(self, clip: Clip, settings: Settings, model_sha256: str, started_at: str = "") -> int:
        """Start a new analysis, now or at the time given, and return its id. Earlier ones stay in the file."""
        began = started_at or now()
        with self.database.transaction() as db:
            row = {
                "clip": to_json(clip).decode(),
                "settings": to_json(settings).decode(),
                "model_sha256": model_sha256,
                "started_at": began,
                "series": to_json(SERIES).decode(),
            }
            number = insert(db, "analyses", [row])
            write_log(db, "analysis started", f"{Path(clip.path).name}, SHA-256 {clip.sha256}", at=began)
        return number

    def matching(
        self, sha256: str, settings: Settings, model_sha256: str, *, is_imported: bool = False
    ) -> Matching | None:
        """The newest analysis of the same evidence with the same settings and model, a finished one if there is one.

        One that was imported answers nothing and is not continued; with `is_imported` only such ones are looked for.
        `sha256` is that of the evidence.
        """
        query = (
            "SELECT id, clip, settings, state, result IS NOT NULL AS is_finished FROM analyses "
            "WHERE model_sha256 = ? AND (imported IS NOT NULL) = ? ORDER BY result IS NULL, state IS NULL, id DESC"
        )
        for row in self.database.rows(query, model_sha256, is_imported):
            is_same_clip = self.database.decoded(row["clip"], Clip).sha256 == sha256
            if is_same_clip and self.database.decoded(row["settings"], Settings) == settings:
                state = self.database.decoded(row["state"] or "{}", dict)
                return Matching(row["id"], bool(row["is_finished"]), state)
        return None

    def append(self, analysis_id: int, batch: Batch, state: dict[str, Any]) -> None:
        """Write one batch and the state to resume after it, in one transaction."""
        with self.database.transaction() as db:
            insert(db, "frames", [_frame_row(analysis_id, frame) for frame in batch.frames])
            insert(db, "faces", [_face_row(analysis_id, track_id, face) for track_id, face in batch.faces])
            insert(db, "scores", [_score_row(analysis_id, score) for score in batch.scores])
            db.executemany(_SET_DEEP_SCORE, [_deep_score_row(analysis_id, score) for score in batch.deep_scores])
            insert(db, "signals", [signal_row(analysis_id, block) for block in batch.signals])
            insert(db, "gaps", [_gap_row(analysis_id, gap) for gap in batch.gaps])
            db.execute("UPDATE analyses SET state = ? WHERE id = ?", (json.dumps(state), analysis_id))

    def finish(self, analysis_id: int, analysis: Analysis) -> None:
        """Write the result of an analysis. A cancelled one keeps its state, so that it can be resumed later."""
        with self.database.transaction() as db:
            if analysis.is_complete:
                db.execute("UPDATE analyses SET result = ? WHERE id = ?", (to_json(analysis).decode(), analysis_id))
            word = "finished" if analysis.is_complete else "stopped by the examiner"
            subject = f"analysis {analysis_id}" if analysis.is_complete else ""
            digest = analysis_digest(db, analysis_id) if subject else ""
            write_log(db, f"analysis {word}", str(analysis.summary.conclusion), subject, digest)

    def sign(self, analysis_id: int) -> None:
        """Sign an analysis that this program has seen begin or end; see `inspector.engine.case.signature`.

        An imported analysis of the same evidence, settings and model that has the same numbers is confirmed by it.
        """
        key = installation_key()
        with self.database.transaction() as db:
            db.execute("UPDATE analyses SET imported = NULL WHERE id = ?", (analysis_id,))
            sign(db, analysis_id, key)
            for other in self._imported_with_the_result_of(analysis_id):
                if has_same_rows(db, analysis_id, other):
                    confirm(db, other, key, f"Analysis {analysis_id} of this installation has the same numbers.")

    def _imported_with_the_result_of(self, analysis_id: int) -> list[int]:
        """The imported analyses whose result is that of a finished one, apart from when and where it was made."""
        own = self.read(analysis_id).result()
        if own is None:
            return []
        rows = self.database.rows("SELECT id FROM analyses WHERE imported IS NOT NULL AND result IS NOT NULL")
        found = []
        for number in [int(row["id"]) for row in rows]:
            with contextlib.suppress(CaseError):  # a stranger's result that cannot be read is not that of ours
                result = self.read(number).result()
                is_same = result is not None and _comparable(own) == _comparable(result)
                if is_same and self._beginning(analysis_id) == self._beginning(number):
                    found.append(number)
        return found

    def _beginning(self, analysis_id: int) -> tuple[object, ...]:
        """What was stored of an analysis when it began, apart from when and where: its result has some of it again."""
        stored = self.read(analysis_id)
        query = "SELECT model_sha256, series FROM analyses WHERE id = ?"
        rows = [tuple(row) for row in self.database.rows(query, analysis_id)]
        return replace(stored.clip(), path=""), replace(stored.settings(), model=""), rows

    # --- the stored analyses -----------------------------------------------------------------------------------------

    def read(self, analysis_id: int) -> StoredAnalysis:
        """What the file holds of one analysis."""
        return StoredAnalysis(self.database, analysis_id)

    def newest_id(self) -> int | None:
        """The newest finished analysis, else the newest started one: what the window shows when it opens the file."""
        for row in self.database.rows("SELECT id FROM analyses ORDER BY result IS NULL, id DESC LIMIT 1"):
            return int(row["id"])
        return None

    # --- what the examiner writes ------------------------------------------------------------------------------------

    def case_info(self) -> CaseInfo:
        """The cover fields."""
        for row in self.database.rows("SELECT body FROM info"):
            return self.database.decoded(row["body"], CaseInfo)
        return CaseInfo()

    def set_case_info(self, info: CaseInfo) -> None:
        """Replace the cover fields, and log each change. The date of creation stays."""
        with self.database.transaction() as db:
            former = self.case_info()
            info = replace(info, created_at=former.created_at or info.created_at)
            db.execute("INSERT OR REPLACE INTO info VALUES (1, ?)", (to_json(info).decode(),))
            for item in fields(info):
                old, new = getattr(former, item.name), getattr(info, item.name)
                if old != new:
                    text = f"{CaseInfo.label(item.name)}: “{new}” (was “{old}”)"
                    write_log(db, "cover changed", text, "cover", cover_digest(db))

    def audit(self) -> tuple[AuditEntry, ...]:
        """The log, oldest first."""
        return self.database.audit()

    def log(self, action: str, detail: str) -> None:
        """Add a line to the log."""
        self.database.log(action, detail)

    def losses(self) -> tuple[str, ...]:
        """What an earlier version of the program stored wrongly in this file, one sentence each."""
        query = "SELECT detail FROM audit WHERE action = ? OR action = ? ORDER BY id"
        found = self.database.rows(query, LANDMARKS_LOST, f"{IMPORTED_ACTION}{LANDMARKS_LOST}")
        return tuple(str(row["detail"]) for row in found)


def _comparable(analysis: Analysis) -> Analysis:
    """An analysis without what may differ where it is made again with the same numbers."""
    clip = replace(analysis.clip, path="")
    settings = replace(analysis.settings, model="")  # a name; the model itself is compared by its card
    anywhere = replace(analysis, clip=clip, settings=settings, device="", versions=(), confinement="", timings=())
    return replace(anywhere, started_at="", finished_at="")


def _frame_row(analysis_id: int, frame: FrameRecord) -> dict[str, object]:
    return {
        "analysis": analysis_id,
        "pts": frame.pts,
        "number": frame.index,
        "is_key": frame.is_key,
        "sha256": frame.sha256,
        "is_shot_start": frame.is_shot_start,
    }


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
        **{name: getattr(quality, name) if quality else None for name in QUALITY},
    }


def _gap_row(analysis_id: int, gap: Gap) -> dict[str, object]:
    return {"analysis": analysis_id, "start_pts": gap.start_pts, "end_pts": gap.end_pts, "reason": gap.reason}
