"""The command line: `inspector scan`, `models`, `selftest`, and the commands about reports.

Each command imports what it needs when it runs: those that need little answer at once, and a scan starts its engine
process before it imports the rest.
"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from inspector import __version__, evidence_commands, file_commands, selftest_command
from inspector.domain.errors import BundleError, EngineError, InspectorError
from inspector.domain.settings import Settings, check
from inspector.engine import end_signals, faults
from inspector.engine.process.launch import launch
from inspector.terminal import (
    UNREAD,
    SafeParser,
    closing_seen,
    drop_unread,
    given_path,
    open_missing,
    write_bytes,
    write_error,
    write_line,
)

if TYPE_CHECKING:
    from inspector.domain.model_card import ModelCard
    from inspector.engine.process.client import EngineProcess

COMMANDS = ("scan", "models", "selftest", *evidence_commands.COMMANDS, *file_commands.COMMANDS)
WINDOW_OPTIONS = ("--private",)
"""Options of a start without a command; the window reads them (inspector.ui.app)."""
OK, SOME_FAILED, WRONG_USAGE = 0, 1, 2

_EPILOG = """exit codes: 0 every input was analysed; 1 some inputs failed, each is named with its reason; 2 wrong usage;
130, 143, 129 ended by Ctrl-C, SIGTERM or SIGHUP before the last input. Neither the findings nor an output that nobody
reads change the exit code."""
_DEFAULT = " (default: %(default)s)"


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code: 0 success, 1 something failed, 2 wrong usage.

    Of one that a signal ended it is 128 and the number of that, as 130 after Ctrl-C; UNREAD if nobody reads its output.
    """
    open_missing()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a locale may lack letters of file names
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments, unknown = _parser().parse_known_args(argv)
        if unknown:  # with the usage of the command, where argparse would print that of the program
            arguments.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    except SystemExit as end:
        return int(end.code or 0)
    faults.install("command line", prints=False)
    encoding = sys.getfilesystemencoding()
    if encoding != "utf-8":
        write_error(
            f"inspector: the locale's encoding is {encoding}, so file names with other letters than English ones may "
            "be read wrongly; set LC_ALL=C.UTF-8 if they are."
        )
    try:
        with faults.Boundary(f"running inspector {argv[0]}", lambda error: write_error(f"inspector: {error}")):
            try:
                with end_signals.raised():
                    code = int(arguments.command(arguments))
                    with closing_seen():
                        sys.stdout.flush()
                    return code
            except KeyboardInterrupt as interrupt:  # a scan that has begun ends by itself, with its summary
                write_error(f"inspector {argv[0]}: interrupted; run the same command again.")
                return end_signals.exit_code(end_signals.number_of(interrupt))
            except BrokenPipeError:  # whoever read the output, such as head, has had enough
                return UNREAD
    finally:
        drop_unread()
        faults.remove()
    return SOME_FAILED


def unknown_inputs(arguments: Sequence[str]) -> list[str]:
    """The arguments of a start without a command that are neither files, folders nor options of the window."""
    return [word for word in arguments if word not in WINDOW_OPTIONS and not os.path.lexists(word)]


def refuse(unknown: Sequence[str]) -> int:
    """Say which arguments mean nothing; returns the exit code for wrong usage."""
    for word in unknown:
        known = (*COMMANDS, *WINDOW_OPTIONS, "--help", "--version")
        is_path = "." in word or os.sep in word
        like = [] if is_path else difflib.get_close_matches(word, known, n=1)
        meant = f"; did you mean {like[0]}?" if like else "."
        write_error(f"inspector: {word!r} is neither a command nor an existing file{meant}")
    write_error("inspector --help lists the commands.")
    return WRONG_USAGE


def _parser() -> argparse.ArgumentParser:
    parser = SafeParser(
        prog="inspector",
        description="Commands of the Deepfake Inspector that need no window.",
        epilog="Without a command, inspector [--private] [CLIP|CASE ...] opens the window, with several inputs as a "
        "list; a private session keeps no case files and no recent clips.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_scan(commands.add_parser("scan", help="analyse clips, stills and folders without a window", epilog=_EPILOG))
    models = commands.add_parser("models", help="list the model bundles with their error rates")
    models.add_argument("--json", action="store_true", help="print the cards as JSON")
    models.set_defaults(command=_models)
    selftest_command.add_command(commands)
    evidence_commands.add_commands(commands)
    file_commands.add_commands(commands)
    for each in commands.choices.values():
        each.set_defaults(parser=each)
    return parser


def _add_scan(parser: argparse.ArgumentParser) -> None:
    defaults = Settings()
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", type=given_path, help="clips, stills, or folders of them")
    add("--out", required=True, metavar="DIR", type=given_path, help="folder for the reports")
    add("--jobs", type=int, default=1, metavar="N", help="analyse N inputs in parallel" + _DEFAULT)
    add("--cluster", default="", metavar="ADDRESS", help="have the workers of this Dask scheduler analyse the inputs")
    add("--model", default=defaults.model, metavar="NAME", help="model bundle, by name or folder" + _DEFAULT)
    device = "device that runs the networks; auto takes CUDA if it is there" + _DEFAULT
    add("--device", default=defaults.device, choices=("auto", "cpu", "cuda"), help=device)
    deep = "frames that the deep look sees: some of each track (on a GPU all), none, or all" + _DEFAULT
    add("--deep", default=defaults.deep, choices=("auto", "off", "all"), help=deep)
    add(
        "--deep-per-second",
        type=float,
        default=defaults.deep_per_second,
        metavar="N",
        help="frames of each track that the deep look sees per second, 8 to 64 in all" + _DEFAULT,
    )
    add("--stream", type=int, metavar="N", help="analyse stream N of the pictures, not the main one")
    add("--every", type=int, default=defaults.every, metavar="N", help="analyse every N-th frame" + _DEFAULT)
    add("--start", type=float, metavar="S", help="start of the analysis in seconds")
    add("--end", type=float, metavar="S", help="end of the analysis in seconds")
    add("--no-faces", choices=("whole-frame",), help="do not look for faces; score each whole frame")
    add("--examiner", default="", metavar="NAME", help="examiner's name on the report")
    add("--case", default="", metavar="NAME", help="case name on the report")
    add(
        "--custody",
        metavar="FILE",
        type=given_path,
        help="where the evidence comes from, as TOML, for the report's cover",
    )
    add(
        "--hashes",
        metavar="FILE",
        type=given_path,
        action="append",
        default=[],
        help="list of known hashes to look each input up in",
    )
    add("--seal", metavar="KEY", help="sign each report's manifest with this key (inspector key create)")
    evidence_commands.add_passphrase(parser)
    add(
        "--report",
        default="pdf",
        choices=("none", "json", "pdf"),
        help="what to write of each input: only the case file; what programs read; everything" + _DEFAULT,
    )
    add("--json", action="store_true", help="print the summary as JSON on standard output")
    parser.set_defaults(command=_scan)


def _settings(arguments: argparse.Namespace) -> Settings:
    return Settings(
        model=arguments.model,
        device=arguments.device,
        deep=arguments.deep,
        deep_per_second=arguments.deep_per_second,
        stream=arguments.stream,
        every=arguments.every,
        start_seconds=arguments.start,
        end_seconds=arguments.end,
        whole_frame=arguments.no_faces == "whole-frame",
    )


def _check_scan(arguments: argparse.Namespace, settings: Settings) -> None:
    """Raise ValueError or BundleError for options of a scan that cannot be meant."""
    check(settings)
    if arguments.jobs < 1:
        raise ValueError("--jobs must be at least 1.")
    if settings.end_seconds is not None and settings.end_seconds <= (settings.start_seconds or 0.0):
        raise ValueError("--end must be greater than --start.")
    if arguments.seal is not None and arguments.report == "none":
        raise ValueError("--seal signs reports, and --report none writes none.")
    if arguments.cluster and (arguments.jobs > 1 or arguments.seal is not None):
        raise ValueError(
            "--cluster goes neither with --jobs, as its workers count, nor with --seal, as the key stays here: "
            "sign the reports afterwards with inspector seal."
        )
    if settings.model != Settings().model and not arguments.cluster:  # whose workers have bundles of their own
        from inspector.engine.model.bundle import find_bundle

        find_bundle(settings.model)


def _scan(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    try:
        _check_scan(arguments, settings)
    except (ValueError, BundleError) as error:
        write_error(f"inspector scan: {error}")
        return WRONG_USAGE
    with ExitStack() as stack:
        launched = None
        if not arguments.cluster and arguments.jobs == 1 and any(os.path.lexists(path) for path in arguments.paths):
            with suppress(EngineError):  # the first job says it
                launched = stack.enter_context(launch(is_ahead=True))
        # It loads its libraries while this process imports what it needs itself.
        from inspector.engine.process.client import EngineProcess

        return _scan_with(stack.enter_context(EngineProcess(launched=launched)), arguments, settings)


def _scan_with(engine: EngineProcess, arguments: argparse.Namespace, settings: Settings) -> int:
    from inspector.console import SafeConsole
    from inspector.domain.case import CaseInfo
    from inspector.engine.case.custody import read_custody
    from inspector.engine.process.clip_scan import Stop
    from inspector.engine.process.scan import scan
    from inspector.scan_progress import ScanProgress

    key = None
    if arguments.seal is not None:
        from inspector.engine.seal.keys import load_key

        key = load_key(Path(arguments.seal), evidence_commands.passphrase(arguments))
    console = SafeConsole(stderr=True)
    info = CaseInfo(name=arguments.case, examiner=arguments.examiner)
    custody, stop = read_custody(arguments.custody, arguments.hashes), Stop()
    with ScanProgress(console) as progress:
        summary = scan(
            arguments.paths,
            arguments.out,
            settings,
            info,
            arguments.jobs,
            progress,
            key,
            custody=custody,
            report=arguments.report,
            cluster=arguments.cluster,
            first=engine,
            stop=stop,
        )
    with suppress(BrokenPipeError):  # what nobody reads here stands in the output folder
        if arguments.json:
            _print_json(summary)
        else:
            progress.print_table(summary, arguments.out)
    drop_unread()
    if all(c.status == "analysed" for c in summary.clips):
        return OK
    return end_signals.exit_code(stop.number) if stop.number else SOME_FAILED


def _print_json(value: object) -> None:
    from inspector.engine.codec import to_pretty_json

    write_bytes(to_pretty_json(value))


_RATES = ("unmanipulated, wrongly flagged", "manipulated, flagged", "manipulated, missed or undecided")


def _share(rate: float, interval: tuple[float, float]) -> str:
    return f"{rate:.1%} ({interval[0]:.1%} to {interval[1]:.1%})"


def _models(arguments: argparse.Namespace) -> int:
    from inspector.engine.model import bundle as bundles

    cards, code = [], OK
    for name in bundles.list_bundles():
        try:
            cards.append(bundles.find_bundle(name).card)
        except InspectorError as error:
            write_error(f"inspector models: {error}")
            code = SOME_FAILED
    if arguments.json:
        _print_json(cards)
        return code
    if not cards:
        write_line("No model bundle is installed: clips can be viewed, but nothing is scored.")
    _print_cards(cards)
    return code


def _print_cards(cards: Sequence[ModelCard]) -> None:
    from rich.table import Table

    from inspector.console import SafeConsole
    from inspector.domain.known_models import is_known
    from inspector.domain.model_card import LEVELS

    console = SafeConsole()
    for card in cards:
        table = Table(title_justify="left")
        for heading in ("measured on", "level", *_RATES):
            # On a narrow terminal no word ends in an ellipsis; the headings of the rates are not divided.
            table.add_column(heading, overflow="fold", width=14 if heading in _RATES else None)
        table.caption = "in brackets: 95 % intervals; where each person or group counts once, no rate is a share of n"
        table.title = f"{card.name} {card.version}: {card.network}, {card.input_size} px, SHA-256 {card.sha256[:12]}…"
        if not is_known(card):
            table.title += "; unknown model: none of those published with this program"
        if card.deep is not None:
            table.title += f"; deep look: {card.deep_network}, SHA-256 {card.deep.sha256[:12]}…"
        for rates in card.error_rates:
            table.add_row(
                rates.measured_on,
                LEVELS.get(rates.level, rates.level),
                f"{_share(rates.false_positive_rate, rates.false_positive_interval)}, n = {rates.n_real}",
                f"{1 - rates.false_negative_rate:.1%}, n = {rates.n_fake}",
                _share(rates.false_negative_rate, rates.false_negative_interval),
            )
        console.print(table)
