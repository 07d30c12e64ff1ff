"""The viewer thread: brings frames onto the screen. The newest request wins; playback follows the pts."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from inspector.domain.arrays import Flags, PtsArray
from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import InspectorError
from inspector.domain.faces import Face
from inspector.engine.case.case_file import CaseFile
from inspector.ui.player.audio import Sound
from inspector.ui.player.cursor import Item
from inspector.ui.player.playback_clock import PlaybackClock
from inspector.ui.player.prefetch_thread import CACHE_BYTES, Reel

_SHORTEST_SHOW = 1 / 60
# While one scrubs, a jump under way is given up for a newer one only so soon after the last picture.
_PATIENCE = 0.25
_DEVELOPED_BYTES = 96 << 20  # of frames ready to paint: the one on the screen, its neighbours, and a few more


@dataclass(frozen=True, slots=True)
class OpenedClip:
    """A clip with its frame index: pts int64 (n,) in display order, is_key bool (n,)."""

    clip: Clip
    pts: PtsArray
    is_key: Flags


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
    loop: tuple[int, int] | None = None  # first and last index that playing stays between
    is_stopping: bool = False


class Viewer(QThread):
    """Owns the reel, and the sound. Pictures are fetched with `take`; those never taken are dropped."""

    opened = Signal(object)  # OpenedClip
    frame_ready = Signal()
    playback_ended = Signal()
    failed = Signal(object)  # str

    def __init__(self, parent: QObject | None = None, sound: Sound | None = None) -> None:
        super().__init__(parent)
        self.sound = sound or Sound(self)
        self.frames_shown = self.frames_dropped = 0  # while playing; dropped ones would have stood for 1/60 s or more
        self._changed = Condition()
        self._wish = _Wish()
        self._latest: Shown | None = None
        self._reel: Reel | None = None
        self._cache_bytes = CACHE_BYTES
        self._serial = 0
        self._case: CaseFile | None = None
        self._case_path: Path | None = None
        self._at = 0
        self._clock = PlaybackClock()
        self._shown_at = 0.0
        self._shown_index = -1
        self._last_step = 1
        self._developed: OrderedDict[int, tuple[Item, Frame, QImage]] = OrderedDict()

    # --- asked by the UI thread --------------------------------------------------------------------------------------

    def open(self, clip: Clip) -> None:
        """Build the clip's index and show its first frame."""
        self._ask(clip=clip, serial=self._wish.serial + 1, target=0, speed=0.0, case_path=None, loop=None)

    def show(self, index: int) -> None:
        """Show the frame at a display index; an older request that still waits is dropped."""
        self._ask(target=index)

    def play(self, speed: float) -> None:
        """Play from the present frame at `speed` times the clip's own; 0 pauses, negative plays backwards."""
        self._ask(speed=speed)

    def keep_between(self, loop: tuple[int, int] | None) -> None:
        """Play between two indices, over and over; None: to the end of the clip."""
        self._ask(loop=loop)

    def limit_cache_to(self, cache_bytes: int) -> None:
        """How much memory decoded pictures may take, of this clip and of later ones."""
        with self._changed:
            self._cache_bytes = cache_bytes
            if self._reel is not None:
                self._reel.limit_to(cache_bytes)

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
        self.sound.close()

    def take(self) -> Shown | None:
        """The newest picture, once."""
        with self._changed:
            shown, self._latest = self._latest, None
            return shown

    def _ask(self, **wishes: object) -> None:
        with self._changed:
            self._wish = replace(self._wish, **wishes)  # type: ignore[arg-type]
            self._changed.notify_all()

    # --- the thread --------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Serve wishes until told to stop."""
        while not (wish := self._next_wish()).is_stopping:
            try:
                self._serve(wish)
            except InspectorError as error:
                self._ask(speed=0.0)
                self.failed.emit(str(error))
        self._close()

    def _next_wish(self) -> _Wish:
        """What to do next; until there is something, frames beside the one on the screen are made ready."""
        while True:
            with self._changed:
                if self._has_work():
                    wish = self._wish
                    self._wish = replace(wish, target=None, reload=False)
                    return wish
                neighbour = self._undeveloped()
                if neighbour is None:
                    self._changed.wait()
                    continue
            self._develop(*neighbour)

    def _has_work(self) -> bool:
        wish = self._wish
        asked = wish.target is not None or wish.reload or wish.speed != 0.0 or wish.serial != self._serial
        return wish.is_stopping or asked

    def _serve(self, wish: _Wish) -> None:
        if wish.serial != self._serial and wish.clip is not None:
            self._open(wish.clip, wish.serial)
        if self._reel is None:
            self._ask(speed=0.0)
            return
        if wish.case_path != self._case_path:
            self._open_case(wish.case_path)
        if wish.target is not None:
            self._stop_clock()
            self._show(self._reel, wish.target)
        elif wish.reload:
            self._show(self._reel, self._at)
        elif wish.speed != 0.0:
            self._play_on(self._reel, wish.speed, wish.loop)
        if wish.speed == 0.0:
            self._stop_clock()

    def _open(self, clip: Clip, serial: int) -> None:
        self._close()
        self._serial = serial
        self._reel = Reel(clip, self._changed, self._on_altered, self._cache_bytes)
        self._reel.start()
        self.sound.open(clip)
        self._at = 0
        self.opened.emit(OpenedClip(clip, self._reel.pts, self._reel.is_key))

    def _open_case(self, path: Path | None) -> None:
        if self._case is not None:
            self._case.close()
        self._case = None
        self._case_path = path
        if path is not None:
            self._case = CaseFile.open(path, create=False)

    def _close(self) -> None:
        self._stop_clock()
        if self._reel is not None:
            self._reel.close()
        self._reel = None
        self._shown_index = -1
        self._developed.clear()
        self._open_case(None)

    # --- pictures ----------------------------------------------------------------------------------------------------

    def _show(self, reel: Reel, index: int) -> None:
        """Bring a frame onto the screen, unless something newer is asked for first."""
        index = min(max(index, 0), len(reel) - 1)
        if index != self._at:
            self._last_step = 1 if index > self._at else -1
        reel.aim(index)
        item = reel.fetch(index, self._is_overtaken)
        if item is not None:
            self._publish(reel, index, item)

    def _is_overtaken(self) -> bool:
        wish = self._wish
        if wish.is_stopping or wish.serial != self._serial:
            return True
        return wish.target is not None and time.monotonic() - self._shown_at < _PATIENCE

    def _publish(self, reel: Reel, index: int, item: Item) -> None:
        pts = int(reel.pts[index])
        faces = () if self._case is None else tuple(self._case.faces_at(pts))
        if isinstance(item, Gap):
            shown = Shown(reel.clip, index, pts, None, None, faces, item.reason)
        else:
            shown = Shown(reel.clip, index, pts, *self._develop(index, item), faces)
        self._at = self._shown_index = index
        self._shown_at = time.monotonic()
        with self._changed:
            is_first = self._latest is None
            self._latest = shown
        if is_first:
            self.frame_ready.emit()

    def _on_altered(self, index: int) -> None:
        """The reel, in its thread: what it said of a frame at first was not the whole truth."""
        if index == self._shown_index:
            self._ask(reload=True)

    def _undeveloped(self) -> tuple[int, Item] | None:
        """A neighbour of the frame on the screen that is decoded, but not ready to paint."""
        if self._reel is None or self._shown_index < 0:
            return None
        for index in (self._at + self._last_step, self._at - self._last_step):
            item = self._reel.now(index)
            if item is not None and not isinstance(item, Gap) and not self._is_developed(index, item):
                return index, item
        return None

    def _is_developed(self, index: int, item: Item) -> bool:
        return index in self._developed and self._developed[index][0] is item

    def _develop(self, index: int, item: Item) -> tuple[Frame, QImage]:
        """The frame and its image, kept while it is of the newest few."""
        assert self._reel is not None
        if not self._is_developed(index, item):
            frame = self._reel.develop(item)
            assert isinstance(frame, Frame), "gaps are not developed"
            self._developed[index] = item, frame, to_qimage(frame)
            most = max(_DEVELOPED_BYTES // (7 * frame.image.shape[0] * frame.image.shape[1]), 3)
            self._developed.move_to_end(index)
            while len(self._developed) > most:
                self._developed.popitem(last=False)
        return self._developed[index][1:]

    # --- playing -----------------------------------------------------------------------------------------------------

    def _play_on(self, reel: Reel, speed: float, loop: tuple[int, int] | None) -> None:
        """Show the next frame when it is due; the reel decodes ahead meanwhile."""
        step = 1 if speed > 0 else -1
        last = (len(reel) - 1 if step > 0 else 0) if loop is None else loop[step > 0]
        if (last - self._at) * step <= 0:
            self._turn_round(reel, speed, loop)
            return
        if self._clock.speed != speed:
            self._start_clock(self._seconds(reel, self._at), speed)
        self._follow_sound()
        index = self._at + step
        if self._clock.catch_up(time.monotonic(), self._seconds(reel, index)):
            self.sound.play(self._seconds(reel, index), speed)
        index = self._newest_due(reel, index, last, step)
        reel.aim(index, step)
        item = reel.fetch(index, lambda: self._is_interrupted(speed))
        if item is None:
            return
        if not isinstance(item, Gap):
            self._develop(index, item)
        if self._wait_until(self._clock.due(self._seconds(reel, index)), speed):
            self._publish(reel, index, item)
            self.frames_shown += 1

    def _newest_due(self, reel: Reel, index: int, last: int, step: int) -> int:
        """`index`, or what follows it where that is due so soon that `index` could not be seen."""
        horizon = max(time.monotonic(), self._shown_at + _SHORTEST_SHOW)
        while index != last and self._clock.due(self._seconds(reel, index + step)) <= horizon:
            stood = self._clock.due(self._seconds(reel, index + step)) - self._clock.due(self._seconds(reel, index))
            self.frames_dropped += stood >= _SHORTEST_SHOW
            index += step
        return index

    def _start_clock(self, seconds: float, speed: float) -> None:
        self._clock.start(time.monotonic(), seconds, speed)
        self.sound.play(seconds, speed)

    def _stop_clock(self) -> None:
        if self._clock.speed:
            self._clock.stop()
            self.sound.pause()

    def _follow_sound(self) -> None:
        """The sound card's clock is the one that counts: a picture may wait, a skip in the sound is heard."""
        heard = self.sound.heard()
        if heard is not None:
            self._clock.follow(time.monotonic(), heard)

    def _wait_until(self, due: float, speed: float) -> bool:
        """Wait for a frame's time; False when something else was asked for meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_interrupted(speed), timeout=max(due - time.monotonic(), 0.0))
            return not self._is_interrupted(speed)

    def _is_interrupted(self, speed: float) -> bool:
        wish = self._wish
        return wish.is_stopping or wish.target is not None or wish.speed != speed or wish.serial != self._serial

    def _turn_round(self, reel: Reel, speed: float, loop: tuple[int, int] | None) -> None:
        """At the end: begin the loop again, or stop."""
        if loop is not None and loop[0] < loop[1]:
            self._stop_clock()
            self._show(reel, loop[0] if speed > 0 else loop[1])
            return
        self._ask(speed=0.0)
        self.playback_ended.emit()

    @staticmethod
    def _seconds(reel: Reel, index: int) -> float:
        return reel.clip.seconds(int(reel.pts[index]))


def to_qimage(frame: Frame) -> QImage:
    """A QImage of its own (RGB32, as QPainter draws fastest) from a frame's uint8 (H, W, 3) RGB picture."""
    import cv2  # here, because the window opens before it is loaded

    height, width = frame.image.shape[:2]
    image = QImage(width, height, QImage.Format.Format_RGB32)
    into = np.frombuffer(image.bits(), np.uint8).reshape(height, width, 4)
    cv2.cvtColor(frame.image, cv2.COLOR_RGB2BGRA, dst=into)
    return image
