"""The queue of analyses: one at a time, the urgent one first, and a failure does not stop the others."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from inspector.domain.analysis import FrameRecord
from inspector.engine.activity import Stage
from inspector.engine.process.confine.access import Access
from inspector.engine.process.protocol import AnalysisDone, Analyze, BatchDone, Cancel, Failed, Started, Working
from inspector.ui.engine.queue import AnalysisQueue, AnalysisRequest, progressed
from inspector.ui.session import Session
from inspector.ui.stages import percent_text, stage_text
from inspector.ui.state import AnalysisJob
from inspector.ui.window.toolbar import progress_text
from tests.ui.fake_engine import STRONG, conclude, score_of


class Engine(QObject):
    """A scripted engine: records the requests, and answers when the test emits."""

    answered = Signal(object)
    crashed = Signal(object)

    def __init__(self):
        super().__init__()
        self.sent = []
        self.allowed = Access()

    def next_job(self):
        return len(self.sent) + 1

    def allow(self, access):
        self.allowed |= access

    def send(self, request, access=Access()):  # noqa: B008 - it is frozen
        assert self.allowed >= access
        self.sent.append(request)

    @property
    def jobs(self):
        return [(r.clip_path, r.job) for r in self.sent if isinstance(r, Analyze)]


@pytest.fixture
def line(qapp, qtbot):
    """A queue with three waiting analyses, its engine, and how they ended."""
    parent, engine = QObject(), Engine()
    queue = AnalysisQueue(Session(parent), engine, parent)  # type: ignore[arg-type]
    endings = []
    queue.ended.connect(endings.append)
    for name in "abc":
        queue.add(wanted(name))
    yield queue, engine, endings
    parent.deleteLater()


def wanted(name):
    return AnalysisRequest(Path(f"{name}.mp4"), Path(f"{name}.inspector"), name * 64)


def done(clip, is_complete=True):
    """An analysis as the fake engine makes it."""
    from inspector.domain.faces import Face
    from inspector.domain.geometry import Box
    from inspector.domain.settings import Settings

    score = score_of(STRONG, 0, 0.0, Face(0, Box(0, 0, 9, 9), None, 0.9))
    return replace(conclude(clip, Settings(), [0, 1, 2], [score] * 3), is_complete=is_complete)


@pytest.fixture
def clip(three):
    from inspector.engine.decode.decoder import open_clip

    return open_clip(three / "b.mp4")


def test_one_analysis_runs_at_a_time_and_a_failure_does_not_stop_the_others(line, clip, qtbot):
    queue, engine, endings = line
    assert engine.jobs == [("a.mp4", 1)]
    assert queue.is_waiting(Path("b.inspector"))
    engine.answered.emit(Failed(1, "a.mp4 is broken."))
    qtbot.waitUntil(lambda: len(engine.jobs) == 2)
    engine.crashed.emit("The analysis process ended.")
    qtbot.waitUntil(lambda: len(engine.jobs) == 3)
    with qtbot.waitSignal(queue.emptied):
        engine.answered.emit(AnalysisDone(engine.jobs[2][1], 1, done(clip)))
    assert [(e.request.clip_path.name, e.problem) for e in endings] == [
        ("a.mp4", "a.mp4 is broken."), ("b.mp4", "The analysis process ended."), ("c.mp4", ""),
    ]  # fmt: skip
    assert endings[2].analysis is not None
    assert not queue.is_busy
    assert engine.sent[0].sha256 == "a" * 64


def test_progress_is_that_of_the_running_analysis(line):
    queue, engine, _ = line
    engine.answered.emit(Started(1, 1, 50, 10, "cpu", None))
    engine.answered.emit(BatchDone(1, (), (), (), 20))
    engine.answered.emit(BatchDone(99, (), (), (), 45))
    job = queue.job_of(Path("a.inspector"))
    assert (job.frames_done, job.frames_total, job.frames_before) == (20, 50, 10)
    assert queue.job_of(Path("b.inspector")) is None


FRAME = FrameRecord(0, 0, True, "", False)


def test_progress_moves_within_a_batch_and_never_back():
    job = progressed(AnalysisJob(9), Started(9, 1, 200, 0, "cpu", "fake"), 0.0)
    said = []
    for frames in (0.5, 5.0, 8.5):
        job = progressed(job, Working(9, frames=frames), 10 * frames)
        said.append((percent_text(job), progress_text(job)))
    assert said[0] == ("0.2", "0 of 200 · 0.1 frames/s · 33 min left"), "a decimal, where a percent takes seconds"
    assert [text for text, _ in said] == ["0.2", "2.5", "4.2"]
    assert said[2][1].startswith("8 of 200 · ")
    job = progressed(job, Working(9, frames=0.0), 90.0)
    assert percent_text(job) == "4.2", "the batch is being stored"
    job = progressed(job, BatchDone(9, (FRAME,), (), (), 16), 91.0)
    assert percent_text(job) == "8.0"
    assert percent_text(replace(job, now=16.0)) == "8", "fast enough"
    assert percent_text(AnalysisJob(9)) == ""


def test_progress_says_no_100_percent_before_the_deep_look_is_done():
    job = progressed(AnalysisJob(9), Started(9, 1, 200, 0, "cpu", "fake"), 0.0)
    job = progressed(job, BatchDone(9, (FRAME,), (), (), 200), 10.0)
    assert percent_text(job) == "99"
    assert job.share < 1
    job = progressed(job, Working(9, Stage.DEEP, 12.34), 11.0)
    assert (percent_text(job), progress_text(job)) == ("12.3", "deep look … 12.3 %")
    job = progressed(job, BatchDone(9, (), (), (), 200), 12.0)
    assert percent_text(job) == "12.3", "a step of the deep look is no further frame"
    job = progressed(job, Working(9, Stage.DEEP, 100.0), 13.0)
    assert progress_text(job) == "deep look … 99.9 %"
    assert stage_text(Stage.COPY, 100.0).endswith(" 99 %")


def test_stopping_all_dequeues_the_waiting_ones(line, clip, qtbot):
    queue, engine, endings = line
    queue.cancel_all()
    assert isinstance(engine.sent[-1], Cancel)
    assert queue.job_of(Path("a.inspector")).is_cancelling
    with qtbot.waitSignal(queue.emptied):
        engine.answered.emit(AnalysisDone(1, 1, done(clip, is_complete=False)))
    assert [(e.analysis, e.problem) for e in endings] == [(None, "")]
    assert len(engine.jobs) == 1


def test_a_waiting_analysis_can_be_dequeued(line, clip, qtbot):
    queue, engine, _ = line
    queue.cancel(Path("b.inspector"))
    assert not any(isinstance(request, Cancel) for request in engine.sent)
    engine.answered.emit(AnalysisDone(1, 1, done(clip)))
    qtbot.waitUntil(lambda: [name for name, _ in engine.jobs] == ["a.mp4", "c.mp4"])


def test_a_report_comes_before_the_rest_of_the_running_analysis(line, clip, qtbot):
    """It waited for all of another clip's analysis, which may take hours."""
    queue, engine, endings = line
    queue.pause()
    assert isinstance(engine.sent[-1], Cancel)
    engine.answered.emit(AnalysisDone(1, 1, done(clip, is_complete=False)))
    qtbot.waitUntil(lambda: [name for name, _ in engine.jobs] == ["a.mp4", "a.mp4"])
    queue.pause()
    queue.pause()
    assert sum(isinstance(request, Cancel) for request in engine.sent) == 2
    engine.answered.emit(AnalysisDone(engine.jobs[1][1], 1, done(clip)))
    qtbot.waitUntil(lambda: [name for name, _ in engine.jobs][2:] == ["b.mp4"])
    assert [ended.analysis is None for ended in endings] == [True, False], "it ended before it could be paused"


@pytest.mark.parametrize("is_stopping", [False, True])
def test_an_urgent_analysis_runs_first_and_the_paused_one_is_resumed(line, clip, qtbot, is_stopping):
    """Also where that one stops for a report at that moment: it went before the urgent one."""
    queue, engine, _ = line
    if is_stopping:
        queue.pause()
    queue.add_first(wanted("c"))
    engine.answered.emit(AnalysisDone(1, 1, done(clip, is_complete=False)))
    for job_at, name in ((1, "c.mp4"), (2, "a.mp4"), (3, "b.mp4")):
        qtbot.waitUntil(lambda n=job_at: len(engine.jobs) == n + 1)
        assert engine.jobs[job_at][0] == name
        engine.answered.emit(AnalysisDone(engine.jobs[job_at][1], 1, done(clip)))
    assert not queue.is_busy
