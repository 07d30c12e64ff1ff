"""An analysis is stopped within a batch, not after it, and has the numbers of an unbroken one in the end."""

import itertools
from collections.abc import Iterator
from pathlib import Path

from inspector.engine.activity import StoppedError
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode.decoder import open_clip
from inspector.engine.process import protocol
from tests.engine.process.test_jobs import Run, folder, of_kind, run

__all__ = ["folder", "run"]  # the fixtures


def test_an_analysis_that_is_stopped_within_batches_has_the_numbers_of_an_unbroken_one(run: Run, tmp_path: Path):
    """A batch of many faces takes a minute: it is given up, not waited for."""
    request = protocol.Analyze(1, str(run.clip), str(run.case_path), run.settings)
    stops = 0
    for wanted in (3, 60):  # pieces of work until the examiner stops it
        left = itertools.count(wanted, -1)

        def check(left: Iterator[int] = left) -> None:
            if next(left) == 0:
                raise StoppedError("stopped")

        run.begin()
        try:
            run.runner.analyze(request, open_clip(run.clip), lambda _number: (False, None), check=check)
        except StoppedError:
            assert not run.case_path.exists() or not of_kind(run.answers, protocol.BatchDone)
            stops += 1
            continue
        (done,) = of_kind(run.answers, protocol.AnalysisDone)
        stops += not done.analysis.is_complete
    assert stops == 2
    run.begin()
    run.analyse()
    whole = Run(run.clip, tmp_path / "whole.inspector", Path(run.settings.model))
    whole.analyse()
    with CaseFile.open(run.case_path, create=False) as mine, CaseFile.open(whole.case_path, create=False) as theirs:
        assert mine.newest_id() == theirs.newest_id() == 1
        one, other = mine.read(1), theirs.read(1)
        for rows in ("frames", "scores", "faces", "signal_blocks"):
            assert str(list(getattr(one, rows)())) == str(list(getattr(other, rows)())), rows
        assert one.result().summary == other.result().summary
        assert one.result().tracks == other.result().tracks
