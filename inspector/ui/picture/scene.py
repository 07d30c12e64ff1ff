"""Collects from the session what the overlays paint for one pts."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.faces import Abstention, Face
from inspector.domain.scores import CamMap
from inspector.ui.other_clip import OtherClip, ScoredClip
from inspector.ui.session import Session
from inspector.ui.state import OverlayOptions
from inspector.ui.widgets.language import mark, tr

COMPUTING = mark("Computing the heat map …")
FAILED = mark("No heat map: it could not be computed. Switch heat maps off and on to try again")


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
    no_cam_text: str  # why there is no heat map
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
    explained = clip.track_at(pts) if track_id is None else track_id
    for track_id, face in faces:
        series = clip.board.tracks.get(track_id)
        measure, probability = ("frame probability", None) if series is None else series.labelled_at(pts)
        abstention = None if series is None else series.abstention_at(pts)
        marks.append(FaceMark(track_id, face, probability, abstention, measure, names.get(track_id, "")))
    cam = clip.heat_maps.at(explained, pts)
    cam_name = "" if cam is None else names.get(cam.track_id, "")
    missing = no_cam_text(session, pts, explained, other)
    selected = session.selected_track if other is None else None
    return Scene(tuple(marks), cam, missing, selected, session.overlays, cam_name)


def no_cam_text(session: Session, pts: int, track_id: int | None, other: OtherClip | None = None) -> str:
    """Why there is no heat map of a face in a frame, or none yet; `track_id` is that of `track_at`."""
    clip: ScoredClip = other or session
    series = clip.board.tracks.get(track_id or 0)
    if clip.model is None:
        return _no_model_text(other)
    if not clip.can_explain:
        return tr("Heat maps come with a running or finished analysis")
    if track_id is None or series is None or series.probability_at(pts) is None:
        return tr("No heat map here: no face of this frame was scored")
    if clip.heat_maps.has_failed(track_id, pts):
        return tr(FAILED)
    if session.playback.is_playing:
        return tr("Heat maps are computed while the clip is paused")
    if session.elsewhere and (session.job is None or other is not None):
        return tr("The heat map comes after the analysis of {elsewhere}", elsewhere=session.elsewhere)
    if session.job is not None and other is not None:
        return tr("The heat map comes after the analysis of the open clip")
    return tr(COMPUTING)


def _no_model_text(other: OtherClip | None) -> str:
    if other is None:
        return tr("No heat map: there is no model bundle")
    return tr("No heat map: this clip has no finished analysis with a model")
