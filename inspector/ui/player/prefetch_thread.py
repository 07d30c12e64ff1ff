"""The prefetch: a thread that decodes what the viewer looks at, and around it, into a bounded stock.

A place in the middle of a long group of pictures is reached by a quick decoder, which leaves out what no other picture
is built on. A thorough one then goes over the same stretch in the background: it fills the stock in front of the place,
so that stepping back decodes nothing, and corrects what the quick one could not know, on damaged clips.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Thread

from inspector.domain.arrays import Flags, PtsArray
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import InspectorError
from inspector.ui.player.cursor import Cursor, Item, are_same
from inspector.ui.player.frame_cache import FrameCache

CACHE_BYTES = 512 * 1024 * 1024
_LEAD = 12  # frames kept in front of a place that was jumped to, for the first steps back
_NEAR = 24  # so close behind a key frame, there is nothing to gain by hurrying
_CHUNK = 48  # frames decoded at a time on the way back, if there is room for two times as many
_AHEAD = 4  # frames kept ready behind the place while the clip stands
_MOST = 400  # frames kept on a side of the place, however small they are
_MOST_CURSORS = 2
# A quick decoder started anew at the key frame is this much faster a frame than one that decodes all of them.
_QUICK_GAIN = 0.6


class PrefetchThread(Thread):
    """Owns the decoder of one clip. `changed` guards all that is shared, and is notified of each new item.

    `altered(index)` is called, with `changed` held, when an item that was given out turned out to be another.
    """

    def __init__(
        self, clip: Clip, changed: Condition, altered: Callable[[int], None], cache_bytes: int = CACHE_BYTES
    ) -> None:
        super().__init__(name="reel", daemon=True)
        # PyAV and OpenCV take a third of a second to load: the window opens before that, on another thread.
        from inspector.engine.decode.decoder import DamageError, Decoder

        self.clip = clip
        self._decoder = Decoder(clip)
        self._damage_error = DamageError
        self.pts: PtsArray = self._decoder.index.pts
        self.is_key: Flags = self._decoder.index.is_key
        self._changed, self._altered = changed, altered
        self._cache = FrameCache(cache_bytes)
        self._unsure: set[int] = set()
        self._damaged: set[int] = set()  # key frames whose groups only the thorough decoder may show
        self._cursors: list[Cursor] = []  # the one used last at the end
        self._aim = 0
        self._direction = 0
        self._error: InspectorError | None = None
        self._is_closing = False

    def __len__(self) -> int:
        return len(self.pts)

    # --- asked by the viewer -----------------------------------------------------------------------------------------

    def close(self) -> None:
        """End the thread; let go of the file and the pictures."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        if self.is_alive():
            self.join()
        for cursor in self._cursors:
            cursor.close()
        self._decoder.close()

    def aim(self, index: int, direction: int = 0) -> None:
        """Decode this place first, then what follows in the direction of play (0: the clip stands)."""
        with self._changed:
            self._aim, self._direction = index, direction
            self._error = None
            self._changed.notify_all()

    def limit_to(self, cache_bytes: int) -> None:
        """Let the stock take so much memory from now on."""
        with self._changed:
            self._cache.limit = cache_bytes
            self._changed.notify_all()

    def now(self, index: int) -> Item | None:
        """The item at an index if it is decoded."""
        with self._changed:
            return self._cache.get(index)

    def fetch(self, index: int, is_overtaken: Callable[[], bool]) -> Item | None:
        """The item at the index aimed at, once it is decoded; None when something else is wanted before that.

        Raises InspectorError when the file can no longer be read.
        """
        with self._changed:
            while (item := self._cache.get(index)) is None and not is_overtaken():
                if self._error is not None:
                    raise self._error
                self._changed.wait(0.1)
            return item

    def convert(self, item: Frame | Item) -> Frame | Gap:
        """The displayed frame of an item. Takes milliseconds, without holding `changed`."""
        return item if isinstance(item, Gap) else self._decoder.convert(item)

    # --- the thread --------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Decode until closed."""
        while True:
            with self._changed:
                cursor = None
                while not self._is_closing and (cursor := self._next_cursor()) is None:
                    self._changed.wait()
                if cursor is None:
                    return
            try:
                found = cursor.step()
            except self._damage_error:
                self._give_up(cursor)
            except InspectorError as error:
                self._fail(cursor, error)
            else:
                self._keep(cursor, found)

    def _keep(self, cursor: Cursor, found: list[tuple[int, Item]]) -> None:
        with self._changed:
            low, high = self._window()
            for index, item in found:
                former = self._cache.get(index)
                if former is not None and index in self._unsure and cursor.is_sure:
                    self._unsure.discard(index)
                    if not are_same(former, item):
                        self._cache.put(index, item, self._aim, self._direction)
                        self._altered(index)
                elif former is None and (low <= index < high):
                    self._cache.put(index, item, self._aim, self._direction)
                    if not cursor.is_sure:
                        self._unsure.add(index)
            if found:
                self._unsure = {index for index in self._unsure if index in self._cache}
                self._changed.notify_all()

    def _give_up(self, cursor: Cursor) -> None:
        """A quick decoder met damage: its group is shown by the thorough one alone."""
        with self._changed:
            self._drop(cursor)
            key = self._key_of(min(cursor.next_index, len(self) - 1))
            self._damaged.add(key)

    def _fail(self, cursor: Cursor, error: InspectorError) -> None:
        with self._changed:
            self._drop(cursor)
            self._error = error
            self._changed.notify_all()

    def _drop(self, cursor: Cursor) -> None:
        self._cursors.remove(cursor)
        cursor.close()

    # --- what to do next; `changed` is held -------------------------------------------------------------------------

    def _window(self) -> tuple[int, int]:
        """The indices worth keeping: [low, high)."""
        room = self._cache.room()
        # No more than the stock keeps of it in the long run; what it lets go would be decoded again and again.
        share = {0: 0.65, 1: 0.35, -1: 0.7}[self._direction]
        behind = min(round(room * share), _MOST)
        ahead = min(room - behind - 1, _MOST)
        return max(self._aim - behind, 0), min(self._aim + ahead + 1, len(self))

    def _next_cursor(self) -> Cursor | None:
        """The cursor to step on, or None when there is nothing to do until something changes."""
        if self._error is not None:
            return None
        low, high = self._window()
        if self._aim not in self._cache:
            lead = self._chunk(low) - 1 if self._direction < 0 else _LEAD
            return self._cursor_to(self._aim, max(self._aim - lead, low))
        ahead = self._cache.missing_after(self._aim, min(self._aim + 1 + self._ahead(high), high))
        if ahead is not None and self._direction >= 0:
            return self._cursor_to(ahead, ahead)
        behind = self._cache.missing_before(self._aim, low)
        if self._direction < 0:
            return None if behind is None else self._cursor_back(behind, low)
        if behind is not None and self._direction == 0 and self._aim - behind < _LEAD // 2:
            return self._cursor_to(behind, max(behind - _CHUNK, low))
        if self._unsure and self._direction >= 0:
            lowest = min(self._unsure)
            return self._cursor_to(lowest, max(min(lowest, low), self._key_of(lowest)), is_sure=True)
        if behind is not None and self._direction == 0:
            return self._cursor_to(behind, max(behind - _CHUNK, low))
        return None

    def _chunk(self, low: int) -> int:
        """How many frames to decode at a time on the way back: while one half of the room is shown, the other."""
        return min(_CHUNK, max((self._aim - low) // 2, 1))

    def _cursor_back(self, wanted: int, low: int) -> Cursor | None:
        """Playing backwards: a cursor that ends at `wanted`, once there is room for all that it gives on its way.

        It has to begin at the key frame, however little of what it passes is kept.
        """
        key = self._key_of(wanted)
        first = max(wanted - self._chunk(low) + 1, key)
        is_under_way = any(key <= cursor.next_index <= wanted for cursor in self._cursors)
        return self._cursor_to(wanted, first) if first >= low or is_under_way else None

    def _ahead(self, high: int) -> int:
        return _AHEAD if self._direction == 0 else high - self._aim

    def _key_of(self, index: int) -> int:
        """The key frame that decoding to an index begins at."""
        return self._decoder.index.keyframe_before(index) or 0

    def _cursor_to(self, wanted: int, first: int, *, is_sure: bool = False) -> Cursor:
        """A cursor on the way to `wanted`: one that stands in front of it, or a new one that keeps from `first` on."""
        key = self._key_of(wanted)
        near = [c for c in self._cursors if key <= c.next_index <= wanted and (c.is_sure or not is_sure)]
        is_quick = not is_sure and wanted - key > _NEAR and key not in self._damaged
        if near:
            best = max(near, key=lambda c: (c.next_index, c.is_sure))
            # One that has just begun its way to `first` is not begun anew, however far `wanted` is behind that.
            is_on_its_way = best.next_index >= max(first, key)
            if not is_quick or is_on_its_way or wanted - best.next_index <= max((wanted - key) * _QUICK_GAIN, _NEAR):
                self._cursors.remove(best)
                self._cursors.append(best)
                return best
        while len(self._cursors) >= _MOST_CURSORS:
            self._drop(self._cursors[0])
        self._cursors.append(Cursor(self._decoder, max(first, key), is_quick=is_quick))
        return self._cursors[-1]
