"""The file panel: what the file says about itself. Observations, none of which enters the score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import PurePath

from PySide6.QtWidgets import QWidget

from inspector.domain.case import CUSTODY
from inspector.domain.observations.coding import CodingFact
from inspector.domain.sound.mouth import CAUSES
from inspector.domain.structure import Structure, StructureFact
from inspector.engine.provenance.structure.compare import difference
from inspector.engine.provenance.structure.text import place, tree_label
from inspector.engine.provenance.text import code_rows, history_rows, manifest_rows
from inspector.engine.sound.text import value_rows
from inspector.ui.panels.facts import Groups, LazyFactsPage
from inspector.ui.session import Session
from inspector.ui.widgets.engine_text import shown
from inspector.ui.widgets.language import mark, plural, tr, tr_marked

_MOST_ROWS = 100
_difference = lru_cache(maxsize=1)(difference)  # the page is filled again for each fact that arrives
_NO_PART = mark("What the file says about itself. None of it is part of the score.")


class FilePanel(LazyFactsPage):
    """Content Credentials, structure and tags of the open file."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.clip_changed.connect(lambda _clip: self._refresh())
        session.file_facts_changed.connect(lambda _facts: self._refresh())
        session.other_facts_changed.connect(self._refresh)
        session.sound_facts_changed.connect(lambda _facts: self._refresh())
        session.mouth_changed.connect(lambda _lag: self._refresh())
        session.signals_changed.connect(self._refresh)
        session.elsewhere_changed.connect(self._refresh)

    def _fill(self) -> None:
        facts = self._session.file_facts
        if self._session.opened is None:
            self.show_groups([], tr("No clip is open."))
            return
        if facts is None:
            other = self._session.elsewhere
            behind = tr(" It is read between two steps of the analysis of {other}.", other=other) if other else ""
            self.show_groups([], tr("The file is being read.{behind}", behind=behind))
            return
        found = facts.credentials
        groups: Groups = []
        if found.remote_url:
            groups.append((tr("Address, not fetched"), [(tr("URL"), found.remote_url)]))
        if found.active is not None:
            groups.append((tr("Signed manifest"), manifest_rows(found.active)))
            listed = [
                (tr("State"), found.state),
                (tr("Trust list"), found.trust_lists or tr("none installed")),
                *code_rows(found),
            ]
            groups.append((tr("Validation, in C2PA's own words"), listed))
        recorded = [(tr_marked(CUSTODY[name]), value) for name, value in self._session.opened.download.items()]
        if recorded:
            groups.append((tr("Recorded beside the file by a downloader, not verified"), recorded))
        groups += self._coding()
        groups += self._sound()
        groups += self._compared(facts.structure)
        groups += self._structure(facts.structure)
        history = tuple(history_rows(found))
        lead = "\n\n".join(
            sentence for sentence in (tr_marked(_NO_PART), shown(found.sentence), shown(found.ai_statement)) if sentence
        )
        self.show_groups(groups, lead, history=history if len(history) > 1 else ())

    def _coding(self) -> Groups:
        """What the rules say about the coding of the clip, once it was analysed."""
        observed = () if self._session.signals is None else self._session.signals.observed
        said = list(_observed(observed))
        return [(tr("How it is coded, not part of the score"), said)] if said else []

    def _sound(self) -> Groups:
        """What was measured on the sound, and how the selected face's mouth follows it."""
        found = self._session.sound_facts
        if found is None:
            return []
        said = [(tr("Sound"), shown(found.sentence))] if not found.is_examined else value_rows(found)
        said += [*_observed(found.facts), *_problems(found.problems)]
        mouth = self._session.mouth
        if mouth is not None:
            said.append((tr("Mouth of {face}", face=self._session.face_name(mouth.track_id)), shown(mouth.sentence)))
            said.append((tr("Usual causes"), tr_marked(CAUSES)))
        return [(tr("Sound, not part of the score"), said)]

    def _compared(self, structure: Structure) -> Groups:
        """How the structure differs from that of the clip that it is compared with."""
        other, facts = self._session.other, self._session.other_facts
        if other is None or facts is None:
            return []
        sides = {"-": tr("Only this file"), "+": tr("Only the other file")}
        lines = [line for line in _difference(structure, facts.structure) if line[0] in sides]
        rows = [(sides[line[0]], line[2:].strip()) for line in lines[:_MOST_ROWS]]
        if len(lines) > _MOST_ROWS:
            more = len(lines) - _MOST_ROWS
            rows.append(("…", plural("%n more differences", "%n more difference", more)))
        if not rows:
            rows = [(tr("Difference"), tr("none: the same parts in the same order, and the same tags"))]
        name = PurePath(other.clip.path).name
        return [(tr("Structure compared with {file}; sizes are left out", file=name), rows)]

    @staticmethod
    def _structure(structure: Structure) -> Groups:
        """Observations, tags, and the parts of the container as a tree; the report holds more of them."""
        tags = [(f"{tag.group}: {tag.name}", tag.value) for tag in structure.tags[:_MOST_ROWS]]
        parts = [(tree_label(element), place(element)) for element in structure.elements[:_MOST_ROWS]]
        more = len(structure.elements) + structure.left_out - len(parts)
        if more > 0:
            parts.append(("…", plural("%n more parts are in the report", "%n more part is in the report", more)))
        said = [*_observed(structure.facts), *_problems(structure.problems)]
        title = tr("Structure: {format}", format=structure.format)
        return [(tr("How the file is built"), said), (tr("Tags in the file, not verified"), tags), (title, parts)]


def _observed(facts: Iterable[StructureFact | CodingFact]) -> Iterator[tuple[str, str]]:
    """What the rules say, each sentence with its usual causes."""
    for fact in facts:
        yield tr("Observed"), shown(fact.sentence)
        yield tr("Usual causes"), shown(fact.causes)


def _problems(problems: Iterable[str]) -> Iterator[tuple[str, str]]:
    yield from ((tr("Problem"), shown(problem)) for problem in problems)
