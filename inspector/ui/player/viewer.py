"""The viewer thread: decides which frame is shown when. The newest request wins; playback follows the pts."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Condition

from PySide6.QtCore import QObject, QThread, Signal

from inspector.domain.clip import Clip, Frame, Gap
from inspector.domain.errors import InspectorError
from inspector.domain.faces import Face
from inspector.engine import faults
from inspector.engine.case.case_file import CaseFile
from inspector.ui.player.audio import Sound
from inspector.ui.player.converted_frames import ConvertedFrames
from inspector.ui.player.playback_clock import PlaybackClock
from inspector.ui.player.remote_frames import CACHE_BYTES, Item, RemoteFrames
from inspector.ui.state import OpenedClip, Shown

_SHORTEST_SHOW = 1 / 60  # seconds
# While the user scrubs, a newer request replaces a jump in progress only within this many seconds of the last picture.
_PATIENCE = 0.25


@dataclass(frozen=True, slots=True)
class _Request:
    """What the window wants of the viewer now; a new request overwrites single fields."""

    clip: Clip | None = None
    serial: int = 0  # one higher for each clip, so that the same clip can be opened again
    analysis: tuple[Path, int] | None = None  # the case file and the analysis in it whose faces are shown
    target: int | None = None  # a frame index to show
    reload: bool = False  # show the current frame again, with the stored faces
    speed: float = 0.0  # 0 is paused, negative plays backwards
    loop: tuple[int, int] | None = None  # the first and the last index between which playback repeats
    is_stopping: bool = False


class Viewer(QThread):
    """Owns the frames and the sound. `take` fetches the newest picture; older ones are dropped."""

    opened = Signal(object)  # OpenedClip
    frame_ready = Signal()
    playback_ended = Signal()
    failed = Signal(object)  # str
    open_failed = Signal(object, object)  # str, Clip that could not be opened: the former one still is

    def __init__(self, parent: QObject | None = None, sound: Sound | None = None) -> None:
        super().__init__(parent)
        self.sound = sound or Sound(self)
        self.frames_shown = self.frames_dropped = 0  # while playing; frames under 1/60 s do not count as dropped
        self._changed = Condition()
        self._request = _Request()
        self._latest: Shown | None = None
        self._prefetch: RemoteFrames | None = None
        self._cache_bytes = CACHE_BYTES
        self._serial = 0
        self._case: CaseFile | None = None
        self._analysis: tuple[Path, int] | None = None
        self._at = 0
        self._clock = PlaybackClock()
        self._shown_at = 0.0
        self._shown_index = -1
        self._last_step = 1
        self._converted = ConvertedFrames()
        self._converts_ahead = True  # until that fails; the next frame tries again

    # --- called by the UI thread -------------------------------------------------------------------------------------

    def open(self, clip: Clip) -> None:
        """Build the clip's index and show its first frame."""
        self._ask(clip=clip, serial=self._request.serial + 1, target=0, speed=0.0, analysis=None, loop=None)

    def show(self, index: int) -> None:
        """Show the frame at a display index; it replaces an older request that is still waiting."""
        self._ask(target=index)

    def play(self, speed: float) -> None:
        """Play from the current frame at `speed` times normal speed; 0 pauses, a negative speed plays backwards."""
        self._ask(speed=speed)

    def keep_between(self, loop: tuple[int, int] | None) -> None:
        """Repeat playback between two indices; None plays to the end of the clip."""
        self._ask(loop=loop)

    def limit_cache_to(self, cache_bytes: int) -> None:
        """Limit the memory of decoded pictures, for this clip and for later ones."""
        with self._changed:
            self._cache_bytes = cache_bytes
            if self._prefetch is not None:
                self._prefetch.limit_to(cache_bytes)

    def read_faces_from(self, case_path: Path, analysis_id: int) -> None:
        """Show the faces of this analysis with the current frame and with all later ones."""
        self._ask(analysis=(case_path, analysis_id), reload=True)

    def refresh(self) -> None:
        """Show the current frame again, with the faces that the case file holds now."""
        self._ask(reload=True)

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._ask(is_stopping=True)
        self.wait()
        self.sound.close()

    def take(self) -> Shown | None:
        """The newest picture if it has not been taken yet, else None."""
        with self._changed:
            shown, self._latest = self._latest, None
            return shown

    def _ask(self, **fields: object) -> None:
        with self._changed:
            self._request = replace(self._request, **fields)  # type: ignore[arg-type]
            self._changed.notify_all()

    # --- the thread --------------------------------------------------------------------------------------------------

    @faults.Boundary("running the viewer thread")
    def run(self) -> None:
        """Serve requests until `stop` is called."""
        while True:
            with faults.Boundary("showing a frame", self._fail):
                request = self._next_request()
                if request.is_stopping:
                    break
                self._serve(request)
        self._close()

    def _fail(self, error: InspectorError) -> None:
        self._ask(speed=0.0)
        self.failed.emit(str(error))

    def _next_request(self) -> _Request:
        """Wait for a request; meanwhile convert the neighbours of the current frame."""
        while True:
            with self._changed:
                if self._has_work():
                    request = self._request
                    self._request = replace(request, target=None, reload=False)
                    return request
                neighbour = self._unconverted() if self._converts_ahead else None
                if neighbour is None:
                    self._changed.wait()
                    continue
            # An error is shown when that frame is to be shown.
            with faults.Boundary("converting a frame", lambda _error: None):
                self._converts_ahead = False
                self._converted.get(*neighbour)
                self._converts_ahead = True

    def _has_work(self) -> bool:
        request = self._request
        asked = request.target is not None or request.reload or request.speed != 0.0 or request.serial != self._serial
        return request.is_stopping or asked

    def _serve(self, request: _Request) -> None:
        if request.serial != self._serial and request.clip is not None:
            problem = faults.attempt("opening a clip", partial(self._open, request.clip, request.serial))
            if problem is not None:
                self._ask(speed=0.0)
                self.open_failed.emit(str(problem), request.clip)
                return
        if self._prefetch is None:
            self._ask(speed=0.0)
            return
        if request.analysis != self._analysis:
            self._open_case(request.analysis)
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
        self._serial = serial
        frames = RemoteFrames(clip, self._changed, self._on_altered, self._fail, self._cache_bytes)
        self._close()
        self._prefetch = frames
        self.sound.open(clip)
        self._at = 0
        self.opened.emit(OpenedClip(clip, self._prefetch.pts, self._prefetch.is_key))

    def _open_case(self, analysis: tuple[Path, int] | None) -> None:
        if self._case is not None:
            self._case.close()
        self._case = None
        self._analysis = analysis
        if analysis is not None:
            self._case = CaseFile.open(analysis[0], create=False)

    def _close(self) -> None:
        self._stop_clock()
        if self._prefetch is not None:
            self._prefetch.close()
        self._prefetch = None
        self._shown_index = -1
        self._converted.clear()
        self._open_case(None)

    # --- pictures ----------------------------------------------------------------------------------------------------

    def _show(self, prefetch: RemoteFrames, index: int) -> None:
        """Show a frame, unless a newer request arrives first."""
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

    def _publish(self, prefetch: RemoteFrames, index: int, item: Item) -> None:
        pts = int(prefetch.pts[index])
        frame, image, reason = None, None, ""
        if isinstance(item, Gap):
            reason = item.reason
        else:
            frame, image = item, self._converted.get(index, item)
        case_path, analysis_id = self._analysis or (None, None)
        faces = self._faces_at(pts)
        shown = Shown(prefetch.clip, index, pts, frame, image, faces, analysis_id, problem=reason, case_path=case_path)
        self._at = self._shown_index = index
        self._converts_ahead = True
        self._shown_at = time.monotonic()
        with self._changed:
            is_first = self._latest is None
            self._latest = shown
        if is_first:
            self.frame_ready.emit()

    def _faces_at(self, pts: int) -> tuple[tuple[int, Face], ...]:
        """The faces at a pts in the analysis that is shown."""
        if self._case is None or self._analysis is None:
            return ()
        return tuple(self._case.read(self._analysis[1]).faces_at(pts))

    def _on_altered(self, index: int) -> None:
        """Called on another thread: a frame that was handed out has been replaced."""
        if index == self._shown_index:
            self._ask(reload=True)

    def _unconverted(self) -> tuple[int, Frame] | None:
        """A neighbour of the current frame that has come from the process but is not converted."""
        if self._prefetch is None or self._shown_index < 0:
            return None
        for index in (self._at + self._last_step, self._at - self._last_step):
            item = self._prefetch.get(index)
            if item is not None and not isinstance(item, Gap) and not self._converted.has(index, item):
                return index, item
        return None

    # --- playing -----------------------------------------------------------------------------------------------------

    def _play_on(self, prefetch: RemoteFrames, speed: float, loop: tuple[int, int] | None) -> None:
        """Show the next frame when it is due, while the player's process decodes ahead."""
        step = 1 if speed > 0 else -1
        last = (len(prefetch) - 1 if step > 0 else 0) if loop is None else loop[step > 0]
        if (last - self._at) * step <= 0:
            self._end_or_repeat(prefetch, speed, loop)
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
            self._converted.get(index, item)
        prefetch.get(2 * index - self._at)  # most likely the next one: it is converted while this one waits
        if self._wait_until(self._clock.due(self._seconds(prefetch, index)), speed):
            self._publish(prefetch, index, item)
            self.frames_shown += 1

    def _newest_due(self, prefetch: RemoteFrames, index: int, last: int, step: int) -> int:
        """`index`, or a later frame that is due so soon that the frames before it would not be visible."""
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
        """Follow the sound card's clock: a late picture is not noticed, but a gap in the sound is heard."""
        heard = self.sound.heard()
        if heard is not None:
            self._clock.follow(time.monotonic(), heard)

    def _wait_until(self, due: float, speed: float) -> bool:
        """Wait until a frame is due; False if a newer request arrives first."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_interrupted(speed), timeout=max(due - time.monotonic(), 0.0))
            return not self._is_interrupted(speed)

    def _is_interrupted(self, speed: float) -> bool:
        request = self._request
        is_elsewhere = request.target is not None or request.serial != self._serial
        return request.is_stopping or is_elsewhere or request.speed != speed

    def _end_or_repeat(self, prefetch: RemoteFrames, speed: float, loop: tuple[int, int] | None) -> None:
        """At the end of the range: start the loop again, or stop."""
        if loop is not None and loop[0] < loop[1]:
            self._stop_clock()
            self._show(prefetch, loop[0] if speed > 0 else loop[1])
            return
        self._ask(speed=0.0)
        self.playback_ended.emit()

    @staticmethod
    def _seconds(prefetch: RemoteFrames, index: int) -> float:
        return prefetch.clip.seconds(int(prefetch.pts[index]))
