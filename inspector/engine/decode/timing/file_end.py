"""Where a file says that it ends, and whether it breaks off before."""

from __future__ import annotations

from dataclasses import dataclass, replace

import av
import numpy as np

from inspector.engine.decode.container import Media, MediaSource
from inspector.engine.decode.formats.declared_size import (
    asf_packet_bytes,
    asf_seconds,
    declared_size,
    index_start,
)
from inspector.engine.decode.formats.endings import Ending, ending
from inspector.engine.decode.formats.file_bytes import zeros_at_end
from inspector.engine.decode.formats.fragments import Fragments, read_fragments
from inspector.engine.decode.formats.matroska_clusters import has_whole_end, is_read_to_end
from inspector.engine.decode.formats.mpegts import padding_bytes
from inspector.engine.decode.frame_index import NO_PTS
from inspector.engine.decode.timing.losses import unread_tail
from inspector.engine.decode.timing.stored import StoredPackets

# FFmpeg's names of formats that have neither a length nor a number of pictures in a header.
_WITHOUT_LENGTH = {
    "mpegts", "mpeg", "ogg", "flv", "mpegvideo", "m4v", "h264", "hevc", "vvc", "av1", "obu", "h263", "vc1", "mjpeg",
    "mpjpeg", "yuv4mpegpipe", "dnxhd", "dv", "gif", "dhav",
}  # fmt: skip
NO_DECLARED_END = (
    "The file does not declare where it ends: whether pictures are missing at its end cannot be told from the file."
)

CUT_IN_PACKET = "the file breaks off within a packet; how much is missing is not known"
# Declared durations and time stamps differ by rounding and by the reordering of pictures.
_ROUNDED_SECONDS = 0.2
_ROUNDED_PICTURES = 1.5  # of an MXF file, whose length is one in pictures
_LEAST_ZEROS = 128  # fewer end packets and boxes of whole files
_OWN_ZEROS = 8  # so many may end a whole packet
# Zeros are black in uncompressed video, and fill up pictures of a constant size.
_WITH_OWN_ZEROS = {
    "rawvideo", "v210", "v308", "v408", "v410", "r210", "r10k", "yuv4", "y41p", "ayuv", "dnxhd", "dvvideo",
}  # fmt: skip
_ASF_PACKETS = 2  # at the end of the data that may hold nothing but the end of a picture and what fills them up


@dataclass(frozen=True, slots=True)
class FileEnd:
    """What is known of the end of a file.

    `missing_bytes`: by how much its declared size exceeds it; `missing_inside`: the same where its pictures reach its
    declared end, so that the bytes are missing elsewhere; `unread_tail`: bytes at the end that belong to no packet;
    `zeros`: so many bytes at the end are zeros, from the position `zeros_at` on, 0 if they are few; `foreign`: bytes
    behind all pictures, which belong to none; `seconds`: the time stamp at which the file declares to end, None where
    its packets reach that; `is_cut`: the last packet is incomplete, and nothing states how much is missing;
    `is_declared`: a length, a count, a size or a mark tells whether the end is missing.
    """

    missing_bytes: int = 0
    missing_inside: int = 0
    unread_tail: int = 0
    zeros: int = 0
    zeros_at: int = 0
    foreign: int = 0
    seconds: float | None = None
    is_cut: bool = False
    is_declared: bool = True

    @property
    def zeros_text(self) -> str:
        """The part of a sentence about the zeros."""
        return (
            f"the last {self.zeros:,} bytes of the file, from byte {self.zeros_at:,} on, are zeros, as where a file "
            "was not written or not copied to its end"
        )

    def zeroed(self, position: int, size: int) -> bool | None:
        """Whether so many bytes of a packet at a position lie wholly in the zeros; None where a part of them does."""
        end = position + size
        if not self.zeros or end - self.zeros_at <= _OWN_ZEROS or self.zeros_at + self.zeros - end < _LEAST_ZEROS:
            return False
        return True if position >= self.zeros_at else None

    @property
    def unknown_text(self) -> str:
        """The sentence about an end that the file does not declare."""
        if not self.zeros:
            return NO_DECLARED_END
        return f"{self.zeros_text.capitalize()}: how many pictures are missing there cannot be told from the file."

    @property
    def unread_text(self) -> str:
        """The part of a sentence about the bytes that belong to no packet."""
        return f"the last {self.unread_tail:,} bytes of the file could not be read"

    def of_ivf(self, declared: int | None, stored: int) -> FileEnd:
        """The end of an IVF file with so many declared and stored pictures: behind all of them other bytes may lie."""
        if self.unread_tail and (not declared or declared <= stored):
            return replace(self, unread_tail=0, zeros=0, foreign=self.unread_tail)
        return self


def ivf_pictures(declared: int | None, stored: StoredPackets) -> int | None:
    """The number of pictures that an IVF file declares: some writers put its duration in ticks in that place."""
    known = np.unique(stored.pts[stored.pts != NO_PTS])
    step = int(np.median(np.diff(known))) if len(known) > 1 else 1
    if declared is None or step < 2:
        return declared
    ticks = int(known[-1] - known[0]) + step
    return round(declared / step) if declared >= ticks - step else declared


def fragments_of(source: MediaSource, container: str) -> Fragments:
    """The fragments of an MP4 file, none of another one. Raises OSError."""
    return read_fragments(source.path) if "mov" in container and not source.length else Fragments()


def find_end(
    media: Media, source: MediaSource, stored: StoredPackets, fragments: Fragments, data_end: int | None = None
) -> FileEnd:
    """What the file tells about its end, which is where another one begins at `data_end`. Raises OSError."""
    container = media.container.format.name
    if source.length:
        return FileEnd(is_declared=container not in _WITHOUT_LENGTH)  # a part of a file ends where another one begins
    size = source.path.stat().st_size
    padding = 0
    if data_end is None:
        data_end = index_start(source.path, stored.end) if container == "asf" else size
        padding = _ASF_PACKETS * asf_packet_bytes(source.path) if container == "asf" else 0
        data_end -= padding_bytes(source.path, stored.end) if container == "mpegts" else 0
        # The index of an MP4 file without fragments lists all: what lies behind its boxes is none of its pictures.
        unread = fragments.unread if fragments.count else 0
    else:
        unread = 0
    declared = fragments.end if fragments.count else declared_size(source.path, container)
    has_appended = container == "flv" and declared is not None and declared < size
    if has_appended and declared is not None:
        data_end = min(data_end, declared)
    found = ending(source.path, container)
    is_declared = declared is not None or found is not Ending.UNKNOWN or container not in _WITHOUT_LENGTH
    if fragments.count:
        is_declared = fragments.has_end or fragments.seconds is not None or fragments.end > size
    elif container.startswith("matroska"):
        is_declared = declared is not None
    seconds = _declared_seconds(media, source, stored, fragments)
    is_cut_page = container == "ogg" and found is Ending.CUT  # which is all that is left unread
    zeros = 0 if media.stream.codec_context.name in _WITH_OWN_ZEROS else zeros_at_end(source.path)
    zeros = zeros if zeros >= _LEAST_ZEROS else 0
    missing = max((declared or 0) - size, 0)
    inside = 0
    if container.startswith("matroska") and stored.end >= 0:
        missing, inside, unread = _of_matroska(media, source, stored, missing)
    rounded = _ROUNDED_SECONDS
    if container == "mxf" and media.stream.average_rate:
        rounded = _ROUNDED_PICTURES / float(media.stream.average_rate)
    is_short = seconds is not None and seconds - stored.end_seconds > rounded
    return FileEnd(
        missing_bytes=missing,
        missing_inside=inside,
        zeros=zeros,
        zeros_at=size - zeros,
        unread_tail=0 if is_cut_page else unread or unread_tail(stored, data_end - padding, container),
        seconds=seconds if is_short else None,
        is_cut=found is Ending.CUT and not has_appended,
        is_declared=is_declared,
    )


def _of_matroska(media: Media, source: MediaSource, stored: StoredPackets, missing: int) -> tuple[int, int, int]:
    """How many of the `missing` bytes are missing at the end, how many inside, and bytes at the end that are unread.

    Behind a hole in its last cluster FFmpeg reads nothing more; what the file ends with may be there.
    """
    declared = (media.container.duration or 0) / av.time_base
    if declared > 0 and stored.end_seconds >= declared - _ROUNDED_SECONDS:
        return (0, missing, 0) if missing and has_whole_end(source.path, stored.end) else (missing, 0, 0)
    if is_read_to_end(source.path, stored.last):
        return missing, 0, 0
    return 0 if has_whole_end(source.path, stored.end) else missing, 0, source.path.stat().st_size - stored.end


def _declared_seconds(media: Media, source: MediaSource, stored: StoredPackets, fragments: Fragments) -> float | None:
    """The time stamp at which a fragmented MP4, Ogg, FLV, ASF, MXF or GXF file declares to end; None where it does not.

    That is the end of the longest stream: a file whose sound reaches it is whole.
    """
    container = media.container.format.name
    known = stored.pts[stored.pts != NO_PTS]
    start = float(int(np.min(known)) * (media.stream.time_base or 0)) if len(known) else 0.0
    declared: float | None = None
    if fragments.count:
        declared = None if fragments.seconds is None else float(fragments.seconds)
        # It counts from the first fragment, which has a later time in a part of a longer recording. One that is missing
        # at the beginning is not missing at the end too.
        if declared is not None and abs(stored.end_seconds - declared) > _ROUNDED_SECONDS:
            declared += start
    elif container in ("ogg", "flv") and media.container.duration:
        declared = media.container.duration / av.time_base
    elif container == "asf":
        declared = asf_seconds(source.path)
    elif container in ("mxf", "gxf") and media.stream.duration:
        declared = start + float(media.stream.duration * (media.stream.time_base or 0))
    return declared
