"""A bounded cache of decoded frames by display index; the frames furthest from the current one are dropped first."""

from __future__ import annotations

from bisect import bisect_left, insort

from inspector.engine.player.cursor import Item, item_bytes

_PASSED = 3  # while playing, frames that were passed count as this many times further away


class FrameCache:
    """Holds items of at most `limit` bytes together, but never fewer than four. Not thread-safe."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._largest = 1
        self._items: dict[int, Item] = {}
        self._order: list[int] = []  # the indices, ascending

    def __contains__(self, index: int) -> bool:
        return index in self._items

    def __len__(self) -> int:
        return len(self._items)

    def get(self, index: int) -> Item | None:
        """The item at an index, or None."""
        return self._items.get(index)

    def room(self) -> int:
        """How many items as large as the largest so far fit in; at least four, since fewer would be of no use."""
        return max(self.limit // self._largest, 4)

    def put(self, index: int, item: Item, current: int, direction: int) -> None:
        """Add an item and drop others for it: those furthest from `current`, given the direction of play (-1, 0, 1)."""
        self.drop(index)
        size = item_bytes(item)
        self._largest = max(self._largest, size)
        self._items[index] = item
        insort(self._order, index)
        self.bytes += size
        while self.bytes > self.limit and len(self._items) > 4:
            low, high = self._order[0], self._order[-1]
            below = (current - low) * (_PASSED if direction > 0 else 1)
            above = (high - current) * (_PASSED if direction < 0 else 1)
            self.drop(low if below >= above else high)

    def drop(self, index: int) -> None:
        """Remove the item at an index, if there is one."""
        item = self._items.pop(index, None)
        if item is not None:
            self.bytes -= item_bytes(item)
            del self._order[bisect_left(self._order, index)]

    def missing_after(self, index: int, end: int) -> int | None:
        """The first missing index after `index` and before `end`."""
        return next((at for at in range(index + 1, end) if at not in self._items), None)

    def missing_before(self, index: int, start: int) -> int | None:
        """The last missing index before `index` and not before `start`."""
        return next((at for at in range(index - 1, start - 1, -1) if at not in self._items), None)
