"""Text of files is made safe for terminals, logs and labels, and legitimate letters stay."""

import json

import pytest

from inspector.domain.errors import ClipError
from inspector.domain.printable import printable, printable_json

ATTACKS = [
    ("\x1b]0;owned\x07.mp4", r"\x1b]0;owned\x07.mp4"),
    ("\x9b31m", r"\x9b31m"),
    ("a\nfailed b.mp4", r"a\nfailed b.mp4"),
    ("a\r\x08b", r"a\r\x08b"),
    ("cod\u202e4pm.exe", r"cod\u202e4pm.exe"),
    ("a\u2066b\u2069", r"a\u2066b\u2069"),
    ("a\u2028b", r"a\u2028b"),
    ("a\udcffb", r"a\udcffb"),
    ("a\U000e0041", r"a\U000e0041"),
]


@pytest.mark.parametrize(("text", "shown"), ATTACKS)
def test_what_controls_a_terminal_or_reorders_a_line_is_shown_as_its_escape(text: str, shown: str):
    assert printable(text) == shown
    assert str(ClipError(text)) == shown


@pytest.mark.parametrize("text", ["Zoë 日本 \u202f9.00\u202fPM.png", "می\u200cخواهم", "👩\u200d🔬", "a\u200bb", ""])
def test_letters_of_all_scripts_stay(text: str):
    assert printable(text) == text


def test_line_breaks_stay_where_they_are_wanted():
    assert printable("a\nb\x1b", keep="\n") == "a\nb\\x1b"


def test_json_keeps_its_values():
    values = [text for text, _ in ATTACKS if "\udcff" not in text]
    text = printable_json(json.dumps(values, ensure_ascii=False, indent=2))
    assert json.loads(text) == values
    assert not [c for c in text if not c.isprintable() and c != "\n"]
