"""The window's side of one process that decodes for it. What the process answers is checked before it is used."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition, Lock, Thread
from typing import Any

import msgspec

from inspector.domain.arrays import Flags, Image, PtsArray
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import ClipError, EngineError, FaultError, InspectorError
from inspector.engine import faults
from inspector.engine.activity import Stage
from inspector.engine.process.confine.access import Access
from inspector.engine.process.endings import player_ended_text
from inspector.engine.process.player import checks, messages
from inspector.engine.process.player.child import Child
from inspector.engine.process.player.memory import SLOTS
from inspector.engine.process.protocol import Message, pack, read_body
from inspector.engine.process.stall import StallPolicy

_HURRIED_SECONDS = 3.0
_SAMPLE_BYTES = 4  # two channels of int16
_MOST_MESSAGE = 2000  # characters of a sentence


@dataclass(slots=True)
class _Waiting:
    request: Any
    future: Future[Any]
    slot: int | None
    pts: int | None


class Player:
    """One process for one file. Any thread may ask; answers come in futures, on a thread of this object's own.

    `heard(index)` is called there when a frame of the viewer has changed, `ended(error)` when the process has ended by
    itself, `told(stage, percent)` when it says how far it is; set them before they can be needed.
    """

    def __init__(self, child: Child, path: Path, access: Access, policy: StallPolicy) -> None:
        self.path, self.access = path, access
        self.confinement = ""
        self.heard: Callable[[int], None] = lambda index: None
        self.ended: Callable[[InspectorError], None] = lambda error: None
        self.told: Callable[[Stage, int], None] = lambda stage, percent: None
        self.opened: dict[messages.Service, object] = {}  # which link has a service, see `Link`
        self._child = child
        self._policy = policy
        self._jobs = itertools.count(1)
        self._writing = Lock()
        self._changed = Condition()  # guards the rest
        self._waiting: dict[int, _Waiting] = {}
        self._free = list(range(SLOTS))
        self._error: InspectorError | None = None  # why the process does not serve any more
        self._problem = ""  # what is wrong with it, if that is known
        self._is_closed = False
        self._heard_at = self._answered_at = time.monotonic()
        self._has_answered = False
        child.begin(access)
        self._reader = Thread(target=self._read, name="player answers", daemon=True)
        self._reader.start()

    @property
    def is_alive(self) -> bool:
        """Whether it still serves."""
        return self._error is None

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for an answer."""
        with self._changed:
            return not self._waiting

    def tell(self, request: Message) -> None:
        """Send a request without an answer."""
        with suppress(OSError, ValueError), self._writing:  # the end of the answers reports how the process ended
            self._child.requests.write(pack(request))
            self._child.requests.flush()

    def ask(self, request: Message, pts: int | None = None) -> Future[Any]:
        """Send a request; the future gets the checked result, or an InspectorError.

        For a picture it waits for a free slot; `pts` is that of the frame.
        """
        future: Future[Any] = Future()
        job = next(self._jobs)
        request = msgspec.structs.replace(request, job=job)
        with self._changed:
            slot = None
            if hasattr(request, "slot"):
                self._changed.wait_for(lambda: bool(self._free) or not self.is_alive)
                slot = self._free.pop(0) if self.is_alive else 0
                request = msgspec.structs.replace(request, slot=slot)
            if self._error is None:
                if not self._waiting:
                    self._heard_at = self._answered_at = time.monotonic()
                self._waiting[job] = _Waiting(request, future, slot, pts)
            error = self._error
        if error is not None:
            future.set_exception(error)
        else:
            self.tell(request)
        return future

    def watch(self, *, is_hurried: bool) -> None:
        """End the process if somebody waits for an answer and it has done nothing for too long.

        `is_hurried`: no answer has come for seconds, whatever it does.
        """
        with self._changed:
            if not self._waiting:
                return
            limit = _HURRIED_SECONDS if is_hurried else self._policy.limit(is_loaded=self._has_answered)
            is_late = time.monotonic() - (self._answered_at if is_hurried else self._heard_at) > limit
        if is_late:
            self._reject(f"gave no answer for {limit:.0f} s" if is_hurried else f"sent no message for {limit:.0f} s")

    def close(self) -> None:
        """End the process; `join` waits until it has ended."""
        self._is_closed = True
        self._child.kill()

    def join(self) -> None:
        """Wait until the process has ended and its files are removed; from any other thread than its answers'."""
        self._reader.join()

    def _reject(self, problem: str) -> None:
        self._problem = self._problem or problem
        self._child.kill()

    # --- the thread --------------------------------------------------------------------------------------------------

    @faults.Boundary("reading the answers of the player's process")
    def _read(self) -> None:
        try:
            while (body := read_body(self._child.answers, messages.MAX_ANSWER_BYTES)) is not None:
                self._take(messages.unpack_answer(body))
        except (ValueError, OSError, msgspec.MsgspecError) as error:
            self._reject(f"sent an invalid message ({str(error)[:200]})")
        finally:
            self._end()

    def _take(self, answer: Message) -> None:
        self._heard_at, self._has_answered = time.monotonic(), True
        match answer:
            case messages.Confined():
                # Said before the file is read; what a file that has taken over the process says later is not heard.
                self.confinement = self.confinement or answer.confinement[:_MOST_MESSAGE]
                return
            case messages.Altered():
                self.heard(answer.index)
                return
            case messages.Progress():
                if answer.stage is not None:
                    self.told(answer.stage, checks.checked_percent(answer.percent))
                return
        self._answered_at = self._heard_at
        with self._changed:
            waiting = self._waiting.pop(answer.job, None)
        if waiting is None:
            raise ValueError("an answer to nothing")
        try:
            result = self._result(waiting, answer)
        except ValueError:
            waiting.future.set_exception(EngineError(f"{self.path.name} could not be decoded."))
            raise
        finally:
            with self._changed:
                if waiting.slot is not None:
                    self._free.append(waiting.slot)
                self._changed.notify_all()
        if isinstance(result, InspectorError):
            waiting.future.set_exception(result)
        else:
            waiting.future.set_result(result)

    def _result(self, waiting: _Waiting, answer: Any) -> object:
        """The checked result of an answer. Raises ValueError for one that cannot be meant."""
        request = waiting.request
        if isinstance(answer, messages.Refused):
            message = answer.message[:_MOST_MESSAGE]
            return FaultError(message) if answer.is_fault else ClipError(message)
        if not isinstance(answer, messages.ANSWERS[type(request)]):
            raise ValueError("an answer to another kind of request")
        match answer:
            case messages.ClipRead():
                checks.check_clip(answer.clip, request.path)
                return answer.clip
            case messages.Opened():
                return checks.checked_index(answer)
            case messages.PictureReady():
                return self._picture(waiting, answer)
            case messages.NoPicture():
                checks.check_gap(answer.gap)
                return answer.gap
            case messages.SoundRead():
                return checks.checked_pieces(answer.pieces, _SAMPLE_BYTES), answer.is_over
        return None  # dropped

    def _picture(self, waiting: _Waiting, answer: messages.PictureReady) -> Frame | Image:
        assert waiting.slot is not None, "pictures have slots"
        if isinstance(waiting.request, messages.GetThumbnail):
            if answer.height != waiting.request.height:
                raise ValueError("a thumbnail of another height")
            return self._child.memory.take(waiting.slot, answer.height, answer.width)
        if answer.frame is None or waiting.pts is None:
            raise ValueError("a picture without its frame")
        checks.check_frame(answer.frame, waiting.pts)
        return replace(answer.frame, image=self._child.memory.take(waiting.slot, answer.height, answer.width))

    def _end(self) -> None:
        self._child.kill()
        end = self._child.finish()
        name = self.path.name
        if self._is_closed:
            error: InspectorError = ClipError(f"{name} was closed.")
        elif self._problem:
            error = EngineError(
                f"The player's process {self._problem} while {name} was open, and was ended; it starts again when a "
                "frame is asked for."
            )
        else:
            error = EngineError(player_ended_text(name, end.code, end.output, by_signal=end.by_signal))
        if not self._is_closed:
            with faults.Boundary("reporting the end of the player's process"):
                self.ended(error)
        with self._changed:
            self._error = error
            waiting, self._waiting = list(self._waiting.values()), {}
            self._changed.notify_all()
        for each in waiting:
            each.future.set_exception(error)


Index = tuple[PtsArray, Flags]


class Link:
    """One service for one clip, in whatever process serves its file: after a crash in a new one."""

    def __init__(
        self, find: Callable[[Path], Player], service: messages.Service, clip: Clip, cache_bytes: int = 0
    ) -> None:
        self.clip, self.service, self.cache_bytes = clip, service, cache_bytes
        self._find = find
        self._player: Player | None = None
        self._index: Index | None = None

    def player(self) -> Player:
        """The process, in which the service has the clip open. Raises InspectorError."""
        player = self._player
        if player is None or not player.is_alive or player.opened.get(self.service) is not self:
            player = self._find(Path(self.clip.path))
            index: Index = player.ask(messages.Open(0, self.service, self.clip, self.cache_bytes)).result()
            player.opened[self.service] = self
            self._player = player
            if self._index is not None and not (
                self._index[0].shape == index[0].shape and (self._index[0] == index[0]).all()
            ):
                raise ClipError(f"{Path(self.clip.path).name} was altered since it was opened; open it again.")
            self._index = index
        return player

    @property
    def index(self) -> Index:
        """The pts of the clip's frames, and which are key frames. Raises InspectorError."""
        if self._index is None:
            self.player()
        assert self._index is not None, "the player has sent it"
        return self._index

    def ask(self, request: Message, pts: int | None = None) -> Any:
        """The result of a request. Raises InspectorError."""
        return self.player().ask(request, pts).result()

    def frame(self, index: int) -> Frame | Gap:
        """A frame by its display index, for the service of pictures. Raises InspectorError."""
        frame: Frame | Gap = self.ask(messages.GetFrame(0, index), int(self.index[0][index]))
        return frame

    def close(self) -> None:
        """Close the clip in the process."""
        player, self._player = self._player, None
        if player is not None and player.opened.get(self.service) is self:
            del player.opened[self.service]
            player.tell(messages.Close(0, self.service))
