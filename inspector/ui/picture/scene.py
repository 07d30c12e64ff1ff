"""From the session to what the overlays paint: everything of one pts, gathered. Pure."""

from __future__ import annotations

from inspector.domain.faces import Face
from inspector.ui.picture.overlays import FaceMark, Scene
from inspector.ui.session import Session


def scene_of(session: Session) -> Scene:
    """The scene of the frame on the screen."""
    shown = session.shown
    if shown is None:
        return Scene((), None, "", None, session.overlays)
    text = _no_cam_text(session, session.track_at(shown.pts))
    return scene_at(session, shown.pts, shown.faces, text)


def scene_at(session: Session, pts: int, faces: tuple[tuple[int, Face], ...], no_cam_text: str) -> Scene:
    """The scene of any frame, from its faces by track; `no_cam_text` stand where its heat map is not there."""
    marks = []
    for track_id, face in faces:
        series = session.board.tracks.get(track_id)
        probability = None if series is None else series.probability_at(pts)
        abstention = None if series is None else series.abstention_at(pts)
        marks.append(FaceMark(track_id, face, probability, abstention))
    cam = session.cam_at(session.track_at(pts), pts)
    return Scene(tuple(marks), cam, no_cam_text, session.selected_track, session.overlays)


def _no_cam_text(session: Session, track: int | None) -> str:
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
