"""Frames and gaps of a video by pts from FFmpeg's decoders."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np

from inspector.domain.account import PictureAccount
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import ClipError
from inspector.engine.decode.coding_data import CodingData, coding_data_of
from inspector.engine.decode.container import MediaSource
from inspector.engine.decode.deinterlace import deinterlaced
from inspector.engine.decode.display_order import Picture
from inspector.engine.decode.frame_index import FrameIndex
from inspector.engine.decode.packets import DamageError, PictureReader
from inspector.engine.decode.picture_format import FrameConverter
from inspector.engine.decode.timing.end_gap import missing_end
from inspector.engine.decode.timing.stream_index import StreamIndex


def _merge_gaps(gap: Gap | None, more: Gap) -> Gap:
    """One gap for two adjacent ones, with both reasons."""
    if gap is None:
        return more
    reason = gap.reason if more.reason in gap.reason else f"{gap.reason}; {more.reason}"
    return Gap(gap.start_pts, more.end_pts, reason)


def _with_losses(events: Iterator[Picture | Gap], streams: StreamIndex) -> Iterator[Picture | Gap]:
    """The events with gaps where data was lost between two pictures.

    There is evidence of that in the file, or a picture next to the interval is damaged.
    """
    known = deque(loss.gap for loss in streams.losses)
    before: Picture | Gap | None = None
    for event in events:
        start = event.pts if isinstance(event, Picture) else event.start_pts
        while known and known[0].end_pts <= start:
            gap = known.popleft()
            if before is not None and gap.start_pts >= _end_of(before):
                yield gap
                before = gap
        is_damaged = isinstance(event, Picture) and event.is_corrupt and start not in streams.unreferenced
        if isinstance(before, Picture) and isinstance(event, Picture) and (before.is_corrupt or is_damaged):
            end = before.pts + streams.timeline.step
            if start - end > streams.longest_step and start not in streams.section_starts:
                yield Gap(end, start, "pictures are missing next to damaged ones")
        yield event
        before = event


def _end_of(event: Picture | Gap) -> int:
    return event.pts + 1 if isinstance(event, Picture) else event.end_pts


class VideoSource:
    """Frames of one video; keeps a decoding cursor, so that stepping forward does not decode from a keyframe again."""

    def __init__(self, clip: Clip, *, with_coding: bool = False) -> None:
        self._clip = clip
        self._reader = PictureReader(MediaSource.of(clip), with_coding=with_coding)
        self._with_coding = with_coding
        self._has_interlaced = clip.is_interlaced
        self._converter = FrameConverter(clip)
        # A second one for `convert`, which another thread may call while this one decodes.
        self._async_converter = FrameConverter(clip)
        self._cursor: Iterator[Picture | Gap] | None = None
        self._newest: Picture | None = None  # the newest picture of the cursor
        self._previous: Picture | None = None  # the one before it

    def close(self) -> None:
        """Stop decoding and close the file."""
        self._drop_cursor()

    @property
    def index(self) -> FrameIndex:
        """The pts of every frame and whether it is a keyframe, in display order."""
        return self._reader.index

    def account(self, shown: int, damaged: int, gaps: Iterable[Gap]) -> PictureAccount:
        """See `Decoder.account`."""
        pts, step = self.index.pts, self._reader.streams.timeline.step
        lost = missing = 0
        for gap in gaps:
            first, end = np.searchsorted(pts, (gap.start_pts, gap.end_pts))
            lost += int(end - first)
            missing += max(round((gap.end_pts - gap.start_pts) / step) - int(end - first), 0)
        return self._reader.streams.account(shown, damaged, lost, missing)

    def frames(self, start_pts: int | None, end_pts: int | None) -> Iterator[Frame | Gap]:
        """Frames and gaps with start_pts <= pts < end_pts in display order."""
        with closing(self.pictures(start_pts, end_pts)) as pictures:
            for picture in pictures:
                if picture is not None:
                    yield self._frame(picture) if isinstance(picture, Picture) else picture

    def pictures(
        self, start_pts: int | None, end_pts: int | None = None
    ) -> Generator[Picture | Frame | Gap | None, None, None]:
        """See `Decoder.pictures`."""
        position = None
        if start_pts is not None and start_pts > self._clip.start_pts:
            position = self._keyframe_for(self.index.position(start_pts))
        with closing(self._merged_events(position)) as events:
            for event in events:
                first = event.pts if isinstance(event, Picture) else event.start_pts
                if end_pts is not None and first >= end_pts:
                    return
                if start_pts is not None and (
                    event.end_pts <= start_pts if isinstance(event, Gap) else first < start_pts
                ):
                    yield None
                elif isinstance(event, Picture) and event.is_transient:
                    yield self._frame(event)
                else:
                    yield event

    def fast_seek(self, start_pts: int) -> Generator[Picture | None, None, None] | None:
        """See `PictureReader.fast_seek`; None where it is not possible."""
        if self._has_interlaced or not self._reader.can_fast_seek(self._clip.codec):
            return None
        return self._progressive(self._reader.fast_seek(self.index.position(start_pts)))

    def _progressive(self, pictures: Iterator[Picture | None]) -> Generator[Picture | None, None, None]:
        """Raises DamageError at an interlaced picture: to deinterlace it takes the picture before it too."""
        for picture in pictures:
            if picture is not None and picture.is_interlaced:
                self._has_interlaced = True
                raise DamageError
            yield picture

    def convert(self, picture: Picture) -> Frame:
        """Convert a picture of `pictures` or `fast_seek` to a displayed frame."""
        return self._frame(picture, self._async_converter)

    def converter(self) -> Callable[[Picture], Frame]:
        """See `Decoder.converter`."""
        return partial(self._frame, converter=FrameConverter(self._clip))

    def frame_at(self, pts: int) -> Frame:
        """The frame displayed at `pts`: the last decodable one that is not later, or the first one."""
        return self._frame(self._picture_at(self.index.position(pts)))

    def _frame(self, picture: Picture, converter: FrameConverter | None = None) -> Frame:
        image, described = (converter or self._converter).convert(picture.frame, is_interlaced=picture.is_interlaced)
        flags = picture.is_key, picture.is_corrupt, picture.picture_type, picture.is_interlaced
        coding = coding_data_of(picture.frame, self._clip.codec) if self._with_coding else CodingData()
        shares = coding.intra_share, coding.past_share, coding.future_share
        return Frame(
            picture.index, picture.pts, image, *flags, described, self._bytes_of(picture), coding.quantiser, *shares
        )

    def _bytes_of(self, picture: Picture) -> int | None:
        sizes = self.index.sizes
        return int(sizes[picture.index]) if sizes is not None and picture.index < len(sizes) else None

    def _keyframe_for(self, position: int) -> int | None:
        # Deinterlacing uses both neighbours of a picture, so decoding must begin before the previous one.
        return self.index.keyframe_before(position - 2 if self._has_interlaced else position)

    def _events(self, position: int | None) -> Generator[Picture | Gap, None, None]:
        """Pictures, deinterlaced where they are interlaced, and gaps from an index on, or from a little before it."""
        events = self._reader.read(position)
        first = next(events, None)
        if position and not self._has_interlaced and isinstance(first, Picture) and first.is_interlaced:
            # The first interlaced picture that is met, without the one before it.
            self._has_interlaced = True
            events.close()
            yield from self._events(self.index.keyframe_before(position - 2))
            return
        with closing(events):
            yield from deinterlaced(chain([first] if first is not None else [], events))

    def _merged_events(self, position: int | None) -> Generator[Picture | Gap, None, None]:
        """All events from an index on, with a gap for what is missing at the end, and adjacent gaps merged."""
        gap: Gap | None = None
        last = self._clip.start_pts
        with closing(self._events(position)) as events:
            for event in _with_losses(events, self._reader.streams):
                if isinstance(event, Gap):
                    gap = _merge_gaps(gap, event)
                    continue
                if gap is not None:
                    yield gap
                    gap = None
                last = event.pts + 1
                yield event
        missing = missing_end(
            self._clip, self._reader.streams, self._reader.extent, last if gap is None else gap.end_pts
        )
        if missing is not None:
            gap = _merge_gaps(gap, missing)
        if gap is not None:
            yield gap

    def _picture_at(self, position: int) -> Picture:
        """The picture at an index, else the last decodable one before it, else the first one after it."""
        if not len(self.index):
            raise ClipError(f"{Path(self._clip.path).name} holds no picture any more; copy it again from its source.")
        wanted = int(self.index.pts[position])
        start = self._keyframe_for(position)
        if not self._can_continue(wanted, start):
            self._start_cursor(start)
        while True:
            picture = self._advance(wanted)
            if picture is not None:
                return picture
            # Nothing up to `wanted` can be decoded from there: start one keyframe earlier.
            if start is None:
                break
            start = self.index.keyframe_before(start - 1)
            self._start_cursor(start)
        if self._newest is None:
            raise ClipError(f"{Path(self._clip.path).name} holds no picture that can be decoded; copy it again.")
        return self._newest

    def _can_continue(self, wanted: int, start: int | None) -> bool:
        """Whether the cursor is at or before `wanted` and no keyframe is nearer."""
        if self._cursor is None or self._newest is None:
            return False
        if self._previous is not None and self._previous.pts <= wanted:
            return start is None or int(self.index.pts[start]) <= self._newest.pts
        return self._newest.pts <= wanted and (start is None or int(self.index.pts[start]) <= self._newest.pts)

    def _start_cursor(self, start: int | None) -> None:
        self._drop_cursor()
        self._cursor = self._events(start)

    def _drop_cursor(self) -> None:
        cursor, self._cursor, self._newest, self._previous = self._cursor, None, None, None
        if cursor is not None:
            cursor.close()  # type: ignore[attr-defined]

    def _advance(self, wanted: int) -> Picture | None:
        """Move the cursor to `wanted` or past it; returns the last picture that is not later than `wanted`."""
        assert self._cursor is not None
        while self._newest is None or self._newest.pts < wanted:
            event = next(self._cursor, None)
            if event is None:
                return self._newest
            if isinstance(event, Picture):
                self._previous, self._newest = self._newest, event
        return self._newest if self._newest.pts == wanted else self._previous
