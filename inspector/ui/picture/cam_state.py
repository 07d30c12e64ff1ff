"""The state of each heat map that the window can show: there, to be computed next, or why there is none.

What is requested and what is said about it come from the same conditions.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from inspector.ui.other_clip import ScoredClip
from inspector.ui.session import Session
from inspector.ui.state import Pick
from inspector.ui.widgets.language import mark, tr_marked


class CamState(Enum):
    """Of the heat map of one face in one frame."""

    THERE = auto()
    WANTED = auto()  # it is computed as soon as it is visible
    NO_MODEL = auto()
    NO_RESULT = auto()  # of another clip: its analysis is not there or not finished
    NO_ANALYSIS = auto()
    NOT_SCORED = auto()
    FAILED = auto()
    PLAYING = auto()
    AFTER_ELSEWHERE = auto()
    AFTER_OPEN_CLIP = auto()


TEXTS = {
    CamState.THERE: "",
    CamState.WANTED: mark("Computing the heat map …"),
    CamState.NO_MODEL: mark("No heat map: there is no model bundle"),
    CamState.NO_RESULT: mark("No heat map: this clip has no finished analysis with a model"),
    CamState.NO_ANALYSIS: mark("Heat maps come with a running or finished analysis"),
    CamState.NOT_SCORED: mark("No heat map here: no face of this frame was scored"),
    CamState.FAILED: mark("No heat map: it could not be computed. Switch heat maps off and on to try again"),
    CamState.PLAYING: mark("Heat maps are computed while the clip is paused"),
    CamState.AFTER_ELSEWHERE: mark("The heat map comes after the analysis of {elsewhere}"),
    CamState.AFTER_OPEN_CLIP: mark("The heat map comes after the analysis of the open clip"),
}


def missing_text(session: Session, state: CamState) -> str:
    """Why a heat map is not there; "" for one that is."""
    text = TEXTS[state]
    return tr_marked(text, elsewhere=session.elsewhere) if text else ""


def cam_state(session: Session, clip: ScoredClip, pts: int, track_id: int | None) -> CamState:
    """The state of the heat map of a face in a frame of the open clip or of the other one.

    The engine serves an analysis and the heat maps of its clip; those of another clip wait for its end, because a
    process that runs cannot be given access to further files.
    """
    is_other = clip is not session
    series = clip.board.tracks.get(track_id or 0)
    if clip.heat_maps.at(track_id, pts) is not None:
        return CamState.THERE
    if clip.model is None:
        return CamState.NO_RESULT if is_other else CamState.NO_MODEL
    if not clip.can_explain:
        return CamState.NO_RESULT if is_other else CamState.NO_ANALYSIS
    if series is None or series.probability_at(pts) is None:
        return CamState.NOT_SCORED
    if clip.heat_maps.has_failed(track_id, pts):
        return CamState.FAILED
    if session.playback.is_playing:
        return CamState.PLAYING
    if session.elsewhere and (session.job is None or is_other):
        return CamState.AFTER_ELSEWHERE
    if session.job is not None and is_other:
        return CamState.AFTER_OPEN_CLIP
    return CamState.WANTED


def wanted_cams(session: Session) -> Iterator[tuple[ScoredClip, int, int]]:
    """Clip, track and pts of each heat map to compute: of the frame on the screen, then of a comparison's sides."""
    comparison = session.comparison
    for pick in (Pick(), *(() if comparison is None else (comparison.left, comparison.right))):
        clip, index = session.clip_of(pick), session.index_of(pick)
        if clip is None or clip.opened is None or index is None or index >= len(clip.opened.pts):
            continue
        pts = int(clip.opened.pts[index])
        track_id = clip.track_at(pts) if pick.track_id is None else pick.track_id
        if track_id is not None and cam_state(session, clip, pts, track_id) is CamState.WANTED:
            yield clip, track_id, pts
