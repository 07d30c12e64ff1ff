"""A frame's time as people read it: one rule for window, pictures and report. Pure functions."""

from __future__ import annotations

from fractions import Fraction

from inspector.domain.clip import Clip


def rate_of(clip: Clip) -> Fraction | None:
    """Frames per second where counting frames in a timecode is meaningful: a constant, known rate."""
    if clip.is_variable_rate or clip.is_still or not clip.average_rate or clip.average_rate <= 0:
        return None
    return clip.average_rate


def timecode(clip: Clip, pts: int) -> str:
    """HH:MM:SS:FF since the first picture on a constant rate (frames, non-drop), else HH:MM:SS.mmm."""
    seconds = Fraction(pts - clip.start_pts) * clip.time_base
    rate = rate_of(clip)
    if rate is None:
        return clock_time(float(seconds))
    # Non-drop counting in whole frames: 29.97 counts 30 a second, as an editor's timecode does.
    per_second = max(round(rate), 1)
    frames = round(seconds * rate)
    whole, frame = divmod(max(frames, 0), per_second)
    digits = len(str(per_second - 1))
    return f"{_hms(whole)}:{frame:0{max(digits, 2)}d}"


def clock_time(seconds: float) -> str:
    """HH:MM:SS.mmm of a time since the first picture."""
    milliseconds = max(round(seconds * 1000), 0)
    whole, rest = divmod(milliseconds, 1000)
    return f"{_hms(whole)}.{rest:03d}"


def _hms(whole_seconds: int) -> str:
    return f"{whole_seconds // 3600:02d}:{whole_seconds // 60 % 60:02d}:{whole_seconds % 60:02d}"
