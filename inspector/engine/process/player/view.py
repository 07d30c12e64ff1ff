"""The viewer's part of the process: decodes around the frame that is shown, and converts what the window wants."""

from __future__ import annotations

from collections import deque
from functools import partial
from threading import Condition

from inspector.domain.arrays import Flags, PtsArray
from inspector.domain.clip import Clip, Gap
from inspector.domain.errors import InspectorError
from inspector.engine import faults
from inspector.engine.player.cursor import Item
from inspector.engine.player.prefetch_thread import PrefetchThread
from inspector.engine.process.player import messages
from inspector.engine.process.player.memory import PictureMemory
from inspector.engine.process.player.services import Send, Worker, described
from inspector.engine.process.protocol import Message


class View(Worker):
    """Owns the prefetch thread, and answers each `Want` once its frame is decoded."""

    doing = "showing a frame"

    def __init__(self, send: Send, memory: PictureMemory) -> None:
        super().__init__(send, memory)
        self._changed = Condition()  # guards all that follows, and what the prefetch thread shares
        self._waiting: deque[Message | None] = deque()  # to open, close or end
        self._wants: dict[int, messages.Want] = {}  # by job
        self._at_work: int | None = None  # the job whose picture is being made, into a slot that is not free yet
        self._aim = 0
        self._prefetch: PrefetchThread | None = None

    def take(self, request: Message | None) -> None:
        """Take a request; the newest one counts."""
        with self._changed:
            match request:
                case messages.Aim():
                    self._aim_at(request)
                case messages.Want():
                    self._wants[request.job] = request
                case _:
                    self._waiting.append(request)
            self._changed.notify_all()

    def _aim_at(self, request: messages.Aim) -> None:
        self._aim = request.index
        self._drop_wants(request.index)
        if self._prefetch is not None:
            self._prefetch.limit_to(request.cache_bytes)
            self._prefetch.aim(request.index, request.direction)

    def _drop_wants(self, but: int | None = None) -> None:
        for job, want in tuple(self._wants.items()):
            if want.index != but and job != self._at_work:
                del self._wants[job]
                self._send(messages.Dropped(job))

    @faults.Boundary("serving the viewer")
    def run(self) -> None:
        """Serve until the end of the requests."""
        while True:
            with self._changed:
                while (work := self._next()) is None and not self._waiting:
                    self._changed.wait()
                request = work[0] if work is not None else self._waiting.popleft()
            if request is None:
                break
            with faults.Boundary(self.name_of_work(), partial(self.refuse, request)):
                if work is None:
                    self.serve(request)
                else:
                    self._convert(*work)
        self.close()

    def _next(self) -> tuple[messages.Want, Item | InspectorError] | None:
        """The next frame to convert: the one that is shown before its neighbours. `changed` is held."""
        if self._waiting:
            return None
        if self._prefetch is None:
            self._drop_wants()
            return None
        for want in sorted(self._wants.values(), key=lambda want: want.index != self._aim):
            item = self._prefetch.get(want.index)
            if item is None and want.index == self._aim:
                item = self._prefetch.problem  # type: ignore[assignment]
            if item is not None:
                self._at_work = want.job
                return want, item
        return None

    def _convert(self, want: messages.Want, item: Item | InspectorError) -> None:
        prefetch = self._prefetch
        assert prefetch is not None, "this thread closes it"
        if isinstance(item, InspectorError):
            raise item
        frame = item if isinstance(item, Gap) else prefetch.convert(item)
        if not isinstance(frame, Gap):
            self._memory.put(want.slot, frame.image)
        with self._changed:
            self._at_work = None
            newest = prefetch.get(want.index)
            if newest is not None and newest is not item:
                return  # it turned out to be damaged meanwhile: the want is served again
            self._wants.pop(want.job, None)
            # While `changed` is held, so that `Altered` cannot come before the picture that it is about.
            self._send(messages.NoPicture(want.job, frame) if isinstance(frame, Gap) else described(want.job, frame))

    def refuse(self, request: Message, error: InspectorError) -> None:
        """Answer a request that failed."""
        with self._changed:
            self._at_work = None
            self._wants.pop(request.job, None)
        super().refuse(request, error)

    def open(self, clip: Clip, cache_bytes: int) -> tuple[PtsArray, Flags]:
        """Open a clip and decode its first frames."""
        prefetch = PrefetchThread(clip, self._changed, self._on_altered, cache_bytes)
        prefetch.start()
        with self._changed:
            self._prefetch = prefetch
        return prefetch.pts, prefetch.is_key

    def close(self) -> None:
        """Close the clip."""
        with self._changed:
            prefetch, self._prefetch, self.clip = self._prefetch, None, None
            self._drop_wants()
        if prefetch is not None:
            prefetch.close()

    def _on_altered(self, index: int) -> None:
        """Called by the prefetch thread, with `changed` held."""
        self._send(messages.Altered(0, index))
