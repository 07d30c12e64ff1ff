"""Videos: their properties when they are opened, and their frames by pts from FFmpeg's decoders."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from itertools import chain, islice, pairwise
from pathlib import Path

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inspector.domain.clip import Clip, Colour, Frame, Gap, StreamInfo
from inspector.domain.errors import ClipError
from inspector.engine.decode.colour import assume, declared_colour
from inspector.engine.decode.container import (
    ENCRYPTED,
    NO_SIZE,
    Media,
    MediaSource,
    open_container,
    open_media,
    orientation,
    square_pixel_size,
)
from inspector.engine.decode.cropping import container_crop
from inspector.engine.decode.deinterlace import deinterlaced
from inspector.engine.decode.display_order import Picture, is_flush
from inspector.engine.decode.frame_index import FrameIndex
from inspector.engine.decode.packets import DamageError, PictureReader, packets
from inspector.engine.decode.picture_format import AspectReader, FrameConverter, plausible_aspect
from inspector.engine.decode.streams import choose, count_pictures, is_unclear, parse_duration, video_streams

_PROBE_PICTURES = 8  # decoded when a clip is opened, for what only pictures declare: interlacing, rotation, colour
_RATE_PACKETS = 2000
NO_TIMES = (
    "The file holds pictures in a row without time stamps; 25 pictures a second are assumed, and no time is known."
)


def open_video(source: MediaSource, sha256: str, size_bytes: int) -> Clip:
    """Read the properties of a video. Raises ClipError when no picture of it can be decoded."""
    path = source.path
    with open_media(source, threaded=False) as media:
        if is_unclear(media.streams):
            streams = _counted(source)
            chosen = choose(streams, source.stream, path.name).number
            if chosen != media.stream.index:
                return open_video(replace(source, stream=chosen), sha256, size_bytes)
            media = replace(media, streams=streams)
        times = _first_times(media, path.name)
        source = replace(source, stream=media.stream.index)
        with closing(PictureReader(source).read_first()) as events:
            first = list(islice((event for event in events if isinstance(event, Picture)), _PROBE_PICTURES))
        if not first and not media.stream.codec_context.width:
            raise ClipError(NO_SIZE.format(name=path.name))
        if not first:
            raise ClipError(f"{path.name} holds no picture that can be decoded; copy it again from its source.")
        clip = _describe(media, path, sha256, size_bytes, first, times)
        return clip if source.length else _cropped(clip, container_crop(source.path, media.stream))


def _counted(source: MediaSource) -> tuple[StreamInfo, ...]:
    """The streams, whose pictures are counted because the container does not say how many there are."""
    with open_container(source) as container:
        return video_streams(container, count_pictures(container))


def _first_times(media: Media, name: str) -> list[int]:
    """The pts of the first 2000 packets in ascending order. Raises ClipError when the packets are encrypted."""
    times = []
    for packet in islice(packets(media), _RATE_PACKETS):
        if isinstance(packet, str) or is_flush(packet):
            continue
        if packet.has_sidedata("encryption_info"):
            raise ClipError(ENCRYPTED.format(name=name))
        if packet.pts is not None and not packet.is_discard:
            times.append(packet.pts)
    return sorted(times)


def _describe(media: Media, path: Path, sha256: str, size: int, first: list[Picture], times: list[int]) -> Clip:
    container, stream, frame = media.container, media.stream, first[0].frame
    # Packets before the first decodable picture are part of the clip too.
    start = min([first[0].pts, *times[:1]])
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
        duration_pts=_duration(media, start),
        declared_frames=stream.frames or None,
        average_rate=stream.average_rate or None,
        is_variable_rate=_is_variable(times),
        is_interlaced=any(picture.frame.interlaced_frame for picture in first),
        has_audio=bool(container.streams.audio),
        bit_depth=max((part.bits for part in frame.format.components), default=8),
        metadata=tuple({**container.metadata, **stream.metadata}.items()),
        is_mirrored=is_mirrored,
        coded_aspect=own_aspect,
        stream=stream.index,
        streams=media.streams,
        remarks=(NO_TIMES,) if container.format.name == "mjpeg" else (),
    )


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


def _duration(media: Media, start: int) -> int | None:
    """The declared duration in ticks: the stream's, that of Matroska's DURATION tag, or the container's."""
    stream, time_base = media.stream, media.stream.time_base or Fraction(1, 1000)
    if stream.duration:
        return int(stream.duration)
    seconds = _tagged_seconds(media)
    if seconds is None and media.container.duration:
        seconds = Fraction(media.container.duration, av.time_base)
    if seconds is None:
        return None
    # Matroska counts its duration from 0, not from the first picture.
    return round(seconds / time_base) - (start if media.container.format.name.startswith("matroska") else 0)


def _tagged_seconds(media: Media) -> Fraction | None:
    """The duration in a Matroska stream's DURATION tag, such as "00:00:05.040000000", in seconds."""
    tag = next((value for key, value in media.stream.metadata.items() if key.upper().startswith("DURATION")), "")
    return parse_duration(tag)


def _is_variable(times: list[int]) -> bool:
    """Whether the frame durations differ by more than the rounding of the time base."""
    steps = [b - a for a, b in pairwise(times)]
    return bool(steps) and max(steps) - min(steps) > max(2, min(steps) // 20)


def _merge_gaps(gap: Gap | None, more: Gap) -> Gap:
    """One gap for two adjacent ones, with both reasons."""
    if gap is None:
        return more
    reason = gap.reason if more.reason in gap.reason else f"{gap.reason}; {more.reason}"
    return Gap(gap.start_pts, more.end_pts, reason)


class VideoSource:
    """Frames of one video; keeps a decoding cursor, so that stepping forward does not decode from a keyframe again."""

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        self._reader = PictureReader(MediaSource.of(clip))
        self._has_interlaced = clip.is_interlaced
        self._converter = FrameConverter(clip)
        # A second one for `convert`, which another thread may call while this one decodes.
        self._async_converter = FrameConverter(clip)
        self._cursor: Iterator[Picture | Gap] | None = None
        self._newest: Picture | None = None  # the newest picture of the cursor
        self._previous: Picture | None = None  # the one before it

    def close(self) -> None:
        """Stop decoding and close the file."""
        self._drop_cursor()

    @property
    def index(self) -> FrameIndex:
        """The pts of every frame and whether it is a keyframe, in display order."""
        return self._reader.index

    def frames(self, start_pts: int | None, end_pts: int | None) -> Iterator[Frame | Gap]:
        """Frames and gaps with start_pts <= pts < end_pts in display order."""
        position = None
        if start_pts is not None and start_pts > self._clip.start_pts:
            position = self._keyframe_for(self.index.position(start_pts))
        with closing(self._merged_events(position)) as events:
            for event in events:
                first = event.pts if isinstance(event, Picture) else event.start_pts
                if end_pts is not None and first >= end_pts:
                    return
                if isinstance(event, Picture):
                    if start_pts is None or first >= start_pts:
                        yield self._frame(event)
                elif start_pts is None or event.end_pts > start_pts:
                    yield event

    def pictures(self, start_pts: int) -> Generator[Picture | Frame | Gap | None, None, None]:
        """See `Decoder.pictures`."""
        position = self._keyframe_for(self.index.position(start_pts)) if start_pts > self._clip.start_pts else None
        with closing(self._merged_events(position)) as events:
            for event in events:
                if isinstance(event, Gap):
                    yield event if event.end_pts > start_pts else None
                elif event.pts < start_pts:
                    yield None
                else:
                    yield self._frame(event) if event.is_transient else event

    def fast_seek(self, start_pts: int) -> Generator[Picture | None, None, None] | None:
        """See `PictureReader.fast_seek`; None where it is not possible."""
        if self._has_interlaced or not self._reader.can_fast_seek(self._clip.codec):
            return None
        return self._progressive(self._reader.fast_seek(self.index.position(start_pts)))

    def _progressive(self, pictures: Iterator[Picture | None]) -> Generator[Picture | None, None, None]:
        """Raises DamageError at an interlaced picture: to deinterlace it takes the picture before it too."""
        for picture in pictures:
            if picture is not None and picture.is_interlaced:
                self._has_interlaced = True
                raise DamageError
            yield picture

    def convert(self, picture: Picture) -> Frame:
        """Convert a picture of `pictures` or `fast_seek` to a displayed frame."""
        return self._frame(picture, self._async_converter)

    def frame_at(self, pts: int) -> Frame:
        """The frame displayed at `pts`: the last decodable one that is not later, or the first one."""
        return self._frame(self._picture_at(self.index.position(pts)))

    def _frame(self, picture: Picture, converter: FrameConverter | None = None) -> Frame:
        image, described = (converter or self._converter).convert(picture.frame, is_interlaced=picture.is_interlaced)
        flags = picture.is_key, picture.is_corrupt, picture.picture_type, picture.is_interlaced
        return Frame(picture.index, picture.pts, image, *flags, described)

    def _keyframe_for(self, position: int) -> int | None:
        # Deinterlacing uses both neighbours of a picture, so decoding must begin before the previous one.
        return self.index.keyframe_before(position - 2 if self._has_interlaced else position)

    def _events(self, position: int | None) -> Generator[Picture | Gap, None, None]:
        """Pictures, deinterlaced where they are interlaced, and gaps from an index on, or from a little before it."""
        events = self._reader.read(position)
        first = next(events, None)
        if position and not self._has_interlaced and isinstance(first, Picture) and first.is_interlaced:
            # The first interlaced picture that is met, without the one before it.
            self._has_interlaced = True
            events.close()
            yield from self._events(self.index.keyframe_before(position - 2))
            return
        with closing(events):
            yield from deinterlaced(chain([first] if first is not None else [], events))

    def _merged_events(self, position: int | None) -> Generator[Picture | Gap, None, None]:
        """All events from an index on, with a gap for what is missing at the end, and adjacent gaps merged."""
        gap: Gap | None = None
        last = self._clip.start_pts
        with closing(self._events(position)) as events:
            for event in events:
                if isinstance(event, Gap):
                    gap = _merge_gaps(gap, event)
                    continue
                if gap is not None:
                    yield gap
                    gap = None
                last = event.pts + 1
                yield event
        missing = self._missing_end(last if gap is None else gap.end_pts)
        if missing is not None:
            gap = _merge_gaps(gap, missing)
        if gap is not None:
            yield gap

    def _picture_at(self, position: int) -> Picture:
        """The picture at an index, else the last decodable one before it, else the first one after it."""
        if not len(self.index):
            raise ClipError(f"{Path(self._clip.path).name} holds no picture any more; copy it again from its source.")
        wanted = int(self.index.pts[position])
        start = self._keyframe_for(position)
        if not self._can_continue(wanted, start):
            self._start_cursor(start)
        while True:
            picture = self._advance(wanted)
            if picture is not None:
                return picture
            # Nothing up to `wanted` can be decoded from there: start one keyframe earlier.
            if start is None:
                break
            start = self.index.keyframe_before(start - 1)
            self._start_cursor(start)
        if self._newest is None:
            raise ClipError(f"{Path(self._clip.path).name} holds no picture that can be decoded; copy it again.")
        return self._newest

    def _can_continue(self, wanted: int, start: int | None) -> bool:
        """Whether the cursor is at or before `wanted` and no keyframe is nearer."""
        if self._cursor is None or self._newest is None:
            return False
        if self._previous is not None and self._previous.pts <= wanted:
            return start is None or int(self.index.pts[start]) <= self._newest.pts
        return self._newest.pts <= wanted and (start is None or int(self.index.pts[start]) <= self._newest.pts)

    def _start_cursor(self, start: int | None) -> None:
        self._drop_cursor()
        self._cursor = self._events(start)

    def _drop_cursor(self) -> None:
        cursor, self._cursor, self._newest, self._previous = self._cursor, None, None, None
        if cursor is not None:
            cursor.close()  # type: ignore[attr-defined]

    def _advance(self, wanted: int) -> Picture | None:
        """Move the cursor to `wanted` or past it; returns the last picture that is not later than `wanted`."""
        assert self._cursor is not None
        while self._newest is None or self._newest.pts < wanted:
            event = next(self._cursor, None)
            if event is None:
                return self._newest
            if isinstance(event, Picture):
                self._previous, self._newest = self._newest, event
        return self._newest if self._newest.pts == wanted else self._previous

    def _missing_end(self, last: int) -> Gap | None:
        """The gap between the end of what was read, at or after `last`, and the declared end, if there is one."""
        clip, extent = self._clip, self._reader.extent
        if extent is None or extent.end_pts is None:
            return None
        end, declared_end = max(extent.end_pts, last), clip.start_pts + (clip.duration_pts or 0)
        if clip.declared_frames is not None and extent.packets < clip.declared_frames:
            rate = clip.average_rate or Fraction(25)
            by_rate = clip.start_pts + round(clip.declared_frames / rate / clip.time_base)
            reason = f"the file breaks off after {extent.packets} of {clip.declared_frames} declared pictures"
            return Gap(end, max(declared_end, by_rate, end + 1), reason)
        if self._declares_length and declared_end - end > 2 * (end - clip.start_pts) / max(extent.packets, 1):
            return Gap(end, declared_end, "the file breaks off before its declared end")
        if extent.read_error:
            return Gap(end, max(declared_end, end + 1), f"reading the file stopped here: {extent.read_error}")
        return None

    @property
    def _declares_length(self) -> bool:
        """Whether the declared duration is that of the pictures; elsewhere it is an estimate or that of the sound."""
        has_own = any(key.upper().startswith("DURATION") for key, _ in self._clip.metadata)
        return self._clip.container.startswith("matroska") and (has_own or not self._clip.has_audio)
