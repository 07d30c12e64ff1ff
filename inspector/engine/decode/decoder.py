"""Opening evidence and frame-exact decoding: the one place where a file becomes displayed RGB pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from inspector.domain.arrays import Image
from inspector.domain.clip import Clip, Frame, Gap
from inspector.engine.decode.display_order import Picture
from inspector.engine.decode.evidence import Kind, check_file, detect_kind, hash_file, read_header
from inspector.engine.decode.frame_index import FrameIndex
from inspector.engine.decode.packets import DamageError
from inspector.engine.decode.stills import StillSource, is_animated, open_still
from inspector.engine.decode.video import VideoSource, open_video

__all__ = ["DamageError", "Decoder", "FrameIndex", "Picture", "frame_sha256", "hash_file", "open_clip"]


def open_clip(path: Path | str, is_wanted: Callable[[], bool] = lambda: True) -> Clip:
    """The facts of the video or still at `path`, told by its content, and its SHA-256, read while it `is_wanted`.

    Raises ClipError with one sentence when it is missing, unreadable, no clip, encrypted, too large, or holds no
    picture that can be decoded.
    """
    path = Path(path)
    size = check_file(path).st_size
    kind = detect_kind(path, read_header(path))
    sha256 = hash_file(path, is_wanted)
    return open_still(path, sha256, size) if kind is Kind.STILL else open_video(path, sha256, size)


def frame_sha256(image: Image) -> str:
    """SHA-256, lower-case hex, of the displayed RGB bytes of `image`, uint8 (H, W, 3), row by row."""
    return hashlib.sha256(np.ascontiguousarray(image).data).hexdigest()


class _Source(Protocol):
    @property
    def index(self) -> FrameIndex: ...
    def frames(self, start_pts: int | None, end_pts: int | None) -> Iterator[Frame | Gap]: ...
    def pictures(self, start_pts: int) -> Iterator[Picture | Frame | Gap | None]: ...
    def fast_seek(self, start_pts: int) -> Iterator[Picture | None] | None: ...
    def frame_at(self, pts: int) -> Frame: ...
    def group_at(self, pts: int) -> list[Frame]: ...
    def close(self) -> None: ...


class Decoder:
    """Frames of one clip, exact to the pts, the same bytes every time and however one gets to them.

    A context manager; not for several threads at once. Its methods raise ClipError when the file can no longer be read.
    Memory does not grow with the clip's length but for the index (17 bytes a frame), which only random access needs.
    """

    def __init__(self, clip: Clip) -> None:
        is_picture = clip.is_still or is_animated(clip)
        self.clip = clip
        self._source: _Source = StillSource(clip) if is_picture else VideoSource(clip)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        self._source.close()

    @property
    def index(self) -> FrameIndex:
        """Every frame's pts and whether it is a key frame, in display order; read on first use."""
        return self._source.index

    def frames(self, start_pts: int | None = None, end_pts: int | None = None) -> Iterator[Frame | Gap]:
        """Frames with start_pts <= pts < end_pts in display order, and the gaps between them, as they are decoded.

        A frame's index is its place in the whole clip. What is broken is a Gap, and decoding goes on behind it.
        """
        return self._source.frames(start_pts, end_pts)

    def pictures(self, start_pts: int) -> Iterator[Picture | Frame | Gap | None]:
        """What `frames` gives, not yet converted where it may be kept so (`convert` does), which costs half the memory.

        None stands for each picture decoded on the way to `start_pts`, so that the caller can turn to something else.
        """
        return self._source.pictures(start_pts)

    def fast_seek(self, start_pts: int) -> Iterator[Picture | None] | None:
        """Pictures from `start_pts` on, several times sooner than by `pictures`; None where there is no such way.

        Raises DamageError at the first sign of damage. The pictures are those of `frames`; their `is_corrupt` only is
        sure after `pictures` has looked the stretch through, since what is left out on the way may be damaged.
        """
        return self._source.fast_seek(start_pts)

    def convert(self, picture: Picture | Frame) -> Frame:
        """The displayed frame of a picture. May be called by one other thread than the one that decodes."""
        if isinstance(picture, Frame):
            return picture
        assert isinstance(self._source, VideoSource), "stills come as frames"
        return self._source.convert(picture)

    def frame_at(self, pts: int) -> Frame:
        """The frame shown at `pts`: the last one whose pts is not later; the first one before the clip's start."""
        return self._source.frame_at(pts)

    def group_at(self, pts: int) -> list[Frame]:
        """The frames from the key frame at or before `pts` up to the next one, for caches.

        At most 300 of them, or 384 MiB, around `pts`.
        """
        return self._source.group_at(pts)
