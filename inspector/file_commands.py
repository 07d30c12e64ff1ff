"""The commands of the command line about files themselves: how one is built, and which ones share footage."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.domain.errors import InspectorError
from inspector.terminal import given_path, write_bytes, write_error, write_line

if TYPE_CHECKING:
    from inspector.domain.file_facts import FileFacts
    from inspector.engine.process.client import EngineProcess

COMMANDS = ("structure", "footage")
OK, FAILED = 0, 1

Subparsers = Any  # argparse keeps the type of its subparsers private


def add_commands(commands: Subparsers) -> None:
    """Add the parsers of `COMMANDS`."""
    parser = commands.add_parser("structure", help="show how a file is built, or how two files differ in that")
    parser.epilog = "These are observations with innocent causes. They never enter a score."
    parser.add_argument("path", metavar="A", type=given_path, help="a clip or still")
    parser.add_argument(
        "other", metavar="B", nargs="?", type=given_path, help="another one, of which the differences are shown"
    )
    parser.add_argument("--json", action="store_true", help="print all facts as JSON, as in report.json")
    parser.set_defaults(command=_structure)
    parser = commands.add_parser("footage", help="list which exhibits of a case share footage, and when")
    parser.epilog = "Pictures that look alike are listed; a still scene recorded twice may look alike too."
    parser.add_argument("paths", metavar="PATH", nargs="+", type=given_path, help="cases, case files, folders of scans")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    parser.set_defaults(command=_footage)


def _structure(arguments: argparse.Namespace) -> int:
    from inspector.engine.process.client import EngineProcess
    from inspector.engine.process.confine.access import Access
    from inspector.engine.provenance.structure.compare import difference
    from inspector.engine.provenance.structure.text import structure_lines

    paths = [path for path in (arguments.path, arguments.other) if path is not None]
    with EngineProcess(Access.to(paths)) as engine:  # a hostile file ends it, and nothing else
        try:
            found = [_describe(engine, path) for path in paths]
        except InspectorError as error:
            write_error(f"inspector structure: {error}")
            return FAILED
    if arguments.json:
        from inspector.engine.report.json_report import dumps, facts_json  # with OpenCV, which a scan starts without

        listed = [{"path": str(path), **facts_json(facts)} for path, facts in zip(paths, found, strict=True)]
        write_bytes(dumps(listed))
    elif len(found) == 2:
        write_line(*difference(found[0].structure, found[1].structure))
    else:
        write_line(*_credential_lines(found[0]), *structure_lines(found[0].structure))
    return OK


def _footage(arguments: argparse.Namespace) -> int:
    from inspector.engine.case.footage import case_files, find_shared, read_footage
    from inspector.engine.report.text import count

    footage = [read_footage(name, path) for name, path in case_files(arguments.paths)]
    shared, code = list(find_shared(footage)), FAILED if any(each.is_unreadable for each in footage) else OK
    for each in footage:
        if each.problem:
            write_error(f"inspector footage: {each.name}: {each.problem}")
    if arguments.json:
        from inspector.engine.report.json_report import dumps, plain

        names = [{"name": each.name, "sha256": each.sha256, "problem": each.problem} for each in footage]
        write_bytes(dumps({"exhibits": names, "shared": plain(shared)}))
        return code
    for pair in shared:
        first, second = footage[pair.first], footage[pair.second]
        same = " (the same file)" if first.sha256 == second.sha256 else ""
        for stretch in pair.stretches:
            other_end = stretch.other_start + stretch.end - stretch.start
            write_line(
                f"{first.name} {stretch.start:.1f} to {stretch.end:.1f} s looks like {second.name} "
                f"{stretch.other_start:.1f} to {other_end:.1f} s; {stretch.bits:.1f} of 64 bits differ{same}"
            )
    if not shared:
        compared = sum(not each.problem for each in footage)
        write_line(f"No footage of at least 2 s is shared among {count(compared, 'exhibit')}.")
    return code


def _describe(engine: EngineProcess, path: Path) -> FileFacts:
    """The facts of a file, by the engine process. Raises InspectorError."""
    from inspector.engine.decode.evidence import check_file
    from inspector.engine.process import protocol

    check_file(path)
    for answer in engine.ask(lambda job: protocol.DescribeFile(job, str(path.absolute()))):
        if isinstance(answer, protocol.FileDescribed):
            return answer.facts
        if isinstance(answer, protocol.Failed):
            raise InspectorError(answer.message)
    raise InspectorError(f"{path.name} was not read; try again.")


def _credential_lines(facts: FileFacts) -> list[str]:
    from inspector.engine.provenance.text import code_rows, manifest_rows

    found = facts.credentials
    rows = [] if found.active is None else [*manifest_rows(found.active), *code_rows(found)]
    return [found.sentence, *filter(None, [found.ai_statement]), *(f"{name}: {value}" for name, value in rows), ""]
