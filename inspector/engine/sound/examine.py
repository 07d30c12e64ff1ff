"""Examines the first sound track of a clip in one pass: bounded memory, and no end that a file could put off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from inspector.domain.arrays import Floats32
from inspector.domain.clip import Clip
from inspector.domain.errors import InspectorError
from inspector.domain.sound.facts import SoundEvent, SoundFacts, Speech
from inspector.engine import faults
from inspector.engine.decode.container import MediaSource
from inspector.engine.decode.timing.shared_index import load_stream_index
from inspector.engine.provenance.structure.rules import facts_of, load_rules
from inspector.engine.sound import breaks
from inspector.engine.sound.band import band_limit
from inspector.engine.sound.grid_meter import EarlierCoding, GridMeter
from inspector.engine.sound.hum import HumMeter
from inspector.engine.sound.picture import PictureBuilder
from inspector.engine.sound.series import Series
from inspector.engine.sound.short_time import ShortTime, Steps
from inspector.engine.sound.speech import voiced
from inspector.engine.sound.stream import Block, SoundStream
from inspector.engine.sound.text import as_structure, values_of
from inspector.engine.sound.times import STEPS_PER_SECOND

RULES = "sound_rules"
MOST_SECONDS = 2 * 3600  # longer sound is examined up to here
_JUMP_SECONDS, _NAMED_JUMP_SECONDS = 0.02, 0.06  # containers round time stamps; a codec's frame is 20 to 46 ms
_MOST_EVENTS = 200
_NO_SOUND = "The file has no sound."


def examine_sound(clip: Clip, should_continue: Callable[[], bool] = lambda: True) -> SoundFacts | None:
    """Measure the sound of a clip; what fails becomes a sentence, since the pictures can be analysed without it.

    None if `should_continue` returned False, which is asked for each block and each step of the search in it.
    """
    if clip.is_still or not clip.has_audio:
        return SoundFacts(_NO_SOUND)
    found = faults.attempt("examining the sound", _Examination(clip, should_continue).run)
    return SoundFacts(f"The sound was not examined: {found}") if isinstance(found, InspectorError) else found


@dataclass(slots=True)
class _Measured:
    """What is made with the rate of the first block, and where the sound is."""

    start: float
    short_time: ShortTime
    hum: HumMeter
    grid: GridMeter
    picture: PictureBuilder
    series: Series = field(default_factory=Series)
    begun: float = 0.0  # seconds of the stretch of continuous sound, by its time stamps
    delay: float = 0.0  # by which it is measured later than that, because another one is there
    samples: int = 0  # in it
    seconds: float = 0.0  # of sound in all


class _Examination:
    def __init__(self, clip: Clip, should_continue: Callable[[], bool]) -> None:
        self._stream = SoundStream(clip)
        self._events: list[SoundEvent] = []
        self._problems: list[str] = []
        self._measured: _Measured | None = None
        self._should_continue = should_continue
        self._shown: float | None = None  # seconds of the pictures that the file holds; None where a rest was not read

    def run(self) -> SoundFacts | None:
        try:
            for block in self._stream.blocks():
                if not self._should_continue():
                    return None
                if not self._take(block):
                    break
            else:
                # Where the file breaks off the pictures end as early as the sound, whatever length it declares.
                end = load_stream_index(MediaSource.of(self._stream.clip)).span[1]
                self._shown = None if self._stream.refused else self._stream.clip.seconds(end)
        except (OSError, ValueError) as error:  # FFmpeg's errors are of these two
            self._problems.append(f"The sound breaks off: {error}.")
        facts = self._facts()
        return None if self._measured is not None and self._measured.grid.is_stopped else facts

    def _take(self, block: Block) -> bool:
        """Measure a block; False if no more is to be read."""
        rate = self._stream.rate
        if self._measured is None:
            step = 1 / STEPS_PER_SECOND
            builder = PictureBuilder(block.seconds, step, rate / 2)
            grid = GridMeter(rate, self._stream.codec, self._should_continue)
            self._measured = _Measured(
                block.seconds, ShortTime(rate), HumMeter(rate), grid, builder, begun=block.seconds
            )
            self._measured.hum.begin(block.seconds)
            grid.begin(block.seconds)
        now = self._measured
        if not -MOST_SECONDS < block.seconds - now.start < MOST_SECONDS:
            self._problems.append(f"Only the first {MOST_SECONDS // 3600} hours of the sound were examined.")
            return False
        expected = now.begun + now.samples / rate
        if abs(block.seconds - expected) > _JUMP_SECONDS:
            self._jump(now, block.seconds, expected)
        for steps in now.short_time.add(block.samples):
            self._keep(now, steps)
        mono = np.asarray(block.samples.mean(axis=0), np.float32)
        now.hum.add(mono)
        now.grid.add(mono)
        now.samples += block.samples.shape[1]
        now.seconds += block.samples.shape[1] / rate
        return True

    def _jump(self, now: _Measured, seconds: float, expected: float) -> None:
        """Begin a new stretch where the time stamps do not run on."""
        for steps in now.short_time.finish():
            self._keep(now, steps)
        if abs(seconds - expected) > _NAMED_JUMP_SECONDS:
            detail = f"the time stamps jump by {seconds - expected:+.2f} s"
            self._events.append(SoundEvent("time stamps", min(expected, seconds), max(expected, seconds), detail))
        # Sound whose time has passed already is measured behind the sound before it.
        step = max(round((seconds - now.start) * STEPS_PER_SECOND), now.series.count)
        now.short_time.begin(step)
        now.delay = max(expected + now.delay - seconds, 0.0)
        now.begun, now.samples = seconds, 0
        now.hum.begin(seconds + now.delay)
        now.grid.begin(seconds + now.delay)

    @staticmethod
    def _keep(now: _Measured, steps: Steps) -> None:
        now.series.add(steps)
        now.picture.add(steps.first, steps.lowest, steps.highest, steps.levels)

    def _facts(self) -> SoundFacts:
        stream, now = self._stream, self._measured
        if stream.damaged:
            self._problems.append(f"{stream.damaged} packets of the sound cannot be decoded.")
        if stream.not_finite:
            self._problems.append(f"{stream.not_finite} samples of the sound are no numbers; they were taken as 0.")
        if now is None:
            why = stream.refused or "no sound can be decoded from its track"
            return SoundFacts(f"The sound was not examined: {why}.", stream.codec, tracks=stream.tracks,
                              problems=tuple(self._problems))  # fmt: skip
        if stream.refused:
            self._problems.append(f"The sound was examined up to {now.seconds:.2f} s: from there on {stream.refused}.")
        for steps in now.short_time.finish():
            self._keep(now, steps)
        rms, speech_db = now.series.floats("rms_db"), now.series.floats("speech_db")
        voice = voiced(speech_db, now.series.floats("pitch"))
        hum, earlier = now.hum.hum(), now.grid.finish()
        limit = None
        if now.short_time.audible:
            limit = band_limit(now.short_time.frequencies, now.short_time.spectrum / now.short_time.audible)
        events = self._all_events(now, rms, hum.breaks, earlier)
        extent = now.start, now.begun + now.delay + now.samples / stream.rate
        values = values_of(stream, now.seconds, rms, limit, hum, earlier, events, voice, extent, self._shown)
        rules, remarks = load_rules(RULES)
        return SoundFacts(
            sentence=f"The sound was examined: {now.seconds:.2f} s of {stream.codec}, {stream.rate} Hz, "
            f"{stream.layout}.",
            codec=stream.codec,
            sample_rate=stream.rate,
            channels=stream.channels,
            layout=stream.layout,
            tracks=stream.tracks,
            seconds=now.seconds,
            values=values,
            facts=facts_of(as_structure(values), rules),
            events=tuple(events[:_MOST_EVENTS]),
            left_out=max(len(events) - _MOST_EVENTS, 0),
            problems=(*self._problems, *remarks),
            picture=now.picture.picture(),
            speech=Speech(now.start, 1 / STEPS_PER_SECOND, speech_db, voice.astype(np.uint8)),
        )

    def _all_events(
        self, now: _Measured, rms: Floats32, hum_breaks: tuple[float, ...], earlier: EarlierCoding
    ) -> list[SoundEvent]:
        """Everything that was found, in the order of time."""
        series, start = now.series, now.start
        found = self._events + self._stream.notes + breaks.silences(rms, start)
        found += breaks.clippings(series.clipped(), start)
        found += [SoundEvent("hum break", at, at + 1.0, "the phase of the hum jumps") for at in hum_breaks]
        found += [
            SoundEvent(
                "coding shift",
                shift.start,
                shift.end,
                f"the frames of an earlier coding move by {shift.samples} samples",
            )
            for shift in earlier.shifts
        ]
        return sorted(found, key=lambda event: (event.start_seconds, event.kind))
