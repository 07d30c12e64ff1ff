"""Times as text: formats times and frame positions for lists, and parses positions that the user types."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from inspector.domain.arrays import PtsArray
from inspector.domain.clip import Clip
from inspector.domain.timecode import clock_time, rate_of
from inspector.ui.widgets.language import english, tr


def short_time(seconds: float) -> str:
    """M:SS.s, for lists."""
    tenths = max(round(seconds * 10), 0)
    minutes, rest = divmod(tenths, 600)
    return f"{minutes}:{rest // 10:02d}.{rest % 10}"


def time_left(seconds: float) -> str:
    """A rounded duration: "40 s", "3 min", "1 h 20 min"."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"


def frame_text(clip: Clip, index: int, pts: int, say: Callable[..., str] = tr) -> str:
    """ "frame 12 at 0:00.50", or "still"; with `say=english` for evidence."""
    if clip.is_still:
        return say("still")
    return say("frame {index} at {time}", index=index, time=short_time(clip.seconds(pts)))


def shown_label(label: str, clip: Clip, index: int, pts: int) -> str:
    """The label of a bookmark or picture; the one that the program gave, in English for the report, is translated."""
    return frame_text(clip, index, pts) if label == frame_text(clip, index, pts, english) else label


def index_at(pts_array: PtsArray, pts: int) -> int:
    """The index of the frame shown at a pts: the last frame that does not start later, or the first frame."""
    return max(int(np.searchsorted(pts_array, pts, side="right")) - 1, 0)


def parse_position(text: str, clip: Clip, pts_array: PtsArray) -> int:
    """The frame index for a text such as "120" or "f120", "4.2" or "4.2s", "1:02.5", "00:00:04:05" or "pts 90000".

    Raises ValueError with one sentence if the text cannot be parsed or the position is outside the clip.
    """
    wanted = text.strip().lower()
    if match := re.fullmatch(r"(?:f(?:rame)?\s*)?(\d+)", wanted):
        index = int(match[1])
        if index >= len(pts_array):
            raise ValueError(tr("The last frame of the clip is {index}.", index=len(pts_array) - 1))
        return index
    if match := re.fullmatch(r"p(?:ts)?\s*(-?\d+)", wanted):
        return _index_inside(int(match[1]), clip, pts_array)
    if match := re.fullmatch(r"(\d+[.,]\d+)(?:\s*s)?|(\d+)\s*s", wanted):
        return _index_inside(_pts_at(clip, Fraction((match[1] or match[2]).replace(",", "."))), clip, pts_array)
    if match := re.fullmatch(r"(?:(\d+):)?(\d+):(\d+(?:[.,]\d+)?)", wanted):
        seconds = int(match[1] or 0) * 3600 + int(match[2]) * 60 + Fraction(match[3].replace(",", "."))
        return _index_inside(_pts_at(clip, seconds), clip, pts_array)
    if match := re.fullmatch(r"(\d+):(\d+):(\d+):(\d+)", wanted):
        return _index_inside(_pts_array_timecode(clip, *(int(part) for part in match.groups())), clip, pts_array)
    raise ValueError(
        tr("Type a frame (120), seconds (4.2), a time (1:02.5), a timecode (00:00:04:05) or a pts (pts 90000).")
    )


def _pts_array_timecode(clip: Clip, hours: int, minutes: int, seconds: int, frames: int) -> int:
    rate = rate_of(clip)
    if rate is None:
        raise ValueError(
            tr(
                "The frame rate of this clip varies or is not about whole, so a timecode with frames is undefined; "
                "type a time instead."
            )
        )
    count = (hours * 3600 + minutes * 60 + seconds) * round(rate) + frames
    return _pts_at(clip, Fraction(count) / rate)


def _pts_at(clip: Clip, seconds: Fraction) -> int:
    return clip.start_pts + round(seconds / clip.time_base)


def _index_inside(pts: int, clip: Clip, pts_array: PtsArray) -> int:
    # One frame of tolerance: a timecode read from the last frame must lead back to it after rounding.
    last = int(pts_array[-1])
    step = max(int(pts_array[-1] - pts_array[-2]), 1) if len(pts_array) > 1 else 1
    if pts < int(pts_array[0]) - step or pts > last + step:
        raise ValueError(
            tr("This position is outside the clip, which ends at {time}.", time=clock_time(clip.seconds(last)))
        )
    return index_at(pts_array, pts)
