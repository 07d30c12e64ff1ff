"""Sentences on how the packets of a stream were read, for the people who read the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from inspector.domain.arrays import PtsArray
from inspector.engine.decode.frame_index import NO_PTS, FrameIndex
from inspector.engine.decode.timing.losses import Evidence, Loss, without_interval
from inspector.engine.decode.timing.timeline import Timeline

_NAMED = 5  # at most so many are named one by one
# In a stream of constant rate, a step of so many usual ones, and of so many seconds, is named.
_LONG_STEPS, _LONG_SECONDS = 4, 0.2
# With a variable rate, a step of so many of those that are rarely exceeded, and of so many seconds.
_FAR_STEPS, _FAR_SECONDS = 8, 2.0
_LATE_SECONDS = 1.0  # sound may lead by a group of pictures where a live stream was joined

# FFmpeg's names of formats whose time stamps count from the start of the file; elsewhere a clock begins anywhere.
_FROM_ZERO = ("mov", "matroska", "flv", "avi", "asf", "ogg")

_UNREFERENCED = (
    "Where no keyframe follows, the pictures up to the next one count as damaged: its codec does not tell whether a "
    "picture that they refer to is missing."
)
IN_DECODING_ORDER = (
    "The file gives its pictures time stamps in the order of decoding; the display times follow from the order in "
    "which the decoder returns the pictures."
)

KEYLESS_START = (
    "The file begins between two keyframes. The pictures up to the first one count as damaged: those that they refer "
    "to are not in the file, and their codec does not tell."
)


def missing_stamps(count: int, pictures: int, step: Fraction) -> str:
    """The sentence about so many of all pictures that have no time stamp; `step` is their usual distance in seconds."""
    if count == pictures:
        rate = float(1 / step) if step else 0.0
        return (
            f"The file stores no time stamps: {rate:,.3f} pictures a second are declared in the stream or, without "
            "that, assumed."
        )
    what = "1 picture has" if count == 1 else f"{count} pictures have"
    return f"{what} no time stamp; the times follow from the neighbours."


def before_zero(stamps: PtsArray, time_base: Fraction) -> list[str]:
    """The sentence about Matroska's time stamps below 0, int64 (n,)."""
    if not len(stamps):
        return []
    pictures = "1 picture has a time stamp" if len(stamps) == 1 else f"{len(stamps)} pictures have time stamps"
    first = float(int(stamps.min()) * time_base)
    return [
        f"{pictures} before 0, from {first:,.2f} s on. FFmpeg reads no time stamp there, and players may show such "
        "pictures at other times or not at all."
    ]


def foreign_bytes(count: int) -> str:
    """The sentence about what lies behind all pictures of a file."""
    return f"Behind the last picture the file holds {count:,} more bytes, which are no picture."


def late_start(seconds: float, sound_seconds: float | None, container: str) -> list[str]:
    """The sentence about a first picture that comes late: by the time stamps of the file, or after its sound."""
    if any(name in container for name in _FROM_ZERO) and seconds > _LONG_SECONDS:
        return [
            f"The first picture has the time stamp {seconds:,.2f} s: the file counts from 0 and holds no picture "
            "before it, as a part of a longer recording does, or a file whose beginning is missing."
        ]
    if sound_seconds is not None and seconds - sound_seconds > _LATE_SECONDS:
        return [f"The first picture comes {seconds - sound_seconds:,.2f} s after the sound begins."]
    return []


def wrong_stamps(stamps: PtsArray, frames: FrameIndex | None, time_base: Fraction) -> str:
    """The sentence about stamps int64 (n,) that repeat or lie far off."""
    named = []
    for pts in stamps[:_NAMED].tolist():
        named.append(f"pts {pts} ({float(pts * time_base):,.2f} s)")
        if frames is not None:
            index = int(np.flatnonzero(frames.stored_pts == pts)[-1])
            shown = float((frames.pts[index] - frames.pts[0]) * time_base)
            named[-1] += f", shown as frame {index} at {shown:,.2f} s"
    more = f" and {len(stamps) - len(named)} more" if len(stamps) > len(named) else ""
    what = "One time stamp repeats or lies" if len(stamps) == 1 else f"{len(stamps)} time stamps repeat or lie"
    return f"{what} far from the neighbours': {'; '.join(named)}{more}."


def damaged_parts(
    evidence: list[Evidence], losses: tuple[Loss, ...], rows: PtsArray, times: PtsArray, time_base: Fraction
) -> Iterator[str]:
    """Sentences about damaged bytes after which the time stamps go on as if nothing were missing.

    `rows` are the numbers of the packets with a picture and `times` their display times, both int64 (n,).
    """
    found = list(without_interval(evidence, losses, rows, times))
    for item, pts in found[:_NAMED]:
        seconds = float((pts - int(times.min())) * time_base)
        yield f"Before the picture at {seconds:,.2f} s: {item.reason}; the time stamps show no picture missing."
    if len(found) > _NAMED:
        yield f"The same is found in {len(found) - _NAMED} more places."


@dataclass(frozen=True, slots=True, eq=False)
class LongSteps:
    """Steps between two pictures that are far longer than usual, where nothing tells that data was lost.

    `pts` int64 (n,): of the picture after each; `seconds` of each step; `at_seconds`: of that picture in the clip.
    """

    pts: PtsArray
    seconds: tuple[float, ...]
    at_seconds: tuple[float, ...]
    is_variable: bool
    usual_seconds: float


def find_long_steps(times: PtsArray, timeline: Timeline, known: Iterable[int], time_base: Fraction) -> LongSteps:
    """The long steps of pictures with these `times` int64 (n,).

    `known` are the times of pictures at which a gap or a section of its own says more.
    """
    step = timeline.step
    is_variable = timeline.wide > step + max(step // 4, 2)
    ordered = np.unique(times[times != NO_PTS])
    steps = np.diff(ordered)
    limit = max(_LONG_STEPS * step, _LONG_SECONDS / time_base)
    if is_variable:  # a picture may stay for long
        limit = max(_FAR_STEPS * timeline.wide, _FAR_SECONDS / time_base)
    found = np.flatnonzero((steps > limit) & ~np.isin(ordered[1:], list(known)))
    after = ordered[1:][found]
    return LongSteps(
        after,
        tuple(float(value * time_base) for value in steps[found].tolist()),
        tuple(float((value - int(ordered[0])) * time_base) for value in after.tolist()),
        is_variable,
        float(step * time_base),
    )


def long_steps(found: LongSteps, unreferenced: int = 0) -> list[str]:
    """The sentence about long steps; after `unreferenced` of them the pictures may lack their reference."""
    if not len(found.pts):
        return []
    pairs = list(zip(found.seconds, found.at_seconds, strict=True))
    named = [f"{seconds:,.2f} s before the picture at {at:,.2f} s" for seconds, at in pairs[:_NAMED]]
    more = f" and {len(pairs) - _NAMED} more" if len(pairs) > _NAMED else ""
    if found.is_variable:
        return [
            f"The rate is variable, and nothing is stored for {', '.join(named)}{more}; the file shows no sign of lost "
            "data there, and a recording of a still screen stores nothing either."
        ]
    said = (
        f"The pictures follow each other after {found.usual_seconds:,.3f} s, except {', '.join(named)}{more}; the file "
        "shows no sign of lost data there."
    )
    return [f"{said} {_UNREFERENCED}" if unreferenced else said]


def entered(seconds: list[float]) -> list[str]:
    """The sentence about recordings, by their times, that begin between two keyframes."""
    if not seconds:
        return []
    return [
        f"At {_places(seconds)} the time stamps jump between two keyframes. The pictures up to the next keyframe count "
        "as damaged: where another recording begins, those that they refer to are not in the file, and nothing shows "
        "it."
    ]


def coding_breaks(seconds: list[float]) -> list[str]:
    """The sentence about keyframes at which the coding begins anew while the time stamps go on, by their times."""
    if not seconds:
        return []
    return [
        f"At {_places(seconds)} the coding begins anew while the time stamps go on, as where pictures were cut out, or "
        "recordings joined, without being coded again. A broadcast that changes its format does that too."
    ]


def _places(seconds: list[float]) -> str:
    more = f" and in {len(seconds) - _NAMED} more places" if len(seconds) > _NAMED else ""
    return ", ".join(f"{at:,.2f} s" for at in seconds[:_NAMED]) + more


def other_bytes(errors: tuple[tuple[int, str], ...]) -> Iterator[str]:
    """Sentences about what lies between JPEG pictures in a row; for `errors` see `StoredPackets`."""
    for number, error in errors[:_NAMED]:
        yield f"Beside picture {number + 1}: {error}."
    if len(errors) > _NAMED:
        yield f"The same is found in {len(errors) - _NAMED} more places."


def other_count(declared: int, stored: int) -> str:
    """The sentence about an AVI file whose header declares more pictures than there are."""
    return (
        f"The header declares {declared} pictures, and {stored} are stored. AVI files have no time stamps: if pictures "
        "are missing, the times after them are too early."
    )
