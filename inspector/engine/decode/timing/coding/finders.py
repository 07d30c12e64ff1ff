"""What finds breaks in the coding of a stream, by its codec: that of MPEG-1 and MPEG-2 is here."""

from __future__ import annotations

from av.packet import Packet
from av.video.stream import VideoStream

from inspector.engine.decode.timing.coding.coding_breaks import COUNTED, Breaks, Finder

_SEQUENCE, _EXTENSION, _GROUP = b"\0\0\1\xb3", b"\0\0\1\xb5", b"\0\0\1\xb8"
_PICTURE, _P_PICTURE, _B_PICTURE = b"\0\0\1\0", 2, 3  # and kinds of pictures
_NUMBERS, _MOST_AHEAD = 1 << 10, 64  # of pictures before they begin anew; from one reference to the next one
_MPEG2_BYTES = 4096  # of a packet, in which its headers are
_RATES = {1: 24, 2: 24, 3: 25, 4: 30, 5: 30, 6: 50, 7: 60, 8: 60}  # H.262, table 6-4, as time codes count
_DROPPED = {30: 2, 60: 4}  # numbers of pictures that a time code leaves out each minute, where it says so
_RIGHT_GROUPS = 2  # in a row before a time code is believed
_PICTURE_EXTENSION, _REPEATS_FIELD = 8, 2  # H.262, 6.2.3.1: the kind of extension, and a bit of its fourth byte


def finder_for(codec: str) -> Finder | None:
    """What finds breaks in a stream of this codec, by FFmpeg's name; None where nothing does."""
    kinds: dict[str, type[Finder]] = {**COUNTED, "mpeg1video": _Mpeg2, "mpeg2video": _Mpeg2}
    return kinds[codec]() if codec in kinds else None


class _Mpeg2:
    """By what a sequence header says of all pictures, by broken links and time codes (ITU-T H.262, 6.3.3, 6.3.8)."""

    def __init__(self) -> None:
        self._sequence = b""
        self._rate = 0  # pictures in a second of the time code
        self._time: int | None = None  # of the group, in pictures
        self._pictures = self._right = 0  # in the group, and groups in a row that were as long as the time codes say
        self._order = _TemporalOrder()
        self._repeats = False  # whether fields of the group are shown again, which time codes count

    def add(self, packet: Packet[VideoStream], number: int, breaks: Breaks) -> None:
        """See `Finder`."""
        start = bytes(memoryview(packet)[:_MPEG2_BYTES])
        data = start if packet.is_keyframe else b""
        at = data.find(_GROUP)
        breaks.lacking += self._order.missing_at(start, number)
        begins_anew = self._changes_sequence(data)
        if 0 <= at < len(data) - 7:
            is_link_broken = data[at + 7] & 0x60 == 0x20  # of an open group
            jumps = self._jumps(int.from_bytes(data[at + 4 : at + 8], "big") >> 7)
            begins_anew = begins_anew or is_link_broken or jumps
        if begins_anew:
            breaks.numbers.append(number)
        self._pictures += 1
        self._repeats = self._repeats or _repeats_field(start)

    def _changes_sequence(self, data: bytes) -> bool:
        """Whether size, shape of the pixels, rate, profile or scanning change; the bit rate may vary."""
        at = data.find(_SEQUENCE)
        if at < 0 or len(data) < at + 8:
            return False
        extension = data.find(_EXTENSION, at)
        sequence = data[at + 4 : at + 8] + (data[extension + 4 : extension + 6] if extension > 0 else b"")
        has_changed, self._sequence = bool(self._sequence) and sequence != self._sequence, sequence
        self._rate = _RATES.get(sequence[3] & 15, 0)
        return has_changed

    def _jumps(self, code: int) -> bool:
        """Whether the time code of a group is not that behind the group before, though those before it were."""
        is_drop, hours, minutes = code >> 24, code >> 19 & 31, code >> 13 & 63
        time = ((hours * 60 + minutes) * 60 + (code >> 6 & 63)) * self._rate + (code & 63)
        day = 24 * 60 * 60 * self._rate
        if is_drop:
            dropped = _DROPPED.get(self._rate, 0)
            time -= dropped * (60 * hours + minutes - (60 * hours + minutes) // 10)
            day -= dropped * (24 * 60 - 24 * 6)
        step = None if self._time is None or not day else (time - self._time) % day
        is_right = step == self._pictures
        jumps = self._right >= _RIGHT_GROUPS and not is_right and not self._repeats
        self._right = self._right + 1 if is_right else 0
        self._time, self._pictures, self._repeats = time, 0, False
        return jumps


class _TemporalOrder:
    """Whether pictures of a group are missing, by their numbers in the order of display (H.262, 6.3.9)."""

    def __init__(self) -> None:
        self._before: int | None = None  # the number of the reference before
        self._newest: int | None = None  # of the newest one
        self._at: int | None = None  # its packet, if it refers to others
        self._between: set[int] = set()  # the numbers of pictures that were stored behind it

    def missing_at(self, start: bytes, packet: int) -> list[int]:
        """The packet, no keyframe, before which pictures were found to be missing, alone; `start` of the next one."""
        found: list[int] = []
        picture = start.find(_PICTURE)
        if not 0 <= picture < len(start) - 5:
            self._before = self._newest = self._at = None  # its number is not known, nor what follows it
            return found
        number, kind = start[picture + 4] << 2 | start[picture + 5] >> 6, start[picture + 5] >> 3 & 7
        if 0 <= start.find(_GROUP) < picture:
            found += self._closed()
            self._before = self._newest = self._at = None
        newest = self._newest
        if kind == _B_PICTURE:
            if newest is not None and not self._is_between(number, newest):
                found.append(packet)
                self._newest = None  # until the next reference
            self._between.add(number)
        elif number != newest:  # no second field
            found += self._closed()
            is_known = newest is not None or self._before is None
            is_next = newest is None or 0 < (number - newest) % _NUMBERS < _MOST_AHEAD
            if kind == _P_PICTURE and is_known and not is_next:
                found.append(packet)
            self._before, self._newest, self._between = newest, number, set()
            self._at = packet if kind == _P_PICTURE else None
        return found

    def _is_between(self, number: int, newest: int) -> bool:
        """Whether a picture is displayed between the two newest references, or before the first of a group."""
        if self._before is None:
            return 0 < (newest - number) % _NUMBERS < _MOST_AHEAD
        return 0 < (number - self._before) % _NUMBERS < (newest - self._before) % _NUMBERS

    def _closed(self) -> list[int]:
        """The newest reference if pictures before it are missing: no more of them are stored behind it."""
        if self._at is None or self._before is None or self._newest is None:
            return []
        expected = (self._newest - self._before) % _NUMBERS - 1
        return [self._at] if len(self._between) < expected < _MOST_AHEAD else []


def _repeats_field(data: bytes) -> bool:
    """Whether a picture of MPEG-2 is to be shown for longer than others, as films are at 30 pictures in a second."""
    at = data.find(_EXTENSION)
    while 0 <= at < len(data) - 7:
        if data[at + 4] >> 4 == _PICTURE_EXTENSION:
            return bool(data[at + 7] & _REPEATS_FIELD)
        at = data.find(_EXTENSION, at + 4)
    return False
