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
    if _has_no_display():
        return _no_window("there is no display; use a desktop session, or inspector scan, which needs no window.")
    # A hundred thousand objects are made and stay: to look for unused ones among them would take a tenth of the start.
    # The window looks for them after its first picture.
    gc.disable()
    try:
        from inspector.ui.app import run as window
    except ImportError as error:
        if ".so" not in str(error):
            raise
        return _no_window(f"a system library is missing ({error}); install those that the README names.")
    return window(arguments)


def _has_no_display() -> bool:
    """Whether a Linux session has nothing to show a window on: Qt would abort and advise to install it again."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform == "linux" and not any(os.environ.get(name) for name in names)


def _no_window(reason: str) -> int:
    from inspector.terminal import write_error

    write_error(f"inspector: The window cannot open: {reason}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
