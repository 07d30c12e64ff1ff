"""Which of a file's streams of pictures is the clip: all of them listed, the main one marked, one of them chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Any

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from inspector.domain.clip import StreamInfo, StreamKind
from inspector.domain.errors import ClipError
from inspector.engine import activity

_DURATION = re.compile(r"([0-9]{1,6}):([0-9]{1,2}):([0-9]{1,2}(?:\.[0-9]{1,12})?)")
_MOST_DIGITS = 12  # of a number of pictures
# Streams whose pictures differ by less are alternatives, of which the one flagged as default is the main one.
_SIMILAR = Fraction(9, 10)
_HEIF_BRANDS = {"avif", "avis", "heic", "heix", "hevc", "hevx", "mif1", "msf1"}
_MOST_PACKETS = 20_000  # read to count the pictures of streams that the container does not count


def video_streams(container: InputContainer, counts: Mapping[int, int] | None = None) -> tuple[StreamInfo, ...]:
    """The video streams of an open container, numbered as FFmpeg does; the one that holds the clip is `is_main`.

    `counts`, pictures by stream index, are those of `count_pictures`.
    """
    found = [_describe(container, stream, counts or {}) for stream in container.streams.video]
    defaults = {stream.index for stream in container.streams.video if stream.disposition & Disposition.default}
    videos = [info for info in found if info.kind is StreamKind.VIDEO]
    main = _main(videos or [info for info in found if info.kind is StreamKind.STILL], defaults)
    return tuple(replace(info, is_main=info is main) for info in found)


def is_unclear(streams: Sequence[StreamInfo]) -> bool:
    """Whether their pictures must be counted to tell which of several streams holds the clip."""
    videos = [info for info in streams if info.kind is StreamKind.VIDEO]
    return len(videos) > 1 and any(info.pictures is None for info in videos)


def count_pictures(container: InputContainer) -> dict[int, int]:
    """The pictures of each video stream among the first packets of a container, which is read for that."""
    counts = dict.fromkeys((stream.index for stream in container.streams.video), 0)
    with suppress(av.error.FFmpegError, OSError):
        for packet in islice(activity.each(container.demux(*container.streams.video)), _MOST_PACKETS):
            if packet.size:
                counts[packet.stream.index] += 1
    return counts


def choose(streams: Sequence[StreamInfo], number: int | None, name: str) -> StreamInfo:
    """The stream with this number, else the main one. Raises ClipError when there is none, or it cannot be decoded."""
    if number is None:
        main = next((info for info in streams if info.is_main), None)
        if main is None:
            raise ClipError(f"{name} holds no video; choose a file with video.")
        return main
    found = next((info for info in streams if info.number == number), None)
    if found is None:
        numbers = ", ".join(str(info.number) for info in streams)
        raise ClipError(f"{name} holds no stream {number} of pictures; choose one of {numbers}.")
    if not found.can_open:
        raise ClipError(f"Stream {number} of {name} ({found.kind}, {found.codec}) cannot be decoded; choose another.")
    return found


def _main(streams: Sequence[StreamInfo], defaults: Set[int]) -> StreamInfo | None:
    """Of the streams with enough pictures the one with most pixels; of similar ones the default one, else the first.

    Enough are half as many as the stream with the most has: a poster of one large picture is not the clip.
    """
    if not streams:
        return None
    able = [info for info in streams if info.can_open] or list(streams)
    most_pictures = max(info.pictures or 1 for info in able)
    enough = [info for info in able if info.pictures is None or 2 * info.pictures >= most_pictures]
    most = max(map(_pixels, enough))
    similar = [info for info in enough if _pixels(info) >= most * _SIMILAR]
    return next((info for info in similar if info.number in defaults), similar[0])


def _pixels(info: StreamInfo) -> int:
    return max(info.pictures or 0, 1) * max(info.width * info.height, 1)


def _describe(container: InputContainer, stream: VideoStream, counts: Mapping[int, int]) -> StreamInfo:
    context: Any = stream.codec_context  # None for a codec that FFmpeg does not know, against the stubs
    seconds = _seconds(container, stream)
    tags = {key.upper(): value for key, value in stream.metadata.items()}
    return StreamInfo(
        number=stream.index,
        kind=_kind(container, stream),
        codec="unknown" if context is None else context.codec.canonical_name,
        width=0 if context is None else context.width,
        height=0 if context is None else context.height,
        pictures=_pictures(stream, tags) or counts.get(stream.index),
        seconds=None if seconds is None else float(seconds),
        title=tags.get("TITLE") or tags.get("FILENAME") or "",
        can_open=context is not None,
    )


def _kind(container: InputContainer, stream: VideoStream) -> StreamKind:
    if container.metadata.get("major_brand", "") in _HEIF_BRANDS and stream.frames == 1:
        return StreamKind.STILL  # an item, which is no track
    if stream.disposition & Disposition.timed_thumbnails:
        return StreamKind.THUMBNAILS
    return StreamKind.COVER if stream.disposition & Disposition.attached_pic else StreamKind.VIDEO


def _pictures(stream: VideoStream, tags: Mapping[str, str]) -> int | None:
    """The number of pictures as declared by the container, or by the statistics tags of Matroska."""
    if stream.frames:
        return int(stream.frames)
    if stream.disposition & Disposition.attached_pic:
        return 1
    tagged = next((value for key, value in tags.items() if key.startswith("NUMBER_OF_FRAMES")), "")
    return int(tagged) if tagged.isdecimal() and len(tagged) <= _MOST_DIGITS else None


def _seconds(container: InputContainer, stream: VideoStream) -> Fraction | None:
    if stream.duration and stream.time_base:
        return stream.duration * stream.time_base
    tag = next((value for key, value in stream.metadata.items() if key.upper().startswith("DURATION")), "")
    return parse_duration(tag) or (Fraction(container.duration, av.time_base) if container.duration else None)


def parse_duration(tag: str) -> Fraction | None:
    """Seconds of Matroska's DURATION tag, such as "00:00:05.040000000"; None for any other text."""
    # Digits only: "1e99999999" would be a number of as many digits, which takes hours to compute.
    found = _DURATION.fullmatch(tag)
    return None if found is None else int(found[1]) * 3600 + int(found[2]) * 60 + Fraction(found[3])
