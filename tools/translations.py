"""Finds the texts of the window and keeps the translations in resources/translations: `make translations`.

The texts are found by Python's own parser. Qt's lupdate reads Python too, but misses every call with further arguments
and everything within an f-string; so it gets the texts as C++, which it reads in full, and updates the .ts files, where
translators work. lrelease makes the .qm files that the window loads.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

from inspector.domain.analysis import Conclusion
from inspector.domain.answer import CONSEQUENCES
from inspector.domain.case import CUSTODY, FileStatus
from inspector.domain.clip import StreamKind
from inspector.domain.faces import Abstention
from inspector.domain.known_models import UNKNOWN_MODEL
from inspector.domain.model_card import LEVELS, ModelCard
from inspector.domain.settings import Settings
from inspector.domain.sound.mouth import CAUSES
from inspector.engine.analysis.cam_text import NOT_EXPLAINED, Outcome
from inspector.engine.decode.evidence import OTHER_PICTURES, OTHER_SIGNATURES
from inspector.engine.decode.formats.jpeg import DEEP
from inspector.engine.faces.signals import SERIES
from inspector.engine.filters.table import FILTERS
from inspector.engine.model.bundle import DEFAULT_BUNDLE, find_bundle
from inspector.engine.provenance.coding.lanes import CODING_LANES
from inspector.ui.preferences import Preferences
from inspector.ui.state import LANDMARK_STYLES, SoundState
from inspector.ui.timeline.marks import Mark
from inspector.ui.widgets.engine_text import ERROR_SENTENCES, rule_sentences
from inspector.ui.widgets.language import CONTEXT
from tools.texts.error_sentences import as_lines, error_sentences

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
SOURCES = ("inspector/ui/**/*.py", "inspector/domain/settings.py")
# Calls whose arguments are texts, with the positions of these arguments. The last ones are rows of tables.
CALLS = {
    "tr": (0,),
    "say": (0,),
    "mark": (0,),
    "plural": (0,),
    "_setting": (1, 2),
    "_preference": (1, 2),
    "_A": (1, 2, 3),
}
_LITERAL = ("tr", "mark", "plural")  # the others have optional texts, or texts of tables
# Calls with arguments that are no texts but choices or units, by keyword.
KEYWORDS = {"_setting": ("unit",)}


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One text; `singular` is its English form for one, where it has plural forms."""

    source: str
    singular: str = ""


def texts_of(code: str, name: str) -> Iterator[Text]:
    """The texts of one module. Raises ValueError where a call gets no literal; `say` may get a text of a table."""
    for node in ast.walk(ast.parse(code, name)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        for at in CALLS.get(called, ()):
            found = _literals(node.args[at]) if at < len(node.args) else []
            is_computed = any(isinstance(each, ast.JoinedStr) for each in node.args[:1])
            if is_computed or (not found and called in _LITERAL):
                raise ValueError(
                    f"{name}:{node.lineno}: {called}() needs a literal, or its text is not translated; "
                    "a text of a table is marked there and shown by tr_marked()."
                )
            singular = node.args[1].value if called == "plural" and isinstance(node.args[1], ast.Constant) else ""
            yield from (Text(text, str(singular)) for text in found if _has_words(text))
        for keyword in node.keywords:
            if keyword.arg in KEYWORDS.get(called, ()):
                yield from (Text(text) for text in _literals(keyword.value) if len(text) > 2)


def _literals(node: ast.expr) -> list[str]:
    """The texts of a literal, or of a choice between several."""
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _has_words(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _words_of_tables() -> Iterator[str]:
    """The texts of tables that the window shows and that are no calls: of the engine, and values of enumerations."""
    for kind in (Conclusion, Abstention, FileStatus, SoundState, Mark, Outcome, StreamKind):
        yield from (str(member.value) for member in kind)
    yield from (sentence for _, sentence in CONSEQUENCES)
    yield from (outcome.brief for outcome in Outcome)
    yield from (
        *CUSTODY.values(),
        *LEVELS.values(),
        *LANDMARK_STYLES,
        *CODING_LANES,
        NOT_EXPLAINED,
        UNKNOWN_MODEL,
        *_LABELS,
    )
    yield from (word for signal in SERIES for word in signal)
    yield from (*rule_sentences(), CAUSES, *card_texts(find_bundle(DEFAULT_BUNDLE).card))
    yield from (*error_sentences(), DEEP, *(kind for _, kind in (*OTHER_SIGNATURES, *OTHER_PICTURES)))
    for item in (*fields(Settings), *fields(Preferences)):
        yield from item.metadata["choices"]
    for spec in FILTERS.values():
        yield from (spec.label, spec.tip)
        yield from (word for parameter in spec.parameters for word in (parameter.label, parameter.unit))


def card_texts(card: ModelCard) -> Iterator[str]:
    """What the card of a bundle says in words, but names and licences of its sources."""
    yield from (*card.limits, *card.never_seen, card.licence, card.network, card.calibration.measured_on)
    yield from (rates.measured_on for rates in card.error_rates)
    if card.deep is not None:
        yield from (card.deep_network, card.deep.clips.measured_on, card.deep.stills.measured_on)


# What series, comparison and the lanes call things by a name that is also a key or is written into evidence.
_LABELS = (
    *("frame probability", "deep look", "fast look"),  # ScoreBoard.labelled_at
    *("aligned by the eyes", "aligned by the box", "eyes", "box"),  # engine.faces.align
    *("sound", "blinks", "after I", "grey levels"),  # lanes and their units
)


def all_texts() -> list[Text]:
    """Every text of the window, sorted."""
    paths = sorted(path for pattern in SOURCES for path in ROOT.glob(pattern))
    found = {text for path in paths for text in texts_of(path.read_text(encoding="utf-8"), str(path))}
    return sorted(found | {Text(word) for word in _words_of_tables() if _is_text(word)})


def _is_text(word: str) -> bool:
    """Whether a word of a table is text; names of methods, devices and units are the same everywhere."""
    return _has_words(word) and word.strip() not in _NAMES


_NAMES = {"en", "de", "cpu", "cuda", "GradCAM", "GradCAM++", "LayerCAM", "EigenCAM", "px", "kB", "γ"}


def as_cpp(texts: list[Text]) -> str:
    """Calls in C++ of the texts, for lupdate."""
    lines = []
    for text in texts:
        comment = f", {_quoted(text.singular)}, n" if text.singular else ""
        lines.append(f'QCoreApplication::translate("{CONTEXT}", {_quoted(text.source)}{comment});')
    return "void texts(int n) {\n" + "\n".join(lines) + "\n}\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def update(folder: Path) -> None:
    """Bring the .ts files in a folder, and the engine's sentences, up to date with the sources; translations stay."""
    (folder / ERROR_SENTENCES).write_text(as_lines(error_sentences()), encoding="utf-8")
    with TemporaryDirectory() as scratch:
        source = Path(scratch) / "texts.cpp"
        source.write_text(as_cpp(all_texts()), encoding="utf-8")
        files = sorted(map(str, folder.glob("*.ts")))
        options = "-silent -no-obsolete -sort-messages -locations none -disable-heuristic similartext".split()
        _run("pyside6-lupdate", *options, str(source), "-ts", *files)


def release(folder: Path) -> None:
    """Make the .qm file of each .ts file."""
    _run("pyside6-lrelease", "-silent", *sorted(map(str, folder.glob("*.ts"))))


def _run(tool: str, *arguments: str) -> None:
    subprocess.run([str(Path(sys.executable).parent / tool), *arguments], check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    """Update and release; `--add fr` starts a language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--add", metavar="LANGUAGE", help="start a language, such as fr")
    arguments = parser.parse_args()
    if arguments.add:
        new = FOLDER / f"inspector_{arguments.add}.ts"
        if not new.exists():
            new.write_text(f'<!DOCTYPE TS><TS version="2.1" language="{arguments.add}"></TS>\n', encoding="utf-8")
    update(FOLDER)
    release(FOLDER)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
