"""The detectors of the engine process: loaded once, whoever asks first."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from inspector.domain.settings import Settings
from inspector.engine.model import detector as detector_module
from inspector.engine.process.detectors import Detectors


def test_who_asks_for_a_detector_that_is_being_loaded_waits_for_it(monkeypatch: pytest.MonkeyPatch):
    begun, may_end, loaded = threading.Event(), threading.Event(), []

    def load(bundle: object, *_: object, **__: object) -> object:
        begun.set()
        assert may_end.wait(10)
        loaded.append(bundle)
        return SimpleNamespace(is_refused=False)

    monkeypatch.setattr(detector_module.Detector, "load", load)
    detectors, got = Detectors(), []
    bundle: Any = SimpleNamespace(card=SimpleNamespace(identity="a"))
    threads = [threading.Thread(target=lambda: got.append(detectors.of(bundle, Settings()))) for _ in range(2)]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert len(loaded) == 1
    assert got[0] is got[1] is detectors.known(bundle.card, Settings())
    assert detectors.known(bundle.card, Settings(deep="off")) is None


def test_a_detector_whose_network_failed_when_it_was_tried_is_loaded_again(monkeypatch: pytest.MonkeyPatch):
    refused, sound = (SimpleNamespace(is_refused=failed) for failed in (True, False))
    to_load = [refused, sound]
    monkeypatch.setattr(detector_module.Detector, "load", lambda *_, **__: to_load.pop(0))
    detectors, bundle = Detectors(), SimpleNamespace(card=SimpleNamespace(identity="a"))
    assert [detectors.of(bundle, Settings()) for _ in range(3)] == [refused, sound, sound]  # type: ignore[arg-type]
