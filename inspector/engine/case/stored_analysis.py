"""One analysis of a case file, as the window, the heat maps and the report read it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from inspector.domain.analysis import Analysis, FrameRecord, Signal, SignalBlock
from inspector.domain.clip import Clip, Gap
from inspector.domain.errors import CaseError
from inspector.domain.faces import Abstention, Face, FaceQuality
from inspector.domain.geometry import Box
from inspector.domain.observations.coding import CodingSeries, FrameHash
from inspector.domain.scores import FaceScore
from inspector.domain.settings import Settings
from inspector.engine.case.database import CaseDatabase
from inspector.engine.case.schema import unpack_landmarks
from inspector.engine.case.signal_blocks import joined, read_block
from inspector.engine.provenance.coding.blocks import CODING_TRACK, HASH_TRACK, hashes_of, series_of

QUALITY = ("face_px", "sharpness", "yaw", "pitch", "roll", "inside")
"""Columns of `scores`, and fields of FaceQuality."""

_FIRST, _LAST = -(2**63), 2**63 - 1  # every pts that a case file can hold lies between them


class StoredAnalysis:
    """Reads one analysis by its id; the case file must stay open. All methods raise CaseError for a damaged file."""

    def __init__(self, database: CaseDatabase, analysis_id: int) -> None:
        self.path = database.path
        self.analysis_id = analysis_id
        self._database = database

    def _rows(self, query: str, *values: object) -> Iterator[sqlite3.Row]:
        """The rows of a query whose first parameter is the analysis."""
        return self._database.rows(query, self.analysis_id, *values)

    # --- the whole ---------------------------------------------------------------------------------------------------

    def clip(self) -> Clip:
        """The evidence."""
        for row in self._rows("SELECT clip FROM analyses WHERE id = ?"):
            return self._database.decoded(row["clip"], Clip)
        raise CaseError(f"{self.path} holds no analysis {self.analysis_id}; open the clip again.")

    def settings(self) -> Settings:
        """The settings that it was begun with."""
        for row in self._rows("SELECT settings FROM analyses WHERE id = ?"):
            return self._database.decoded(row["settings"], Settings)
        raise CaseError(f"{self.path} holds no analysis {self.analysis_id}; open the clip again.")

    @property
    def is_finished(self) -> bool:
        """Whether the analysis ran to its end."""
        return any(True for _ in self._rows("SELECT 1 FROM analyses WHERE id = ? AND result IS NOT NULL"))

    def result(self) -> Analysis | None:
        """The finished analysis; None before."""
        for row in self._rows("SELECT result FROM analyses WHERE id = ? AND result IS NOT NULL"):
            return self._database.decoded(row["result"], Analysis)
        return None

    def started_at(self) -> str:
        """When the analysis was begun, ISO 8601, UTC."""
        rows = self._rows("SELECT started_at FROM analyses WHERE id = ?")
        return next((str(row["started_at"]) for row in rows), "")

    def imported(self) -> str:
        """Where the analysis comes from if this installation did not make it, else ""."""
        rows = self._rows("SELECT imported FROM analyses WHERE id = ?")
        return next((str(row["imported"] or "") for row in rows), "")

    # --- signals -----------------------------------------------------------------------------------------------------

    def _series(self) -> list[tuple[str, str]]:
        """Name and unit of each stored signal."""
        for row in self._rows("SELECT series FROM analyses WHERE id = ? AND series IS NOT NULL"):
            return self._database.decoded(row["series"], list[tuple[str, str]])
        return []

    def signal_names(self) -> tuple[str, ...]:
        """The names of the signals that were measured on any track."""
        is_any = any(True for _ in self._rows("SELECT 1 FROM signals WHERE analysis = ? AND track > 0 LIMIT 1"))
        return tuple(name for name, _ in self._series()) if is_any else ()

    def signals(self, track_id: int, start_pts: int = _FIRST, end_pts: int = _LAST) -> tuple[Signal, ...]:
        """The signals of a track in [start_pts, end_pts), one after another; none if it has none there."""
        query = "SELECT * FROM signals WHERE analysis = ? AND track = ? AND end_pts > ? AND start_pts < ?"
        rows = self._rows(f"{query} ORDER BY start_pts", track_id, start_pts, end_pts)
        return joined(track_id, self._blocks(rows), self._series(), start_pts, end_pts)

    def signal_blocks(self) -> Iterator[SignalBlock]:
        """All blocks, track by track in pts order, streamed."""
        yield from self._blocks(self._rows("SELECT * FROM signals WHERE analysis = ? ORDER BY track, start_pts"))

    def coding(self) -> CodingSeries:
        """The coding history; empty for a still, and for an analysis of a version that did not record it."""
        return series_of(self._blocks_of(CODING_TRACK))

    def frame_hashes(self) -> tuple[FrameHash, ...]:
        """The perceptual hashes of frames, in pts order."""
        try:
            return hashes_of(self._blocks_of(HASH_TRACK))
        except ValueError as error:
            raise CaseError(f"{self.path}: {error}; analyse the clip again.") from error

    def _blocks_of(self, track_id: int) -> Iterator[SignalBlock]:
        rows = self._rows("SELECT * FROM signals WHERE analysis = ? AND track = ? ORDER BY start_pts", track_id)
        yield from self._blocks(rows)

    def _blocks(self, rows: Iterator[sqlite3.Row]) -> Iterator[SignalBlock]:
        series = len(self._series())
        for row in rows:
            try:
                yield read_block(row["track"], row["pts"], row["measured"], series)
            except (ValueError, TypeError) as error:
                raise CaseError(f"{self.path}: {error}; analyse the clip again.") from error

    # --- frame by frame ----------------------------------------------------------------------------------------------

    def frames(self) -> Iterator[FrameRecord]:
        """The analysed frames in pts order, streamed."""
        yield from map(_frame, self._rows("SELECT * FROM frames WHERE analysis = ? ORDER BY pts"))

    def frame_record(self, pts: int) -> FrameRecord | None:
        """One analysed frame."""
        return next(map(_frame, self._rows("SELECT * FROM frames WHERE analysis = ? AND pts = ?", pts)), None)

    def frames_around(self, pts: int, before: int, after: int) -> list[FrameRecord]:
        """The analysed frame at `pts` between up to so many before and after it, in pts order."""
        query = "SELECT * FROM frames WHERE analysis = ?"
        rows = [
            *self._rows(f"{query} AND pts < ? ORDER BY pts DESC LIMIT ?", pts, before),
            *self._rows(f"{query} AND pts >= ? ORDER BY pts LIMIT ?", pts, after + 1),
        ]
        return sorted(map(_frame, rows), key=lambda frame: frame.pts)

    def scores(self) -> Iterator[FaceScore]:
        """The scores and abstentions in pts order, streamed."""
        yield from map(_score, self._rows("SELECT * FROM scores WHERE analysis = ? ORDER BY pts, track"))

    def score_at(self, track_id: int, pts: int) -> FaceScore | None:
        """One stored score."""
        rows = self._rows("SELECT * FROM scores WHERE analysis = ? AND pts = ? AND track = ?", pts, track_id)
        return next(map(_score, rows), None)

    def scores_at(self, pts: int) -> tuple[FaceScore, ...]:
        """The stored scores and abstentions of one frame, by track; none where it was not analysed."""
        query = "SELECT * FROM scores WHERE analysis = ? AND pts = ? ORDER BY track"
        return tuple(map(_score, self._rows(query, pts)))

    def strongest(self, track_id: int, count: int, *, is_deep: bool = False) -> list[FaceScore]:
        """The track's scores with the highest logits, of the fast or the deep network, highest first."""
        query = _STRONGEST.replace("logit", "deep_logit") if is_deep else _STRONGEST
        return list(map(_score, self._rows(query, track_id, count)))

    def gaps(self) -> tuple[Gap, ...]:
        """The stretches without a picture."""
        rows = self._rows("SELECT * FROM gaps WHERE analysis = ? ORDER BY start_pts")
        return tuple(Gap(row["start_pts"], row["end_pts"], row["reason"]) for row in rows)

    def faces_at(self, pts: int) -> list[tuple[int, Face]]:
        """The faces of one frame with their track ids, landmarks within 1/32 px."""
        return list(self.faces(start_pts=pts, end_pts=pts + 1))

    def faces(self, *, start_pts: int = _FIRST, end_pts: int = _LAST) -> Iterator[tuple[int, Face]]:
        """All faces of [start_pts, end_pts) in pts order with their track ids, streamed."""
        query = "SELECT * FROM faces WHERE analysis = ? AND pts >= ? AND pts < ? ORDER BY pts, track"
        for row in self._rows(query, start_pts, end_pts):
            try:
                yield row["track"], _face(row)
            except ValueError as error:
                raise CaseError(f"{self.path}: {error}; analyse the clip again.") from error


def _frame(row: sqlite3.Row) -> FrameRecord:
    return FrameRecord(row["number"], row["pts"], bool(row["is_key"]), row["sha256"], bool(row["is_shot_start"]))


def _face(row: sqlite3.Row) -> Face:
    box = Box(row["x"], row["y"], row["width"], row["height"])
    landmarks = None if row["landmarks"] is None else unpack_landmarks(row["landmarks"])
    return Face(row["pts"], box, landmarks, row["confidence"])


_STRONGEST = (
    "SELECT * FROM scores WHERE analysis = ? AND track = ? AND logit IS NOT NULL ORDER BY logit DESC, pts LIMIT ?"
)


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
        quality=None if row["face_px"] is None else FaceQuality(**{name: row[name] for name in QUALITY}),
        deep_logit=row["deep_logit"],
        deep_probability=row["deep_probability"],
    )
