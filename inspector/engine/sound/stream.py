"""The decoded sound of a clip, block by block, whatever the file declares: finite floats at one rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import av
import numpy as np
from av.audio.resampler import AudioResampler

from inspector.domain.arrays import Floats32
from inspector.domain.clip import Clip
from inspector.domain.sound.facts import SoundEvent
from inspector.engine import activity
from inspector.engine.decode.container import MediaSource, open_container
from inspector.engine.sound.times import ClipTimes

LOWEST_RATE, HIGHEST_RATE, MOST_CHANNELS = 4000, 768_000, 64
_LOUDEST = 4.0  # decoders give samples beyond 1 after lossy coding; larger ones are errors
_SCALES = {"u8": 128.0, "s16": 32768.0, "s32": 2147483648.0, "s64": 9223372036854775808.0}
_MOST_NOTES = 20
_NOTHING = np.zeros((1, 0), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Consecutive samples, float32 (channels, n), -1..1 in full scale, which begin at `seconds` of the clip."""

    seconds: float
    samples: Floats32


@dataclass(slots=True)
class SoundStream:
    """The first sound track of an open clip. `blocks` fills in the properties with the first block."""

    clip: Clip
    codec: str = ""
    rate: int = 0
    channels: int = 0
    layout: str = ""
    tracks: int = 0
    damaged: int = 0  # packets that cannot be decoded
    not_finite: int = 0  # samples that are no number, taken as 0
    notes: list[SoundEvent] = field(default_factory=list)  # changes of rate or channels
    refused: str = ""  # why the sound was not read, or not to its end

    def blocks(self) -> Iterator[Block]:
        """Decode to the end. Raises ClipError if the file cannot be opened; FFmpeg's errors are OSError, ValueError."""
        container = open_container(MediaSource.of(self.clip))
        try:
            self.tracks = len(container.streams.audio)
            if not self.tracks:
                return
            stream = container.streams.audio[0]
            self.codec = stream.codec_context.codec.canonical_name
            stream.codec_context.thread_count = 1
            times = ClipTimes(self.clip, 0.0)
            resampler: AudioResampler | None = None
            changed, end = "", 0.0
            for packet in activity.each(container.demux(stream)):
                try:
                    frames = stream.decode(packet)
                except (av.error.InvalidDataError, ValueError):
                    self.damaged += 1
                    continue
                for frame in frames:
                    if not self._accepts(frame):
                        return
                    form = f"{frame.sample_rate} Hz, {frame.layout.name}"
                    if form != changed:
                        resampler = self._resampler(frame, form if changed else "", times)
                        changed = form
                    pieces = [frame] if resampler is None else resampler.resample(frame)
                    parts = [self._floats(piece) for piece in pieces]
                    samples = np.concatenate(parts, axis=1) if parts else _NOTHING
                    if samples.shape[1]:
                        length = samples.shape[1] / self.rate
                        end = times.of(float(frame.time), length) + length if frame.time is not None else end + length
                        yield Block(end - length, samples)
        finally:
            container.close()

    def _accepts(self, frame: Any) -> bool:
        """Take the properties of the first frame; refuse what no recorder writes."""
        rate, channels = frame.sample_rate, frame.layout.nb_channels
        if not LOWEST_RATE <= rate <= HIGHEST_RATE or not 1 <= channels <= MOST_CHANNELS:
            self.refused = f"it declares {rate} Hz and {channels} channels"
            return False
        if not self.rate:
            self.rate, self.channels, self.layout = rate, channels, frame.layout.name
        return True

    def _resampler(self, frame: Any, form: str, times: ClipTimes) -> AudioResampler | None:
        """What brings frames of another form to the first one's rate; None for those that have it."""
        if form and len(self.notes) < _MOST_NOTES:
            at = times.of(float(frame.time or 0.0), 0.0)
            self.notes.append(SoundEvent("format", at, at, f"from here on {form}"))
        if frame.sample_rate == self.rate:
            return None
        return AudioResampler("fltp", frame.layout.name, self.rate)

    def _floats(self, frame: Any) -> Floats32:
        """The samples of a frame as float32 (channels, n); what is no number becomes 0."""
        data = frame.to_ndarray()
        name = frame.format.name.removesuffix("p")
        if not frame.format.is_planar:
            data = data.reshape(-1, frame.layout.nb_channels).T
        exact = np.asarray(data, np.float64)
        samples = np.asarray((exact - 128.0 if name == "u8" else exact) / _SCALES.get(name, 1.0), np.float32)
        wrong = int(samples.size - np.count_nonzero(np.isfinite(samples)))
        if wrong:
            self.not_finite += wrong
            samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        return np.clip(samples, -_LOUDEST, _LOUDEST)
