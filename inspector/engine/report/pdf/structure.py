"""The report's section on how the file is built."""

from __future__ import annotations

from inspector.domain.file_facts import FileFacts
from inspector.domain.structure import Structure
from inspector.engine.provenance.structure.text import place
from inspector.engine.report import text
from inspector.engine.report.pdf import style

_MOST_TAGS, _MOST_PARTS = 50, 80


def structure_facts(facts: FileFacts | None) -> style.Flowables:
    """Facts by the rules with their usual causes, tags, and the tree of parts; none of it is part of the score."""
    if facts is None:
        return [style.paragraph("The structure of the file was not read.")]
    found = facts.structure
    observed = (
        "These are observations by published rules, which have innocent causes; none says that a file is manipulated, "
        "and none is part of the score."
    )
    about = observed if found.facts else "No rule on the structure of files found anything."
    intro = f"{text.markup(found.format)}. {about}"
    story: style.Flowables = [style.paragraph(intro)]
    for fact in found.facts:
        said = f"{text.markup(fact.sentence)} <i>Usual causes:</i> {text.markup(fact.causes)}"
        story += style.items([f"{said} [{text.markup(fact.source)}]"])
    story += style.items([text.markup(problem) for problem in found.problems])
    return [*story, *_tags(found), *_parts(found)]


def _tags(found: Structure) -> style.Flowables:
    rows = [(text.markup(f"{tag.group}: {tag.name}", 80), text.markup(tag.value)) for tag in found.tags[:_MOST_TAGS]]
    if not rows:
        return []
    more = _rest(len(found.tags) - len(rows), "tags")
    return [*style.subheading("Tags, as written; anyone can write them"), style.facts(rows), *more]


def _parts(found: Structure) -> style.Flowables:
    shown = found.elements[:_MOST_PARTS]
    if not shown:
        return []
    rows = [[f"{'&nbsp;' * 3 * part.depth}{text.markup(part.kind)}", text.markup(place(part), 120)] for part in shown]
    more = _rest(len(found.elements) + found.left_out - len(shown), "parts")
    return [*style.subheading("Parts of the file"), style.grid(["Part", "Size and place"], rows, (4, 9), "ll"), *more]


def _rest(count: int, what: str) -> style.Flowables:
    return [style.paragraph(f"{text.whole(count)} more {what} are in report.json.")] if count > 0 else []
