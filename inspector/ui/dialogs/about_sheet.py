"""The sheets of the Help menu about the program itself and about reading a result."""

from __future__ import annotations

import platform
from importlib import metadata

from PySide6.QtWidgets import QWidget

from inspector import __version__
from inspector.domain.answer import CONSEQUENCES
from inspector.domain.model_card import ModelCard
from inspector.engine.versions import LIBRARIES
from inspector.ui.dialogs.help_sheet import Sheet, two_columns
from inspector.ui.widgets.labels import PlainLabel, heading

_IN_PACKAGE = "licence in its package"
_LONGEST_LICENCE = 60  # characters: some packages state a whole text
_READING = (
    ("Worst frame", "The frame where a face scores highest; P goes to it. Look at the face there, and compare."),
    ("Two limits", "Dashed in the lanes. Between them the detector errs too often, so the result is inconclusive."),
    ("Of 100 faces", "How often the rule was wrong on faces whose truth was known. On other material it can be worse."),
    ("Heat map", "Where the network looked, not what was changed. A grey one explains nothing; do not use it."),
    ("Not scored", "The tool says nothing about that face, neither for nor against it."),
)


class ReadingSheet(Sheet):
    """What each conclusion means, and how to read the pictures beside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("How to read a result", parent)
        self.setMinimumWidth(620)
        self.page_column.addWidget(heading("The conclusion"))
        self.page_column.addLayout(two_columns([(c.capitalize(), text) for c, text in CONSEQUENCES], is_mono=False))
        self.page_column.addWidget(heading("The evidence for it"))
        self.page_column.addLayout(two_columns(list(_READING), is_mono=False))
        self.page_column.addWidget(heading("The tool reports; you conclude."))
        self.page_column.addStretch(1)
        self.finish()


class AboutSheet(Sheet):
    """The versions of program, model and libraries, with their licences, and how the processes are confined.

    `confinements` are those of the processes that analyse and that show clips, "" for one that has not started.
    """

    def __init__(self, model: ModelCard | None, parent: QWidget, confinements: tuple[str, str] = ("", "")) -> None:
        super().__init__("About Deepfake Inspector", parent)
        self.setMinimumWidth(560)
        about = PlainLabel(
            "No data leaves this computer. The program is licensed under the Apache License 2.0; its file NOTICE names "
            "the work of others that it contains."
        )
        about.setWordWrap(True)
        self.page_column.addWidget(about)
        rows = [("Deepfake Inspector", __version__), ("Python", platform.python_version())]
        if model is not None:
            rows += [("Model", f"{model.name} {model.version}, {model.licence}"), ("SHA-256 of it", model.sha256)]
        self.page_column.addLayout(two_columns(rows, is_mono=False))
        self.page_column.addWidget(heading("What a file can do that takes over a process which decodes it"))
        for who, means in zip(("The analysis", "The player"), confinements, strict=True):
            confined = PlainLabel(f"{who} is confined by: {means}." if means else f"{who} has not started yet.")
            confined.setWordWrap(True)
            self.page_column.addWidget(confined)
        self.page_column.addWidget(heading("Libraries"))
        self.page_column.addLayout(two_columns(libraries(), is_mono=False))
        self.page_column.addStretch(1)
        self.finish()


def libraries() -> list[tuple[str, str]]:
    """The libraries that are installed, each with its version and its licence as its package states it."""
    found = []
    for name in ("PySide6-Essentials", *LIBRARIES):
        try:
            package = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        stated = next((package[key] for key in ("License-Expression", "License") if key in package), _IN_PACKAGE)
        licence = stated if len(stated) <= _LONGEST_LICENCE else _IN_PACKAGE
        found.append((name, f"{package['Version']}, {licence}"))
    return found
