"""The properties of a video when it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inspector.domain.clip import Clip, Colour, StreamInfo
from inspector.domain.errors import ClipError
from inspector.engine.decode.colour import assume, declared_colour
from inspector.engine.decode.container import (
    ENCRYPTED,
    NO_SIZE,
    Media,
    MediaSource,
    is_askew,
    is_protected,
    open_container,
    open_media,
    orientation,
    square_pixel_size,
)
from inspector.engine.decode.formats import isobmff, matroska
from inspector.engine.decode.formats.edit_list import Edits, read_edits
from inspector.engine.decode.frame_index import NO_PTS
from inspector.engine.decode.picture_format import WITH_TRANSPARENCY, AspectReader, plausible_aspect
from inspector.engine.decode.streams import choose, count_pictures, is_unclear, parse_duration, video_streams
from inspector.engine.decode.timing import remarks
from inspector.engine.decode.timing.shared_index import load_stream_index
from inspector.engine.decode.timing.stored import Role, packets
from inspector.engine.decode.timing.stream_index import StreamIndex

# Decoded when a clip is opened, for what only pictures declare: interlacing, rotation, colour; fewer of large ones.
_PROBE_PICTURES, _PROBE_PIXELS = 8, 1 << 26
_ENCRYPTED_PACKETS = 2000
# Formats without a header, in which FFmpeg's average rate is a constant of its own and not that of the stream.
_RAW = {"h264", "hevc", "vvc", "mpegvideo", "m4v", "h263", "vc1", "av1", "obu", "dnxhd", "dv"}
ALL_CUT = (
    "{name} stores {count} pictures, and its edit list shows none of them; take the edit list out of a copy (FFmpeg: "
    "-ignore_editlist 1 -i CLIP -c copy) and say so in the notes."
)
_TOO_MANY_EDITS = (
    "{name} has an edit list of {entries:,} entries, for which its {stored:,} pictures or sounds would be read "
    "{read:,} times in all; take the edit list out of a copy (FFmpeg: -ignore_editlist 1 -i CLIP -c copy) and say so "
    "in the notes."
)
_INNER_PAUSE = (
    "The edit list has a pause between two stretches. The pictures that are shown meanwhile are those of the track's "
    "beginning, as FFmpeg and programs that use it show them; the list asks for none there."
)
_OTHER_SPEED = (
    "The edit list asks for another speed than the stored one, or for a picture that stands still. Here, as in FFmpeg "
    "and programs that use it, the pictures are shown at the speed at which they are stored."
)
ALPHA_NOT_APPLIED = (
    "The pictures store transparency, which is not applied: other programs may show what lies behind them instead."
)
DOLBY_VISION = (
    "The colours are those of Dolby Vision without a compatible picture (profile 5 or 10.0), which are not converted "
    "here: they are shown and scored as if they were ordinary ones, and so are wrong."
)
ASKEW = (
    "The file asks for its pictures to be shown slanted or turned by an angle that is no quarter turn. They are shown "
    "and scored turned by the nearest quarter turn; other programs may show them otherwise."
)
NO_TIMES = (
    "The file holds pictures in a row without time stamps; 25 pictures a second are assumed, and no time is known."
)


def open_video(source: MediaSource, sha256: str, size_bytes: int) -> Clip:
    """Read the properties of a video. Raises ClipError when no picture of it can be decoded."""
    path = source.path
    edits = _bounded_edits(source)
    with open_media(source, threaded=False) as media:
        if is_unclear(media.streams):
            streams = _counted(source)
            chosen = choose(streams, source.stream, path.name).number
            if chosen != media.stream.index:
                return open_video(replace(source, stream=chosen), sha256, size_bytes)
            media = replace(media, streams=streams)
        _refuse_encrypted(media, path.name)
        source = replace(source, stream=media.stream.index)
        pixels = max(media.stream.codec_context.width * media.stream.codec_context.height, 1)
        first = list(islice(_first_frames(source), max(min(_PROBE_PICTURES, _PROBE_PIXELS // pixels), 1)))
        if not first and is_protected(path):
            raise ClipError(ENCRYPTED.format(name=path.name))
        if not first and not media.stream.codec_context.width:
            raise ClipError(NO_SIZE.format(name=path.name))
        if not first:
            index = load_stream_index(source)
            if index.packets.count(Role.CUT) == len(index.packets) and (len(index.packets) or _is_kept_back(source)):
                raise ClipError(ALL_CUT.format(name=path.name, count=index.stored))
            raise ClipError(f"{path.name} holds no picture that can be decoded; copy it again from its source.")
        clip = _describe(media, path, sha256, size_bytes, first, load_stream_index(source))
        own = [edit for edit in edits if edit.track_id == media.stream.id]
        for is_so, remark in (
            (any(edit.has_inner_pause for edit in own), _INNER_PAUSE),
            (any(edit.has_other_speed for edit in own), _OTHER_SPEED),
        ):
            if is_so:
                clip = replace(clip, remarks=(*clip.remarks, remark))
        return clip if source.length else _cropped(clip, _container_crop(source.path, media.stream))


def _bounded_edits(source: MediaSource) -> list[Edits]:
    """The edit lists of an MP4 file. Raises ClipError for one that FFmpeg needs minutes and gigabytes to read."""
    found = read_edits(source.path, source.offset)
    for edits in found:
        if edits.is_excessive:
            counts = {"entries": edits.entries, "stored": edits.stored, "read": edits.read}
            raise ClipError(_TOO_MANY_EDITS.format(name=source.path.name, **counts))
    return found


def _counted(source: MediaSource) -> tuple[StreamInfo, ...]:
    """The streams, whose pictures are counted because the container does not say how many there are."""
    with open_container(source) as container:
        return video_streams(container, count_pictures(container))


def _refuse_encrypted(media: Media, name: str) -> None:
    """Raise ClipError when the packets are encrypted."""
    for packet in islice(packets(media), _ENCRYPTED_PACKETS):
        if not isinstance(packet, str) and packet.has_sidedata("encryption_info"):
            raise ClipError(ENCRYPTED.format(name=name))


def _is_kept_back(source: MediaSource) -> bool:
    """Whether FFmpeg delivers packets of a stream that has none by its edit list, as one of a pause alone."""
    with open_media(source, threaded=False, options={"ignore_editlist": "1"}) as media:
        return any(not isinstance(packet, str) and packet.size for packet in packets(media))


def _first_frames(source: MediaSource) -> Iterator[VideoFrame]:
    """Frames as the decoder returns them from the clip's start on; what it rejects is left out."""
    with open_media(source, threaded=False) as media:
        for packet in packets(media):
            if not isinstance(packet, str):
                with suppress(av.error.FFmpegError, ValueError):
                    yield from media.stream.decode(packet)


def _describe(media: Media, path: Path, sha256: str, size: int, first: list[VideoFrame], streams: StreamIndex) -> Clip:
    container, stream, frame = media.container, media.stream, first[0]
    # Packets before the first decodable picture are part of the clip too.
    start, end = streams.span
    turns, is_mirrored = orientation(frame)
    own_aspect = AspectReader().read(frame)
    aspect = plausible_aspect(stream.sample_aspect_ratio) if stream.sample_aspect_ratio else own_aspect
    width, height = square_pixel_size(frame.width, frame.height, aspect)
    if turns % 2:
        width, height = height, width
    return Clip(
        path=str(path),
        sha256=sha256,
        size_bytes=size,
        container=container.format.name,
        codec=stream.codec_context.codec.canonical_name,
        pix_fmt=frame.format.name,
        width=width,
        height=height,
        coded_width=frame.width,
        coded_height=frame.height,
        rotation=turns * 90,
        sample_aspect=aspect,
        colour=_colour(stream, frame),
        time_base=stream.time_base or Fraction(1, 1000),
        start_pts=start,
        # Some declare less than they hold: joined files, and estimates from the number of bytes.
        duration_pts=max((_duration(media, start, streams) if streams.timeline.is_plain else None) or 0, end - start),
        declared_frames=streams.declared,
        average_rate=(stream.guessed_rate if container.format.name in _RAW else stream.average_rate) or None,
        is_variable_rate=streams.is_variable_rate,
        is_interlaced=any(picture.interlaced_frame for picture in first),
        has_audio=bool(container.streams.audio),
        bit_depth=max((part.bits for part in frame.format.components), default=8),
        metadata=tuple({**container.metadata, **stream.metadata}.items()),
        is_mirrored=is_mirrored,
        coded_aspect=own_aspect,
        stream=stream.index,
        streams=_without_fragments(media, streams),
        sections=streams.sections,
        remarks=_remarks(media, path, streams, first),
    )


def _is_fragmented(media: Media, streams: StreamIndex) -> bool:
    return media.container.format.name.startswith("mov") and streams.declared is None


def _without_fragments(media: Media, streams: StreamIndex) -> tuple[StreamInfo, ...]:
    """The streams; of a fragmented file without a number of pictures that is that before its first fragment."""
    if not _is_fragmented(media, streams):
        return media.streams
    dts = streams.packets.dts  # what FFmpeg counts; the first picture may be displayed later, behind others
    start = max(float(int(dts[dts != NO_PTS].min(initial=streams.span[0])) * streams.time_base), 0.0)
    return tuple(
        replace(
            info,
            pictures=None if media.stream.frames else info.pictures,
            seconds=None if info.seconds is None else max(info.seconds - start, 0.0),
        )
        for info in media.streams
    )


def _remarks(media: Media, path: Path, streams: StreamIndex, first: list[VideoFrame]) -> tuple[str, ...]:
    found, stream = streams.remarks, media.stream
    if media.container.format.name == "mjpeg":
        found = (NO_TIMES, *remarks.other_bytes(streams.packets.errors), *found[-1:])
    # WebM's tag; FFmpeg's own decoders of VP8 and VP9 do not read the second stream in each packet that holds it.
    is_left_out = stream.metadata.get("alpha_mode", "") == "1" or _leaves_out_alpha(stream, first)
    is_left_out |= len(media.container.streams.video) > 1 and isobmff.has_alpha_track(path)  # AVIF, HEIF
    found = (*found, ALPHA_NOT_APPLIED) if is_left_out else found
    if media.container.format.name.startswith("mov") and isobmff.needs_dolby_vision(path, stream.id):
        found = (*found, DOLBY_VISION)
    if is_askew(first[0]):
        found = (*found, ASKEW)
    aspect = stream.sample_aspect_ratio
    if aspect and plausible_aspect(aspect) != aspect:
        declared = f"{aspect.numerator}:{aspect.denominator}"
        found = (*found, f"The file declares a pixel aspect ratio of {declared}, which is implausible and not applied.")
    return found


def _leaves_out_alpha(stream: VideoStream, first: list[VideoFrame]) -> bool:
    """Whether pictures have a fourth channel that is in use, of a codec in which it is mostly filled with one value."""
    if stream.codec_context.codec.canonical_name in WITH_TRANSPARENCY:
        return False
    with_alpha = (frame for frame in first if any(part.is_alpha for part in frame.format.components))
    return any(bool(np.ptp(frame.to_ndarray(format="rgba")[..., 3])) for frame in with_alpha)


def _container_crop(path: Path, stream: VideoStream) -> tuple[int, int, int, int]:
    """Pixels that the container hides of each stored picture: left, top, right, bottom.

    They are Matroska's PixelCrop and MP4's clean aperture; a crop that leaves nothing is ignored.
    """
    name = stream.container.format.name
    crop = (0, 0, 0, 0)
    with suppress(OSError, ValueError, OverflowError):
        if name.startswith("matroska"):
            crops = matroska.crops(path)
            videos = [other.index for other in stream.container.streams.video if not _is_attachment(other)]
            at = videos.index(stream.index) if stream.index in videos else len(crops)
            crop = crops[at] if at < len(crops) else crop
        elif name.startswith("mov"):
            crop = isobmff.clean_aperture(path, stream.id, stream.codec_context.width, stream.codec_context.height)
    return crop


def _is_attachment(stream: VideoStream) -> bool:
    """Whether it is a picture that is attached to a Matroska file, and so not one of its tracks."""
    return "FILENAME" in {key.upper() for key in stream.metadata} and bool(stream.metadata.get("mimetype"))


def _cropped(clip: Clip, crop: tuple[int, int, int, int]) -> Clip:
    """The clip with the part of the picture that the container leaves visible."""
    left, top, right, bottom = crop
    stored = clip.coded_width - left - right, clip.coded_height - top - bottom
    if not any(crop) or min(crop) < 0 or min(stored) < 1:
        return clip
    width, height = square_pixel_size(*stored, clip.sample_aspect)
    if clip.rotation % 180:
        width, height = height, width
    return replace(clip, width=width, height=height, crop=crop)


def _colour(stream: VideoStream, frame: VideoFrame) -> Colour:
    context = stream.codec_context
    values = [
        of_frame if of_frame != unknown else of_stream
        for of_frame, of_stream, unknown in (
            (frame.color_primaries, context.color_primaries, 2),
            (frame.color_trc, context.color_trc, 2),
            (frame.colorspace, context.colorspace, 2),
            (frame.color_range, context.color_range, 0),
        )
    ]
    primaries, transfer, matrix, range_ = (int(value) for value in values)
    declared = declared_colour(primaries, transfer, matrix, range_, pix_fmt=frame.format.name)
    return assume(declared, frame.width, frame.height)


def _duration(media: Media, start: int, streams: StreamIndex) -> int | None:
    """The declared duration in ticks: the stream's, that of Matroska's DURATION tag, or the container's."""
    stream, time_base = media.stream, media.stream.time_base or Fraction(1, 1000)
    if stream.duration:
        # That of fragments, in a part of a live stream years before its first picture, and of ASF counts from 0.
        is_from_zero = _is_fragmented(media, streams) or media.container.format.name == "asf"
        return int(stream.duration) - (max(start, 0) if is_from_zero else 0)
    seconds = _tagged_seconds(media)
    if seconds is None and media.container.duration:
        seconds = Fraction(media.container.duration, av.time_base)
    if seconds is None:
        return None
    # Matroska and FLV count their duration from 0, not from the first picture, unless that comes before 0.
    counts_from_zero = media.container.format.name.startswith(("matroska", "flv"))
    return round(seconds / time_base) - (max(start, 0) if counts_from_zero else 0)


def _tagged_seconds(media: Media) -> Fraction | None:
    """The duration in a Matroska stream's DURATION tag, such as "00:00:05.040000000", in seconds."""
    tag = next((value for key, value in media.stream.metadata.items() if key.upper().startswith("DURATION")), "")
    return parse_duration(tag)
