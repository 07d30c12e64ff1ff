"""One label of a dataset, as every reader returns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.domain.geometry import Box

KINDS = ("clip", "still", "face")
TEST_SPLITS = frozenset({"test", "public"})  # never trained on; "public" is the manifest's name for it
HELD_OUT_SPLIT = "val"


@dataclass(frozen=True, slots=True)
class Sample:
    """One label: the file or its `region` that it applies to, and the people and pairs that must stay together."""

    path: Path
    kind: str  # one of KINDS; a "face" is a still that shows hardly more than one face
    is_fake: bool
    method: str
    identity: str  # the recorded person; "" for unknown
    pair: str  # a fake and its original share it; "" for none
    split: str  # the dataset's official one, "" for none; readers write train, val and test
    source: str
    licence: str
    region: Box | None = None
    donor: str = ""  # a second identity in a fake: the inserted face, or the driving person
    cohort: str = ""  # a set of people that the dataset does not name, such as a part of DFDC
    compression: str = ""  # the name that FaceForensics++ uses: c0, c23, c40
    name: str = ""  # the path inside the dataset, where folder and file name are not unique

    @property
    def key(self) -> str:
        """A file name for the prepared part of this sample, unique within its source."""
        region = self.region
        where = "" if region is None else f"@{region.x:g}-{region.y:g}-{region.width:g}-{region.height:g}"
        return (self.name.replace("/", "-") or f"{self.path.parent.name}-{self.path.name}") + where


def shares_test_pair(samples: Sequence[Sample]) -> list[bool]:
    """Which samples are not in the official test split but share a recording with it.

    Celeb-DF needs this: its test list has fakes whose originals it leaves in training.
    """
    tested = {s.pair for s in samples if s.pair and s.split in TEST_SPLITS}
    return [s.pair in tested and s.split not in TEST_SPLITS for s in samples]
