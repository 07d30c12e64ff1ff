"""An analysis is stopped within a batch, not after it, and has the numbers of an unbroken one in the end."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.engine.activity import StoppedError
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode.decoder import open_clip
from inspector.engine.process import protocol
from tests.engine.process.test_jobs import Run, folder, of_kind, run

__all__ = ["folder", "run"]  # the fixtures


def shortened(run: Run) -> Run:
    """Three batches, and no search in tiles, which takes most of the time."""
    run.settings = replace(run.settings, tile_seconds=0.0, end_seconds=0.9)
    return run


def stop(run: Run, pieces: int, batches: int, explain: protocol.Explain | None = None) -> None:
    """Begin or continue, and stop after so many pieces of work behind so many batches; a heat map waits meanwhile."""
    left = itertools.count(pieces, -1)
    is_stopped = []

    def check() -> None:
        if len(of_kind(run.answers, protocol.BatchDone)) >= batches and next(left) == 0:
            is_stopped.append(True)
            raise StoppedError("stopped")

    run.begin()
    request = protocol.Analyze(1, str(run.clip), str(run.case_path), run.settings)
    waiting = lambda _number: (False, explain if is_stopped else None)  # noqa: E731
    run.runner.analyze(request, open_clip(run.clip), waiting, check=check)


def test_an_analysis_that_is_stopped_within_batches_has_the_numbers_of_an_unbroken_one(run: Run, tmp_path: Path):
    """A batch of many faces takes a minute: it is given up, not waited for; so is what a heat map waits for."""
    shortened(run)
    with pytest.raises(StoppedError):
        stop(run, pieces=3, batches=0)
    assert of_kind(run.answers, protocol.Started) == []
    stop(run, pieces=5, batches=1, explain=protocol.Explain(2, str(run.case_path), 1, 1, 0, "GradCAM"))
    (done,) = of_kind(run.answers, protocol.AnalysisDone)
    assert not done.analysis.is_complete
    assert [answer.job for answer in of_kind(run.answers, protocol.Explained)] == [2]
    run.begin()
    run.analyse()
    whole = shortened(Run(run.clip, tmp_path / "whole.inspector", Path(run.settings.model)))
    whole.analyse()
    with CaseFile.open(run.case_path, create=False) as mine, CaseFile.open(whole.case_path, create=False) as theirs:
        assert mine.newest_id() == theirs.newest_id() == 1
        one, other = mine.read(1), theirs.read(1)
        for rows in ("frames", "scores", "faces", "signal_blocks"):
            assert str(list(getattr(one, rows)())) == str(list(getattr(other, rows)())), rows
        assert one.result().summary == other.result().summary
        assert one.result().tracks == other.result().tracks
