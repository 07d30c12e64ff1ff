"""Timecodes, the same in the window, in saved pictures and in the report."""

from __future__ import annotations

from fractions import Fraction

from inspector.domain.clip import Clip

# 29.97 frames/s are counted as 30, which drifts by 0.1 %; 6.25 counted as 6 would drift by 2.4 minutes an hour.
_MOST_DRIFT = Fraction(1, 200)


def rate_of(clip: Clip) -> Fraction | None:
    """Frames per second if the rate is constant and about whole, so that a timecode can count frames; else None."""
    rate = clip.average_rate
    if clip.is_variable_rate or clip.is_still or not rate or rate <= 0:
        return None
    return rate if abs(rate - round(rate)) <= _MOST_DRIFT * rate else None


def timecode(clip: Clip, pts: int) -> str:
    """Time since the first frame: HH:MM:SS:FF (non-drop) where `rate_of` has a rate, else HH:MM:SS.mmm."""
    seconds = Fraction(pts - clip.start_pts) * clip.time_base
    rate = rate_of(clip)
    if rate is None:
        return clock_time(float(seconds))
    # Non-drop timecode counts whole frames: 30 per second at 29.97 fps.
    per_second = round(rate)
    frames = round(seconds * rate)
    whole, frame = divmod(max(frames, 0), per_second)
    digits = len(str(per_second - 1))
    return f"{_hms(whole)}:{frame:0{max(digits, 2)}d}"


def clock_time(seconds: float) -> str:
    """HH:MM:SS.mmm of a time in seconds."""
    milliseconds = max(round(seconds * 1000), 0)
    whole, rest = divmod(milliseconds, 1000)
    return f"{_hms(whole)}.{rest:03d}"


def _hms(whole_seconds: int) -> str:
    return f"{whole_seconds // 3600:02d}:{whole_seconds // 60 % 60:02d}:{whole_seconds % 60:02d}"
