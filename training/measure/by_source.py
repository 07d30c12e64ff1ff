"""How a recipe with [source_folds] does on sources that were left out: tables by family, source and fold.

Each figure is of mean logits of tracks as recorded. Face size alone separates some methods from their originals, so
each fake is also compared with originals of about its size only.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from inspector.domain.arrays import Flags, Floats
from inspector.engine.spreadsheet import SheetWriter
from training.files import write_bytes
from training.fit.score import auc
from training.log import Log
from training.measure.held_out import ALL_FACES
from training.measure.tracks import AS_RECORDED, Track
from training.prepare.folds import family_of, source_of

_NEAR = 1.25  # faces whose sizes differ by less than this factor are of about the same size
_LEAST = 3  # originals of about a fake's size, below which the fake does not count
_RATES = (0.01, 0.05)  # of false alarms
_COLUMNS = ("fakes", "originals", "AUC", "size-matched", "found at 1 %", "found at 5 %", "pairs won", "pairs")

Figures = dict[str, float]


def write_tables(tracks: Sequence[Track], run: Path, log: Log) -> None:
    """Write `by_source.csv` and `by_family.md` into `run`, and log the row of all tracks. Raises OutputError."""
    plain = [track for track in tracks if track.condition == AS_RECORDED]
    sources = {name: figures(mine) for name, mine in _grouped(plain, lambda t: source_of({"source": t.source})).items()}
    write_bytes(run / "by_source.csv", _csv(sources).encode())
    table = by_family(plain)
    write_bytes(run / "by_family.md", _markdown(table).encode())
    log(f"left-out sources: {', '.join(f'{name} {_text(value)}' for name, value in table['all'].items())}")


def by_family(tracks: Sequence[Track]) -> dict[str, Figures]:
    """The figures of all tracks, without film faces, by kind of sample, and of each family against all originals."""
    web = [track for track in tracks if track.kind != "face"]
    originals = [track for track in web if not track.is_fake]
    out = {"all": figures(web), "with pictures of faces": figures(tracks)}
    out |= {f"{kind}s only": figures([t for t in web if t.kind == kind]) for kind in ("clip", "still")}
    for family, mine in _grouped([t for t in web if t.is_fake], _family).items():
        out[family] = figures([*mine, *originals])
        sources = {source_of({"source": t.source}) for t in mine}
        theirs = [t for t in originals if source_of({"source": t.source}) in sources]
        out[f"{family}, same sources"] = figures([*mine, *theirs])
    return out


def figures(tracks: Sequence[Track]) -> Figures:
    """The figures of _COLUMNS; NaN where a class or a comparison is missing."""
    scores = np.array([track.logits.mean() for track in tracks])
    fake = np.array([track.is_fake for track in tracks], bool)
    sizes = np.array([track.face_px for track in tracks])
    pairs = _pairs(tracks)
    found = {"fakes": float(fake.sum()), "originals": float((~fake).sum()), "AUC": auc(fake, scores)}
    found["size-matched"] = size_matched(scores, fake, sizes)
    for rate, name in zip(_RATES, _COLUMNS[4:6], strict=True):
        both = 0 < fake.sum() < len(fake)
        found[name] = float((scores[fake] > np.quantile(scores[~fake], 1 - rate)).mean()) if both else float("nan")
    found["pairs won"] = float(np.mean(pairs)) if pairs else float("nan")
    found["pairs"] = float(len(pairs))
    return found


def size_matched(scores: Floats, fake: Flags, sizes: Floats) -> float:
    """The chance that a fake scores over an original whose face is of about its size; NaN without such originals."""
    wins = []
    for score, size in zip(scores[fake], sizes[fake], strict=True):
        near = scores[~fake][np.abs(np.log(sizes[~fake] / size)) < np.log(_NEAR)]
        if len(near) >= _LEAST:
            wins.append(float(np.mean((near < score) + 0.5 * (near == score))))
    return float(np.mean(wins)) if wins else float("nan")


def _pairs(tracks: Sequence[Track]) -> list[bool]:
    """For every pair with both classes, whether its fakes score over its originals on average."""
    of: dict[str, dict[bool, list[float]]] = defaultdict(lambda: {False: [], True: []})
    for track in tracks:
        if track.pair:
            of[track.pair][track.is_fake].append(float(track.logits.mean()))
    return [bool(np.mean(both[True]) > np.mean(both[False])) for both in of.values() if both[True] and both[False]]


def _family(track: Track) -> str:
    return family_of({"is_fake": track.is_fake, "method": track.what})


def _grouped(tracks: Sequence[Track], name: Callable[[Track], str]) -> dict[str, list[Track]]:
    out: dict[str, list[Track]] = defaultdict(list)
    for track in tracks:
        out[name(track)].append(track)
    return dict(sorted(out.items()))


def _csv(found: Mapping[str, Figures]) -> str:
    text = io.StringIO()
    writer = SheetWriter(text)
    writer.writerow(("source", *_COLUMNS))
    writer.writerows([name, *(_text(mine[column]) for column in _COLUMNS)] for name, mine in found.items())
    return text.getvalue()


def _markdown(found: Mapping[str, Figures]) -> str:
    lines = [
        "# Left-out sources by family",
        "",
        "Every file was scored by the network that never saw its source, another source of the same owner, or one with "
        f"a method in common. Mean logit per track as recorded, {ALL_FACES}, which `held_out_tracks.csv` leaves out; "
        "pictures of faces (film frames) count in the second row only. A family's fakes are compared with all "
        "originals, and with those of its own sources. This page is written by the program (`python -m training "
        "evaluate`).",
        "",
        f"| | {' | '.join(_COLUMNS)} |",
        "|---|" + "---|" * len(_COLUMNS),
        *(f"| {name} | {' | '.join(_text(mine[column]) for column in _COLUMNS)} |" for name, mine in found.items()),
    ]
    return "\n".join(lines) + "\n"


def _text(value: float) -> str:
    if np.isnan(value):
        return ""
    return f"{value:.0f}" if float(value).is_integer() and value > 1 else f"{value:.3f}"
