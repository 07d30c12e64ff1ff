"""The page over a scan: every input, its numbers never without the error rate, and nothing in it that runs."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from inspector import __version__
from inspector.engine.process.scanned import LeftOut, ScannedClip, ScanSummary
from inspector.engine.process.summary_page import summary_page

HOSTILE = (
    "<script>alert(1)</script>.mp4",
    '"><img src=x onerror=alert(1)>.mp4',
    "javascript:alert(1).mp4",
    "a&lt;b\u202egnp.mp4",
    "line\nbreak\x1b[31m.mp4",
    "{title} %s {0}.mp4",
    "bytes \\xff.mp4",
)


class Page(HTMLParser):
    """The tags, the attributes and the cells of a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.rows: list[list[str]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "br":
            self.rows[-1][-1] += " | "

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def analysed(path: str, folder: str = "a-1", conclusion: str = "manipulation indicated") -> ScannedClip:
    return ScannedClip(path, folder, "analysed", "", "ab" * 32, conclusion, 0.913, 0.031, 128, 240, 200, (0.01, 0.07),
                       0.4, (0.3, 0.5), 200)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text(tmp_path: Path, name: str):
    (tmp_path / "javascript:x").mkdir()
    (tmp_path / "javascript:x" / "report.pdf").touch()
    clips = (analysed(name, "javascript:x"), ScannedClip(name, "", "failed", f"{name} is empty."))
    summary = ScanSummary(clips, (LeftOut(name, "no clip"),))
    found = Page(summary_page(summary, tmp_path, "2026-11-26T10:00:00+00:00", name))
    assert found.tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "p",
        "table",
        "tr",
        "th",
        "td",
        "br",
        "a",
    }
    assert found.attributes <= {"lang", "charset", "http-equiv", "content", "href"}
    assert [unquote(link) for link in found.links] == ["./javascript:x/report.pdf"]
    assert not any(c in row[0] for row in found.rows for c in "\n\x1b\u202e")
    assert found.rows[1][0] == f"{found.rows[2][0]} | SHA-256 {'ab' * 32}"


def test_each_number_stands_beside_its_error_rate_and_each_report_that_exists_has_a_link(tmp_path: Path):
    for folder, name in (("a-1", "report.pdf"), ("b 2#", "report.json")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).touch()
    clips = (
        analysed("in/a.mp4"),
        analysed("in/b.mp4", "b 2#", "no manipulation indicated"),
        ScannedClip("in/c.mp4", "c-3", "analysed", conclusion="no face to score", frames_analysed=1),
        ScannedClip("in/d.mp4", "", "failed", "d.mp4 is empty."),
    )
    page = summary_page(ScanSummary(clips), tmp_path, "2026-11-26T10:00:00+00:00", "default 4.4")
    found = Page(page)
    first, second, third, failed = (row[:6] for row in found.rows[1:])
    rate = (
        "3.1\u00a0% of unmanipulated faces called manipulated (95\u00a0% interval 1.0\u00a0% to 7.0\u00a0%, n = 128); "
        "40.0\u00a0% of manipulated faces missed or left undecided (95\u00a0% interval 30.0\u00a0% to 50.0\u00a0%, "
        "n = 200)"
    )
    assert first[0] == f"in/a.mp4 | SHA-256 {'ab' * 32}"
    assert first[1:] == ["manipulation indicated", "0.91", "200 faces in 240 frames", rate, "report.pdf"]
    assert second[5] == "report.json"
    assert third[2:] == ["none", "0 faces in 1 frame", "", ""]
    assert failed == ["in/d.mp4", "not analysed", "", "", "", ""]
    assert found.rows[4][6].startswith("d.mp4 is empty.")
    assert found.links == ["./a-1/report.pdf", "./b%202%23/report.json"]
    assert "1 failed" in page.decode()
    assert f"by Deepfake Inspector {__version__}, model default 4.4." in page.decode()
    assert "No conclusion means that a file is authentic." in page.decode()
