"""The entry point: commands run on the command line, everything else opens the window."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code. Window and command line are imported only when they are used."""
    # Cases, reports, settings and logs are for the user alone; the engine process and its files inherit this.
    os.umask(0o077)
    arguments = list(sys.argv[1:] if argv is None else argv)
    first = arguments[0] if arguments else ""
    if first == "--engine":
        from inspector.engine.process.start import main as engine

        engine(arguments[1:])
    if first == "--player":
        from inspector.engine.process.player.process import main as player

        player(arguments[1:])
    from inspector import cli

    if first in cli.COMMANDS or first in {"-h", "--help", "--version"}:
        return cli.run(arguments)
    if unknown := cli.unknown_inputs(arguments):
        return cli.refuse(unknown)
    # A hundred thousand objects are made and stay: to look for unused ones among them would take a tenth of the start.
    # The window looks for them after its first picture.
    gc.disable()
    from inspector.ui.app import run as window

    return window(arguments)


if __name__ == "__main__":
    sys.exit(main())
