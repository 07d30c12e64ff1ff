"""A made-up language in which every text is longer and in ⟦brackets⟧, and what a window shows outside of brackets."""

import re
from functools import cache

from PySide6.QtCore import QCoreApplication, QModelIndex, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QTabWidget,
    QTreeView,
    QWidget,
)

from inspector.ui.widgets.language import CONTEXT
from tools.translations import all_texts

_PLACEHOLDER = re.compile(r"(\{[^{}]*\}|%n)")
_WORD = re.compile(r"[A-Za-z]{3,}")


def pseudo(text):
    """Each part of a text between placeholders, a third longer and in brackets: what is filled in stays outside."""
    parts = _PLACEHOLDER.split(text)
    return "".join(p if at % 2 or not p.strip() else f"⟦{p}{'~' * (len(p) // 3)}⟧" for at, p in enumerate(parts))


@cache
def _known():
    """The texts that a translator is given: reading all sources takes a second."""
    return {text.source for text in all_texts()}


class PseudoTranslator(QTranslator):
    """Translates every text that a translator is given, and no other."""

    def isEmpty(self):
        return False

    def translate(self, context, text, comment=None, n=-1):
        return pseudo(text) if context == CONTEXT and text in _known() else None


class PseudoLanguage:
    """Within it, texts are translated into the made-up language."""

    def __enter__(self):
        self._translator = PseudoTranslator()
        QCoreApplication.installTranslator(self._translator)

    def __exit__(self, *_):
        QCoreApplication.removeTranslator(self._translator)


def untranslated(text, exceptions=frozenset()):
    """The words outside of brackets that are none of the exceptions."""
    return [word for word in _WORD.findall(re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) if word not in exceptions]


def texts_of(window):
    """(where, text) of everything that the widgets, menus and actions of a window show or say."""
    for widget in (window, *window.findChildren(QWidget)):
        where = f"{type(widget).__name__} {widget.objectName()}"
        for read in ("toolTip", "statusTip", "accessibleName", "accessibleDescription", "windowTitle"):
            yield f"{where} {read}", getattr(widget, read)()
        for text in _own_texts(widget):
            yield where, text
    for action in window.findChildren(QAction):
        for read in ("text", "toolTip", "statusTip", "iconText"):
            yield f"QAction {action.objectName()} {read}", getattr(action, read)()


def _own_texts(widget):
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.placeholderText()
        yield widget.text() if widget.isReadOnly() else ""
    elif isinstance(widget, QPlainTextEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(row) for row in range(widget.count()))
        yield from (str(widget.itemData(row, Qt.ItemDataRole.ToolTipRole) or "") for row in range(widget.count()))
    elif isinstance(widget, QTabWidget):
        yield from (widget.tabText(at) for at in range(widget.count()))
    elif isinstance(widget, QMenu):
        yield widget.title()
    elif isinstance(widget, QProgressBar):
        yield widget.format()
    elif isinstance(widget, QAbstractSpinBox):
        for read in ("prefix", "suffix", "specialValueText"):
            yield getattr(widget, read, str)()
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from _item_texts(widget)


def _item_texts(view):
    model, root = view.model(), QModelIndex()
    if isinstance(view, QHeaderView):  # whose texts are those of the view that it belongs to
        return
    for column in range(view.header().count() if isinstance(view, QTreeView) else 1):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(model.rowCount(root)):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                yield str(model.index(row, column).data(role) or "")
