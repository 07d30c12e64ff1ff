"""Learns how an earlier coding shows in the pictures of the last one, and measures how often it is found.

    python tools/measure_video_recoding.py learn FOLDER
    python tools/measure_video_recoding.py measure FOLDER

FOLDER is what `video_recoding_material.py make` has made. `learn` prints the weights for resources/earlier_coding.toml,
and how well a fifth of the sources is told apart by the weights of the others; `measure` prints the error rates of the
program as it is, by condition. Never measure on a source that was learnt from.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import av
import numpy as np
from scipy.stats import binomtest

from inspector.domain.arrays import Flags, Floats
from inspector.domain.clip import Frame
from inspector.domain.observations.coding import FUTURE, MEDIAN, PAST, QUIET, SERIES, CodingSeries
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.provenance.coding import beats
from inspector.engine.provenance.coding.measure import FrameMeasurer
from inspector.engine.provenance.coding.recoding import MOST_FALSE_ALARMS, Rhythm, earlier_rhythm
from tools.video_recoding_material import Sample, read_samples

Measured = tuple[CodingSeries, str]  # and the codec
Weights = tuple[Floats, Floats]
_PARTS = 5
_SERIES = "series.npz"
_PENALTY = 30.0


def series_of(path: Path) -> Measured:
    """The series that an analysis would store, and the codec."""
    clip, measurer = open_clip(path), FrameMeasurer()
    with Decoder(clip, with_coding=True) as decoder:
        measured = [(frame.pts, measurer.measure(frame)) for frame in decoder.frames() if isinstance(frame, Frame)]
    pts, values = zip(*measured, strict=True)
    return CodingSeries(np.array(pts, np.int64), np.array(values, np.float64).T.copy()), clip.codec


def all_series(folder: Path, samples: Sequence[Sample]) -> list[Measured]:
    """The series of all samples, which are kept in the folder."""
    kept = folder / _SERIES
    stored = dict(np.load(kept)) if kept.exists() else {}
    left = [sample.file for sample in samples if sample.file not in stored]
    with ThreadPoolExecutor(2) as pool:
        for name, (series, codec) in zip(left, pool.map(lambda name: series_of(folder / name), left), strict=True):
            stored |= {name: series.values.astype(np.float32), f"{name} pts": series.pts, f"{name} codec": codec}
    if left:
        np.savez_compressed(kept, **stored)
    return [
        (CodingSeries(stored[f"{name} pts"], stored[name].astype(np.float64)), str(stored[f"{name} codec"]))
        for name in (sample.file for sample in samples)
    ]


def fit(samples: Sequence[Sample], measured: Sequence[Measured]) -> Weights:
    """Weights by which the pictures that the first coding began anew at are told from the others.

    A logistic regression with an L2 penalty for P and for B pictures, by Newton's method; each file counts alike.
    """
    rows: dict[bool, list[tuple[Floats, Floats, Floats]]] = {False: [], True: []}
    for sample, (series, _) in zip(samples, measured, strict=True):
        if sample.first is None:
            continue
        traces, is_b, is_compared = beats.traces_of(series)
        begins = np.zeros(len(series))
        begins[[row for row in sample.first.own if row < len(series)]] = 1.0
        for kind, parts in rows.items():
            chosen = is_compared & (is_b == kind)
            truth = begins[chosen]
            shares = np.where(truth > 0, 20 / max(truth.sum(), 1), 100 / max(len(truth), 1))
            parts.append((traces[chosen], truth, shares))
    count = len(beats.TRACES)
    p, b = (_logistic(*map(np.concatenate, zip(*rows[kind], strict=True))) for kind in (False, True))
    return np.concatenate([p[:count], np.zeros(count)]), b


def _logistic(traces: Floats, truth: Floats, shares: Floats) -> Floats:
    columns = np.column_stack([traces, np.ones(len(traces))])
    penalty = np.diag([_PENALTY] * traces.shape[1] + [1e-6])
    found = np.zeros(columns.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-np.clip(columns @ found, -30, 30)))
        slope = columns.T @ (shares * (chance - truth)) + penalty @ found
        bend = (columns * (shares * chance * (1 - chance))[:, None]).T @ columns + penalty
        step = np.linalg.solve(bend, slope)
        found -= step
        if np.abs(step).max() < 1e-6:
            break
    return np.asarray(found[:-1], np.float64)


@contextmanager
def _using(weights: Weights) -> Iterator[None]:
    with mock.patch.object(beats, "weights", return_value=weights):
        yield


def learn(folder: Path) -> None:
    """Print the weights from all sources, and how sources are told apart by the weights of others."""
    samples = read_samples(folder)
    measured = all_series(folder, samples)
    alarms = np.full(len(samples), math.inf)
    for part in range(_PARTS):
        own = [at for at, sample in enumerate(samples) if sample.source % _PARTS == part]
        others = [at for at, sample in enumerate(samples) if sample.source % _PARTS != part]
        with _using(fit([samples[at] for at in others], [measured[at] for at in others])):
            alarms[own] = [_alarms(earlier_rhythm(*measured[at])) for at in own]
    _print_roc(samples, alarms)
    _print_by_rate(samples, alarms)
    p, b = fit(samples, measured)
    count = len(beats.TRACES)
    for name, values in (("p", p[:count]), ("b", b[:count]), ("reference after b", b[count:])):
        print(f'\n["{name}"]' if " " in name else f"\n[{name}]")
        for row, value in zip(beats.TRACES, values.tolist(), strict=True):
            print(f'"{SERIES[row][0]}" = {value:.3f}')


def measure(folder: Path) -> None:
    """Look for a rhythm in each file, and print how often it was found."""
    samples = read_samples(folder)
    measured = all_series(folder, samples)
    found = [earlier_rhythm(*each) for each in measured]
    pictures = [len(series) for series, _ in measured]
    print(f"{min(pictures)} to {max(pictures)} pictures each")
    if any(sample.edit for sample in samples):
        _print_breaks(samples, found)
        return
    alarms = np.array([_alarms(each) for each in found])
    _print_roc(samples, alarms)
    _print_by_rate(samples, alarms)
    _print_less(samples, measured)
    right = [
        each.period
        == np.median(np.diff(sample.first.own))  # with B pictures some encoders make shorter ones than asked
        for sample, each in zip(samples, found, strict=True)
        if sample.first is not None and not isinstance(each, str) and each.is_found
    ]
    print(f"of those that were found, the length was right in {np.mean(right):.0%} of {len(right)}")
    broken = sum(not isinstance(each, str) and bool(each.breaks) for each in found)
    print(f"a break is said in {broken} of them, where none is")


def _print_breaks(samples: Sequence[Sample], found: Sequence[Rhythm | str]) -> None:
    """How often breaks are said, and found within a group of where the cuts are, by what was done to the clip."""
    for edit in sorted({sample.edit for sample in samples}):
        chosen = [(sample, each) for sample, each in zip(samples, found, strict=True) if sample.edit == edit]
        known = [(sample, each) for sample, each in chosen if not isinstance(each, str) and each.is_found]
        near = [
            [abs(0.5 * (last + first) - cut) for last, first in each.breaks if last <= cut <= first]
            for sample, each in known
            for cut in sample.cuts
        ]
        wrong = [
            not any(last <= cut <= first for cut in sample.cuts)
            for sample, each in known
            for last, first in each.breaks
        ]
        errors = [min(each) for each in near if each]
        cuts = sum(len(sample.cuts) for sample, _ in chosen)  # those without a rhythm too
        print(
            f"{edit}: {len(chosen)} files, a rhythm in {len(known)}, a break in {sum(bool(e.breaks) for _, e in known)}"
            f"; of {cuts} cuts {len(errors)} found, {np.median(errors) if errors else 0:g} pictures off (median)"
            f"; {sum(wrong)} breaks elsewhere"
        )


def _alarms(found: Rhythm | str) -> float:
    return math.inf if isinstance(found, str) else found.false_alarms


def _print_roc(samples: Sequence[Sample], alarms: Floats) -> None:
    """`alarms` are the numbers of false alarms by chance, by which the files are told apart."""
    once, ratios = np.array([sample.first is None for sample in samples]), _ratios(samples)
    hidden = np.array([_is_hidden(sample) for sample in samples])
    sources = len({sample.source for sample in samples})
    print(f"{sources} sources; coded once: {once.sum()}, twice: {(~once).sum()}; limit {MOST_FALSE_ALARMS}")
    print("found, by the bytes of the second coding over those of the first:")
    bins = list(zip((0.0, 0.25, 0.5, 1.0), (0.25, 0.5, 1.0, math.inf), strict=True))
    print("   limit  false alarms", *(f"{f'{low:g} to {high:g}':>12}" for low, high in bins), "      hidden", sep="  ")
    for limit in sorted({MOST_FALSE_ALARMS, 10.0, 5.0, 3.0, 1.0, 0.5, 0.1, 0.01, 0.001}, reverse=True):
        masks = [~once & ~hidden & (ratios >= low) & (ratios < high) for low, high in bins]
        cells = [_share(alarms[mask] < limit) for mask in [*masks, hidden]]
        print(f"{limit:8.3g}  {np.mean(alarms[once] < limit):12.1%}", *(f"{cell:>12}" for cell in cells), sep="  ")
    print("at the limit, by how it was coded; the last column: at least half the bytes")
    for name, of in {
        "first coder": [sample.first.coder if sample.first else "" for sample in samples],
        "first group": [str(sample.first.group) if sample.first else "" for sample in samples],
        "second coder": [sample.second.coder for sample in samples],
        "second quality": ["good usual poor".split()[sample.second.quality] for sample in samples],
    }.items():
        values = np.array(of)
        for each in sorted(set(values[~once].tolist()), key=lambda value: (len(value), value)):
            masks = [~once & ~hidden & (ratios >= low) & (ratios < high) for low, high in [*bins, (0.5, math.inf)]]
            cells = [_share(alarms[mask & (values == each)] < MOST_FALSE_ALARMS) for mask in masks]
            print(f"{name} {each}".ljust(27), *(f"{cell:>12}" for cell in cells), sep="  ")


def _print_by_rate(samples: Sequence[Sample], alarms: Floats) -> None:
    """The ROC: what is found where a limit names so many of the files that were coded once, with 95 % intervals."""
    once, groups = np.array([sample.first is None for sample in samples]), _by_bytes(samples)
    print("ROC, and 95 % intervals, if the files were independent:")
    print("false alarms at most", "limit", *groups, sep="  ")
    ordered = np.sort(alarms[once])
    for rate in (0.0, 0.01, 0.02, 0.05, 0.1, 0.2):
        limit = float(ordered[min(int(rate * len(ordered)), len(ordered) - 1)])  # so many are below it
        cells = [_share_and_interval(alarms[mask] < limit) for mask in groups.values()]
        print(f"{rate:.0%}", f"{limit:.3g}", *cells, sep="  ")
    named = once & (alarms < MOST_FALSE_ALARMS)
    by_source = {sample.source: False for sample in samples}
    for sample, is_named in zip(samples, named.tolist(), strict=True):
        by_source[sample.source] |= is_named
    for what, each in (("files", named[once]), ("sources", np.array(list(by_source.values())))):
        most = binomtest(int(each.sum()), len(each), alternative="less").proportion_ci(0.95).high
        print(f"coded once, {what} named at the program's limit: {each.sum()} of {len(each)}; with 95 %, <= {most:.1%}")


def _print_less(samples: Sequence[Sample], measured: Sequence[Measured]) -> None:
    """What is found of the first pictures alone, and by the traces that early analyses have."""
    less = {
        f"of the first {count} pictures alone": [
            (CodingSeries(series.pts[:count], series.values[:, :count]), codec) for series, codec in measured
        ]
        for count in (300, 360, 480)
    }
    less["by the traces of early analyses"] = []
    for series, codec in measured:
        values = series.values.copy()
        values[[PAST, FUTURE, QUIET, MEDIAN]] = np.nan
        less["by the traces of early analyses"].append((CodingSeries(series.pts, values), codec))
    once = np.array([sample.first is None for sample in samples])
    for what, each in less.items():
        is_named = np.array([_alarms(earlier_rhythm(*one)) for one in each]) < MOST_FALSE_ALARMS
        cells = [f"{name}: {_share(is_named[mask])}" for name, mask in _by_bytes(samples).items()]
        print(f"{what}, coded once: {_share(is_named[once])}", *cells, sep="; ")


def _ratios(samples: Sequence[Sample]) -> Floats:
    """The bytes of the second coding over those of the first; NaN for what was coded once."""
    return np.array([sample.second.bytes / sample.first.bytes if sample.first else np.nan for sample in samples])


def _by_bytes(samples: Sequence[Sample]) -> dict[str, Flags]:
    """Which were coded twice, by their `_ratios`; without hidden rhythms but for the last."""
    ratios = _ratios(samples)
    is_shown = np.isfinite(ratios) & ~np.array([_is_hidden(sample) for sample in samples])
    return {
        "all": is_shown,
        "at least half": is_shown & (ratios >= 0.5),
        "less than half": is_shown & (ratios < 0.5),
        "and hidden ones": np.isfinite(ratios),
    }


def _share_and_interval(found: Flags) -> str:
    """With the interval of Clopper and Pearson."""
    if not len(found):
        return "-"
    interval = binomtest(int(found.sum()), len(found)).proportion_ci(0.95)
    return f"{found.sum()} of {len(found)} ({interval.low:.0%} to {interval.high:.0%})"


def _share(found: Flags) -> str:
    return f"{np.mean(found):.0%} of {len(found)}" if len(found) else "-"


def _is_hidden(sample: Sample) -> bool:
    """Whether all I pictures of the first coding fall on one place of the second one's groups, as its own do."""
    first, second = sample.first, sample.second
    return first is not None and (first.group % second.group == 0 or second.group == 2 * first.group)


def main() -> None:
    """Learn or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = {"learn": learn, "measure": measure}
    parser.add_argument("task", choices=tasks)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    av.logging.set_level(av.logging.PANIC)
    tasks[arguments.task](arguments.folder)


if __name__ == "__main__":
    main()
