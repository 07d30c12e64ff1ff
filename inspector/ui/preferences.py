"""The window's own settings, which change no result: one table, for the dialog and for the next session."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from PySide6.QtCore import QSettings

_KEY = "preferences"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Field order is the order in the dialog; the metadata is that of domain.settings."""

    cache_megabytes: int = field(
        default=512,
        metadata={
            "label": "Picture cache",
            "help": "Memory for decoded pictures: more of it, and stepping back decodes less often.",
            "unit": "MB",
            "low": 64,
            "high": 16384,
            "choices": (),
        },
    )


def load(store: QSettings) -> Preferences:
    """What was kept; defaults for what is missing or outside its range."""
    kept = {}
    for item in fields(Preferences):
        text = str(store.value(f"{_KEY}/{item.name}", item.default))
        if text.isdecimal() and item.metadata["low"] <= int(text) <= item.metadata["high"]:
            kept[item.name] = int(text)
    return Preferences(**kept)


def save(store: QSettings, preferences: Preferences) -> None:
    """Keep them for the next session."""
    for item in fields(Preferences):
        store.setValue(f"{_KEY}/{item.name}", getattr(preferences, item.name))
