"""Asks what a face is to be called."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from inspector.domain.case import MOST_NAME
from inspector.ui.case.annotator import Annotator
from inspector.ui.session import Session
from inspector.ui.widgets.engine_text import face_label
from inspector.ui.widgets.labels import plain_tip
from inspector.ui.widgets.language import tr
from inspector.ui.window.cover import Cover


class Naming(QObject):
    """Opens a dialog for the name of a face; the annotator keeps it, after the examiner was asked for theirs."""

    def __init__(self, session: Session, annotator: Annotator, cover: Cover, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._annotator, self._cover, self._window = session, annotator, cover, window

    def ask(self, track_id: int | None = None) -> None:
        """Ask for the name of a face, by default the selected one."""
        wanted = self._session.selected_track if track_id is None else track_id
        if wanted is None or self._session.analysis is None:
            return
        number = wanted
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Name {face}", face=face_label(number)))
        text = tr("What is this face called in lanes, card and report? The tool identifies nobody: the name is yours.")
        dialog.setLabelText(
            plain_tip(f"{text}\n{tr('Leave it empty to use “{face}” again.', face=face_label(number))}")
        )
        dialog.setTextValue(self._session.face_names.get(number, ""))
        for field in dialog.findChildren(QLineEdit):
            field.setMaxLength(MOST_NAME)
        dialog.textValueSelected.connect(lambda name: self._use(number, name))
        dialog.open()

    def _use(self, track_id: int, name: str) -> None:
        self._cover.before_decision(lambda: self._annotator.name_face(track_id, name))
