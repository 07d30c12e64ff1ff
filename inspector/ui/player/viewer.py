"""The viewer thread: brings frames onto the screen. The newest request wins; playback follows the pts."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition

from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import InspectorError
from inspector.engine.case.case_file import CaseFile
from inspector.ui.player.audio import Sound
from inspector.ui.player.cursor import Item
from inspector.ui.player.playback_clock import PlaybackClock
from inspector.ui.player.prefetch_thread import CACHE_BYTES, PrefetchThread
from inspector.ui.state import OpenedClip, Shown
from inspector.ui.widgets.qimage import to_qimage

_SHORTEST_SHOW = 1 / 60
# While one scrubs, a jump under way is given up for a newer one only so soon after the last picture.
_PATIENCE = 0.25
_CONVERTED_BYTES = 96 << 20  # of frames ready to paint: the one on the screen, its neighbours, and a few more


@dataclass(frozen=True, slots=True)
class _Request:
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
    """Owns the prefetch, and the sound. Pictures are fetched with `take`; those never taken are dropped."""

    opened = Signal(object)  # OpenedClip
    frame_ready = Signal()
    playback_ended = Signal()
    failed = Signal(object)  # str

    def __init__(self, parent: QObject | None = None, sound: Sound | None = None) -> None:
        super().__init__(parent)
        self.sound = sound or Sound(self)
        self.frames_shown = self.frames_dropped = 0  # while playing; dropped ones would have stood for 1/60 s or more
        self._changed = Condition()
        self._request = _Request()
        self._latest: Shown | None = None
        self._prefetch: PrefetchThread | None = None
        self._cache_bytes = CACHE_BYTES
        self._serial = 0
        self._case: CaseFile | None = None
        self._case_path: Path | None = None
        self._at = 0
        self._clock = PlaybackClock()
        self._shown_at = 0.0
        self._shown_index = -1
        self._last_step = 1
        self._converted: OrderedDict[int, tuple[Item, Frame, QImage]] = OrderedDict()

    # --- asked by the UI thread --------------------------------------------------------------------------------------

    def open(self, clip: Clip) -> None:
        """Build the clip's index and show its first frame."""
        self._ask(clip=clip, serial=self._request.serial + 1, target=0, speed=0.0, case_path=None, loop=None)

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
            if self._prefetch is not None:
                self._prefetch.limit_to(cache_bytes)

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

    def _ask(self, **requests: object) -> None:
        with self._changed:
            self._request = replace(self._request, **requests)  # type: ignore[arg-type]
            self._changed.notify_all()

    # --- the thread --------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Serve requests until told to stop."""
        while not (request := self._next_request()).is_stopping:
            try:
                self._serve(request)
            except InspectorError as error:
                self._ask(speed=0.0)
                self.failed.emit(str(error))
        self._close()

    def _next_request(self) -> _Request:
        """What to do next; until there is something, frames beside the one on the screen are made ready."""
        while True:
            with self._changed:
                if self._has_work():
                    request = self._request
                    self._request = replace(request, target=None, reload=False)
                    return request
                neighbour = self._unconverted()
                if neighbour is None:
                    self._changed.wait()
                    continue
            self._convert(*neighbour)

    def _has_work(self) -> bool:
        request = self._request
        asked = request.target is not None or request.reload or request.speed != 0.0 or request.serial != self._serial
        return request.is_stopping or asked

    def _serve(self, request: _Request) -> None:
        if request.serial != self._serial and request.clip is not None:
            self._open(request.clip, request.serial)
        if self._prefetch is None:
            self._ask(speed=0.0)
            return
        if request.case_path != self._case_path:
            self._open_case(request.case_path)
        if request.target is not None:
            self._stop_clock()
            self._show(self._prefetch, request.target)
        elif request.reload:
            self._show(self._prefetch, self._at)
        elif request.speed != 0.0:
            self._play_on(self._prefetch, request.speed, request.loop)
        if request.speed == 0.0:
            self._stop_clock()

    def _open(self, clip: Clip, serial: int) -> None:
        self._close()
        self._serial = serial
        self._prefetch = PrefetchThread(clip, self._changed, self._on_altered, self._cache_bytes)
        self._prefetch.start()
        self.sound.open(clip)
        self._at = 0
        self.opened.emit(OpenedClip(clip, self._prefetch.pts, self._prefetch.is_key))

    def _open_case(self, path: Path | None) -> None:
        if self._case is not None:
            self._case.close()
        self._case = None
        self._case_path = path
        if path is not None:
            self._case = CaseFile.open(path, create=False)

    def _close(self) -> None:
        self._stop_clock()
        if self._prefetch is not None:
            self._prefetch.close()
        self._prefetch = None
        self._shown_index = -1
        self._converted.clear()
        self._open_case(None)

    # --- pictures ----------------------------------------------------------------------------------------------------

    def _show(self, prefetch: PrefetchThread, index: int) -> None:
        """Bring a frame onto the screen, unless something newer is asked for first."""
        index = min(max(index, 0), len(prefetch) - 1)
        if index != self._at:
            self._last_step = 1 if index > self._at else -1
        prefetch.aim(index)
        item = prefetch.fetch(index, self._is_overtaken)
        if item is not None:
            self._publish(prefetch, index, item)

    def _is_overtaken(self) -> bool:
        request = self._request
        if request.is_stopping or request.serial != self._serial:
            return True
        return request.target is not None and time.monotonic() - self._shown_at < _PATIENCE

    def _publish(self, prefetch: PrefetchThread, index: int, item: Item) -> None:
        pts = int(prefetch.pts[index])
        faces = () if self._case is None else tuple(self._case.faces_at(pts))
        if isinstance(item, Gap):
            shown = Shown(prefetch.clip, index, pts, None, None, faces, item.reason)
        else:
            shown = Shown(prefetch.clip, index, pts, *self._convert(index, item), faces)
        self._at = self._shown_index = index
        self._shown_at = time.monotonic()
        with self._changed:
            is_first = self._latest is None
            self._latest = shown
        if is_first:
            self.frame_ready.emit()

    def _on_altered(self, index: int) -> None:
        """The prefetch, in its thread: what it said of a frame at first was not the whole truth."""
        if index == self._shown_index:
            self._ask(reload=True)

    def _unconverted(self) -> tuple[int, Item] | None:
        """A neighbour of the frame on the screen that is decoded, but not ready to paint."""
        if self._prefetch is None or self._shown_index < 0:
            return None
        for index in (self._at + self._last_step, self._at - self._last_step):
            item = self._prefetch.now(index)
            if item is not None and not isinstance(item, Gap) and not self._is_converted(index, item):
                return index, item
        return None

    def _is_converted(self, index: int, item: Item) -> bool:
        return index in self._converted and self._converted[index][0] is item

    def _convert(self, index: int, item: Item) -> tuple[Frame, QImage]:
        """The frame and its image, kept while it is of the newest few."""
        assert self._prefetch is not None
        if not self._is_converted(index, item):
            frame = self._prefetch.convert(item)
            assert isinstance(frame, Frame), "gaps are not developed"
            self._converted[index] = item, frame, to_qimage(frame.image)
            most = max(_CONVERTED_BYTES // (7 * frame.image.shape[0] * frame.image.shape[1]), 3)
            self._converted.move_to_end(index)
            while len(self._converted) > most:
                self._converted.popitem(last=False)
        return self._converted[index][1:]

    # --- playing -----------------------------------------------------------------------------------------------------

    def _play_on(self, prefetch: PrefetchThread, speed: float, loop: tuple[int, int] | None) -> None:
        """Show the next frame when it is due; the reel decodes ahead meanwhile."""
        step = 1 if speed > 0 else -1
        last = (len(prefetch) - 1 if step > 0 else 0) if loop is None else loop[step > 0]
        if (last - self._at) * step <= 0:
            self._turn_round(prefetch, speed, loop)
            return
        if self._clock.speed != speed:
            self._start_clock(self._seconds(prefetch, self._at), speed)
        self._follow_sound()
        index = self._at + step
        if self._clock.catch_up(time.monotonic(), self._seconds(prefetch, index)):
            self.sound.play(self._seconds(prefetch, index), speed)
        index = self._newest_due(prefetch, index, last, step)
        prefetch.aim(index, step)
        item = prefetch.fetch(index, lambda: self._is_interrupted(speed))
        if item is None:
            return
        if not isinstance(item, Gap):
            self._convert(index, item)
        if self._wait_until(self._clock.due(self._seconds(prefetch, index)), speed):
            self._publish(prefetch, index, item)
            self.frames_shown += 1

    def _newest_due(self, prefetch: PrefetchThread, index: int, last: int, step: int) -> int:
        """`index`, or what follows it where that is due so soon that `index` could not be seen."""
        horizon = max(time.monotonic(), self._shown_at + _SHORTEST_SHOW)
        while index != last and self._clock.due(self._seconds(prefetch, index + step)) <= horizon:
            due, next_due = (self._clock.due(self._seconds(prefetch, at)) for at in (index, index + step))
            self.frames_dropped += next_due - due >= _SHORTEST_SHOW
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
        request = self._request
        is_elsewhere = request.target is not None or request.serial != self._serial
        return request.is_stopping or is_elsewhere or request.speed != speed

    def _turn_round(self, prefetch: PrefetchThread, speed: float, loop: tuple[int, int] | None) -> None:
        """At the end: begin the loop again, or stop."""
        if loop is not None and loop[0] < loop[1]:
            self._stop_clock()
            self._show(prefetch, loop[0] if speed > 0 else loop[1])
            return
        self._ask(speed=0.0)
        self.playback_ended.emit()

    @staticmethod
    def _seconds(prefetch: PrefetchThread, index: int) -> float:
        return prefetch.clip.seconds(int(prefetch.pts[index]))
