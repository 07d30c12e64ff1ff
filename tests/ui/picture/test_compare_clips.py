"""A frame of the open clip beside one of another exhibit: the very frames, scores and maps that the labels name."""

import os
import shutil
import signal
from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from inspector.domain.structure import Tag
from inspector.engine.decode.decoder import Decoder, open_clip
from inspector.engine.process.player.child import ChildProcess
from inspector.engine.process.protocol import Explain, Failed, FileDescribed
from inspector.ui.engine.file_facts import FileFactsReader
from inspector.ui.panels.file import FilePanel
from inspector.ui.picture import compare_view
from inspector.ui.picture.cam_state import TEXTS, CamState
from inspector.ui.picture.compare_view import side_text
from inspector.ui.picture.snapshot_content import frames_of, pair_texts
from inspector.ui.player.players import PLAYERS
from inspector.ui.state import Comparison, Pick
from inspector.ui.widgets import file_dialogs as dialogs
from tests.ui.case.test_exhibit_list import rows, with_clips
from tests.ui.fake_engine import STRONG
from tests.ui.pictures import pixels


@pytest.fixture
def two(make_window, three, qtbot):
    """A window that shows a.mp4, with b.mp4 in the list; both are analysed."""
    window = make_window()
    with_clips(qtbot, window, three / "a.mp4", three / "b.mp4")
    window.controller.exhibits.analyse(rows(window))
    qtbot.waitUntil(lambda: all(row.outcome.conclusion for row in rows(window)))
    qtbot.waitUntil(lambda: window.session.analysis is not None and bool(window.session.faces))
    return window


def compare(qtbot, window, index=None):
    """Show b.mp4 as side B, by the controls of the bar, and wait until it is there."""
    window.book["compare"].trigger()
    choose(window, "Exhibit 2 b.mp4")
    qtbot.waitUntil(lambda: window.session.other is not None)
    if index is not None:
        window.pictures.compare_bar.right.slider.setValue(index)
    return wait_side(qtbot, window, index or 0)


def choose(window, text):
    chooser = window.pictures.compare_bar.right.clip
    assert chooser.isVisible()
    chooser.setCurrentIndex(chooser.findText(text))
    chooser.activated.emit(chooser.currentIndex())


def wait_side(qtbot, window, index):
    view = window.pictures.compare_view
    qtbot.waitUntil(
        lambda: view.pair is not None and view.pair.right.image is not None and view.pair.right.index == index
    )
    return view.pair


def test_titles_in_a_small_window_tell_the_clips_apart(make_window, three, tmp_path, qtbot):
    """Both were cut at the right, after the same beginning of two long names."""
    paths = [tmp_path / f"{'a name that somebody copied from a chat ' * 3}{number}.mp4" for number in ("one", "two")]
    for clip, path in zip(("a.mp4", "b.mp4"), paths, strict=True):
        shutil.copy(three / clip, path)
    window = make_window()
    window.resize(1024, 640)
    with_clips(qtbot, window, *paths)
    window.book["compare"].trigger()
    chooser = window.pictures.compare_bar.right.clip
    choose(window, chooser.itemText(1))
    qtbot.waitUntil(lambda: window.session.other is not None)
    wait_side(qtbot, window, 0)
    view = window.pictures.compare_view
    titles = [view._title(number, pane.width()) for number, pane in enumerate(view.panes())]
    for title, pane, number in zip(titles, view.panes(), ("one", "two"), strict=True):
        assert view.fontMetrics().horizontalAdvance(title) <= pane.width()
        assert f"{number}.mp4 · frame 0" in title
    assert chooser.currentText().startswith("Exhibit 2 a na")
    assert chooser.currentText().endswith("two.mp4")
    assert chooser.toolTip() == f"Exhibit 2 {paths[1].name}"


def test_the_structures_of_both_files_are_compared(two, qtbot):
    compare(qtbot, two)
    qtbot.waitUntil(lambda: two.session.other_facts is not None and two.session.file_facts is not None)
    (panel,) = two.findChildren(FilePanel)
    two.side.setCurrentWidget(panel)

    def shown():
        return [label.text() for label in panel.findChildren(QLabel)]

    assert "Structure compared with b.mp4; sizes are left out" in shown()
    assert "none: the same parts in the same order, and the same tags" in shown(), "one program wrote both"
    own = two.session.other_facts
    tag = Tag("QuickTime", "make", "Example")
    structure = replace(own.structure, tags=(*own.structure.tags, tag))
    two.session.set_other_facts(replace(own, structure=structure))
    assert "QuickTime / make: Example" in shown()
    assert "Only the other file" in shown()
    choose(two, two.pictures.compare_bar.right.clip.itemText(0))
    qtbot.waitUntil(lambda: two.session.other_facts is None)
    assert "Only the other file" not in shown()


def test_the_other_file_is_described_though_the_open_one_cannot_be_read(two, qtbot):
    compare(qtbot, two)
    qtbot.waitUntil(lambda: two.session.other_facts is not None and two.session.file_facts is not None)
    (reader,), facts, engine = two.findChildren(FileFactsReader), two.session.other_facts, two.controller.engine
    two.session.set_other_facts(None)
    reader._job, reader._other_job = engine.next_job(), engine.next_job()
    other_job = reader._other_job
    engine.answered.emit(Failed(reader._job, "No."))
    engine.answered.emit(FileDescribed(other_job, facts))
    assert two.session.other_facts is facts


def processes(path):
    return [player for player in PLAYERS._running.values() if player.path == path and player.is_alive]


def test_a_frame_of_another_clip_with_its_scores_beside_the_open_one(two, three, qtbot):
    pair = compare(qtbot, two, 7)
    with Decoder(open_clip(three / "b.mp4")) as decoder:
        assert np.array_equal(pixels(pair.right.image), [frame.image for frame in decoder.frames()][7])
    assert pair.left.source.clip is two.session.clip
    left, right = two.pictures.compare_view._scenes
    series = two.session.other.board.tracks[STRONG]
    (mark,) = (mark for mark in right.marks if mark.track_id == STRONG)
    assert mark.probability == series.probability_at(pair.right.pts)
    assert len(left.marks) == len(right.marks) == 2
    assert side_text(pair.left).startswith("exhibit 1 a.mp4 · frame 0 · ")
    assert side_text(pair.right).startswith("exhibit 2 b.mp4 · frame 7 · ")


def test_the_other_clip_steps_on_its_own_follows_the_player_and_has_its_worst_frame(two, qtbot):
    compare(qtbot, two, 3)
    two.book["compared_on"].trigger()
    wait_side(qtbot, two, 4)
    two.book["compared_back"].trigger()
    two.book["compared_back"].trigger()
    wait_side(qtbot, two, 2)
    assert two.session.shown.index == 0
    side = two.pictures.compare_bar.right
    side.worst.click()
    wait_side(qtbot, two, 6)
    side.follow.setChecked(True)
    two.controller.step(9)
    wait_side(qtbot, two, 9)
    two.controller.step(6)
    wait_side(qtbot, two, 11)  # b.mp4 is shorter


def test_both_sides_have_their_own_heat_maps_at_once(two, qtbot):
    compare(qtbot, two, 5)
    two.session.change_overlays(heat_map=True)
    view = two.pictures.compare_view
    qtbot.waitUntil(lambda: all(scene.cam is not None for scene in view._scenes))
    left, right = (scene.cam for scene in view._scenes)
    assert (left.pts, right.pts) == (view.pair.left.pts, view.pair.right.pts)
    assert two.session.other.heat_maps.at(right.track_id, right.pts) is right
    assert two.session.heat_maps.at(right.track_id, right.pts) is not right


def test_a_heat_map_of_the_other_clip_that_fails_leaves_that_of_the_open_one(two, qtbot, monkeypatch):
    compare(qtbot, two, 5)
    sent, engine = [], two.controller.engine
    monkeypatch.setattr(engine, "send", lambda request, _access: sent.append(request))
    two.session.change_overlays(heat_map=True)
    qtbot.waitUntil(lambda: bool(sent))
    first = sent.pop()
    assert first.case_path == str(two.session.case_path)
    engine.answered.emit(Failed(first.job, "No."))
    (second,) = sent
    assert isinstance(second, Explain)
    assert second.case_path == str(two.session.other.case_path)
    left, right = two.pictures.compare_view._scenes
    assert (left.no_cam_text, right.no_cam_text) == (TEXTS[CamState.FAILED], TEXTS[CamState.WANTED])
    engine.answered.emit(Failed(second.job, "No."))
    assert two.pictures.compare_view._scenes[1].no_cam_text == TEXTS[CamState.FAILED]


def test_the_snapshot_names_both_clips_and_the_report_gets_the_frame_of_its_own(two, qtbot):
    pair = compare(qtbot, two, 7)
    texts = pair_texts(pair, 0.5)
    assert texts["Side A"].startswith("exhibit 1 a.mp4 · frame 0")
    assert texts["Side B"].startswith("exhibit 2 b.mp4 · frame 7")
    assert texts["Side B SHA-256"] == rows(two)[1].exhibit.sha256
    (frame,) = frames_of(two.session, pair, {"Overlays on screen": "none", "Zoom": "100 %"})
    assert (frame.index, frame.pts) == (0, pair.left.pts)
    assert "beside exhibit 2 b.mp4 · frame 7" in frame.text


def test_the_second_process_ends_with_the_comparison(two, three, qtbot):
    compare(qtbot, two)
    assert len(processes(three / "a.mp4")) == len(processes(three / "b.mp4")) == 1
    two.book["compare"].trigger()
    qtbot.waitUntil(lambda: not processes(three / "b.mp4"))
    assert two.session.other is None
    assert len(processes(three / "a.mp4")) == 1
    compare(qtbot, two)
    choose(two, "The open clip")
    qtbot.waitUntil(lambda: not processes(three / "b.mp4"))
    assert two.session.comparison == Comparison(Pick(0), Pick())


class Reached:
    """A job that holds up the picture worker, or shows that it has come so far."""

    doing = "waiting"

    def __init__(self, kind, until=lambda: None):
        self.kind, self._until, self.is_done = kind, until, False

    def make(self, _context):
        self._until()
        self.is_done = True


def test_a_frame_that_still_waits_does_not_start_the_second_process_again(two, three, qtbot):
    compare(qtbot, two)
    worker, ends = two.controller.pictures, Event()
    worker.enqueue(Reached("blocking", ends.wait))
    two.pictures.compare_bar.right.slider.setValue(5)
    two.book["compare"].trigger()
    last = Reached("last")
    worker.ask(last)
    ends.set()
    qtbot.waitUntil(lambda: last.is_done)
    assert not processes(three / "b.mp4")


@pytest.fixture
def real_processes(monkeypatch):
    """In place of the threads that stand in for them."""
    monkeypatch.setattr(PLAYERS, "start_child", ChildProcess)


def test_a_crash_of_the_second_process_is_one_sentence_and_the_first_side_goes_on(real_processes, two, three, qtbot):
    compare(qtbot, two)
    (player,) = processes(three / "b.mp4")
    os.kill(player._child.process_id, signal.SIGSTOP)  # so that the request is on its way when it dies
    two.pictures.compare_bar.right.slider.setValue(5)
    qtbot.waitUntil(lambda: not player.is_idle)
    os.kill(player._child.process_id, signal.SIGKILL)
    view = two.pictures.compare_view
    qtbot.waitUntil(lambda: view.pair.right.image is None)
    assert "b.mp4" in view.pair.right.text
    assert view.pair.left.image is not None
    two.pictures.compare_bar.right.slider.setValue(6)
    wait_side(qtbot, two, 6)


def test_a_changed_file_is_refused_and_can_be_chosen_again(make_window, three, tmp_path, qtbot):
    window = make_window()
    copy = tmp_path / "b.mp4"
    copy.write_bytes((three / "b.mp4").read_bytes())
    with_clips(qtbot, window, three / "a.mp4", copy)
    copy.write_bytes((three / "a.mp4").read_bytes())
    window.book["compare"].trigger()
    choose(window, "Exhibit 2 b.mp4")
    assert "b.mp4" in window.session.other_text
    qtbot.waitUntil(lambda: window.session.other_text.endswith("Choose the clip again to try again."))
    qtbot.waitUntil(lambda: window.pictures.compare_view.pair.right.text == window.session.other_text)
    qtbot.waitUntil(lambda: not processes(copy))
    copy.write_bytes((three / "b.mp4").read_bytes())
    choose(window, "Exhibit 2 b.mp4")
    qtbot.waitUntil(lambda: window.session.other is not None)
    assert window.pictures.compare_view.pair.left.image is not None


def choose_file(window, monkeypatch, path):
    """Choose a file of no list for side B."""
    monkeypatch.setattr(dialogs, "ask_for_compared", lambda *_: path)
    window.book["compare"].trigger()
    choose(window, "Another file …")


@pytest.fixture
def alone(make_window, three, qtbot):
    """A window that shows a.mp4, which is the only clip of the list."""
    window = make_window()
    with_clips(qtbot, window, three / "a.mp4")
    qtbot.waitUntil(lambda: window.session.shown is not None)
    return window


def test_a_file_of_no_list_is_compared_and_stays_out_of_it(alone, three, qtbot, monkeypatch):
    choose_file(alone, monkeypatch, three / "b.mp4")
    qtbot.waitUntil(lambda: alone.session.other is not None)
    pair = wait_side(qtbot, alone, 0)
    with Decoder(open_clip(three / "b.mp4")) as decoder:
        assert np.array_equal(pixels(pair.right.image), next(iter(decoder.frames())).image)
    assert side_text(pair.right).startswith("b.mp4 · frame 0 · ")
    assert pair_texts(pair, 0.5)["Side B SHA-256"] == alone.session.other.clip.sha256
    assert [row.clip_path.name for row in rows(alone)] == ["a.mp4"]
    assert alone.pictures.compare_bar.right.clip.currentText() == "b.mp4"
    (player,) = processes(three / "b.mp4")
    choose(alone, "The open clip")
    qtbot.waitUntil(lambda: not player.is_alive)
    choose(alone, "b.mp4")  # it stays a choice
    qtbot.waitUntil(lambda: alone.session.other is not None)


def test_a_file_that_was_analysed_alone_is_compared_with_its_scores(two, three, qtbot, monkeypatch):
    two.controller.exhibits.set_rows(rows(two)[:1])  # b.mp4 was analysed, and is no longer in the list
    choose_file(two, monkeypatch, three / "b.mp4")
    qtbot.waitUntil(lambda: two.session.other is not None)
    assert STRONG in two.session.other.board.tracks


def test_the_open_file_and_an_exhibit_are_chosen_as_what_they_are(two, three, qtbot, monkeypatch):
    choose_file(two, monkeypatch, three / "b.mp4")
    qtbot.waitUntil(lambda: two.session.other is not None)
    assert two.session.other.label == "2"
    monkeypatch.setattr(dialogs, "ask_for_compared", lambda *_: three / "a.mp4")
    choose(two, "Another file …")
    qtbot.waitUntil(lambda: two.session.other is None)
    assert not two.session.comparison.right.is_other
    assert two.controller.other_clips.files == ()


def test_a_file_that_is_no_clip_or_not_chosen_changes_nothing(alone, tmp_path, qtbot, monkeypatch):
    posted = []
    alone.session.notice_posted.connect(posted.append)
    choose_file(alone, monkeypatch, None)
    before = alone.session.comparison
    assert alone.pictures.compare_bar.right.clip.currentText() == "The open clip"
    (tmp_path / "words.mp4").write_text("no clip")
    monkeypatch.setattr(dialogs, "ask_for_compared", lambda *_: tmp_path / "words.mp4")
    choose(alone, "Another file …")
    qtbot.waitUntil(lambda: bool(posted))
    assert "words.mp4" in posted[0].text
    assert alone.session.comparison == before
    assert not alone.session.busy


def test_what_is_awaited_is_no_problem(alone, tmp_path, qtbot, monkeypatch):
    said = []
    monkeypatch.setattr(compare_view, "paint_sentence", lambda _painter, _area, text: said.append(text))
    view = alone.pictures.compare_view
    alone.book["compare"].trigger()
    view.grab()
    assert set(said) == {"Opening the pictures …"}
    gone = Comparison(Pick(0), Pick(0, is_other=True), other=tmp_path / "gone.inspector")
    alone.session.set_comparison(gone)
    qtbot.waitUntil(lambda: view.pair is not None and view.pair.comparison == gone)
    said.clear()
    view.grab()
    assert set(said) == {"This exhibit is no longer in the list."}
