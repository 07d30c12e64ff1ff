"""Reads the window's requests from one stream and writes the answers to another, until the requests end."""

from __future__ import annotations

from threading import Event, Lock, Thread
from typing import BinaryIO

from inspector.engine import activity, faults
from inspector.engine.process.player import messages
from inspector.engine.process.player.memory import PictureMemory
from inspector.engine.process.player.messages import Service
from inspector.engine.process.player.services import Pictures, Properties, Sound, Thumbnails, Worker
from inspector.engine.process.player.view import View
from inspector.engine.process.protocol import Message, pack, read_body

_WORKERS: dict[Service, type[Worker]] = {
    Service.PROPERTIES: Properties,
    Service.VIEWER: View,
    Service.PICTURES: Pictures,
    Service.THUMBNAILS: Thumbnails,
    Service.SOUND: Sound,
    Service.WAVEFORM: Sound,
}
_SERVICES: dict[type[Message], Service] = {
    messages.ReadClip: Service.PROPERTIES,
    messages.Aim: Service.VIEWER,
    messages.Want: Service.VIEWER,
    messages.GetFrame: Service.PICTURES,
    messages.GetThumbnail: Service.THUMBNAILS,
}


class Server:
    """Hands each request to the thread of its service, which starts with the first one.

    `still_seconds` as for `inspector.engine.process.server.Server`.
    """

    def __init__(
        self,
        requests: BinaryIO,
        answers: BinaryIO,
        memory: PictureMemory,
        confinement: str = "",
        still_seconds: float = 0.0,
    ) -> None:
        self._requests, self._answers, self._memory = requests, answers, memory
        self._confinement = confinement
        self._writing = Lock()
        self._workers: dict[Service, Worker] = {}
        self._still_seconds, self._is_over = still_seconds, Event()

    def run(self) -> None:
        """Serve until the requests end. Raises ValueError or msgspec.MsgspecError for one that is none."""
        self._send(messages.Confined(0, self._confinement))
        try:
            self._serve()
        finally:
            Thread(target=self._end_once_still, name="end", daemon=True).start()
            for worker in self._workers.values():
                worker.take(None)
            for worker in self._workers.values():
                worker.join()
            self._is_over.set()

    @faults.Boundary("watching the player's process")
    def _end_once_still(self) -> None:
        """End the process although a service hangs: the window, which would do it, may have been killed."""
        activity.end_once_still(self._is_over, self._still_seconds)

    def _serve(self) -> None:
        with activity.Reporter(lambda stage, percent: self._send(messages.Progress(0, stage, int(percent)))):
            while (body := read_body(self._requests)) is not None:
                request = messages.unpack_request(body)
                self._worker(getattr(request, "service", None) or _SERVICES[type(request)]).take(request)

    def _worker(self, service: Service) -> Worker:
        if service not in self._workers:
            self._workers[service] = _WORKERS[service](self._send, self._memory)
            self._workers[service].start()
        return self._workers[service]

    def _send(self, answer: Message) -> None:
        try:
            with self._writing:
                self._answers.write(pack(answer))
                self._answers.flush()
        except (BrokenPipeError, ValueError):
            pass  # nobody reads the answers any more, so the requests end too
