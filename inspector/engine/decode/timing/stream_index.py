"""The index of a clip's video stream, built in one pass: stored packets, timeline, frames, and where data was lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from threading import Lock

import numpy as np

from inspector.domain.account import PictureAccount
from inspector.domain.arrays import PtsArray
from inspector.domain.clip import Section
from inspector.engine.decode.container import MediaSource, open_media
from inspector.engine.decode.frame_index import NO_PTS, FrameIndex
from inspector.engine.decode.timing import remarks
from inspector.engine.decode.timing.avi_places import Places, find_places, with_index, with_keys
from inspector.engine.decode.timing.between_packets import without_known_bytes
from inspector.engine.decode.timing.file_end import find_end, fragments_of, ivf_pictures
from inspector.engine.decode.timing.following import following_files
from inspector.engine.decode.timing.joints import find_joints
from inspector.engine.decode.timing.losses import (
    SHORTER,
    Loss,
    after_holes,
    find_breaks,
    find_evidence,
    find_losses,
    with_lacking,
    with_missing_bytes,
    with_other_codecs,
    with_torn,
)
from inspector.engine.decode.timing.matroska_places import find_missing_bytes
from inspector.engine.decode.timing.output_order import (
    decode_order,
    fill_in_order,
    groups_around,
    has_regular_timestamps,
    is_upset,
    rank_pictures,
)
from inspector.engine.decode.timing.own_times import with_own_times
from inspector.engine.decode.timing.stored import Role, has_passed, read_packets
from inspector.engine.decode.timing.timeline import (
    Timeline,
    fill,
    is_even,
    is_reordered,
    make_timeline,
    with_clock_wrap,
)
from inspector.engine.decode.timing.torn import torn_pictures
from inspector.engine.decode.timing.undelivered import find_undelivered

_RATE_PICTURES = 2000
_LONG_STAMPS = ("mov", "matroska", "nut")  # their time stamps have 64 bits, which FFmpeg takes as they are
# In an MPEG-4 stream, no larger packet holds only a frame that is not coded (FFmpeg's mpeg4_unpack_bframes).
_MAX_NOT_CODED = 19


class StreamIndex:
    """What is known of a video stream, in a `container` by FFmpeg's name. Immutable to its users and safe for threads.

    `frames` decodes the whole clip on first use where the stored time stamps do not tell the order of the pictures.
    """

    def __init__(self, source: MediaSource, should_continue: Callable[[], bool] = lambda: True) -> None:
        self._source = source
        self._lock = Lock()
        with open_media(source) as media:
            name = media.container.format.name
            self.packets = without_known_bytes(read_packets(media, should_continue), source, name)
            fragments = fragments_of(source, name)
            self.following = following_files(source, self.packets.end, name)
            data_end = self.following[0][0] if self.following else None
            self.end = find_end(media, source, self.packets, fragments, data_end)
            self.time_base = media.stream.time_base or Fraction(1, 1000)
            read = self.packets
            if not source.length:
                self.packets = with_own_times(read, source.path, name, self.time_base, self.end)
            self._is_restamped = self.packets is not read
            self.declared, self.container = media.stream.frames or None, name
            self._stream, self._track, context = media.stream.index, media.stream.id, media.stream.codec_context
            self._codec, self._may_reorder = context.name, bool(context.has_b_frames)
            self._has_palette = context.pix_fmt == "pal8"  # which FFmpeg gives with the first packet
        self._rows = np.flatnonzero(self.packets.role == Role.PICTURE)
        if fragments.count:
            self.declared = None  # it counts the pictures before the first fragment
        elif self.container == "ivf":
            self.declared = ivf_pictures(self.declared, self.packets)
            self.end = self.end.of_ivf(self.declared, len(self.packets))
        self._places: Places | None = None
        if self.container == "avi" and not source.length:
            self._places = find_places(self.packets, source.path, self._stream)
            self.packets = with_keys(self.packets, self._places)
        self._torn, behind = torn_pictures(
            source, self.packets, self._rows, self.container, self._codec, self._track, fragments.torn
        )
        self._evidence = find_evidence(self.packets, self.container, fragments.missing)
        self._evidence = with_torn(self._evidence, behind, self.container, self.packets.is_key)
        self._evidence = with_index(self._evidence, self._places)
        found = find_undelivered(source, self.packets, self.container, self._stream, self._track, self.declared)
        self.declared, self.others, self._undelivered_cut = found.declared, found.others, found.cut
        self._empty = max(found.empty, 0 if self._places is None else self._places.empty)
        if self._places is None and found.missing_bytes is not None:
            self.end = replace(self.end, missing_bytes=found.missing_bytes)
        self._evidence = with_other_codecs(self._evidence, self.others)
        if self.end.missing_inside:
            missing = find_missing_bytes(source.path, self.packets, self.end.missing_inside)
            self._evidence = with_missing_bytes(self._evidence, self.packets, self._rows, missing)
        breaks = find_breaks(self.packets, self._rows, self._evidence)
        is_regular = is_upset(self.packets, self._evidence, self.container)
        is_regular = is_regular or has_regular_timestamps(source, self.packets, self._is_restamped, breaks.tolist())
        may_repeat = self._codec == "mpeg4" and bool((self.packets.size <= _MAX_NOT_CODED).any())
        self._needs_decoding = not is_regular or may_repeat
        self._stamps = self._choose_stamps()
        self.timeline = self._make_timeline()
        self.joints = find_joints(source, self.timeline, self.packets, self._rows, self._codec, breaks)
        self._evidence = with_lacking(self._evidence, self.joints.lacking, self.packets.is_key)
        self._frames: FrameIndex | None = None
        self._times: PtsArray | None = None
        self._losses: tuple[Loss, ...] = ()
        self.unreferenced: frozenset[int] = frozenset()
        self.torn: frozenset[int] = frozenset()  # the pts of pictures of which a part is missing
        if not self._needs_decoding:
            self._build()

    def _make_timeline(self) -> Timeline:
        passed = has_passed(self.packets, self._rows, self.time_base)
        is_key, marks, duration = self.packets.is_key[self._rows], self._loss_marks(), self.packets.usual_duration
        has_counter = not any(name in self.container for name in _LONG_STAMPS)
        return make_timeline(self._stamps, is_key, marks, self.time_base, duration, passed, has_counter=has_counter)

    # --- stamps and frames -------------------------------------------------------------------------------------------

    @property
    def is_in_decoding_order(self) -> bool:
        """Whether the file gives its pictures ascending stamps in decoding order, though they are reordered."""
        return self._needs_decoding and not is_reordered(self.packets.pts[self._rows])

    def _choose_stamps(self) -> PtsArray:
        pts, dts = self.packets.pts[self._rows], self.packets.dts[self._rows]
        if self._places is not None:
            pts, dts = self._places.moved(pts, dts, self._rows)
        if self.is_in_decoding_order and len(dts) and (dts != NO_PTS).all():
            return dts  # FFmpeg derives such a container's pts from the dts, not always evenly
        # FFmpeg's parser gives the first picture of a raw MPEG stream no time of its own.
        if self.container in ("avi", "mpegvideo") and not self._needs_decoding and is_even(dts) and not is_even(pts):
            stamps = np.empty_like(pts)
            stamps[np.argsort(pts, kind="stable")] = np.sort(dts)
            return stamps
        return pts

    @property
    def frames(self) -> FrameIndex:
        """The index of the frames in display order."""
        self._build()
        assert self._frames is not None
        return self._frames

    @property
    def times(self) -> PtsArray | None:
        """The pts to decode each packet with, int64 (n,), NO_PTS for one without a picture; None if as stored."""
        self._build()
        return self._times

    @property
    def losses(self) -> tuple[Loss, ...]:
        """Intervals without pictures, next to evidence of lost data, in display order."""
        self._build()
        return self._losses

    def _build(self) -> None:
        with self._lock:
            if self._frames is not None:
                return
            times = self._picture_times()
            rows = self._rows
            order = np.argsort(times, kind="stable")
            pts, pos = times[order], self.packets.pos[rows][order]
            # A second field or a repeat must not be decoded with its stamp: no picture comes of it.
            is_alone = not self._is_restamped and not np.isin(self.packets.role, (Role.FIELD, Role.REPEAT)).any()
            is_plain = bool(is_alone and np.array_equal(times, self.packets.pts[rows]))
            self.timeline = self.timeline.started_at(times, self.packets.pts[rows])
            stored = pts if is_plain else self.packets.pts[rows][order]
            # Packets that were divided have no position, and the numbers after a seek would not count them.
            is_divided = self.container == "mjpeg" and bool((pos < 0).any())
            can_seek = not (self._needs_decoding or is_divided or self._has_palette)
            if not is_plain:
                # Frames and other packets after a seek are told by their position in the file.
                self._times = np.where(np.isin(self.packets.role, (Role.CUT, Role.HIDDEN)), self.packets.pts, NO_PTS)
                self._times[rows] = times
                own = self.packets.pos[self.packets.role != Role.FIELD]
                can_seek = can_seek and bool((np.diff(own) > 0).all())
            self._losses = find_losses(
                self.packets, rows, times, self.timeline.step, self.section_starts, self._evidence
            )
            sizes = self.packets.size[rows][order]
            self._frames = FrameIndex(pts, self.packets.is_key[rows][order], pos, stored, can_seek, sizes)
            self.torn = frozenset(times[np.isin(rows, self._torn)].tolist())
            self.unreferenced, keys = self._behind_holes(times)
            self.joints = self.joints.at(rows, times, self.section_starts, keys)

    def _picture_times(self) -> PtsArray:
        """The display time of each picture, in decoding order. Takes second fields and repeats out of `_rows`."""
        times = self.timeline.times(self._stamps)
        if self._needs_decoding:
            return self._times_by_decoding(times)
        unclear = ~self.timeline.is_used
        if is_reordered(self._stamps):  # around a seam the pictures of both sections may be displayed by turns
            unclear = unclear | (np.diff(self.timeline.section, prepend=0) > 0)
        if not unclear.any():
            return times
        wanted = groups_around(self._rows[unclear].tolist(), self.packets.is_key)
        found = decode_order(self._source, wanted, self.joints.anew)
        # Outside these groups the stamps themselves give the order.
        rank = rank_pictures(found.numbers, self._rows, times)
        return fill_in_order(times, rank, self.timeline.step)

    def _times_by_decoding(self, times: PtsArray) -> PtsArray:
        found = decode_order(self._source, np.ones(len(self.packets), np.bool_), self.joints.anew)
        shown = set(found.numbers)
        role = self.packets.role.copy()
        for row in self._rows.tolist():
            if row in shown or row in found.rejected:
                continue
            if row - 1 in found.interlaced or row + 1 in found.interlaced:
                role[row] = Role.FIELD
            elif self._codec == "mpeg4" and self.packets.size[row] <= _MAX_NOT_CODED:
                role[row] = Role.REPEAT
        kept = role[self._rows] == Role.PICTURE
        self.packets = replace(self.packets, role=role)
        self._rows, times = self._rows[kept], times[kept]
        self._stamps = self._stamps[kept]
        self.timeline = self.timeline.of(kept)
        place = {number: at for at, number in enumerate(found.numbers)}
        key, keys = -1.0, []
        for row in self._rows.tolist():
            key = place.get(row, key)  # one without a picture stays behind the one stored before it
            keys.append(key)
        rank = np.lexsort((self._rows, np.array(keys)))
        if self.is_in_decoding_order:
            ascending = fill(times, self.timeline.step)
            result = np.empty_like(ascending)
            result[rank] = np.sort(ascending)
            return result
        return fill_in_order(times, rank, self.timeline.step)

    # --- what is missing ---------------------------------------------------------------------------------------------

    def _loss_marks(self) -> PtsArray:
        """See `make_timeline`."""
        marks = np.zeros(len(self._rows) + 1, np.int64)
        for item in self._evidence:
            marks[np.searchsorted(self._rows, item.number)] = 1 if item.is_break else 2
        return marks[:-1]

    @property
    def span(self) -> tuple[int, int]:
        """Where the pictures begin and end, in pts; known without decoding."""
        times = self.timeline.times(self._stamps) if self._frames is None else self._frames.pts
        known = np.flatnonzero(times != NO_PTS)
        if not len(known):
            return 0, len(times) * self.timeline.step
        step, behind = self.timeline.step, len(times) - 1 - int(known[-1])  # without a stamp; one may be a second field
        room = (int(self.packets.duration[self._rows[-1]]) or step) + (step * behind if behind > 1 else 0)
        return int(times[known].min()), int(times[known].max()) + room

    @property
    def longest_step(self) -> int:
        """A distance of two pictures that damage explains better than the stream's rate, in ticks."""
        return max(2 * self.timeline.wide, self.timeline.step + 1)

    @property
    def _long_steps(self) -> remarks.LongSteps:
        times = self.timeline.times(self._stamps) if self._frames is None else self._frames.pts
        known = self.section_starts | {loss.gap.end_pts for loss in self._losses}
        return remarks.find_long_steps(times, self.timeline, known, self.time_base)

    def _behind_holes(self, times: PtsArray) -> tuple[frozenset[int], frozenset[int]]:
        """The pts of pictures, and of keyframes, that follow a hole without a sign of lost data; see `after_holes`."""
        steps = self._long_steps
        if steps.is_variable or self.container == "avi":
            return frozenset(), frozenset()
        return after_holes(self.packets, self._rows, times, steps.pts, self._codec)

    @property
    def section_starts(self) -> set[int]:
        """The pts at which the sections start."""
        return {section.start_pts for section in self.timeline.sections}

    @property
    def lost_at_end(self) -> tuple[int, int]:
        """How many pictures behind the last one an AVI file's index lists, and the pts at which they end."""
        return (0, 0) if self._places is None else (self._places.lost_at_end, self._places.end)

    @property
    def read_error(self) -> str:
        """Why reading stopped, "" for the regular end of the file."""
        errors = self.packets.errors
        return errors[-1][1] if errors and errors[-1][0] >= len(self.packets) else ""

    @property
    def is_variable_rate(self) -> bool:
        """Whether the frame durations differ by more than the rounding of the time base, damage and seams apart.

        An AVI file has one rate for the whole stream: where a picture stays for longer, an empty chunk repeats it.
        """
        if self.container == "avi":
            return False
        times = (self.timeline.times(self._stamps) if self._frames is None else self._frames.pts)[:_RATE_PICTURES]
        times = np.unique(times[times != NO_PTS])
        seams = [section.start_pts for section in self.timeline.sections] + [x.gap.end_pts for x in self._losses]
        steps = np.diff(times)[~np.isin(times[1:], seams)]
        return bool(len(steps)) and int(steps.max() - steps.min()) > max(2, int(steps.min()) // 20)

    # --- for people --------------------------------------------------------------------------------------------------

    @property
    def stored(self) -> int:
        """How many packets the file stores for the stream; an edit list may deliver some of them more than once."""
        return len(self.packets) - self._again(self._delivered) + self._undelivered_cut + self._empty

    @property
    def _delivered(self) -> PtsArray:
        """The positions in the file of all packets of an MP4 file with an edit list, else none."""
        is_edited = "mov" in self.container and bool(self.packets.count(Role.CUT) or self._undelivered_cut)
        return self.packets.pos if is_edited else self.packets.pos[:0]

    @staticmethod
    def _again(positions: PtsArray) -> int:
        return len(positions) - len(np.unique(positions))

    def account(self, shown: int, damaged: int, lost: int, missing: int) -> PictureAccount:
        """The account of a run over the whole clip that came to these numbers."""
        self._build()
        count = self.packets.count
        shown_once = np.unique(self._delivered[self._rows]) if len(self._delivered) else self._delivered
        cut = np.setdiff1d(self._delivered, shown_once)
        return PictureAccount(
            packets=self.stored,
            shown=shown,
            shown_again=len(self._rows) - len(shown_once) if len(self._delivered) else 0,
            cut=(len(cut) if len(self._delivered) else count(Role.CUT)) + self._undelivered_cut,
            hidden=count(Role.HIDDEN),
            repeats=count(Role.REPEAT) + self._empty,
            second_fields=count(Role.FIELD),
            without_picture=count(Role.EXTRA),
            lost=lost,
            damaged=damaged,
            missing=missing,
            declared=self.declared,
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences about time stamps that are not used, signs of damage without an interval, and an unknown end."""
        found = remarks.late_start(float(self.span[0] * self.time_base), self.packets.sound_seconds, self.container)
        found += [remarks.KEYLESS_START] * self.joints.has_keyless_start
        if self._may_reorder and self.is_in_decoding_order and self.timeline.is_used.any():
            found.append(remarks.IN_DECODING_ORDER)
        unused = self._stamps[~self.timeline.is_used]
        missing = int(np.count_nonzero(unused == NO_PTS))
        if missing:
            found.append(remarks.missing_stamps(missing, len(self._stamps), self.timeline.step * self.time_base))
        if self._is_restamped:
            found += remarks.before_zero(self._stamps[(self._stamps < 0) & (self._stamps != NO_PTS)], self.time_base)
        if len(unused) - missing:
            found.append(remarks.wrong_stamps(unused[unused != NO_PTS], self._frames, self.time_base))
        if self._frames is not None:
            times = (self.packets.pts if self._times is None else self._times)[self._rows]
            found += remarks.entered([self._seconds_at(pts) for pts in sorted(self.joints.keyless_pts)])
            found += remarks.coding_breaks([self._seconds_at(pts) for pts in self.joints.coded_pts])
            found += remarks.damaged_parts(self._evidence, self._losses, self._rows, times, self.time_base)
        if self._frames is not None or not self._evidence:
            found += remarks.long_steps(self._long_steps, len(self.unreferenced))
        is_counted = self._places is None and not (self.end.missing_bytes or self.end.zeros)
        if self.container == "avi" and is_counted and self.stored < (self.declared or 0):
            found.append(remarks.other_count(self.declared or 0, self.stored))
        if self.end.missing_inside and not any(item.is_missing for item in self._evidence):
            found.append(f"{SHORTER.format(count=self.end.missing_inside).capitalize()}.")
        if self.end.foreign:
            found.append(remarks.foreign_bytes(self.end.foreign))
        if not self.end.is_declared:
            found.append(self.end.unknown_text)
        return tuple(found)

    def _seconds_at(self, pts: int) -> float:
        return float((pts - int(self.frames.pts[0])) * self.time_base)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections, if there is more than one."""
        found = self.timeline.sections
        if self.container.startswith("mpeg"):
            found = with_clock_wrap(found, self.timeline.times(self._stamps), self._stamps)
        return found if len(found) > 1 else ()
