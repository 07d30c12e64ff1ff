"""The viewer thread: the only place in the window that decodes. The newest request wins; playback follows the pts."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import InspectorError
from inspector.domain.faces import Face
from inspector.engine.case_file import CaseFile
from inspector.ui.frame_source import FrameSource
from inspector.ui.playback_clock import PlaybackClock

_SHORTEST_SHOW = 1 / 60


@dataclass(frozen=True, slots=True)
class OpenedClip:
    """A clip with its frame index: pts int64 (n,) in display order, is_key bool (n,)."""

    clip: Clip
    pts: npt.NDArray[np.int64]
    is_key: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is on the screen: one frame, or the gap in its place, with the faces the case file holds for that pts."""

    clip: Clip
    index: int
    pts: int
    frame: Frame | None
    image: QImage | None
    faces: tuple[tuple[int, Face], ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the window wants of the viewer now; each field is overwritten by the next request."""

    clip: Clip | None = None
    serial: int = 0  # rises with each clip, so that the same clip can be opened again
    case_path: Path | None = None
    target: int | None = None  # a frame index to show
    reload: bool = False  # show the present frame again, with fresh faces
    speed: float = 0.0  # 0 is paused, negative plays backwards
    is_stopping: bool = False


class Viewer(QThread):
    """Owns a decoder and its cache. Pictures are fetched with `take`; those never taken are dropped."""

    opened = Signal(object)  # OpenedClip
    frame_ready = Signal()
    playback_ended = Signal()
    failed = Signal(object)  # str

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = Condition()
        self._wish = _Wish()
        self._latest: Shown | None = None
        self._source: FrameSource | None = None
        self._serial = 0
        self._case: CaseFile | None = None
        self._case_path: Path | None = None
        self._at = 0
        self._clock = PlaybackClock()
        self._shown_at = 0.0
        self._shown_index = -1

    # --- asked by the UI thread --------------------------------------------------------------------------------------

    def open(self, clip: Clip) -> None:
        """Build the clip's index and show its first frame."""
        self._ask(clip=clip, serial=self._wish.serial + 1, target=0, speed=0.0, case_path=None)

    def show(self, index: int) -> None:
        """Show the frame at a display index; an older request that still waits is dropped."""
        self._ask(target=index)

    def play(self, speed: float) -> None:
        """Play from the present frame at `speed` times the clip's own; 0 pauses, negative plays backwards."""
        self._ask(speed=speed)

    def read_faces_from(self, case_path: Path | None) -> None:
        """Show the faces of this case file with each frame from now on, and with the present one."""
        self._ask(case_path=case_path, reload=True)

    def refresh(self) -> None:
        """Show the present frame again with the faces that are now in the case file."""
        self._ask(reload=True)

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._ask(is_stopping=True)
        self.wait()

    def take(self) -> Shown | None:
        """The newest picture, once."""
        with self._changed:
            shown, self._latest = self._latest, None
            return shown

    def _ask(self, **wishes: object) -> None:
        with self._changed:
            self._wish = replace(self._wish, **wishes)  # type: ignore[arg-type]
            self._changed.notify()

    # --- the thread --------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Serve wishes until told to stop."""
        while True:
            with self._changed:
                while not self._has_work():
                    self._changed.wait()
                wish = self._wish
                self._wish = replace(wish, target=None, reload=False)
            if wish.is_stopping:
                break
            try:
                self._serve(wish)
            except InspectorError as error:
                self._ask(speed=0.0)
                self.failed.emit(str(error))
        self._close()

    def _has_work(self) -> bool:
        wish = self._wish
        asked = wish.target is not None or wish.reload or wish.speed != 0.0 or wish.serial != self._serial
        return wish.is_stopping or asked

    def _serve(self, wish: _Wish) -> None:
        if wish.serial != self._serial and wish.clip is not None:
            self._open(wish.clip, wish.serial)
        if self._source is None:
            self._ask(speed=0.0)
            return
        if wish.case_path != self._case_path:
            self._open_case(wish.case_path)
        if wish.target is not None:
            self._clock.stop()
            self._show(self._source, wish.target)
        elif wish.reload:
            self._show(self._source, self._at)
        elif wish.speed != 0.0:
            self._play_on(self._source, wish.speed)
        if wish.speed == 0.0:
            self._clock.stop()

    def _open(self, clip: Clip, serial: int) -> None:
        self._close()
        self._serial = serial
        self._source = FrameSource(clip)
        self._at = 0
        self.opened.emit(OpenedClip(clip, self._source.pts, self._source.is_key))

    def _open_case(self, path: Path | None) -> None:
        if self._case is not None:
            self._case.close()
        self._case = None
        self._case_path = path
        if path is not None:
            self._case = CaseFile.open(path, create=False)

    def _close(self) -> None:
        if self._source is not None:
            self._source.close()
        self._source = None
        self._open_case(None)

    def _show(self, source: FrameSource, index: int) -> None:
        index = min(max(index, 0), len(source) - 1)
        picture = source.frame(index)
        pts = int(source.pts[index])
        faces = () if self._case is None else tuple(self._case.faces_at(pts))
        if isinstance(picture, Gap):
            shown = Shown(source.clip, index, pts, None, None, faces, picture.reason)
        else:
            shown = Shown(source.clip, index, pts, picture, to_qimage(picture), faces)
        self._at = self._shown_index = index
        self._shown_at = time.monotonic()
        with self._changed:
            is_first = self._latest is None
            self._latest = shown
        if is_first:
            self.frame_ready.emit()

    def _play_on(self, source: FrameSource, speed: float) -> None:
        """Show the next frame when it is due, decoding ahead while there is time."""
        step = 1 if speed > 0 else -1
        index = self._at + step
        if not 0 <= index < len(source):
            self._end_playback(source)
            return
        if self._clock.speed != speed:
            self._clock.start(time.monotonic(), self._seconds(source, self._at), speed)
        source.frame(index)
        seconds = self._seconds(source, index)
        late = self._clock.catch_up(time.monotonic(), seconds)
        if late > 0 and time.monotonic() - self._shown_at < _SHORTEST_SHOW:
            self._at = index  # decoded but not shown: the next one is due already
            return
        if -late > _SHORTEST_SHOW and 0 <= index + step < len(source):
            source.frame(index + step)
        if self._wait_until(self._clock.due(seconds), speed):
            self._show(source, index)

    def _wait_until(self, due: float, speed: float) -> bool:
        """Wait for a frame's time; False when something else was asked for meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_interrupted(speed), timeout=max(due - time.monotonic(), 0.0))
            return not self._is_interrupted(speed)

    def _is_interrupted(self, speed: float) -> bool:
        wish = self._wish
        return wish.is_stopping or wish.target is not None or wish.speed != speed or wish.serial != self._serial

    def _end_playback(self, source: FrameSource) -> None:
        self._ask(speed=0.0)
        if self._shown_index != self._at:
            self._show(source, self._at)
        self.playback_ended.emit()

    @staticmethod
    def _seconds(source: FrameSource, index: int) -> float:
        return source.clip.seconds(int(source.pts[index]))


def to_qimage(frame: Frame) -> QImage:
    """A QImage of its own (RGB32, as QPainter draws fastest) from a frame's uint8 (H, W, 3) RGB picture."""
    height, width = frame.image.shape[:2]
    data = np.ascontiguousarray(frame.image)
    image = QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)
