"""The job behind the close-up panel: a track's face in a frame, and the aligned face in three frames around it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.geometry import Box
from inspector.ui.picture.picture_worker import WorkerContext
from inspector.ui.widgets.language import tr
from inspector.ui.widgets.qimage import to_qimage


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One aligned face, or the text that says why there is none; `by` is what it is aligned by, "eyes" or "box"."""

    index: int
    image: QImage | None
    text: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class CloseUp:
    """What the panel shows of one frame; `crop` is the region of `face`, the crop that is scored and explained."""

    clip: Clip
    analysis_id: int | None
    index: int
    track_id: int
    crop: Box | None
    face: QImage | None
    neighbours: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CloseUpJob:
    """Cut out and align a face. `margin` is the model's crop margin; the sides are in device pixels."""

    clip: Clip
    case_path: Path | None
    analysis_id: int | None  # of the case file's analyses, the one whose faces are shown
    index: int
    track_id: int
    margin: float
    face_side: int
    tile_side: int
    kind = "close_up"
    doing = "making the close-up"

    def make(self, context: WorkerContext) -> CloseUp:
        """The pictures of the panel. Raises InspectorError."""
        tiles = []
        crop, picture = None, None
        for index in (self.index - 1, self.index, self.index + 1):
            frame = context.frame(self.clip, index)
            tiles.append(self._tile(context, index, frame))
            if index == self.index and isinstance(frame, Frame):
                crop, picture = self._face(context, frame)
        return CloseUp(self.clip, self.analysis_id, self.index, self.track_id, crop, picture, tuple(tiles))

    def _tile(self, context: WorkerContext, index: int, frame: Frame | Gap | None) -> Tile:
        from inspector.engine.faces.align import aligned_face

        if not isinstance(frame, Frame):
            return Tile(index, None, tr("no frame") if frame is None else tr("no picture"))
        face = context.faces(self.case_path, self.analysis_id, frame.pts).get(self.track_id)
        if face is None:
            return Tile(index, None, tr("no face"))
        image, by = aligned_face(frame.image, face, self.tile_side)
        return Tile(index, to_qimage(image), "", by)

    def _face(self, context: WorkerContext, frame: Frame) -> tuple[Box | None, QImage | None]:
        from inspector.engine.faces.crop import crop_box, cut

        face = context.faces(self.case_path, self.analysis_id, frame.pts).get(self.track_id)
        if face is None:
            return None, None
        box = crop_box(face, self.margin)
        try:
            return box, to_qimage(cut(frame.image, box, self.face_side))
        except ValueError:
            # A face that lies entirely outside the picture has no pixels.
            return box, None
