"""A clip as its container declares it, its decoded frames, and the gaps that could not be decoded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from inspector.domain.arrays import Image


@dataclass(frozen=True, slots=True)
class Colour:
    """The colour properties, by FFmpeg's names ("bt709", "tv"); "unknown" when undeclared.

    `assumed` lists the properties that were not declared and had to be assumed; `tone_mapped`: HDR was mapped to SDR.
    """

    primaries: str = "unknown"
    transfer: str = "unknown"
    matrix: str = "unknown"
    range: str = "unknown"
    assumed: tuple[str, ...] = ()
    tone_mapped: bool = False


@dataclass(frozen=True, slots=True)
class Clip:
    """A video or still as its container declares it; width and height are those displayed."""

    path: str
    sha256: str
    size_bytes: int
    container: str
    codec: str
    pix_fmt: str
    width: int
    height: int
    coded_width: int
    coded_height: int
    rotation: int  # degrees clockwise that were applied for display: 0, 90, 180, 270
    sample_aspect: Fraction
    colour: Colour
    time_base: Fraction  # seconds per pts tick
    start_pts: int
    duration_pts: int | None
    declared_frames: int | None
    average_rate: Fraction | None  # frames per second, as declared
    is_variable_rate: bool
    is_interlaced: bool
    has_audio: bool
    bit_depth: int = 8
    is_still: bool = False
    metadata: tuple[tuple[str, str], ...] = ()  # the container's tags, verbatim

    def seconds(self, pts: int) -> float:
        """Seconds since the first frame."""
        return float((pts - self.start_pts) * self.time_base)

    def pts(self, seconds: float) -> int:
        """The pts nearest to a time since the first frame, whether or not a frame has it."""
        return self.start_pts + round(seconds / self.time_base)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One decoded frame: `image` uint8 (H, W, 3) RGB as displayed. `pts` identifies it; `index` is for display."""

    index: int  # display order from 0
    pts: int
    image: Image
    is_key: bool
    is_corrupt: bool = False  # the decoder concealed errors in it
    picture_type: str = ""  # I, P, B, or "" when unknown
    is_interlaced: bool = False  # flagged by the decoder; `image` is deinterlaced


@dataclass(frozen=True, slots=True)
class Gap:
    """An interval [start_pts, end_pts) without decodable frames, and the cause."""

    start_pts: int
    end_pts: int
    reason: str
