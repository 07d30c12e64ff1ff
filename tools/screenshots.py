"""Makes the README's pictures of the window, from a clip and the program itself: `python tools/screenshots.py CLIP`.

Needs a display; without one: `xvfb-run -a -s "-screen 0 2560x1440x24" python tools/screenshots.py CLIP`. The window
uses folders of its own, so that the user's cases and settings are neither shown nor touched.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QSettings, QSize, QStandardPaths
from PySide6.QtWidgets import QApplication, QWidget

from inspector.ui import app, preferences
from inspector.ui.clerk import cases_folder
from inspector.ui.main_window import MainWindow
from inspector.ui.preferences import Preferences

SIZES = {"1366x768": QSize(1366, 768), "2560x1440": QSize(2560, 1440)}
_LARGEST_BYTES = 400_000
_WIDEST = 1920


class Photographer:
    """One window at one size in one theme, and the folder its pictures go to."""

    def __init__(self, application: QApplication, window: MainWindow, folder: Path, suffix: str) -> None:
        self._application, self.window, self._folder, self._suffix = application, window, folder, suffix

    def wait(self, until: Callable[[], bool], seconds: float = 600.0) -> None:
        """Let the window work until something is so. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                raise TimeoutError("the window did not get there in time")
            self._application.processEvents()
            time.sleep(0.01)
        self.settle()

    def settle(self, seconds: float = 0.6) -> None:
        """Let animations, timers and late pictures come to rest."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._application.processEvents()
            time.sleep(0.01)

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Save what the window looks like, in few enough colours to be small."""
        path = self._folder / f"{name}-{self._suffix}.png"
        (widget or self.window).grab().save(str(path))
        with Image.open(path) as picture:
            small = picture.convert("RGB")
        small.thumbnail((_WIDEST, _WIDEST), Image.Resampling.LANCZOS)
        small.save(path, optimize=True)
        if path.stat().st_size > _LARGEST_BYTES:
            # Pillow dithers only towards a palette that it is given.
            small.quantize(palette=small.quantize(256), dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
        print(path, path.stat().st_size)


def photograph(camera: Photographer, clip: Path) -> None:
    """Walk through the window as a user would, and take a picture at each stop."""
    window, session = camera.window, camera.window.session
    camera.settle()
    camera.take("empty")
    window.controller.open_path(clip)
    camera.wait(lambda: session.shown is not None)
    if cases_folder().is_dir() and any(cases_folder().iterdir()):
        camera.wait(lambda: session.analysis is not None)
    else:
        window.book["analyse"].trigger()
        camera.wait(lambda: session.job is None or session.job.frames_done > 60)
        camera.take("analysing")
        camera.wait(lambda: session.analysis is not None)
    camera.wait(lambda: bool(session.faces) or session.shown is not None)
    analysis = session.analysis
    if analysis is None or not analysis.summaries:
        return
    best = max(analysis.summaries, key=lambda summary: summary.fake_probability or 0.0)
    session.change_overlays(landmarks="contours")
    window.controller.show_peak(best.track_id, best.peak_pts or best.start_pts)
    if best.peak_pts is not None:
        pts = best.peak_pts
        camera.wait(lambda: session.cam_at(best.track_id, pts) is not None)
    camera.take("finding")
    session.change_overlays(landmarks="mesh", heat_map=False)
    window.side.setCurrentIndex(2)
    window.book["timeline_in"].trigger()
    camera.settle()
    camera.take("timeline")


def main() -> int:
    """Photograph every size and theme asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--sizes", nargs="+", choices=sorted(SIZES), default=sorted(SIZES))
    parser.add_argument("--themes", nargs="+", choices=("dark", "light"), default=["dark", "light"])
    parser.add_argument("--model", help="name or folder of a model bundle, when not the default")
    parser.add_argument("--reuse", action="store_true", help="show the analysis that an earlier run of this left")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    application = app.make_application()
    with tempfile.TemporaryDirectory() as folder:
        QStandardPaths.setTestModeEnabled(True)
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        for case in () if asked.reuse else cases_folder().glob("*"):
            case.unlink()
        for theme in asked.themes:
            for size in asked.sizes:
                store = QSettings()
                store.clear()
                preferences.save(store, Preferences(theme=theme))
                window = app.make_window()
                if asked.model:
                    window.session.set_settings(replace(window.session.settings, model=asked.model))
                window.resize(SIZES[size])
                window.show()
                photograph(
                    Photographer(application, window, asked.out, f"{theme}-{SIZES[size].width()}"), asked.clip.resolve()
                )
                window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
