"""The preferences of the window, which do not affect results: one table for the dialog and for QSettings."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any

from PySide6.QtCore import QSettings

from inspector.ui.widgets.language import LANGUAGES, SYSTEM
from inspector.ui.widgets.theme import THEMES

_KEY = "preferences"
_MAXIMUM_LENGTH = 200  # of a text, in characters


def _preference(
    default: Any, label: str, help: str, *, unit: str = "", low: int = 0, high: int = 0, choices: tuple[str, ...] = ()
) -> Any:
    metadata = {"label": label, "help": help, "unit": unit, "low": low, "high": high, "choices": choices}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Field order is the order in the dialog; the metadata is that of domain.settings."""

    examiner: str = _preference("", "Examiner", "Your name, for the cover of new cases and for your notes.")
    organisation: str = _preference("", "Organisation", "Your organisation, for the cover of new cases.")
    language: str = _preference(
        SYSTEM,
        "Language",
        "Language of the window, from the next start on; reports are in English.",
        choices=(SYSTEM, *LANGUAGES),
    )
    theme: str = _preference("dark", "Theme", "Colours of the window.", choices=tuple(THEMES))
    cache_megabytes: int = _preference(
        512,
        "Picture cache",
        "Memory for decoded frames; more of it speeds up stepping back.",
        unit="MB",
        low=64,
        high=16384,
    )


def load(store: QSettings) -> Preferences:
    """The stored preferences; defaults replace what is missing, damaged or out of range."""
    stored = {}
    for item in fields(Preferences):
        value = _checked(item, str(store.value(f"{_KEY}/{item.name}", item.default)))
        if value is not None:
            stored[item.name] = value
    return Preferences(**stored)


def save(store: QSettings, preferences: Preferences) -> None:
    """Store the preferences."""
    for item in fields(Preferences):
        store.setValue(f"{_KEY}/{item.name}", getattr(preferences, item.name))


def _checked(item: Field[Any], text: str) -> Any:
    """The value of a stored text, or None if it is invalid."""
    meta = item.metadata
    if isinstance(item.default, int):
        return int(text) if text.isdecimal() and meta["low"] <= int(text) <= meta["high"] else None
    if meta["choices"]:
        return text if text in meta["choices"] else None
    return text if text.isprintable() and len(text) <= _MAXIMUM_LENGTH else None
