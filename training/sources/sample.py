"""One label of a dataset, in the shape that every adapter gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.domain.geometry import Box

KINDS = ("clip", "still", "face")
TEST_SPLITS = frozenset({"test", "public"})  # what only measures; "public" is the manifest's word for it
HELD_OUT_SPLIT = "val"


@dataclass(frozen=True, slots=True)
class Sample:
    """One label: the file (or the part of it in `region`) that it speaks of, and what must never be split apart."""

    path: Path
    kind: str  # one of KINDS; a "face" is a still that shows little but one face
    is_fake: bool
    method: str
    identity: str  # whose recording it is; "" for unknown
    pair: str  # a fake and its original share it; "" for none
    split: str  # the dataset's own, "" for none; adapters write train, val and test
    source: str
    licence: str
    region: Box | None = None
    donor: str = ""  # a second identity in a fake: whose face was put in, or whose motion drives it
    cohort: str = ""  # a set of people that the dataset does not tell apart, as a part of DFDC
    compression: str = ""  # as FaceForensics++ names it: c0, c23, c40
    name: str = ""  # the path inside the dataset, where the last folder does not make a file name distinct

    @property
    def key(self) -> str:
        """A file name for what is made of this sample, distinct within its source."""
        region = self.region
        where = "" if region is None else f"@{region.x:g}-{region.y:g}-{region.width:g}-{region.height:g}"
        return (self.name.replace("/", "-") or f"{self.path.parent.name}-{self.path.name}") + where


def shares_test_pair(samples: Sequence[Sample]) -> list[bool]:
    """Which samples are no test samples themselves but show a recording that is in the official test split.

    Celeb-DF needs it: its list puts fakes to the test whose original recordings it leaves in training.
    """
    tested = {s.pair for s in samples if s.pair and s.split in TEST_SPLITS}
    return [s.pair in tested and s.split not in TEST_SPLITS for s in samples]
