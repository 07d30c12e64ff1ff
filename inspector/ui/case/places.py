"""Where the case files of clips that belong to no case are kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths

_private: list[Path] = []  # the folder of a private session


def keep_cases_in(private_folder: Path | None) -> None:
    """Keep the case files of clips that belong to no case in a folder of this session, or in the usual one (None)."""
    _private[:] = [] if private_folder is None else [private_folder / "cases"]


def is_private() -> bool:
    """Whether this session leaves no case files behind."""
    return bool(_private)


def cases_folder() -> Path:
    """The folder of the case files of clips that belong to no case."""
    if _private:
        return _private[0]
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(base) / "cases"
