"""What the timeline shows of a session: the marks in seconds, the lines of the hover card, and the hint."""

from __future__ import annotations

import numpy as np

from inspector.domain.analysis import Conclusion
from inspector.domain.arrays import Floats
from inspector.ui.session import Session
from inspector.ui.text import error_text, track_rates
from inspector.ui.time_text import index_at, shown_label
from inspector.ui.timeline.lanes.curves import clip_seconds
from inspector.ui.timeline.lanes.lane import Lane
from inspector.ui.timeline.lanes.lane_stack import LaneStack
from inspector.ui.timeline.lanes.track_lane import TrackLane
from inspector.ui.timeline.marks import Mark, MarksItem
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.language import tr

Marks = tuple[Floats, Floats, list[str]]
"""Starts and ends in seconds, float64 (n,), and a tooltip for each, or none at all."""

_MOST_TRACKS = 5
_LONGEST_NOTE = 60


def marks_of(session: Session) -> dict[Mark, Marks]:
    """All marks of a session except in and out."""
    clip, opened = session.clip, session.opened
    empty: Marks = (np.empty(0), np.empty(0), [])
    if clip is None or opened is None:
        return dict.fromkeys(Mark, empty)
    keys = clip_seconds(clip, opened.pts[opened.is_key])
    shots = clip_seconds(clip, np.array(session.board.shot_starts, dtype=np.int64))
    seams = clip_seconds(clip, np.array([section.start_pts for section in clip.sections[1:]], dtype=np.int64))
    gaps = sorted(session.gaps, key=lambda gap: gap.start_pts)
    notes = sorted((note for note in session.notes if note.pts is not None), key=lambda note: note.pts or 0)
    marks = sorted(session.bookmarks, key=lambda mark: mark.pts)
    ends = [note.end_pts if note.end_pts is not None else note.pts for note in notes]
    labels = [shown_label(mark.label, clip, index_at(opened.pts, mark.pts), mark.pts) for mark in marks]
    at_marks = clip_seconds(clip, np.array([mark.pts for mark in marks], dtype=np.int64))
    return {
        Mark.GAP: (
            clip_seconds(clip, np.array([gap.start_pts for gap in gaps], dtype=np.int64)),
            clip_seconds(clip, np.array([gap.end_pts for gap in gaps], dtype=np.int64)),
            [tr("gap: {reason}", reason=shown(gap.reason)) for gap in gaps],
        ),
        Mark.SEAM: (
            seams,
            seams,
            [tr("seam: {reason}", reason=shown(section.reason)) for section in clip.sections[1:]],
        ),
        Mark.KEY: (keys, keys, []),
        Mark.SHOT: (shots, shots, []),
        Mark.NOTE: (
            clip_seconds(clip, np.array([note.pts for note in notes], dtype=np.int64)),
            clip_seconds(clip, np.array(ends, dtype=np.int64)),
            [
                tr("note by {author}: {text}", author=note.author or tr("unnamed"), text=_short(note.text))
                for note in notes
            ],
        ),
        Mark.BOOKMARK: (at_marks, at_marks, [tr("bookmark: {label}", label=label) for label in labels]),
        Mark.RANGE: empty,
    }


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NOTE else line[: _LONGEST_NOTE - 1] + "…"


def text_at(
    session: Session, stack: LaneStack, marks: MarksItem, lane: Lane | None, seconds: float, pts: int, reach: float
) -> list[str]:
    """The hover card's lines at a time: the lane's, or all tracks' if there is none; and the marks within `reach`."""
    if lane is not None:
        lines = lane.text_at(seconds, pts)
    else:
        present = [track for track_id, track in stack.tracks.items() if _is_in(session, track_id, pts)]
        lines = [line for track in present[:_MOST_TRACKS] for line in track.text_at(seconds, pts)]
    lines += marks.text_at(seconds, reach)
    if isinstance(lane, TrackLane) and lane.is_scored:
        lines += _rule_text(session)
    return lines


def _is_in(session: Session, track_id: int, pts: int) -> bool:
    series = session.board.tracks.get(track_id)
    return series is not None and series.at(pts) is not None


def _rule_text(session: Session) -> list[str]:
    """What is calibrated: the levels between which a track is inconclusive, and the rule's measured error rate."""
    model, limits = session.model, session.threshold
    if model is None or limits is None:
        return []
    rates = track_rates(model, session.analysis)
    lines = [tr("whole tracks between {low:.2f} and {high:.2f} are inconclusive", low=limits.low, high=limits.high)]
    if rates is not None:
        lines.append(error_text(rates, Conclusion.INDICATED))
    return lines


def hint_text(session: Session) -> str:
    """The text that is shown instead of the lanes while there are none."""
    if session.clip is None:
        return ""
    if session.analysis is not None:
        return tr("No face was found, so there is nothing to plot.")
    if session.job is not None:
        return tr("The analysis has started; the first scores will appear here.")
    return tr("Once the clip is analysed, each face's probability is plotted here.")
