"""Decoded pictures of a video clip in display order, from its start or a key frame, with gaps where it is broken."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeGuard

import av
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inspector.domain.clip import Gap
from inspector.engine.decode.container import Media, enable_frame_threads, opened
from inspector.engine.decode.display_order import LooseOrder, Order, Picture, StrictOrder, is_flush, is_hidden
from inspector.engine.decode.frame_index import FrameIndex, IrregularTimestampsError, make_index

# So many read errors in a row without a packet between them end the clip: nothing more will come.
_MAX_READ_ERRORS = 8
# Whose headers say of a picture that none is built on it. (HEVC's say so for one temporal layer only.)
_DROPPABLE = {"h264", "mpeg1video", "mpeg2video"}
_SURVEY_PACKETS = 24
_MAX_KEYFRAMES_TRIED = 16
# Two fields stored apart give one picture for two packets; a damaged start may lose a few.
_SURVEY_SHARE = 0.75


class _SeekError(Exception):
    """Raised where packets behind a seek do not carry the time stamps that they had in reading the clip through."""


class DamageError(Exception):
    """Raised in a run that shows whole pictures only, at the first sign of damage, before anything doubtful is out."""


@dataclass(slots=True)
class Extent:
    """What the file really holds: stored pictures, shown or not, where the last one ends, and what stopped reading."""

    packets: int = 0
    end_pts: int | None = None
    read_error: str = ""

    def add(self, packet: Packet[VideoStream]) -> None:
        """Counts one packet in."""
        self.packets += 1
        if packet.pts is not None:
            end = packet.pts + int(packet.duration or 0)
            self.end_pts = end if self.end_pts is None else max(end, self.end_pts)


def packets(media: Media) -> Generator[Packet[Any] | str, None, None]:
    """The video stream's packets from where the container stands, then an empty one to flush; read errors as text."""
    errors = 0
    while errors < _MAX_READ_ERRORS:
        try:
            for packet in media.container.demux(media.stream):
                errors = 0
                yield packet
            return
        except (av.error.FFmpegError, OSError) as error:
            errors += 1
            yield describe_error(error)
    yield Packet()


def describe_error(error: Exception) -> str:
    """A few plain words for what FFmpeg objects to."""
    if isinstance(error, av.error.ExitError):
        return "reading took too long"
    if isinstance(error, av.error.InvalidDataError):
        return "its data is damaged"
    return f"the decoder reports: {getattr(error, 'strerror', None) or error}"


def has_regular_timestamps(path: Path) -> bool:
    """Whether each of the first packets has a pts of its own and gives one picture with that pts.

    They are decoded one by one. What comes before the first picture, or is refused by the decoder, counts for nothing.
    """
    expected: set[int] = set()
    shown: list[int | None] = []
    failures = 0
    with opened(path, threaded=False) as media, closing(packets(media)) as source:
        for packet in chain(islice((p for p in source if _is_stored(p)), _SURVEY_PACKETS), [None]):
            try:
                frames = media.stream.decode(packet)
            except (av.error.FFmpegError, ValueError):
                failures += 1
                continue
            shown.extend(frame.pts for frame in frames)
            if packet is None or packet.is_discard or is_hidden(packet):
                continue
            if packet.pts is None or packet.pts in expected:
                return False
            expected.add(packet.pts)
    if not shown or shown[0] is None:
        return not expected  # nothing decodes here: nothing speaks against the time stamps
    wanted = sorted(pts for pts in expected if pts >= shown[0])
    is_subset = set(shown) <= expected and len(shown) >= _SURVEY_SHARE * len(wanted)
    return shown == wanted or bool(failures and is_subset)


def _is_stored(packet: Packet[VideoStream] | str) -> TypeGuard[Packet[VideoStream]]:
    return not isinstance(packet, str) and not is_flush(packet)


class Pictures:
    """The clip at `path` as runs of pictures and gaps; see `run`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stored: FrameIndex | None = None
        self._decoded: FrameIndex | None = None
        self._is_surveyed = False
        self.extent: Extent | None = None  # known once the file has been read through

    @property
    def stored_index(self) -> FrameIndex | None:
        """Every frame's pts by the container, read through once; None where its time stamps cannot be relied on."""
        if not self._is_surveyed:
            self._is_surveyed = True
            if has_regular_timestamps(self._path):
                with suppress(IrregularTimestampsError):
                    self._stored = make_index(self._stored_frames(), can_seek=True)
        return self._stored

    @property
    def index(self) -> FrameIndex:
        """Every frame's pts: by the container, or found by decoding it all where that is no good."""
        if self.stored_index is not None:
            return self.stored_index
        if self._decoded is None:
            with closing(self.run()) as events:
                shown = ((event.pts, event.is_key, -1) for event in events if isinstance(event, Picture))
                self._decoded = make_index(shown, can_seek=False)
        return self._decoded

    def _stored_frames(self) -> Iterator[tuple[int, bool, int]]:
        extent = Extent()
        with opened(self._path) as media:
            for packet in packets(media):
                if isinstance(packet, str):
                    extent.read_error = packet
                elif not is_flush(packet):
                    extent.add(packet)
                    if packet.pts is None:
                        raise IrregularTimestampsError
                    if not packet.is_discard and not is_hidden(packet):
                        yield packet.pts, packet.is_keyframe, -1 if packet.pos is None else packet.pos
        self.extent = extent

    def opening(self) -> Generator[Picture | Gap, None, None]:
        """Pictures from the clip's start, straight on and without a look at its time stamps; for its first facts."""
        with opened(self._path, threaded=False) as media:
            yield from self._decode(media, packets(media), LooseOrder(), threaded=False, extent=Extent())

    def run(self, start: int | None = None) -> Generator[Picture | Gap, None, None]:
        """Pictures and gaps in display order from the key frame at place `start` of the index, or the clip's start.

        Decodes straight on (with threads, where the codec allows) while all is well. A group of pictures with damage in
        it is decoded again, one picture after the other, by a fresh decoder from its key frame, so that what the
        decoder conceals, and with what, depends neither on the number of processors nor on how one got there.
        """
        index = self.stored_index
        if index is None:
            # Without time stamps to go by, damage shows too late to begin its group again: one decoder, one picture
            # after the other, always from the start.
            yield from self._attempt(None, threaded=False)
            return
        last = None if start is None else int(index.pts[start]) - 1
        until_key = None  # a single-threaded run ends at the first whole key frame behind this pts
        threaded = True
        while True:
            try:
                with closing(self._attempt(start, threaded)) as events:
                    for event in events:
                        if until_key is not None and _is_fresh_start(event, until_key):
                            start, threaded, until_key = index.position(event.pts), True, None
                            break
                        rest = _behind(event, last)
                        if rest is not None:
                            last = rest.pts if isinstance(rest, Picture) else rest.end_pts - 1
                            yield rest
                    else:
                        return
            except DamageError:
                threaded = False
                place = 0 if last is None else min(index.position(last) + 1, len(index) - 1)
                start, until_key = index.keyframe_before(place), int(index.pts[place]) if index.can_seek else None
            except _SeekError:
                index = self._stored = replace(index, can_seek=False)
                start, until_key = None, None

    def can_fast_seek(self, codec: str) -> bool:
        """Whether `fast_seek` gains anything on this clip."""
        index = self.stored_index
        return codec in _DROPPABLE and index is not None and index.can_seek

    def fast_seek(self, keep: int) -> Generator[Picture | None, None, None]:
        """Whole pictures from the place `keep` of the index on, as fast as one can get there; None after each packet.

        Decodes several pictures at once, and leaves out those before `keep` that no other is built on. Raises
        DamageError at the first sign of damage; but damage in what was left out, or told of late, shows only in `run`,
        which has to look the same stretch through before the flags can be relied on.
        """
        for key in [*self._keyframes_back_from(self.index.keyframe_before(keep)), None]:
            with opened(self._path) as media:
                enable_frame_threads(media)
                landing = None if key is None else self._land(media, key)
                if key is not None and landing is None:
                    continue
                yield from self._fast_decode(media, landing, keep)
                return

    def _fast_decode(
        self, media: Media, landing: tuple[Packet[Any], Iterator[Packet[Any] | str]] | None, keep: int
    ) -> Generator[Picture | None, None, None]:
        """See `fast_seek`; from the key packet where one landed, or from the clip's start."""
        keep_pts = int(self.index.pts[keep])
        order = StrictOrder(keep, keep_pts)
        source = packets(media) if landing is None else chain([landing[0]], self._verified(landing[1]))
        key_pts = None if landing is None else landing[0].pts
        for packet in source:
            if isinstance(packet, str):
                raise DamageError
            is_before = packet.pts is not None and packet.pts < keep_pts
            media.stream.codec_context.skip_frame = "NONREF" if is_before else "DEFAULT"
            if not is_flush(packet):
                order.expect(packet)
            frames = _whole_frames(media, packet)
            if key_pts is not None and (first := next((f for f in frames if (f.pts or 0) >= key_pts), None)):
                if first.pts != key_pts or not first.key_frame:
                    raise DamageError  # only behind a whole key frame all comes out as in decoding from the start
                key_pts = None
            left = order.finish() if is_flush(packet) else iter(())
            for event in chain(chain.from_iterable(map(order.accept, frames)), left):
                if isinstance(event, Gap):
                    raise DamageError
                yield event
            yield None

    def _attempt(self, start: int | None, threaded: bool) -> Generator[Picture | Gap, None, None]:
        has_landed = not start
        for key in self._keyframes_back_from(start):
            # A fresh container for each try: buffers that a damaged key frame was decoded into would show through.
            with opened(self._path, threaded=threaded) as media:
                landing = self._land(media, key)
                events = None if landing is None else self._whole_run(media, *landing, threaded)
                if events is not None:
                    yield from events
                    return
                has_landed = has_landed or landing is not None
        if not has_landed:
            raise _SeekError
        with opened(self._path, threaded=threaded) as media:
            extent = Extent()
            order = LooseOrder() if self.stored_index is None else StrictOrder()
            yield from self._decode(media, packets(media), order, threaded, extent)
            self.extent = extent

    def _keyframes_back_from(self, start: int | None) -> Iterator[int]:
        """Places of key frames from `start` back, but for the very first: the clip's start is no place to seek to."""
        for _ in range(_MAX_KEYFRAMES_TRIED):
            if not start:
                return
            yield start
            start = self.index.keyframe_before(start - 1)

    def _land(self, media: Media, key: int) -> tuple[Packet[Any], Iterator[Packet[Any] | str]] | None:
        """The first key packet at or before the place `key` that a seek finds as it should be, and what follows it."""
        wanted = int(self.index.pts[key])
        try:
            media.container.seek(wanted, stream=media.stream, backward=True)
        except av.error.FFmpegError:
            return None
        source = packets(media)
        for packet in source:
            if not _is_stored(packet) or not packet.is_keyframe or packet.pts is None:
                continue
            if packet.pts > wanted:
                return None
            if self.index.holds(packet.pts, packet.pos):
                return packet, source
        return None

    def _whole_run(
        self, media: Media, first: Packet[VideoStream], source: Iterable[Packet[Any] | str], threaded: bool
    ) -> Iterator[Picture | Gap] | None:
        """A run from the key packet `first`; None where that is damaged.

        Only from a key frame that is itself whole do all later pictures come out as in decoding from the start.
        """
        pts = first.pts or 0
        order = StrictOrder(self.index.position(pts), pts)
        events = self._decode(media, chain([first], self._verified(source)), order, threaded, Extent())
        opening = next(events, None)
        if not isinstance(opening, Picture) or opening.pts != pts or opening.is_corrupt or not opening.is_key:
            return None
        return chain([opening], events)

    def _verified(self, source: Iterable[Packet[Any] | str]) -> Generator[Packet[Any] | str, None, None]:
        """Packets behind a seek, as long as they carry the same time stamps as when the clip was read through."""
        for packet in source:
            if _is_stored(packet) and not packet.is_discard and not is_hidden(packet):
                is_known = packet.pts is not None and self.index.holds(packet.pts, packet.pos)
                if not is_known:
                    raise _SeekError
            yield packet

    def _decode(
        self,
        media: Media,
        source: Iterable[Packet[Any] | str],
        order: Order,
        threaded: bool,
        extent: Extent,
    ) -> Generator[Picture | Gap, None, None]:
        # Some decoders leave holes in damaged pictures, through which the buffer's last use shows. Keeping as many
        # pictures alive as the keenest caller does makes buffers go round the same way for all.
        kept: deque[Picture | Gap] = deque(maxlen=2)
        for packet in source:
            if isinstance(packet, str):
                extent.read_error = packet
                continue
            if not is_flush(packet):
                extent.add(packet)
                order.expect(packet)
            try:
                frames = media.stream.decode(packet)
            except (av.error.FFmpegError, ValueError) as error:
                if threaded:
                    raise DamageError from None
                order.fail(packet, describe_error(error))
                frames = []
            left = order.finish() if is_flush(packet) else iter(())
            for event in chain(chain.from_iterable(map(order.accept, frames)), left):
                if threaded and (isinstance(event, Gap) or event.is_corrupt):
                    raise DamageError
                if isinstance(event, Picture):
                    event.is_transient = not threaded
                kept.append(event)
                yield event


def _whole_frames(media: Media, packet: Packet[VideoStream]) -> list[VideoFrame]:
    """What comes out for a packet. Raises DamageError when it, or the packet, is not whole."""
    try:
        frames = media.stream.decode(packet)
    except (av.error.FFmpegError, ValueError):
        raise DamageError from None
    if any(frame.is_corrupt for frame in frames):
        raise DamageError
    return frames


def _is_fresh_start(event: Picture | Gap, behind: int) -> TypeGuard[Picture]:
    return isinstance(event, Picture) and event.is_key and not event.is_corrupt and event.pts > behind


def _behind(event: Picture | Gap, last: int | None) -> Picture | Gap | None:
    """What of `event` lies behind `last`, the last pts handed out."""
    if last is None:
        return event
    if isinstance(event, Picture):
        return event if event.pts > last else None
    return Gap(max(event.start_pts, last + 1), event.end_pts, event.reason) if event.end_pts > last + 1 else None
