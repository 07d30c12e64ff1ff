"""The dialog before a report: its cover, what it includes, and whether it is signed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.case import CaseInfo
from inspector.domain.errors import InspectorError
from inspector.engine.faults import attempt
from inspector.engine.report.parts import ReportPart
from inspector.ui.case.background import Background
from inspector.ui.dialogs.cover_dialog import COVER, CoverDialog
from inspector.ui.report_wishes import ReportWishes
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.labels import ProblemText, wrapped
from inspector.ui.widgets.language import mark, tr, tr_marked

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_KEY = "seal_key"  # of the settings: the path of the key that signed last
_LEAD = mark("This stands on page one. The report is a folder with a PDF, tables and pictures; you choose where next.")
_CASE_LEAD = mark(
    "One report for each analysed exhibit, with its own cover, and a list of all exhibits. What you "
    "choose here holds for all of them; you choose the folder next."
)
_PARTS = {
    ReportPart.SEARCH: mark("Contact sheet and frames for a search by picture"),
    ReportPart.FILE: mark("Content of the file: Content Credentials, structure, tags, coding"),
    ReportPart.SIGNALS: mark("Pages of the landmark signals"),
}
_ABOUT_KEY = mark(
    "A signed report shows that nobody changed it after you. The key is a file with a passphrase of "
    "its own, which is asked for each time and kept nowhere."
)


class ReportDialog(CoverDialog):
    """Edits the cover; once it is accepted, `wishes` says what else was chosen. A wrong passphrase keeps it open.

    For a whole case there is no cover to edit: each exhibit has its own.
    """

    def __init__(self, info: CaseInfo, store: QSettings, parent: QWidget, *, is_whole_case: bool = False) -> None:
        self._store = store
        self.wishes = ReportWishes()
        title, lead = (tr("Export case"), _CASE_LEAD) if is_whole_case else (tr("Report"), _LEAD)
        super().__init__(
            title, tr_marked(lead), tr("Choose the folder …"), {} if is_whole_case else COVER, info, parent
        )
        self._work = Background("key", self)
        self._work.failed.connect(self._show_problem)
        self.finished.connect(lambda _result: self._work.stop(cancel=True))

    def add_rows(self, form: QFormLayout) -> None:
        """Add what the report includes, and its signature."""
        self.parts: dict[ReportPart, QCheckBox] = {}
        for part, label in _PARTS.items():
            self.parts[part] = box = QCheckBox(tr_marked(label))
            box.setChecked(True)
            form.addRow("" if len(self.parts) > 1 else tr("Include"), box)
        self.seal = QCheckBox(tr("Sign with my key"))
        form.addRow(tr("Signature"), self.seal)
        area = QWidget()
        area.hide()
        self.seal.toggled.connect(area.setVisible)
        self.seal.toggled.connect(lambda _on: self._fit())
        column, inner = QVBoxLayout(area), QFormLayout()  # a form in a form gives sentences too little height
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(wrapped(tr_marked(_ABOUT_KEY)))
        column.addLayout(inner)
        self.key_path, self.passphrase = QLineEdit(str(self._store.value(_KEY, "") or "")), QLineEdit()
        self.key_path.setAccessibleName(tr("Key file"))
        self.key_path.setPlaceholderText(tr("no key chosen"))
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(tr("Passphrase of the key"))
        row = QHBoxLayout()
        row.addWidget(self.key_path, 1)
        for label, pressed in ((tr("Choose …"), self._choose_key), (tr("New key …"), self._ask_for_new_key)):
            button = QPushButton(label)
            button.setAutoDefault(False)
            button.clicked.connect(pressed)
            row.addWidget(button)
        inner.addRow(tr("Key file"), row)
        inner.addRow(tr("Passphrase"), self.passphrase)
        self.problem = ProblemText()
        self.problem.hide()
        column.addWidget(self.problem)
        form.addRow(area)

    def _choose_key(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, tr("Choose your key"), self.key_path.text(), tr("Keys (*.pem);;All files (*)")
        )
        if name:
            self.key_path.setText(name)

    def _ask_for_new_key(self) -> None:
        """Make a key with the passphrase that is typed; the file dialog asks where."""
        word = self.passphrase.text()
        if not word:
            self._show_problem(tr("Type a passphrase for the new key first; nobody can restore it."))
            self.passphrase.setFocus()
            return
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Where to keep the new key"), "examiner-key.pem", tr("Keys (*.pem)")
        )
        if name:
            self.make_key(Path(name).with_suffix(".pem"), word)

    def make_key(self, path: Path, word: str) -> None:
        """Write a new key, and say its fingerprint."""
        self.problem.hide()
        self._work.run(partial(_new_key, path, word), partial(self._on_key_made, path))

    def _on_key_made(self, path: Path, made: str | InspectorError) -> None:
        if isinstance(made, InspectorError):
            self._show_problem(shown(str(made)))
            return
        self.key_path.setText(str(path))
        self._show_problem(
            tr(
                "The key is made. Keep {name} and its passphrase safe, and give this fingerprint to those who "
                "will check your reports: {made}",
                name=path.name,
                made=made,
            )
        )

    def _show_problem(self, text: str) -> None:
        self.problem.show_text(text)
        self.go_on.setEnabled(True)
        self._fit()

    def _fit(self) -> None:
        """Fit the height to the texts; adjustSize() would cut them at two thirds of the screen's."""
        for _ in range(2):  # how high the problem is follows from its width, which the layout gives it
            if layout := self.layout():
                layout.activate()
            self.problem.fit()
            self.resize(self.sizeHint())

    def choose(self) -> None:
        """Open the key first, if the report is to be signed; the dialog closes once that has worked."""
        left_out = tuple(part for part, box in self.parts.items() if not box.isChecked())
        self.wishes = ReportWishes(left_out)
        if not self.seal.isChecked():
            super().choose()
            return
        if not self.key_path.text():
            self._show_problem(tr("Choose the key that signs the report, or make a new one."))
            return
        self.go_on.setEnabled(False)  # deriving a key from the passphrase takes a moment
        self._work.run(partial(_opened, Path(self.key_path.text()), self.passphrase.text()), self._on_key_opened)

    def _on_key_opened(self, key: Ed25519PrivateKey | InspectorError) -> None:
        if isinstance(key, InspectorError):
            self._show_problem(shown(str(key)))
            self.passphrase.selectAll()
            self.passphrase.setFocus()
            return
        self._store.setValue(_KEY, self.key_path.text())
        self.wishes = ReportWishes(self.wishes.left_out, key)
        super().choose()


def _opened(path: Path, word: str) -> Ed25519PrivateKey | InspectorError:
    from inspector.engine.seal.keys import load_key

    return attempt("opening the key", partial(load_key, path, word.encode()))


def _new_key(path: Path, word: str) -> str | InspectorError:
    """Make a key; returns the fingerprint."""
    from inspector.engine.seal.keys import create_key, fingerprint, public_pem

    made = attempt("making the key", partial(create_key, path, word.encode()))
    return made if isinstance(made, InspectorError) else fingerprint(public_pem(made))
