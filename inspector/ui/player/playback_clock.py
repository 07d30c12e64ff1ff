"""When a frame of a playing clip is due: wall clock against the clip's own time. Pure arithmetic."""

from __future__ import annotations

LATE_SECONDS = 0.5  # further behind than this, playback slows down instead of chasing its clock

AGREED_SECONDS = 0.02  # a smaller difference between picture and sound is not followed: nobody can tell


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

    def catch_up(self, wall: float, seconds: float) -> bool:
        """Make a frame that is hopelessly late at `wall` due now; whether the clock slipped so."""
        if wall - self.due(seconds) <= LATE_SECONDS:
            return False
        self.start(wall, seconds, self.speed)
        return True

    def follow(self, wall: float, seconds: float) -> None:
        """Another clock, which counts more, says that the clip stands at `seconds` at `wall`: agree with it."""
        if abs(self.due(seconds) - wall) > AGREED_SECONDS:
            self.start(wall, seconds, self.speed)
