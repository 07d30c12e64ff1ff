"""The evidence and its frames: what was declared, what was decoded, what could not be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from inspector.domain.arrays import Image


@dataclass(frozen=True, slots=True)
class Colour:
    """How the stored samples map to light, in FFmpeg's names ("bt709", "tv"); "unknown" when undeclared.

    `assumed` names the values that decode.py had to assume; `tone_mapped` says that HDR was brought to SDR.
    """

    primaries: str = "unknown"
    transfer: str = "unknown"
    matrix: str = "unknown"
    range: str = "unknown"
    assumed: tuple[str, ...] = ()
    tone_mapped: bool = False


@dataclass(frozen=True, slots=True)
class Clip:
    """One piece of evidence, a video or a still, as its container declares it; width and height are as displayed."""

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
    metadata: tuple[tuple[str, str], ...] = ()  # the container's own tags, verbatim

    def seconds(self, pts: int) -> float:
        """Seconds since the first picture."""
        return float((pts - self.start_pts) * self.time_base)

    def pts(self, seconds: float) -> int:
        """The pts tick nearest to a time since the first picture; no frame need stand there."""
        return self.start_pts + round(seconds / self.time_base)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One decoded picture: `image` uint8 (H, W, 3) RGB as displayed. Its identity is `pts`; `index` is for people."""

    index: int  # display order from 0
    pts: int
    image: Image
    is_key: bool
    is_corrupt: bool = False  # the decoder concealed errors in it
    picture_type: str = ""  # I, P, B, or "" when unknown
    is_interlaced: bool = False  # so flagged by the decoder; `image` is made whole


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch [start_pts, end_pts) with no usable picture, and why."""

    start_pts: int
    end_pts: int
    reason: str
