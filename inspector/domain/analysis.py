"""What an analysis yields while it runs, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inspector.domain.clip import Clip, Gap
from inspector.domain.faces import Face, FaceTrack
from inspector.domain.geometry import Box
from inspector.domain.model_card import ModelCard
from inspector.domain.scores import FaceScore, Segment
from inspector.domain.settings import Settings


class Conclusion(StrEnum):
    """The four things a track or clip can come to. None of them says "authentic"."""

    INDICATED = "manipulation indicated"
    NOT_INDICATED = "no manipulation indicated"
    INCONCLUSIVE = "inconclusive"
    NO_FACE = "no face to score"


class Significance(StrEnum):
    """How much a finding matters, in the words of The Sleuth Kit; report.json has these values."""

    NOTABLE = "notable"
    LIKELY_NOTABLE = "likely notable"
    INCONCLUSIVE = "inconclusive"
    LIKELY_NONE = "likely none"
    NONE = "none"

    @property
    def text(self) -> str:
        """What people read: of a finding, "likely none" would be taken for "likely no manipulation"."""
        return "nothing notable found" if self in (Significance.LIKELY_NONE, Significance.NONE) else str(self)


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """What is kept of a decoded frame: its identity and the SHA-256 of its displayed RGB bytes."""

    index: int
    pts: int
    is_key: bool
    sha256: str
    is_shot_start: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """One step of an analysis: the frames it covered, in order, with the faces and scores found in them."""

    frames: tuple[FrameRecord, ...]
    faces: tuple[tuple[int, Face], ...]  # (track_id, face)
    scores: tuple[FaceScore, ...]
    gaps: tuple[Gap, ...] = ()
    state: Mapping[str, object] = field(default_factory=dict)  # plain JSON: what an interrupted analysis goes on from


@dataclass(frozen=True, slots=True)
class Signal:
    """A series measured on a track's landmarks; an observation that never enters the score. None marks no value."""

    track_id: int
    name: str  # "eye aspect ratio", "mouth opening", "yaw", "pitch", "roll", "landmark jitter", "sharpness"
    unit: str
    pts: tuple[int, ...]
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class TrackSummary:
    """A track's statistics over its scored frames, and what it comes to by the documented rule (docs/method.md)."""

    track_id: int
    median_box: Box
    start_pts: int
    end_pts: int
    frames_found: int
    frames_scored: int
    abstentions: dict[str, int]  # Abstention value -> frames
    fake_probability: float | None  # calibrated on the mean logit
    mean_probability: float | None  # of the frame probabilities
    median_probability: float | None
    share_over_threshold: float | None  # of scored frames, over Threshold.segment
    longest_run_seconds: float  # longest segment
    peak_pts: int | None
    peak_probability: float | None  # smoothed
    blinks_per_minute: float | None
    conclusion: Conclusion
    reason: str  # one sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement with its ground: conclusion, significance, justification, and the segments it speaks of."""

    conclusion: str
    significance: Significance
    justification: str
    track_id: int | None = None
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What the clip comes to, from its tracks."""

    conclusion: Conclusion
    reason: str
    fake_probability: float | None
    false_positive_rate: float | None
    false_positive_interval: tuple[float, float] | None
    n_real: int | None
    frames_decoded: int
    frames_analysed: int
    frames_scored: int
    abstentions: dict[str, int]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One finished (or cancelled) analysis. The per-frame series live in the case file, not here."""

    clip: Clip
    model: ModelCard | None
    settings: Settings
    device: str  # "cpu (2 threads, ...)" or "cuda: NVIDIA ..."
    versions: tuple[tuple[str, str], ...]  # software in order of use
    started_at: str  # ISO 8601, UTC
    finished_at: str
    sha256_after: str  # of the evidence when the analysis ended
    is_complete: bool
    tracks: tuple[FaceTrack, ...]
    summaries: tuple[TrackSummary, ...]
    segments: tuple[Segment, ...]
    signals: tuple[Signal, ...]
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    summary: Summary
