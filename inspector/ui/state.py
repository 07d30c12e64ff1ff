"""The values that the session holds: the open clip, the picture on the screen, playback, sound, overlays, notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtGui import QImage

from inspector.domain.analysis import Signal
from inspector.domain.arrays import Flags, PtsArray
from inspector.domain.case import Bookmark, CaseInfo, FaceName, Note, Review, SavedPicture
from inspector.domain.clip import Clip, Frame
from inspector.domain.faces import Face
from inspector.domain.observations.coding import CodingFact
from inspector.domain.settings import Settings
from inspector.engine.activity import Stage
from inspector.engine.faces.blinks import NO_BLINKS, TrackBlinks
from inspector.engine.filters.table import Chain

_MOST_SHARE = 0.999
LANDMARK_STYLES = ("off", "points", "contours", "mesh")


@dataclass(frozen=True, slots=True)
class OpenedClip:
    """A clip with its frame index: pts int64 (n,) in display order, is_key bool (n,).

    `download` holds fields of the cover by what a downloader recorded beside the file.
    """

    clip: Clip
    pts: PtsArray
    is_key: Flags
    download: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is on the screen: one frame, or the gap in its place, with the faces that an analysis found in it.

    With filters on, `image` is the filtered picture and `frame` holds the decoded pixels.
    """

    clip: Clip
    index: int
    pts: int
    frame: Frame | None
    image: QImage | None
    faces: tuple[tuple[int, Face], ...] = ()
    analysis_id: int | None = None  # the analysis in `case_path` that `faces` are from
    problem: str = ""
    chain: Chain = ()  # the filters that `image` went through
    case_path: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TrackSignals:
    """The signals of one track of an analysis by name, and the names of all signals that any of its tracks has.

    `coding` has the coding history of the clip, whatever track is selected, and `observed` what the rules say about it.
    """

    case_path: Path
    analysis_id: int
    track_id: int | None  # None when no track is selected
    names: tuple[str, ...] = ()
    signals: Mapping[str, Signal] = field(default_factory=dict)
    blinks: TrackBlinks = NO_BLINKS
    coding: Mapping[str, Signal] = field(default_factory=dict)
    observed: tuple[CodingFact, ...] = ()


class Task(StrEnum):
    """What the window may be waiting for; each has a text of its own, which only its owner sets and ends."""

    OPENING = "opening"  # a clip: nothing can be done meanwhile
    OPENING_CASE = "opening a case"  # nor then
    CREATING = "creating a case"
    HASHING = "hashing"  # files that are added
    CHECKING = "checking"  # the files of a case
    FINDING = "finding"  # the file of an exhibit
    COMPARING = "comparing"  # a file of no list
    REPORT = "report"
    CASE_EXPORT = "case export"


class Layout(StrEnum):
    """How two compared pictures are arranged."""

    SIDE_BY_SIDE = "side by side"
    WIPE = "wipe"


@dataclass(frozen=True, slots=True)
class Pick:
    """One side: a frame, or with `track_id` the face of that track in it. `index` None follows the player.

    With `is_other` it is of the comparison's other clip, where it follows the player to the same time from the start.
    """

    index: int | None = None
    track_id: int | None = None
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two picks and their layout; `other` is the case file of the other clip, if a side shows one."""

    left: Pick
    right: Pick
    layout: Layout = Layout.SIDE_BY_SIDE
    other: Path | None = None

    def swapped(self) -> Comparison:
        """The same comparison with its sides exchanged."""
        return replace(self, left=self.right, right=self.left)


class SoundState(StrEnum):
    """The state of the sound, as the transport bar shows it."""

    NONE = ""  # no clip, or one without sound
    ON = "sound"
    MUTED = "muted"
    OTHER_SPEED = "muted: not at 1×"
    NO_DEVICE = "no audio device"
    UNREADABLE = "sound cannot be decoded"
    FAILED = "sound off after an error of the program"


@dataclass(frozen=True, slots=True)
class OverlayOptions:
    """The overlays of the picture."""

    heat_map: bool = False
    opacity: float = 0.65
    boxes: bool = True
    landmarks: str = "off"  # one of LANDMARK_STYLES
    close_up: bool = False  # whether the close-up panel is visible: it shows the heat map too


@dataclass(frozen=True, slots=True)
class Playback:
    """Whether the clip plays, and its speed when it plays; a negative speed plays backwards."""

    is_playing: bool = False
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class AnalysisJob:
    """The progress of the running analysis, in frames; times are monotonic seconds."""

    job: int
    frames_done: int = 0  # in the case file
    frames_begun: float = 0.0  # worked through, those of the next batches in part; 0 while nothing is said of them
    frames_total: int | None = None
    frames_before: int = 0  # done by an earlier, interrupted run
    started: float | None = None  # None while the engine process is loading
    stage: Stage | None = None  # of the work on the whole file, before the first frame and after the last one
    percent: float = 0.0  # of the stage
    now: float = 0.0
    is_cancelling: bool = False
    settings: Settings | None = None  # those that it was asked for with

    @property
    def frames_worked(self) -> float:
        """Frames that are worked through, the newest ones in part."""
        return max(float(self.frames_done), self.frames_begun)

    @property
    def share(self) -> float | None:
        """How much of what is under way is done, below 1 because more follows; None if nothing says how much it is."""
        if self.stage is not None:
            return min(self.percent / 100, _MOST_SHARE)
        return min(self.frames_worked / self.frames_total, _MOST_SHARE) if self.frames_total else None

    @property
    def rate(self) -> float | None:
        """Frames per second since the start."""
        # The first frames may be there already when the start is told.
        if self.started is None or self.now < self.started + 0.5 or self.frames_worked <= self.frames_before:
            return None
        return (self.frames_worked - self.frames_before) / (self.now - self.started)

    @property
    def seconds_left(self) -> float | None:
        """At the present rate."""
        if self.rate is None or self.frames_total is None:
            return None
        return max(self.frames_total - self.frames_worked, 0) / self.rate


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for the user, optionally with the id of the action that its button triggers."""

    text: str
    is_problem: bool = False
    action_id: str = ""
    detail: str = ""
    is_sticky: bool = False  # shown until the next notice: it is about something that is still going on
    is_about_position: bool = (
        False  # hidden when another picture is shown: it is about a position that cannot be reached
    )


@dataclass(frozen=True, slots=True)
class CaseAnnotations:
    """What the examiner has written into a case file."""

    case_path: Path
    notes: tuple[Note, ...]
    bookmarks: tuple[Bookmark, ...]
    pictures: tuple[SavedPicture, ...]
    reviews: tuple[Review, ...]
    names: tuple[FaceName, ...]
    info: CaseInfo
