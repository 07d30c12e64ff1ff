"""How the blocks of a decoded picture are coded, where FFmpeg's decoder exports it: their quantiser and prediction."""

from __future__ import annotations

import struct

import numpy as np
from av.video.frame import PictureType, VideoFrame

from inspector.engine.decode.container import Media
from inspector.engine.decode.formats.side_data import side_data

# AVVideoEncParams of libavutil/video_enc_params.h, as compiled for 64 bits: number of blocks, offset and size of one,
# type, the picture's quantiser; then the blocks. The macroblocks' quantiser is a difference from the picture's.
_HEAD = struct.Struct("<I4xQQii")
_BLOCK = np.dtype([("x", "<i4"), ("y", "<i4"), ("width", "<i4"), ("height", "<i4"), ("delta", "<i4")])
# AVMotionVector of libavutil/motion_vector.h: from which reference, the block's size, and the place of its centre.
_VECTOR = np.dtype(
    {
        "names": ["source", "width", "height", "x", "y"],
        "formats": ["<i4", "u1", "u1", "<i2", "<i2"],
        "offsets": [0, 4, 5, 10, 12],
        "itemsize": 40,
    }
)
# Decoders that export motion vectors; a picture of theirs without any is coded without reference to others.
_WITH_VECTORS = {"h264", "mpeg1video", "mpeg2video", "mpeg4", "h263", "msmpeg4v2", "msmpeg4v3", "flv1"}


def export_coding_data(media: Media) -> None:
    """Make newly opened media export what `coding_data_of` reads; decoders without it ignore this."""
    context = media.stream.codec_context
    context.options = {**context.options, "export_side_data": "venc_params", "flags2": "+export_mvs"}


def coding_data_of(frame: VideoFrame, codec: str) -> tuple[float | None, float | None]:
    """The mean quantiser of a picture on its codec's scale, and the share of its area that refers to no other picture.

    None where the decoder gives none.
    """
    found = side_data(frame, "VIDEO_ENC_PARAMS", "MOTION_VECTORS")
    quantiser = _quantiser(found.get("VIDEO_ENC_PARAMS", b""))
    if codec not in _WITH_VECTORS:
        return quantiser, None
    if PictureType(frame.pict_type) is PictureType.I:
        return quantiser, 1.0
    return quantiser, 1.0 - _predicted_share(found.get("MOTION_VECTORS", b""), frame.width * frame.height)


def _quantiser(data: bytes) -> float | None:
    if len(data) < _HEAD.size:
        return None
    count, offset, size, _type, base = _HEAD.unpack_from(data)
    if not count:
        return float(base)
    if size != _BLOCK.itemsize or offset + count * size > len(data):
        return None
    return float(base + np.frombuffer(data, _BLOCK, count, offset)["delta"].mean())


def _predicted_share(data: bytes, area: int) -> float:
    """The share of the area that has motion vectors; a block that refers to two pictures has two of them."""
    vectors = np.frombuffer(data, _VECTOR, len(data) // _VECTOR.itemsize)
    sizes = vectors["width"].astype(np.int64) * vectors["height"]
    if (vectors["source"] < 0).any() and (vectors["source"] > 0).any():
        places = vectors["x"].astype(np.int64) << 16 | vectors["y"].astype(np.int64) & 0xFFFF
        sizes = sizes[np.unique(places, return_index=True)[1]]
    return min(float(sizes.sum()) / max(area, 1), 1.0)
