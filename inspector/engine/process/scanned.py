"""What a scan found: the content of summary.json."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from inspector.domain.analysis import Conclusion
from inspector.engine.seal.manifest import is_inside

KEPT = "It was analysed before with the same settings and model; the report of that analysis is left as it is."


@dataclass(frozen=True, slots=True)
class ScannedClip:
    """One input's entry in summary.json."""

    path: str
    folder: str  # below the output folder; "" when nothing was written
    status: Literal["analysed", "failed"]
    reason: str = ""  # why it failed; KEPT if a former scan analysed it
    sha256: str = ""
    conclusion: str = ""
    fake_probability: float | None = None
    false_positive_rate: float | None = None  # of the decision rule, per track, measured on `n_real` real ones
    n_real: int | None = None
    frames_analysed: int = 0
    frames_scored: int = 0
    false_positive_interval: tuple[float, float] | None = None  # 95 %, as the other one
    false_negative_rate: float | None = None  # missed or left undecided, measured on `n_fake` manipulated ones
    false_negative_interval: tuple[float, float] | None = None
    n_fake: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One path in a scanned folder that is no clip or still, with the reason."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """The content of summary.json: every input in the given order, what could not be read, and what was left out."""

    clips: tuple[ScannedClip, ...]
    left_out: tuple[LeftOut, ...] = ()


_LONGEST_REASON = 20_000  # with a path, each character of which may be escaped
_NO_NAME = re.compile(r"[/\\]|^\.$")
_SHA256 = re.compile(r"([0-9a-f]{64})?")


def objection(clip: ScannedClip) -> str:
    """What cannot be meant in an entry that another machine made, "" if nothing."""
    conclusions = {"", *Conclusion} if clip.status == "failed" else set(Conclusion)
    intervals = (*(clip.false_positive_interval or ()), *(clip.false_negative_interval or ()))
    shares = [clip.fake_probability, clip.false_positive_rate, clip.false_negative_rate, *intervals]
    counts = [clip.n_real or 0, clip.n_fake or 0, clip.frames_analysed, clip.frames_scored]
    checks = {
        "its folder": not clip.folder or (is_inside(clip.folder) and not _NO_NAME.search(clip.folder)),
        "its reason": len(clip.reason) <= _LONGEST_REASON,
        "its SHA-256": _SHA256.fullmatch(clip.sha256) is not None,
        "its conclusion": clip.conclusion in conclusions,
        "a probability": all(share is None or (math.isfinite(share) and 0 <= share <= 1) for share in shares),
        "a number of frames": min(counts) >= 0,
    }
    return next((what for what, is_sound in checks.items() if not is_sound), "")
