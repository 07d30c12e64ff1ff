"""The part of the stored picture that the container hides: Matroska's PixelCrop and MP4's clean aperture."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from av.video.stream import VideoStream

from inspector.engine.decode.formats import isobmff, matroska

Crop = tuple[int, int, int, int]
"""Hidden pixels: left, top, right, bottom."""

NONE: Crop = (0, 0, 0, 0)


def container_crop(path: Path, stream: VideoStream) -> Crop:
    """What the container hides of each stored picture of a stream; a crop that leaves nothing is ignored."""
    name = stream.container.format.name
    crop = NONE
    with suppress(OSError, ValueError, OverflowError):
        if name.startswith("matroska"):
            crops = matroska.crops(path)
            videos = [other.index for other in stream.container.streams.video if not _is_attachment(other)]
            at = videos.index(stream.index) if stream.index in videos else len(crops)
            crop = crops[at] if at < len(crops) else NONE
        elif name.startswith("mov"):
            crop = isobmff.clean_aperture(path, stream.id, stream.codec_context.width, stream.codec_context.height)
    return crop


def _is_attachment(stream: VideoStream) -> bool:
    """Whether it is a picture that is attached to a Matroska file, and so not one of its tracks."""
    return "FILENAME" in {key.upper() for key in stream.metadata} and bool(stream.metadata.get("mimetype"))
