"""Takes the screenshots for the documentation from a clip, without a display.

Each view is saved at each size in each theme into --out; the pictures that the documentation uses are copied to --docs.
The window uses temporary folders, so that the user's cases and settings are neither shown nor changed. An error is
printed and ends the script, at the latest after --limit seconds.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from inspector.domain.case import CaseInfo
from inspector.engine.analysis.cam_text import is_unexplained
from inspector.engine.resources import resource
from inspector.ui import app
from inspector.ui.session import Session
from inspector.ui.state import Notice
from inspector.ui.window.files import DEMO_CLIP
from inspector.ui.window.main_window import MainWindow

SIZES = {"1366": QSize(1366, 768), "2560": QSize(2560, 1440)}
THEMES = {"dark": "dark", "light": "light", "contrast": "high contrast"}
# Pages of the report that the guide shows, each by a text that stands on no page before it but the contents.
PAGES = ("Evidence report", "Contents", "Frames of the deep look", "Figure 1.", "Robustness of the key frames",
         "The deep network, which decides", "Container and stream", "File structure", "Software and device",
         "Glossary")  # fmt: skip
IN_DOCS = ("empty-light-1366", "analysing-dark-1366", "finding-dark-1366", "compare-dark-1366", "timeline-light-1366",
           "report", *(f"report-page-{number}" for number in range(1, len(PAGES) + 1)))  # fmt: skip
_LARGEST_BYTES = 400_000
_WIDEST = 1920
_FIRST_PAGE_WIDTH, _PAGE_WIDTH = 1000, 700
_PAGE_COLOURS = 64
_STEP_SECONDS = 240.0  # the longest time to wait for one event


class ScreenshotError(Exception):
    """The window reported a problem, or did not reach a state in time."""


class Camera:
    """The window, the themes and sizes of the screenshots, and their folder."""

    def __init__(self, window: MainWindow, folder: Path, looks: list[tuple[str, str]]) -> None:
        self.window, self._folder, self._looks = window, folder, looks
        self._problem = ""
        window.session.notice_posted.connect(self._on_notice)

    def _on_notice(self, notice: Notice) -> None:
        if notice.is_problem:
            self._problem = notice.text

    def wait(self, until: Callable[[], object], what: str) -> None:
        """Run the window until a condition is true. Raises ScreenshotError."""
        end = time.monotonic() + _STEP_SECONDS
        while not until():
            if self._problem:
                raise ScreenshotError(f"while waiting for {what}, the window reported: {self._problem}")
            if time.monotonic() > end:
                raise ScreenshotError(f"{what} did not appear within {_STEP_SECONDS:.0f} s")
            self._work()
        self.settle()

    def _work(self) -> None:
        QApplication.processEvents()
        time.sleep(0.01)

    def settle(self, seconds: float = 0.5) -> None:
        """Wait for animations, timers and late pictures."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._work()

    def take(self, name: str) -> None:
        """Save the window in each size and theme."""
        for theme, size in self._looks:
            self.window.session.set_theme(THEMES[theme])
            self.window.resize(SIZES[size])
            self.wait(self._is_timeline_drawn, "the rows of the timeline")
            self.settle(1.0)  # the filmstrip is decoded again for each size
            path = self.path(f"{name}-{theme}-{size}")
            self.window.grab().save(str(path))
            self.make_small(path)

    def _is_timeline_drawn(self) -> bool:
        """Whether the rows, which are built again for each theme in several turns of the event loop, are complete."""
        timeline = self.window.timeline
        return timeline is None or timeline.stack.is_drawn

    def path(self, name: str) -> Path:
        """The file of a screenshot."""
        return self._folder / f"{name}.png"

    @staticmethod
    def make_small(path: Path) -> None:
        """Reduce a picture's size and, if it is still large, its number of colours."""
        with Image.open(path) as opened:
            small = opened.convert("RGB")
        small.thumbnail((_WIDEST, _WIDEST), Image.Resampling.LANCZOS)
        small.save(path, optimize=True)
        if path.stat().st_size > _LARGEST_BYTES:
            # Pillow dithers only with a given palette.
            small.quantize(palette=small.quantize(256), dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
        print(path, path.stat().st_size, flush=True)


def take_all(camera: Camera, clip: Path, scratch: Path) -> None:
    """Use the window as a user would, and take a screenshot of each view."""
    window, session = camera.window, camera.window.session
    camera.settle()
    camera.take("empty")
    window.controller.open_path(clip)
    camera.wait(lambda: session.shown is not None, "the first frame")
    window.book["analyse"].trigger()
    # On a busy machine a large window may receive all batches at once, after the analysis has ended.
    camera.wait(lambda: session.analysis or (session.job and session.job.frames_done > 60), "the first scores")
    camera.take("analysing")
    camera.wait(lambda: session.analysis is not None and session.model is not None, "the analysis")
    _go_to_finding(camera)
    session.change_overlays(landmarks="contours")
    camera.take("finding")
    _compare(camera)
    _zoom_in(camera)
    _report(camera, scratch / "report")
    _list_exhibits(camera, scratch)


def _go_to_finding(camera: Camera) -> None:
    """Show the first frame of the segment whose heat map passes its deletion check, with its faces; else the last."""
    window, session = camera.window, camera.window.session
    assert session.analysis is not None
    segment = session.analysis.segments[0]
    track = next(each for each in session.analysis.summaries if each.track_id == segment.track_id)
    assert track.deep is not None
    session.change_overlays(heat_map=True)
    for pts in track.deep.pts:
        if not segment.start_pts <= pts < segment.end_pts:
            continue
        window.controller.seek_pts(pts)
        camera.wait(partial(_is_shown, session, pts), "a frame of the segment")
        camera.wait(partial(session.cam_at, segment.track_id, pts), "its heat map")
        cam = session.cam_at(segment.track_id, pts)
        if cam is not None and not is_unexplained(cam):
            break


def _is_shown(session: Session, pts: int) -> bool:
    return bool(session.shown and session.shown.pts == pts and session.shown.faces)


def _compare(camera: Camera) -> None:
    """Compare a frame of the segment with the lowest-scoring one of the same track."""
    window, session = camera.window, camera.window.session
    session.change_overlays(landmarks="off")
    series = session.board.tracks[session.selected_track or 1]
    window.book["compare"].trigger()
    camera.settle()
    lowest = int(series.pts[int(np.nanargmin(series.probability))])
    window.controller.seek_pts(lowest)
    camera.wait(lambda: session.cam_at(series.track_id, lowest), "the lowest frame's heat map")
    camera.settle(1.0)
    camera.take("compare")
    window.book["compare"].trigger()


def _zoom_in(camera: Camera) -> None:
    """Zoom the timeline in, and show the landmarks' mesh and the close-up panel."""
    window, session = camera.window, camera.window.session
    session.change_overlays(landmarks="mesh", heat_map=False)
    window.side.setCurrentWidget(window.close_up)
    if session.analysis is not None and session.analysis.segments:
        rise = session.analysis.segments[0].start_pts
        window.controller.seek_pts(rise)
        camera.wait(lambda: session.shown and session.shown.pts == rise, "the frame where the curve rises")
    for _ in range(2):
        window.book["timeline_in"].trigger()
    camera.settle(1.5)
    camera.take("timeline")
    window.book["timeline_all"].trigger()


def _list_exhibits(camera: Camera, scratch: Path) -> None:
    """Create a case with the clip and a still of it."""
    window, session = camera.window, camera.window.session
    shown = session.shown
    if shown is None or shown.frame is None:
        raise ScreenshotError("there is no frame to take a still of")
    still = scratch / "still.png"
    Image.fromarray(shown.frame.image).save(still)
    desk = window.controller.exhibits
    desk.new_case(scratch / "2026-014")
    camera.wait(lambda: session.case_path and (scratch / "2026-014") in session.case_path.parents, "the new case")
    desk.add([still])
    camera.wait(lambda: len(desk.rows) > 1, "the still in the list")
    camera.wait(lambda: session.analysis and session.selected_track, "the case's analysis")
    _go_to_finding(camera)
    session.change_overlays(landmarks="off")
    window.side.setCurrentWidget(window.cases.panel)
    camera.settle(1.0)
    camera.take("case")


def _report(camera: Camera, folder: Path) -> None:
    """Write the report, and render its first page and those that the guide shows."""
    controller, shown = camera.window.controller, camera.window.session.shown
    controller.set_case_info(CaseInfo("2026-014", "A. Examiner", "Newsroom", "1"))
    controller.annotator.add_note("A. Examiner", "The edge of the jaw flickers here.", shown.pts if shown else None)
    camera.settle()
    controller.analyses.write_report(folder)
    camera.wait(lambda: not controller.analyses.is_reporting, "the report")
    camera.window.message_bar.hide()
    document = QPdfDocument()
    problem = document.load(str(folder / "report.pdf"))
    if problem != QPdfDocument.Error.None_:
        raise ScreenshotError(f"the report cannot be rendered: {problem.name}")
    _render(document, 0, _FIRST_PAGE_WIDTH, camera.path("report"))
    camera.make_small(camera.path("report"))
    for number, page in enumerate(_pages(document), 1):
        path = camera.path(f"report-page-{number}")
        _render(document, page, _PAGE_WIDTH, path)
        with Image.open(path) as opened:
            few = opened.convert("RGB").quantize(_PAGE_COLOURS)
        few.save(path, optimize=True)


def _pages(document: QPdfDocument) -> Iterator[int]:
    """The number of each of `PAGES`; the page of contents names most of them."""
    texts = [document.getAllText(page).text() for page in range(document.pageCount())]
    contents = next(page for page, text in enumerate(texts) if PAGES[1] in text)
    page = 0
    for wanted in PAGES:
        able = [at for at in range(page, len(texts)) if wanted in texts[at] and (at != contents or wanted == PAGES[1])]
        if not able:
            raise ScreenshotError(f"no page of the report says “{wanted}”")
        page = able[0]
        yield page


def _render(document: QPdfDocument, page: int, width: int, path: Path) -> None:
    points = document.pagePointSize(page)
    picture = document.render(page, QSize(width, round(width * points.height() / points.width())))
    # A page has no background of its own.
    paper = QImage(picture.size(), QImage.Format.Format_RGB32)
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.drawImage(0, 0, picture)
    painter.end()
    paper.save(str(path))


@contextmanager
def own_folders() -> Iterator[Path]:
    """A temporary folder, which also receives settings and case files."""
    with tempfile.TemporaryDirectory(prefix="screenshots-") as name:
        for kind in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            os.environ[kind] = str(Path(name) / kind)
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, name)
        yield Path(name)


def parse_arguments() -> argparse.Namespace:
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path, nargs="?", default=resource(DEMO_CLIP))
    parser.add_argument("--out", type=Path, default=Path("out/screenshots"))
    parser.add_argument(
        "--docs", type=Path, help="also copy the pictures of the documentation there, for example docs/images"
    )
    parser.add_argument("--sizes", nargs="+", choices=sorted(SIZES), default=sorted(SIZES))
    parser.add_argument("--themes", nargs="+", choices=sorted(THEMES), default=["dark", "light"])
    parser.add_argument("--model", help="name or folder of a model bundle, if not the default one")
    parser.add_argument("--limit", type=float, default=600.0, help="seconds after which the script ends in any case")
    return parser.parse_args()


def main() -> int:
    """Take the screenshots for all requested sizes and themes."""
    arguments = parse_arguments()
    # A window with a problem may be unable to close: this prints the stack of each thread and ends the process.
    faulthandler.dump_traceback_later(arguments.limit, exit=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("INSPECTOR_LANGUAGE", "en")
    arguments.out.mkdir(parents=True, exist_ok=True)
    app.make_application()
    with own_folders() as scratch:
        window = app.make_window()
        if arguments.model:
            window.session.set_settings(replace(window.session.settings, model=arguments.model))
        looks = [(theme, size) for size in arguments.sizes for theme in arguments.themes]
        window.resize(SIZES[arguments.sizes[0]])
        window.show()
        try:
            take_all(Camera(window, arguments.out, looks), arguments.clip.resolve(), scratch)
        except ScreenshotError as error:
            print(f"screenshots: {error}", file=sys.stderr)
            return 1
        finally:
            window.close()
    if arguments.docs:
        for name in IN_DOCS:
            shutil.copy(arguments.out / f"{name}.png", arguments.docs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
