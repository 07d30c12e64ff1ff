"""The clip's times of its sound, whose stored time stamps may jump together with those of the pictures."""

from __future__ import annotations

from inspector.domain.clip import Clip

STEPS_PER_SECOND = 100  # of what is measured on a sound
_CONTINUES_SECONDS = 0.5  # a piece of sound within this time of the end of the one before is in its section
_BEGINS_SECONDS = 1.0  # a piece that goes back in time, and lies so near to the next section's beginning, is in that


class ClipTimes:
    """Turns the container's times of a clip's sound, in the file's order, into times of the clip.

    Behind a seam of the timeline the stored time stamps of sound and pictures jump together, and the clip's times run
    on. The section of a piece of sound is the one in which it continues the piece before, or begins with the pictures:
    the sound of the part before may have ended early.
    """

    def __init__(self, clip: Clip, near: float) -> None:
        start = float(clip.start_pts * clip.time_base)
        shifts = [float((section.start_pts - section.stored_pts) * clip.time_base) for section in clip.sections]
        self._shifts = [shift - start for shift in shifts or [0.0]]
        self._begins = [clip.seconds(section.start_pts) for section in clip.sections] or [0.0]
        self._end = near
        self._at: int | None = None

    def of(self, when: float, length: float) -> float:
        """The clip's time, in seconds, of a piece of this length at the container's time `when`."""
        following = range(len(self._shifts)) if self._at is None else range(len(self._shifts))[self._at : self._at + 2]
        nearest = min(following, key=lambda at: abs(when + self._shifts[at] - self._end))
        if self._at is None or abs(when + self._shifts[self._at] - self._end) > _CONTINUES_SECONDS:
            self._at = following[-1] if self._begins_next(when, following) else nearest
        found = when + self._shifts[self._at]
        self._end = found + length
        return found

    def _begins_next(self, when: float, following: range) -> bool:
        """Whether a piece of sound would go back in the section before, and begins with the pictures of the next."""
        here, there = following[0], following[-1]
        goes_back = when + self._shifts[here] < self._end - _CONTINUES_SECONDS
        is_with_pictures = abs(when + self._shifts[there] - self._begins[there]) <= _BEGINS_SECONDS
        return self._at is not None and there > here and goes_back and is_with_pictures
