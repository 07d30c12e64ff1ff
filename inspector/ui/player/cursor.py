"""One way through a clip, from a frame on: decoded step by step, and put against the frames that the index names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from inspector.domain.clip import Frame, Gap

if TYPE_CHECKING:
    from inspector.engine.decode.decoder import Decoder, Picture

Item: TypeAlias = "Picture | Frame | Gap"

_MISSING = "the decoder gave no picture here"
_END = object()


class Cursor:
    """Gives the items of the display indices from `start` on. A quick one may raise DamageError, and is not `is_sure`.

    Not thread-safe. `next_index` is the first index not yet given.
    """

    def __init__(self, decoder: Decoder, start: int, *, is_quick: bool = False) -> None:
        self._pts = decoder.index.pts
        self.next_index = start
        wanted = int(self._pts[start])
        quick = decoder.fast_seek(wanted) if is_quick else None
        self.is_sure = quick is None
        self._events: Iterator[Picture | Frame | Gap | None] = decoder.pictures(wanted) if quick is None else quick

    def close(self) -> None:
        """Let go of the file."""
        close = getattr(self._events, "close", None)  # generators have one, plain iterators of stills need none
        if close is not None:
            close()

    def step(self) -> list[tuple[int, Item]]:
        """Decode a little further; the indices that became known by it with their items, often none. Raises ClipError.

        What the decoder leaves out becomes a gap.
        """
        event = next(self._events, _END)
        if event is None:
            return []
        if event is _END:
            return self._up_to(len(self._pts))
        if isinstance(event, Gap):
            found = self._up_to(self._place(event.start_pts))
            last = self._place(event.end_pts)
            found += [(index, event) for index in range(self.next_index, last)]
            self.next_index = max(self.next_index, last)
            return found
        place = self._place(event.pts)  # type: ignore[attr-defined]
        if place < self.next_index or place >= len(self._pts) or self._pts[place] != event.pts:  # type: ignore[attr-defined]
            return []
        found = self._up_to(place)
        self.next_index = place + 1
        return [*found, (place, event)]  # type: ignore[list-item]

    def _place(self, pts: int) -> int:
        return int(np.searchsorted(self._pts, pts))

    def _up_to(self, end: int) -> list[tuple[int, Item]]:
        """Gaps for all that was passed over in front of `end`."""
        passed = range(self.next_index, end)
        self.next_index = max(self.next_index, end)
        return [(index, Gap(int(self._pts[index]), int(self._pts[index]) + 1, _MISSING)) for index in passed]


def item_bytes(item: Item) -> int:
    """What an item takes of memory, about."""
    if isinstance(item, Gap):
        return 100
    if isinstance(item, Frame):
        return item.image.nbytes
    return sum(plane.buffer_size for plane in item.frame.planes)


def are_same(one: Item, other: Item) -> bool:
    """Whether two items of the same index show the same and say the same of it."""
    if isinstance(one, Gap | Frame) or isinstance(other, Gap | Frame):
        return one is other
    flags = [(p.pts, p.index, p.is_key, p.is_corrupt, p.picture_type, p.is_interlaced) for p in (one, other)]
    return flags[0] == flags[1] and all(
        np.array_equal(a, b) for a, b in zip(_samples(one), _samples(other), strict=True)
    )


def _samples(picture: Picture) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    """The picture's planes as uint8 (rows, bytes) without the padding behind each row."""
    depth = max((part.bits for part in picture.frame.format.components), default=8)
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, -1)[:, : plane.width * ((depth + 7) // 8)]
        for plane in picture.frame.planes
    ]
