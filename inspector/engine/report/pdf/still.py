"""The faces of a still: without times, curves, and whatever needs several frames."""

from __future__ import annotations

from typing import Any

from inspector.domain.analysis import Analysis, TrackSummary
from inspector.domain.answer import FaceNames, full_face_name
from inspector.engine.report import text
from inspector.engine.report.pdf import style
from inspector.engine.report.pdf.deep_rows import after_changes, plain_surroundings, ratio_row
from inspector.engine.report.pdf.results import MOST_ROWS, box_row, rest, unscored


def faces(analysis: Analysis, names: FaceNames) -> style.Flowables:
    """All faces in one table, then each with its reason and numbers."""
    if not analysis.summaries:
        return [style.paragraph("No face was found in this picture.")]
    shown = analysis.summaries[:MOST_ROWS]
    rows = [[str(t.track_id), text.probability(t.fake_probability), str(t.conclusion)] for t in shown]
    story: style.Flowables = [style.grid(["Face", "Probability", "Indication"], rows, (1.2, 2.2, 4.6), "lrl")]
    story += [style.space(8), *(_face(track, names, analysis) for track in shown)]
    return story + rest(len(analysis.summaries), MOST_ROWS, "faces")


def _box(track: TrackSummary) -> tuple[str, str]:
    return "Face box", box_row(track)[1]


def _face(track: TrackSummary, names: FaceNames, analysis: Analysis) -> Any:
    if not track.frames_scored:
        return unscored(track, names, [_box(track)])
    rows = [_box(track), ("Probability", text.probability(track.fake_probability, 3))]
    if (deep := track.deep) is not None:
        is_complete = analysis.is_complete
        rows += [("Raw score of the deep look", text.number(deep.mean_logit, 3)),
                 ("Likelihood ratio", ratio_row(deep)),
                 ("Raw score after mild changes", after_changes(deep, is_complete=is_complete)),
                 ("Plain surroundings of the face", plain_surroundings(deep, is_complete=is_complete))]  # fmt: skip
    title = f"{text.markup(full_face_name(track.track_id, names))}: {track.conclusion}"
    return style.block(title, [style.paragraph(text.markup(track.reason)), style.facts(rows)])
