"""Writes docs/guide/keys.md from the table of actions, so that the page cannot differ from the program.

`python tools/keys_page.py` rewrites the page; tests/test_docs.py fails while the page on the disk is another.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from inspector.ui.dialogs.help_sheet import FOCUS_KEYS, MOUSE_GESTURES
from inspector.ui.widgets.actions import ACTIONS, MENUS, ActionSpec

PAGE = Path(__file__).resolve().parents[1] / "docs" / "guide" / "keys.md"

_HEAD = """# Keys

<!-- Written by tools/keys_page.py from inspector/ui/widgets/actions.py. Change the table there and run the script. -->

`?` shows these keys in the program. *Help → Change keys …* changes them; this page lists the defaults. On macOS, `Ctrl`
is the Command key. Actions without a key are in the menus.
"""
_ODD_NAMES = {"PgUp": "Page Up", "PgDown": "Page Down"}


def keys_text(spec: ActionSpec) -> str:
    """The keys of an action as Markdown: "`Ctrl+O`", or "`Space` or `K`"."""
    shown = []
    for key in spec.keys:
        for short, name in _ODD_NAMES.items():
            key = key.replace(short, name)
        shown.append(f"`{key}`")
    return " or ".join(shown)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [" | ".join(head), " | ".join("---" for _ in head), *(" | ".join(row) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for menu in MENUS:
        rows = [(keys_text(spec), spec.text.replace("&", "").rstrip(" …"), f"{spec.tip}.")
                for spec in ACTIONS if spec.menu == menu and spec.keys]  # fmt: skip
        if rows:
            parts.append(f"## {menu}\n\n" + table(("key", "action", "what it does"), rows))
    parts.append("## Keyboard control of the window\n\n" + table(("key", "what it does"), list(FOCUS_KEYS)))
    parts.append("## Mouse\n\n" + table(("do this", "what it does"), list(MOUSE_GESTURES)))
    return "\n".join(parts)


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
