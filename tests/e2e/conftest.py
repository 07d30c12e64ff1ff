"""What tests of signals that end the program have in common."""

import signal
from collections.abc import Iterator

import pytest

SIGNALS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


@pytest.fixture
def default_signals() -> Iterator[None]:
    """What the program inherits: of tests that were started with nohup or in the background it would ignore some."""
    former = {number: signal.signal(number, signal.SIG_DFL) for number in SIGNALS}
    yield
    for number, handler in former.items():
        signal.signal(number, handler or signal.SIG_DFL)
