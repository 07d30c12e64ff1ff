"""The window's own settings, which change no result: one table, for the dialog and for the next session."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any

from PySide6.QtCore import QSettings

from inspector.ui.widgets.theme import THEMES

_KEY = "preferences"
_LONGEST = 200  # of a name


def _preference(
    default: Any, label: str, help: str, *, unit: str = "", low: int = 0, high: int = 0, choices: tuple[str, ...] = ()
) -> Any:
    metadata = {"label": label, "help": help, "unit": unit, "low": low, "high": high, "choices": choices}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Field order is the order in the dialog; the metadata is that of domain.settings."""

    examiner: str = _preference("", "Examiner", "Your name, on the cover of each new case and beside your notes.")
    organisation: str = _preference("", "Organisation", "Where you work, on the cover of each new case.")
    theme: str = _preference("dark", "Theme", "How the window looks.", choices=tuple(THEMES))
    cache_megabytes: int = _preference(
        512,
        "Picture cache",
        "Memory for decoded pictures: more of it, and stepping back decodes less often.",
        unit="MB",
        low=64,
        high=16384,
    )


def load(store: QSettings) -> Preferences:
    """What was kept; defaults for what is missing, damaged or outside its range."""
    kept = {}
    for item in fields(Preferences):
        value = _checked(item, str(store.value(f"{_KEY}/{item.name}", item.default)))
        if value is not None:
            kept[item.name] = value
    return Preferences(**kept)


def save(store: QSettings, preferences: Preferences) -> None:
    """Keep them for the next session."""
    for item in fields(Preferences):
        store.setValue(f"{_KEY}/{item.name}", getattr(preferences, item.name))


def _checked(item: Field[Any], text: str) -> Any:
    """The value that a kept text stands for, or None."""
    meta = item.metadata
    if isinstance(item.default, int):
        return int(text) if text.isdecimal() and meta["low"] <= int(text) <= meta["high"] else None
    if meta["choices"]:
        return text if text in meta["choices"] else None
    return text if text.isprintable() and len(text) <= _LONGEST else None
