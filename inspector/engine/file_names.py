"""Names of files and folders that are made from a stranger's text and keep the letters of all scripts."""

from __future__ import annotations

import unicodedata
from pathlib import PureWindowsPath

_MOST_BYTES = 120  # in UTF-8; most file systems allow 255 for a name


def plain_name(text: str, otherwise: str, most_bytes: int = _MOST_BYTES) -> str:
    """`text` as a name that every system accepts: letters, marks and digits of any script, ".", "-" and "_".

    Runs of anything else become one "_". `otherwise` is used when nothing is left.
    """
    normal = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    kept = "".join(c if c in ".-" or c.isalnum() or unicodedata.category(c)[0] == "M" else "_" for c in normal)
    name = "_".join(part for part in kept.split("_") if part)
    # Cut between characters; what ends in a dot is shortened by Windows.
    name = name.encode()[:most_bytes].decode(errors="ignore").strip("._") or otherwise
    return f"_{name}" if PureWindowsPath(name).is_reserved() else name
