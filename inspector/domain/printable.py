"""Text from files, such as a clip's name or tag, without the characters that control a terminal or reorder a line."""

from __future__ import annotations

import re

# Control characters (with the terminal's ESC and CSI, tabs and newlines), line and paragraph separators, lone
# surrogates, and the invisible characters that reverse the direction of a line or hide in it. The zero-width space and
# the joiners stay: Persian, Indic scripts and emoji need them, and they move nothing.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def printable(text: str, keep: str = "") -> str:
    r"""`text` with each unsafe character replaced by its escape, such as "\x1b"; those in `keep` stay.

    The result is one line, unless `keep` holds "\n". It is safe in a terminal, a log, a label and a report.
    """

    def escape(found: re.Match[str]) -> str:
        return found[0] if found[0] in keep else found[0].encode("unicode_escape").decode()

    return _UNSAFE.sub(escape, text)


def printable_json(text: str) -> str:
    """JSON with the unsafe characters inside its strings as JSON's own escapes: the same values, safe to print."""

    def escape(found: re.Match[str]) -> str:
        character = found[0]
        if character == "\n":  # between the values; within a string JSON has it escaped already
            return character
        units = character.encode("utf-16-be", "surrogatepass").hex()
        return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))

    return _UNSAFE.sub(escape, text)
