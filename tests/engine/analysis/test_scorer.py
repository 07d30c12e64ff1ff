"""Batches of the scorer: in order, and as soon as they are scored."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Semaphore

import numpy as np
import pytest

from inspector.domain.analysis import FrameRecord
from inspector.domain.arrays import Floats, Image
from inspector.domain.geometry import Box
from inspector.domain.scores import FaceScore
from inspector.engine import activity
from inspector.engine.analysis import scorer as scorer_module
from inspector.engine.analysis.scorer import PendingBatch, Scorer
from inspector.engine.model.bundle import find_bundle
from inspector.engine.model.detector import Detector, Passed
from inspector.engine.model.windows import Samples
from tests.fakes import DEEP_LIMITS, make_deep_bundle


def test_the_first_batch_is_waited_for_and_a_later_one_is_ready_as_soon_as_it_is_scored() -> None:
    first, second, third = PendingBatch(), PendingBatch(), PendingBatch()
    with Scorer(None) as scorer:
        assert list(scorer.score(first)) == [first]
        assert list(scorer.score(second)) == []
        ready: list[PendingBatch] = []
        until = time.monotonic() + 10
        while not ready and time.monotonic() < until:
            ready = list(scorer.ready())
        assert ready == [second]
        assert list(scorer.score(third)) == []
        assert list(scorer.finish()) == [third]
        assert list(scorer.ready()) == []


def batch_of_one_frame(scorer: Scorer, number: int) -> PendingBatch:
    """A frame whose one face both networks see."""
    box = Box(0.0, 0.0, 64.0, 64.0)
    crop, deep = (np.full((size, size, 3), number, np.uint8) for size in (scorer.crop_size, scorer.deep_size))
    score = FaceScore(1, number, box, None, None, None)
    batch = PendingBatch(scores=[score], waiting=[0], samples=[(scorer.frames_added, 1)], deep=[(0, deep)])
    scorer.add_frame(number, False, {1: (box, crop)})
    batch.end = scorer.frames_added
    return batch


def test_the_fast_network_goes_on_while_the_deep_one_computes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    detector = Detector.load(find_bundle(str(make_deep_bundle(tmp_path))), "cpu")
    assert detector.deep is not None
    fast, deep, scored = detector.window_logits, detector.deep.single_logits, []
    is_third_scored = Event()

    def score_fast(samples: Samples, passed: Passed) -> Floats:
        logits = fast(samples, passed)
        scored.append(logits)
        if len(scored) == 3:
            is_third_scored.set()
        return logits

    def score_deep(crops: Image, passed: Passed) -> Floats:
        assert crops.max() == 0 or is_third_scored.wait(20)
        return deep(crops, passed)

    monkeypatch.setattr(detector, "window_logits", score_fast)
    monkeypatch.setattr(detector.deep, "single_logits", score_deep)
    monkeypatch.setattr(scorer_module, "cores", lambda: 2)
    with Scorer(detector, DEEP_LIMITS) as scorer:
        found = [b for number in range(3) for b in scorer.score(batch_of_one_frame(scorer, number))]
        assert [b.scores[0].pts for b in found] == [0]
        found += scorer.finish()
    assert [b.scores[0].pts for b in found] == [0, 1, 2]
    for (score,) in (b.scores for b in found):
        assert score.logit is not None
        assert score.deep_logit is not None


def test_a_batch_of_many_faces_is_told_of_while_it_is_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a minute on a slow machine: progress that stands for so long looks like a program that hangs."""
    detector = Detector.load(find_bundle(str(make_deep_bundle(tmp_path))), "cpu")
    assert detector.deep is not None
    told: list[float] = []
    for each in (detector, detector.deep):
        plain = each._pass

        def one_pass(crops: Image, plain: Callable[[Image], Floats] = plain) -> Floats:
            told.append(activity.frames_ahead())
            return plain(crops)

        monkeypatch.setattr(each, "_pass", one_pass)
    with activity.frames_counted(), Scorer(detector, DEEP_LIMITS) as scorer:
        batch, box = PendingBatch(), Box(0.0, 0.0, 64.0, 64.0)
        for number in range(4):
            batch.add_frame(FrameRecord(number, number, False, "", False))
            crops = {}
            for track in range(1, 31):
                crops[track] = box, np.full((64, 64, 3), track, np.uint8)
                batch.deep.append((len(batch.scores), np.full((96, 96, 3), 30 * number + track, np.uint8)))
                batch.waiting.append(len(batch.scores))
                batch.scores.append(FaceScore(track, number, box, None, None, None))
                batch.samples.append((scorer.frames_added, track))
            scorer.add_frame(number, False, crops)
        batch.end = scorer.frames_added
        assert activity.frames_ahead() == pytest.approx(2), "their faces are found, which is half of the work"
        found = [*scorer.score(batch), *scorer.finish()]
        assert activity.frames_ahead() == pytest.approx(4)
        assert len(set(told)) > 60
        assert 2 <= min(told) < max(told) < 4
        found[0].finished()
        assert activity.frames_ahead() == 0, "the batch itself tells of them"
        PendingBatch().add_frame(batch.frames[0])
    assert activity.frames_ahead() == 0, "nor after an analysis that was given up"


@pytest.mark.parametrize(
    ("most_waiting", "most_running"),
    [
        pytest.param(10_000_000, 6, id="few crops: a batch for each core"),
        pytest.param(3 * 4 * (64**2 + 96**2), 4, id="no more than their memory holds"),
        pytest.param(0, 2, id="two under way, however large they are"),
    ],
)
def test_crops_that_wait_are_bounded_by_their_memory(
    most_waiting: int, most_running: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = Detector.load(find_bundle(str(make_deep_bundle(tmp_path))), "cpu")
    fast, is_waited_for = detector.window_logits, Semaphore(0)

    def score_fast(samples: Samples, passed: Passed) -> Floats:
        assert is_waited_for.acquire(timeout=20)
        return fast(samples, passed)

    monkeypatch.setattr(detector, "window_logits", score_fast)
    monkeypatch.setattr(scorer_module, "cores", lambda: 16)
    monkeypatch.setattr(scorer_module, "_MOST_WAITING_BYTES", most_waiting)
    with Scorer(detector, DEEP_LIMITS) as scorer:
        result, left = scorer._result, []

        def wait_for_oldest() -> PendingBatch:
            is_waited_for.release()  # no batch is scored before the search for faces waits for it
            return result()

        monkeypatch.setattr(scorer, "_result", wait_for_oldest)
        found = []
        for number in range(7):
            found += list(scorer.score(batch_of_one_frame(scorer, number)))
            left.append(len(scorer._running))
        found += scorer.finish()
    assert left == [0, *(min(number, most_running) for number in range(1, 7))]
    assert [b.scores[0].pts for b in found] == list(range(7))
    alone = np.stack([np.full((64, 64, 3), number, np.uint8) for number in range(7)])
    assert [b.scores[0].logit for b in found] == [float(detector.logits(crop[None])[0]) for crop in alone]


def test_batches_that_wait_when_an_analysis_is_left_are_not_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = Detector.load(find_bundle(str(make_deep_bundle(tmp_path))), "cpu")
    fast, scored, is_second_begun, is_last_cancelled = detector.window_logits, [], Event(), Event()

    def score_fast(samples: Samples, passed: Passed) -> Floats:
        if scored:
            is_second_begun.set()
            assert is_last_cancelled.wait(20)
        scored.append(samples)
        return fast(samples, passed)

    monkeypatch.setattr(detector, "window_logits", score_fast)
    monkeypatch.setattr(scorer_module, "cores", lambda: 3)
    with Scorer(detector, DEEP_LIMITS) as scorer:
        given = [b for number in range(4) for b in scorer.score(batch_of_one_frame(scorer, number))]
        _, last, _ = scorer._running[-1]
        last.add_done_callback(lambda _: is_last_cancelled.set())
        assert is_second_begun.wait(20)
    assert len(given) == 1
    assert len(scored) == 2, "the first, and the one that was under way"


def test_a_batch_that_is_not_wanted_any_more_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of many faces takes a minute, for which *Stop* waited."""
    detector = Detector.load(find_bundle(str(make_deep_bundle(tmp_path))), "cpu")
    ended = Event()

    def endless(_samples: Samples, _passed: Passed) -> Floats:
        try:
            for _ in range(6000):
                activity.note()
                time.sleep(0.01)
        finally:
            ended.set()
        return np.zeros(1)

    def stopped() -> None:
        raise activity.StoppedError("stopped")

    monkeypatch.setattr(detector, "window_logits", endless)
    start = time.monotonic()
    with pytest.raises(activity.StoppedError), Scorer(detector, DEEP_LIMITS) as scorer, activity.checked(stopped):
        list(scorer.score(batch_of_one_frame(scorer, 0)))
    assert ended.is_set()
    assert time.monotonic() - start < 30
