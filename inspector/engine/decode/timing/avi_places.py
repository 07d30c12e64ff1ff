"""Where the pictures of a damaged AVI file belong: it has no time stamps, but an index that lists lost chunks too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from inspector.domain.arrays import Flags, PtsArray
from inspector.engine.decode.formats.riff import ChunkIndex, read_chunk_index
from inspector.engine.decode.frame_index import NO_PTS
from inspector.engine.decode.timing.losses import Evidence
from inspector.engine.decode.timing.stored import StoredPackets
from inspector.engine.decode.timing.timeline import REORDER

_KNOWN_SHARE = 0.9  # damaged bytes may look like a chunk that the index does not list


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """What the index tells: by how many ticks each packet comes later than FFmpeg counts, int64 (n,).

    `is_key` bool (n,): which are keyframes, where FFmpeg gives packets behind a lost one the marks of others;
    `evidence` names the lost chunks; `lost_at_end` are those behind the last packet, the last of which ends at `end`
    in ticks; `empty` chunks repeat the picture before.
    """

    shift: PtsArray
    is_key: Flags
    evidence: tuple[Evidence, ...] = ()
    lost_at_end: int = 0
    end: int = 0
    empty: int = 0

    def moved(self, pts: PtsArray, dts: PtsArray, rows: PtsArray) -> tuple[PtsArray, PtsArray]:
        """The time stamps of the packets with these numbers in their places, all int64 (n,).

        Before the first keyframe FFmpeg gives some a pts that is far from their dts: there is none in its place.
        """
        own = np.where(np.abs(pts - dts) > REORDER, NO_PTS, pts)
        shift = self.shift[rows]
        return np.where(own == NO_PTS, NO_PTS, own + shift), np.where(dts == NO_PTS, NO_PTS, dts + shift)


def find_places(stored: StoredPackets, path: Path, stream: int) -> Places | None:
    """The places of the packets by the file's index; None where that is missing or lists other chunks."""
    index = read_chunk_index(path, stream)
    return None if index is None or not len(stored) else _compared(stored, index)


def _compared(stored: StoredPackets, index: ChunkIndex) -> Places | None:
    if not len(index.pos) or not (np.diff(index.pos) > 0).all():
        return None
    number, is_known = _numbers(stored, index)
    if np.count_nonzero(is_known) < _KNOWN_SHARE * len(stored):
        return None
    shift = np.where(is_known, number - stored.dts, 0)
    # A packet that the index does not list keeps its place behind the one before it.
    last = np.maximum.accumulate(np.where(is_known, np.arange(len(stored)), 0))
    shift = shift[last]
    if (shift < 0).any() or (np.diff(shift) < 0).any():
        return None
    is_told = is_known & (shift > 0) & index.is_key.any()  # some writers mark none, where all are keyframes
    is_key = np.where(is_told, index.is_key[number], stored.is_key)
    is_picture = index.size > 0
    pictures = np.concatenate(([0], np.cumsum(is_picture)))
    evidence = []
    known = np.flatnonzero(is_known)
    before = -1
    for at in known.tolist():
        lost = int(pictures[number[at]] - pictures[before + 1])
        if lost:
            evidence.append(Evidence(at, _reason(lost), is_counted=True))
        before = int(number[at])
    lost_at_end = int(pictures[-1] - pictures[before + 1])
    return Places(
        shift.astype(np.int64),
        is_key,
        tuple(evidence),
        lost_at_end,
        len(index.pos),
        int(np.count_nonzero(~is_picture)),
    )


def _numbers(stored: StoredPackets, index: ChunkIndex) -> tuple[PtsArray, Flags]:
    """The number in the index of the chunk of each packet, and whether it is listed, both (n,).

    What lies behind a hole is listed `shift` bytes before its place. The hole is where most chunks, of the listed
    sizes, are found so; the last of such places, since chunks that all have one size are found at many.
    """
    number, is_known = _found(index.pos, stored.pos)
    if not index.shift:
        return number, is_known
    behind, is_behind = _found(index.pos + index.shift, stored.pos)
    is_same, is_moved = is_known & (index.size[number] == stored.size), is_behind & (index.size[behind] == stored.size)
    found = np.concatenate(([0], np.cumsum(is_same))) - np.concatenate(([0], np.cumsum(is_moved)))
    hole = len(stored) - int(np.argmax(found[::-1]))
    before = np.arange(len(stored)) < hole
    return np.where(before, number, behind), np.where(before, is_known, is_behind)


def _found(listed: PtsArray, pos: PtsArray) -> tuple[PtsArray, Flags]:
    """The number of the listed place that each position has, and whether it has one, both (n,)."""
    number = np.minimum(np.searchsorted(listed, pos), len(listed) - 1)
    return number, listed[number] == pos


def _reason(lost: int) -> str:
    what = "1 picture" if lost == 1 else f"{lost:,} pictures"
    return f"{what} of the file's index could not be read"


def with_index(evidence: list[Evidence], places: Places | None) -> list[Evidence]:
    """All evidence of lost data; where the index tells what was lost, nothing else does."""
    named = {} if places is None else {item.number: item for item in places.evidence}
    found = {item.number: item for item in evidence} | named
    return [found[number] for number in sorted(found)]


def with_keys(stored: StoredPackets, places: Places | None) -> StoredPackets:
    """The packets with the keyframes that the index tells."""
    return stored if places is None else replace(stored, is_key=places.is_key)
