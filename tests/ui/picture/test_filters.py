"""Filters in the window: they run off the UI thread, match the shown pts, are named, and never change scores."""

import numpy as np
import pytest
from PySide6.QtCore import Qt, QThread

from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.filters import filters
from inspector.engine.filters.table import FILTERS, VIEWS, FilterStep, default_step, describe_chain, with_step
from inspector.ui.picture.filter_view import FilterJob, FilterView
from inspector.ui.picture.picture_worker import Answer, PictureWorker
from inspector.ui.session import Session
from inspector.ui.widgets.language import tr_marked
from inspector.ui.widgets.qimage import to_qimage
from tests.ui.fake_engine import STRONG
from tests.ui.pictures import pixels
from tests.ui.pseudo import PseudoLanguage, untranslated


def wait_chain(qtbot, window, chain):
    qtbot.waitUntil(lambda: window.session.shown.chain == chain)


@pytest.fixture(scope="module")
def decoded(face_clip):
    with Decoder(open_clip(face_clip)) as decoder:
        return [frame.image for frame in decoder.frames()]


@pytest.mark.parametrize("filter_id", list(FILTERS))
def test_the_shown_picture_is_the_filtered_picture_of_this_frame(opened, qtbot, decoded, filter_id):
    opened.controller.step(7)
    chain = (default_step(filter_id),)
    opened.session.set_filters(chain)
    qtbot.waitUntil(lambda: opened.session.shown.index == 7 and opened.session.shown.chain == chain)
    shown = opened.session.shown
    assert np.array_equal(pixels(shown.image), filters.apply(chain, decoded[7], decoded[6]))
    assert np.array_equal(shown.frame.image, decoded[7])


def test_each_step_shows_its_filtered_frame_and_switching_off_shows_the_decoded_one(opened, qtbot, decoded):
    chain = with_step((), default_step("difference"))
    opened.session.set_filters(chain)
    wait_chain(qtbot, opened, chain)
    seen = []
    opened.session.shown_changed.connect(seen.append)
    for _ in range(3):
        opened.book["frame_on"].trigger()
    qtbot.waitUntil(lambda: opened.session.shown.index == 3)
    assert all(shown.chain == chain for shown in seen)
    opened.book["no_filters"].trigger()
    assert opened.session.shown.chain == ()
    assert np.array_equal(pixels(opened.session.shown.image), decoded[3])


def test_a_filter_that_needs_the_previous_frame_explains_itself_on_the_first_one(opened, qtbot):
    opened.session.set_filters((default_step("flow"),))
    qtbot.waitUntil(lambda: opened.session.shown.image is None)
    assert "no previous frame" in opened.session.shown.problem


def test_while_playing_each_frame_is_shown_filtered(opened, qtbot, decoded):
    chain = (default_step("error_level"),)
    opened.session.set_filters(chain)
    wait_chain(qtbot, opened, chain)
    seen = []
    opened.session.shown_changed.connect(seen.append)
    opened.book["play"].trigger()
    qtbot.waitUntil(lambda: opened.session.shown.index == 47)
    indices = [shown.index for shown in seen]
    assert indices == sorted(indices)
    for shown in seen[:: max(len(seen) // 4, 1)]:
        assert np.array_equal(pixels(shown.image), filters.apply(chain, decoded[shown.index]))


def test_filters_run_on_another_thread_and_the_newest_request_wins(qtbot, face_clip, monkeypatch):
    threads, made = [], []

    class Slow:
        kind = doing = "slow"

        def __init__(self, number):
            self.number = number

        def make(self, context):
            threads.append(QThread.currentThread())
            QThread.msleep(60)
            return self.number

    worker = PictureWorker()
    worker.answered.connect(lambda answer: made.append(answer.result))
    for number in range(20):
        worker.ask(Slow(number))
        qtbot.wait(5)
    qtbot.waitUntil(lambda: bool(made) and made[-1] == 19)
    worker.stop()
    assert len(made) < 10
    assert made == sorted(made)
    assert all(thread is not QThread.currentThread() for thread in threads)
    worker.ask(Slow(99))
    assert not worker.isRunning()


def test_the_result_of_a_replaced_chain_is_not_shown(qapp, qtbot):
    session = Session()
    worker = PictureWorker()
    filter_view = FilterView(session, worker, session)
    session.set_filters((default_step("gamma"),))
    job = FilterJob(_shown(), _shown().frame, (default_step("levels"),))
    filter_view._unfiltered = job.shown
    worker.answered.emit(Answer(job, job.make(None)))  # type: ignore[arg-type]
    assert session.shown is None


def _shown():
    from inspector.domain.clip import Frame
    from inspector.ui.state import Shown

    frame = Frame(0, 0, np.zeros((8, 8, 3), np.uint8), True)
    return Shown(None, 0, 0, frame, to_qimage(frame.image))  # type: ignore[arg-type]


def test_the_bar_shows_and_changes_every_parameter(opened, qtbot):
    bar = opened.pictures.filter_bar
    opened.book["filters"].trigger()
    assert bar.isVisible()
    bar._checks["gamma"].setChecked(True)
    slider = bar._groups["gamma"].sliders[0]
    slider._slider.setValue(slider._slider.value() + 4)
    assert opened.session.filters == (FilterStep("gamma", (2.0,)),)
    assert slider._value.text() == "2"
    bar._groups["sharpen"].sliders[1]._slider.setValue(3)
    assert describe_chain(opened.session.filters) == "Sharpen (amount 1, radius 2 px); Gamma (γ 2)"
    with PseudoLanguage():
        assert untranslated(describe_chain(opened.session.filters, tr_marked)) == []
    assert bar._checks["sharpen"].isChecked()
    qtbot.mouseClick(bar.reset, Qt.MouseButton.LeftButton)
    assert opened.session.filters == ()
    assert not bar._checks["gamma"].isChecked()
    opened.book["filters"].trigger()
    assert not bar.isVisible()
    assert not opened.book["filters"].isChecked()


def test_the_key_goes_through_all_views_and_shows_the_bar(opened):
    bar = opened.pictures.filter_bar
    seen = []
    for _ in range(len(VIEWS) + 1):
        opened.book["next_filter"].trigger()
        seen.append(bar.view_box.currentData())
    assert seen == [*(spec.id for spec in VIEWS), ""]
    assert bar.isVisible()
    assert opened.book["filters"].isChecked()


def test_the_caption_and_the_status_line_describe_the_filter(opened, qtbot):
    chain = (default_step("levels"),)
    opened.session.set_filters(chain)
    wait_chain(qtbot, opened, chain)
    assert opened.frame_view._caption == "Levels (black 16, white 235)"
    opened.frame_view.hovered = (30, 20)
    opened.pictures._describe_pixel()
    raw = " ".join(str(v) for v in opened.session.shown.frame.image[20, 30])
    now = " ".join(str(v) for v in pixels(opened.session.shown.image)[20, 30])
    assert opened.pixel_label.text() == f"x 30  y 20  RGB {raw}  filtered {now}"


def test_filters_change_neither_scores_nor_stored_pixels(analysed, qtbot, decoded):
    before = analysed.session.board.tracks[STRONG].probability_at(analysed.session.shown.pts)
    chain = (default_step("error_level"), default_step("gamma"))
    analysed.session.set_filters(chain)
    wait_chain(qtbot, analysed, chain)
    assert analysed.session.board.tracks[STRONG].probability_at(analysed.session.shown.pts) == before
    assert np.array_equal(analysed.session.shown.frame.image, decoded[0])
