"""Bytes between packets that belong to none, and are no damage: the container itself accounts for them."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

import numpy as np

from inspector.engine.decode.container import MediaSource
from inspector.engine.decode.formats.matroska import SEGMENT, leads_to_block
from inspector.engine.decode.formats.riff import begins_chunk, is_empty_chunks
from inspector.engine.decode.timing.stored import StoredPackets
from inspector.engine.regular_file import open_regular

_EBML_HEADER, _SEGMENT = b"\x1a\x45\xdf\xa3", SEGMENT.to_bytes(4)
_MOST_PLACES = 500_000  # two hours of 60 pictures a second; 9 to 13 us each
_MOST_BYTES = 1 << 20
# Adobe Flash Video File Format Specification 10.1, annex E.4.1: the bytes before the data of a tag, the kind of one
# with a script, and most of the bytes around the picture in the tag before.
_TAG_HEADER, _SCRIPT, _REST = 11, 18, 32


def without_known_bytes(stored: StoredPackets, source: MediaSource, container: str) -> StoredPackets:
    """The packets without unread bytes before them where the container stores something else. Raises OSError.

    That is the header of a joined Matroska file, and what lies beside a picture in its block, such as its transparency;
    lists, indexes, fillers and empty chunks of an AVI file; texts and other scripts of an FLV file.
    """
    is_known = {"matroska,webm": _of_matroska, "avi": _of_avi, "flv": _of_flv}.get(container)
    places = np.flatnonzero(stored.unread)
    if is_known is None or not len(places):
        return stored
    unread = stored.unread.copy()
    with open_regular(source.path) as file:
        for at in places[:_MOST_PLACES].tolist():
            if is_known(file, source.offset + int(stored.unread_at[at]), int(unread[at])):
                unread[at] = 0
    return replace(stored, unread=unread)


def _of_matroska(file: BinaryIO, start: int, count: int) -> bool:
    file.seek(start)
    data = file.read(min(count, _MOST_BYTES))
    header = data.find(_EBML_HEADER)
    return (header >= 0 and data.find(_SEGMENT, header) >= 0) or leads_to_block(data, count)


def _of_avi(file: BinaryIO, start: int, count: int) -> bool:
    if begins_chunk(file, start):
        return True
    file.seek(start)
    return count <= _MOST_BYTES and is_empty_chunks(file.read(count))


def _of_flv(file: BinaryIO, start: int, count: int) -> bool:
    """Whether only tags with scripts lie there, read from the end, where each has its length behind it."""
    if count > _MOST_BYTES:
        return False
    file.seek(start)
    data = file.read(count)
    end = len(data)
    while end > _REST:
        size = int.from_bytes(data[end - 4 : end], "big")
        end -= 4 + size
        if size < _TAG_HEADER or end < 0 or data[end] != _SCRIPT:
            return False
    return True
