"""Dividing samples into training and held-out ones: official splits first, then whole groups of people and pairs.

Face swaps connect people: in Celeb-DF every face is in another person's clip, so one group has nearly all samples. Such
a group is cut between people, and a fake of people from both sides is left out. Where a dataset names sets of people
instead of people, like the parts of DFDC, whole sets go to one side, however large; a single one is cut.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from training.sources.sample import HELD_OUT_SPLIT, TEST_SPLITS, Sample, shares_test_pair


class Side(StrEnum):
    """The use of a sample: fitting, calibration and selection, measuring only, or none."""

    TRAIN = "train"
    HELD_OUT = "held out"
    TEST = "test"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Assignment:
    """The side of one sample, and the group that shares it."""

    side: Side
    group: str


class _Links:
    """Names that are connected, directly or through others (union-find)."""

    def __init__(self, samples: Sequence[Sample], *, donors: bool, cohorts: bool) -> None:
        self._parent: dict[str, str] = {}
        for number, sample in enumerate(samples):
            first, *others = _names(sample, number)
            others += [f"identity {sample.donor}"] * (donors and bool(sample.donor))
            others += [f"cohort {sample.cohort}"] * (cohorts and bool(sample.cohort))
            for name in others:
                self._parent[self.root(name)] = self.root(first)

    def root(self, name: str) -> str:
        """The representative of all names connected to `name`."""
        while (above := self._parent.setdefault(name, name)) != name:
            self._parent[name] = self._parent[above]  # path halving, for sets of 120,000 clips
            name = above
        return name


def _names(sample: Sample, number: int) -> list[str]:
    names = [f"identity {sample.identity}" if sample.identity else f"sample {number}"]
    return names + [f"pair {sample.pair}"] * bool(sample.pair)


def groups(samples: Sequence[Sample]) -> list[str]:
    """A group name per sample; samples connected by identity, donor, cohort or pair have the same group.

    A group with more than a tenth of all samples, which could never be held out, is cut: donors no longer connect it,
    and neither does a cohort that is the only one.
    """
    return [names[0] for names in _parties(samples)]


def _parties(samples: Sequence[Sample]) -> list[list[str]]:
    """The group of each sample and, where a group was cut, that of its donor."""
    loose = _Links(samples, donors=True, cohorts=True)
    tight = _Links(samples, donors=False, cohorts=_has_cohorts(samples))
    firsts = [_names(sample, number)[0] for number, sample in enumerate(samples)]
    sizes = Counter(loose.root(first) for first in firsts)
    found = []
    for sample, first in zip(samples, firsts, strict=True):
        if not _is_large(sizes[loose.root(first)], len(samples)):
            found.append([loose.root(first)])
        else:
            found.append([tight.root(name) for name in (first, f"identity {sample.donor}")[: 1 + bool(sample.donor)]])
    return found


def _has_cohorts(samples: Sequence[Sample]) -> bool:
    """Whether there are several cohorts, so that whole ones can be held out."""
    return len({sample.cohort for sample in samples} - {""}) > 1


def _is_large(size: int, total: int) -> bool:
    return total >= 100 and size * 10 > total


def divide(samples: Sequence[Sample], share: float, seed: int) -> list[Assignment]:
    """The assignment of every sample: no person or pair is in both TRAIN and HELD_OUT, and no pair is also in TEST.

    The official test is TEST; other samples that share its recordings are LEFT_OUT. The official validation split is
    HELD_OUT. Without one, about `share` of the groups of every stratum (kind, class, method) is held out, at least one
    of three; rare strata choose first, and their choice counts for the others. A group with more than a tenth of all
    samples that cannot be cut stays in TRAIN: like "unknown", it is not a single person. Of several cohorts the
    smallest that reach `share` are HELD_OUT; a single one may be on both sides, which `shared_cohorts` reports. A share
    of 0 holds out the official validation split only.
    """
    assignments = [
        Assignment(Side.TEST if sample.split in TEST_SPLITS else Side.LEFT_OUT, group)
        for sample, group in zip(samples, groups(samples), strict=True)
    ]
    tested = shares_test_pair(samples)
    ours = [n for n, sample in enumerate(samples) if sample.split not in TEST_SPLITS and not tested[n]]
    mine = [samples[number] for number in ours]
    parties = _parties(mine)
    held = _choose(mine, [names[0] for names in parties], share, seed)
    for number, names in zip(ours, parties, strict=True):
        inside = {name in held for name in names}
        side = Side.LEFT_OUT if len(inside) == 2 else Side.HELD_OUT if True in inside else Side.TRAIN
        assignments[number] = Assignment(side, names[0])
    return assignments


def summary(assignments: Sequence[Assignment]) -> str:
    """How many samples are on each side, as text."""
    counts = Counter(assignment.side for assignment in assignments)
    return ", ".join(f"{counts[side]} {side}" for side in Side if counts[side])


def shared_cohorts(assigned: Iterable[tuple[str, bool]]) -> str:
    """A warning about cohorts with samples on both sides, from (cohort, is held out) of all samples; "" for none."""
    sides: dict[str, set[bool]] = defaultdict(set)
    for cohort, is_held_out in assigned:
        if cohort:
            sides[cohort].add(is_held_out)
    shared = sorted(cohort for cohort, both in sides.items() if len(both) == 2)
    if not shared:
        return ""
    return (
        f"The dataset does not name the people of {', '.join(shared)}, so the same ones may be both trained on and "
        "held out: error rates on held-out people may be too low; a second part of the dataset would prevent that."
    )


def _choose(samples: Sequence[Sample], names: Sequence[str], share: float, seed: int) -> set[str]:
    """The groups to hold out: those of official validation samples, and a share of each stratum without any."""
    sizes = Counter(names)
    strata: dict[tuple[str, bool, str], set[str]] = defaultdict(set)
    official: set[tuple[str, bool, str]] = set()
    held: set[str] = set()
    for sample, name in zip(samples, names, strict=True):
        key = sample.kind, sample.is_fake, sample.method
        strata[key].add(name)
        if sample.split == HELD_OUT_SPLIT:
            official.add(key)
            held.add(name)
    cohorts = {name for s, name in zip(samples, names, strict=True) if s.cohort} if _has_cohorts(samples) else set()
    if not held & cohorts:
        held |= _smallest({name: sizes[name] for name in cohorts}, share, seed)
    for key in sorted(strata.keys() - official, key=lambda k: (len(strata[k]), k)):
        members = sorted(n for n in strata[key] - cohorts if not _is_large(sizes[n], len(samples)))
        wanted = max(round(share * len(members)), int(share > 0 and len(members) >= 3))
        free = [n for n in members if n not in held]
        random.Random(f"{seed} {key}").shuffle(free)  # noqa: S311 a reproducible choice, not a secret
        held.update(free[: max(0, wanted - (len(members) - len(free)))])
    return held


def _smallest(sizes: dict[str, int], share: float, seed: int) -> set[str]:
    """The smallest cohorts that together reach a share of all samples with a cohort; never all cohorts."""
    names = sorted(sizes)
    random.Random(f"{seed} cohorts").shuffle(names)  # noqa: S311 as above; it orders cohorts of equal size
    names.sort(key=lambda name: sizes[name])
    taken: set[str] = set()
    for name in names[:-1]:
        if sum(sizes[n] for n in taken) >= share * sum(sizes.values()):
            break
        taken.add(name)
    return taken
