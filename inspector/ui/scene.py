"""From the session to what the overlays paint: everything of one pts, gathered. Pure."""

from __future__ import annotations

from inspector.ui.overlays import FaceMark, Scene
from inspector.ui.session import Session


def scene_of(session: Session) -> Scene:
    """The scene of the frame on the screen."""
    shown = session.shown
    if shown is None:
        return Scene((), None, "", None, session.overlays)
    marks = []
    for track_id, face in shown.faces:
        series = session.board.tracks.get(track_id)
        probability = None if series is None else series.probability_at(shown.pts)
        abstention = None if series is None else series.abstention_at(shown.pts)
        marks.append(FaceMark(track_id, face, probability, abstention))
    track = session.track_at(shown.pts)
    cam = session.cam_at(track, shown.pts)
    return Scene(tuple(marks), cam, _cam_words(session, track), session.selected_track, session.overlays)


def _cam_words(session: Session, track: int | None) -> str:
    """Why there is no heat map (yet)."""
    if session.model is None:
        return "No heat map: there is no model bundle"
    if not session.can_explain:
        return "Heat maps come with a running or finished analysis"
    if track is None:
        return "No heat map here: no face of this frame was scored"
    if session.playback.is_playing:
        return "Heat maps are computed while the clip is paused"
    return "Computing the heat map …"
