"""What the process does for each part of the window, on a thread for each, with decoders of its own."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread

import numpy as np

from inspector.domain.arrays import Flags, Image, PtsArray
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import ClipError, FaultError, InspectorError
from inspector.engine import faults
from inspector.engine.decode.decoder import Decoder, read_clip
from inspector.engine.player.frame_source import FrameSource
from inspector.engine.player.sound import RATE, Samples, read_sound
from inspector.engine.player.thumbnail import thumbnail
from inspector.engine.process.player import messages
from inspector.engine.process.player.memory import PictureMemory
from inspector.engine.process.protocol import Message

Send = Callable[[Message], None]

_NO_IMAGE = np.zeros((0, 0, 3), np.uint8)
# Seconds of sound in one answer: little for the loudspeaker, which waits for it.
_SOUND_SECONDS = {messages.Service.SOUND: 0.25, messages.Service.WAVEFORM: 4.0}


class Worker(Thread):
    """Answers one request after another, in their order."""

    doing = "serving the window"

    def __init__(self, send: Send, memory: PictureMemory) -> None:
        super().__init__(name=type(self).__name__, daemon=True)
        self._send, self._memory = send, memory
        self._requests: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self.clip: Clip | None = None

    def take(self, request: Message | None) -> None:
        """Queue a request; None ends the thread."""
        self._requests.put(request)

    @faults.Boundary("serving the window")
    def run(self) -> None:
        """Serve until the end of the requests."""
        while (request := self._requests.get()) is not None:
            with faults.Boundary(self.name_of_work(), partial(self.refuse, request)):
                self.serve(request)
        self.close()

    def name_of_work(self) -> str:
        """What the thread does, for the sentence about an error."""
        return self.doing if self.clip is None else f"{self.doing} of {Path(self.clip.path).name}"

    def serve(self, request: Message) -> None:
        """Do what a request says. Raises InspectorError; any other exception is an error of the program."""
        match request:
            case messages.Open():
                self.close()
                pts, is_key = self.open(request.clip, request.cache_bytes)
                self.clip = request.clip
                self._send(messages.Opened(request.job, pts.tobytes(), is_key.tobytes()))
            case messages.Close():
                self.close()
            case _ if self.clip is None:
                raise ClipError("No clip is open for this request; open it again.")
            case _:
                self.answer(request)

    def refuse(self, request: Message, error: InspectorError) -> None:
        """Answer a request that failed; after an error of the program the window closes the clip and opens it again."""
        self._send(messages.Refused(request.job, str(error), isinstance(error, FaultError)))

    def show(self, request: messages.GetFrame | messages.Want, item: Frame | Gap) -> None:
        """Answer with a frame, whose picture goes into the request's slot, or with the gap in its place."""
        if isinstance(item, Gap):
            self._send(messages.NoPicture(request.job, item))
        else:
            self._memory.put(request.slot, item.image)
            self._send(described(request.job, item))

    def open(self, clip: Clip, cache_bytes: int) -> tuple[PtsArray, Flags]:
        """Open a clip; returns the pts of its frames and which are key frames. Raises ClipError."""
        raise NotImplementedError

    def answer(self, request: Message) -> None:
        """Answer a request about the open clip."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the clip, if one is open."""
        self.clip = None


def described(job: int, frame: Frame) -> messages.PictureReady:
    """The answer about a frame whose picture is in its slot."""
    height, width = frame.image.shape[:2]
    return messages.PictureReady(job, width, height, replace(frame, image=_NO_IMAGE))


class Properties(Worker):
    """Reads the properties of files."""

    doing = "opening a file"

    def serve(self, request: Message) -> None:
        """Read the properties of one."""
        assert isinstance(request, messages.ReadClip)
        self._send(messages.ClipRead(request.job, read_clip(Path(request.path), stream=request.stream)))


class Pictures(Worker):
    """Gives single frames to filters, close-ups and comparisons."""

    doing = "decoding a frame"

    def __init__(self, send: Send, memory: PictureMemory) -> None:
        super().__init__(send, memory)
        self._source: FrameSource | None = None

    def open(self, clip: Clip, cache_bytes: int) -> tuple[PtsArray, Flags]:
        """Open a clip."""
        self._source = FrameSource(clip, cache_bytes)
        return self._source.pts, self._source.is_key

    def answer(self, request: Message) -> None:
        """Answer with a frame."""
        assert isinstance(request, messages.GetFrame)
        assert self._source is not None, "a clip is open"
        self.show(request, self._source.frame(request.index))

    def close(self) -> None:
        """Close the clip."""
        source, self._source, self.clip = self._source, None, None
        if source is not None:
            source.close()


class Thumbnails(Worker):
    """Makes thumbnails."""

    doing = "making a thumbnail"

    def __init__(self, send: Send, memory: PictureMemory) -> None:
        super().__init__(send, memory)
        self._decoder: Decoder | None = None

    def open(self, clip: Clip, cache_bytes: int) -> tuple[PtsArray, Flags]:
        """Open a clip."""
        self._decoder = Decoder(clip)
        return self._decoder.index.pts, self._decoder.index.is_key

    def answer(self, request: Message) -> None:
        """Answer with a thumbnail."""
        assert isinstance(request, messages.GetThumbnail)
        assert self._decoder is not None, "a clip is open"
        made: Image = thumbnail(self._decoder.frame_at(request.pts).image, request.height, request.box)
        self._memory.put(request.slot, made)
        self._send(messages.PictureReady(request.job, made.shape[1], made.shape[0]))

    def close(self) -> None:
        """Close the clip."""
        decoder, self._decoder, self.clip = self._decoder, None, None
        if decoder is not None:
            decoder.close()


class Sound(Worker):
    """Reads sound, for the loudspeaker or for the waveform."""

    doing = "reading the sound"

    def __init__(self, send: Send, memory: PictureMemory) -> None:
        super().__init__(send, memory)
        self._pieces: Iterator[tuple[float, Samples]] = iter(())

    def open(self, clip: Clip, cache_bytes: int) -> tuple[PtsArray, Flags]:
        """Open a clip, whose frames do not matter here."""
        return np.zeros(0, np.int64), np.zeros(0, np.bool_)

    def answer(self, request: Message) -> None:
        """Answer with the next pieces."""
        assert isinstance(request, messages.GetSound)
        if request.seconds is not None:
            assert self.clip is not None, "a clip is open"
            self._pieces = read_sound(self.clip, request.seconds)
        pieces: list[tuple[float, bytes]] = []
        left = _SOUND_SECONDS[request.service] * RATE
        try:
            while left > 0 and (piece := next(self._pieces, None)) is not None:
                pieces.append((piece[0], piece[1].tobytes()))
                left -= len(piece[1])
        except (OSError, ValueError) as error:  # FFmpeg's errors are of these two
            raise ClipError(f"The sound cannot be read ({error}).") from None
        self._send(messages.SoundRead(request.job, tuple(pieces), left > 0))

    def close(self) -> None:
        """Close the clip."""
        self._pieces, self.clip = iter(()), None
