"""The command line of training: `python -m training COMMAND RECIPE`."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from inspector.domain.errors import InspectorError, TrainingError
from training import recipe as recipes
from training.log import print_line
from training.sources import SOURCES, TEST_SPLITS, Sample, check_classes, read, read_all


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 1 with one sentence on stderr on failure."""
    chosen = _parser().parse_args(arguments)
    try:
        _COMMANDS[chosen.command](chosen)
    except InspectorError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; run the same command again to continue from the finished work.", file=sys.stderr)
        return 130
    return 0


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
    _add_inspect(
        commands.add_parser("inspect", help="count the samples of a dataset, plot its distributions, list broken files")
    )
    for name, text in helps.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("recipe", type=Path, help="a TOML file, e.g. training/recipes/default.toml")
        if name not in ("prepare", "autoencoders"):
            what = _FOLDERS.get(name, "the folder of the run that `fit` wrote")
            command.add_argument("--folder", type=Path, required=True, help=what)
        _add_options(command, name)
    _add_deep(commands.add_parser("deep", help="add a deep network to a bundle, with limits from left-out sources"))
    _add_pack(commands.add_parser("pack", help="pack a prepared folder for a machine without the dataset"))
    _add_unpack(commands.add_parser("unpack", help="unpack a prepared folder that was packed"))
    _add_compare(commands.add_parser("compare", help="train recipes under one budget and compare them in a table"))
    _add_ablate(
        commands.add_parser(
            "ablate", help="train a recipe without each of its parts in turn and compare them in a table"
        )
    )
    return parser


def _add_options(command: argparse.ArgumentParser, name: str) -> None:
    """The options that one command has of its own."""
    if name == "prepare":
        command.add_argument("--workers", type=_count, help="processes on this machine; default: as many as cores")
        command.add_argument(
            "--cluster",
            default="",
            metavar="ADDRESS",
            help="use the workers of the Dask scheduler at this address instead",
        )
        command.add_argument(
            "--limit",
            type=_above_0,
            metavar="SECONDS",
            help="reject every clip that takes more seconds than this; default: two minutes plus an allowance by "
            "the clip's size and number of frames",
        )
    if name == "fit":
        _add_fit(command)
    if name == "robustness":
        command.add_argument(
            "--files", type=_count, default=12, help="held-out files of each class and kind; default: 12"
        )
    if name in ("calibrate", "evaluate"):
        command.add_argument(
            "--frames",
            type=_count,
            default=0,
            help="frames of each held-out clip to score; use the same for calibrate and evaluate; default: all",
        )
    if name == "features":
        command.add_argument("--frames", type=_count, default=0, help="at most so many of each file; default: all")
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


def _add_fit(command: argparse.ArgumentParser) -> None:
    command.add_argument("--steps", type=_count, help="number of training steps instead of the recipe's")
    command.add_argument(
        "--minutes",
        type=_above_0,
        default=math.inf,
        help="stop after so many minutes with a checkpoint; the same command continues from it",
    )
    command.add_argument(
        "--total",
        type=_above_0,
        default=0.0,
        metavar="MINUTES",
        help="length of the whole run in minutes of training, over all calls, instead of the recipe's steps",
    )
    command.add_argument("--workers", type=_count_or_0, help="processes that make batches instead of the recipe's")
    command.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="NAME",
        help="of a recipe with [source_folds], these networks alone: full, fold-0, fold-1, ...",
    )
    command.add_argument(
        "--start",
        default="",
        metavar="FILE",
        help="weights to go on from instead of [network.lora] start; {fold} as there",
    )
    command.add_argument("--smoke", action="store_true", help="test the recipe: three steps of tiny batches")
    command.add_argument("--fresh", action="store_true", help="start without the recipe's pretrained weights")


def _add_inspect(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "source", type=Path, help="a dataset's folder or manifest.csv, or a recipe for all of its sources"
    )
    names = ", ".join(SOURCES)
    command.add_argument("--format", default="", help=f"needed where the layout is ambiguous, one of {names}")
    command.add_argument("--out", type=Path, default=Path("runs/inspect"), help="the folder for plots and lists")


def _add_deep(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "bundle", type=Path, help="the bundle that gets it; it may hold held_out_tracks.csv, the siblings' scores"
    )
    command.add_argument(
        "--weights",
        type=Path,
        help="low-rank updates, norms and head, such as a run's final.safetensors; without it the bundle keeps its own "
        "and its card is made again",
    )
    command.add_argument(
        "--tracks", type=Path, help="with --weights: the run's held_out_tracks.csv; default: that of the bundle"
    )
    command.add_argument("--base", default="clip-vit-b16", help="the base in models/bases; default: clip-vit-b16")
    command.add_argument("--recipe", type=Path, help="with --weights: the recipe whose sources were learnt")
    command.add_argument("--out", type=Path, required=True, help="the folder of the new bundle")
    command.add_argument("--version", required=True, help="the new bundle's version")


def _add_pack(command: argparse.ArgumentParser) -> None:
    command.add_argument("recipe", type=Path, help="the TOML file whose prepared folder is packed")
    command.add_argument("--out", type=Path, required=True, help="the folder of the pack: call-0, call-1, ...")
    command.add_argument(
        "--megabytes", type=_above_0, default=40.0, help="the most that one of those folders may hold; default: 40"
    )
    command.add_argument(
        "--with",
        dest="others",
        type=Path,
        nargs="*",
        default=[],
        metavar="FILE",
        help="other files that training needs there, by paths relative to the working folder",
    )


def _add_unpack(command: argparse.ArgumentParser) -> None:
    command.add_argument("recipe", type=Path, help="the TOML file whose prepared folder is written")
    command.add_argument("--pack", type=Path, required=True, help="the folder with call-0, call-1, ...")


def _add_compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("recipes", type=Path, nargs="+", help="TOML files, e.g. training/recipes/*.toml")
    command.add_argument("--folder", type=Path, required=True, help="the folder of all runs, one for each recipe")
    command.add_argument("--out", type=Path, required=True, help="the table, e.g. docs/models.md")
    budget = command.add_mutually_exclusive_group(required=True)
    budget.add_argument("--steps", type=_count, default=0, help="training steps for each")
    budget.add_argument(
        "--minutes", type=_above_0, default=0.0, help="minutes of training for each recipe on this machine"
    )
    command.add_argument(
        "--frames", type=_count_or_0, default=25, help="frames of each held-out clip to score; 0 for all"
    )
    command.add_argument("--offline", action="store_true", help="random weights where a recipe would download timm's")


def _add_ablate(command: argparse.ArgumentParser) -> None:
    command.add_argument("recipe", type=Path, help="the TOML file; its parts are left out in turn")
    command.add_argument(
        "--beside", type=Path, nargs="*", default=[], help="other recipes to measure on the same tracks"
    )
    command.add_argument("--folder", type=Path, required=True, help="the folder of all runs, one for each variant")
    command.add_argument("--out", type=Path, required=True, help="the table, e.g. docs/ablations.md")
    command.add_argument("--steps", type=_count, required=True, help="training steps for each")
    command.add_argument(
        "--without", default="", metavar="TEXT", help="also a variant without the files that have this in their path"
    )
    command.add_argument(
        "--only", nargs="+", default=[], metavar="VARIANT", help='these beside the whole recipe, e.g. "norms alone"'
    )


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
    from training.fit.train import check_network, train

    recipe = recipes.load(chosen.recipe)
    recipe = recipe.smoke() if chosen.smoke else recipe
    recipe = recipe.fresh() if chosen.fresh else recipe
    recipe = recipe.with_start(chosen.start) if chosen.start else recipe
    check_network(recipe)
    recipe = recipe.with_steps(chosen.steps) if chosen.steps else recipe
    recipe = recipe.with_minutes(chosen.total) if chosen.total else recipe
    recipe = recipe if chosen.workers is None else recipe.with_workers(chosen.workers)
    train(recipe, chosen.folder, print_line, chosen.minutes, chosen.only)


def _evaluate(chosen: argparse.Namespace) -> None:
    from training.measure.evaluate import evaluate_run

    evaluate_run(recipes.load(chosen.recipe), chosen.folder, print_line, chosen.frames)


def _features(chosen: argparse.Namespace) -> None:
    from training.measure.features import write_features

    print_line(f"wrote {write_features(recipes.load(chosen.recipe), chosen.folder, print_line, chosen.frames)}")


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
        calibrate_again(chosen.bundle, chosen.out, chosen.version, print_line)
        return
    if chosen.recipe is None:
        raise TrainingError("--weights needs the recipe whose sources were learnt; name it with --recipe.")
    samples = [s for s in _samples(recipes.load(chosen.recipe)) if s.split not in TEST_SPLITS]
    tracks = chosen.tracks or chosen.bundle / TRACKS
    add_deep(chosen.bundle, chosen.weights, tracks, chosen.base, samples, chosen.out, chosen.version, print_line)


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


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number of at least one, not {text!r}")
    return int(text)


def _count_or_0(text: str) -> int:
    return 0 if text == "0" else _count(text)


def _above_0(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"a number above 0, not {text!r}")
    return value


if __name__ == "__main__":
    sys.exit(main())
