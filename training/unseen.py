"""How far a calibration carries to methods that training never saw: they are left out of trainings in turn, and scored.

Newsrooms meet fakes of methods that no detector was trained on, and a probability fitted to known ones is too sure
that such a fake is none (Ovadia et al., NeurIPS 2019, on calibration under shift). Leaving out a domain at a time
measures a shift with the domains at hand (Gulrajani and Lopez-Paz, ICLR 2021). Here it mends the calibration too: the
log odds that held-out people and known methods gave are mapped to those of left-out methods, by Platt's map once more,
which leaves every ranking as it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from inspector.domain.errors import TrainingError
from inspector.domain.model_card import Platt
from inspector.engine.detector import pick_device
from training.checkpoint import averaged_network
from training.data import calm_threads
from training.ensemble import member
from training.fit import fit
from training.keep import write
from training.platt import maps
from training.prepare import load_index
from training.recipe import Recipe, UnseenTable
from training.score import Row, auc, some_files
from training.tracks import Track, degraded_and_forged, recorded

Say = Callable[[str], None]

KEPT = "unseen.json"


@dataclass(frozen=True, slots=True)
class Shift:
    """What left-out methods do to the log odds of frames and of tracks, and how well they were told from originals."""

    frame: Platt
    track: Platt
    aucs: tuple[float, ...]  # of tracks by left-out methods against originals, a training each
    left_out: tuple[tuple[str, ...], ...]
    steps: int  # of each training

    def after(self, frame: Platt, track: Platt) -> tuple[Platt, Platt]:
        """Maps from logits to known methods' log odds, carried on to methods not seen."""
        return _chained(frame, self.frame), _chained(track, self.track)


def measure_unseen(recipe: Recipe, run: Path, say: Say) -> Shift | None:
    """Train without each set of methods of the recipe's `unseen`, score them, and keep the shift in `run`/unseen.json.

    A finished training is not done again. Of several processes the first one scores, the others return None. An
    ensemble's first member stands for all of them. Raises TrainingError for a recipe without such sets or a method that
    there is not, and what `fit` raises.
    """
    table = recipe.unseen
    if table is None:
        raise TrainingError(f"The recipe {recipe.name} leaves no methods out; give it an [unseen] table.")
    calm_threads()
    rows = load_index(Path(recipe.prepare.folder))
    known = set(recipe.forge.kinds) | {row["method"] for row in rows if row["is_fake"]}
    unknown = sorted({method for methods in table.left_out for method in methods} - known)
    if unknown:
        raise TrainingError(f"The recipe {recipe.name} leaves out {unknown}; there are {', '.join(sorted(known))}.")
    single = member(recipe, 0) if recipe.network.architecture == "ensemble" else recipe
    folders = [run / f"unseen-{number}" for number in range(len(table.left_out))]
    is_first = os.environ.get("RANK", "0") == "0"
    for methods, folder in zip(table.left_out, folders, strict=True):
        if is_first:
            say(f"without {', '.join(methods)}")
        fit(_without(single, methods, table.steps), folder, say, [r for r in rows if not _is_left_out(r, methods)])
    if not is_first:
        return None
    held_out, sets = some_files([row for row in rows if row["is_held_out"]], recipe.calibrate.files), []
    for folder in folders:
        network = averaged_network(single, folder).to(pick_device("auto"))
        sets.append([*recorded(network, single, held_out), *degraded_and_forged(network, single, held_out)])
        say(f"scored {len(sets[-1])} held-out tracks by {folder.name}")
    shift = shift_of(sets, table)
    write(run / KEPT, shift)
    say(f"{shift}")
    return shift


def kept_shift(recipe: Recipe, run: Path, say: Say) -> Shift | None:
    """What `measure_unseen` kept in `run`; None, which is said, where the recipe asks for it and it was not run.

    Raises TrainingError when it is damaged, or of other methods or another length than the recipe's.
    """
    table, path, again = recipe.unseen, run / KEPT, "run `python -m training unseen` again"
    if table is None:
        return None
    if not path.exists():
        say("calibrated for methods seen in training alone; `python -m training unseen` before would carry it further")
        return None
    try:
        shift = msgspec.json.decode(path.read_bytes(), type=Shift)
    except (OSError, msgspec.DecodeError) as error:
        raise TrainingError(f"{path} cannot be read ({error}); {again}.") from error
    if (shift.steps, [list(methods) for methods in shift.left_out]) != (table.steps, table.left_out):
        raise TrainingError(f"{path} is of other methods or another length than the recipe's; {again}.")
    return shift


def shift_of(sets: Sequence[Sequence[Track]], table: UnseenTable) -> Shift:
    """The shift from all held-out tracks as each training scored them that was left without some methods.

    Raises TrainingError when no held-out fake is of methods that were left out together.
    """
    frames: list[Track] = []
    tracks: list[Track] = []
    aucs = []
    for scored, methods in zip(sets, table.left_out, strict=True):
        frame, track = maps([t for t in scored if not t.is_fake or t.what not in methods])
        unseen = [t for t in scored if not t.is_fake or t.what in methods]
        if not any(t.is_fake for t in unseen):
            raise TrainingError(f"No held-out fake is of {', '.join(methods)}; leave out methods that some are of.")
        aucs.append(auc([t.is_fake for t in unseen], [t.logits.mean() for t in unseen]))
        frames += _as_odds(unseen, frame)
        tracks += _as_odds(unseen, track)
    left_out = tuple(tuple(methods) for methods in table.left_out)
    return Shift(maps(frames)[0], maps(tracks)[1], tuple(aucs), left_out, table.steps)


def _without(recipe: Recipe, methods: Sequence[str], steps: int) -> Recipe:
    kinds = {kind: 0.0 if kind in methods else share for kind, share in recipe.forge.kinds.items()}
    return msgspec.structs.replace(recipe, forge=msgspec.structs.replace(recipe.forge, kinds=kinds)).shortened(steps)


def _is_left_out(row: Row, methods: Sequence[str]) -> bool:
    return row["is_fake"] and row["method"] in methods


def _as_odds(tracks: Sequence[Track], platt: Platt) -> list[Track]:
    return [replace(track, logits=platt.slope * track.logits + platt.intercept) for track in tracks]


def _chained(first: Platt, then: Platt) -> Platt:
    return Platt(then.slope * first.slope, then.slope * first.intercept + then.intercept)
