"""The command line of training: `python -m training COMMAND RECIPE`."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from inspector.domain.errors import TrainingError
from inspector.engine import end_signals, faults
from inspector.terminal import UNREAD, drop_unread, write_error
from training import recipe as recipes
from training.log import print_line
from training.options import (
    above_0,
    add_ablate,
    add_compare,
    add_deep,
    add_fit,
    add_inspect,
    add_pack,
    add_unpack,
    count,
)
from training.sources import KINDS, TEST_SPLITS, Sample, check_classes, read, read_all


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 1 with one sentence on stderr on failure, 128 and its number after a signal."""
    chosen = _parser().parse_args(arguments)
    faults.install("training", prints=False)
    try:
        with faults.Boundary(f"running python -m training {chosen.command}", lambda error: write_error(str(error))):
            try:
                with end_signals.raised():
                    _COMMANDS[chosen.command](chosen)
                return 0
            except KeyboardInterrupt as interrupt:
                write_error("Stopped; run the same command again to continue from the finished work.")
                return end_signals.exit_code(end_signals.number_of(interrupt))
            except BrokenPipeError:  # whoever read the output, such as head, has had enough
                return UNREAD
    finally:
        drop_unread()
        faults.remove()
    return 1


_FOLDERS = {
    "fit": "the folder of the run; created if needed",
    "measure": "the folder that `inspector scan` wrote its results to",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description="Train and measure model bundles.")
    commands = parser.add_subparsers(dest="command", required=True)
    helps = {
        "prepare": "cut face crops from the recipe's sources",
        "autoencoders": "train the small autoencoders that forging draws with",
        "fit": "train the network; resumes where an earlier run stopped",
        "evaluate": "measure a run's network on the recipe's held-out people",
        "robustness": "measure a run's network under compression, scaling, blur, noise and adversarial attacks",
        "calibrate": "map logits to probabilities and choose thresholds on held-out people",
        "features": "score every prepared crop with each network of a run, and keep the features",
        "measure": "write the error rates of a scan of a labelled split at the top of the bundle's card",
        "export": "write the bundle: weights.safetensors, card.json, README.md",
    }
    add_inspect(
        commands.add_parser("inspect", help="count the samples of a dataset, plot its distributions, list broken files")
    )
    for name, text in helps.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("recipe", type=Path, help="a TOML file, e.g. training/recipes/default.toml")
        if name not in ("prepare", "autoencoders"):
            what = _FOLDERS.get(name, "the folder of the run that `fit` wrote")
            command.add_argument("--folder", type=Path, required=True, help=what)
        _add_options(command, name)
    add_deep(commands.add_parser("deep", help="add a deep network to a bundle, with limits from left-out sources"))
    add_pack(commands.add_parser("pack", help="pack a prepared folder for a machine without the dataset"))
    add_unpack(commands.add_parser("unpack", help="unpack a prepared folder that was packed"))
    add_compare(commands.add_parser("compare", help="train recipes under one budget and compare them in a table"))
    add_ablate(
        commands.add_parser(
            "ablate", help="train a recipe without each of its parts in turn and compare them in a table"
        )
    )
    return parser


def _add_options(command: argparse.ArgumentParser, name: str) -> None:
    """The options that one command has of its own."""
    if name == "prepare":
        command.add_argument("--workers", type=count, help="processes on this machine; default: as many as cores")
        command.add_argument(
            "--cluster",
            default="",
            metavar="ADDRESS",
            help="use the workers of the Dask scheduler at this address instead",
        )
        command.add_argument(
            "--limit",
            type=above_0,
            metavar="SECONDS",
            help="reject every clip that takes more seconds than this; default: two minutes plus an allowance by "
            "the clip's size and number of frames",
        )
    if name == "fit":
        add_fit(command)
    if name == "robustness":
        command.add_argument(
            "--files", type=count, default=12, help="held-out files of each class and kind; default: 12"
        )
    if name in ("calibrate", "evaluate"):
        command.add_argument(
            "--frames",
            type=count,
            default=0,
            help="frames of each held-out clip to score; use the same for calibrate and evaluate; default: all",
        )
    if name == "features":
        command.add_argument("--frames", type=count, default=0, help="at most so many of each file; default: all")
        command.add_argument("--kinds", nargs="+", choices=KINDS, default=[], help="of files; default: all")
        command.add_argument(
            "--beside",
            default="",
            metavar="BUNDLE",
            help="also score the crops by this bundle's deep network, which must not have learnt their sources, so "
            "that `deep --join` can put the run's network beside it",
        )
    if name in ("export", "measure"):
        command.add_argument("--out", type=Path, required=True, help="the bundle's folder, e.g. models/default")
    if name == "measure":
        splits = sorted(TEST_SPLITS)
        command.add_argument(
            "--split", default="public", choices=splits, help="the official split that was scanned; default: public"
        )
    if name == "export":
        command.add_argument("--version", default="1", help="the bundle's version")
        command.add_argument("--note", default="", help="an additional limit for the card, one sentence")


# Each command imports what it needs: `prepare` and its workers must not load torch.


def _inspect(chosen: argparse.Namespace) -> None:
    from training.prepare.inspect_source import inspect_path, inspect_source
    from training.prepare.split import Side, divide, shared_cohorts, summary

    if chosen.source.suffix != ".toml":
        inspect_path(chosen.source, chosen.format, chosen.out, print_line)
        return
    recipe = recipes.load(chosen.source)
    samples = _samples(recipe)
    inspect_source(samples, chosen.out, print_line)
    assignments = divide(samples, recipe.prepare.held_out, recipe.prepare.seed)
    print_line(f"the recipe divides them into {summary(assignments)}")
    used = [pair for pair in zip(samples, assignments, strict=True) if pair[1].side in (Side.TRAIN, Side.HELD_OUT)]
    if warning := shared_cohorts((sample.cohort, assignment.side is Side.HELD_OUT) for sample, assignment in used):
        print_line(warning)


def _prepare(chosen: argparse.Namespace) -> None:
    from training.prepare.prepare import prepare

    recipe = recipes.load(chosen.recipe)
    folder, options = Path(recipe.prepare.folder), recipe.prepare.options
    how = {"workers": chosen.workers, "cluster": chosen.cluster, "limit": chosen.limit}
    print_line(f"index: {prepare(_samples(recipe), folder, options, print_line, **how)}")


def _autoencoders(chosen: argparse.Namespace) -> None:
    from training.forge.autoencoders import fit_recipe

    fit_recipe(recipes.load(chosen.recipe), print_line)


def _fit(chosen: argparse.Namespace) -> None:
    from training.fit.train import check_length, check_network, train

    recipe = recipes.load(chosen.recipe)
    recipe = recipe.smoke() if chosen.smoke else recipe
    recipe = recipe.fresh() if chosen.fresh else recipe
    recipe = recipe.with_start(chosen.start) if chosen.start else recipe
    check_length(recipe, [f"--{name}" for name in ("steps", "total", "minutes") if getattr(chosen, name)])
    check_network(recipe)
    recipe = recipe.with_steps(chosen.steps) if chosen.steps else recipe
    recipe = recipe.with_minutes(chosen.total) if chosen.total else recipe
    recipe = recipe if chosen.workers is None else recipe.with_workers(chosen.workers)
    train(recipe, chosen.folder, print_line, chosen.minutes or math.inf, chosen.only)


def _evaluate(chosen: argparse.Namespace) -> None:
    from training.measure.evaluate import evaluate_run

    evaluate_run(recipes.load(chosen.recipe), chosen.folder, print_line, chosen.frames)


def _features(chosen: argparse.Namespace) -> None:
    from training.measure.features import write_features

    recipe = recipes.load(chosen.recipe)
    how = chosen.frames, chosen.kinds, chosen.beside
    print_line(f"wrote {write_features(recipe, chosen.folder, print_line, *how)}")


def _pack(chosen: argparse.Namespace) -> None:
    from training.prepare.pack import pack

    folder = Path(recipes.load(chosen.recipe).prepare.folder)
    pack(folder, chosen.out, chosen.others, chosen.megabytes, print_line)


def _unpack(chosen: argparse.Namespace) -> None:
    from training.prepare.pack import unpack

    unpack(chosen.pack, Path(recipes.load(chosen.recipe).prepare.folder), print_line)


def _robustness(chosen: argparse.Namespace) -> None:
    from training.measure.robustness import measure_robustness

    measure_robustness(recipes.load(chosen.recipe), chosen.folder, chosen.files, print_line)


def _calibrate(chosen: argparse.Namespace) -> None:
    from training.measure.calibrate import calibrate_run

    calibrate_run(recipes.load(chosen.recipe), chosen.folder, print_line, chosen.frames)


def _measure(chosen: argparse.Namespace) -> None:
    from training.bundle.external import measure_external

    recipe = recipes.load(chosen.recipe)
    every = [s for t in recipe.sources for s in read_all(t.format, Path(t.path))]
    samples = [s for s in every if s.split == chosen.split]
    check_classes(samples, f"{chosen.recipe}, split {chosen.split!r},", "measuring")
    trained = [s for s in every if s.split not in TEST_SPLITS]
    measure_external(samples, chosen.folder, chosen.out, print_line, chosen.split, trained)


def _export(chosen: argparse.Namespace) -> None:
    from training.bundle.export import export

    path = chosen.recipe.name if chosen.recipe.is_absolute() else chosen.recipe.as_posix()
    export(recipes.load(chosen.recipe), chosen.folder, chosen.out, chosen.version, print_line, path, chosen.note)


def _deep(chosen: argparse.Namespace) -> None:
    from training.bundle.deep import add_deep, calibrate_again
    from training.measure.left_out import TRACKS

    if chosen.weights is None:
        given = [f"--{name}" for name in ("join", "tracks", "recipe", "name") if getattr(chosen, name)]
        if given:
            raise TrainingError(f"{given[0]} needs what was learnt; name it with --weights, or leave {given[0]} out.")
        calibrate_again(chosen.bundle, chosen.out, chosen.version, print_line)
        return
    if chosen.recipe is None:
        raise TrainingError("--weights needs the recipe whose sources were learnt; name it with --recipe.")
    recipe = recipes.load(chosen.recipe)
    samples = [s for s in _samples(recipe) if s.split not in TEST_SPLITS]
    tracks = chosen.tracks or chosen.bundle / TRACKS
    where = chosen.bundle, chosen.weights, tracks
    how = {"joins": chosen.join, "name": chosen.name}
    add_deep(*where, recipe, samples, chosen.out, chosen.version, print_line, **how)


def _compare(chosen: argparse.Namespace) -> None:
    from training.measure.compare import Budget, compare

    budget = Budget(chosen.steps, chosen.minutes)
    compare(chosen.recipes, chosen.folder, chosen.out, budget, print_line, chosen.frames, is_offline=chosen.offline)


def _ablate(chosen: argparse.Namespace) -> None:
    from training.measure.ablate import ablate

    recipe, others = recipes.load(chosen.recipe), [recipes.load(path) for path in chosen.beside]
    ablate(
        recipe, others, chosen.folder, chosen.out, chosen.steps, print_line, without=chosen.without, only=chosen.only
    )


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "inspect": _inspect,
    "prepare": _prepare,
    "autoencoders": _autoencoders,
    "fit": _fit,
    "evaluate": _evaluate,
    "robustness": _robustness,
    "calibrate": _calibrate,
    "features": _features,
    "pack": _pack,
    "unpack": _unpack,
    "measure": _measure,
    "export": _export,
    "deep": _deep,
    "compare": _compare,
    "ablate": _ablate,
}


def _samples(recipe: recipes.Recipe) -> list[Sample]:
    return [s for t in recipe.sources for s in read(t.format, Path(t.path), t.split, t.compression)]


if __name__ == "__main__":
    sys.exit(main())
