"""How a clip is coded, frame by frame: what is measured, and observations on it. Never part of a score."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.arrays import Floats, PtsArray

SERIES = (
    ("packet size", "bytes"),
    ("picture type", "1 I, 2 P, 3 B"),
    ("quantiser", ""),
    ("change", "grey levels"),
    ("unchanged area", "%"),
    ("brightness", "grey levels"),
    ("combing", "ratio"),
    ("intra area", "%"),
    ("area from earlier pictures", "%"),
    ("area from later pictures", "%"),
    ("change of quiet blocks", "grey levels"),
    ("change of most blocks", "grey levels"),
)
"""Name and unit of each series, in the order in which they are stored: new ones are appended, none is moved."""

SIZE, TYPE, QUANTISER, CHANGE, UNCHANGED, BRIGHTNESS, COMBING, INTRA, PAST, FUTURE, QUIET, MEDIAN = range(len(SERIES))
TYPES = ("", "I", "P", "B")
"""The picture types by their stored number; 0 is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class CodingSeries:
    """The series of a clip's decoded frames: `pts` int64 (n,), rising, and `values` float64 (series, n).

    NaN is "not measured": a decoder that gives no quantiser, the change of the first frame. Older analyses have none.
    """

    pts: PtsArray
    values: Floats

    def __len__(self) -> int:
        return len(self.pts)


@dataclass(frozen=True, slots=True)
class FrameHash:
    """The perceptual hash of one frame: 64 bits, which differ in few places where pictures look alike."""

    pts: int
    value: int


@dataclass(frozen=True, slots=True)
class CodingFact:
    """An observation: a sentence, its usual innocent causes, where the rule comes from, and when, in pts."""

    rule: str
    sentence: str
    causes: str
    source: str
    spans: tuple[tuple[int, int], ...] = ()
