"""Where the files that come with the program lie: fonts, icons, styles, the demo clip and the model bundles."""

from __future__ import annotations

import sys
from pathlib import Path


def root() -> Path:
    """The folder that holds `models` and `resources`: the frozen app's, the installed package's, or the checkout."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen)
    package = Path(__file__).resolve().parents[1]
    bundled = package / "_bundled"
    return bundled if bundled.is_dir() else package.parent


def resource(name: str) -> Path:
    """The path of a file or folder under resources/."""
    return root() / "resources" / name


def models_folder() -> Path:
    """The folder of the bundles that come with the program."""
    return root() / "models"
