"""Opening a video with FFmpeg safely: local files only, known demuxers, limited picture size, the right stream."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.codec.context import ThreadType
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inspector.domain.clip import Clip, StreamInfo
from inspector.domain.errors import ClipError
from inspector.engine.decode.evidence import read_header
from inspector.engine.decode.formats import matroska, mpegts
from inspector.engine.decode.formats.sample_table import states_too_many
from inspector.engine.decode.formats.side_data import side_data
from inspector.engine.decode.streams import choose, video_streams
from inspector.engine.regular_file import open_regular

# 64 Mpx is 8192 x 8192: above every camera's video, and a picture of it takes 192 MiB as RGB.
MAX_PIXELS = 1 << 26
_OPEN_SECONDS, _READ_SECONDS = 30.0, 30.0
_TABLE_BYTES = 1 << 20
_SEGMENT_BOXES = (b"styp", b"moof", b"sidx", b"emsg", b"prft")  # that begin a segment of a fragmented MP4
# While pictures are skipped, threads wait for each other: more of them than FFmpeg's default (cores + 1) shorten a seek
# by a fifth on two cores (measured). Each thread holds a picture.
_FRAME_THREADS = min(4 * (os.cpu_count() or 1), 16)

TOO_LARGE = (
    "{name} declares pictures of {size} pixels, above the limit of "
    f"{MAX_PIXELS >> 20} Mpx; scale it down first and say so in the notes."
)
# A small file can hold large pictures of one colour. Each picture of an animation is drawn on a canvas with alpha, of
# which several are in memory at once; and a photograph of this size has more than one byte for so many pixels.
_LARGE_PIXELS, _PIXELS_PER_BYTE = 1 << 24, 1000
_CANVAS_TOO_LARGE = (
    "{name} is an animation of {size} pixels, above the limit of "
    f"{_LARGE_PIXELS >> 20} Mpx for animations; scale it down first and say so in the notes."
)
_TOO_DENSE = (
    "{name} declares pictures of {size} pixels in {bytes:,} bytes, which no camera writes and which would take a "
    "gigabyte of memory; scale it down first and say so in the notes."
)
# FFmpeg does not report a size that it rejects.
NO_SIZE = (
    f"{{name}} declares no size for its pictures, or one above the limit of {MAX_PIXELS >> 20} Mpx; "
    "copy it again from its source, or scale it down first and say so in the notes."
)
ENCRYPTED = "{name} is encrypted (copy-protected); ask its source for a copy without protection."

# Demuxers that read one file only. Excluded on purpose: playlists and links to other resources (concat, hls, dash, sdp,
# rtsp, image2, ...), devices, and formats that no camera or editor writes.
_DEMUXERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,vvc,av1,obu,ivf,h263,vc1,mjpeg,"
    "flv,asf,ogg,gif,apng,mxf,gxf,dv,nut,rm,wtv,yuv4mpegpipe,dnxhd,mpjpeg,dhav"
)
_NEARLY_SQUARE = Fraction(1, 1000)
_NEARLY_STRAIGHT = 0.02  # of the side along which a picture lies, about one degree
_MOST_FFMPEG_THREADS = 16  # that it chooses by itself
_THREADS_BYTES = 512 << 20
# Codecs that are decoded with frame threads. Decoders that conceal damage (H.264, MPEG-1, -2, -4) report it too late
# with frame threads and not at all with slice threads; they run single-threaded, which costs at most a quarter of the
# speed.
FRAME_THREADED_CODECS = {"hevc", "vvc", "vp8", "vp9", "av1", "libdav1d", "prores", "mjpeg", "ffv1", "dnxhd", "apng"}
# These decoders leave old memory in damaged areas and report it only when they are set to reject damage.
_WITHOUT_CONCEALMENT = {"hevc", "mjpeg"}
# A file cannot open anything else than itself; a part of it is read through FFmpeg's subfile protocol.
PROTOCOLS = {"protocol_whitelist": "file,subfile"}
_OPTIONS = {
    **PROTOCOLS,
    "format_whitelist": _DEMUXERS,
    "max_pixels": str(MAX_PIXELS),
}


class UnknownFormatError(ClipError):
    """FFmpeg finds none of its formats in a file."""


@dataclass(frozen=True, slots=True)
class MediaSource:
    """Where a video is: a file or, with `length`, a part of one, and the number of the stream in it.

    Without a number it is the main stream. `demuxer` is FFmpeg's name of the format where its own guess is wrong.
    """

    path: Path
    stream: int | None = None
    offset: int = 0
    length: int = 0
    demuxer: str | None = None

    @classmethod
    def of(cls, clip: Clip) -> MediaSource:
        """Where an opened clip is."""
        demuxer = clip.container if clip.container in FORCED_DEMUXERS else None
        chosen = next((stream for stream in clip.streams if stream.number == clip.stream), None)
        if chosen is None:  # a clip of a case file that an older version wrote
            return cls(Path(clip.path), demuxer=demuxer)
        if chosen.length:
            return cls(Path(clip.path), chosen.inner, chosen.offset, chosen.length)
        return cls(Path(clip.path), chosen.number, demuxer=demuxer)

    @property
    def url(self) -> str:
        """The address for FFmpeg. The explicit protocol keeps a file named "http:..." from being taken for one."""
        url = f"file:{self.path.absolute()}"
        return f"subfile,,start,{self.offset},end,{self.offset + self.length},,:{url}" if self.length else url


# Formats that FFmpeg takes for others by their first bytes: JPEG pictures in a row for a single one, and an animated
# PNG whose metadata is long for a still.
FORCED_DEMUXERS = ("mjpeg", "apng")


@dataclass(frozen=True, slots=True)
class Media:
    """An opened container, its video stream, and all its streams that hold pictures. Close the container when done."""

    container: InputContainer
    stream: VideoStream
    streams: tuple[StreamInfo, ...] = ()


def refuse_large(path: Path, width: int, height: int, *, is_animation: bool = False) -> None:
    """Raise ClipError for pictures that take too much memory to decode, also in relation to the size of the file."""
    pixels, size, of_file = width * height, f"{width} x {height}", path.stat().st_size
    if pixels > MAX_PIXELS:
        raise ClipError(TOO_LARGE.format(name=path.name, size=size))
    if pixels > _LARGE_PIXELS and is_animation:
        raise ClipError(_CANVAS_TOO_LARGE.format(name=path.name, size=size))
    if pixels > _LARGE_PIXELS and pixels > of_file * _PIXELS_PER_BYTE:
        raise ClipError(_TOO_DENSE.format(name=path.name, size=size, bytes=of_file))


def enable_frame_threads(media: Media) -> None:
    """Make newly opened media decode with frame threads whatever the codec, and reject damage."""
    context = media.stream.codec_context
    context.options = {**context.options, "err_detect": "explode"}
    context.thread_type, context.thread_count = ThreadType.FRAME, _FRAME_THREADS


@contextmanager
def open_media(
    source: MediaSource | Path, *, threaded: bool = True, options: Mapping[str, str] | None = None
) -> Iterator[Media]:
    """Open a clip; it is closed on exit. Raises ClipError when it cannot be opened or holds no such video stream.

    `options` are further ones for the demuxer.
    """
    if isinstance(source, Path):
        source = MediaSource(source)
    container = open_container(source, options or {})
    try:
        streams = video_streams(container)
        stream = _video_stream(container, source, streams)
        context = stream.codec_context
        context.options = {**context.options, "max_pixels": str(MAX_PIXELS)}
        if context.name in _WITHOUT_CONCEALMENT:
            context.options = {**context.options, "err_detect": "explode"}
        threaded = threaded and context.name in FRAME_THREADED_CODECS
        context.thread_type = ThreadType.FRAME if threaded else ThreadType.NONE
        context.thread_count = _threads(context.width, context.height) if threaded else 1
        yield Media(container, stream, streams)
    finally:
        container.close()


def open_container(source: MediaSource, more: Mapping[str, str] | None = None) -> InputContainer:
    """Open a file with FFmpeg; the caller closes it. Raises ClipError when it cannot be opened.

    `more` are further options for the demuxer.
    """
    path = source.path
    try:
        if states_too_many(path, source.offset):
            raise ClipError(
                f"{path.name} states more pictures or sounds than it has room for; copy it again from its source."
            )
        return av.open(
            source.url,
            format=source.demuxer,
            options={**_OPTIONS, **(more or {})},
            metadata_errors="replace",
            timeout=(_OPEN_SECONDS, _READ_SECONDS),
        )
    except av.error.ExitError:
        raise ClipError(f"{path.name} could not be opened within {_OPEN_SECONDS:.0f} s; check the disk.") from None
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise _open_failure(path, error) from None


def _open_failure(path: Path, error: Exception) -> ClipError:
    head, name = read_header(path), path.name
    if head[4:8] in _SEGMENT_BOXES:
        return ClipError(
            f"{name} is one segment of a stream and lacks the stream's header; join it behind the first file of the "
            "stream."
        )
    if head[4:8] == b"ftyp":
        return ClipError(
            f"{name} has no complete index, as an unfinished recording has; repair it or copy it again from its source."
        )
    if isinstance(error, av.error.InvalidDataError | av.error.ArgumentError):
        return UnknownFormatError(f"{name} is not a readable video or picture; choose another file or copy it again.")
    cause = getattr(error, "strerror", None) or error
    return ClipError(f"{name} cannot be opened ({cause}); choose another file.")


def _video_stream(container: InputContainer, source: MediaSource, streams: tuple[StreamInfo, ...]) -> VideoStream:
    """The stream that `source` names, else the main one. Raises ClipError when there is none, or none to decode."""
    name = source.path.name
    if source.stream is None and not any(info.can_open and info.is_main for info in streams):
        if streams and is_protected(source.path):
            raise ClipError(ENCRYPTED.format(name=name))
        if any(info.is_main for info in streams):
            raise ClipError(f"{name} uses a video codec that FFmpeg cannot decode; convert it and say so in the notes.")
        if container.format.name == "mpegts" and any(data.name == "bin_data" for data in container.streams.data):
            raise ClipError(
                f"{name} names no video, and holds private data, as which programs store AV1 or VP9 in transport "
                "streams; ask its source for the recording as MP4 or Matroska."
            )
        what = "sound but no pictures" if container.streams.audio else "no video"
        raise ClipError(f"{name} holds {what}; choose a file with video.")
    chosen = choose(streams, source.stream, name)
    refuse_large(source.path, chosen.width, chosen.height, is_animation=container.format.name in ("gif", "apng"))
    return next(stream for stream in container.streams.video if stream.index == chosen.number)


def is_protected(path: Path) -> bool:
    """Whether a file says that its video is encrypted.

    MP4 in its tables, at its start or end (ISO/IEC 14496-12, 8.12), Matroska of its tracks, and a transport stream in
    most of its first packets.
    """
    with open_regular(path) as file:
        tables = file.read(_TABLE_BYTES)
        if matroska.is_encrypted(tables) or mpegts.is_scrambled(tables):
            return True
        file.seek(max(path.stat().st_size - _TABLE_BYTES, 0))
        tables += file.read(_TABLE_BYTES)
    return tables[4:8] == b"ftyp" and (b"encv" in tables or b"drmi" in tables)


def _threads(width: int, height: int) -> int:
    """How many frame threads decode pictures of that size: 0, FFmpeg's own choice, but few where they are large.

    Each thread holds pictures.
    """
    most = _THREADS_BYTES // max(1, width * height * 3)
    return 0 if most > _MOST_FFMPEG_THREADS else max(2, min((os.cpu_count() or 1) + 1, most))


def orientation(frame: VideoFrame) -> tuple[int, bool]:
    """Quarter turns clockwise, and mirroring before the turn, by the frame's display matrix.

    The matrix is FFmpeg's AV_FRAME_DATA_DISPLAYMATRIX: nine int32, of which the upper left 2 x 2 in 16.16 fixed point
    describe rotation and mirroring. Other angles are rounded to the nearest quarter turn.
    """
    a, b, c, d = _display_matrix(frame)
    is_mirrored = a * d - b * c < 0
    if is_mirrored:
        a, b = -a, -b
    # (a, b) is the direction of the picture's x axis on the screen, y down.
    along, across = (0 if a >= 0 else 2), (1 if b > 0 else 3)
    return (along if abs(a) >= abs(b) else across), is_mirrored


def is_askew(frame: VideoFrame) -> bool:
    """Whether the display matrix asks for a rotation by another angle than quarter turns, or for a shear."""
    a, b, c, d = (abs(value) for value in _display_matrix(frame))
    upright, turned = max(a, d), max(b, c)
    return min(upright, turned) > _NEARLY_STRAIGHT * max(upright, turned)


def _display_matrix(frame: VideoFrame) -> tuple[int, int, int, int]:
    """Its upper left 2 x 2 in 16.16 fixed point, row by row."""
    data = side_data(frame, "DISPLAYMATRIX").get("DISPLAYMATRIX", b"")
    if len(data) < 36:
        return 1 << 16, 0, 0, 1 << 16
    a, b, _, c, d = struct.unpack_from("<5i", data)
    return a, b, c, d


def square_pixel_size(width: int, height: int, aspect: Fraction) -> tuple[int, int]:
    """Picture size with square pixels: one side is stretched and none is shrunk, so that no detail is lost.

    An aspect such as 1280:1279, which comes of rounding, stretches nothing.
    """
    if abs(aspect - 1) < _NEARLY_SQUARE:
        return width, height
    if aspect > 1:
        return max(round(width * aspect), 1), height
    return width, max(round(height / aspect), 1)
