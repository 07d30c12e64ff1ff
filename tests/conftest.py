"""Fixtures that every test may use; what makes the clips is in tests/clips.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.clips import make_clip, moving_portrait

# Without a screen Qt aborts the whole process; a test run on one needs none either.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def face_clip(tmp_path_factory) -> Path:
    """A short H.264 clip (48 frames, 320 x 240, 24 frames/s) of the portrait with mild motion."""
    path = tmp_path_factory.mktemp("face") / "face.mp4"
    return make_clip(path, frames=48, size=(320, 240), fps=24, bframes=2, gop=24, picture=moving_portrait())


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared clips beside the checkout; tests that use it are skipped where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("shared data is not here")
    return folder
