"""The messages between the engine process and its parent, as length-prefixed msgpack over stdin and stdout.

Each message is a 4-byte big-endian length and that many bytes. Nothing else is ever written to the engine's stdout.
"""

from __future__ import annotations

import struct
from typing import IO

import msgspec

from inspector.domain.analysis import Analysis, FrameRecord
from inspector.domain.clip import Gap
from inspector.domain.file_facts import FileFacts
from inspector.domain.scores import CamMap, FaceScore
from inspector.domain.settings import Settings
from inspector.domain.sound.facts import SoundFacts
from inspector.engine.activity import Stage
from inspector.engine.codec import from_msgpack, to_msgpack
from inspector.engine.report.parts import ReportPart

MAX_MESSAGE_BYTES = 256 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class Message(msgspec.Struct, frozen=True, tag=True):
    """The root of all messages; `job` ties an answer to its request."""

    job: int


class Analyze(Message, frozen=True, tag=True):
    """Analyse a clip into a case file; an interrupted analysis with the same settings is resumed."""

    clip_path: str
    case_path: str
    settings: Settings
    sha256: str = ""  # of the clip when it was opened; a file changed since then is refused; "" accepts any
    prepares_report: bool = False  # whether the engine computes what a report needs while no other request waits


class Explain(Message, frozen=True, tag=True):
    """Compute the heat map of one stored score; during its own analysis it is served between batches."""

    case_path: str
    analysis_id: int
    track_id: int
    pts: int
    method: str
    with_deletion_check: bool = False


class WriteReport(Message, frozen=True, tag=True):
    """Write the report of a finished analysis into a folder."""

    case_path: str
    analysis_id: int
    folder: str
    public_key: str = ""  # PEM of the key that the parent process will sign the manifest with
    left_out: tuple[ReportPart, ...] = ()  # at the examiner's wish
    player_confinement: str = ""  # by which means the process that showed the clip was confined; "" without one
    has_pdf: bool = True  # without it neither the PDF nor the figures are made, which take most of the time


class DescribeFile(Message, frozen=True, tag=True):
    """Read what a file says about itself; during an analysis it is served between batches."""

    path: str


class ExamineSound(Message, frozen=True, tag=True):
    """Measure the sound of a clip; any other request comes first, and interrupts it."""

    path: str
    stream: int | None = None  # of pictures, whose first one is the start of the times


class Prepare(Message, frozen=True, tag=True):
    """Load the networks of these settings, because an analysis is likely; it has no answer."""

    settings: Settings


class Cancel(Message, frozen=True, tag=True):
    """Stop this job; the finished batches of an analysis stay in the case file."""


class Ready(Message, frozen=True, tag=True):
    """The engine has started; `job` is 0. `confinement` says by which means it is confined."""

    versions: tuple[tuple[str, str], ...]
    confinement: str = ""


class Working(Message, frozen=True, tag=True):
    """Something was done for the job since the last one of these; `percent` is how much of the stage is done.

    `frames` are those of an analysis that are worked through beyond the last batch, in part.
    """

    stage: Stage | None = None
    percent: float = 0.0
    frames: float = 0.0


class Started(Message, frozen=True, tag=True):
    """An analysis has started, with the expected number of frames (None if unknown) and those already done.

    `analysis_id` is its id in the case file.
    """

    analysis_id: int
    frames_total: int | None
    frames_done: int
    device: str
    model: str | None


class BatchDone(Message, frozen=True, tag=True):
    """A batch is in the case file."""

    frames: tuple[FrameRecord, ...]
    scores: tuple[FaceScore, ...]
    gaps: tuple[Gap, ...]
    frames_done: int


class AnalysisDone(Message, frozen=True, tag=True):
    """The analysis ended; `analysis.is_complete` is False after Cancel. `analysis_id` is its id in the case file."""

    analysis_id: int
    analysis: Analysis


class Explained(Message, frozen=True, tag=True):
    """The requested heat map."""

    cam: CamMap


class ReportDone(Message, frozen=True, tag=True):
    """The report is written, into the folder that was asked for: what opens or signs it takes no path from here."""

    files: tuple[str, ...]


class FileDescribed(Message, frozen=True, tag=True):
    """The facts of a file."""

    facts: FileFacts


class SoundExamined(Message, frozen=True, tag=True):
    """What was measured on the sound of a clip."""

    facts: SoundFacts


class JobWarning(Message, frozen=True, tag=True):
    """Something that the user should know about a job that continues; `message` is one sentence."""

    message: str


class Failed(Message, frozen=True, tag=True):
    """The job failed; `message` is one sentence for the user. `is_cancelled`: it was stopped before it began.

    `is_disk_full`: there was no room left to write, so that other jobs would fail as well.
    """

    message: str
    is_cancelled: bool = False
    is_disk_full: bool = False


Request = Analyze | Explain | WriteReport | DescribeFile | ExamineSound | Prepare | Cancel
Answer = (
    Ready
    | Working
    | Started
    | BatchDone
    | AnalysisDone
    | Explained
    | ReportDone
    | FileDescribed
    | SoundExamined
    | JobWarning
    | Failed
)
# No other answer follows for their job.
LAST_ANSWERS = (AnalysisDone, Explained, ReportDone, FileDescribed, SoundExamined, Failed)
# They can come before the process has loaded the networks' libraries.
EARLY_ANSWERS = (Ready, Working, FileDescribed, SoundExamined, Failed)


def pack(message: Message) -> bytes:
    """One message as it goes over the pipe."""
    body = to_msgpack(message)
    return _LENGTH.pack(len(body)) + body


def unpack_request(body: bytes) -> Request:
    """Decode a message body sent to the engine. Raises msgspec.DecodeError."""
    request: Request = from_msgpack(body, Request)
    return request


def unpack_answer(body: bytes) -> Answer:
    """Decode a message body sent by the engine. Raises msgspec.DecodeError."""
    answer: Answer = from_msgpack(body, Answer)
    return answer


def take_body(buffer: bytearray) -> bytes | None:
    """Remove the first whole message body from `buffer`, or return None if more bytes are needed. Raises ValueError."""
    if len(buffer) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack_from(buffer)
    if length > MAX_MESSAGE_BYTES:
        raise ValueError(f"a message of {length} bytes is too long for this protocol")
    if len(buffer) < _LENGTH.size + length:
        return None
    body = bytes(buffer[_LENGTH.size : _LENGTH.size + length])
    del buffer[: _LENGTH.size + length]
    return body


def read_body(stream: IO[bytes], most: int = MAX_MESSAGE_BYTES) -> bytes | None:
    """Read one message body of at most `most` bytes from a blocking stream; None at its end. Raises ValueError."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > most:
        raise ValueError(f"a message of {length} bytes is too long for this protocol")
    body = stream.read(length)
    return body if len(body) == length else None
