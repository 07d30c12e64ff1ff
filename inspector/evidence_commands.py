"""The commands of the command line about reports and evidence: `inspector verify`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from inspector.terminal import SafeConsole

COMMANDS = ("verify",)
OK, SOME_FAILED = 0, 1
_COLOURS = {"holds": "green", "missing": "red", "changed": "red"}

Subparsers = Any  # argparse keeps the type of its subparsers private


def add_commands(commands: Subparsers) -> None:
    """Add the parsers of `COMMANDS`."""
    _add_verify(commands.add_parser("verify", help="check a report: its files and the evidence"))


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "exit codes: 0 all that was checked holds; 1 something is missing or changed; 2 wrong usage."
    parser.add_argument("path", metavar="FOLDER|REPORT", help="a report's folder, a file in it, or a folder of reports")
    parser.add_argument("--evidence", metavar="PATH", help="the evidence, or a folder that holds it")
    parser.set_defaults(command=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    from inspector.engine.report.verify import Means, verify

    evidence = None if arguments.evidence is None else Path(arguments.evidence)
    reports = verify(Path(arguments.path), Means(evidence))
    console = SafeConsole()
    for report in reports:
        table = Table("checked", "result", "detail", title=str(report.folder), title_justify="left")
        for check in report.checks:
            result = Text(check.status, style=_COLOURS.get(check.status, ""))
            table.add_row(check.subject, result, check.detail)
        console.print(table)
    held = all(report.holds for report in reports)
    console.print("All that was checked holds." if held else "NOT everything holds: see the lines in the tables.")
    return OK if held else SOME_FAILED
