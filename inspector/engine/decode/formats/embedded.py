"""MP4 and QuickTime files inside other files: the videos of motion photos, behind a JPEG or in a HEIF box."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from inspector.engine.decode.formats.file_bytes import FileBytes, file_bytes
from inspector.engine.decode.formats.isobmff import file_boxes, find
from inspector.engine.regular_file import open_regular

_KINDS = {
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"moof", b"mfra", b"udta", b"meta", b"styp",
    b"sidx", b"pnot", b"emsg", b"prft",
}  # fmt: skip
_LARGEST_FTYP, _LARGEST_MOOV = 1024, 64 << 20
_MOST_FOUND, _MOST_TRIED = 8, 1000
_START = 16  # a file that begins with ftyp is an MP4 itself


def embedded_videos(path: Path) -> list[tuple[int, int]]:
    """Offset and length of each whole MP4 with a video track that begins inside the file, not at its start.

    Raises OSError.
    """
    with file_bytes(path) as data:
        found: list[tuple[int, int]] = []
        at = _START
        for start in _candidates(data):
            if len(found) == _MOST_FOUND:
                break
            if start < at:
                continue  # inside the one before
            length = _length(path, data, start)
            if length:
                found.append((start, length))
                at = start + length
        return found


def _candidates(data: FileBytes) -> Iterator[int]:
    """Where an ftyp box may begin."""
    at = _START
    for _ in range(_MOST_TRIED):
        at = data.find(b"ftyp", at)
        if at < 0:
            return
        if 16 <= int.from_bytes(data[at - 4 : at], "big") <= _LARGEST_FTYP:
            yield at - 4
        at += 4


def _length(path: Path, data: FileBytes, start: int) -> int:
    """The bytes from an ftyp box to the end of the last box of the same file; 0 unless it has a video track."""
    end = start
    has_video = False
    with open_regular(path) as file:
        for box in file_boxes(file, start, len(data)):
            if box.kind not in _KINDS or box.end > len(data) or (box.kind == b"ftyp" and end != start):
                break
            if box.kind == b"moov" and box.end - box.start <= _LARGEST_MOOV:
                has_video = has_video or _has_video(data[box.start : box.end])
            end = box.end
    return end - start if has_video else 0


def _has_video(moov: bytes) -> bool:
    return any(moov[box.start + 8 : box.start + 12] == b"vide" for box in find(moov, "trak/mdia/hdlr"))
