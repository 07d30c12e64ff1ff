"""No cell that the program writes is a formula in a spreadsheet, whatever its delimiter, and numbers stay numbers."""

import csv
import io
from pathlib import Path

import pytest

from inspector.engine.spreadsheet import SheetWriter, cell


@pytest.mark.parametrize(
    ("text", "shown"),
    [("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"), ("+1+1", "'+1+1"), ("-1-1", "'-1-1"), ("@SUM(A1)", "'@SUM(A1)"),
     ("\t=1", "?=1"), ("\r\n=1", "??=1"), ("\ud800", "?"), (" =1+1", " '=1+1"), ("\uff1d1+1", "'\uff1d1+1"),
     ("a;=1+1", "a;'=1+1"), ("a, @x", "a, '@x"), ("a|-b", "a|'-b"), ("clip-1=a.mp4", "clip-1=a.mp4"),
     ("-", "'-"), ("", "")],
)  # fmt: skip
def test_text_is_no_formula(text: str, shown: str) -> None:
    assert cell(text) == shown
    assert cell(shown) == shown, "a row that is read and written again stays"


def test_numbers_stay_and_paths_are_text() -> None:
    row = ["-1", "+2.5", "-1e-07", "-inf", "nan", -3, 0.5]
    text = io.StringIO()
    SheetWriter(text).writerows([row, ["=a", Path("@b"), None]])
    assert list(csv.reader(io.StringIO(text.getvalue()))) == [[str(value) for value in row], ["'=a", "'@b", ""]]
