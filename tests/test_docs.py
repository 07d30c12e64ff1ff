"""The documentation speaks of this program: its links, paths, names and keys are those of the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tools import keys_page, site_hooks

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "models").rglob("*.md")]
)
# The log of former runs speaks of the program as it was then.
CURRENT = [page for page in PAGES if page not in ("docs/training-log.md", "CHANGELOG.md")]
_ROOMS = "inspector|training|tests|tools|docs|models|resources"


def text_of(page: str) -> str:
    """A page without its blocks of code."""
    return re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)


def spans_of(page: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text_of(page)))


@cache
def anchors_of(path: Path) -> set[str]:
    """The anchors of a page's headings, as MkDocs and GitHub make them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


@cache
def words_of_the_sources() -> frozenset[str]:
    files = [file for top in ("inspector", "training", "tests", "tools") for file in (ROOT / top).rglob("*.py")]
    files += [*ROOT.glob("training/recipes/*.toml"), ROOT / "pyproject.toml", ROOT / "docs/report-schema.json"]
    files += [ROOT / "models/default/card.json"]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return frozenset(re.findall(r"\w+", text))


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        path = (ROOT / page).parent / name if name else ROOT / page
        assert path.exists(), f"{page}: {target}"
        if anchor:
            assert anchor in anchors_of(path), f"{page}: {target}"


@pytest.mark.parametrize("page", CURRENT)
def test_paths_that_are_named_exist(page: str) -> None:
    for span in spans_of(page):
        if re.fullmatch(rf"(?:{_ROOMS})/[\w./*-]*", span):
            assert any(ROOT.glob(span.rstrip("/"))), f"{page}: {span}"


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith(("docs/develop/", "CONTRIBUTING"))])
def test_names_that_are_named_stand_in_the_sources(page: str) -> None:
    for span in spans_of(page):
        name = span.removesuffix("()")
        is_a_name = re.fullmatch(r"[A-Za-z_][\w.]*", name) and re.search(r"[A-Z_.]", name)
        if is_a_name and not name.endswith("_") and not (ROOT / name).exists():
            missing = set(re.findall(r"\w+", name)) - words_of_the_sources()
            assert not missing or name.endswith((".md", ".csv")), f"{page}: {span}"


def test_the_keys_page_is_that_of_the_table_of_actions() -> None:
    assert keys_page.PAGE.read_text(encoding="utf-8") == keys_page.page(), "run python tools/keys_page.py"


def test_the_messages_that_the_guide_explains_are_those_of_the_program() -> None:
    guide = (ROOT / "docs/guide/results.md").read_text(encoding="utf-8").partition("## Other findings")[2]
    messages = re.findall(r"^(?:\| |- )\*([^*]+)\*", guide, flags=re.MULTILINE)
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "inspector").rglob("*.py"))
    assert len(messages) >= 6
    assert [message for message in messages if message.split("…")[0].strip() not in source] == []


def test_the_guide_to_the_report_speaks_of_every_section() -> None:
    source = (ROOT / "inspector/engine/report/pdf/document.py").read_text(encoding="utf-8")
    titles = re.findall(r'^        \("([^"]+)", ', source, flags=re.MULTILINE)
    guide = " ".join((ROOT / "docs/guide/report.md").read_text(encoding="utf-8").lower().split())
    assert len(titles) > 10
    assert [title for title in titles if title.lower() not in guide] == []


def test_the_index_of_decisions_lists_every_record() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[^)]+)\)", (folder / "index.md").read_text(encoding="utf-8"))
    assert listed == sorted(record.name for record in folder.glob("[0-9]*.md"))


def test_links_lead_to_the_pages_that_the_site_has() -> None:
    turn = site_hooks.with_site_links
    assert turn("[a](docs/method.md#heat-maps)", "index.md") == "[a](method.md#heat-maps)"
    assert turn("[a](../../README.md#speed)", "guide/first-clip.md") == "[a](../index.md#speed)"
    assert turn("![a](../images/report.png)", "guide/report.md") == "![a](../images/report.png)"
    assert turn("[code](LICENSE) [b](https://x.org/y)", "index.md") == "code [b](https://x.org/y)"
    assert turn("[a](docs/no.md)", "index.md") == "[a](no.md)", "MkDocs names what is missing"


def test_the_site_is_built_without_a_warning_and_loads_nothing_from_a_network(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="make docs installs it")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > len(PAGES) / 2
    for page in pages:
        # A link to another site waits for a click; a script, style, font or picture does not.
        loaded = re.findall(
            r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"?(https?:[^\" >]*)", page.read_text("utf-8")
        )
        assert not loaded, page
