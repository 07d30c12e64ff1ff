"""How the blocks of a decoded picture are coded, where FFmpeg's decoder exports it: their quantiser and prediction."""

from __future__ import annotations

import struct
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class CodingData:
    """How a picture is coded; None where the decoder gives none.

    `quantiser` is the mean on its codec's scale. Of its area (0..1), `intra_share` refers to no other picture,
    `past_share` to an earlier one and `future_share` to a later one: an area that refers to two counts in both.
    """

    quantiser: float | None = None
    intra_share: float | None = None
    past_share: float | None = None
    future_share: float | None = None


def export_coding_data(media: Media) -> None:
    """Make newly opened media export what `coding_data_of` reads; decoders without it ignore this."""
    context = media.stream.codec_context
    context.options = {**context.options, "export_side_data": "venc_params", "flags2": "+export_mvs"}


def coding_data_of(frame: VideoFrame, codec: str) -> CodingData:
    """How a decoded picture is coded."""
    found = side_data(frame, "VIDEO_ENC_PARAMS", "MOTION_VECTORS")
    quantiser = _quantiser(found.get("VIDEO_ENC_PARAMS", b""))
    if codec not in _WITH_VECTORS:
        return CodingData(quantiser)
    if PictureType(frame.pict_type) is PictureType.I:
        return CodingData(quantiser, 1.0, 0.0, 0.0)
    return CodingData(quantiser, *_shares(found.get("MOTION_VECTORS", b""), frame.width * frame.height))


def _quantiser(data: bytes) -> float | None:
    if len(data) < _HEAD.size:
        return None
    count, offset, size, _type, base = _HEAD.unpack_from(data)
    if not count:
        return float(base)
    if size != _BLOCK.itemsize or offset + count * size > len(data):
        return None
    return float(base + np.frombuffer(data, _BLOCK, count, offset)["delta"].mean())


def _shares(data: bytes, area: int) -> tuple[float, float, float]:
    """The shares of the area without motion vectors, and with one to an earlier and to a later picture."""
    vectors = np.frombuffer(data, _VECTOR, len(data) // _VECTOR.itemsize)
    sizes = vectors["width"].astype(np.int64) * vectors["height"]
    is_past = vectors["source"] < 0
    past, future = int(sizes[is_past].sum()), int(sizes[~is_past].sum())
    predicted = past + future
    if past and future:  # a block that refers to both has two vectors
        places = vectors["x"].astype(np.int64) << 16 | vectors["y"].astype(np.int64) & 0xFFFF
        predicted = int(sizes[np.unique(places, return_index=True)[1]].sum())
    whole = max(area, 1)
    return 1.0 - min(predicted / whole, 1.0), min(past / whole, 1.0), min(future / whole, 1.0)
