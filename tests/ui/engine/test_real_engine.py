"""The window with the real engine process; only the weights of the network are made up."""

import json
import os
import signal
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from inspector.domain.settings import Settings
from inspector.engine.filters.table import default_step
from inspector.ui.widgets import file_dialogs as dialogs
from tests.fakes import make_bundle
from tests.ui.conftest import wait_shown


@pytest.fixture
def window(make_window, face_clip, qtbot, tmp_path):
    window = make_window(engine=None)
    window.sheets.use_settings(replace(Settings(), model=str(make_bundle(tmp_path / "bundle")), device="cpu"))
    window.controller.open_path(face_clip)
    wait_shown(qtbot, window, 0)
    return window


def picture_in(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_analyse_explain_and_report(window, qtbot, tmp_path, monkeypatch):
    window.book["analyse"].trigger()
    qtbot.waitUntil(lambda: window.session.analysis is not None, timeout=120_000)
    assert len(window.session.board.tracks[1]) == 48
    qtbot.waitUntil(lambda: bool(window.session.faces))
    assert window.session.faces[0][1].landmarks is not None
    window.controller.show_frame(1, window.session.shown.pts)
    pts = window.session.shown.pts
    qtbot.waitUntil(lambda: window.session.cam_at(1, pts) is not None)
    chain = (default_step("difference"),)
    window.session.set_filters(chain)
    window.controller.seek_index(31)
    qtbot.waitUntil(lambda: window.session.shown.chain == chain and window.session.shown.index == 31)
    monkeypatch.setattr(dialogs, "ask_for_picture", lambda *_: tmp_path / "seen.png")
    window.book["snapshot"].trigger()
    qtbot.waitUntil(lambda: bool(window.session.saved_pictures))
    window.controller.analyses.write_report(tmp_path / "report")
    qtbot.waitUntil(lambda: (tmp_path / "report" / "report.pdf").is_file(), timeout=120_000)
    qtbot.waitUntil(lambda: "The report is in" in window.message_bar.text)
    (picture,) = json.loads((tmp_path / "report" / "report.json").read_text())["saved_figures"]
    assert (picture["index"], picture["filters"][0]["filter"]) == (31, "difference")
    decoded, filtered = (picture_in(tmp_path / "report" / name) for name in picture["files"])
    assert np.array_equal(decoded, window.session.shown.frame.image)
    assert np.array_equal(filtered, picture_in(tmp_path / "seen.png")), "the report shows what was on the screen"


def test_an_analysis_killed_midway_is_resumed_where_it_stopped(window, qtbot):
    window.book["analyse"].trigger()
    qtbot.waitUntil(lambda: window.session.job is not None and window.session.job.frames_done > 0, timeout=120_000)
    os.kill(window.controller.engine.process_id, signal.SIGKILL)
    qtbot.waitUntil(window.message_bar.isVisible)
    kept = len(window.session.board.tracks[1])
    assert kept > 0
    window.controller.analyses.analyse()
    qtbot.waitUntil(lambda: window.session.analysis is not None, timeout=120_000)
    qtbot.waitUntil(lambda: len(window.session.board.tracks[1]) == 48)
