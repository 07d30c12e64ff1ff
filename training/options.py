"""The arguments of the commands of training that take more than a recipe and a folder."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from training.sources import SOURCES

_MOST = 1_000_000_000


def add_fit(command: argparse.ArgumentParser) -> None:
    """The options of `fit`."""
    command.add_argument("--steps", type=count, help="number of training steps instead of the recipe's")
    command.add_argument(
        "--minutes",
        type=above_0,
        default=0.0,
        help="stop after so many minutes with a checkpoint; the same command continues from it",
    )
    command.add_argument(
        "--total",
        type=above_0,
        default=0.0,
        metavar="MINUTES",
        help="length of the whole run in minutes of training, over all calls, instead of the recipe's steps",
    )
    command.add_argument("--workers", type=count_or_0, help="processes that make batches instead of the recipe's")
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


def add_inspect(command: argparse.ArgumentParser) -> None:
    """The arguments of `inspect`."""
    command.add_argument(
        "source", type=Path, help="a dataset's folder or manifest.csv, or a recipe for all of its sources"
    )
    names = ", ".join(SOURCES)
    command.add_argument("--format", default="", help=f"needed where the layout is ambiguous, one of {names}")
    command.add_argument("--out", type=Path, default=Path("runs/inspect"), help="the folder for plots and lists")


def add_deep(command: argparse.ArgumentParser) -> None:
    """The arguments of `deep`."""
    command.add_argument(
        "bundle", type=Path, help="the bundle that gets it; it may hold held_out_tracks.csv, the siblings' scores"
    )
    command.add_argument(
        "--weights",
        type=Path,
        help="what was learnt, such as a run's final.safetensors; without it the bundle keeps its own and its card is "
        "made again",
    )
    command.add_argument(
        "--join",
        action="store_true",
        help="with --weights: keep the bundle's deep network as well; the mean of both, on one scale, is the new one",
    )
    command.add_argument(
        "--tracks", type=Path, help="with --weights: the run's held_out_tracks.csv; default: that of the bundle"
    )
    command.add_argument("--recipe", type=Path, help="with --weights: the recipe of the network")
    command.add_argument("--out", type=Path, required=True, help="the folder of the new bundle")
    command.add_argument("--version", required=True, help="the new bundle's version")
    command.add_argument(
        "--name", default="", help="with --weights: the new bundle's name in the program and reports; default: the same"
    )


def add_pack(command: argparse.ArgumentParser) -> None:
    """The arguments of `pack`."""
    command.add_argument("recipe", type=Path, help="the TOML file whose prepared folder is packed")
    command.add_argument("--out", type=Path, required=True, help="the folder of the pack: call-0, call-1, ...")
    command.add_argument(
        "--megabytes", type=above_0, default=40.0, help="the most that one of those folders may hold; default: 40"
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


def add_unpack(command: argparse.ArgumentParser) -> None:
    """The arguments of `unpack`."""
    command.add_argument("recipe", type=Path, help="the TOML file whose prepared folder is written")
    command.add_argument("--pack", type=Path, required=True, help="the folder with call-0, call-1, ...")


def add_compare(command: argparse.ArgumentParser) -> None:
    """The arguments of `compare`."""
    command.add_argument("recipes", type=Path, nargs="+", help="TOML files, e.g. training/recipes/*.toml")
    command.add_argument("--folder", type=Path, required=True, help="the folder of all runs, one for each recipe")
    command.add_argument("--out", type=Path, required=True, help="the table, e.g. docs/models.md")
    budget = command.add_mutually_exclusive_group(required=True)
    budget.add_argument("--steps", type=count, default=0, help="training steps for each")
    budget.add_argument(
        "--minutes", type=above_0, default=0.0, help="minutes of training for each recipe on this machine"
    )
    command.add_argument(
        "--frames", type=count_or_0, default=25, help="frames of each held-out clip to score; 0 for all"
    )
    command.add_argument("--offline", action="store_true", help="random weights where a recipe would download timm's")


def add_ablate(command: argparse.ArgumentParser) -> None:
    """The arguments of `ablate`."""
    command.add_argument("recipe", type=Path, help="the TOML file; its parts are left out in turn")
    command.add_argument(
        "--beside", type=Path, nargs="*", default=[], help="other recipes to measure on the same tracks"
    )
    command.add_argument("--folder", type=Path, required=True, help="the folder of all runs, one for each variant")
    command.add_argument("--out", type=Path, required=True, help="the table, e.g. docs/ablations.md")
    command.add_argument("--steps", type=count, required=True, help="training steps for each")
    command.add_argument(
        "--without", default="", metavar="TEXT", help="also a variant without the files that have this in their path"
    )
    command.add_argument(
        "--only", nargs="+", default=[], metavar="VARIANT", help='these beside the whole recipe, e.g. "norms alone"'
    )


def count(text: str) -> int:
    """A whole number of at least one."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number of at least one, not {text!r}")
    if int(text) > _MOST:
        raise argparse.ArgumentTypeError(f"a whole number of at most {_MOST:,}, not {text!r}")
    return int(text)


def count_or_0(text: str) -> int:
    """A whole number."""
    return 0 if text == "0" else count(text)


def above_0(text: str) -> float:
    """A number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"a number above 0, not {text!r}")
    return value
