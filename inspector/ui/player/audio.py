"""Plays the clip's sound at normal speed, on a separate thread; at other speeds and without a device it is silent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QThread, QTimerEvent, Signal

from inspector.domain.clip import Clip
from inspector.domain.errors import FaultError, InspectorError
from inspector.engine import faults
from inspector.engine.process.player.messages import GetSound, Service
from inspector.ui.player.players import PLAYERS
from inspector.ui.state import SoundState

Samples = npt.NDArray[np.int16]

RATE, CHANNELS = 48000, 2
_PUMP_MS = 10
_BUFFER_SECONDS = 0.2
_LONGEST_SILENCE = 10 * RATE  # samples of silence added at a time where the sound has a gap


class Sink(Protocol):
    """An audio output for signed 16-bit samples, RATE per second, CHANNELS interleaved."""

    def start(self) -> None:
        """Start again, with no samples queued and none played."""

    def free(self) -> int:
        """How many samples can be written now; one sample holds all channels."""

    def write(self, samples: Samples) -> None:
        """Queue int16 (n, CHANNELS) samples; n is at most `free`."""

    def played(self) -> float:
        """Seconds of sound that have been played since the start."""

    def stop(self) -> None:
        """Stop playing at once, and drop queued samples."""


class QtSink:
    """An output device of the system. It belongs to the thread that creates it."""

    def __init__(self, device: Any) -> None:
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink

        form = QAudioFormat()
        form.setSampleRate(RATE)
        form.setChannelCount(CHANNELS)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._sink = QAudioSink(device, form)
        self._sink.setBufferSize(round(_BUFFER_SECONDS * RATE) * CHANNELS * 2)
        self._pipe: Any = None

    def start(self) -> None:
        """Start again, with no samples queued and none played."""
        self._sink.stop()
        self._pipe = self._sink.start()

    def free(self) -> int:
        """How many samples can be written now."""
        return 0 if self._pipe is None else int(self._sink.bytesFree()) // (2 * CHANNELS)

    def write(self, samples: Samples) -> None:
        """Queue int16 (n, CHANNELS) samples."""
        self._pipe.write(np.ascontiguousarray(samples).tobytes())

    def played(self) -> float:
        """Seconds of sound that have been played since the start."""
        return float(self._sink.processedUSecs()) / 1e6

    def stop(self) -> None:
        """Stop playing at once, and drop queued samples."""
        self._sink.reset()
        self._pipe = None


def default_sink() -> Sink | None:
    """The system's default device, or None if it has none. Loads Qt Multimedia."""
    from PySide6.QtMultimedia import QMediaDevices

    device = QMediaDevices.defaultAudioOutput()
    return None if device.isNull() else QtSink(device)


def read_sound(clip: Clip, from_seconds: float, service: Service = Service.SOUND) -> Iterator[tuple[float, Samples]]:
    """The clip's first sound track from a time on, or a little before, as (seconds, int16 (n, CHANNELS)) pieces.

    The player's process reads it, one answer ahead. Raises InspectorError if the file cannot be read.
    """
    link = PLAYERS.link(service, clip)
    player = link.player()
    try:
        answer = player.ask(GetSound(0, service, from_seconds))
        is_over = False
        while not is_over:
            pieces, is_over = answer.result()
            if not is_over:
                answer = player.ask(GetSound(0, service))
            for seconds, samples in pieces:
                yield seconds, np.frombuffer(samples, np.int16).reshape(-1, CHANNELS)
    finally:
        link.close()


class Track:
    """The clip's sound from one time on, without gaps: silence replaces sound that the file does not have."""

    def __init__(self, clip: Clip, seconds: float) -> None:
        self._start = seconds
        self._pieces = read_sound(clip, seconds)
        self._given = 0
        self._waiting: Samples = np.zeros((0, CHANNELS), np.int16)
        self._is_over = False

    def read(self, count: int) -> Samples:
        """The next `count` samples, int16 (count, CHANNELS)."""
        while len(self._waiting) < count and not self._is_over:
            self._fetch()
        out, self._waiting = self._waiting[:count], self._waiting[count:]
        self._given += count
        return np.concatenate([out, np.zeros((count - len(out), CHANNELS), np.int16)])

    def _fetch(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            self._is_over = True
            return
        when, samples = piece
        offset = round((when - self._start) * RATE) - self._given - len(self._waiting)
        silence = np.zeros((min(max(offset, 0), _LONGEST_SILENCE), CHANNELS), np.int16)
        self._waiting = np.concatenate([self._waiting, silence, samples[max(-offset, 0) :]])


class _Pump(QObject):
    """Calls `supply` at regular intervals; lives in the sound's thread."""

    def __init__(self, sound: Sound) -> None:
        super().__init__()
        self._sound = sound
        self.startTimer(_PUMP_MS)

    def timerEvent(self, event: QTimerEvent) -> None:
        """Supply the device."""
        with faults.Boundary("playing the sound", self._sound.fail):
            self._sound.supply()


class Sound(QThread):
    """Plays the sound of one clip. The methods can be called from any thread; only `close` waits."""

    state_changed = Signal(object)  # SoundState

    def __init__(self, parent: QObject | None = None, open_sink: Callable[[], Sink | None] = default_sink) -> None:
        super().__init__(parent)
        self._open_sink = open_sink
        self._lock = Lock()
        self._clip: Clip | None = None
        self._wanted: tuple[float, float, float] | None = None  # seconds, speed, monotonic time; None: paused
        self._is_new = False  # whether `_wanted` has not been started yet
        self._is_muted = False
        self._is_silent_clip = True
        self._state = SoundState.NONE
        self._heard: tuple[float, float] | None = None  # the clip's seconds, and the monotonic time
        self._sink: Sink | None = None
        self._has_opened = False
        self._track: Track | None = None
        self._start_seconds = 0.0

    @property
    def state(self) -> SoundState:
        """Whether the sound is on, and if not, why."""
        return self._state

    def open(self, clip: Clip) -> None:
        """Switch to another clip; the thread starts with the first clip that has sound."""
        with self._lock:
            self._clip, self._wanted, self._is_new = clip, None, True
            self._is_silent_clip = not clip.has_audio
        if clip.has_audio and not self.isRunning():
            self.start()
        elif not clip.has_audio:
            self._set_state(SoundState.NONE)

    def play(self, seconds: float, speed: float) -> None:
        """Play the sound from this time of the clip on; at a speed other than 1 it stays silent."""
        with self._lock:
            self._wanted, self._is_new, self._heard = (seconds, speed, time.monotonic()), True, None

    def pause(self) -> None:
        """Stop playing."""
        with self._lock:
            self._wanted, self._is_new, self._heard = None, True, None

    def mute(self, is_muted: bool) -> None:
        """Mute or unmute the sound."""
        with self._lock:
            self._is_muted, self._is_new, self._heard = is_muted, True, None

    @property
    def is_muted(self) -> bool:
        """Whether the user has muted the sound."""
        return self._is_muted

    def heard(self) -> float | None:
        """The clip's time, in seconds, of the sound that is heard now; None while nothing is heard."""
        with self._lock:
            return None if self._heard is None else self._heard[0] + time.monotonic() - self._heard[1]

    def close(self) -> None:
        """End the thread and wait for it."""
        if self.isRunning():
            self.quit()
            self.wait()

    # --- the thread --------------------------------------------------------------------------------------------------

    @faults.Boundary("running the thread of the sound")
    def run(self) -> None:
        """Supply the device until `close` is called."""
        pump = _Pump(self)
        self.exec()
        del pump
        if self._sink is not None:
            self._sink.stop()
        self._sink = self._track = None

    def supply(self) -> None:
        """Start or stop the device as requested, and fill its buffer."""
        with self._lock:
            clip, wanted, is_new, self._is_new = self._clip, self._wanted, self._is_new, False
            is_muted, is_silent = self._is_muted, self._is_silent_clip
        if is_new:
            self._begin(clip, wanted, is_muted, is_silent)
        if self._track is None or self._sink is None:
            return
        try:
            free = self._sink.free()
            if free:
                self._sink.write(self._track.read(free))
        except FaultError:
            raise
        except InspectorError:
            self._track = None
            self._sink.stop()
            self._set_state(SoundState.UNREADABLE)
            return
        played = self._sink.played()
        with self._lock:
            if played > 0 and not self._is_new:
                self._heard = (self._start_seconds + played, time.monotonic())

    def fail(self, error: InspectorError) -> None:
        """Stay silent after an error of the program, until the next request to play."""
        self._track = None
        self._set_state(SoundState.FAILED)
        faults.show(error)

    def _begin(
        self, clip: Clip | None, wanted: tuple[float, float, float] | None, is_muted: bool, is_silent: bool
    ) -> None:
        if self._track is not None and self._sink is not None:
            self._sink.stop()
        self._track = None
        if clip is None or is_silent:
            self._set_state(SoundState.NONE)
            return
        if not self._has_opened:
            self._has_opened, self._sink = True, self._open_sink()
        if self._sink is None:
            self._set_state(SoundState.NO_DEVICE)
        elif is_muted:
            self._set_state(SoundState.MUTED)
        elif wanted is not None and wanted[1] != 1.0:
            self._set_state(SoundState.OTHER_SPEED)
        else:
            self._set_state(SoundState.ON)
            if wanted is not None:
                # The picture has moved on since then, above all while the device was opened or the sound was muted.
                self._start_seconds = wanted[0] + time.monotonic() - wanted[2]
                self._track = Track(clip, self._start_seconds)
                self._sink.start()

    def _set_state(self, state: SoundState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
