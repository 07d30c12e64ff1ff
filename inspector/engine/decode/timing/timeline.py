"""Continuous display times from stored time stamps that go back, repeat, jump, wrap around or are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from inspector.domain.arrays import Flags, PtsArray
from inspector.domain.clip import Section
from inspector.engine.decode.frame_index import NO_PTS

# The most pictures between which a codec reorders (ITU-T H.264, A.3.1: 16 in the decoded picture buffer).
REORDER = 17
# A jump ahead by so many usual steps, and at least so many seconds, begins a new section. The times of the shorter one
# stay as they are stored; after the longer one the clip's times run on.
_NAMED_STEPS, _NAMED_SECONDS = 20, 2.0
_FOLDED_STEPS, _FOLDED_SECONDS = 100, 60.0
# With a variable rate, a picture may stay for so long: a screen on which nothing happens is not stored again.
_STILL_SECONDS = 600.0
_NEXT = 8  # following packets that tell a seam from a single wrong time stamp
# Counters of MPEG-TS and MPEG-PS (33 bits of 90 kHz), and of FLV and others (32, 31 and 24 bits of milliseconds).
MPEG_WRAP = 1 << 33
_WRAPS = (MPEG_WRAP, 1 << 32, 1 << 31, 1 << 24)


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """The sections of a stream, and for each picture in decoding order its section and whether its stamp is used.

    `section` int64 (n,), `is_used` bool (n,): False where the stamp is missing, repeats or lies far off.
    """

    sections: tuple[Section, ...]
    offsets: tuple[int, ...]  # of each section: display time less stored stamp
    section: npt.NDArray[np.int64]
    is_used: Flags
    step: int  # the usual distance of two pictures in ticks
    wide: int  # a distance that is rarely exceeded
    is_joined: tuple[bool, ...] = (False,)  # of each section: whether it is another recording, whose times run on

    @property
    def is_plain(self) -> bool:
        """Whether the stored time stamps are the display times."""
        return not any(self.offsets) and bool(self.is_used.all())

    def of(self, kept: Flags) -> Timeline:
        """The timeline of those pictures alone that `kept` (n,) marks."""
        return replace(self, section=self.section[kept], is_used=self.is_used[kept])

    def joints(self) -> PtsArray:
        """The pictures with which another recording begins: their places in decoding order, int64 (m,)."""
        starts = np.flatnonzero(np.diff(self.section)) + 1
        found: PtsArray = starts[np.array(self.is_joined)[self.section[starts]]]
        return found

    def started_at(self, times: PtsArray, pts: PtsArray) -> Timeline:
        """With the sections started at their first pictures by the final `times`, for the stored `pts`, both (n,)."""
        sections = []
        for number, section in enumerate(self.sections):
            own = np.flatnonzero(self.section == number)
            first = own[np.argmin(times[own])] if len(own) else None
            stored = section.stored_pts if first is None or pts[first] == NO_PTS else int(pts[first])
            start = section.start_pts if first is None else int(times[first])
            sections.append(replace(section, start_pts=start, stored_pts=stored))
        return replace(self, sections=tuple(sections))

    def times(self, pts: PtsArray) -> PtsArray:
        """The display times of pictures with these stored stamps, where they are used; else NO_PTS."""
        shifted = pts + np.array(self.offsets, np.int64)[self.section] if len(pts) else pts
        return np.where(self.is_used, shifted, NO_PTS)


def make_timeline(
    pts: PtsArray,
    is_key: Flags,
    is_loss: npt.NDArray[np.int64],
    time_base: Fraction,
    duration: int = 1,
    has_passed: Flags | None = None,
    *,
    has_counter: bool = True,
) -> Timeline:
    """The timeline of pictures with the stamps `pts` (NO_PTS where missing) in decoding order.

    `is_loss` int64 is not 0 where there is evidence that data was lost shortly before the picture, so that a jump ahead
    is no seam; it is 1 where the evidence may be a splice if a keyframe follows. `has_passed` bool is
    True where something else in the file tells that the time before the picture has passed. All are (n,). `duration` in
    ticks is that of a picture whose neighbours have no stamps. `has_counter` is whether the container's stamps wrap
    around.
    """
    step, wide = _steps(pts, duration)
    limits = _Limits(step, wide, time_base, has_counter)
    if _is_regular(pts, is_key, limits):
        first = int(pts.min()) if len(pts) else 0
        return Timeline(
            (Section(first, first),), (0,), np.zeros(len(pts), np.int64), np.ones(len(pts), np.bool_), step, wide
        )
    passed = np.zeros(len(pts), np.bool_) if has_passed is None else has_passed
    scan = _Scan(pts, is_key, is_loss, passed, limits, REORDER if is_reordered(pts) else 1)
    scan.run()
    return _joined(pts, scan)


@dataclass(frozen=True, slots=True)
class _Limits:
    """Distances in ticks."""

    step: int
    wide: int  # hardly any step of the stream is longer
    time_base: Fraction
    has_counter: bool

    @property
    def is_variable(self) -> bool:
        return self.wide > self.step + max(self.step // 4, 2)

    @property
    def still(self) -> int:
        return round(_STILL_SECONDS / self.time_base)

    @property
    def named(self) -> int:
        if self.is_variable:
            return self.folded  # a picture may stay for long
        return max(_NAMED_STEPS * self.wide, round(_NAMED_SECONDS / self.time_base))

    @property
    def folded(self) -> int:
        return max(_FOLDED_STEPS * self.wide, round(_FOLDED_SECONDS / self.time_base))


def _steps(pts: PtsArray, duration: int) -> tuple[int, int]:
    """The usual step in display order, and one that is rarely exceeded; joined recordings hardly change either."""
    return _usual(np.diff(np.unique(pts[pts != NO_PTS])), duration)


def _usual(steps: PtsArray, default: int) -> tuple[int, int]:
    """The median and the 95th percentile of steps."""
    if not len(steps):
        return default, default
    return max(int(np.median(steps)), 1), max(int(np.percentile(steps, 95, method="lower")), 1)


def _is_regular(pts: PtsArray, is_key: Flags, limits: _Limits) -> bool:
    if (pts == NO_PTS).any():
        return False
    if len(pts) < 2:
        return True
    order = np.argsort(pts, kind="stable")
    steps = np.diff(pts[order])
    highest = np.maximum.accumulate(pts)
    goes_back = is_key[1:] & (pts[1:] <= highest[:-1])
    return bool(
        steps.min() > 0
        and steps.max() <= limits.named
        and np.abs(order - np.arange(len(order))).max() <= REORDER
        and not goes_back.any()
    )


def is_reordered(pts: PtsArray) -> bool:
    """Whether pictures are stored in another order than they are displayed in, not counting single jumps back."""
    known = pts[pts != NO_PTS]
    behind = np.count_nonzero(known[1:] < known[:-1])
    return bool(behind * 8 > len(known))


@dataclass(slots=True)
class _Scan:
    """Goes through the packets in decoding order and finds where sections begin and which stamps stand alone."""

    pts: PtsArray
    is_key: Flags
    is_loss: npt.NDArray[np.int64]
    has_passed: Flags
    limits: _Limits
    reorder: int  # the most pictures within which stamps may go back
    starts: list[tuple[int, str, int | None]] = field(default_factory=list)  # packet, reason, shift of the stamps
    used: list[bool] = field(default_factory=list)
    _recent: list[int] = field(default_factory=list)  # the newest used stamps of the section
    _seen: set[int] = field(default_factory=set)
    _highest: int = NO_PTS

    def run(self) -> None:
        """Fill `starts` and `used`."""
        self._begin(0, "", None)
        stamps = self.pts.tolist()
        for at, pts in enumerate(stamps):
            self.used.append(pts != NO_PTS and self._take(at, pts, stamps))
            if self.used[-1]:
                self._recent = [*self._recent, pts][-self.reorder :]
                self._seen.add(pts)
                self._highest = max(self._highest, pts)

    def _begin(self, at: int, reason: str, shift: int | None) -> None:
        self.starts.append((at, reason, shift))
        self._recent, self._highest = [], NO_PTS
        self._seen = set()

    def _take(self, at: int, pts: int, stamps: Sequence[int]) -> bool:
        """Whether to use a stamp, in this section or in a new one that it begins."""
        if not self._recent or self._is_in_line(pts, at):
            return True
        following = [p for p in stamps[at + 1 : at + 1 + _NEXT] if p != NO_PTS]
        if pts == self._highest and not any(p < pts for p in following[:4]):
            return False  # a stamp that is repeated, and not gone back behind, begins nothing
        is_key = bool(self.is_key[at])
        if self._is_still(at, pts) and 2 * sum(abs(p - pts) <= self._reach for p in following) >= len(following):
            return True
        is_seam = is_key and not following
        if 2 * sum(abs(p - pts) <= self._reach for p in following) > len(following):
            if pts > self._highest:
                is_seam = True
            elif is_key:
                is_seam = any(p <= self._highest for p in following[:4])
            else:
                is_seam = 2 * sum(self._is_in_line(p, at) for p in following) <= len(following)
        if is_seam:
            self._begin(at, *self._reason(pts, bool(self.has_passed[at])))
        return is_seam

    def _is_still(self, at: int, pts: int) -> bool:
        """Whether the picture before may have stayed until this stamp: with a variable rate, and not for too long."""
        is_near = bool(self.has_passed[at]) or pts - self._highest <= self.limits.still
        return self.limits.is_variable and pts > self._highest and is_near

    def _is_in_line(self, pts: int, at: int) -> bool:
        """Whether a stamp continues the section: not far from the newest ones, and not used before."""
        lowest = min(self._recent)
        if self.reorder > 1 and len(self._recent) < self.reorder:
            lowest -= self.reorder * self.limits.step
        is_loss = self.is_loss[max(at - _NEXT, 0) : at + 1].max() > int(self.is_key[at])
        highest = self._highest + (self.limits.folded if is_loss else self.limits.named)
        if not lowest <= pts <= highest or pts in self._seen:
            return False
        return not (self.is_key[at] and pts < self._highest)

    @property
    def _reach(self) -> int:
        return max(REORDER * self.limits.wide, self.limits.named)

    def _reason(self, pts: int, has_passed: bool) -> tuple[str, int | None]:
        """Why a section begins, and how its stamps are shifted; None to let the times run on."""
        jump, limits = pts - self._highest, self.limits
        # FFmpeg adds the counter's range to a stamp that is far below the first one.
        added = {Fraction(1, 90000): MPEG_WRAP, Fraction(1, 1000): 1 << 32}.get(limits.time_base, 0)
        added = added if limits.has_counter and pts >= added > self._highest else 0
        jump -= added
        # A picture may be shown before some that are stored before it.
        earliest = -self.reorder * limits.step if self.reorder > 1 else 1
        for wrap in _WRAPS:
            if earliest <= jump + wrap <= limits.named:
                return f"the clock of the time stamps wraps around after {wrap.bit_length() - 1} bits", wrap - added
        seconds = float(abs(jump) * limits.time_base)
        if jump > limits.folded and not has_passed:
            return f"the time stamps jump ahead by {seconds:,.1f} s", None
        if jump > 0:
            return f"the time stamps jump ahead by {seconds:,.1f} s, with no sign of lost data", 0
        # From where they would have gone on, at the rate of their own section.
        recent: PtsArray = np.sort(np.array(self._recent, np.int64))
        step, _ = _usual(np.diff(recent), limits.step)
        return f"the time stamps go back by {seconds + float(step * limits.time_base):,.2f} s", None


def _joined(pts: PtsArray, scan: _Scan) -> Timeline:
    """The sections one after another, each a usual step behind the last picture of the one before."""
    starts, step = [at for at, *_ in scan.starts], scan.limits.step
    used = np.array(scan.used, np.bool_)
    index = np.repeat(np.arange(len(starts)), np.diff([*starts, len(pts)]))
    sections: list[Section] = []
    offsets: list[int] = []
    end = 0
    steps: list[PtsArray] = []
    pictures = 0
    for number, (_, reason, shift) in enumerate(scan.starts):
        is_own = (index == number) & used
        own, places = pts[is_own], np.flatnonzero(is_own)
        first, last = (int(own.min()), int(own.max())) if len(own) else (0, 0)
        before = offsets[-1] if offsets else 0
        offset = 0 if not offsets else end - first if shift is None else before + shift
        sections.append(Section(first + offset, first, reason))
        # Where a clock wraps around, pictures of both sections may be displayed by turns.
        room = scan.reorder * step if shift and scan.reorder > 1 else 0
        offsets.append(max(offset, end - first - room) if offsets else offset)
        # Pictures without a usable stamp need room too.
        missing = int(np.count_nonzero((index == number) & ~used))
        steps.append(np.diff(np.sort(own)))
        if len(own) > 1:
            pictures += int(places[-1] - places[0])
            step = _picture_step(steps[-1], int(places[-1] - places[0]))
        spread = max(int((last - first) // step) + 1, 1)
        end = last + offsets[-1] + step * (1 + max(missing + len(own) - spread, 0))
    is_joined = (False, *(shift is None for _, _, shift in scan.starts[1:]))
    found = np.concatenate(steps)
    usual, wide = _usual(found, scan.limits.step)
    usual = _picture_step(found, pictures) if len(found) else usual
    return Timeline(tuple(sections), tuple(offsets), index, used, usual, wide, is_joined)


def _picture_step(steps: PtsArray, pictures: int) -> int:
    """The usual distance of two of so many pictures, between which used stamps have these steps (n,).

    Where many have no stamp, as those that share a packet, a step leads over several pictures.
    """
    step = int(np.median(steps))
    return max(min(step, int(steps.sum()) // pictures) if pictures > len(steps) else step, 1)


def is_even(stamps: PtsArray) -> bool:
    """Whether all stamps are known and have the same distance."""
    steps = np.diff(np.sort(stamps))
    return bool((stamps != NO_PTS).all()) and (not len(steps) or bool((steps == steps[0]).all() and steps[0] > 0))


def with_clock_wrap(sections: tuple[Section, ...], times: PtsArray, stamps: PtsArray) -> tuple[Section, ...]:
    """The sections of an MPEG stream, and one from where its 33-bit clock wraps around, which needs no change of times.

    FFmpeg counts on behind that point, or counts up to 0 before it. `times` and `stamps` int64 (n,) are those of the
    pictures.
    """
    order = np.argsort(times, kind="stable")
    times, stamps = times[order], stamps[order]
    is_behind = np.where(stamps >= MPEG_WRAP, 2, stamps >= 0)
    is_known = stamps != NO_PTS
    found = np.flatnonzero((is_behind[1:] > is_behind[:-1]) & is_known[1:] & is_known[:-1]) + 1
    known = {section.start_pts for section in sections}
    reason = "the clock of the time stamps wraps around after 33 bits"
    new = [
        Section(int(times[at]), int(stamps[at]) % MPEG_WRAP, reason)
        for at in found.tolist()
        if int(times[at]) not in known
    ]
    return tuple(sorted([*sections, *new[:1]], key=lambda section: section.start_pts))


def fill(times: PtsArray, step: int) -> PtsArray:
    """Times for pictures in display order where `times` has NO_PTS: evenly between their neighbours, or a step apart.

    The result rises strictly; where the known times leave no room, the later ones move by a tick.
    """
    filled = times.copy()
    known = np.flatnonzero(times != NO_PTS)
    if not len(known):
        return np.arange(len(times), dtype=np.int64) * step
    first, last = known[0], known[-1]
    filled[:first] = times[first] - step * np.arange(first, 0, -1)
    filled[last + 1 :] = times[last] + step * np.arange(1, len(times) - last)
    for left, right in pairwise(known.tolist()):
        if right - left > 1:
            share = np.arange(1, right - left) * (times[right] - times[left]) // (right - left)
            filled[left + 1 : right] = times[left] + share
    ramp = np.arange(len(filled), dtype=np.int64)
    return np.maximum.accumulate(filled - ramp) + ramp
