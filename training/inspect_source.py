"""What a source holds, before anything is trained on it: counts, people, sizes, rates, and files that do not open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from inspector.domain.clip import Clip
from inspector.domain.errors import InspectorError
from inspector.engine.decode import open_clip
from training.sources import Sample


def inspect_source(samples: Sequence[Sample], plot: Path, say: Callable[[str], None]) -> list[tuple[str, str]]:
    """Say what there is, draw the clips' distributions into `plot` (PNG), and return the broken files with reasons."""
    for (kind, is_fake, method), count in sorted(Counter((s.kind, s.is_fake, s.method) for s in samples).items()):
        people = {s.identity for s in samples if (s.kind, s.is_fake, s.method) == (kind, is_fake, method)}
        say(f"{count:6} {kind}, {'fake' if is_fake else 'original'}, {method}: {len(people)} people")
    pairs = {s.pair for s in samples if s.pair}
    say(f"{len(samples):6} samples, {len({s.identity for s in samples})} people, {len(pairs)} pairs")
    clips, broken = [], []
    for sample in samples:
        try:
            clip = open_clip(sample.path)
        except InspectorError as error:
            broken.append((str(sample.path), str(error)))
            continue
        if not clip.is_still:
            clips.append(clip)
    for path, reason in broken:
        say(f"broken: {path}: {reason}")
    if clips:
        _plot(clips, plot)
        say(f"distributions of {len(clips)} clips: {plot}")
    return broken


def _plot(clips: Sequence[Clip], path: Path) -> None:
    from matplotlib.figure import Figure

    series = {
        "frames per second": [float(c.average_rate) for c in clips if c.average_rate],
        "shorter side, pixels": [float(min(c.width, c.height)) for c in clips],
        "frames, declared": [float(c.declared_frames) for c in clips if c.declared_frames],
        "duration, seconds": [float(c.duration_pts * c.time_base) for c in clips if c.duration_pts],
    }
    figure = Figure(figsize=(10, 7), layout="constrained")
    for place, (title, values) in zip(figure.subplots(2, 2).flat, series.items(), strict=True):
        place.hist(values, bins=30)
        place.set_xlabel(title)
        place.set_ylabel("clips")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
