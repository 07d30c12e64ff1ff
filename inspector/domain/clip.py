"""A clip as its container declares it, its decoded frames, and the gaps that could not be decoded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
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
class PictureFormat:
    """How one picture is stored, and by that how it is displayed: `width` x `height` square pixels, upright."""

    width: int
    height: int
    coded_width: int
    coded_height: int
    sample_aspect: Fraction
    rotation: int  # degrees clockwise that were applied for display
    is_mirrored: bool  # before it was rotated
    is_interlaced: bool
    pix_fmt: str
    colour: Colour

    def differences(self, other: PictureFormat) -> tuple[str, ...]:
        """What differs in `other`, each as "name new (was old)"."""
        return tuple(
            f"{name} {after} (was {before})"
            for (name, before), (_, after) in zip(self._described(), other._described(), strict=True)
            if before != after
        )

    def _described(self) -> tuple[tuple[str, str], ...]:
        colour, aspect = self.colour, self.sample_aspect
        shown, stored = f"{self.width} × {self.height}", f"{self.coded_width} × {self.coded_height}"
        return (
            ("size", shown),
            ("stored size", "the same" if shown == stored else stored),
            ("sample aspect ratio", f"{aspect.numerator}:{aspect.denominator}"),
            ("rotation", f"{self.rotation}°{' mirrored' if self.is_mirrored else ''}"),
            ("scanning", "interlaced" if self.is_interlaced else "progressive"),
            ("pixel format", self.pix_fmt),
            ("colour primaries", colour.primaries),
            ("transfer curve", colour.transfer),
            ("matrix", colour.matrix),
            ("range", colour.range),
        )


@dataclass(frozen=True, slots=True)
class FormatUse:
    """A format in which pictures of a clip are stored, the first picture in it, and how many there are."""

    format: PictureFormat
    first_index: int
    first_pts: int
    pictures: int


class StreamKind(StrEnum):
    """What a stream of pictures is for."""

    VIDEO = "video"
    COVER = "cover picture"
    THUMBNAILS = "thumbnails"
    STILL = "still picture"
    PAGE = "page"
    AUXILIARY = "auxiliary picture"
    EMBEDDED_VIDEO = "video behind the picture"
    FOLLOWING_VIDEO = "video of a further file behind this one"


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """One of the streams, pages or items of pictures in a file. `number` is what `--stream` takes."""

    number: int  # the stream index of FFmpeg (ffprobe) for videos
    kind: StreamKind
    codec: str
    width: int
    height: int
    pictures: int | None = None  # None where the file does not say
    seconds: float | None = None
    title: str = ""
    is_main: bool = False  # opened unless another one is chosen
    can_open: bool = True
    offset: int = 0  # in the file, of a video behind a picture; its stream index there is `inner`
    length: int = 0
    inner: int = 0

    @property
    def text(self) -> str:
        """Kind, codec, size, pictures, duration and title, as far as the file states them."""
        parts = [str(self.kind), self.codec]
        if self.width and self.height:
            parts.append(f"{self.width} × {self.height} px")
        if self.pictures is not None:
            parts.append("1 picture" if self.pictures == 1 else f"{self.pictures} pictures")
        if self.seconds is not None:
            parts.append(f"{self.seconds:.3f} s")
        return ", ".join([*parts, f"“{self.title}”"] if self.title else parts)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a clip whose stored time stamps continue each other; it ends where the next one starts.

    `start_pts` is the pts of its first picture and `stored_pts` the time stamp that the file has for it. All pts of the
    program run on from section to section; `reason` says why the stored ones do not, "" for the first section.
    """

    start_pts: int
    stored_pts: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Clip:
    """A video or still as its container declares it; width and height are those displayed.

    The properties are those of the stream `stream`, and of its first picture where pictures differ.
    """

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
    is_mirrored: bool = False  # before it was rotated
    coded_aspect: Fraction = Fraction(1)  # of the first picture itself; another `sample_aspect` is the container's
    crop: tuple[int, int, int, int] = (0, 0, 0, 0)  # stored pixels hidden by the container: left, top, right, bottom
    stream: int = 0
    streams: tuple[StreamInfo, ...] = ()  # all that hold pictures, with the chosen one
    remarks: tuple[str, ...] = ()  # one sentence each on what a reader should know of how the file was read

    @property
    def chosen_stream(self) -> int | None:
        """The number of the stream, None for the main one: what the settings of its analyses have."""
        return next((None if stream.is_main else stream.number for stream in self.streams
                     if stream.number == self.stream), None)  # fmt: skip

    @property
    def alternatives(self) -> tuple[StreamInfo, ...]:
        """The other streams that an examiner may want to see too; covers, thumbnails and the like are none."""
        kinds = (StreamKind.VIDEO, StreamKind.STILL, StreamKind.PAGE, StreamKind.EMBEDDED_VIDEO,
                 StreamKind.FOLLOWING_VIDEO)  # fmt: skip
        return tuple(stream for stream in self.other_streams if stream.kind in kinds and stream.can_open)

    @property
    def other_streams(self) -> tuple[StreamInfo, ...]:
        """The streams of the file that hold pictures and are not this clip."""
        return tuple(stream for stream in self.streams if stream.number != self.stream)

    sections: tuple[Section, ...] = ()  # of the stored time stamps, more than one where they are not continuous

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
    format: PictureFormat | None = None
    packet_bytes: int | None = None  # how many bytes the file stores for it
    # These only where the decoder was asked and gives them: the mean over the picture on the codec's scale, and the
    # shares of the area (0..1) that refer to no other picture, to an earlier and to a later one.
    quantiser: float | None = None
    intra_share: float | None = None
    past_share: float | None = None
    future_share: float | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """An interval [start_pts, end_pts) without decodable frames, and the cause."""

    start_pts: int
    end_pts: int
    reason: str
