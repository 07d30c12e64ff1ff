"""The command of the command line about a file itself: `inspector structure`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from inspector.domain.errors import InspectorError
from inspector.domain.file_facts import FileFacts
from inspector.engine.decode.evidence import check_file
from inspector.engine.process import protocol
from inspector.engine.process.client import EngineProcess
from inspector.engine.process.confine.access import Access
from inspector.engine.provenance.structure.compare import difference
from inspector.engine.provenance.structure.text import structure_lines
from inspector.engine.provenance.text import code_rows, manifest_rows
from inspector.engine.report.json_report import dumps, facts_json
from inspector.terminal import write_error, write_line

COMMANDS = ("structure",)
OK, FAILED = 0, 1

Subparsers = Any  # argparse keeps the type of its subparsers private


def add_commands(commands: Subparsers) -> None:
    """Add the parsers of `COMMANDS`."""
    parser = commands.add_parser("structure", help="show how a file is built, or how two files differ in that")
    parser.epilog = "These are observations with innocent causes. They never enter a score."
    parser.add_argument("path", metavar="A", help="a clip or still")
    parser.add_argument("other", metavar="B", nargs="?", help="another one, of which the differences are shown")
    parser.add_argument("--json", action="store_true", help="print all facts as JSON, as in report.json")
    parser.set_defaults(command=_structure)


def _structure(arguments: argparse.Namespace) -> int:
    paths = [Path(name) for name in (arguments.path, arguments.other) if name is not None]
    with EngineProcess(Access.to(paths)) as engine:  # a hostile file ends it, and nothing else
        try:
            found = [_describe(engine, path) for path in paths]
        except InspectorError as error:
            write_error(f"inspector structure: {error}")
            return FAILED
    if arguments.json:
        listed = [{"path": str(path), **facts_json(facts)} for path, facts in zip(paths, found, strict=True)]
        sys.stdout.flush()
        sys.stdout.buffer.write(dumps(listed))
    elif len(found) == 2:
        write_line("\n".join(difference(found[0].structure, found[1].structure)))
    else:
        write_line("\n".join([*_credential_lines(found[0]), *structure_lines(found[0].structure)]))
    return OK


def _describe(engine: EngineProcess, path: Path) -> FileFacts:
    """The facts of a file, by the engine process. Raises InspectorError."""
    size = check_file(path).st_size
    for answer in engine.ask(lambda job: protocol.DescribeFile(job, str(path.absolute())), size):
        if isinstance(answer, protocol.FileDescribed):
            return answer.facts
        if isinstance(answer, protocol.Failed):
            raise InspectorError(answer.message)
    raise InspectorError(f"{path.name} was not read; try again.")


def _credential_lines(facts: FileFacts) -> list[str]:
    found = facts.credentials
    rows = [] if found.active is None else [*manifest_rows(found.active), *code_rows(found)]
    return [found.sentence, *filter(None, [found.ai_statement]), *(f"{name}: {value}" for name, value in rows), ""]
