"""The commands of the command line about reports, evidence and case files; `scan` and others are in cli.py."""

from __future__ import annotations

import argparse
import getpass
import io
import os
import tempfile
from pathlib import Path
from typing import Any

from inspector.domain.errors import ClipError, VerificationError
from inspector.domain.printable import printable
from inspector.terminal import given_path, write_error, write_line

COMMANDS = ("verify", "rerun", "key", "seal", "stamp", "hashes", "merge")
OK, SOME_FAILED = 0, 1
VARIABLE = "INSPECTOR_PASSPHRASE"
_MOST_NAMED = 8
_COLOURS = {"holds": "green", "missing": "red", "changed": "red"}

Subparsers = Any  # argparse keeps the type of its subparsers private


def add_commands(commands: Subparsers) -> None:
    """Add the parsers of `COMMANDS`."""
    _add_verify(commands.add_parser("verify", help="check a report: its files, signature, time stamp and evidence"))
    _add_rerun(commands.add_parser("rerun", help="analyse the evidence of a report again and compare the numbers"))
    _add_key(commands.add_parser("key", help="make the key that signs reports, or show its public part"))
    _add_seal(commands.add_parser("seal", help="sign the manifest of a report"))
    _add_hashes(commands.add_parser("hashes", help="print the MD5 and SHA-256 of files, one per line or as CSV"))
    _add_merge(commands.add_parser("merge", help="merge the case files of two examiners about the same evidence"))
    _add_stamp(commands.add_parser("stamp", help="time stamp of a report (RFC 3161): its request, its answer"))


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    """Add the option that says where a passphrase is read from; it is never an argument, which others can see."""
    parser.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        help=f"read the key's passphrase from file descriptor N; else from {VARIABLE}, else ask for it",
    )


def passphrase(arguments: argparse.Namespace, prompt: str = "Passphrase of the key: ") -> bytes:
    """The passphrase, from the file descriptor, the environment (which no child process inherits) or a prompt.

    Raises VerificationError.
    """
    number = arguments.passphrase_fd
    if number is not None:
        try:
            with os.fdopen(number, "rb") as file:
                return file.readline().rstrip(b"\r\n")
        except (OSError, ValueError) as error:
            cause = getattr(error, "strerror", None) or error
            raise VerificationError(
                f"The passphrase cannot be read from file descriptor {number} ({cause}); open it, as with "
                f"{number if number > 2 else 3}< FILE."
            ) from error
    found = os.environ.pop(VARIABLE, None)
    try:
        return (getpass.getpass(prompt) if found is None else found).encode()
    except EOFError:
        raise VerificationError(
            f"The passphrase cannot be asked for without a terminal; give it with --passphrase-fd or in {VARIABLE}."
        ) from None


# --- verify ----------------------------------------------------------------------------------------------------------


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "exit codes: 0 all that was checked holds; 1 something is missing or changed; 2 wrong usage."
    add = parser.add_argument
    add(
        "path", metavar="FOLDER|REPORT", type=given_path, help="a report's folder, a file in it, or a folder of reports"
    )
    add("--evidence", metavar="PATH", type=given_path, help="the evidence, or a folder that holds it")
    add("--fingerprint", metavar="HEX", default="", help="fingerprint of the examiner's key, as the examiner gave it")
    add("--tsa", metavar="PEM", type=given_path, help="certificates of the time stamp authority, its root among them")
    parser.set_defaults(command=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    from rich.table import Table
    from rich.text import Text

    from inspector.console import SafeConsole, stages_shown
    from inspector.engine.report.verify import Means, verify

    with stages_shown("checking the report"):
        reports = verify(arguments.path, Means(arguments.evidence, arguments.fingerprint, arguments.tsa))
    console = SafeConsole()
    for report in reports:
        table = Table(title=str(report.folder), title_justify="left")
        for heading in ("checked", "result", "detail"):
            table.add_column(heading, overflow="fold")  # a shortened name finds no file
        for check in report.checks:
            result = Text(check.status, style=_COLOURS.get(check.status, ""))
            table.add_row(check.subject, result, check.detail)
        console.print(table)
    failed = [report for report in reports if not report.holds]
    unchecked = list(dict.fromkeys(name for report in reports for name in report.unchecked))
    if unchecked:
        more = f" and {len(unchecked) - _MOST_NAMED} more" if len(unchecked) > _MOST_NAMED else ""
        console.print(f"NOT checked: {', '.join(unchecked[:_MOST_NAMED])}{more}.", soft_wrap=True)
    console.print("NOT everything holds:" if failed else "All that was checked holds.")
    for report in failed:
        for check in report.wrong:
            detail = f" ({check.detail})" if check.detail else ""
            console.print(f"{report.folder}: {check.subject}: {check.status}{detail}", soft_wrap=True)
        if not report.wrong:
            console.print(f"{report.folder}: nothing could be checked", soft_wrap=True)
    return SOME_FAILED if failed else OK


# --- rerun -----------------------------------------------------------------------------------------------------------


def _add_rerun(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "exit codes: 0 all numbers are equal to the last bit; 1 some differ, or it failed; 2 wrong usage."
    add = parser.add_argument
    add("report", metavar="FOLDER|REPORT", type=given_path, help="a report's folder, or its report.json")
    add(
        "--evidence",
        metavar="PATH",
        type=given_path,
        help="the evidence; without it, a file of its name near the report",
    )
    add("--model", metavar="NAME", default="", help="bundle to use if none with the recorded weights is installed")
    add("--out", metavar="DIR", type=given_path, help="keep the new report in this folder")
    parser.set_defaults(command=_rerun)


def _rerun(arguments: argparse.Namespace) -> int:
    from rich.table import Table
    from rich.text import Text

    from inspector.console import SafeConsole
    from inspector.engine.process.rerun import rerun
    from inspector.scan_progress import ScanProgress

    progress = ScanProgress(SafeConsole(stderr=True))
    with tempfile.TemporaryDirectory(prefix="inspector-rerun-") as folder, progress:
        out = arguments.out or Path(folder)
        is_kept = arguments.out is not None
        found = rerun(arguments.report, arguments.evidence, arguments.model, out, progress, is_kept=is_kept)
    console, table = SafeConsole(), Table("numbers", "result", "difference", "may have been moved by")
    for step in found.steps:
        result = Text("equal", style="green") if step.is_same else Text("differ", style="red")
        table.add_row(step.name, result, step.difference, Text("\n".join(map(printable, step.suspects))))
    console.print(table)
    if found.changed and found.is_same:
        console.print("Other parts of the program than in the report gave the same numbers:")
        for each in found.changed:
            console.print(f"{each.component}: {each.part} {each.recorded or 'none'}, here {each.here or 'none'}")
    if found.altered:
        console.print(
            f"NOT as the manifest of the report names them: {', '.join(found.altered)}; run inspector verify."
        )
    console.print("All numbers are equal to the last bit." if found.is_same else "NOT all numbers are equal.")
    console.print(
        "This compares report.json and the tables, and NOT report.pdf, the pictures and what the examiner wrote: look "
        "at them beside the new report, which --out keeps."
    )
    return OK if found.is_same else SOME_FAILED


# --- key, seal, stamp ------------------------------------------------------------------------------------------------


def _add_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("create", "show"), help="make a new key, or print the public part of one")
    parser.add_argument("file", metavar="FILE", type=given_path, help="the key file (PKCS#8 PEM, encrypted)")
    add_passphrase(parser)
    parser.set_defaults(command=_key)


def _key(arguments: argparse.Namespace) -> int:
    from inspector.engine.seal.keys import create_key, fingerprint, load_key, public_pem

    is_new = arguments.action == "create"
    word = passphrase(arguments, "Passphrase for the new key: " if is_new else "Passphrase of the key: ")
    key = (create_key if is_new else load_key)(arguments.file, word)
    pem = public_pem(key)
    write_line(*pem.splitlines(), f"Fingerprint (SHA-256 of the public key): {fingerprint(pem)}")
    if is_new:
        write_line("Keep the file and its passphrase safe; give the fingerprint to those who will check your reports.")
    return OK


def _add_seal(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", type=given_path, help="the folder of a report")
    parser.add_argument("--key", required=True, metavar="FILE", type=given_path, help="the examiner's key file")
    add_passphrase(parser)
    parser.set_defaults(command=_seal)


def _seal(arguments: argparse.Namespace) -> int:
    from inspector.engine.report.verify import require_as_written
    from inspector.engine.seal.keys import load_key, sign_manifest

    require_as_written(arguments.folder)
    for path in sign_manifest(arguments.folder, load_key(arguments.key, passphrase(arguments))):
        write_line(str(path))
    return OK


def _add_stamp(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", type=given_path, help="the folder of a report")
    parser.add_argument(
        "--answer", metavar="TSR", type=given_path, help="the authority's answer, to be put into the report"
    )
    parser.set_defaults(command=_stamp)


def _stamp(arguments: argparse.Namespace) -> int:
    from inspector.engine.seal.stamp import take_answer, write_request

    if arguments.answer is None:
        write_line(str(write_request(arguments.folder)))
        write_line("Send this file to a time stamp authority, and give its answer with --answer.")
        return OK
    moment = take_answer(arguments.folder, arguments.answer)
    write_line(f"The answer's time is {moment:%Y-%m-%d %H:%M:%S} UTC; inspector verify --tsa checks who signed it.")
    return OK


# --- hashes ----------------------------------------------------------------------------------------------------------


def _add_hashes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", type=given_path, help="files, or folders of clips and stills"
    )
    parser.add_argument("--csv", action="store_true", help="as a table with MD5, SHA-256, size and name")
    parser.add_argument("--md5", action="store_true", help="MD5 instead of SHA-256, without --csv")
    parser.set_defaults(command=_hashes)


def _hashes(arguments: argparse.Namespace) -> int:
    from inspector.console import stages_shown
    from inspector.engine.case.custody import file_hashes
    from inspector.engine.process.scan_inputs import find_inputs
    from inspector.engine.spreadsheet import SheetWriter

    inputs = find_inputs(arguments.paths)
    if arguments.csv:
        write_line("md5,sha256,size_bytes,name")
    refused = [unused.reason for unused in inputs.unreadable]
    for path in inputs.wanted:
        try:
            with stages_shown(f"reading {path.name}"):
                md5, sha256 = file_hashes(path)
        except ClipError as error:
            refused.append(str(error))
            continue
        if arguments.csv:
            row = io.StringIO()
            SheetWriter(row).writerow([md5, sha256, path.stat().st_size, path.name])
            write_line(row.getvalue().rstrip("\n"))
        else:
            write_line(md5 if arguments.md5 else sha256)
    for reason in refused:
        write_error(f"inspector hashes: {reason}")
    return SOME_FAILED if refused else OK


# --- merge -----------------------------------------------------------------------------------------------------------


def _add_merge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", metavar="A", type=given_path, help="the first examiner's case file")
    parser.add_argument("second", metavar="B", type=given_path, help="a copy of it that the second examiner worked on")
    parser.add_argument("--out", required=True, metavar="C", type=given_path, help="the case file with what both wrote")
    parser.set_defaults(command=_merge)


def _merge(arguments: argparse.Namespace) -> int:
    from inspector.engine.case.merge import merge

    merged = merge(arguments.first, arguments.second, arguments.out)
    write_line(f"{arguments.out}: {merged.added} notes, bookmarks, pictures and decisions added.")
    for sentence in merged.disagreements:
        write_line(f"The examiners disagree on {sentence}")
    for sentence in merged.unconfirmed:
        write_line(f"Only in {arguments.second}, so ask whether this was written by {sentence}")
    for sentence in merged.left_out:
        write_line(f"Left out: {sentence}")
    return OK
