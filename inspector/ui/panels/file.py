"""The file panel: what the file says about itself. Observations, none of which enters the score."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from inspector.engine.provenance.text import code_rows, history_rows, manifest_rows
from inspector.ui.panels.facts import FactsPage, Groups
from inspector.ui.session import Session

_NO_PART = "What the file says about itself. None of it is part of the score."


class FilePanel(FactsPage):
    """Content Credentials of the open file."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.clip_changed.connect(lambda _clip: self._fill())
        session.file_facts_changed.connect(lambda _facts: self._fill())
        self._fill()

    def _fill(self) -> None:
        facts = self._session.file_facts
        if self._session.opened is None:
            self.show_groups([], "No clip is open.")
            return
        if facts is None:
            self.show_groups([], "The file is being read.")
            return
        found = facts.credentials
        groups: Groups = []
        if found.remote_url:
            groups.append(("Address, not fetched", [("URL", found.remote_url)]))
        if found.active is not None:
            groups.append(("Signed manifest", manifest_rows(found.active)))
            listed = [("State", found.state), ("Trust list", found.trust_lists or "none installed"), *code_rows(found)]
            groups.append(("Validation, in C2PA's own words", listed))
        history = tuple(history_rows(found))
        lead = "\n\n".join(sentence for sentence in (_NO_PART, found.sentence, found.ai_statement) if sentence)
        self.show_groups(groups, lead, history=history if len(history) > 1 else ())
