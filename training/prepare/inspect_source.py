"""Inspecting a source before training: counts, people, splits, sizes, rates, broken files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from inspector.domain.clip import Clip
from inspector.domain.errors import InspectorError
from inspector.engine.decode.decoder import read_clip
from inspector.engine.spreadsheet import SheetWriter
from training.files import writing
from training.log import Log
from training.sources import TEST_SPLITS, Sample, check_classes, guess, read_all, shares_test_pair

PLOT, BROKEN = "distributions.png", "broken.csv"
_ELSEWHERE = "make room or name another folder with --out"
_LISTED = 20  # broken files that are logged; broken.csv has all of them
_COLOURS = {"original": "#3b6ea5", "fake": "#c4622d"}


def inspect_path(path: Path, kind: str, out: Path, log: Log) -> None:
    """Inspect a dataset of format `kind`; "" detects the format.

    Raises TrainingError for unreadable files and, at the end, for a source with a single class.
    """
    kind = kind or guess(path)
    samples = read_all(kind, path)
    log(f"format: {kind}")
    inspect_source(samples, out, log)
    check_classes(samples, str(path))


def inspect_source(samples: Sequence[Sample], out: Path, log: Log) -> list[tuple[str, str]]:
    """Log the counts, plot the distributions into `out`, and return the broken files with their reasons."""
    with writing(out, _ELSEWHERE):
        out.mkdir(parents=True, exist_ok=True)
    _log_counts(samples, log)
    opened = _open_all(sorted({s.path for s in samples}), log)
    broken = [(str(path), found) for path, found in opened.items() if isinstance(found, str)]
    for path, reason in broken[:_LISTED]:
        log(f"broken: {path}: {reason}")
    if broken:
        with writing(out, _ELSEWHERE), (out / BROKEN).open("w", newline="", encoding="utf-8") as file:
            SheetWriter(file).writerows([("path", "reason"), *broken])
        log(f"{len(broken)} of {len(opened)} files broken: {out / BROKEN}")
    whole = {path: found for path, found in opened.items() if not isinstance(found, str)}
    if whole:
        with writing(out, _ELSEWHERE):
            _plot(samples, whole, out / PLOT)
        log(f"distributions of {len(whole)} files: {out / PLOT}")
    return broken


def _log_counts(samples: Sequence[Sample], log: Log) -> None:
    strata: dict[tuple[str, ...], list[Sample]] = {}
    for sample in samples:
        stratum = (sample.kind, _class(sample), sample.method, sample.compression, sample.split)
        strata.setdefault(stratum, []).append(sample)
    for (kind, label, method, compression, split), members in sorted(strata.items()):
        labels = [kind, label, method, *[compression] * bool(compression), *[f"split {split}"] * bool(split)]
        people = _people(members)
        log(f"{len(members):6} {', '.join(labels)}" + (f": {len(people)} people" if people else ""))
    classes = Counter(_class(s) for s in samples)
    log(f"{len(samples):6} samples: {', '.join(f'{n} {label}' for label, n in sorted(classes.items()))}")
    pairs, cohorts = ({getattr(s, name) for s in samples} - {""} for name in ("pair", "cohort"))
    unknown = sum(not s.identity for s in samples)
    log(f"       {len(_people(samples))} people ({unknown} samples of unknown ones), {len(pairs)} pairs"
        + (f", {len(cohorts)} cohorts" if cohorts else ""))  # fmt: skip
    if len(cohorts) == 1:
        log("       note: the people of a single cohort are not named; some may be both trained on and held out")
    tested = [s for s in samples if s.split in TEST_SPLITS]
    shared = _people(tested) & _people([s for s in samples if s.split not in TEST_SPLITS])
    if shared:
        log(
            f"       note: {len(shared)} of {len(_people(tested))} people of the official test are also in other splits"
        )

    if tied := sum(shares_test_pair(samples)):
        log(f"       note: {tied} samples share recordings with the official test; they are left out")


def _class(sample: Sample) -> str:
    return "fake" if sample.is_fake else "original"


def _people(samples: Sequence[Sample]) -> set[str]:
    return {name for s in samples for name in (s.identity, s.donor)} - {""}


def _open_all(paths: Sequence[Path], log: Log) -> dict[Path, Clip | str]:
    """The header of each file, or the reason why it does not open."""
    found: dict[Path, Clip | str] = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, clip in zip(paths, pool.map(_open, paths), strict=True):
            found[path] = clip
            if len(found) % 1000 == 0:
                log(f"opened {len(found)} of {len(paths)}")
    return found


def _open(path: Path) -> Clip | str:
    # Without the SHA-256: hashing reads every byte, and DFDC has 470 GB.
    try:
        return read_clip(path)
    except InspectorError as error:
        return str(error)


def _plot(samples: Sequence[Sample], opened: dict[Path, Clip], file: Path) -> None:
    """Histograms by class, which show whether a frame rate or size gives the label away."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 7.5), layout="constrained")
    FigureCanvasAgg(figure)
    clips = {label: {s.path for s in samples if _class(s) == label} & opened.keys() for label in _COLOURS}
    for axes, (title, measure) in zip(figure.subplots(2, 2).flat, _MEASURES.items(), strict=True):
        values = {label: [v for p in sorted(paths) if (v := measure(opened[p])) is not None]
                  for label, paths in clips.items()}  # fmt: skip
        shown = {f"{label}, {len(v)}": (v, _COLOURS[label]) for label, v in values.items() if v}
        axes.set_xlabel(title)
        axes.set_ylabel("share of its class")
        if not shown:
            axes.text(0.5, 0.5, "no clips", ha="center", va="center", transform=axes.transAxes)
            continue
        numbers, colours = zip(*shown.values(), strict=True)
        # Shares instead of counts: with ten fakes per original the originals' distribution would be invisible.
        weights = [[1 / len(v)] * len(v) for v in numbers]
        axes.hist(numbers, bins=30, weights=weights, color=colours, label=list(shown))
        axes.legend()
    figure.savefig(file, dpi=100)


def _rate(clip: Clip) -> float | None:
    return None if clip.is_still or not clip.average_rate else float(clip.average_rate)


def _side(clip: Clip) -> float | None:
    return float(min(clip.width, clip.height))


def _frames(clip: Clip) -> float | None:
    return None if clip.is_still or not clip.declared_frames else float(clip.declared_frames)


def _seconds(clip: Clip) -> float | None:
    return None if clip.is_still or not clip.duration_pts else float(clip.duration_pts * clip.time_base)


_MEASURES: dict[str, Callable[[Clip], float | None]] = {
    "frames per second": _rate,
    "shorter side, pixels": _side,
    "frames, declared": _frames,
    "duration, seconds": _seconds,
}
