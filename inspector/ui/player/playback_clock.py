"""When a frame of a playing clip is due: relates the wall clock to the clip's time. Pure arithmetic."""

from __future__ import annotations

LATE_SECONDS = 0.5  # further behind than this, playback slows down instead of dropping frames
AGREED_SECONDS = 0.02  # a smaller difference between picture and sound is not noticeable and not corrected


class PlaybackClock:
    """Relates one time of the clip to one time of the wall clock, at a speed."""

    def __init__(self) -> None:
        self.speed = 0.0
        self._wall = 0.0
        self._seconds = 0.0

    def stop(self) -> None:
        """Stop the clock until the next `start`."""
        self.speed = 0.0

    def start(self, wall: float, seconds: float, speed: float) -> None:
        """Let the clip run at `speed` (negative: backwards) from its time `seconds`, which is shown at `wall`."""
        self._wall, self._seconds, self.speed = wall, seconds, speed

    def due(self, seconds: float) -> float:
        """The wall time at which the clip reaches `seconds`."""
        return self._wall + (seconds - self._seconds) / self.speed

    def catch_up(self, wall: float, seconds: float) -> bool:
        """Make a frame due at `wall` if it is more than LATE_SECONDS late; returns whether it was."""
        if wall - self.due(seconds) <= LATE_SECONDS:
            return False
        self.start(wall, seconds, self.speed)
        return True

    def follow(self, wall: float, seconds: float) -> None:
        """Follow a master clock, according to which the clip is at `seconds` at `wall`."""
        if abs(self.due(seconds) - wall) > AGREED_SECONDS:
            self.start(wall, seconds, self.speed)
