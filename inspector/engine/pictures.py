"""Decoded pictures of a moving clip in display order, from its start or a key frame, with gaps where it is broken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import av
from av.packet import Packet
from av.video.stream import VideoStream

from inspector.domain.clip import Gap
from inspector.engine.display_order import DisplayOrder, Picture, is_flush
from inspector.engine.frame_index import FrameIndex, make_index
from inspector.engine.media import Media, opened

# So many read errors in a row without a packet between them end the clip: nothing more will come.
_MOST_READ_ERRORS = 8
_SURVEY_PACKETS = 24
_MOST_KEYS_TRIED = 4


class _DamageError(Exception):
    """Raised in a threaded run at the first sign of damage, before anything doubtful is handed out."""


@dataclass(slots=True)
class Tally:
    """What a run from the clip's start has met so far: stored pictures, shown or not, and where the last one ends."""

    packets: int = 0
    end_pts: int | None = None
    read_error: str = ""


def packets(media: Media) -> Iterator[Packet[VideoStream] | str]:
    """The video stream's packets from where the container stands, then an empty one to flush; read errors as text."""
    errors = 0
    while errors < _MOST_READ_ERRORS:
        try:
            for packet in media.container.demux(media.stream):
                errors = 0
                yield packet
            return
        except (av.error.FFmpegError, OSError) as error:
            errors += 1
            yield reason_of(error)
    yield Packet()


def reason_of(error: Exception) -> str:
    """A few plain words for what FFmpeg objects to."""
    if isinstance(error, av.error.ExitError):
        return "reading took too long"
    if isinstance(error, av.error.InvalidDataError):
        return "its data is damaged"
    text = getattr(error, "strerror", None) or str(error)
    return f"the decoder reports: {text}"


@dataclass(frozen=True, slots=True)
class Survey:
    """Whether a clip's packets are regular: each with its own pts, each giving one picture with that pts."""

    is_regular: bool


def survey(path: Path) -> Survey:
    """Decodes the first packets singly to see whether time stamps in the container can be taken at their word."""
    expected: list[int] = []
    shown: list[int | None] = []
    with opened(path, threaded=False) as media, closing(packets(media)) as source:
        for packet in source:
            if isinstance(packet, str):
                continue
            if len(expected) >= _SURVEY_PACKETS or not packet.size:
                break
            if packet.pts is None:
                return Survey(False)
            try:
                frames = media.stream.decode(packet)
            except av.error.FFmpegError:
                continue
            if not packet.is_discard:
                expected.append(packet.pts)
            shown.extend(frame.pts for frame in frames)
        try:
            shown.extend(frame.pts for frame in media.stream.decode(None))
        except av.error.FFmpegError:
            return Survey(False)
    return Survey(shown == sorted(set(expected)) and len(set(expected)) == len(expected))


class Pictures:
    """The clip at `path` as runs of pictures and gaps; see `run`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._survey: Survey | None = None
        self._index: FrameIndex | None = None

    @property
    def is_regular(self) -> bool:
        """Whether the container's time stamps can be taken at their word (looked at on first use)."""
        if self._survey is None:
            self._survey = survey(self._path)
        return self._survey.is_regular

    @property
    def index(self) -> FrameIndex:
        """Every frame's pts, found by reading the container through once, or by decoding where that is no good."""
        if self._index is None:
            self._index = self._read_index() or self._decode_index()
        return self._index

    def _read_index(self) -> FrameIndex | None:
        if not self.is_regular:
            return None
        entries: list[tuple[int, bool]] = []
        with opened(self._path) as media:
            for packet in packets(media):
                if isinstance(packet, str) or packet.is_discard or is_flush(packet):
                    continue
                if packet.pts is None:
                    return None
                entries.append((packet.pts, packet.is_keyframe))
        index = make_index(entries, can_seek=True)
        return index if (index.pts[1:] > index.pts[:-1]).all() else None

    def _decode_index(self) -> FrameIndex:
        self._survey = Survey(False)
        with closing(self.run()) as events:
            entries = [(e.pts, e.is_key) for e in events if isinstance(e, Picture)]
        return make_index(entries, can_seek=False)

    def run(self, start: int | None = None, tally: Tally | None = None) -> Iterator[Picture | Gap]:
        """Pictures and gaps in display order from the key frame at place `start` of the index, or the clip's start.

        Decodes with threads up to the first damage; from the key frame before it, one picture after the other, so that
        concealment and errors do not depend on the number of processors.
        """
        last: int | None = None
        try:
            for event in self._attempt(start, threaded=True, tally=tally):
                last = event.pts if isinstance(event, Picture) else event.end_pts
                yield event
            return
        except _DamageError:
            pass
        if last is not None and self.is_regular:
            start = self.index.key_before(self.index.position(last))
        for event in self._attempt(start, threaded=False, tally=tally):
            if last is None or (event.pts if isinstance(event, Picture) else event.start_pts) > last:
                yield event

    def _attempt(self, start: int | None, *, threaded: bool, tally: Tally | None) -> Iterator[Picture | Gap]:
        with ExitStack() as stack:
            media = stack.enter_context(opened(self._path, threaded=threaded))
            for _ in range(_MOST_KEYS_TRIED):
                if start is None or self.index.pts[start] <= self.index.pts[0]:
                    break
                events = self._from_key(media, start, threaded)
                if events is not None:
                    yield from events
                    return
                start = self.index.key_before(start - 1)
            # A fresh container rather than a seek: not every demuxer finds back to its first packet.
            media = stack.enter_context(opened(self._path, threaded=threaded))
            yield from self._decode(media, packets(media), threaded, tally or Tally(), first_index=0)

    def _from_key(self, media: Media, start: int, threaded: bool) -> Iterator[Picture | Gap] | None:
        """A run from the key frame at place `start` or one before it; None where none decodes cleanly there."""
        wanted = int(self.index.pts[start])
        try:
            media.container.seek(wanted, stream=media.stream, backward=True)
        except av.error.FFmpegError:
            return None
        source = packets(media)
        first = next((p for p in source if not isinstance(p, str) and (is_flush(p) or p.is_keyframe)), None)
        if first is None or first.pts is None or first.pts > wanted:
            return None
        landed = self.index.position(first.pts)
        if self.index.pts[landed] != first.pts or not self.index.is_key[landed]:
            return None
        events = self._decode(media, chain([first], source), threaded, Tally(), first_index=landed, floor=first.pts)
        opening = next(events, None)
        # Only from a key frame that is itself whole do all later pictures come out as in decoding from the start.
        if not isinstance(opening, Picture) or opening.pts != first.pts or opening.is_corrupt:
            return None
        return chain([opening], events)

    def _decode(
        self,
        media: Media,
        source: Iterator[Packet[VideoStream] | str],
        threaded: bool,
        tally: Tally,
        first_index: int,
        floor: int | None = None,
    ) -> Iterator[Picture | Gap]:
        order = DisplayOrder(self.is_regular, first_index, floor)
        for packet in source:
            if isinstance(packet, str):
                tally.read_error = packet
                continue
            try:
                frames = media.stream.decode(packet)
            except (av.error.FFmpegError, ValueError) as error:
                if threaded:
                    raise _DamageError from None
                order.fail(packet, reason_of(error))
                frames = []
            if not is_flush(packet):
                tally.packets += 1
                order.expect(packet)
                if packet.pts is not None:
                    tally.end_pts = max(packet.pts + int(packet.duration or 0), tally.end_pts or packet.pts)
            for frame in frames:
                for event in order.accept(frame):
                    if threaded and (isinstance(event, Gap) or event.is_corrupt):
                        raise _DamageError
                    yield event
        for gap in order.finish():
            if threaded:
                raise _DamageError
            yield gap
