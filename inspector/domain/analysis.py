"""The results of an analysis: batches while it runs, then tracks, signals, findings and the summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inspector.domain.account import PictureAccount
from inspector.domain.arrays import Floats, Floats32, PtsArray
from inspector.domain.clip import Clip, FormatUse, Gap
from inspector.domain.faces import Face, FaceTrack
from inspector.domain.geometry import Box
from inspector.domain.model_card import ModelCard
from inspector.domain.scores import FaceScore, Segment
from inspector.domain.settings import Settings


class Conclusion(StrEnum):
    """The four possible conclusions about a track or clip. None of them is "authentic"."""

    INDICATED = "manipulation indicated"
    NOT_INDICATED = "no manipulation indicated"
    INCONCLUSIVE = "inconclusive"
    NO_FACE = "no face to score"


class Significance(StrEnum):
    """The significance of a finding on the scale of The Sleuth Kit; report.json contains these values."""

    NOTABLE = "notable"
    LIKELY_NOTABLE = "likely notable"
    INCONCLUSIVE = "inconclusive"
    LIKELY_NONE = "likely none"
    NONE = "none"

    @property
    def text(self) -> str:
        """The displayed text: "likely none" as such would be read as "likely no manipulation"."""
        return "nothing notable found" if self in (Significance.LIKELY_NONE, Significance.NONE) else str(self)


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """What is stored of a decoded frame: its identity and the SHA-256 of its displayed RGB bytes."""

    index: int
    pts: int
    is_key: bool
    sha256: str
    is_shot_start: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SignalBlock:
    """All signals of a track in consecutive frames, in a fixed order of names.

    `pts` int64 (n,), rising; `values` float32 (names, n), NaN where there is no value.
    """

    track_id: int
    pts: PtsArray
    values: Floats32


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """One step of an analysis: consecutive frames with their faces and scores."""

    frames: tuple[FrameRecord, ...]
    faces: tuple[tuple[int, Face], ...]  # (track_id, face)
    scores: tuple[FaceScore, ...]
    gaps: tuple[Gap, ...] = ()
    state: Mapping[str, object] = field(default_factory=dict)  # plain JSON, from which an interrupted analysis resumes
    deep_scores: tuple[FaceScore, ...] = ()  # of earlier frames, which the deep network saw after the last frame
    signals: tuple[SignalBlock, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """A series measured on a track's landmarks, which never affects the score.

    `pts` int64 (n,), rising; `values` float64 (n,), NaN where there is no value.
    """

    track_id: int
    name: str  # "eye aspect ratio", "mouth opening", "yaw", "pitch", "roll", "landmark jitter", "sharpness"
    unit: str
    pts: PtsArray
    values: Floats


@dataclass(frozen=True, slots=True)
class ChangedScore:
    """How far a change of the picture, such as "JPEG quality 50", moves the deep network's mean logit."""

    name: str
    shift: float


@dataclass(frozen=True, slots=True)
class DeepChecks:
    """What is measured on some frames of a track where the deep network's mean logit would lead to a conclusion."""

    changes: tuple[ChangedScore, ...] = ()
    plain_share: float | None = None  # of the face's surroundings that is of one colour; None where it was not measured


UNCHECKED = DeepChecks()
"""Nothing was measured, because no conclusion depends on it."""

FRAMES_CHECKED = 8  # of the frames of a track whose mean decides, for DeepChecks, at most
PLAIN_SHARE = 0.25  # of the surroundings in one colour, from which on a face stands before a plain surface


def is_plain(share: float | None) -> bool:
    """Whether a face with this plain share of its surroundings, if it was measured, stands before a plain surface."""
    return share is not None and share >= PLAIN_SHARE


@dataclass(frozen=True, slots=True)
class DeepSummary:
    """What the deep network saw of a track. The mean logit is that of the evenly spread frames, which decides."""

    pts: tuple[int, ...]  # of the evenly spread frames
    chosen_pts: tuple[int, ...]  # of further frames, where the fast network is highest or most unsure
    mean_logit: float | None
    likelihood_ratio: float | None  # of "manipulated" against "not", for this mean logit
    likelihood_interval: tuple[float, float] | None  # 95 %
    changes: tuple[ChangedScore, ...]  # empty where the conclusion was open anyway
    likelihood_bounds: tuple[float, float] | None = None  # beyond which the card's sources support no ratio
    plain_share: float | None = None  # as in DeepChecks


@dataclass(frozen=True, slots=True)
class TrackSummary:
    """Statistics of a track's scored frames, and its conclusion by the decision rule (docs/method.md)."""

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
    peak_pts: int | None  # of the fast look where the deep one came to no frame, and then alone
    peak_probability: float | None  # smoothed
    blinks_per_minute: float | None
    conclusion: Conclusion
    reason: str  # one sentence
    deep: DeepSummary | None = None  # None where the deep network did not look; else all figures above are its own

    @property
    def worst_pts(self) -> int:
        """The worst frame: the peak of the track's probability over time, or its first frame where none is scored."""
        return self.start_pts if self.peak_pts is None else self.peak_pts


@dataclass(frozen=True, slots=True)
class Finding:
    """A conclusion with its significance, justification and the segments that it is about."""

    conclusion: str
    significance: Significance
    justification: str
    track_id: int | None = None
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The conclusion about the clip, from those about its tracks."""

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
class Timing:
    """How long a step took in all, by the clock and over all threads, and how often it was done."""

    step: str
    seconds: float
    calls: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """One finished or cancelled analysis. The series of frames (scores, signals) are in the case file only."""

    clip: Clip
    model: ModelCard | None
    settings: Settings
    device: str  # "cpu (2 threads, ...)" or "cuda: NVIDIA ..."
    versions: tuple[tuple[str, str], ...]  # software in order of use
    started_at: str  # ISO 8601, UTC
    finished_at: str
    sha256_after: (
        str  # of the evidence at the end, or why it could not be read; "" for a cancelled one, not hashed again
    )
    is_complete: bool
    tracks: tuple[FaceTrack, ...]
    summaries: tuple[TrackSummary, ...]
    segments: tuple[Segment, ...]
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    summary: Summary
    formats: tuple[FormatUse, ...] = ()  # of the decoded pictures; more than one where the stream changes
    account: PictureAccount | None = None  # of a run over the whole clip
    confinement: str = ""  # by which means the process that decoded the clip was confined; "" if not recorded
    timings: tuple[Timing, ...] = ()  # of the run that finished it; not a result, and never compared

    @property
    def indicated_tracks(self) -> frozenset[int]:
        """The ids of the tracks of which manipulation is indicated; only what is about them has the warning colour."""
        return frozenset(t.track_id for t in self.summaries if t.conclusion is Conclusion.INDICATED)

    @property
    def is_evidence_changed(self) -> bool:
        """Whether the evidence had another SHA-256 when the analysis ended, or could not be read any more."""
        return self.sha256_after not in ("", self.clip.sha256)
