"""Which heat maps the window wants next: of the frame on the screen, then of both sides of a comparison."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.ui.other_clip import ScoredClip
from inspector.ui.session import Session
from inspector.ui.state import Pick


def wanted_cams(session: Session) -> Iterator[tuple[ScoredClip, int, int]]:
    """Clip, track and pts of each heat map that is visible and neither known nor failed, the most wanted first.

    Those of another clip wait for a running analysis: the engine serves only those of the clip that it works on.
    """
    comparison = session.comparison
    for pick in (Pick(), *(() if comparison is None else (comparison.left, comparison.right))):
        clip, index = session.clip_of(pick), session.index_of(pick)
        if clip is None or clip.opened is None or index is None or index >= len(clip.opened.pts):
            continue
        if clip.model is None or not clip.can_explain or (pick.is_other and (session.job or session.elsewhere)):
            continue
        pts = int(clip.opened.pts[index])
        track_id = clip.track_at(pts) if pick.track_id is None else pick.track_id
        series = clip.board.tracks.get(track_id or 0)
        is_scored = series is not None and series.probability_at(pts) is not None
        is_settled = clip.heat_maps.at(track_id, pts) is not None or clip.heat_maps.has_failed(track_id, pts)
        if track_id is not None and is_scored and not is_settled:
            yield clip, track_id, pts
