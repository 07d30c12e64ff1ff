"""PySide6 must return every reference that it borrows; 6.12.0 does not, and Python 3.11 aborts (decision 0013)."""

import sys

import pytest
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication

EMITS = 100_000
# A constant may gain or lose a few references to caches meanwhile; the fault costs one per emit.
SLACK = 50


class _Sender(QObject):
    bare = Signal()
    flag = Signal(bool)
    thing = Signal(object)

    def event(self, event: QEvent) -> bool:
        return True


def _send_events(sender: _Sender) -> None:
    QApplication.sendEvent(sender, QEvent(QEvent.Type.User))


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="from 3.12 on these constants are immortal (PEP 683)")
@pytest.mark.parametrize(
    "action",
    [
        lambda sender: sender.bare.emit(),
        lambda sender: sender.flag.emit(True),
        lambda sender: sender.flag.emit(False),
        lambda sender: sender.thing.emit(None),
        _send_events,
    ],
    ids=["bare", "true", "false", "none", "event override"],
)
def test_constants_keep_their_references(qapp, action):
    sender = _Sender()
    received = []
    sender.bare.connect(lambda: None)
    sender.flag.connect(lambda flag: received.append(flag))
    sender.thing.connect(lambda thing: received.append(thing))
    # First a few: with the fault, all 100 000 would abort the whole test run instead of failing this test.
    for count in (40, EMITS):
        received.clear()
        action(sender)
        before = [sys.getrefcount(constant) for constant in (True, False, None)]
        for _ in range(count):
            action(sender)
        held = [sum(value is constant for value in received[1:]) for constant in (True, False, None)]
        after = [sys.getrefcount(constant) for constant in (True, False, None)]
        lost = [b + h - a for b, h, a in zip(before, held, after, strict=True)]
        assert max(lost) < min(SLACK, count // 2), f"references of True, False, None lost in {count} emits: {lost}"
        assert min(lost) > -SLACK, f"references of True, False, None left over after {count} emits: {lost}"
