"""The frames of the viewer, which the player's process decodes ahead and converts when they are wanted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Condition
from typing import TypeAlias

from inspector.domain.arrays import Flags, PtsArray
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import InspectorError
from inspector.engine.process.player.client import Player
from inspector.engine.process.player.messages import Aim, Service, Want
from inspector.ui.player.players import PLAYERS

Item: TypeAlias = Frame | Gap

CACHE_BYTES = 512 * 1024 * 1024
_KEPT = 6  # frames that stay here; the process keeps many more, in half the memory
_AT_ONCE = 4  # frames that are wanted at the same time: each needs a slot in the shared memory


class RemoteFrames:
    """The frames of one clip. `changed` guards all shared state, and is notified of each new frame.

    `altered(index)` is called, with `changed` held, when a frame that was handed out before turns out to be damaged;
    `lost(error)` when the process has ended by itself: the next `aim` starts another one. All methods are for one
    thread. Raises InspectorError.
    """

    def __init__(
        self,
        clip: Clip,
        changed: Condition,
        altered: Callable[[int], None],
        lost: Callable[[InspectorError], None],
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self.clip = clip
        self._changed, self._altered, self._lost = changed, altered, lost
        self._link = PLAYERS.link(Service.VIEWER, clip, cache_bytes)
        self._player: Player | None = None
        self._kept: OrderedDict[int, Item] = OrderedDict()
        self._wanted: set[int] = set()
        self._aim = 0
        self._error: InspectorError | None = None
        self.pts: PtsArray
        self.is_key: Flags
        self._connect()
        self.pts, self.is_key = self._link.index

    def __len__(self) -> int:
        return len(self.pts)

    def _connect(self) -> Player:
        player = self._link.player()
        if player is not self._player:
            with self._changed:
                self._player = player
                self._wanted.clear()
            player.heard, player.ended = self._on_altered, self._lost
        return player

    def close(self) -> None:
        """Close the clip."""
        player, self._player = self._player, None
        if player is not None and player.heard == self._on_altered:  # else another one has the same file open by now
            player.heard, player.ended = lambda index: None, lambda error: None
        self._link.close()

    def aim(self, index: int, direction: int = 0) -> None:
        """Decode this frame first, then those that follow in the direction of play (0: paused)."""
        player = self._connect()
        with self._changed:
            self._aim, self._error = index, None
            self._wanted &= {index}
        player.tell(Aim(0, index, direction, self._link.cache_bytes))

    def limit_to(self, cache_bytes: int) -> None:
        """Limit the memory of decoded pictures from the next `aim` on."""
        self._link.cache_bytes = cache_bytes

    def get(self, index: int) -> Item | None:
        """The frame at an index, or None while it is not here; it comes as soon as it is decoded."""
        with self._changed:
            item = self._kept.get(index)
            if item is None and 0 <= index < len(self):
                self._want(index)
            return item

    def fetch(self, index: int, is_overtaken: Callable[[], bool]) -> Item | None:
        """Wait for the frame that was passed to `aim`; None if a newer request overtakes it or the process ends.

        Raises InspectorError if the file can no longer be read.
        """
        player = self._player
        with self._changed:
            while (item := self._kept.get(index)) is None and not is_overtaken():
                if self._error is not None:
                    raise self._error
                if player is None or not player.is_alive:
                    return None
                self._want(index)
                self._changed.wait(0.1)
            return item

    def _want(self, index: int) -> None:
        """Ask for a frame, unless enough are asked for already. `changed` is held."""
        player = self._player
        if player is not None and player.is_alive and index not in self._wanted and len(self._wanted) < _AT_ONCE:
            self._wanted.add(index)
            answer = player.ask(Want(0, index), int(self.pts[index]))
            answer.add_done_callback(partial(self._arrived, player, index))

    def _arrived(self, player: Player, index: int, answer: Future[Item | None]) -> None:
        """Called on the thread of the process's answers."""
        error = answer.exception()
        with self._changed:
            if player is not self._player:
                return
            self._wanted.discard(index)
            if isinstance(error, InspectorError):
                if index == self._aim and player.is_alive:
                    self._error = error
            elif (item := answer.result()) is not None:
                self._kept[index] = item
                self._kept.move_to_end(index)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._changed.notify_all()

    def _on_altered(self, index: int) -> None:
        with self._changed:
            self._kept.pop(index, None)
            self._altered(index)
            self._changed.notify_all()
