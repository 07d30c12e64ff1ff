"""A decoding position that moves through a clip step by step, and matches what is decoded to the frame index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from inspector.domain.clip import Frame, Gap
from inspector.engine.decode.decoder import Decoder, Picture

Item: TypeAlias = Picture | Frame | Gap

_MISSING = "the decoder gave no picture here"
_END = object()


class Cursor:
    """Yields the items of the display indices from `start` on; `next_index` is the first one not yet yielded.

    A fast cursor may raise DamageError, and its items are not verified (`is_verified`). Not thread-safe.
    """

    def __init__(self, decoder: Decoder, start: int, *, is_fast: bool = False) -> None:
        self._pts = decoder.index.pts
        self.next_index = start
        wanted = int(self._pts[start])
        fast = decoder.fast_seek(wanted) if is_fast else None
        self.is_verified = fast is None
        self._events: Iterator[Picture | Frame | Gap | None] = decoder.pictures(wanted) if fast is None else fast

    def close(self) -> None:
        """Close the file."""
        close = getattr(self._events, "close", None)  # generators have it; the plain iterators of stills do not need it
        if close is not None:
            close()

    def step(self) -> list[tuple[int, Item]]:
        """Decode a little further; returns the new indices with their items, often none.

        A frame that the decoder leaves out becomes a gap. Raises ClipError.
        """
        event = next(self._events, _END)
        if event is None:
            return []
        if event is _END:
            return self._up_to(len(self._pts))
        if isinstance(event, Gap):
            found = self._up_to(self._position(event.start_pts))
            last = self._position(event.end_pts)
            found += [(index, event) for index in range(self.next_index, last)]
            self.next_index = max(self.next_index, last)
            return found
        position = self._position(event.pts)  # type: ignore[attr-defined]
        if position < self.next_index or position >= len(self._pts) or self._pts[position] != event.pts:  # type: ignore[attr-defined]
            return []
        found = self._up_to(position)
        self.next_index = position + 1
        return [*found, (position, event)]  # type: ignore[list-item]

    def _position(self, pts: int) -> int:
        return int(np.searchsorted(self._pts, pts))

    def _up_to(self, end: int) -> list[tuple[int, Item]]:
        """Gaps for all frames before `end` that the decoder has passed over."""
        passed = range(self.next_index, end)
        self.next_index = max(self.next_index, end)
        return [(index, Gap(int(self._pts[index]), int(self._pts[index]) + 1, _MISSING)) for index in passed]


def item_bytes(item: Item) -> int:
    """The approximate memory of an item, in bytes."""
    if isinstance(item, Gap):
        return 100
    if isinstance(item, Frame):
        return item.image.nbytes
    return sum(plane.buffer_size for plane in item.frame.planes)


def are_same(one: Item, other: Item) -> bool:
    """Whether two items of the same index have the same pixels and the same flags."""
    if isinstance(one, Gap | Frame) or isinstance(other, Gap | Frame):
        return one is other
    flags = [(p.pts, p.index, p.is_key, p.is_corrupt, p.picture_type, p.is_interlaced) for p in (one, other)]
    return flags[0] == flags[1] and all(
        np.array_equal(a, b) for a, b in zip(_samples(one), _samples(other), strict=True)
    )


def _samples(picture: Picture) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    """The picture's planes as uint8 (rows, bytes), without the padding at the end of each row."""
    depth = max((part.bits for part in picture.frame.format.components), default=8)
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, -1)[:, : plane.width * ((depth + 7) // 8)]
        for plane in picture.frame.planes
    ]
