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
    words = _cam_words(session, session.track_at(shown.pts))
    return scene_at(session, shown.pts, shown.faces, words)


def scene_at(session: Session, pts: int, faces: tuple[tuple[int, Face], ...], cam_words: str) -> Scene:
    """The scene of any frame, from its faces by track; `cam_words` stand where its heat map is not there."""
    marks = []
    for track_id, face in faces:
        series = session.board.tracks.get(track_id)
        probability = None if series is None else series.probability_at(pts)
        abstention = None if series is None else series.abstention_at(pts)
        marks.append(FaceMark(track_id, face, probability, abstention))
    cam = session.cam_at(session.track_at(pts), pts)
    return Scene(tuple(marks), cam, cam_words, session.selected_track, session.overlays)


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
