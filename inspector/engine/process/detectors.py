"""The detectors that the engine process has loaded. Does not import torch, which the first one does."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from inspector.domain.model_card import ModelCard
from inspector.domain.settings import Settings
from inspector.engine.model.bundle import Bundle, find_bundle, has_default
from inspector.engine.process.libraries import load_libraries

if TYPE_CHECKING:
    from inspector.engine.model.detector import Detector

_Key = tuple[str, str, bool]
"""What makes a loaded detector: the bundle, the device, and whether the deep network is loaded."""


class Detectors:
    """Any thread may ask for a detector; who asks for one that is being loaded waits for it."""

    def __init__(self) -> None:
        self._loaded: dict[_Key, Detector] = {}
        self._lock = Lock()

    def wanted(self, settings: Settings) -> Detector | None:
        """The detector named in the settings; None if no bundle is installed and none was requested.

        Raises BundleError.
        """
        if settings.model == Settings().model and not has_default():
            return None
        return self.of(find_bundle(settings.model), settings)

    def of(self, bundle: Bundle, settings: Settings) -> Detector:
        """The detector of a bundle. Raises BundleError."""
        load_libraries()
        from inspector.engine.model.detector import Detector

        key = _key(bundle.card, settings)  # another bundle may have taken this name
        with self._lock:
            loaded = self._loaded.get(key)
            if loaded is None or loaded.is_refused:  # such as for a lack of memory that may be over
                self._loaded[key] = Detector.load(bundle, settings.device, with_deep=settings.deep != "off")
            return self._loaded[key]

    def known(self, card: ModelCard, settings: Settings) -> Detector | None:
        """The detector of a bundle that was loaded before: it stays usable when its files are removed."""
        return self._loaded.get(_key(card, settings))


def _key(card: ModelCard, settings: Settings) -> _Key:
    return card.identity, settings.device, settings.deep != "off"
