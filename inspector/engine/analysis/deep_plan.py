"""Which frames of each track the deep network sees.

While a clip is analysed: one frame of a track in the middle of its first second and then one per step of time, so that
the track's number is there within a second of it, also in a long clip, and gets more exact evenly; the first numbers of
all do not wait for it. After the last frame: enough others for a short track, as far as possible from those, and the
frames where the fast network is highest or most unsure. All of it follows from the scores, so an analysis that was
interrupted chooses the same frames.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from inspector.domain.arrays import Flags, Floats
from inspector.domain.clip import Clip
from inspector.domain.model_card import DeepLimits
from inspector.domain.settings import Settings
from inspector.engine.analysis.deep_rule import LEAST_FRAMES
from inspector.engine.model.detector import Detector

MOST_FRAMES = 64  # of a track; unless every frame is wanted
_MOST_EVEN = 48  # the rest is for the frames that the fast network points at
_UNSURE = 0.5


def deep_limits(clip: Clip, detector: Detector | None, settings: Settings) -> DeepLimits | None:
    """The limits of the deep network for this clip; None if it does not look."""
    if detector is None or detector.deep is None or detector.card.deep is None or settings.deep == "off":
        return None
    return detector.card.deep.limits(clip.is_still)


def plan_of(clip: Clip, detector: Detector | None, settings: Settings) -> DeepPlan:
    """The plan for a clip: every frame if the settings or a GPU allow, else some; and the one of a still."""
    deep = detector.deep if detector else None
    is_every_frame = clip.is_still or settings.deep == "all" or (deep is not None and deep.device.type == "cuda")
    declared = None if clip.duration_pts is None else float(clip.duration_pts * clip.time_base)
    end = min((s for s in (declared, settings.end_seconds) if s is not None), default=0.0)
    return DeepPlan(settings.deep_per_second, max(0.0, end - (settings.start_seconds or 0.0)), is_every_frame)


@dataclass(slots=True)
class _Grid:
    """The frames chosen of one track so far, and the time from which on the next one is chosen."""

    step: float
    next_seconds: float
    count: int = 0

    def take(self, seconds: float) -> bool:
        if seconds < self.next_seconds:
            return False
        self.count += 1
        # A clip that is longer than it declares gets fewer and fewer frames, and not ever more of them.
        if self.count >= _MOST_EVEN and (self.count - _MOST_EVEN) % 16 == 0:
            self.step *= 2
        self.next_seconds = seconds + self.step
        return True


@dataclass(slots=True)
class DeepPlan:
    """Chooses the evenly spread frames while the clip is analysed; scored frames are offered in the order of time."""

    per_second: float
    clip_seconds: float  # of the part to analyse, as declared; 0 where it is not
    is_every_frame: bool = False
    _grids: dict[int, _Grid] = field(default_factory=dict)

    def is_due(self, track_id: int, seconds: float) -> bool:
        """Whether the deep network sees this scored frame of a track."""
        if self.is_every_frame:
            return True
        if track_id not in self._grids:
            # Frames of a whole step apart must not be lost to rounding.
            step = max(1 / self.per_second, self.clip_seconds / _MOST_EVEN) - 1e-6
            self._grids[track_id] = _Grid(step, seconds + min(step, 1 / self.per_second) / 2)
        return self._grids[track_id].take(seconds)


def filled(is_even: Flags) -> Flags:
    """The evenly spread frames of a finished track, bool (n,) over its scored frames; at least eight if there are.

    Those added are each the one farthest from all others, counted in frames; of several the first.
    """
    chosen = is_even.copy()
    while chosen.sum() < min(LEAST_FRAMES, len(chosen)):
        rows, taken = np.arange(len(chosen)), np.flatnonzero(chosen)
        apart = np.abs(rows[:, None] - taken).min(axis=1) if len(taken) else rows[::-1]
        chosen[int(np.argmax(apart))] = True
    return chosen


def pointed_at(seconds: Floats, probabilities: Floats, is_even: Flags) -> Flags:
    """The frames, bool (n,), where the fast network is highest or most unsure, apart from the evenly spread ones.

    A quarter as many as those, at least two and at most 16, half of them for each reason. None is nearer to another
    frame that is seen than a quarter of the usual distance between the evenly spread ones.
    """
    chosen, even = np.zeros_like(is_even), int(is_even.sum())
    if even < 2:
        return chosen
    count = min(MOST_FRAMES - even, max(2, even // 4))
    apart = float(np.median(np.diff(seconds[is_even]))) / 4
    for worth in (-probabilities, np.abs(probabilities - _UNSURE)):
        left = count // 2
        for row in np.argsort(worth, kind="stable"):
            if left <= 0:
                break
            if np.abs(seconds[is_even | chosen] - seconds[row]).min() >= apart:
                chosen[row] = True
                left -= 1
    return chosen
