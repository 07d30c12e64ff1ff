"""Opening evidence, and decoding it frame by frame to the RGB images that are displayed and scored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from inspector.domain.account import PictureAccount
from inspector.domain.arrays import Image
from inspector.domain.clip import Clip, Frame, Gap, StreamInfo, StreamKind
from inspector.domain.errors import ClipError
from inspector.engine.bounds import check_bounded, check_properties
from inspector.engine.decode.container import MediaSource, UnknownFormatError
from inspector.engine.decode.display_order import Picture
from inspector.engine.decode.evidence import (
    HIDDEN_PICTURE,
    Kind,
    check_file,
    detect_kind,
    forced_demuxer,
    hash_file,
    hidden_pictures,
    read_header,
)
from inspector.engine.decode.formats.joined import joined_parts
from inspector.engine.decode.frame_index import FrameIndex
from inspector.engine.decode.media_types import CLIP_SUFFIXES, STILL_SUFFIXES
from inspector.engine.decode.packets import DamageError
from inspector.engine.decode.still_streams import (
    animated_png_streams,
    following_streams,
    joined_streams,
    main_id,
    part_of_joined,
    refuse_unread,
    still_streams,
)
from inspector.engine.decode.stills import StillSource, is_animated, open_still
from inspector.engine.decode.streams import choose
from inspector.engine.decode.timing.shared_index import load_stream_index
from inspector.engine.decode.video import VideoSource
from inspector.engine.decode.video_properties import open_video

__all__ = ["DamageError", "Decoder", "FrameIndex", "Picture", "frame_sha256", "hash_file", "open_clip", "read_clip"]

_ANIMATED = frozenset({"apng", "png", "mjpeg", "gif", "webp", "hevc", "av1"})  # codecs of animations in files of stills


def open_clip(
    path: Path | str, should_continue: Callable[[], bool] = lambda: True, *, stream: int | None = None
) -> Clip:
    """Read the properties and the SHA-256 of the video or still at `path`; its content, not its name, says which it is.

    Of several streams of pictures it is the one with the number `stream`, by default the one that holds the clip.
    Raises ClipError when the file is missing, unreadable, no clip, encrypted, too large, or holds no decodable picture,
    and when `should_continue` returns False while the file is hashed.
    """
    path = Path(path)
    check_file(path)
    detect_kind(path, read_header(path))
    return read_clip(path, hash_file(path, should_continue), stream=stream)


def read_clip(path: Path, sha256: str = "", *, stream: int | None = None) -> Clip:
    """Read the properties alone, as `open_clip` does: hashing reads every byte of the file. Raises ClipError."""
    try:
        check_file(path)
        head = read_header(path)
        kind = detect_kind(path, head)
        if kind is Kind.VIDEO:
            clip = _read_video(path, sha256, stream, forced_demuxer(path, head))
        else:
            clip = _read_still(path, sha256, stream, head)
    except OSError as error:
        cause = error.strerror or error
        raise ClipError(f"{path.name} cannot be read ({cause}); check the disk or the permissions.") from None
    try:  # a case file, which is held against the same bounds when it is read, could not give an analysis back
        check_bounded((clip, clip.start_pts + (clip.duration_pts or 0)))
        check_properties(clip)
    except ValueError:
        raise ClipError(
            f"{path.name} states numbers that no clip can have, such as time stamps beyond 2^62; copy its streams into "
            "a new file."
        ) from None
    return replace(clip, remarks=(*clip.remarks, *_name_remark(clip, kind)))


def _name_remark(clip: Clip, kind: Kind) -> tuple[str, ...]:
    """Whether the name says video and the file holds a still, or the reverse; a file opens by what it holds."""
    suffix = Path(clip.path).suffix.lower()
    if kind is Kind.STILL and clip.is_still and suffix in CLIP_SUFFIXES and suffix != ".gif":
        return (f"The name ends with {suffix}, as that of a video, but the file holds a still picture ({clip.codec}).",)
    if kind is Kind.VIDEO and suffix in STILL_SUFFIXES and clip.codec not in _ANIMATED:
        return (f"The name ends with {suffix}, as that of a still picture, but the file holds a video ({clip.codec}).",)
    return ()


def _read_still(path: Path, sha256: str, stream: int | None, head: bytes) -> Clip:
    """A still, or the video in its file that `stream` names."""
    streams = still_streams(path, head)
    chosen = choose(streams, stream, path.name)
    if chosen.kind is not StreamKind.EMBEDDED_VIDEO:
        refuse_unread(path, chosen)
        return open_still(path, sha256, path.stat().st_size, streams, chosen)
    return _read_embedded(path, sha256, streams, chosen)


def _read_video(path: Path, sha256: str, stream: int | None, demuxer: str | None) -> Clip:
    """A video, or the one of a further file behind it that `stream` names."""
    parts = joined_parts(path, read_header(path), lambda: main_id(path))
    joined = joined_streams(path, parts)
    if joined:
        chosen = choose(joined, stream, path.name)
        clip = _read_embedded(path, sha256, joined, chosen)
        return replace(clip, remarks=(part_of_joined(joined, chosen), *clip.remarks))
    size = path.stat().st_size
    source = MediaSource(path, stream, demuxer=demuxer)
    streams = animated_png_streams(source) if demuxer == "apng" else ()
    if streams:
        chosen = choose(streams, stream, path.name)
        if chosen.kind is StreamKind.STILL:
            return open_still(path, sha256, size, streams, chosen)
        return replace(open_video(source, sha256, size), streams=streams)
    try:
        clip = open_video(source, sha256, size)
    except UnknownFormatError:
        found = hidden_pictures(path) if demuxer is None else None
        if found is None:
            raise
        if not found[1]:
            raise ClipError(HIDDEN_PICTURE.format(name=path.name, start=found[0])) from None
        return _read_video(path, sha256, stream, "mjpeg")
    except ClipError:
        if stream is None:
            raise
        clip = open_video(replace(source, stream=None), sha256, size)
        streams = (*clip.streams, *_following(source, clip))
        return _read_embedded(path, sha256, streams, choose(streams, stream, path.name))
    return replace(clip, streams=(*clip.streams, *_following(source, clip)))


def _following(source: MediaSource, clip: Clip) -> tuple[StreamInfo, ...]:
    places = load_stream_index(replace(source, stream=clip.stream)).following
    return following_streams(source.path, places)


def _read_embedded(path: Path, sha256: str, streams: tuple[StreamInfo, ...], chosen: StreamInfo) -> Clip:
    size = path.stat().st_size
    clip = open_video(MediaSource(path, chosen.inner, chosen.offset, chosen.length), sha256, size)
    return replace(clip, stream=chosen.number, streams=streams)


def frame_sha256(image: Image) -> str:
    """SHA-256, lower-case hex, of the bytes of `image`, uint8 (H, W, 3) RGB, in row-major order."""
    return hashlib.sha256(np.ascontiguousarray(image).data).hexdigest()


class _Source(Protocol):
    @property
    def index(self) -> FrameIndex: ...
    def frames(self, start_pts: int | None, end_pts: int | None) -> Iterator[Frame | Gap]: ...
    def pictures(self, start_pts: int | None, end_pts: int | None = None) -> Iterator[Picture | Frame | Gap | None]: ...
    def fast_seek(self, start_pts: int) -> Iterator[Picture | None] | None: ...
    def frame_at(self, pts: int) -> Frame: ...
    def account(self, shown: int, damaged: int, gaps: Iterable[Gap]) -> PictureAccount | None: ...
    def close(self) -> None: ...


class Decoder:
    """Decodes one clip. A frame is identified by its pts and has the same bytes however it is reached.

    A context manager; only one thread may use it at a time, except for `convert`. Methods raise ClipError when the file
    can no longer be read. The only memory that grows with the clip's length is the index, about 100 bytes per
    packet, which all decoders of a clip in a process share. With `with_coding` the frames of `frames` and
    `frame_at` have their quantiser and intra share, which some decoders give.
    """

    def __init__(self, clip: Clip, *, with_coding: bool = False) -> None:
        is_picture = clip.is_still or is_animated(clip)
        self.clip = clip
        self._source: _Source = StillSource(clip) if is_picture else VideoSource(clip, with_coding=with_coding)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    @property
    def index(self) -> FrameIndex:
        """The pts of every frame and whether it is a keyframe, in display order; built on first use."""
        return self._source.index

    def account(self, shown: int, damaged: int, gaps: Iterable[Gap]) -> PictureAccount | None:
        """What became of everything that the file stores, after all of `frames` gave these counts; None for a still.

        `damaged` frames are among the shown ones.
        """
        return self._source.account(shown, damaged, gaps)

    def frames(self, start_pts: int | None = None, end_pts: int | None = None) -> Iterator[Frame | Gap]:
        """Yield the frames with start_pts <= pts < end_pts in display order, and the gaps between them.

        A frame's index counts from the start of the clip. What cannot be decoded is a Gap; decoding goes on after it.
        """
        return self._source.frames(start_pts, end_pts)

    def pictures(self, start_pts: int | None, end_pts: int | None = None) -> Iterator[Picture | Frame | Gap | None]:
        """Yield what `frames` yields, but as Pictures, still in the codec's pixel format, which take half the memory.

        `convert` makes frames of them; a picture whose buffer the decoder needs back at once comes as a Frame. None is
        yielded for each picture decoded before `start_pts`, so that the caller can stop early.
        """
        return self._source.pictures(start_pts, end_pts)

    def fast_seek(self, start_pts: int) -> Iterator[Picture | None] | None:
        """Pictures from `start_pts` on, several times faster than `pictures`; None for clips where that is impossible.

        Skips pictures that no other picture refers to. The iterator raises DamageError at the first sign of damage.
        The pictures are those of `pictures`, but `is_corrupt` is not reliable, since a skipped picture may be damaged.
        """
        return self._source.fast_seek(start_pts)

    def convert(self, picture: Picture | Frame) -> Frame:
        """Convert a picture to a displayed frame. One thread besides the decoding one may call this."""
        if isinstance(picture, Frame):
            return picture
        assert isinstance(self._source, VideoSource), "stills come as frames"
        return self._source.convert(picture)

    def converter(self) -> Callable[[Picture | Frame], Frame]:
        """A `convert` of its own, which one thread at a time may call while others decode and convert."""
        if isinstance(self._source, VideoSource):
            own = self._source.converter()
            return lambda picture: picture if isinstance(picture, Frame) else own(picture)
        return self.convert

    def frame_at(self, pts: int) -> Frame:
        """The frame displayed at `pts`: the last one whose pts is not later, or the first frame of the clip."""
        return self._source.frame_at(pts)
