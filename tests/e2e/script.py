"""A user's hands: steps that are taken one after another from the event loop of `main()`, and a watch on the whole."""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from inspector.__main__ import main
from inspector.ui.window.main_window import MainWindow

LOOK_MS = 20
PATIENCE_LOOKS = 3000  # a minute for a step

Step = Callable[[], bool]


def run_through(arguments: list[str], user: Callable[[MainWindow], Iterator[Step]]) -> int:
    """Run the program with `user` at it and return its exit code; what fails in `user` is raised here.

    `user` is a generator: it acts, then yields what must become true before it goes on.
    """
    problems: list[Exception] = []
    state: dict[str, Any] = {"looks": 0}

    def look() -> None:
        try:
            advance()
        except StopIteration:
            state["window"].close()
        except Exception as error:  # noqa: BLE001 - raised again once the program has ended
            problems.append(error)
            for window in QApplication.topLevelWidgets():
                window.close()
        else:
            QTimer.singleShot(LOOK_MS, look)

    def advance() -> None:
        if "hands" not in state:
            found = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]
            if not found:
                return
            state["window"], state["hands"] = found[0], user(found[0])
            state["until"] = next(state["hands"])
        state["looks"] += 1
        if state["looks"] > PATIENCE_LOOKS:
            raise TimeoutError(f"waited too long after: {state['window'].message_bar.text!r}")
        if state["until"]():
            state["looks"] = 0
            state["until"] = next(state["hands"])

    QTimer.singleShot(0, look)
    code = main(arguments)
    if problems:
        raise problems[0]
    return code
