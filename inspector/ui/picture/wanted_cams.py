"""Which heat maps the window wants next: of the frame on the screen, then of both sides of a comparison."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.ui.session import Session


def wanted_cams(session: Session) -> Iterator[tuple[int, int]]:
    """Track and pts of each heat map that is visible and not known yet, the most wanted first."""
    shown, opened, comparison = session.shown, session.opened, session.comparison
    if shown is None or opened is None:
        return
    places = [(session.track_at(shown.pts), shown.pts)]
    for pick in () if comparison is None else (comparison.left, comparison.right):
        index = shown.index if pick.index is None else pick.index
        if index < len(opened.pts):
            pts = int(opened.pts[index])
            places.append((session.track_at(pts) if pick.track_id is None else pick.track_id, pts))
    for track_id, pts in places:
        series = session.board.tracks.get(track_id or 0)
        is_scored = series is not None and series.probability_at(pts) is not None
        if track_id is not None and is_scored and session.cam_at(track_id, pts) is None:
            yield track_id, pts
