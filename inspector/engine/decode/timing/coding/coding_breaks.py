"""Keyframes before which pictures were cut out or another recording ends, by how the coding numbers its pictures.

Where the time stamps go on, only this tells that what is displayed before such a keyframe refers to pictures that are
not there: those of an open group of pictures.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Protocol, TypeVar

import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream

from inspector.domain.arrays import Flags, PtsArray
from inspector.engine.decode.frame_index import NO_PTS
from inspector.engine.decode.timing.coding.bits import (
    Bits,
    Counter,
    Slice,
    agreed,
    changed_extradata_units,
    counter_of_h264,
    counter_of_hevc,
    extra_bits_of_hevc,
    extradata_units,
    slice_of_h264,
    units,
)

_MOST_BREAKS, _LONGEST_GROUP = 10_000, 5000
_KEPT = 17  # packets behind a keyframe, among which those that are displayed before it are
_MOST_SETS = 128  # parameter sets of a picture; more than there are numbers for
_IDR = 5  # a type of units of H.264
_CRA, _FIRST_IDR_OF_HEVC = 21, 16  # unit types 16 to 20 begin the count anew
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class CodedOrder:
    """The display order of three pictures by their coding: one before a keyframe's predecessor, that, and the keyframe.

    `numbers` are those of the packets, `counts` the lower bits of the order count, below `limit`. `may_reorder`:
    whether the stream may store pictures in another order than it displays them in.
    """

    numbers: tuple[int, int, int]
    counts: tuple[int, int, int]
    limit: int
    may_reorder: bool = False

    def is_broken(self, shown: list[int]) -> bool:
        """Whether the count of the keyframe is not that of its place among the packets `shown`, in display order.

        Those are all from the keyframe before up to the last one that is displayed before this one.
        """
        if not all(number in shown for number in self.numbers):
            return False
        earlier, before, key = map(shown.index, self.numbers)
        half = self.limit // 2
        step = (self.counts[1] - self.counts[0] + half) % self.limit - half
        if before == earlier or step % (before - earlier) or step // (before - earlier) < 1:
            return False
        expected = step // (before - earlier) * (key - before)
        return bool((self.counts[2] - self.counts[1] - expected) % self.limit)


@dataclass(slots=True)
class Breaks:
    """What the coding tells: the packets of keyframes that begin anew, and orders to be held against the stamps.

    `lacking`: packets of other pictures, by whose numbers pictures are missing before them that others refer to;
    `behind_open`: such ones right behind a keyframe that does not begin the count anew. `first_of_two`: the first
    packet of H.264 with a picture of which parts may refer to two others (B). `second_fields`: packets of H.264 with
    the second field of a picture, whose first one is in the packet before.
    """

    numbers: list[int] = field(default_factory=list)
    orders: list[CodedOrder] = field(default_factory=list)
    lacking: list[int] = field(default_factory=list)
    behind_open: list[int] = field(default_factory=list)
    second_fields: list[int] = field(default_factory=list)
    first_of_two: int | None = None

    def found(self, rows: PtsArray, pts: PtsArray, is_key: Flags, losses: Iterable[int]) -> PtsArray:
        """The packets that begin anew, rising.

        `rows` are the numbers of the packets with a picture, `pts` their stored stamps, int64 (n,), and `is_key` is
        bool (n,). Where data was lost since the keyframe before, by the numbers of packets in `losses`, that is the
        cause and no break.
        """
        keys, lost = rows[is_key], np.array(sorted(losses), np.int64)
        numbers = [*self.numbers]
        for order in self.orders:
            near = _near(int(np.searchsorted(rows, order.numbers[2])), pts, is_key)
            if order.may_reorder and bool((np.diff(pts[near]) > 0).all()):
                continue  # the stamps may be those of the decoding order, as in AVI
            if order.is_broken(rows[near][np.argsort(pts[near])].tolist()):
                numbers.append(order.numbers[2])
        found = np.intersect1d(keys[1:], np.array(numbers, np.int64))[:_MOST_BREAKS]
        before = keys[np.searchsorted(keys, found) - 1] if len(found) else found
        is_break = np.searchsorted(lost, before, "right") == np.searchsorted(lost, found, "right")
        return np.compress(is_break, found).astype(np.int64)


def _near(key: int, pts: PtsArray, is_key: Flags) -> slice:
    """The places of the pictures from the keyframe before one on, and of those that are displayed before it.

    Nothing where stamps are missing or go back so far that another recording begins.
    """
    lowest = max(key - _LONGEST_GROUP, 0)
    keys = np.flatnonzero(is_key[lowest:key])
    first = lowest + int(keys[-1]) if len(keys) else key
    end = key + 1
    while end < min(key + _KEPT, len(pts)) and pts[end] < pts[key]:
        end += 1
    near = pts[first:end]
    if NO_PTS in near or len(near) < 3:
        return slice(0, 0)
    most_back = _KEPT * np.median(np.diff(np.sort(near)))
    is_in_line = bool((near[1:] > np.maximum.accumulate(near)[:-1] - most_back).all())
    return slice(first, end) if is_in_line else slice(0, 0)


class Finder(Protocol):
    """Looks at the packets of a stream one after another."""

    def add(self, packet: Packet[VideoStream], number: int, breaks: Breaks) -> None:
        """Look at the packet with this number."""


class _Numbered:
    """Keeps the parameter sets of H.264 and H.265."""

    sets: frozenset[int]

    def __init__(self) -> None:
        self._sets: dict[int, set[bytes]] = {}  # by the type of unit, those that came last together
        self._said: dict[int, Any] = {}  # what these say, None where that is not known
        self._waiting: deque[bytes] = deque(maxlen=_MOST_SETS)  # those before the next picture, perhaps in packets
        self._is_new = True

    def _first_of(self, packet: Packet[VideoStream], number: int, breaks: Breaks) -> bytes:
        """The first slice of a packet, b"" where it has none; keeps parameter sets and looks for a break before it."""
        if self._is_new:
            self._is_new = False
            self._take(deque(filter(self._is_set, extradata_units(packet)), _MOST_SETS))
        for unit in chain(changed_extradata_units(packet), units(packet)):
            if self._is_slice(unit):
                break
            if self._is_set(unit):
                self._waiting.append(unit)
        else:
            return b""
        has_changed = self._take(self._waiting)
        self._waiting.clear()
        if packet.is_keyframe:
            try:
                if self._begins_anew(unit, number, has_changed, breaks):
                    breaks.numbers.append(number)
            except IndexError:
                pass  # a header that is cut off or damaged tells nothing
        return unit

    def _take(self, found: Iterable[bytes]) -> bool:
        """Remember the parameter sets, some of which stand side by side; whether a sequence has others than before."""
        has_changed = False
        for kind in self.sets:
            own = {unit for unit in found if self._kind(unit) == kind}
            before = self._sets.get(kind, set())
            if own and before and kind == min(self.sets):
                has_changed = not (own <= before or own >= before)
            if own and own != before:
                self._sets[kind] = own
                self._said.pop(kind, None)
        return has_changed

    def _by_sets(self, kind: int, read: Callable[[bytes], _Read]) -> _Read:
        """What the newest parameter sets of a kind say. Raises IndexError where they are missing or do not agree."""
        if kind not in self._said:
            self._said[kind] = agreed(read, self._sets.get(kind, ()))
        said: _Read | None = self._said[kind]
        if said is None:
            raise IndexError
        return said

    def _slice_of(self, packet: Packet[VideoStream]) -> bytes:
        """The first slice of a packet, b"" where it has none."""
        return next(filter(self._is_slice, units(packet)), b"")

    def _is_set(self, unit: bytes) -> bool:
        return self._kind(unit) in self.sets

    def _is_slice(self, unit: bytes) -> bool:
        raise NotImplementedError

    def _kind(self, unit: bytes) -> int:
        raise NotImplementedError

    def _begins_anew(self, first: bytes, number: int, has_changed: bool, breaks: Breaks) -> bool:
        raise NotImplementedError


class NumberedFrames(_Numbered):
    """By frame_num (ITU-T H.264, 7.4.3): that of a picture is one more than that of the last reference picture."""

    sets = frozenset({7})

    def __init__(self) -> None:
        super().__init__()
        self._before: int | None = None  # the number of the last reference picture
        self._is_open = False  # whether the last picture is a keyframe that does not begin the count anew
        self._first: Slice | None = None  # of a field that lacks its second one

    def add(self, packet: Packet[VideoStream], number: int, breaks: Breaks) -> None:
        """See `Finder`."""
        unit = self._first_of(packet, number, breaks)
        if not unit:
            return
        is_key = packet.is_keyframe or unit[0] & 31 == _IDR
        try:
            counter = self._by_sets(7, counter_of_h264)
            said = slice_of_h264(unit, counter)
            if said.is_of_two and breaks.first_of_two is None:
                breaks.first_of_two = number
            # One that is stored twice lacks nothing, nor does a second field.
            is_same = said.number == self._before
            if not is_key and not is_same and not self._goes_on(said, counter):
                (breaks.behind_open if self._is_open else breaks.lacking).append(number)
            if self._is_second(said) and unit[0] & 31 != _IDR:
                breaks.second_fields.append(number)
                self._first = None
            else:
                self._first = said if said.is_field and not self._has_both(packet, said, counter) else None
            self._before = said.number if unit[0] & 0x60 else self._before
            self._is_open = unit[0] & 31 != _IDR and (packet.is_keyframe or (is_same and self._is_open))
        except IndexError:
            self._before = self._first = None

    def _has_both(self, packet: Packet[VideoStream], said: Slice, counter: Counter) -> bool:
        """Whether the packet with this slice of a field has the other field too, as MP4 and Matroska store them."""
        found = (slice_of_h264(unit, counter) for unit in units(packet) if self._is_slice(unit))
        return any(one.is_bottom != said.is_bottom for one in found)

    def _is_second(self, said: Slice) -> bool:
        """Whether a slice is of the second field of the picture before (ITU-T H.264, 3.30)."""
        first = self._first
        return (
            said.is_field and first is not None and (first.number, first.is_bottom) == (said.number, not said.is_bottom)
        )

    def _kind(self, unit: bytes) -> int:
        return unit[0] & 31

    def _is_slice(self, unit: bytes) -> bool:
        return unit[0] & 31 in (1, _IDR)

    def _begins_anew(self, first: bytes, number: int, has_changed: bool, breaks: Breaks) -> bool:
        return first[0] & 31 != _IDR and (has_changed or not self._is_next(first))

    def goes_on(self, packet: Packet[VideoStream]) -> bool:
        """Whether the next packet, no keyframe, goes on by its number, as far as can be told."""
        try:
            unit = self._slice_of(packet)
            return not unit or self._is_next(unit)
        except IndexError:
            return True

    def _is_next(self, unit: bytes) -> bool:
        counter = self._by_sets(7, counter_of_h264)
        return self._goes_on(slice_of_h264(unit, counter), counter)

    def _goes_on(self, said: Slice, counter: Counter) -> bool:
        if counter.may_have_gaps or self._before is None:
            return True
        # 1 also follows a picture with which the count begins anew (memory_management_control_operation 5). A second
        # field has the number of the first one.
        is_next = said.number in (1, (self._before + 1) % (1 << counter.bits))
        return is_next or (said.is_field and said.number == self._before)


class CountedPictures(_Numbered):
    """By the picture order count (ITU-T H.265, 8.3.1), which goes on from picture to picture unless an IDR begins."""

    sets = frozenset({33, 34})

    def __init__(self) -> None:
        super().__init__()
        self._recent: deque[tuple[int, Packet[VideoStream]]] = deque(maxlen=2)

    def add(self, packet: Packet[VideoStream], number: int, breaks: Breaks) -> None:
        """See `Finder`."""
        if packet.is_keyframe:  # reading all of them takes up to 0.4 ms each
            self._first_of(packet, number, breaks)
        self._recent.append((number, packet))

    def _kind(self, unit: bytes) -> int:
        return unit[0] >> 1 & 63

    def _is_slice(self, unit: bytes) -> bool:
        return self._kind(unit) < 32

    def _begins_anew(self, first: bytes, number: int, has_changed: bool, breaks: Breaks) -> bool:
        if self._kind(first) != _CRA:
            return False
        if has_changed:
            return True
        before = [(at, unit) for at, packet in self._recent if (unit := self._slice_of(packet))]
        if len(before) == 2 and not any(self._kind(unit) >= _FIRST_IDR_OF_HEVC for _, unit in before):
            counter, extra = self._by_sets(33, counter_of_hevc), self._by_sets(34, extra_bits_of_hevc)
            numbers = before[0][0], before[1][0], number
            one, two, key = (self._count(unit, counter, extra) for unit in (before[0][1], before[1][1], first))
            may_reorder = bool(self._recent[-1][1].stream.codec_context.has_b_frames)
            breaks.orders.append(CodedOrder(numbers, (one, two, key), 1 << counter.bits, may_reorder))
        return False

    def goes_on(self, packet: Packet[VideoStream]) -> bool:
        """Whether the next packet, no keyframe, is near the last ones by its count, as far as can be told."""
        try:
            counter, extra = self._by_sets(33, counter_of_hevc), self._by_sets(34, extra_bits_of_hevc)
            recent = (each for _, each in self._recent)
            found = [unit for unit in map(self._slice_of, (*recent, packet)) if unit]
            *before, own = (0 if self._is_idr(unit) else self._count(unit, counter, extra) for unit in found)
            half = 1 << counter.bits - 1
            return not before or min(abs((own - count + half) % (2 * half) - half) for count in before) <= _KEPT
        except (IndexError, ValueError):
            return True

    def _is_idr(self, unit: bytes) -> bool:
        return _FIRST_IDR_OF_HEVC <= self._kind(unit) < _CRA

    def _count(self, unit: bytes, counter: Counter, extra: tuple[bool, int]) -> int:
        is_told, reserved = extra
        bits = Bits(unit[2:])
        if not bits.read(1):
            raise IndexError  # no first slice
        bits.read(1 if self._kind(unit) >= _FIRST_IDR_OF_HEVC else 0)
        bits.number(), bits.read(reserved), bits.number(), bits.read(is_told + 2 * counter.has_planes)
        return bits.read(counter.bits)


COUNTED: dict[str, type[NumberedFrames | CountedPictures]] = {"h264": NumberedFrames, "hevc": CountedPictures}
"""What looks at the pictures of a codec, by FFmpeg's name, that numbers each of them."""
