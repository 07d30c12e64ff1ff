"""The messages between the window and the process that decodes for it, in the framing of the engine's protocol.

Pictures do not travel in them: the process puts them into the slot of the shared memory that the request names.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.geometry import Box
from inspector.engine.activity import Stage
from inspector.engine.codec import from_msgpack
from inspector.engine.process.launch import own_command
from inspector.engine.process.protocol import Message

MAX_ANSWER_BYTES = 64 << 20  # the index of a clip of many hours has some megabytes


class Service(StrEnum):
    """What the process does for one part of the window; each has a thread, a queue and a clip of its own."""

    PROPERTIES = "properties"  # of a file that is opened
    VIEWER = "viewer"
    PICTURES = "pictures"
    THUMBNAILS = "thumbnails"
    SOUND = "sound"
    WAVEFORM = "waveform"


class ReadClip(Message, frozen=True, tag=True):
    """Read the properties of a file's stream of pictures, None for the main one. No SHA-256 is taken."""

    path: str
    stream: int | None = None


class Open(Message, frozen=True, tag=True):
    """Let a service work on a clip from now on."""

    service: Service
    clip: Clip
    cache_bytes: int = 0  # of decoded pictures


class Close(Message, frozen=True, tag=True):
    """Let a service close its clip; there is no answer."""

    service: Service


class Aim(Message, frozen=True, tag=True):
    """Decode this frame first for the viewer, then those that follow in the direction of play; there is no answer.

    Pictures of other frames that were wanted and are not decoded yet are answered with `Dropped`.
    """

    index: int
    direction: int
    cache_bytes: int


class Want(Message, frozen=True, tag=True):
    """Answer with a frame of the viewer once it is decoded."""

    index: int
    slot: int = 0


class GetFrame(Message, frozen=True, tag=True):
    """Decode a frame by its display index."""

    index: int
    slot: int = 0


class GetThumbnail(Message, frozen=True, tag=True):
    """Decode the frame at a pts, or the face within a box of it, and make it `height` pixels high."""

    pts: int
    height: int
    box: Box | None = None
    slot: int = 0


class GetSound(Message, frozen=True, tag=True):
    """Read the sound from a time of the clip on; None: go on."""

    service: Service
    seconds: float | None = None


class Confined(Message, frozen=True, tag=True):
    """Sent once, with job 0: by which means the process is confined."""

    confinement: str


class ClipRead(Message, frozen=True, tag=True):
    """The properties of a file."""

    clip: Clip


class Opened(Message, frozen=True, tag=True):
    """A service has opened its clip, whose frames have these pts (int64) and are key frames or not (bool)."""

    pts: bytes = b""
    is_key: bytes = b""


class PictureReady(Message, frozen=True, tag=True):
    """A picture of this size is in its slot. `frame` describes it, with an empty image; None for a thumbnail."""

    width: int
    height: int
    frame: Frame | None = None


class NoPicture(Message, frozen=True, tag=True):
    """There is a gap in place of the frame."""

    gap: Gap


class Dropped(Message, frozen=True, tag=True):
    """The viewer has aimed elsewhere before the frame was decoded."""


class SoundRead(Message, frozen=True, tag=True):
    """Pieces of sound: seconds of the clip, and int16 samples of `sound.CHANNELS` interleaved channels."""

    pieces: tuple[tuple[float, bytes], ...]
    is_over: bool


class Altered(Message, frozen=True, tag=True):
    """With job 0: a frame that was sent to the viewer before turned out to be damaged, and looks different."""

    index: int


class Progress(Message, frozen=True, tag=True):
    """With job 0: something was done since the last one of these; `percent` is how much of the stage is done."""

    stage: Stage | None = None
    percent: int = 0


class Refused(Message, frozen=True, tag=True):
    """The request failed; `message` is one sentence. `is_fault`: the program made an error."""

    message: str
    is_fault: bool = False


Request = ReadClip | Open | Close | Aim | Want | GetFrame | GetThumbnail | GetSound
Answer = (
    Confined | ClipRead | Opened | PictureReady | NoPicture | Dropped | SoundRead | Altered | Progress | Refused
)  # fmt: skip
ANSWERS: dict[type[Message], tuple[type[Message], ...]] = {
    ReadClip: (ClipRead,),
    Open: (Opened,),
    Want: (PictureReady, NoPicture, Dropped),
    GetFrame: (PictureReady, NoPicture),
    GetThumbnail: (PictureReady,),
    GetSound: (SoundRead,),
}


def player_command(memory: str) -> list[str]:
    """The command that starts the process; `memory` is the handle of the shared memory."""
    return own_command("--player", memory)


def unpack_request(body: bytes) -> Any:
    """Decode a message body sent to the process. Raises msgspec.MsgspecError."""
    return from_msgpack(body, Request)


def unpack_answer(body: bytes) -> Any:
    """Decode a message body sent by the process. Raises msgspec.MsgspecError or ValueError."""
    return from_msgpack(body, Answer)
