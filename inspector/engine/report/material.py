"""What a report is made from: everything the case file holds of one finished analysis, and its key frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from inspector.domain.analysis import Analysis, FrameRecord, Signal
from inspector.domain.answer import FaceNames
from inspector.domain.arrays import Image
from inspector.domain.case import AuditEntry, Bookmark, CaseInfo, Note, Review, SavedPicture
from inspector.domain.clip import Frame
from inspector.domain.file_facts import FileFacts
from inspector.domain.geometry import Box, LandmarkSet
from inspector.domain.observations.coding import FrameHash
from inspector.domain.scores import CamMap, FaceScore
from inspector.domain.sound.facts import SoundFacts
from inspector.domain.sound.mouth import MouthLag
from inspector.engine.filters.table import Chain
from inspector.engine.provenance.coding.history import CodingHistory
from inspector.engine.report.parts import ReportPart


@dataclass(frozen=True, slots=True)
class Robustness:
    """A key frame's face scored again after a harmless change, such as "JPEG quality 50"."""

    name: str
    fake_probability: float


@dataclass(frozen=True, slots=True, eq=False)
class KeyFrame:
    """One key frame of one track with everything that is shown of it. `timecode` is as in domain/timecode.py."""

    track_id: int
    frame: Frame
    record: FrameRecord
    score: FaceScore
    landmarks: LandmarkSet | None
    cam: CamMap | None
    timecode: str
    seconds: float
    robustness: tuple[Robustness, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SavedFigure:
    """A frame whose picture the examiner saved, with the filters that were on.

    `render` decodes the frame again at each call, because many of them would not fit into memory together. It returns
    the frame as decoded and the filtered frame (None without filters), both uint8 (H, W, 3) RGB. Raises ClipError or
    CaseError.
    """

    saved: SavedPicture
    index: int
    sha256: str  # of the decoded frame's RGB bytes
    timecode: str
    seconds: float
    filters: Chain
    render: Callable[[], tuple[Image, Image | None]]
    scores: tuple[FaceScore, ...] = ()  # of the frame as decoded, by track; empty where it was not analysed


@dataclass(frozen=True, slots=True, eq=False)
class SearchFrame:
    """A frame that shows the face of a track well, to search for it elsewhere; `box` is the face's.

    `render` decodes it again, as uint8 (H, W, 3) RGB; `facts` are its text chunks.
    """

    track_id: int
    pts: int
    seconds: float
    box: Box
    facts: dict[str, str]
    render: Callable[[], Image]


def as_stored(pts: int) -> int | None:
    """The time stamp of the frame at `pts` in a file whose time stamps needed no change."""
    return pts


@dataclass(frozen=True, slots=True, eq=False)
class ReportMaterial:
    """The one input of `write_report`; the same material gives the same bytes.

    `frames` and `scores` each start a new pass in pts order, and `signals` reads those of one track, all from the case
    file, so that a long clip costs no memory; that file, and the decoder behind `saved_figures`, must stay open.
    `frames` names every decoded frame; a frame without any score was decoded but not analysed. The signals of a track
    have the same pts. `written_at` is ISO 8601, UTC. `stored_pts` gives the time stamp that the file has for the frame
    at a pts, None where it has none.
    """

    analysis: Analysis
    case_info: CaseInfo
    notes: tuple[Note, ...]
    bookmarks: tuple[Bookmark, ...]
    audit: tuple[AuditEntry, ...]
    frames: Callable[[], Iterator[FrameRecord]]
    scores: Callable[[], Iterator[FaceScore]]
    signals: Callable[[int], tuple[Signal, ...]]  # of a track
    key_frames: tuple[KeyFrame, ...]
    written_at: str
    stored_pts: Callable[[int], int | None] = as_stored
    reviews: tuple[Review, ...] = ()
    saved_figures: tuple[SavedFigure, ...] = ()
    imported: str = ""  # where the analysis comes from if this installation did not make it
    log_problems: tuple[str, ...] = ()  # of the log's chain, one phrase each
    file_facts: FileFacts | None = None
    sound: SoundFacts | None = None
    mouths: tuple[MouthLag, ...] = ()  # of the tracks with landmarks, where there is sound
    search_frames: tuple[SearchFrame, ...] = ()
    overview_frames: tuple[Frame, ...] = ()  # some frames of a clip without key frames
    coding: CodingHistory | None = None
    frame_hashes: tuple[FrameHash, ...] = ()
    names: FaceNames = field(default_factory=dict)  # the examiner's, by track
    left_out: tuple[ReportPart, ...] = ()  # at the examiner's wish
    player_confinement: str = ""  # of the process that showed the clip in the window; "" without one
    public_key: str = ""  # PEM of the key that will sign the manifest, "" for none
