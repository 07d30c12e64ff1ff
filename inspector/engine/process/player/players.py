"""The processes that decode for the window: one for each file that is open, and one that waits for the next file.

Another file needs another process, because a confined one cannot be given access to more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Condition, Thread, current_thread

from inspector.domain.clip import Clip
from inspector.domain.errors import EngineError
from inspector.engine import faults
from inspector.engine.activity import Stage
from inspector.engine.process.confine.access import Access
from inspector.engine.process.player import messages
from inspector.engine.process.player.child import Child, ChildProcess
from inspector.engine.process.player.client import Link, Player
from inspector.engine.process.stall import StallPolicy

_MOST = 2  # the clip that is open, and the one that is being opened; one that is compared is kept beside them
_WATCH_SECONDS = 1.0


class Players:
    """Any thread may use it. Everything that decodes one file shares one process."""

    def __init__(self) -> None:
        self.start_child: Callable[[], Child] = ChildProcess
        self.policy = StallPolicy()
        self.told: Callable[[Path, Stage, int], None] = lambda path, stage, percent: None  # on a thread of its own
        self._changed = Condition()
        self._running: OrderedDict[Access, Player] = OrderedDict()  # the one that was asked for last is at the end
        self._spare: Child | None = None
        self._wants_spare = self._is_hurried = False
        self._watcher: Thread | None = None

    def of(self, path: Path) -> Player:
        """The process for a file. Raises EngineError if none can be started."""
        access = Access.to([path])
        with self._changed:
            player = self._running.get(access)
            if player is None or not player.is_alive:
                spare, self._spare = self._spare, None
                player = Player(spare or self.start_child(), path, access, self.policy)
                player.told = lambda stage, percent: self.told(path, stage, percent)
                self._running[access] = player
            self._running.move_to_end(access)
            self._leave_few()
            self._start_watcher()
        return player

    @property
    def confinement(self) -> str:
        """How the processes are confined, as they say, the same once; "" if none has said so."""
        with self._changed:
            said = dict.fromkeys(player.confinement for player in self._running.values() if player.confinement)
        return " ".join(said)

    def confinement_of(self, path: Path) -> str:
        """By which means the process that shows a file is confined, as it says; "" if there is none."""
        with self._changed:
            # By its name: asking the disk of a share that is gone would take minutes.
            of_file = [each for each in self._running.values() if each.path == path]
        player = of_file[-1] if of_file else None
        return "" if player is None else player.confinement

    def link(self, service: messages.Service, clip: Clip, cache_bytes: int = 0) -> Link:
        """A service for a clip; its process is found or started when it is first needed."""
        return Link(self.of, service, clip, cache_bytes)

    def read_clip(self, path: Path, stream: int | None = None) -> Clip:
        """The properties of a file, without its SHA-256. Raises ClipError, and EngineError if the process ends."""
        player = self.of(path)
        try:
            clip: Clip = player.ask(messages.ReadClip(0, str(path), stream)).result()
        except BaseException:
            if not player.opened:
                self._close(player)  # so that a file that cannot be opened does not displace the one that is open
            raise
        return clip

    def end_unused(self, path: Path) -> None:
        """End the process of a file if no service has it open and nobody waits for it."""
        with self._changed:
            players = [each for each in self._running.values() if each.path == path]
        for player in players:
            if not player.opened and player.is_idle:
                self._close(player)

    def prepare(self) -> None:
        """Start a process that waits for the next file, in the background."""
        with self._changed:
            self._wants_spare = True
            self._start_watcher()
            self._changed.notify_all()

    def hurry(self) -> None:
        """Before the window closes: wait for a process that does not answer for seconds only."""
        self._is_hurried = True

    def close(self) -> None:
        """End all processes. The next request starts one again."""
        with self._changed:
            players = list(self._running.values())
            self._running.clear()
            spare, self._spare = self._spare, None
            watcher, self._watcher = self._watcher, None
            self._wants_spare = self._is_hurried = False
            self._changed.notify_all()
        for player in players:
            player.close()
        for player in players:
            player.join()
        if spare is not None:
            _end(spare)
        if watcher is not None:
            watcher.join()

    def _leave_few(self) -> None:
        """Close those that were asked for longest ago and serve nothing any more; what is asked for is waited for."""
        for access, player in tuple(self._running.items())[:-_MOST]:
            if player.is_idle and not player.opened:
                player.close()
                del self._running[access]

    def _close(self, player: Player) -> None:
        with self._changed:
            if self._running.get(player.access) is player:
                del self._running[player.access]
        player.close()

    def _start_watcher(self) -> None:
        if self._watcher is None:
            self._watcher = Thread(target=self._watch, name="player watch", daemon=True)
            self._watcher.start()

    @faults.Boundary("watching the player's process")
    def _watch(self) -> None:
        """End processes that hang, and start the one that waits, until `close` is called."""
        watcher = current_thread()  # `close` may have come before this thread's first step
        while True:
            with self._changed:
                if self._watcher is not watcher:
                    return
                for player in self._running.values():
                    player.watch(is_hurried=self._is_hurried)
                is_to_start, self._wants_spare = self._wants_spare and self._spare is None, False
            spare = None
            if is_to_start:
                with suppress(EngineError):  # said when a file is opened
                    spare = self.start_child()
            with self._changed:
                if spare is not None and self._watcher is watcher and self._spare is None:
                    self._spare, spare = spare, None
                if self._watcher is watcher and not self._wants_spare:
                    self._changed.wait(_WATCH_SECONDS)
            if spare is not None:
                _end(spare)


def _end(child: Child) -> None:
    child.kill()
    child.finish()
