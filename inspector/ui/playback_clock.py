"""When a frame of a playing clip is due: wall clock against the clip's own time. Pure arithmetic."""

from __future__ import annotations

LATE_SECONDS = 0.5  # further behind than this, playback slows down instead of chasing its clock


class PlaybackClock:
    """Ties one moment of the clip to one moment of the wall clock, at a speed."""

    def __init__(self) -> None:
        self.speed = 0.0
        self._wall = 0.0
        self._seconds = 0.0

    def stop(self) -> None:
        """Forget the tie; the next `start` makes a new one."""
        self.speed = 0.0

    def start(self, wall: float, seconds: float, speed: float) -> None:
        """From `wall` on, the clip stands at `seconds` and runs at `speed` (negative: backwards)."""
        self._wall, self._seconds, self.speed = wall, seconds, speed

    def due(self, seconds: float) -> float:
        """The wall time at which the clip reaches `seconds`."""
        return self._wall + (seconds - self._seconds) / self.speed

    def catch_up(self, wall: float, seconds: float) -> float:
        """How late a frame is at `wall`; one that is hopelessly late becomes due now, and the clock slips."""
        late = wall - self.due(seconds)
        if late <= LATE_SECONDS:
            return late
        self.start(wall, seconds, self.speed)
        return 0.0
