"""What was measured on the sound of a clip. Observations: nothing of it enters a score."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.arrays import Bytes, Floats32
from inspector.domain.structure import StructureFact, Tag


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """A stretch [start, end) of the sound, in seconds since the first picture, that differs from what is around it.

    `kind` is "clipping", "silence", "hum break", "coding shift", "time stamps" or "format".
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
