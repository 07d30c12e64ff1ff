"""A heat map that could not be computed is said where it would be, and computed when it is asked for again."""

import numpy as np
import pytest
from msgspec import structs

from inspector.domain.geometry import Box
from inspector.domain.scores import CamMap
from inspector.engine.process.protocol import Cancel, Explain, Explained, Failed
from inspector.ui.picture.cam_state import TEXTS, CamState
from inspector.ui.picture.scene import scene_of
from inspector.ui.state import Comparison, Pick
from tests.ui.fake_engine import STRONG, WEAK


@pytest.fixture
def asked(analysed, monkeypatch, qtbot):
    """The requests for heat maps that the window sends, without an engine that answers; the first one is there."""
    requests = []
    monkeypatch.setattr(analysed.controller.engine, "send", lambda request, _access=None: requests.append(request))
    analysed.session.change_overlays(heat_map=True)
    qtbot.waitUntil(lambda: len(requests) == 1)
    return requests


def no_cam(window):
    return scene_of(window.session).no_cam_text


def fail(window, request):
    window.controller.engine.answered.emit(Failed(request.job, "The frame could not be read."))


def test_a_failed_heat_map_is_no_longer_awaited_and_offered_again(analysed, asked, qtbot):
    assert no_cam(analysed) == TEXTS[CamState.WANTED]
    fail(analysed, asked[0])
    assert no_cam(analysed) == TEXTS[CamState.FAILED]
    assert analysed.message_bar.isVisible()
    assert "The frame could not be read." in analysed.message_bar.text
    qtbot.wait(200)
    assert len(asked) == 1, "it is not asked for again by itself"
    analysed.message_bar._button.click()
    assert no_cam(analysed) == TEXTS[CamState.WANTED]
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert structs.replace(asked[1], job=0) == structs.replace(asked[0], job=0)


def test_switching_heat_maps_on_again_asks_again(analysed, asked, qtbot):
    fail(analysed, asked[0])
    analysed.book["heat_map"].trigger()
    analysed.book["heat_map"].trigger()
    qtbot.waitUntil(lambda: len(asked) == 2)


def test_a_crash_ends_the_waiting_and_offers_to_try_again(analysed, asked):
    analysed.controller.engine.crashed.emit("The analysis process ended.")
    assert no_cam(analysed) == TEXTS[CamState.FAILED]
    assert analysed.message_bar._button.text() == "Try again"


def test_after_a_failure_the_other_side_of_a_comparison_gets_its_map(analysed, asked, qtbot):
    analysed.session.set_comparison(Comparison(Pick(0, STRONG), Pick(9, WEAK)))
    fail(analysed, asked[0])
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert isinstance(asked[1], Explain)
    assert asked[1].track_id == WEAK
    fail(analysed, asked[1])
    assert len(asked) == 2


def test_a_heat_map_that_nobody_sees_any_more_is_stopped_without_a_complaint(analysed, asked, qtbot):
    """The clip may be copied for it, which takes minutes for a large one."""
    analysed.session.change_overlays(heat_map=False)
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert asked[1] == Cancel(asked[0].job)
    analysed.session.change_overlays(heat_map=True)
    qtbot.wait(200)
    assert len(asked) == 2, "the answer is awaited"
    stopped = Failed(asked[0].job, "It was stopped before it began.", is_cancelled=True)
    analysed.controller.engine.answered.emit(stopped)
    assert len(asked) == 3
    assert structs.replace(asked[2], job=0) == structs.replace(asked[0], job=0), "by now it is seen again"
    assert not analysed.message_bar.isVisible()
    assert no_cam(analysed) == TEXTS[CamState.WANTED]


def test_an_answer_about_another_frame_ends_the_waiting(analysed, asked):
    values = np.ones((7, 7), np.float32)
    cam = CamMap(STRONG, asked[0].pts + 1, Box(0, 0, 9, 9), values, 1.0, "layer", "GradCAM")
    analysed.controller.engine.answered.emit(Explained(asked[0].job, cam))
    assert no_cam(analysed) == TEXTS[CamState.FAILED]
