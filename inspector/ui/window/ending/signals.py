"""Closes the window when the system or a terminal ends the program: at a logout, a hang-up, with Ctrl-C."""

from __future__ import annotations

import signal
from types import FrameType

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from inspector.ui.window.ending.closing import MOST_REFUSALS

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
_LOOK_MS = 500


class EndSignals(QObject):
    """From `install` to `remove` such a signal saves what can be saved and ends the processes; a second one ends all.

    Without it the window would end at once: its settings would not be saved, and its temporary folders would stay.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._former: dict[int, object] = {}
        # Python handles signals only while it runs bytecode, so a timer runs some.
        self._heartbeat = QTimer(self, interval=_LOOK_MS)
        self._heartbeat.timeout.connect(lambda: None)

    def install(self) -> None:
        """Take over the signals, but for those that are ignored, as under nohup."""
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._former[number] = signal.signal(number, self._on_signal)
        self._heartbeat.start()

    def remove(self) -> None:
        """Restore what was there before."""
        self._heartbeat.stop()
        for number, handler in self._former.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        self._former.clear()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        for number in self._former:
            signal.signal(number, signal.SIG_DFL)
        QTimer.singleShot(0, self, _close_all)  # this may be in the middle of anything


def _close_all() -> None:
    """Close the dialogs, and the window, even if something is lost: nobody may be there to decide."""
    for _attempt in range(MOST_REFUSALS + 1):
        QApplication.closeAllWindows()
