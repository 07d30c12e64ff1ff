"""What was measured on a sound, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.domain.arrays import Flags, Floats32
from inspector.domain.sound.facts import SoundEvent, SoundFacts
from inspector.domain.structure import Structure, Tag
from inspector.engine.sound.times import STEPS_PER_SECOND

if TYPE_CHECKING:
    from inspector.engine.sound.grid_meter import EarlierCoding
    from inspector.engine.sound.hum import Hum
    from inspector.engine.sound.stream import SoundStream

GROUP = "sound"
_NAMES = {
    "clipping": "clipping",
    "silence": "silence",
    "digital silence": "digital silence",
    "hum break": "hum breaks",
    "coding shift": "shifts of an earlier coding",
    "format": "sampling changes",
    "time stamps": "jumps of the time stamps",
}
_MOST_TIMES = 3
_SHORTER_SECONDS = 0.5  # encoders and editors leave tenths of a second


def values_of(
    stream: SoundStream,
    seconds: float,
    rms_db: Floats32,
    limit: float | None,
    hum: Hum,
    earlier: EarlierCoding,
    events: list[SoundEvent],
    voice: Flags,
    extent: tuple[float, float],
    shown: float | None,
) -> tuple[Tag, ...]:
    """The values as tags of the group "sound"; what was not found has none.

    `seconds` of sound, which reaches over `extent` and the pictures to `shown`, in seconds since the first picture;
    None where a rest of the sound was not read.
    """
    found = {
        "codec": stream.codec,
        "sampling rate": f"{stream.rate} Hz",
        "channels": f"{stream.channels} ({stream.layout})",
        "duration": f"{seconds:.2f} s",
    }
    begin, end = extent
    if shown is not None and (begin > _SHORTER_SECONDS or end < shown - _SHORTER_SECONDS):
        extent_text = f"from {max(begin, 0):.2f} to {min(end, shown):.2f} s of {shown:.2f} s"
        among = f", in the first of {stream.tracks} tracks" if stream.tracks > 1 else ""
        found["shorter than the pictures"] = extent_text + among
    if stream.tracks > 1:
        found["tracks"] = f"{stream.tracks}, of which the first is examined"
    known = rms_db[np.isfinite(rms_db)]
    if len(known):
        found["level"] = f"{_mean_level(known):.1f} dBFS; loudest 10 ms {float(known.max()):.1f} dBFS"
    found["top of the spectrum"] = f"{stream.rate / 2000:.1f} kHz"
    if limit is not None:
        found["band limit"] = f"{limit / 1000:.1f} kHz"
    if hum.nominal:
        harmonics = ", ".join(map(str, hum.harmonics))
        found["hum"] = (
            f"{hum.nominal:.0f} Hz grid, {hum.frequency:.2f} Hz ± {hum.deviation:.2f} Hz in {100 * hum.share:.0f} % "
            f"of the sound (harmonics {harmonics})"
        )
    if earlier.share:
        percent = f"{100 * earlier.share:.0f}" if earlier.share >= 0.005 else "less than 1"
        found["earlier coding"] = f"its frames are seen in {percent} % of the sound"
    found |= _of_events(events)
    spoken = np.count_nonzero(voice) / STEPS_PER_SECOND
    if spoken:
        found["voice"] = f"{spoken:.1f} s of {seconds:.1f} s sound like one, as song and tones may"
    return tuple(Tag(GROUP, name, value) for name, value in found.items())


def _mean_level(rms_db: Floats32) -> float:
    return float(10 * np.log10(np.mean(10 ** (rms_db.astype(np.float64) / 10))))


def _of_events(events: list[SoundEvent]) -> dict[str, str]:
    """For each kind of event how often there is one, for how long, and when first."""
    kinds: dict[str, list[SoundEvent]] = {}
    for event in events:
        is_digital = event.kind == "silence" and event.detail.startswith("digital")
        kinds.setdefault("digital silence" if is_digital else event.kind, []).append(event)
    found = {}
    for kind, name in _NAMES.items():
        own = kinds.get(kind)
        if not own:
            continue
        times = ", ".join(f"{event.start_seconds:.2f} s" for event in own[:_MOST_TIMES])
        more = f" and {len(own) - _MOST_TIMES} more" if len(own) > _MOST_TIMES else ""
        lasting = sum(event.end_seconds - event.start_seconds for event in own)
        length = f", {lasting:.1f} s in all" if kind in ("silence", "digital silence", "clipping") else ""
        plural = "once" if len(own) == 1 else f"{len(own)} times"
        found[name] = f"{plural} (at {times}{more}){length}"
    return found


def as_structure(values: tuple[Tag, ...]) -> Structure:
    """The values as what the rules are written for."""
    return Structure("sound", 0, tags=values)


def value_rows(facts: SoundFacts) -> list[tuple[str, str]]:
    """The values as names and texts; that there is no hum is said, because it is usual."""
    rows = [(tag.name.capitalize(), tag.value) for tag in facts.values]
    names = {tag.name for tag in facts.values}
    if facts.is_examined and "hum" not in names:
        rows.append(("Mains hum", "not found, or the sound is too short to tell; both are usual"))
    if facts.is_examined and "band limit" not in names:
        rows.append(("Band limit", "none found below the top of the spectrum"))
    return rows
