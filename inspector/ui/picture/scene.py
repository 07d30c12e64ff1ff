"""Collects from the session what the overlays paint for one pts."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.faces import Abstention, Face
from inspector.domain.scores import CamMap
from inspector.ui.other_clip import OtherClip, ScoredClip
from inspector.ui.picture.cam_state import cam_state, missing_text
from inspector.ui.session import Session
from inspector.ui.state import OverlayOptions


@dataclass(frozen=True, slots=True)
class FaceMark:
    """One face of the frame with its probability, or the reason why it has none, or neither before it is scored."""

    track_id: int
    face: Face
    probability: float | None
    abstention: Abstention | None
    measure: str = "frame probability"  # what the probability is
    name: str = ""  # what the examiner calls it


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that the overlays of one frame can show."""

    marks: tuple[FaceMark, ...]
    cam: CamMap | None
    no_cam_text: str  # why there is no heat map, or ""
    selected_track: int | None
    options: OverlayOptions
    cam_name: str = ""  # what the examiner calls the face of the heat map


def scene_of(session: Session) -> Scene:
    """The scene of the current frame."""
    shown = session.shown
    if shown is None:
        return Scene((), None, "", None, session.overlays)
    return scene_at(session, shown.pts, session.faces)


def scene_at(
    session: Session,
    pts: int,
    faces: tuple[tuple[int, Face], ...],
    track_id: int | None = None,
    other: OtherClip | None = None,
) -> Scene:
    """The scene of any frame of the open clip, or of the `other` one, from its faces by track.

    The heat map is that of `track_id`, else of the track whose map belongs on the screen.
    """
    clip: ScoredClip = other or session
    marks, names = [], clip.face_names
    is_under_way = other is not None and other.analysis is None  # in this installation, so as the open clip's
    is_screened = clip.is_screened or (is_under_way and session.is_screened)
    explained = clip.track_at(pts) if track_id is None else track_id
    for track_id, face in faces:
        series = clip.board.tracks.get(track_id)
        measure, probability = "frame probability", None
        if series is not None:
            measure, probability = series.labelled_at(pts, is_screened=is_screened)
        abstention = None if series is None else series.abstention_at(pts)
        marks.append(FaceMark(track_id, face, probability, abstention, measure, names.get(track_id, "")))
    cam = clip.heat_maps.at(explained, pts)
    cam_name = "" if cam is None else names.get(cam.track_id, "")
    missing = missing_text(session, cam_state(session, clip, pts, explained))
    selected = session.selected_track if other is None else None
    return Scene(tuple(marks), cam, missing, selected, session.overlays, cam_name)
