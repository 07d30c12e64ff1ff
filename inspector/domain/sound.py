"""What was measured on the sound of a clip. Observations: nothing of it enters a score."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.arrays import Bytes, Floats32
from inspector.domain.structure import StructureFact, Tag


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """A stretch [start, end) of the sound, in seconds since the first picture, that differs from what is around it.

    `kind` is "clipping", "silence", "click", "hum break", "time stamps" or "format".
    """

    kind: str
    start_seconds: float
    end_seconds: float
    detail: str


@dataclass(frozen=True, slots=True, eq=False)
class SoundPicture:
    """Waveform and spectrogram in columns of `step_seconds`, the first of which begins at `start_seconds`.

    `lowest` and `highest` uint8 (n,): extremes of the samples, 0 for -1, 128 for 0, 255 for 1. `levels` uint8
    (n, bands): level of each band from 0 Hz to `top_hz`, 0 for -120 dBFS or no sound, 255 for 0 dBFS.
    """

    start_seconds: float
    step_seconds: float
    top_hz: float
    lowest: Bytes
    highest: Bytes
    levels: Bytes


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Level of the band of speech in dBFS, and whether a voice is heard, in steps of `step_seconds`.

    `level` float32 (n,), NaN without sound; `is_voiced` uint8 (n,), 0 or 1.
    """

    start_seconds: float
    step_seconds: float
    level: Floats32
    is_voiced: Bytes


@dataclass(frozen=True, slots=True, eq=False)
class SoundFacts:
    """The first sound track of a clip. `sentence` says what was examined, or why nothing was.

    `values` are what was measured, in words; `events` are listed up to a limit, and `left_out` counts the others.
    """

    sentence: str
    codec: str = ""
    sample_rate: int = 0
    channels: int = 0
    layout: str = ""
    tracks: int = 0
    seconds: float = 0.0
    values: tuple[Tag, ...] = ()
    facts: tuple[StructureFact, ...] = ()
    events: tuple[SoundEvent, ...] = ()
    left_out: int = 0
    problems: tuple[str, ...] = ()
    picture: SoundPicture | None = None
    speech: Speech | None = None

    @property
    def is_examined(self) -> bool:
        """Whether sound was decoded and measured."""
        return self.seconds > 0


@dataclass(frozen=True, slots=True)
class MouthLag:
    """By how much the mouth of a track follows the sound of speech; a positive lag: the picture comes later.

    `lag_ms` is None where it cannot be told, which `reason` explains. `peak` is the correlation at the lag.
    """

    track_id: int
    lag_ms: float | None
    peak: float
    reason: str = ""

    @property
    def sentence(self) -> str:
        """The observation in words."""
        if self.lag_ms is None:
            return f"Cannot tell whether the mouth follows the sound: {self.reason}."
        side = "after" if self.lag_ms > 0 else "before"
        when = "with" if abs(self.lag_ms) < 0.5 else f"{abs(self.lag_ms):.0f} ms {side}"
        return f"The mouth moves {when} the sound of speech (correlation {self.peak:.2f})."
