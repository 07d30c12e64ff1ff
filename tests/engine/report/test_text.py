import ast
from pathlib import Path

import pytest

import inspector
from inspector.engine.report import text
from inspector.engine.report.fonts import register


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("a\u202egpj.exe", "a[U+202E]gpj.exe"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("nul\x00 bell\x07", "nul[U+0000] bell[U+0007]"),
        ("lone \ud800", "lone [U+D800]"),
        ("two\nlines", "two[U+000A]lines"),
        ("漢字", "[U+6F22 U+5B57]"),
        ("wide\u3000space", "wide[U+3000]space"),
        ("private \ue000", "private [U+E000]"),
    ],
)
def test_what_is_hidden_or_cannot_be_drawn_is_named(hostile: str, shown: str) -> None:
    assert text.visible(hostile) == shown


def test_plain_text_of_several_scripts_stands_as_it_is() -> None:
    assert text.visible("Prüfstück № Ελλάδα Журнал 5 %") == "Prüfstück № Ελλάδα Журнал 5 %"


def test_markup_is_escaped() -> None:
    assert text.markup("<b>x</b> & <a href='x'>") == "&lt;b&gt;x&lt;/b&gt; &amp; &lt;a href='x'&gt;"


def test_code_points_are_set_apart_so_that_text_cannot_fake_them() -> None:
    assert text.markup("[U+202E]") == "[U+202E]"
    assert "<font" in text.markup("\u202e")


def test_stacked_marks_are_cut_to_two() -> None:
    shown = text.visible("e" + "\u0301" * 40)
    assert shown.startswith("e\u0301\u0301[U+0301")


def test_very_long_text_says_how_long_it_is() -> None:
    shown = text.visible("x" * 5000, 100)
    assert shown == "x" * 100 + "[… 5000 characters in all]"


def test_lines_are_kept_and_cut_openly() -> None:
    assert text.lines("a\r\nb\rc", 100) == "a<br/>b<br/>c"
    assert "20 characters in all" in text.lines("x" * 20, 10)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.914, "0.91"), (0.9999, "over 0.99"), (1.0, "over 0.99"), (0.0, "under 0.01"), (None, "none"),
     (float("nan"), "none"), (0.994, "0.99"), (0.005, "0.01")],
)  # fmt: skip
def test_a_probability_never_claims_certainty(value: float | None, shown: str) -> None:
    assert text.probability(value) == shown


def test_numbers_and_times_are_neutral() -> None:
    assert text.whole(1234567) == "1\u00a0234\u00a0567"
    assert text.percent(0.0312) == "3.1\u00a0%"
    assert text.percent(None) == "not measured"
    assert text.clock(3725.5) == "3725.500 s (1:02:05)"
    assert text.clock(-0.5) == "-0.500 s"
    assert text.moment("2026-11-20T12:00:00+02:00") == "2026-11-20 10:00:00 UTC"
    assert text.moment("<yesterday>") == "&lt;yesterday&gt;"
    assert text.count(1, "stretch", "stretches") == "1 stretch"
    assert text.stated("  ") == "not stated"


def test_every_glyph_of_our_own_words_is_in_the_fonts() -> None:
    """A character that the fonts lack would leave nothing but a gap on the page."""
    root, elsewhere = Path(inspector.__file__).parent, {"printable.py", "compare.py"}  # names such; the terminal's
    files = [p for room in ("domain", "engine") for p in (root / room).rglob("*.py") if p.name not in elsewhere]
    own = {
        character
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for character in node.value
        if ord(character) > 127
    }
    assert len(own) > 5
    assert {character for character in own if ord(character) not in register()} == set()
