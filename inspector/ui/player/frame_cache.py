"""A bounded store of a clip's items by display index: what lies furthest from where one looks goes first."""

from __future__ import annotations

from bisect import bisect_left, insort

from inspector.ui.player.cursor import Item, item_bytes

_PASSED = 3  # while playing, what lies behind counts as so many times further away


class FrameCache:
    """Items within `limit` bytes. Not thread-safe."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._largest = 1
        self._items: dict[int, Item] = {}
        self._order: list[int] = []  # the indices, rising

    def __contains__(self, index: int) -> bool:
        return index in self._items

    def __len__(self) -> int:
        return len(self._items)

    def get(self, index: int) -> Item | None:
        """The item, or None."""
        return self._items.get(index)

    def room(self) -> int:
        """How many items of the largest kind seen fit in; never less than four, since less is no use at all."""
        return max(self.limit // self._largest, 4)

    def put(self, index: int, item: Item, looking_at: int, direction: int) -> None:
        """Keep an item, and make room for it."""
        self.drop(index)
        size = item_bytes(item)
        self._largest = max(self._largest, size)
        self._items[index] = item
        insort(self._order, index)
        self.bytes += size
        while self.bytes > self.limit and len(self._items) > 4:
            low, high = self._order[0], self._order[-1]
            below = (looking_at - low) * (_PASSED if direction > 0 else 1)
            above = (high - looking_at) * (_PASSED if direction < 0 else 1)
            self.drop(low if below >= above else high)

    def drop(self, index: int) -> None:
        """Forget an item, if it is there."""
        item = self._items.pop(index, None)
        if item is not None:
            self.bytes -= item_bytes(item)
            del self._order[bisect_left(self._order, index)]

    def missing_after(self, index: int, end: int) -> int | None:
        """The first index behind `index` and before `end` that is not here."""
        return next((at for at in range(index + 1, end) if at not in self._items), None)

    def missing_before(self, index: int, start: int) -> int | None:
        """The last index before `index`, from `start` on, that is not here."""
        return next((at for at in range(index - 1, start - 1, -1) if at not in self._items), None)
