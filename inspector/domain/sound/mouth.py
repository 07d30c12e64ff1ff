"""How the mouth of a face follows the sound of speech. An observation: nothing of it enters a score."""

from __future__ import annotations

from dataclasses import dataclass

CAUSES = (
    "Players, platforms, wireless microphones and converters shift the sound by up to some hundred milliseconds; a "
    "voice from off screen, dubbing, music, masks and a turned head leave nothing to compare."
)
"""The usual innocent causes of a lag, and of none that can be told."""


@dataclass(frozen=True, slots=True)
class MouthLag:
    """By how much the mouth of a track follows the sound of speech; a positive lag: the picture comes later.

    `lag_ms` is None where it cannot be told, which `reason` explains. `peak` is the greatest correlation, and
    `by_chance` the greatest one with the same sound played backwards, which has nothing to do with the mouth; both are
    0 where nothing was compared.
    """

    track_id: int
    lag_ms: float | None
    peak: float = 0.0
    by_chance: float = 0.0
    reason: str = ""

    @property
    def sentence(self) -> str:
        """The observation in words."""
        if self.lag_ms is None:
            return f"Cannot tell whether the mouth follows the sound of speech: {self.reason}."
        fit = f"correlation {self.peak:.2f}, at most {self.by_chance:.2f} with the sound played backwards"
        if abs(self.lag_ms) < 0.5:
            return f"The mouth moves with the sound of speech ({fit})."
        side = "after" if self.lag_ms > 0 else "before"
        return f"The mouth moves {abs(self.lag_ms):.0f} ms {side} the sound of speech ({fit})."
