"""The job behind the close-up panel: one track's face in a frame, and the same face before, now and after, aligned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.geometry import Box
from inspector.ui.picture.picture_worker import WorkerContext
from inspector.ui.widgets.qimage import to_qimage


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One aligned face, or in text why there is none; `by` says what it hangs on, "eyes" or "box"."""

    index: int
    image: QImage | None
    text: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class CloseUp:
    """What the panel shows of one frame; `crop` is what `face` was cut by, the crop that is scored and explained."""

    clip: Clip
    index: int
    track_id: int
    crop: Box | None
    face: QImage | None
    neighbours: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LookCloser:
    """Cut and align. `margin` is the model's crop margin; sides are in device pixels."""

    clip: Clip
    case_path: Path | None
    index: int
    track_id: int
    margin: float
    face_side: int
    tile_side: int
    kind = "close_up"

    def make(self, context: WorkerContext) -> CloseUp:
        """Raises InspectorError."""
        tiles = []
        crop, picture = None, None
        for index in (self.index - 1, self.index, self.index + 1):
            frame = context.frame(self.clip, index)
            tiles.append(self._tile(context, index, frame))
            if index == self.index and isinstance(frame, Frame):
                crop, picture = self._face(context, frame)
        return CloseUp(self.clip, self.index, self.track_id, crop, picture, tuple(tiles))

    def _tile(self, context: WorkerContext, index: int, frame: Frame | Gap | None) -> Tile:
        from inspector.engine.faces.align import aligned_face

        if not isinstance(frame, Frame):
            return Tile(index, None, "no frame" if frame is None else "no picture")
        face = context.faces(self.case_path, frame.pts).get(self.track_id)
        if face is None:
            return Tile(index, None, "no face")
        image, by = aligned_face(frame.image, face, self.tile_side)
        return Tile(index, to_qimage(image), "", by)

    def _face(self, context: WorkerContext, frame: Frame) -> tuple[Box | None, QImage | None]:
        from inspector.engine.faces.crop import crop_box, cut

        face = context.faces(self.case_path, frame.pts).get(self.track_id)
        if face is None:
            return None, None
        box = crop_box(face, self.margin)
        try:
            return box, to_qimage(cut(frame.image, box, self.face_side))
        except ValueError:
            # A face that lies wholly outside the picture has no pixels to show.
            return box, None
