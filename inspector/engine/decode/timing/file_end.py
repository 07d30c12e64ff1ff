"""Where a file says that it ends, and whether it breaks off before."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from inspector.engine.decode.container import MediaSource
from inspector.engine.decode.formats.declared_size import declared_size, index_start
from inspector.engine.decode.formats.endings import Ending, ending
from inspector.engine.decode.formats.fragments import Fragments, read_fragments
from inspector.engine.decode.timing.losses import unread_tail
from inspector.engine.decode.timing.stored import StoredPackets

# FFmpeg's names of formats that have neither a length nor a number of pictures in a header.
_WITHOUT_LENGTH = {
    "mpegts", "mpeg", "ogg", "flv", "mpegvideo", "m4v", "h264", "hevc", "vvc", "av1", "obu", "h263", "vc1", "mjpeg",
    "mpjpeg", "yuv4mpegpipe", "dnxhd",
}  # fmt: skip
NO_DECLARED_END = (
    "The file does not declare where it ends: whether pictures are missing at its end cannot be told from the file."
)

CUT_IN_PACKET = "the file breaks off within a packet; how much is missing is not known"


@dataclass(frozen=True, slots=True)
class FileEnd:
    """What is known of the end of a file.

    `missing_bytes`: by how much its declared size exceeds it; `unread_tail`: bytes at the end that belong to no packet;
    `seconds`: the declared duration of a fragmented MP4 file; `is_cut`: the last packet is incomplete, and nothing
    states how much is missing; `is_declared`: a length, a count, a size or a mark tells whether the end is missing.
    """

    missing_bytes: int = 0
    unread_tail: int = 0
    seconds: Fraction | None = None
    is_cut: bool = False
    is_declared: bool = True


def fragments_of(source: MediaSource, container: str) -> Fragments:
    """The fragments of an MP4 file, none of another one. Raises OSError."""
    return read_fragments(source.path) if "mov" in container and not source.length else Fragments()


def find_end(source: MediaSource, container: str, stored: StoredPackets, fragments: Fragments) -> FileEnd:
    """What the file tells about its end. Raises OSError."""
    if source.length:
        return FileEnd()  # a part of a file ends where the whole says
    size = source.path.stat().st_size
    data_end = index_start(source.path, stored.end) if container == "asf" else size
    declared = fragments.end if fragments.count else declared_size(source.path, container)
    found = ending(source.path, container)
    is_declared = declared is not None or found is not Ending.UNKNOWN or container not in _WITHOUT_LENGTH
    if fragments.count:
        is_declared = fragments.has_end or fragments.seconds is not None or fragments.end > size
    elif container.startswith("matroska"):
        is_declared = declared is not None
    return FileEnd(
        missing_bytes=max((declared or 0) - size, 0),
        unread_tail=unread_tail(stored, data_end, container),
        seconds=fragments.seconds,
        is_cut=found is Ending.CUT,
        is_declared=is_declared,
    )
