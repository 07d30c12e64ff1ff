"""A comparison of two frames or faces, of one clip or of two: the job that makes both pictures, and its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtGui import QImage, QTransform

from inspector.domain.answer import FaceNames
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import InspectorError, PictureError
from inspector.domain.faces import Face
from inspector.engine.filters.table import Chain, needs_previous
from inspector.ui.other_clip import OtherClip
from inspector.ui.picture.picture_worker import WorkerContext
from inspector.ui.session import Session
from inspector.ui.state import Comparison, Pick
from inspector.ui.widgets.engine_text import face_label
from inspector.ui.widgets.language import tr
from inspector.ui.widgets.qimage import to_qimage

FACE_SIDE = 512  # pixels of an aligned face


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The clip of a side, and the analysis in its case file that the faces are from.

    `label` is that of the exhibit, which may be "", while two clips are compared, else None.
    """

    clip: Clip
    case_path: Path | None
    analysis_id: int | None
    names: FaceNames = field(default_factory=dict)
    label: str | None = None

    def is_same(self, other: Source) -> bool:
        """Whether frames and faces are the same."""
        return self.clip is other.clip and self.analysis_id == other.analysis_id

    def name(self, say: Callable[..., str] = tr) -> str:
        """The clip as it is named while two are compared: "exhibit 2 street.mp4"; "" while there is only one."""
        if self.label is None:
            return ""
        return say("exhibit {label} {file}", label=self.label, file=self.file) if self.label else self.file

    @property
    def file(self) -> str:
        """The name of the clip's file."""
        return Path(self.clip.path).name


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of a comparison: its frame's index and pts, and its picture or the reason why there is none."""

    pick: Pick
    source: Source | None  # None while the other clip is not open
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

    comparison: Comparison
    left: Side
    right: Side

    @property
    def sides(self) -> tuple[tuple[str, Side], tuple[str, Side]]:
        """Both with their names."""
        return ("A", self.left), ("B", self.right)


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What a side is to show: a frame of a source, or `text` while there is none."""

    pick: Pick
    source: Source | None
    index: int
    text: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class CompareJob:
    """Make both pictures of a comparison; `known` holds sides to use again."""

    clip: Clip  # the open one
    analysis_id: int | None  # and the analysis of it that is shown
    other: OtherClip | None
    comparison: Comparison
    wanted: tuple[Wanted, Wanted]
    chain: Chain
    known: tuple[Side, ...] = ()
    kind = "compare"
    doing = "comparing two frames"

    def make(self, context: WorkerContext) -> Pair:
        """Decode, filter and align both sides. A side that cannot be shown says why, and the other one is shown."""
        left, right = (self._side(context, wanted) for wanted in self.wanted)
        return Pair(self.comparison, left, right)

    def _side(self, context: WorkerContext, wanted: Wanted) -> Side:
        pick, source, index = wanted.pick, wanted.source, wanted.index
        if source is None:
            return Side(pick, None, index, None, None, wanted.text)
        for side in self.known:
            is_same = (side.index, side.pick.track_id, side.chain) == (index, pick.track_id, self.chain)
            is_same = is_same and side.source is not None and side.source.is_same(source)
            # A frame without faces may have some by now, because an analysis may be running.
            if is_same and side.image is not None and (side.faces or pick.track_id is not None):
                return replace(side, pick=pick, source=source)
        try:
            return self._decoded(context, pick, source, index)
        except InspectorError as error:
            return Side(pick, source, index, None, None, str(error), self.chain)

    def _decoded(self, context: WorkerContext, pick: Pick, source: Source, index: int) -> Side:
        # The previous frame first, so that the decoder can run on.
        before = context.frame(source.clip, index - 1) if needs_previous(self.chain) else None
        frame = context.frame(source.clip, index)
        if not isinstance(frame, Frame):
            reason = frame.reason if isinstance(frame, Gap) else tr("the clip has no such frame")
            pts = frame.start_pts if isinstance(frame, Gap) else None
            return Side(pick, source, index, pts, None, reason, self.chain)
        try:
            return self._picture(context, pick, source, frame, before if isinstance(before, Frame) else None)
        except PictureError as error:
            return Side(pick, source, index, frame.pts, None, str(error), self.chain)

    def _picture(self, context: WorkerContext, pick: Pick, source: Source, frame: Frame, before: Frame | None) -> Side:
        """The side with its picture. Raises PictureError with the reason why there is none."""
        from inspector.engine.faces.align import aligned_face, alignment
        from inspector.engine.filters import filters

        image = filters.apply(self.chain, frame.image, None if before is None else before.image)
        faces = context.faces(source.case_path, source.analysis_id, frame.pts)
        side = Side(pick, source, frame.index, frame.pts, None, "", self.chain)
        if pick.track_id is None:
            return replace(side, image=to_qimage(image), faces=tuple(faces.items()))
        face = faces.get(pick.track_id)
        if face is None:
            raise PictureError(tr("{face} is not in this frame", face=face_label(pick.track_id, source.names)))
        aligned, by = aligned_face(image, face, FACE_SIDE)
        (a, b, x), (c, d, y) = alignment(face, FACE_SIDE)[0].tolist()
        placement, shown = QTransform(a, c, b, d, x, y), ((pick.track_id, face),)
        picture, text = to_qimage(aligned), f"aligned by the {by}"
        return replace(side, image=picture, text=text, faces=shown, placement=placement)


def compare_job(session: Session, known: Pair | None) -> CompareJob | None:
    """The job for the session's comparison, which uses again what is on the screen; None if there is none."""
    comparison, clip = session.comparison, session.clip
    if comparison is None or clip is None or session.shown is None:
        return None
    other = session.other
    label = None if other is None else other.open_label
    own = Source(clip, session.case_path, session.analysis_id, session.face_names, label)
    second = None
    if other is not None:
        second = Source(other.clip, other.case_path, other.analysis_id, other.face_names, other.label)
    wanted = [
        Wanted(pick, second if pick.is_other else own, session.index_of(pick) or 0, session.other_text)
        for pick in (comparison.left, comparison.right)
    ]
    sides = () if known is None else (known.left, known.right)
    return CompareJob(clip, session.analysis_id, other, comparison, (wanted[0], wanted[1]), session.filters, sides)
