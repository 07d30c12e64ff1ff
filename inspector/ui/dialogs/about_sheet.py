"""The sheets of the Help menu about the program itself and about reading a result."""

from __future__ import annotations

import platform
import re
from importlib import metadata

from PySide6.QtWidgets import QWidget

from inspector import __version__
from inspector.domain.answer import CONSEQUENCES
from inspector.domain.errors import CaseError
from inspector.domain.model_card import ModelCard
from inspector.engine.installation import key_place
from inspector.engine.versions import LIBRARIES
from inspector.ui.dialogs.help_sheet import Sheet, two_columns
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.labels import PlainLabel, heading
from inspector.ui.widgets.language import capital, mark, tr, tr_marked

_LONGEST_LICENCE = 60  # characters: some packages state a whole text
_SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Z])")
_READING = (
    (
        mark("Worst frame"),
        mark("The frame where a face scores highest; P goes to it. Look at the face there, and compare."),
    ),
    (
        mark("Two limits"),
        mark("Dashed in the lanes. Between them the detector errs too often, so the result is inconclusive."),
    ),
    (
        mark("Of 100 faces"),
        mark("How often the rule was wrong on faces whose truth was known. On other material it can be worse."),
    ),
    (
        mark("Heat map"),
        mark("Where the network looked, not what was changed. A grey one explains nothing; do not use it."),
    ),
    (mark("Not scored"), mark("The tool says nothing about that face, neither for nor against it.")),
)


_PROCESSES = (
    (mark("Analysis"), mark("The analysis has not started yet.")),
    (mark("Player"), mark("The player has not started yet.")),
)


class ReadingSheet(Sheet):
    """What each conclusion means, and how to read the pictures beside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("How to read a result"), parent)
        self.setMinimumWidth(620)
        self.page_column.addWidget(heading(tr("The conclusion")))
        self.page_column.addLayout(
            two_columns([(capital(tr_marked(c)), tr_marked(text)) for c, text in CONSEQUENCES], wraps=True)
        )
        self.page_column.addWidget(heading(tr("The evidence for it")))
        self.page_column.addLayout(
            two_columns([(tr_marked(name), tr_marked(text)) for name, text in _READING], wraps=True)
        )
        self.page_column.addWidget(heading(tr("The tool reports; you conclude.")))
        self.page_column.addStretch(1)
        self.finish()


class AboutSheet(Sheet):
    """The versions of program, model and libraries, with their licences, and how the processes are confined.

    `confinements` are those of the processes that analyse and that show clips, "" for one that has not started.
    """

    def __init__(self, model: ModelCard | None, parent: QWidget, confinements: tuple[str, str] = ("", "")) -> None:
        super().__init__(tr("About Deepfake Inspector"), parent)
        self.setMinimumWidth(560)
        about = PlainLabel(
            tr(
                "No data leaves this computer. The program is licensed under the Apache License 2.0; its file "
                "NOTICE names the work of others that it contains."
            )
        )
        about.setWordWrap(True)
        self.page_column.addWidget(about)
        rows = [("Deepfake Inspector", __version__), ("Python", platform.python_version())]
        if model is not None:
            rows.append((tr("Model"), f"{model.name} {model.version}, {tr_marked(model.licence)}"))
            rows += _weights(model)
        self.page_column.addLayout(two_columns(rows, wraps=True))
        self.page_column.addWidget(heading(tr("What a file can do that takes over a process which decodes it")))
        confined = [
            (tr_marked(name), confinement_text(said) if said else tr_marked(not_started))
            for (name, not_started), said in zip(_PROCESSES, confinements, strict=True)
        ]
        self.page_column.addLayout(two_columns(confined, wraps=True))
        self.page_column.addWidget(heading(tr("The key that signs results")))
        signing = PlainLabel(key_text())
        signing.setWordWrap(True)
        self.page_column.addWidget(signing)
        self.page_column.addWidget(heading(tr("Libraries")))
        self.page_column.addLayout(two_columns(libraries(), wraps=True))
        self.page_column.addStretch(1)
        self.finish()


def confinement_text(said: str) -> str:
    """What a process says of its confinement, sentence by sentence in the window's language."""
    return " ".join(shown(sentence) for sentence in _SENTENCE_END.split(said))


def _weights(model: ModelCard) -> list[tuple[str, str]]:
    """The SHA-256 of each network's weights; that of the deep network, which decides, first."""
    if model.deep is None:
        return [(tr("SHA-256 of it"), model.sha256)]
    return [(tr("SHA-256, deep look"), model.deep.sha256), (tr("SHA-256, fast look"), model.sha256)]


def key_text() -> str:
    """Where the key lies with which this installation signs its results in case files."""
    try:
        place = key_place()
    except CaseError as error:
        return shown(str(error))
    if not place.is_made:
        return tr("It is made when the first clip is opened.")
    said = tr("It lies in a file that only you can read.")
    if place.store:
        said = tr("It lies in the {store}.", store=place.store)
    if place.lost_at:
        said += " " + tr(
            "It was made anew at {when}, because the key store no longer held the one before it: what that one signed "
            "counts as imported until it is analysed again.",
            when=place.lost_at,
        )
    return said


def libraries() -> list[tuple[str, str]]:
    """The libraries that are installed, each with its version and its licence as its package states it."""
    found = []
    for name in ("PySide6-Essentials", *LIBRARIES):
        try:
            package = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        stated = next((package[key] for key in ("License-Expression", "License") if key in package), "")
        licence = stated if 0 < len(stated) <= _LONGEST_LICENCE else tr("licence in its package")
        found.append((name, f"{package['Version']}, {licence}"))
    return found
