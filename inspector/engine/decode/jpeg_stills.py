"""JPEG stills of which Pillow says too little: what is damaged, and what it does not read."""

from __future__ import annotations

from pathlib import Path

import av
from av.codec.context import ThreadType
from av.packet import Packet

from inspector.domain.clip import StreamInfo
from inspector.domain.errors import ClipError
from inspector.engine.decode.container import MAX_PIXELS
from inspector.engine.decode.evidence import OTHER_FORMAT
from inspector.engine.decode.formats import jpeg
from inspector.engine.decode.formats.file_bytes import file_bytes


def refuse_deep(path: Path) -> None:
    """Raise ClipError if the file is a JPEG of more bits than Pillow reads: it may be whole."""
    with file_bytes(path) as data:
        is_deep = data[: len(jpeg.SOI)] == jpeg.SOI and jpeg.is_deep(data)
    if is_deep:
        raise ClipError(OTHER_FORMAT.format(name=path.name, what=jpeg.DEEP)) from None


def is_damaged(path: Path, stream: StreamInfo, *, is_refused: bool) -> bool:
    """Whether codes of a JPEG picture cannot be read, of which Pillow says nothing; FFmpeg does.

    With `is_refused` Pillow does not read it to its end: it is damaged, unless it lacks nothing but the marker there.
    """
    with file_bytes(path) as data:
        found = jpeg.parse(data, stream.offset)
        if is_refused and (found is not None or not jpeg.is_common(data, stream.offset, sequential=True)):
            return True  # a progressive picture lacks whole scans, or parts of one
        if not jpeg.is_common(data, stream.offset):
            return False  # there are others that FFmpeg does not read
        coded = data[stream.offset : found.end if found is not None else len(data)]
    context = av.CodecContext.create("mjpeg", "r")
    context.options = {"err_detect": "explode", "max_pixels": str(MAX_PIXELS)}
    context.thread_type, context.thread_count = ThreadType.NONE, 1
    try:
        context.decode(Packet(coded))
    except av.error.InvalidDataError:
        return True
    except av.error.FFmpegError:
        pass  # a kind of pixels that it does not know
    return False
