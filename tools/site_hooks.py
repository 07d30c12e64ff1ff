"""MkDocs hooks: the repository's own pages (README and others) become pages of the site, and all links stay right.

Pages link to each other as files of the repository, so that they can be read there too. For the site, links to pages
outside docs/ are turned to the pages made of them; links to files that are not on the site become plain text.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "models/default/README.md": "model-card.md",
}
"""Files of the repository by the page that the site makes of each."""

_FOREIGN_SCRIPT, _OWN_SCRIPT = "https://unpkg.com/iframe-worker/shim", "offline-search.js"

_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s#]+)(#[^)\s]*)?\)")


def on_files(files: Any, *, config: Any) -> Any:
    """Add the pages that lie outside docs/."""
    from mkdocs.structure.files import File

    for source, name in PAGES.items():
        files.append(File.generated(config, name, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:
    """Turn a page's links to what they are on the site."""
    return with_site_links(markdown, page.file.src_uri)


def on_post_page(output: str, *, page: Any, config: Any) -> str:
    """Have a page take the script that offline search needs from the site and not from a network."""
    return output.replace(_FOREIGN_SCRIPT, posixpath.relpath(_OWN_SCRIPT, posixpath.dirname(page.url) or "."))


def on_post_template(output_content: str, *, template_name: str, config: Any) -> str:
    """The same for pages that are made of no Markdown, like 404.html."""
    return output_content.replace(_FOREIGN_SCRIPT, _OWN_SCRIPT)


def with_site_links(markdown: str, name: str) -> str:
    """The page `name` of the site with its links, written for the repository, turned to the site's pages."""
    sources = {page: source for source, page in PAGES.items()}
    source = sources.get(name, f"docs/{name}")

    def turned(match: re.Match[str]) -> str:
        picture, words, target, anchor = match.groups()
        if "://" in target or target.startswith("mailto:"):
            return match.group()
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if path in PAGES:
            place = PAGES[path]
        elif path.startswith("docs/"):
            place = path.removeprefix("docs/")
        elif (ROOT / path).exists():
            return str(words)  # a file of the repository that the site does not have
        else:
            return match.group()  # broken: MkDocs says so
        link = posixpath.relpath(place, posixpath.dirname(name) or ".")
        return f"{picture}[{words}]({link}{anchor or ''})"

    return _LINK.sub(turned, markdown)
