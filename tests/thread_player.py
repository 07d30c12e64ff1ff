"""The player's server on a thread, over the same messages as in its process, whose start would take a second."""

import os
from threading import Thread
from typing import IO

from inspector.engine.process.player.child import End
from inspector.engine.process.player.memory import PictureMemory
from inspector.engine.process.player.server import Server


class ThreadChild:
    """A Child for `Players.start_child`; `serve(requests, answers, memory)` stands in for the server."""

    def __init__(self, serve=None):
        self._stand_in = serve
        self.memory = PictureMemory()
        (theirs, ours), (self._ours, their_answers) = os.pipe(), os.pipe()
        self.requests: IO[bytes] = os.fdopen(ours, "wb")
        self.answers: IO[bytes] = os.fdopen(self._ours, "rb")
        self._requests, self._answers = os.fdopen(theirs, "rb"), os.fdopen(their_answers, "wb")
        self._thread = Thread(target=self._serve, name="player server", daemon=True)
        self._has_begun = False

    def begin(self, access):
        self._has_begun = True
        self._thread.start()

    def _serve(self):
        try:
            if self._stand_in is not None:
                self._stand_in(self._requests, self._answers, self.memory)
            else:
                Server(self._requests, self._answers, self.memory, "not confined: a thread").run()
        finally:
            self._answers.close()
            self._requests.close()

    def kill(self):
        self.requests.close()

    def finish(self):
        if self._has_begun:
            self._thread.join()
        else:
            self._answers.close()
            self._requests.close()
        self.answers.close()
        self.memory.close()
        return End(0, False, b"")
