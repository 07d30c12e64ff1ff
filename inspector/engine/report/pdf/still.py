"""The faces of a still: without times, curves, and whatever needs several frames."""

from __future__ import annotations

from typing import Any

from inspector.domain.analysis import Analysis, TrackSummary
from inspector.domain.answer import FaceNames, full_face_name
from inspector.domain.likelihood import ratio_text
from inspector.engine.report import text
from inspector.engine.report.pdf import style
from inspector.engine.report.pdf.results import MOST_ROWS, after_changes, box_row, plain_surroundings, rest, unscored


def faces(analysis: Analysis, names: FaceNames) -> style.Flowables:
    """All faces in one table, then each with its reason and numbers."""
    if not analysis.summaries:
        return [style.paragraph("No face was found in this picture.")]
    shown = analysis.summaries[:MOST_ROWS]
    rows = [[str(t.track_id), text.probability(t.fake_probability), str(t.conclusion)] for t in shown]
    story: style.Flowables = [style.grid(["Face", "Probability", "Indication"], rows, (1.2, 2.2, 4.6), "lrl")]
    story += [style.space(8), *(_face(track, names) for track in shown)]
    return story + rest(len(analysis.summaries), MOST_ROWS, "faces")


def _box(track: TrackSummary) -> tuple[str, str]:
    return "Face box", box_row(track)[1]


def _face(track: TrackSummary, names: FaceNames) -> Any:
    if not track.frames_scored:
        return unscored(track, names, [_box(track)])
    rows = [_box(track), ("Probability", text.probability(track.fake_probability, 3))]
    if track.deep is not None:
        rows += [("Raw score of the deep look", text.number(track.deep.mean_logit, 3)),
                 ("Likelihood ratio", ratio_text(track.deep)),
                 ("Raw score after mild changes", after_changes(track.deep)),
                 ("Plain surroundings of the face", plain_surroundings(track.deep))]  # fmt: skip
    title = f"{text.markup(full_face_name(track.track_id, names))}: {track.conclusion}"
    return style.block(title, [style.paragraph(text.markup(track.reason)), style.facts(rows)])
