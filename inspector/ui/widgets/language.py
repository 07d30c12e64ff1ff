"""The language of the window: texts are written in English and looked up in a translation when they are shown.

`tools/translations.py` finds the texts of all calls of `tr`, `plural` and `mark`, so they must be literals; what varies
is a placeholder. A text of a table goes through `tr_marked` where it is shown. What goes into evidence (case files,
reports, exported files, logs) is never translated. See docs/develop/translate.md.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QGraphicsWidget, QWidget

from inspector.engine.resources import resource

CONTEXT = "Inspector"
SYSTEM = "system"
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""The languages by their codes, each by its own name. English is that of the sources."""
VARIABLE = "INSPECTOR_LANGUAGE"  # an environment variable that overrides the setting
_NAME = "language"  # of our translators
_LARGEST = 2**31 - 1  # number that Qt takes; a file can declare more pictures


def install(application: QCoreApplication, chosen: str) -> None:
    """Load the translation of a language, or for `SYSTEM` of the first one of the system's that there is.

    The window is laid out from right to left if the language is written so. Widgets that exist keep their texts.
    """
    code = language_of(os.environ.get(VARIABLE) or chosen, QLocale.system().uiLanguages())
    for translator in application.findChildren(QTranslator, _NAME):
        application.removeTranslator(translator)
        translator.deleteLater()
    folders = (
        (f"inspector_{code}", str(resource("translations"))),
        (f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),  # of standard buttons
    )
    for name, folder in folders:
        translator = QTranslator(application)
        translator.setObjectName(_NAME)
        if code != "en" and translator.load(name, folder):
            application.installTranslator(translator)
    if isinstance(application, QGuiApplication):
        application.setLayoutDirection(QLocale(code).textDirection())


def language_of(chosen: str, system: Sequence[str]) -> str:
    """The code of the language to show: the chosen one, else the first of the system's that there is, else English."""
    wanted = [chosen] if chosen != SYSTEM else [name.replace("_", "-").split("-")[0] for name in system]
    return next((code for code in wanted if code in LANGUAGES), "en")


def tr(text: str, /, **values: Any) -> str:
    """`text` in the window's language, with its placeholders ("{name}", as of str.format) filled in."""
    shown = QCoreApplication.translate(CONTEXT, text)
    return shown.format(**values) if values else shown


def tr_marked(text: str, /, **values: Any) -> str:
    """`tr` of a text that is no literal here: one of `mark`, or of a table that tools/translations.py knows."""
    shown = QCoreApplication.translate(CONTEXT, text)
    return shown.format(**values) if values else shown


def plural(many: str, one: str, n: int, /, **values: Any) -> str:
    """`many` with its "%n" replaced by `n`, in the form that the language uses for n; `one` is English for n = 1.

    A translation has the forms of its language for `many`; `one` tells the translator what is meant.
    """
    shown = QCoreApplication.translate(CONTEXT, many, one, min(n, _LARGEST))
    if n > _LARGEST:
        shown = shown.replace(str(_LARGEST), str(n))
    if n == 1 and shown == many.replace("%n", "1"):
        shown = one.replace("%n", "1")
    return shown.format(**values) if values else shown


def english(text: str, /, **values: Any) -> str:
    """As `tr`, without a translation: for texts that are shown and also written into evidence."""
    return text.format(**values) if values else text


def capital(text: str) -> str:
    """`text` with a capital first letter; the others stay, because in some languages they mean something."""
    return text[:1].upper() + text[1:]


def keep_left_to_right(part: QWidget | QGraphicsWidget | QPainter) -> None:
    """Lay out a part from left to right in every language: time runs so, and a picture has no other direction.

    What paints text in it needs the same for its painter, which takes the direction of the application.
    """
    part.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def mark(text: str, /) -> str:
    """`text` as it is, for a table made at import: found for translation here, and translated by `tr` when shown."""
    return text
