"""The prefetch thread: decodes the frame that the viewer shows, and the frames around it, into a bounded cache.

A frame in the middle of a long group of pictures is reached by a fast seek, which skips pictures that no other picture
refers to. A full decode then goes over the same frames in the background. It fills the cache with the frames before the
target, so that stepping back decodes nothing, and on damaged clips it corrects what the fast seek could not detect.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Condition, Thread

from inspector.domain.arrays import Flags, PtsArray
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import InspectorError
from inspector.engine import faults
from inspector.engine.decode.decoder import DamageError, Decoder
from inspector.engine.player.cursor import Cursor, Item, are_same
from inspector.engine.player.frame_cache import FrameCache

CACHE_BYTES = 512 * 1024 * 1024
_LEAD = 12  # frames kept before the target of a jump, for the first steps back
_NEAR = 24  # frames after a key frame within which a fast seek gains nothing
_CHUNK = 48  # frames decoded at a time when going back, if the cache has room for twice as many
_AHEAD = 4  # frames kept ready after the current one while the clip is paused
_MAX_FRAMES = 400  # frames kept on each side of the current one, however small they are
_MAX_CURSORS = 2
# The time per frame of a fast seek from the key frame, as a share of that of a full decode.
_FAST_SHARE = 0.6


class PrefetchThread(Thread):
    """Owns the decoder of one clip. `changed` guards all shared state, and is notified of each new item.

    `altered(index)` is called, with `changed` held, when the full decode replaces an item that was handed out before.
    """

    def __init__(
        self,
        clip: Clip,
        changed: Condition,
        altered: Callable[[int], None],
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        super().__init__(name="prefetch", daemon=True)
        self.clip = clip
        self._decoder = Decoder(clip)
        self.pts: PtsArray = self._decoder.index.pts
        self.is_key: Flags = self._decoder.index.is_key
        self._changed, self._altered = changed, altered
        self._cache = FrameCache(cache_bytes)
        self._unverified: set[int] = set()
        self._damaged: set[int] = set()  # key frames whose groups need the full decode
        self._cursors: list[Cursor] = []  # the most recently used one last
        self._aim = 0
        self._direction = 0
        self._error: InspectorError | None = None
        self._is_closing = False

    def __len__(self) -> int:
        return len(self.pts)

    # --- asked by the viewer -----------------------------------------------------------------------------------------

    def close(self) -> None:
        """End the thread, wait for it, and close the file."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        if self.is_alive():
            self.join()
        for cursor in self._cursors:
            cursor.close()
        self._decoder.close()

    def aim(self, index: int, direction: int = 0) -> None:
        """Decode this frame first, then those that follow in the direction of play (0: paused)."""
        with self._changed:
            self._aim, self._direction = index, direction
            self._error = None
            self._changed.notify_all()

    def limit_to(self, cache_bytes: int) -> None:
        """Limit the memory of the cache from now on."""
        with self._changed:
            self._cache.limit = cache_bytes
            self._changed.notify_all()

    def get(self, index: int) -> Item | None:
        """The item at an index, or None while it is not decoded."""
        with self._changed:
            return self._cache.get(index)

    @property
    def problem(self) -> InspectorError | None:
        """Why nothing is decoded until the next `aim`; None while all is well."""
        return self._error

    def fetch(self, index: int, is_overtaken: Callable[[], bool]) -> Item | None:
        """Wait for the item at the index that was passed to `aim`; None if the request is overtaken by a newer one.

        Raises InspectorError if the file can no longer be read.
        """
        with self._changed:
            while (item := self._cache.get(index)) is None and not is_overtaken():
                if self._error is not None:
                    raise self._error
                self._changed.wait(0.1)
            return item

    def convert(self, item: Frame | Item) -> Frame | Gap:
        """The RGB frame of an item. It takes milliseconds, during which `changed` is not held."""
        return item if isinstance(item, Gap) else self._decoder.convert(item)

    # --- the thread --------------------------------------------------------------------------------------------------

    @faults.Boundary("running the prefetch thread")
    def run(self) -> None:
        """Decode until closed."""
        while not self._is_closing:
            with faults.Boundary(f"decoding {Path(self.clip.path).name}", self._fail):
                self._advance()

    def _advance(self) -> None:
        """Wait for something to decode, and decode a little."""
        with self._changed:
            while not self._is_closing and (cursor := self._next_cursor()) is None:
                self._changed.wait()
            if self._is_closing or cursor is None:
                return
        try:
            found = cursor.step()
        except DamageError:
            self._abandon_fast_seek(cursor)
        else:
            self._keep(cursor, found)

    def _keep(self, cursor: Cursor, found: list[tuple[int, Item]]) -> None:
        with self._changed:
            low, high = self._window()
            for index, item in found:
                former = self._cache.get(index)
                if former is not None and index in self._unverified and cursor.is_verified:
                    self._unverified.discard(index)
                    if not are_same(former, item):
                        self._cache.put(index, item, self._aim, self._direction)
                        self._altered(index)
                elif former is None and (low <= index < high):
                    self._cache.put(index, item, self._aim, self._direction)
                    if not cursor.is_verified:
                        self._unverified.add(index)
            if found:
                self._unverified = {index for index in self._unverified if index in self._cache}
                self._changed.notify_all()

    def _abandon_fast_seek(self, cursor: Cursor) -> None:
        """The fast seek has met damage: only a full decode may show this group."""
        with self._changed:
            self._drop(cursor)
            key = self._key_of(min(cursor.next_index, len(self) - 1))
            self._damaged.add(key)

    def _fail(self, error: InspectorError) -> None:
        """Stop until the viewer aims again, which starts new cursors: the old ones may be in any state."""
        with self._changed:
            self._error = error
            while self._cursors:
                self._drop(self._cursors[0])
            self._changed.notify_all()

    def _drop(self, cursor: Cursor) -> None:
        self._cursors.remove(cursor)
        with faults.Boundary("closing a decoding position"):
            cursor.close()

    # --- what to do next; `changed` is held -------------------------------------------------------------------------

    def _window(self) -> tuple[int, int]:
        """The range of indices to keep: [low, high)."""
        room = self._cache.room()
        # No more than the cache keeps in the long run; what it drops would be decoded again and again.
        share = {0: 0.65, 1: 0.35, -1: 0.7}[self._direction]
        behind = min(round(room * share), _MAX_FRAMES)
        ahead = min(room - behind - 1, _MAX_FRAMES)
        return max(self._aim - behind, 0), min(self._aim + ahead + 1, len(self))

    def _next_cursor(self) -> Cursor | None:
        """The cursor to advance, or None if there is nothing to do until something changes."""
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
        if self._unverified and self._direction >= 0:
            lowest = min(self._unverified)
            return self._cursor_to(lowest, max(min(lowest, low), self._key_of(lowest)), is_verified=True)
        if behind is not None and self._direction == 0:
            return self._cursor_to(behind, max(behind - _CHUNK, low))
        return None

    def _chunk(self, low: int) -> int:
        """How many frames to decode at a time when going back: one half of the room, while the other half is shown."""
        return min(_CHUNK, max((self._aim - low) // 2, 1))

    def _cursor_back(self, wanted: int, low: int) -> Cursor | None:
        """For playing backwards: a cursor that ends at `wanted`, once there is room for the frames before it.

        Decoding begins at the key frame, however few of the frames after it are kept.
        """
        key = self._key_of(wanted)
        first = max(wanted - self._chunk(low) + 1, key)
        is_under_way = any(key <= cursor.next_index <= wanted for cursor in self._cursors)
        return self._cursor_to(wanted, first) if first >= low or is_under_way else None

    def _ahead(self, high: int) -> int:
        return _AHEAD if self._direction == 0 else high - self._aim

    def _key_of(self, index: int) -> int:
        """The index of the key frame at which decoding towards an index begins."""
        return self._decoder.index.keyframe_before(index) or 0

    def _cursor_to(self, wanted: int, first: int, *, is_verified: bool = False) -> Cursor:
        """A cursor for the frame `wanted`: one that is already close before it, or a new one that begins at `first`."""
        key = self._key_of(wanted)
        near = [c for c in self._cursors if key <= c.next_index <= wanted and (c.is_verified or not is_verified)]
        is_fast = not is_verified and wanted - key > _NEAR and key not in self._damaged
        if near:
            best = max(near, key=lambda c: (c.next_index, c.is_verified))
            # A cursor that has just started towards `first` is not started again, however far `wanted` is after that.
            is_on_its_way = best.next_index >= max(first, key)
            if not is_fast or is_on_its_way or wanted - best.next_index <= max((wanted - key) * _FAST_SHARE, _NEAR):
                self._cursors.remove(best)
                self._cursors.append(best)
                return best
        while len(self._cursors) >= _MAX_CURSORS:
            self._drop(self._cursors[0])
        self._cursors.append(Cursor(self._decoder, max(first, key), is_fast=is_fast))
        return self._cursors[-1]
