"""Snapshots: lossless PNGs that say in their text chunks what was on the screen, and are kept for the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QByteArray, QIODevice, QObject, QRectF, QSaveFile, Signal
from PySide6.QtGui import QFont, QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QWidget

from inspector import __version__
from inspector.domain.errors import OutputError
from inspector.domain.timecode import clock_time, rate_of, timecode
from inspector.engine.analysis import cam_text
from inspector.engine.filters.table import Chain, describe_chain
from inspector.ui.picture.compare import Pair
from inspector.ui.picture.compare_view import side_text
from inspector.ui.picture.overlays import View
from inspector.ui.picture.picture_worker import Answer, PictureWorker, WorkerContext
from inspector.ui.picture.pixels import paint_image
from inspector.ui.session import Session
from inspector.ui.state import Layout, Notice, OverlayOptions
from inspector.ui.widgets import file_dialogs as dialogs

_NO_FILTER = "none"
WITHOUT_OVERLAYS = "without overlays"


@dataclass(frozen=True, slots=True)
class KeptFrame:
    """A frame that a snapshot shows, for the report; `text` say what else was on the screen."""

    index: int
    pts: int
    chain: Chain
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class SavePicture:
    """Write one PNG."""

    path: Path
    image: QImage
    texts: tuple[tuple[str, str], ...]
    frames: tuple[KeptFrame, ...]
    case_path: Path | None

    @property
    def kind(self) -> str:
        """As a job of the picture worker."""
        return "save"

    @property
    def description(self) -> str:
        """What the text chunks say, in one line for the case's log."""
        return "; ".join(f"{key} {value}" for key, value in self.texts if key not in ("Clip", "Program"))

    def make(self, context: WorkerContext) -> Path:
        """Write it whole or not at all. Raises OutputError."""
        write_png(self.path, self.image, dict(self.texts))
        return self.path


def write_png(path: Path, image: QImage, texts: dict[str, str]) -> None:
    """A PNG with text chunks, written beside the target and then moved there. Raises OutputError."""
    named = image.copy()
    for key, value in texts.items():
        named.setText(key, value)
    file = QSaveFile(str(path))
    is_written = file.open(QIODevice.OpenModeFlag.WriteOnly) and QImageWriter(file, QByteArray(b"png")).write(named)
    if not (is_written and file.commit()):
        raise OutputError(f"{path} cannot be written ({file.errorString()}); choose another folder or free some space.")


def frame_texts(session: Session, zoom: float) -> dict[str, str]:
    """What is on the screen, in text chunks: the frame exactly, overlays, filters with their parameters, and zoom."""
    shown, clip = session.shown, session.clip
    if shown is None or clip is None:
        return {}
    rate = rate_of(clip)
    return {
        "Clip": Path(clip.path).name,
        "Clip SHA-256": clip.sha256,
        "Frame": str(shown.index),
        "pts": f"{shown.pts} of time base {clip.time_base}",
        "Timecode": timecode(clip, shown.pts) if rate is not None else clock_time(clip.seconds(shown.pts)),
        "Seconds": f"{clip.seconds(shown.pts):.6f}",
        "Overlays on screen": overlay_text(session),
        "Filters": describe_chain(shown.chain) or _NO_FILTER,
        "Zoom": f"{zoom * 100:.0f} %",
        "Program": f"Deepfake Inspector {__version__}",
        "Saved at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def overlay_text(session: Session) -> str:
    """ "boxes; landmarks as mesh; heat map GradCAM at layer, opacity 65 %", or "none"."""
    options: OverlayOptions = session.overlays
    parts = ["boxes"] if options.boxes else []
    if options.landmarks != "off":
        parts.append(f"landmarks as {options.landmarks}")
    shown = session.shown
    cam = None if shown is None else session.cam_at(session.track_at(shown.pts), shown.pts)
    if options.heat_map and cam is not None:
        parts.append(
            f"heat map {cam.method} at {cam.layer} of track {cam.track_id}, opacity {options.opacity * 100:.0f} %, "
            f"full colour {cam_text.scale_text(cam)}"
        )
    return "; ".join(parts) or "none"


def pair_picture(pair: Pair, split: float) -> QImage | None:
    """Both pictures of a comparison pixel by pixel: beside each other, or wiped at `split` of the width."""
    left, right = pair.left.image, pair.right.image
    if left is None or right is None:
        return None
    is_wipe = pair.comparison.layout == Layout.WIPE
    height = max(left.height(), right.height())
    width = max(left.width(), right.width()) if is_wipe else left.width() + right.width()
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    picture.fill(0)
    painter = QPainter(picture)
    edge = round(split * width) if is_wipe else left.width()
    painter.setClipRect(QRectF(0, 0, edge, height))
    _paint_at(painter, left, 0.0)
    painter.setClipRect(QRectF(edge, 0, width - edge, height))
    _paint_at(painter, right, 0.0 if is_wipe else float(edge))
    painter.end()
    return picture


def _paint_at(painter: QPainter, image: QImage, x: float) -> None:
    paint_image(painter, image, View(1.0, x, 0.0, QRectF(x, 0, image.width(), image.height()), QFont()), 1.0)


def pair_texts(pair: Pair, split: float) -> dict[str, str]:
    """What a comparison shows, in text chunks."""
    layout = str(pair.comparison.layout)
    if pair.comparison.layout == Layout.WIPE:
        layout += f", edge at {split * 100:.0f} % of the width"
    texts = {"Comparison": layout}
    for name, side in (("A", pair.left), ("B", pair.right)):
        texts[f"Side {name}"] = f"{side_text(pair, side)} · pts {side.pts}"
    texts["Filters"] = describe_chain(pair.left.chain) or _NO_FILTER
    return texts


def frames_of(session: Session, pair: Pair | None, texts: dict[str, str]) -> tuple[KeptFrame, ...]:
    """The frames on the screen: the player's, or those of both sides of a comparison."""
    seen = f"overlays: {texts['Overlays on screen']}; zoom {texts['Zoom']}" if texts else ""
    if session.comparison is not None and pair is not None:
        sides = (("A", pair.left), ("B", pair.right))
        return tuple(
            KeptFrame(
                side.index, side.pts, side.chain, f"side {name} of a comparison ({side_text(pair, side)}); {seen}"
            )
            for name, side in sides
            if side.pts is not None and side.image is not None
        )
    shown = session.shown
    return () if shown is None else (KeptFrame(shown.index, shown.pts, shown.chain, seen),)


class Snapshots(QObject):
    """Asks where to save and has the picture written off the UI thread.

    `saved` comes for a picture of the open clip once its file is written, so that the case can keep it.
    """

    pause_wanted = Signal()
    saved = Signal(object)  # SavePicture

    def __init__(self, session: Session, worker: PictureWorker, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._worker, self._window = session, worker, window
        worker.answered.connect(self._on_answered)

    def save(
        self, image: QImage | None, texts: dict[str, str], frames: tuple[KeptFrame, ...], suffix: str = ""
    ) -> None:
        """Save a picture of `frames` under a name that is asked for."""
        shown, clip = self._session.shown, self._session.clip
        if image is None or shown is None or clip is None:
            self._session.post(Notice("There is no picture to save at this point.", is_problem=True))
            return
        self.pause_wanted.emit()
        name = f"{Path(clip.path).stem}_frame_{shown.index}_pts_{shown.pts}{suffix}.png"
        path = dialogs.ask_for_picture(self._window, name)
        if path is not None:
            kept = SavePicture(path, image, tuple(texts.items()), frames, self._session.case_path)
            self._worker.enqueue(kept)

    def _on_answered(self, answer: Answer) -> None:
        if not isinstance(answer.job, SavePicture):
            return
        if isinstance(answer.result, OutputError):
            self._session.post(Notice(str(answer.result), is_problem=True))
            return
        job = answer.job
        if job.case_path is None or job.case_path != self._session.case_path:
            self._session.post(Notice(f"Saved {job.path}."))  # another clip was opened meanwhile
            return
        self.saved.emit(job)
        self._session.post(Notice(f"Saved {job.path}{_without(job)}. The report will show {_those(job.frames)}."))


def _without(job: SavePicture) -> str:
    """What the picture lacks of that which is on the screen, and how to have it."""
    texts = dict(job.texts)
    is_bare = texts.get("Content", "").endswith(WITHOUT_OVERLAYS) and texts["Overlays on screen"] != "none"
    return f" {WITHOUT_OVERLAYS} (Save view keeps them)" if is_bare else ""


def _those(frames: tuple[KeptFrame, ...]) -> str:
    filtered = " as decoded and filtered" if any(frame.chain for frame in frames) else ""
    return ("both frames" if len(frames) > 1 else "this frame") + filtered
