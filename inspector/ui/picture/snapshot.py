"""Snapshots: lossless PNGs with text chunks that describe what was on the screen; the report shows their frames."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QIODevice, QObject, QSaveFile, Signal
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QWidget

from inspector.domain.errors import InspectorError, OutputError
from inspector.ui.picture.picture_worker import Answer, PictureWorker, WorkerContext
from inspector.ui.picture.snapshot_content import WITHOUT_OVERLAYS, KeptFrame
from inspector.ui.session import Session
from inspector.ui.state import Notice
from inspector.ui.widgets import file_dialogs as dialogs
from inspector.ui.widgets.language import tr


@dataclass(frozen=True, slots=True, eq=False)
class SavePictureJob:
    """Write one PNG with text chunks."""

    path: Path
    image: QImage
    texts: tuple[tuple[str, str], ...]
    frames: tuple[KeptFrame, ...]
    case_path: Path | None
    kind = "save"
    doing = "saving a picture"

    @property
    def description(self) -> str:
        """The text chunks in one line, for the case's log."""
        return "; ".join(f"{key} {value}" for key, value in self.texts if key not in ("Clip", "Program"))

    def make(self, context: WorkerContext) -> Path:
        """Write the file completely or not at all. Raises OutputError."""
        write_png(self.path, self.image, dict(self.texts))
        return self.path


def write_png(path: Path, image: QImage, texts: dict[str, str]) -> None:
    """Write a PNG with text chunks beside the target, then move it there. Raises OutputError."""
    named = image.copy()
    for key, value in texts.items():
        named.setText(key, value)
    file = QSaveFile(str(path))
    is_written = file.open(QIODevice.OpenModeFlag.WriteOnly) and QImageWriter(file, QByteArray(b"png")).write(named)
    if not (is_written and file.commit()):
        raise OutputError(
            tr(
                "{path} cannot be written ({reason}); choose another folder or free some space.",
                path=path,
                reason=file.errorString(),
            )
        )


class Snapshots(QObject):
    """Asks where to save a picture and has the worker write it.

    `saved` is emitted when the file of a picture of the open clip is written, so that the case can record it.
    """

    pause_wanted = Signal()
    saved = Signal(object)  # SavePictureJob

    def __init__(self, session: Session, worker: PictureWorker, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._worker, self._window = session, worker, window
        worker.answered.connect(self._on_answered)

    def save(
        self, image: QImage | None, texts: dict[str, str], frames: tuple[KeptFrame, ...], suffix: str = ""
    ) -> None:
        """Ask for a file name and save a picture of `frames`; `suffix` is added to the proposed name."""
        shown, clip = self._session.shown, self._session.clip
        if image is None or shown is None or clip is None:
            self._session.post(Notice(tr("There is no picture to save at this point."), is_problem=True))
            return
        self.pause_wanted.emit()
        name = f"{Path(clip.path).stem}_frame_{shown.index}_pts_{shown.pts}{suffix}.png"
        path = dialogs.ask_for_picture(self._window, name)
        if path is not None:
            kept = SavePictureJob(path, image, tuple(texts.items()), frames, self._session.case_path)
            self._worker.enqueue(kept)

    def _on_answered(self, answer: Answer) -> None:
        if not isinstance(answer.job, SavePictureJob):
            return
        if isinstance(answer.result, InspectorError):
            self._session.post(Notice(str(answer.result), is_problem=True))
            return
        job = answer.job
        if job.case_path is None or job.case_path != self._session.case_path:
            # another clip has been opened in the meantime
            self._session.post(Notice(tr("Saved {path}.", path=job.path)))
            return
        self.saved.emit(job)
        saved = tr("Saved {path} without overlays (Save view keeps them).") if _is_bare(job) else tr("Saved {path}.")
        self._session.post(Notice(f"{saved.format(path=job.path)} {_frames_text(job.frames)}"))


def _is_bare(job: SavePictureJob) -> bool:
    """Whether the overlays on the screen are not in the picture."""
    texts = dict(job.texts)
    return texts.get("Content", "").endswith(WITHOUT_OVERLAYS) and texts["Overlays on screen"] != "none"


def _frames_text(frames: tuple[KeptFrame, ...]) -> str:
    if any(frame.chain for frame in frames):
        both, one = (
            tr("The report will show both frames as decoded and filtered."),
            tr("The report will show this frame as decoded and filtered."),
        )
    else:
        both, one = tr("The report will show both frames."), tr("The report will show this frame.")
    return both if len(frames) > 1 else one
