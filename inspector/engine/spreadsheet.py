"""CSV files: every text cell is written so that no spreadsheet takes it, or a part of it, for a formula (CWE-1236).

`tests/test_untrusted_text.py` forbids the writers of the standard library elsewhere.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

# What begins a formula, wide forms too, at the beginning of a cell or of what becomes one: a spreadsheet of a country
# that writes decimals with a comma splits lines at semicolons.
_FORMULA = re.compile(r"(^|[,;|])(\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|inf|nan)")


class SheetWriter:
    """Writes rows as comma-separated values; numbers stay as they are, also as text, and all else is text."""

    def __init__(self, file: SupportsWrite[str]) -> None:
        self._writer = csv.writer(file, lineterminator="\n")

    def writerow(self, row: Iterable[object]) -> None:
        """Write a row. Raises OSError."""
        self._writer.writerow([v if v is None or isinstance(v, int | float) else cell(str(v)) for v in row])

    def writerows(self, rows: Iterable[Iterable[object]]) -> None:
        """Write rows. Raises OSError."""
        for row in rows:
            self.writerow(row)


def cell(text: str) -> str:
    """Text for a cell that is no formula in a spreadsheet, on one line, without control characters."""
    plain = text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)
    return plain if _NUMBER.fullmatch(plain) else _FORMULA.sub(r"\1\2'\3", plain)
