"""The translations: every text of the sources is translated, placeholders agree, and the shipped files are current."""

import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections import Counter
from string import Formatter

import pytest

from inspector.ui.widgets.actions import ACTIONS
from inspector.ui.widgets.language import LANGUAGES
from tools import translations

FILES = sorted(translations.FOLDER.glob("*.ts"))


def messages(path):
    """(source, English singular or None, forms) of each message."""
    for message in ElementTree.parse(path).iter("message"):  # noqa: S314 - our own file
        translation = message.find("translation")
        assert translation.get("type") is None, f"{path.name}: not translated: {message.findtext('source')!r}"
        forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
        yield message.findtext("source"), message.findtext("comment"), forms


def placeholders(text):
    return Counter((name, spec) for _, name, spec, _ in Formatter().parse(text) if name is not None)


def edges(text):
    """The space at both ends, and the mark at the end of a sentence or of the name of a dialog."""
    return text[:1].isspace(), text[-1:].isspace(), text[-1:] if text[-1:] in "….:" else ""


def test_each_language_but_english_has_a_file():
    assert [path.stem for path in FILES] == [f"inspector_{code}" for code in sorted(LANGUAGES) if code != "en"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_is_translated_with_its_placeholders(path):
    for source, singular, forms in messages(path):
        assert all(forms), source
        assert (len(forms) > 1) == bool(singular), source
        for form in forms:
            assert placeholders(form) == placeholders(source), (source, form)
            assert edges(form) == edges(source), (source, form)
            assert "<" not in form, "a tooltip would be read as HTML"
        # A form for one may do without the number; the general one may not.
        assert ("%n" in forms[-1]) == ("%n" in source), source


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_keys_within_a_menu_are_different(path):
    translated = {source: forms[0] for source, _, forms in messages(path)}
    keys = Counter(
        (spec.menu, found[1].lower())
        for spec in ACTIONS
        if (found := re.search(r"&(\w)", translated.get(spec.text, spec.text)))
    )
    assert [key for key, count in keys.items() if count > 1] == []


def test_the_files_are_up_to_date_with_the_sources(tmp_path):
    for path in translations.FOLDER.iterdir():
        shutil.copy(path, tmp_path)
    translations.update(tmp_path)
    translations.release(tmp_path)
    for path in translations.FOLDER.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), f"run `make translations`: {path.name} is old"


def test_texts_are_found_wherever_they_stand():
    code = """
tr("plain"); f"{tr('in an f-string')}"; tr("a" "b", n=tr("inside")); tr("first" if x else "second")
plural("%n frames", "%n frame", len(x)); mark("in a table"); tr_marked(variable); tr("…")
"""
    found = sorted(translations.texts_of(code, "x.py"))
    assert [text.source for text in found] == [
        "%n frames", "ab", "first", "in a table", "in an f-string", "inside", "plain", "second"
    ]  # fmt: skip
    assert found[0].singular == "%n frame"


@pytest.mark.parametrize(
    "call",
    ["tr(row.text, n=3)", "tr(name)", "mark(name)", "plural(many, one, 3)", 'mark(f"{x} frames")', 'tr(f"{x} frames")'],
)
def test_a_text_that_cannot_be_found_is_an_error(call):
    with pytest.raises(ValueError, match="needs a literal"):
        list(translations.texts_of(call, "x.py"))
