"""The quantiser of a decoded picture, where FFmpeg's decoder exports it: H.264, MPEG-1, -2 and -4, and VP9."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any

import numpy as np
from av.video.frame import VideoFrame

from inspector.engine.decode.container import Media

# AVVideoEncParams of libavutil/video_enc_params.h, as compiled for 64 bits: number of blocks, offset and size of one,
# type, the picture's quantiser; then the blocks. The macroblocks' quantiser is a difference from the picture's.
_HEAD = struct.Struct("<I4xQQii")
_BLOCK = np.dtype([("x", "<i4"), ("y", "<i4"), ("width", "<i4"), ("height", "<i4"), ("delta", "<i4")])


def export_quantisers(media: Media) -> None:
    """Make newly opened media export the quantisers of its pictures; decoders without them ignore it."""
    context = media.stream.codec_context
    context.options = {**context.options, "export_side_data": "venc_params"}


def quantiser_of(frame: VideoFrame) -> float | None:
    """The mean quantiser of a picture on its codec's scale; None where the decoder gave none."""
    items: Iterable[Any] = frame.side_data  # PyAV's stubs declare a mapping; iterating it gives the items
    data = next((bytes(item) for item in items if item.type.name == "VIDEO_ENC_PARAMS"), b"")
    if len(data) < _HEAD.size:
        return None
    count, offset, size, _type, base = _HEAD.unpack_from(data)
    if not count:
        return float(base)
    if size != _BLOCK.itemsize or offset + count * size > len(data):
        return None
    return float(base + np.frombuffer(data, _BLOCK, count, offset)["delta"].mean())
