"""A comparison of two frames or faces of one clip: the job that makes both pictures, and its result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtGui import QImage, QTransform

from inspector.domain.answer import FaceNames
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import PictureError
from inspector.domain.faces import Face
from inspector.engine.filters.table import Chain, needs_previous
from inspector.ui.picture.picture_worker import WorkerContext
from inspector.ui.state import Comparison, Pick
from inspector.ui.widgets.engine_text import face_label
from inspector.ui.widgets.language import tr
from inspector.ui.widgets.qimage import to_qimage

FACE_SIDE = 512  # pixels of an aligned face


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of a comparison: its frame's index and pts, and its picture or the reason why there is none."""

    pick: Pick
    index: int
    pts: int | None
    image: QImage | None
    text: str = ""
    chain: Chain = ()
    faces: tuple[tuple[int, Face], ...] = ()  # for the overlays: of a whole frame, or the one that is shown
    placement: QTransform | None = None  # from pixels of the frame to those of the aligned face


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Both sides of a comparison."""

    clip: Clip
    analysis_id: int | None  # the analysis that the faces are from
    comparison: Comparison
    left: Side
    right: Side
    names: FaceNames = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class CompareJob:
    """Make both pictures of a comparison; `player` is the player's frame index, `known` holds sides to use again."""

    clip: Clip
    case_path: Path | None
    analysis_id: int | None  # of the case file's analyses, the one whose faces are shown
    comparison: Comparison
    player: int
    chain: Chain
    known: tuple[Side, ...] = ()
    names: FaceNames = field(default_factory=dict)
    kind = "compare"
    doing = "comparing two frames"

    def make(self, context: WorkerContext) -> Pair:
        """Decode, filter and align both sides. Raises InspectorError."""
        left, right = (self._side(context, pick) for pick in (self.comparison.left, self.comparison.right))
        return Pair(self.clip, self.analysis_id, self.comparison, left, right, self.names)

    def _side(self, context: WorkerContext, pick: Pick) -> Side:
        index = self.player if pick.index is None else pick.index
        for side in self.known:
            is_same = (side.index, side.pick.track_id, side.chain) == (index, pick.track_id, self.chain)
            # A frame without faces may have some by now, because an analysis may be running.
            if is_same and side.image is not None and (side.faces or pick.track_id is not None):
                return replace(side, pick=pick)
        # The previous frame first, so that the decoder can run on.
        before = context.frame(self.clip, index - 1) if needs_previous(self.chain) else None
        frame = context.frame(self.clip, index)
        if not isinstance(frame, Frame):
            reason = frame.reason if isinstance(frame, Gap) else tr("the clip has no such frame")
            return Side(pick, index, frame.start_pts if isinstance(frame, Gap) else None, None, reason, self.chain)
        try:
            return self._picture(context, pick, frame, before if isinstance(before, Frame) else None)
        except PictureError as error:
            return Side(pick, index, frame.pts, None, str(error), self.chain)

    def _picture(self, context: WorkerContext, pick: Pick, frame: Frame, before: Frame | None) -> Side:
        """The side with its picture. Raises PictureError with the reason why there is none."""
        from inspector.engine.faces.align import aligned_face, alignment
        from inspector.engine.filters import filters

        image = filters.apply(self.chain, frame.image, None if before is None else before.image)
        faces = context.faces(self.case_path, self.analysis_id, frame.pts)
        if pick.track_id is None:
            return Side(pick, frame.index, frame.pts, to_qimage(image), "", self.chain, tuple(faces.items()))
        face = faces.get(pick.track_id)
        if face is None:
            raise PictureError(tr("{face} is not in this frame", face=face_label(pick.track_id, self.names)))
        aligned, by = aligned_face(image, face, FACE_SIDE)
        (a, b, x), (c, d, y) = alignment(face, FACE_SIDE)[0].tolist()
        placement, shown = QTransform(a, c, b, d, x, y), ((pick.track_id, face),)
        picture = to_qimage(aligned)
        return Side(pick, frame.index, frame.pts, picture, f"aligned by the {by}", self.chain, shown, placement)
