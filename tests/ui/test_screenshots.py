"""The screenshot script: every picture is taken, a problem ends it with one sentence, and waiting has a limit."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.ui.state import Notice

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "screenshots.py"


@pytest.fixture(scope="module")
def screenshots():
    spec = importlib.util.spec_from_file_location("screenshots", SCRIPT)
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def camera(screenshots, opened, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    return screenshots.Camera(opened, folder, [("dark", "1366"), ("light", "2560")])


def test_every_screenshot_is_taken_and_small_enough(camera):
    camera.take("stop")
    dark, light = (Image.open(camera.path(f"stop-{look}")) for look in ("dark-1366", "light-2560"))
    with dark, light:
        assert dark.size == (1366, 768)
        assert light.size == (1920, 1080)
        corners = [np.asarray(image.convert("RGB"))[3, 3] for image in (dark, light)]
        assert corners[0].max() < 64 < 192 < corners[1].min()


def test_a_problem_of_the_window_ends_the_waiting(camera, screenshots, opened):
    opened.session.post(Notice("The moon fell.", is_problem=True))
    with pytest.raises(
        screenshots.ScreenshotError, match="while waiting for the sun, the window reported: The moon fell"
    ):
        camera.wait(lambda: False, "the sun")


def test_waiting_has_a_time_limit(camera, screenshots, monkeypatch):
    monkeypatch.setattr(screenshots, "_STEP_SECONDS", 0.1)
    with pytest.raises(screenshots.ScreenshotError, match="the sun did not appear"):
        camera.wait(lambda: False, "the sun")


def test_the_pictures_of_the_docs_are_taken(screenshots):
    looks = {f"{theme}-{size}" for theme in ("dark", "light") for size in screenshots.SIZES}
    for name in screenshots.IN_DOCS:
        assert name.startswith("report") or name.split("-", 1)[1] in looks
