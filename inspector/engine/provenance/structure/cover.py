"""The cover picture of a clip against its frames: a cover may be kept while the clip behind it is exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inspector.domain import arrays
from inspector.domain.clip import StreamKind
from inspector.domain.errors import ClipError
from inspector.engine.decode.container import MediaSource, open_container
from inspector.engine.decode.streams import video_streams
from inspector.engine.provenance.coding.perceptual import LEAST_CONTENT
from inspector.engine.provenance.structure.thumbnail import bits_between, grey_of
from inspector.engine.provenance.structure.walk import Walk

NAME = "cover picture"
_MOST_COVERS = 4
_MOST_PIXELS = 16 << 20  # of a cover: programs write some of 3000 pixels a side
_FIRST_FRAMES, _STEP, _KEY_FRAMES = 300, 5, 32  # every fifth of the first frames, and key frames over the whole clip


def note_cover(walk: Walk, path: Path) -> None:
    """A tag for each cover picture of a clip: its distance, 0 to 64 bits, to the frame that is most like it.

    Every fifth of the first 300 frames is compared, and up to 32 key frames at equal distances in time. Bars are cut
    off, and a cover may be a part of a frame that has its full height or width. A file that cannot be opened has none:
    what is wrong with it is said elsewhere.
    """
    with suppress(ClipError), open_container(MediaSource(path)) as container:
        infos = video_streams(container)
        covers = [info.number for info in infos if info.kind is StreamKind.COVER and info.can_open][:_MOST_COVERS]
        main = next((info.number for info in infos if info.is_main and info.kind is StreamKind.VIDEO), None)
        if main is None or not covers:
            return
        streams = {stream.index: stream for stream in container.streams.video}
        try:
            found = [_picture(container, streams[number]) for number in covers]
            frames = [*_first_frames(container, streams[main]), *_key_frames(container, streams[main])]
        except (av.error.FFmpegError, ValueError, OSError):
            walk.problem("Its cover picture could not be compared with its frames.")
            return
        for cover in found:
            if cover is not None and frames:
                bits = min(min(bits_between(frame, cover), bits_between(cover, frame)) for frame in frames)
                height, width = cover.shape
                walk.tag(
                    "computed",
                    NAME,
                    f"{width} x {height} px, {bits} of 64 bits of a perceptual hash differ from the most similar of "
                    f"{len(frames)} frames",
                )


def _picture(container: InputContainer, stream: VideoStream) -> arrays.Image | None:
    """An attached picture, uint8 (h, w) grey; None for one without content, or above the limit of size."""
    if stream.codec_context.width * stream.codec_context.height > _MOST_PIXELS:
        return None
    container.seek(0)
    return next(_with_content(islice(container.decode(stream), 1)), None)


def _first_frames(container: InputContainer, stream: VideoStream) -> Iterator[arrays.Image]:
    container.seek(0)
    yield from _with_content(islice(container.decode(stream), 0, _FIRST_FRAMES, _STEP))


def _with_content(frames: Iterable[VideoFrame]) -> Iterator[arrays.Image]:
    for frame in frames:
        picture = grey_of(frame)
        if picture.std() >= LEAST_CONTENT:
            yield picture


def _key_frames(container: InputContainer, stream: VideoStream) -> Iterator[arrays.Image]:
    """Key frames at equal distances in time, each once; those without content are left out."""
    stream.codec_context.skip_frame = "NONKEY"
    start, duration = stream.start_time or 0, stream.duration
    if duration is None and container.duration is not None and stream.time_base:
        duration = int(container.duration / av.time_base / stream.time_base)
    seen: set[int | None] = set()
    for number in range(_KEY_FRAMES if duration else 0):
        container.seek(start + (duration or 0) * number // _KEY_FRAMES, stream=stream)
        for frame in islice(container.decode(stream), 1):
            if frame.pts not in seen:
                seen.add(frame.pts)
                yield from _with_content([frame])
