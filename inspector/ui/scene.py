"""From the session to what the overlays paint: everything of one pts, gathered. Pure."""

from __future__ import annotations

from inspector.ui.overlays import FaceMark, Scene
from inspector.ui.session import Session


def scene_of(session: Session) -> Scene:
    """The scene of the frame on the screen."""
    shown = session.shown
    if shown is None:
        return Scene((), None, False, None, session.overlays)
    marks = []
    for track_id, face in shown.faces:
        series = session.board.tracks.get(track_id)
        probability = None if series is None else series.probability_at(shown.pts)
        abstention = None if series is None else series.abstention_at(shown.pts)
        marks.append(FaceMark(track_id, face, probability, abstention))
    track = session.track_at(shown.pts)
    cam = session.cam_at(track, shown.pts)
    is_wanted = cam is None and track is not None and session.model is not None
    return Scene(tuple(marks), cam, is_wanted, session.selected_track, session.overlays)
