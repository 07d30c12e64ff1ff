"""Demuxing and decoding a video: pictures in display order from the start or a keyframe, and gaps at damage."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from itertools import chain
from typing import Any, TypeGuard

import av
import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inspector.domain.clip import Gap
from inspector.engine.decode.coding_data import export_coding_data
from inspector.engine.decode.container import Media, MediaSource, enable_frame_threads, open_media
from inspector.engine.decode.display_order import Picture, StrictOrder
from inspector.engine.decode.frame_index import NO_PTS, FrameIndex
from inspector.engine.decode.timing.bitstream import is_broken, is_flush
from inspector.engine.decode.timing.end_gap import Extent
from inspector.engine.decode.timing.shared_index import load_stream_index
from inspector.engine.decode.timing.stored import DAMAGED, Role, describe_error, is_stored, packets, role_of
from inspector.engine.decode.timing.stream_index import StreamIndex
from inspector.engine.decode.timing.torn import torn_text

# Codecs that mark pictures which no other picture refers to. (HEVC marks them within one temporal layer only.)
_WITH_DISPOSABLE_PICTURES = {"h264", "mpeg1video", "mpeg2video"}
_MAX_KEYFRAMES_TRIED = 16


class _SeekError(Exception):
    """Packets after a seek do not have the timestamps that the index has for them."""


class DamageError(Exception):
    """Raised by a read that yields undamaged pictures only, at the first sign of damage."""


class PictureReader:
    """Decodes one video stream; owns its frame index and its extent."""

    def __init__(self, source: MediaSource, *, with_coding: bool = False) -> None:
        self._source = source
        self._with_coding = with_coding
        self._index: FrameIndex | None = None
        self._streams: StreamIndex | None = None
        self.extent: Extent | None = None  # known once the file was read to its end

    @property
    def streams(self) -> StreamIndex:
        """What the file stores of the video stream; read on first use."""
        if self._streams is None:
            self._streams = load_stream_index(self._source)
        return self._streams

    @property
    def index(self) -> FrameIndex:
        """The frames in display order."""
        if self._index is None:
            self._index = self.streams.frames
        return self._index

    def read(self, start: int | None = None) -> Generator[Picture | Gap, None, None]:
        """Pictures and gaps in display order from the keyframe at index `start`, or from the start of the clip.

        Decodes with several threads, where the codec allows it, as long as there is no damage. A damaged GOP is decoded
        again by a new single-threaded decoder from its keyframe, so that error concealment depends neither on the
        number of processors nor on where decoding began.
        """
        index = self.index
        last = None if start is None else int(index.pts[start]) - 1
        until_key = None  # single-threaded decoding ends at the first undamaged keyframe after this pts
        threaded = True
        while True:
            try:
                with closing(self._decode_once(start, threaded)) as events:
                    for event in events:
                        if until_key is not None and _is_restart(event, until_key):
                            start, threaded, until_key = index.position(event.pts), True, None
                            break
                        new = _part_after(event, last)
                        if new is not None:
                            yield from _passed_over(index, last, new)
                            last = new.pts if isinstance(new, Picture) else new.end_pts - 1
                            yield new
                    else:
                        return
            except DamageError:
                threaded = False
                position = 0 if last is None else min(index.position(last) + 1, len(index) - 1)
                start = index.keyframe_before(position)
                until_key = int(index.pts[position]) if index.can_seek and len(index) else None
            except _SeekError:
                index = self._index = replace(index, can_seek=False)
                start, until_key = None, None

    def can_fast_seek(self, codec: str) -> bool:
        """Whether `fast_seek` is possible on this clip and faster than `read`."""
        return codec in _WITH_DISPOSABLE_PICTURES and self.index.can_seek

    def fast_seek(self, first: int) -> Generator[Picture | None, None, None]:
        """Undamaged pictures from index `first` on, reached as fast as possible; None after each packet.

        Decodes with frame threads and skips pictures before `first` that no other picture refers to. Raises DamageError
        at the first sign of damage. Damage in a skipped picture, or reported late, is found only by `read`, so the
        `is_corrupt` flags are not reliable before `read` has decoded the same pictures.
        """
        for key in [*self._keyframes_back_from(self.index.keyframe_before(first)), None]:
            with open_media(self._source) as media:
                enable_frame_threads(media)
                seeked = None if key is None else self._seek_to(media, key)
                if key is not None and seeked is None:
                    continue
                yield from self._fast_decode(media, seeked, first)
                return

    def _fast_decode(
        self, media: Media, seeked: tuple[Packet[Any], Iterator[Packet[Any] | str]] | None, first: int
    ) -> Generator[Picture | None, None, None]:
        """See `fast_seek`; decodes from the keyframe packet that the seek found, or from the start of the clip."""
        first_pts = int(self.index.pts[first])
        order = StrictOrder(first, first_pts)
        source = (
            self._stamped(packets(media))
            if seeked is None
            else chain([seeked[0]], self._checked(seeked[1], seeked[0].pts or 0))
        )
        key_pts = None if seeked is None else seeked[0].pts
        for packet in source:
            if isinstance(packet, str):
                raise DamageError
            if self.streams.joints.seam_at(packet) is not None and packet.pts != key_pts:
                raise DamageError
            is_before = packet.pts is not None and packet.pts < first_pts
            media.stream.codec_context.skip_frame = "NONREF" if is_before else "DEFAULT"
            if not is_flush(packet):
                order.expect(packet)
            frames = _undamaged_frames(media, packet)
            if key_pts is not None and (shown := next((f for f in frames if (f.pts or 0) >= key_pts), None)):
                if shown.pts != key_pts or not shown.key_frame:
                    raise DamageError  # only after an undamaged keyframe is all decoded as from the start of the clip
                key_pts = None
            left = order.finish() if is_flush(packet) else iter(())
            for event in chain(chain.from_iterable(map(order.accept, frames)), left):
                if isinstance(event, Gap):
                    raise DamageError
                yield event
            yield None

    def _decode_once(self, start: int | None, threaded: bool) -> Generator[Picture | Gap, None, None]:
        has_seeked = not start
        for key in self._keyframes_back_from(start):
            # A new container for each try: buffers that a damaged keyframe was decoded into would show through.
            with self._opened(threaded) as media:
                seeked = self._seek_to(media, key)
                events = None if seeked is None else self._decode_from(media, *seeked, threaded)
                if events is not None:
                    yield from events
                    return
                has_seeked = has_seeked or seeked is not None
        if not has_seeked:
            raise _SeekError
        with self._opened(threaded) as media:
            extent = Extent()
            yield from self._decode(media, self._stamped(packets(media)), StrictOrder(), threaded, extent)
            self.extent = extent

    @contextmanager
    def _opened(self, threaded: bool) -> Iterator[Media]:
        with open_media(self._source, threaded=threaded) as media:
            if self._with_coding:
                export_coding_data(media)
            yield media

    def _keyframes_back_from(self, start: int | None) -> Iterator[int]:
        """Indices of keyframes from `start` backwards, without 0: decoding from the start needs no seek."""
        for _ in range(_MAX_KEYFRAMES_TRIED):
            if not start:
                return
            yield start
            start = self.index.keyframe_before(start - 1)

    def _stamped(self, source: Iterable[Packet[Any] | str], number: int = 0) -> Iterator[Packet[Any] | str]:
        """Give packets, from this number on, the pts of their pictures, and none to those without a picture.

        And the marks of keyframes that the index has: those of FFmpeg are others in a damaged AVI file.
        """
        times, is_key = self.streams.times, self.streams.packets.is_key
        for packet in source:
            if is_stored(packet):
                if times is None:
                    packet.pts = None if role_of(packet) is Role.EXTRA else packet.pts
                elif number < len(times):
                    packet.pts = None if times[number] == NO_PTS else int(times[number])
                    if self.streams.container == "avi":
                        packet.is_keyframe = bool(is_key[number])
                number += 1
            yield packet

    def _seek_to(self, media: Media, key: int) -> tuple[Packet[Any], Iterator[Packet[Any] | str]] | None:
        """Seek to the keyframe at index `key`: its packet, or an earlier keyframe's, and the packets after it.

        None where the seek finds no packet that the index lists.
        """
        wanted, stored = int(self.index.pts[key]), int(self.index.stored_pts[key])
        if stored == NO_PTS:
            return None
        try:
            if self.streams.sections and media.container.format.name == "mpegts":
                # Time stamps may occur in several sections, positions in the file do not.
                media.container.seek(int(self.index.pos[key]), unsupported_byte_offset=True)
            else:
                media.container.seek(stored, stream=media.stream, backward=True)
        except av.error.FFmpegError:
            return None
        source = packets(media)
        for packet in source:
            if not is_stored(packet) or not packet.is_keyframe or packet.pts is None:
                continue
            number = self._number_of(packet)
            rest = self._stamped(source, number + 1)
            packet = next(iter(self._stamped([packet], number)))
            if not is_stored(packet) or packet.pts is None:
                continue
            if packet.pts > wanted:
                return None
            if self.index.contains(packet.pts, packet.pos):
                return packet, rest
        return None

    def _number_of(self, packet: Packet[VideoStream]) -> int:
        """The number of a packet after a seek by its position in the file; only needed where stamps are replaced."""
        if self.streams.times is None:
            return 0
        position = -1 if packet.pos is None else packet.pos
        return int(np.searchsorted(self.streams.packets.starts, position))

    def _decode_from(
        self, media: Media, first: Packet[VideoStream], source: Iterable[Packet[Any] | str], threaded: bool
    ) -> Iterator[Picture | Gap] | None:
        """Decode from the keyframe packet `first` on; None where it is damaged.

        Only after an undamaged keyframe are all later pictures decoded as from the start of the clip.
        """
        pts = first.pts or 0
        order = StrictOrder(self.index.position(pts), pts)
        events = self._decode(media, chain([first], self._checked(source, pts)), order, threaded, Extent())
        keyframe = next(events, None)
        if not isinstance(keyframe, Picture) or keyframe.pts != pts or keyframe.is_corrupt or not keyframe.is_key:
            return None
        return chain([keyframe], events)

    def _checked(self, source: Iterable[Packet[Any] | str], first: int) -> Generator[Packet[Any] | str, None, None]:
        """Pass on packets that follow a seek to the keyframe at `first`.

        Raises _SeekError at one that the index does not list, and at the end if some that it lists did not come: where
        a damaged packet is not read after a seek.
        """
        missing = len(self.index) - self.index.position(first) - 1
        for packet in source:
            if is_stored(packet) and packet.pts is not None and role_of(packet) is Role.PICTURE:
                is_known = self.index.contains(packet.pts, packet.pos)
                if not is_known:
                    raise _SeekError
                missing -= packet.pts > first
            elif not isinstance(packet, str) and is_flush(packet) and missing > 0:
                raise _SeekError
            yield packet

    def _decode(
        self,
        media: Media,
        source: Iterable[Packet[Any] | str],
        order: StrictOrder,
        threaded: bool,
        extent: Extent,
    ) -> Generator[Picture | Gap, None, None]:
        # Some decoders leave holes in damaged pictures, through which the buffer's previous content shows. Keeping as
        # many pictures alive as any caller does makes the buffers rotate in the same way for all callers.
        kept: deque[Picture | Gap] = deque(maxlen=2)
        lost_before = {loss.next_pts for loss in self.streams.losses}
        lost_before |= self.streams.unreferenced | self.streams.joints.keyless_pts | self.streams.joints.lacking_pts
        for packet in source:
            if isinstance(packet, str):
                extent.read_error = packet
                continue
            if not is_flush(packet):
                extent.add(packet)
                if packet.pts in lost_before and role_of(packet) is Role.PICTURE:
                    order.lose()
            for event in self._events_of(media, packet, order, threaded):
                if threaded and (isinstance(event, Gap) or event.is_corrupt):
                    raise DamageError
                if isinstance(event, Picture):
                    event.is_transient = not threaded
                kept.append(event)
                yield event

    def _events_of(
        self, media: Media, packet: Packet[VideoStream], order: StrictOrder, threaded: bool
    ) -> Iterator[Picture | Gap]:
        """What the decoder returns for a packet, in display order. Raises DamageError for damage if `threaded`."""
        seam = self.streams.joints.seam_at(packet)
        if seam is not None:
            yield from _drained(media, order, seam, with_key=packet.is_keyframe)
        if not is_flush(packet):
            order.expect(packet)
            if self._is_zeroed(packet, order):
                if threaded:
                    raise DamageError
                return
        try:
            frames = media.stream.decode(packet)
        except (av.error.FFmpegError, ValueError) as error:
            frames = []
            if packet.pts is not None:  # a decoder may reject a packet that holds no picture
                if threaded:
                    raise DamageError from None
                order.fail(packet, describe_error(error))
        yield from chain.from_iterable(map(order.accept, frames))
        if is_flush(packet):
            yield from order.finish()

    def _is_zeroed(self, packet: Packet[VideoStream], order: StrictOrder) -> bool:
        """Whether nothing but zeros is left of a packet; its picture, or one of which a part is left, is marked."""
        end = self.streams.end
        is_zeroed = False if packet.pos is None else end.zeroed(packet.pos, packet.size)
        if is_zeroed:
            order.fail(packet, end.zeros_text)
            return True
        if packet.pts in self.streams.torn and role_of(packet) is Role.PICTURE:
            order.spoil(packet, torn_text(self.streams.container))
        if is_broken(packet):
            order.spoil(packet, DAMAGED)
        if is_zeroed is None:
            order.spoil(packet, end.zeros_text)
        return False


def _drained(media: Media, order: StrictOrder, start: int, *, with_key: bool) -> Iterator[Picture | Gap]:
    """The last pictures of a recording, behind which another one begins at the pts `start`, and a decoder as new.

    Left as it is, the decoder would sort the pictures of both by numbers that each counts for itself, and take those of
    the one as references of the other.
    """
    with suppress(av.error.FFmpegError, ValueError):
        yield from chain.from_iterable(map(order.accept, media.stream.decode(None)))
    media.stream.codec_context.flush_buffers()
    yield from order.begin_recording(start, with_key=with_key)


def _undamaged_frames(media: Media, packet: Packet[VideoStream]) -> list[VideoFrame]:
    """The frames decoded from a packet. Raises DamageError when the packet or a frame is damaged."""
    try:
        frames = media.stream.decode(packet)
    except (av.error.FFmpegError, ValueError):
        if packet.pts is None and not is_flush(packet):
            return []  # a decoder may reject a packet that holds no picture
        raise DamageError from None
    if any(frame.is_corrupt for frame in frames):
        raise DamageError
    return frames


def _is_restart(event: Picture | Gap, after: int) -> TypeGuard[Picture]:
    """Whether multi-threaded decoding can start again at this event: an undamaged keyframe after the pts `after`."""
    return isinstance(event, Picture) and event.is_key and not event.is_corrupt and event.pts > after


def _passed_over(index: FrameIndex, last: int | None, event: Picture | Gap) -> Iterator[Gap]:
    """A gap for the frames of the index between the pts `last` and `event`; gives a picture its index.

    A decoder may return a picture of a damaged stream after one that is displayed later, when it comes too late.
    """
    start = event.pts if isinstance(event, Picture) else event.start_pts
    first = 0 if last is None else int(np.searchsorted(index.pts, last, side="right"))
    end = int(np.searchsorted(index.pts, start))
    if first < end:
        yield Gap(int(index.pts[first]), start, "the decoder returned no picture in time")
    if isinstance(event, Picture):
        event.index = end


def _part_after(event: Picture | Gap, last: int | None) -> Picture | Gap | None:
    """The part of `event` after `last`, the last pts that was yielded; None if there is none."""
    if last is None:
        return event
    if isinstance(event, Picture):
        return event if event.pts > last else None
    return Gap(max(event.start_pts, last + 1), event.end_pts, event.reason) if event.end_pts > last + 1 else None
