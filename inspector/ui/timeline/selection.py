"""A selection of frames: its pts and seconds, and the actions that set the in and out points."""

from __future__ import annotations

from collections.abc import Callable

from inspector.ui.session import Session
from inspector.ui.state import OpenedClip
from inspector.ui.time_text import index_at

Selection = tuple[int, int]
"""The pts of the first and of the last selected frame."""


def frames_between(opened: OpenedClip, start: float, end: float) -> Selection:
    """The frames that are on the screen at two times, in seconds."""
    first, last = (index_at(opened.pts, opened.clip.pts(max(at, 0.0))) for at in (start, end))
    return int(opened.pts[first]), int(opened.pts[last])


def end_after(opened: OpenedClip, pts: int) -> int:
    """The pts at which a frame ends: that of the next frame; the last frame lasts as long as the one before it."""
    index = index_at(opened.pts, pts)
    if index + 1 < len(opened.pts):
        return int(opened.pts[index + 1])
    step = int(opened.pts[index] - opened.pts[index - 1]) if index else 1
    return int(opened.pts[index]) + max(step, 1)


def seconds_of(opened: OpenedClip, selection: Selection) -> tuple[float, float]:
    """The start of the first frame and the end of the last, in seconds."""
    return opened.clip.seconds(selection[0]), opened.clip.seconds(end_after(opened, selection[1]))


def range_handlers(session: Session, note_selection: Callable[[], object]) -> dict[str, Callable[[], object]]:
    """The functions of the actions for the in and out points and for the note on a selection, by action id."""

    def set_in() -> None:
        if session.shown is not None:
            is_before = session.out_pts is None or session.shown.pts <= session.out_pts
            session.set_range(session.shown.pts, session.out_pts if is_before else None)

    def set_out() -> None:
        if session.shown is not None:
            is_behind = session.in_pts is None or session.shown.pts >= session.in_pts
            session.set_range(session.in_pts if is_behind else None, session.shown.pts)

    return {
        "set_in": set_in,
        "set_out": set_out,
        "clear_range": lambda: session.set_range(None, None),
        "note_selection": note_selection,
    }
