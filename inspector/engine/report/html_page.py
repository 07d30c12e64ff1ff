"""Static pages for a browser: a heading, a table and a foot, nothing that runs or loads; every text is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from inspector.domain.printable import printable

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>body{{font:15px sans-serif;margin:2em auto;padding:0 1em;max-width:{width}}}
table{{border-collapse:collapse;width:100%}}th,a{{white-space:nowrap}}td:has(br){{min-width:18em}}
td,th{{border-bottom:1px solid #bbb;padding:.4em;text-align:left;vertical-align:top;overflow-wrap:anywhere}}</style>
</head><body><h1>{title}</h1><p>{about}</p>
<table><tr>{head}</tr>
{rows}</table>
<p>{foot}</p>
</body></html>
"""


@dataclass(frozen=True, slots=True)
class Link:
    """A file below the page's own folder, by its parts."""

    folder: str
    name: str


Cell = str | Link | tuple[str, ...]  # a text, a link, or texts one below the other


def page(
    title: str, about: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], foot: str, width: str = "60em"
) -> bytes:
    """The page as UTF-8. `width` is a length of CSS."""
    return _PAGE.format(
        title=_text(title),
        about=_text(about),
        head="".join(f"<th>{_text(name)}</th>" for name in head),
        rows="".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>\n" for row in rows),
        foot=_text(foot),
        width=width,
    ).encode("utf-8", "backslashreplace")


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, tuple):
        return "<br>".join(map(_text, cell))
    # "./" because a name may begin like the scheme of an address.
    address = f"./{quote(cell.folder)}/{quote(cell.name)}"
    return f'<a href="{html.escape(address)}">{_text(cell.name)}</a>'


def _text(text: str) -> str:
    return html.escape(printable(text))
