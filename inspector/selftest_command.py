"""The command `selftest`: whether the parts of an installation give known results, and its processes do their work."""

from __future__ import annotations

import argparse
import tempfile
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.domain.errors import CaseError, EngineError, InspectorError
from inspector.domain.settings import Settings
from inspector.terminal import given_path, write_line

if TYPE_CHECKING:
    from inspector.engine.selftest import Check

OK, SOME_FAILED = 0, 1
_REPORT_SECONDS = 0.5  # of the demo clip, without the deep look: every part of a report is written in seconds

Subparsers = Any  # argparse keeps the type of its subparsers private


def add_command(commands: Subparsers) -> None:
    """Add the parser of `selftest`."""
    parser = commands.add_parser("selftest", help="check this installation against known results")
    parser.add_argument(
        "--report",
        metavar="FOLDER|REPORT",
        type=given_path,
        help="check instead whether this installation is the one that wrote this report",
    )
    parser.set_defaults(command=_selftest)


def _selftest(arguments: argparse.Namespace) -> int:
    from inspector.engine.selftest import check_installation, run_selftest

    results = check_installation(arguments.report) if arguments.report else [*run_selftest(), _report()]
    results += [_confinement(), _player_confinement(), _key()]
    for result in results:
        write_line(f"{'ok    ' if result.passed else 'FAILED'}  {result.name}: {result.detail}")
    failed = sum(not result.passed for result in results)
    write_line(f"{failed} of {len(results)} checks FAILED." if failed else f"All {len(results)} checks passed.")
    return SOME_FAILED if failed else OK


def _key() -> Check:
    """Whether this session can sign results, and where the key for it lies; the first one is not made."""
    from inspector.engine.installation import installation_key, key_place
    from inspector.engine.selftest import Check

    try:
        if key_place().is_made:
            installation_key()
        place = key_place()  # only now is a loss known
    except CaseError as error:
        return Check("key that signs results", False, str(error))
    return Check("key that signs results", True, str(place))


def _report() -> Check:
    """Whether an analysis process writes a whole report: it uses libraries and files that nothing else here does.

    A scan would sign the analysis, for which it would make the key, and note where its case file lay.
    """
    from inspector.engine.model.bundle import outside_files
    from inspector.engine.process import protocol
    from inspector.engine.process.client import EngineProcess
    from inspector.engine.process.confine.access import Access
    from inspector.engine.regular_file import files_below
    from inspector.engine.resources import resource
    from inspector.engine.selftest import CLIP, Check

    clip, settings = resource(CLIP).absolute(), Settings(end_seconds=_REPORT_SECONDS, deep="off")
    try:
        with tempfile.TemporaryDirectory(prefix="inspector-selftest-") as folder:
            case, report = Path(folder, "case.inspector"), Path(folder, "report")
            access = Access.to([clip, *outside_files(settings.model)], [Path(folder)])
            with EngineProcess(access) as engine:
                analysed = engine.ask(lambda job: protocol.Analyze(job, str(clip), str(case), settings))
                reported = engine.ask(lambda job: protocol.WriteReport(job, str(case), 1, str(report)))
                for answer in chain(analysed, reported):
                    if isinstance(answer, protocol.Failed):
                        return Check("report", False, answer.message)
            files = files_below(report)
    except (InspectorError, OSError) as error:
        return Check("report", False, str(error))
    return Check("report", True, f"{len(files)} files were written")


def _confinement() -> Check:
    """Whether an analysis process starts, and by which means it is confined on this system."""
    from inspector.engine.process.client import EngineProcess
    from inspector.engine.selftest import Check

    with EngineProcess() as engine:
        try:
            engine.start()
        except EngineError as error:
            return Check("confinement", False, str(error))
        return Check("confinement", True, engine.confinement)


def _player_confinement() -> Check:
    """Whether the process that decodes for the window opens a clip, and by which means it is confined."""
    from inspector.engine.process.player.players import Players
    from inspector.engine.resources import resource
    from inspector.engine.selftest import CLIP, Check

    players = Players()
    try:
        players.read_clip(resource(CLIP))
        return Check("confinement of the player", True, players.of(resource(CLIP)).confinement)
    except InspectorError as error:
        return Check("confinement of the player", False, str(error))
    finally:
        players.close()
