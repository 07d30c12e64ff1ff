"""Holding out: whole groups of samples that share a person or a source pair, never parts of one."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

from training.sources import Sample


def groups(samples: Sequence[Sample]) -> list[str]:
    """A group name per sample; two samples that share an identity or a pair, also through others, share it."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for number, sample in enumerate(samples):
        names = [f"identity {sample.identity}" if sample.identity else f"sample {number}"]
        if sample.pair:
            names.append(f"pair {sample.pair}")
        for name in names[1:]:
            parent[root(name)] = root(names[0])
    return [root(f"identity {s.identity}" if s.identity else f"sample {n}") for n, s in enumerate(samples)]


def hold_out(samples: Sequence[Sample], share: float, seed: int) -> list[bool]:
    """Which samples are held out: about `share` of the groups of every (kind, class, method), at least one of three.

    Rare strata choose first, and what they take counts for the others; the choice depends on nothing but its arguments.
    A group with over a tenth of all samples stays with training: as "unknown", it is no single person.
    """
    names = groups(samples)
    sizes: dict[str, int] = defaultdict(int)
    strata: dict[tuple[str, bool, str], set[str]] = defaultdict(set)
    for sample, name in zip(samples, names, strict=True):
        sizes[name] += 1
        strata[sample.kind, sample.is_fake, sample.method].add(name)
    held: set[str] = set()
    for key in sorted(strata, key=lambda k: (len(strata[k]), k)):
        members = sorted(n for n in strata[key] if sizes[n] * 10 <= len(samples) or len(samples) < 100)
        wanted = max(round(share * len(members)), int(len(members) >= 3))
        free = [n for n in members if n not in held]
        random.Random(f"{seed} {key}").shuffle(free)  # noqa: S311 a reproducible choice, no secret
        held.update(free[: max(0, wanted - (len(members) - len(free)))])
    return [name in held for name in names]
