"""Each picture of a video displayed by what it itself declares: size, sample aspect ratio, rotation and colour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import av
from av.filter import Graph
from av.video.frame import VideoFrame

from inspector.domain.arrays import Image
from inspector.domain.clip import Clip, Colour, PictureFormat
from inspector.engine.decode.colour import Converter, Geometry, declared_colour, override
from inspector.engine.decode.container import orientation, square_pixel_size

# A larger sample aspect ratio is a damaged header rather than an anamorphic lens or a television standard.
_MAX_ASPECT = 8
_ASPECT_STEPS = 1 << 14
_CORNER = 64, 16  # pixels: swscale enlarges a width less than 8192 times
_MAX_DENOMINATOR = 255  # of the sample aspect ratios that codecs can store in short form
# Codecs whose alpha channel is transparency. Elsewhere the fourth channel is often unused and zero.
WITH_TRANSPARENCY = {"apng", "png", "gif", "webp", "prores", "qtrle"}
_MOST_FORMATS = 64  # kept converters


def plausible_aspect(aspect: Fraction | None) -> Fraction:
    """A declared sample aspect ratio; 1 where there is none or it is implausible."""
    if not aspect or not Fraction(1, _MAX_ASPECT) <= aspect <= _MAX_ASPECT:
        return Fraction(1)
    return Fraction(aspect)


class AspectReader:
    """Reads the sample aspect ratio of single frames, which PyAV has no attribute for.

    FFmpeg's scale filter knows it: a corner of the picture is scaled to a width of `sar` times a constant, which takes
    0.15 ms. A corner, because the filter keeps half of a picture's rows, in the width that it scales to.
    """

    def __init__(self) -> None:
        self._graph: Graph | None = None
        self._shape: tuple[int, int, str] | None = None

    def read(self, frame: VideoFrame) -> Fraction:
        """The ratio of width to height of the frame's pixels; 1 when it declares none."""
        shape = (frame.width, frame.height, frame.format.name)
        try:
            if self._graph is None or shape != self._shape:
                self._graph, self._shape = self._make(frame), shape
            self._graph.vpush(frame)
            width = self._graph.vpull().width
        except (av.error.FFmpegError, ValueError):
            self._graph = None
            return Fraction(1)
        return plausible_aspect(Fraction(width, _ASPECT_STEPS).limit_denominator(_MAX_DENOMINATOR))

    @staticmethod
    def _make(frame: VideoFrame) -> Graph:
        graph = Graph()
        graph.threads = 1
        source = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or Fraction(1, 1000)
        )
        corner = f"w='min(iw,{_CORNER[0]})':h='min(ih,{_CORNER[1]})':x=0:y=0:exact=1"
        width = f"w='clip(round(sar*{_ASPECT_STEPS}),1,{_ASPECT_STEPS * _MAX_ASPECT})'"
        scale = graph.add("scale", f"{width}:h=2:flags=neighbor:eval=frame")
        graph.link_nodes(source, graph.add("crop", corner), scale, graph.add("buffersink"))
        graph.configure()
        return graph


@dataclass(frozen=True, slots=True)
class _Declared:
    """What a decoded frame declares of itself."""

    width: int
    height: int
    pix_fmt: str
    colour: tuple[int, int, int, int]
    orientation: tuple[int, bool]
    aspect: Fraction
    is_interlaced: bool


class FrameConverter:
    """Converts the frames of one clip, each by its own declarations; a property that a frame leaves open is the clip's.

    For use by one thread.
    """

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        self._aspects = AspectReader()
        self._known: dict[_Declared, tuple[Converter, PictureFormat]] = {}

    def convert(self, frame: VideoFrame, *, is_interlaced: bool) -> tuple[Image, PictureFormat]:
        """The displayed picture, uint8 (H, W, 3) RGB, and how it was stored."""
        declared = self._declared(frame, is_interlaced)
        if declared not in self._known:
            if len(self._known) >= _MOST_FORMATS:
                self._known.clear()
            self._known[declared] = self._make(frame, declared)
        converter, picture_format = self._known[declared]
        return converter.rgb(frame), picture_format

    def _declared(self, frame: VideoFrame, is_interlaced: bool) -> _Declared:
        colour = int(frame.color_primaries), int(frame.color_trc), int(frame.colorspace), int(frame.color_range)
        return _Declared(
            frame.width,
            frame.height,
            frame.format.name,
            colour,
            orientation(frame),
            self._aspect(frame),
            is_interlaced,
        )

    def _aspect(self, frame: VideoFrame) -> Fraction:
        """The container's sample aspect ratio where it differs from the first picture's own; else the frame's own."""
        clip = self._clip
        return clip.sample_aspect if clip.sample_aspect != clip.coded_aspect else self._aspects.read(frame)

    def _make(self, frame: VideoFrame, declared: _Declared) -> tuple[Converter, PictureFormat]:
        clip = self._clip
        has_first_size = (frame.width, frame.height) == (clip.coded_width, clip.coded_height)
        crop = clip.crop if has_first_size else (0, 0, 0, 0)
        stored = frame.width - crop[0] - crop[2], frame.height - crop[1] - crop[3]
        width, height = square_pixel_size(*stored, declared.aspect)
        turns, is_mirrored = declared.orientation
        colour = override(clip.colour, self._colour_of(declared))
        has_alpha = clip.codec in WITH_TRANSPARENCY and (
            frame.format.name == "pal8" or any(part.is_alpha for part in frame.format.components)
        )
        converter = Converter(colour, Geometry(width, height, turns, is_mirrored, crop), has_alpha=has_alpha)
        shown = (height, width) if turns % 2 else (width, height)
        return converter, PictureFormat(
            width=shown[0],
            height=shown[1],
            coded_width=frame.width,
            coded_height=frame.height,
            sample_aspect=declared.aspect,
            rotation=turns * 90,
            is_mirrored=is_mirrored,
            is_interlaced=declared.is_interlaced,
            pix_fmt=frame.format.name,
            colour=colour,
        )

    @staticmethod
    def _colour_of(declared: _Declared) -> Colour:
        primaries, transfer, matrix, range_ = declared.colour
        return replace(declared_colour(primaries, transfer, matrix, range_, declared.pix_fmt), assumed=())
