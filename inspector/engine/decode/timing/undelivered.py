"""Pictures that a file stores or declares and FFmpeg does not deliver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.engine.decode.container import MediaSource, open_media
from inspector.engine.decode.formats.riff import read_chunks
from inspector.engine.decode.formats.sample_table import OtherCodec, read_sample_table
from inspector.engine.decode.timing.stored import Role, StoredPackets, packets


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What is not delivered: pictures outside the edit list (`cut`), and `empty` chunks or samples.

    `declared`: how many pictures the file lists, by a better count than FFmpeg's where there is one; `others`: samples
    of other codecs; `missing_bytes`: of an AVI file that lists more than it stores, None for others.
    """

    declared: int | None
    cut: int = 0
    empty: int = 0
    others: tuple[OtherCodec, ...] = ()
    missing_bytes: int | None = None


def find_undelivered(
    source: MediaSource, stored: StoredPackets, container: str, stream: int, track: int, declared: int | None
) -> Undelivered:
    """What FFmpeg does not deliver of a stream, by its number and its identifier in the file. Raises OSError."""
    empty = stored.empty
    if declared is None or (declared == len(stored) and not stored.count(Role.CUT)):
        return Undelivered(declared, empty=empty)
    if "mov" in container:
        table = None if source.length else read_sample_table(source.path, track)
        others: tuple[OtherCodec, ...] = ()
        if table is not None:  # FFmpeg counts the durations
            declared, empty, others = table.count, table.empty, table.others
        with open_media(source, options={"ignore_editlist": "1"}) as media:
            count = sum(1 for packet in packets(media) if not isinstance(packet, str) and packet.size)
        return Undelivered(declared, max(count - len(np.unique(stored.pos)), 0), empty, others)
    if container == "avi" and not source.length:
        chunks = read_chunks(source.path, stream)
        is_short = len(stored) + chunks.empty < declared
        missing_bytes = chunks.missing_bytes if is_short else None
        return Undelivered(declared, empty=max(empty, chunks.empty), missing_bytes=missing_bytes)
    return Undelivered(declared, empty=empty)
