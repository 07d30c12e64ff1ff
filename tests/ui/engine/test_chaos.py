"""Some rounds of a window whose engine is killed, cancelled and restarted; `python -m tests.chaos` runs many."""

import sqlite3
import sys
from contextlib import closing

import pytest

from inspector.domain.settings import Settings
from inspector.engine import faults
from inspector.ui.case.places import cases_folder
from tests.chaos import rounds
from tests.chaos.rounds import Chaos, Reference, WrongError, prepare
from tests.clips import make_clip, moving_portrait

COMMAND = [sys.executable, "-m", "tests.chaos.engine"]


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chaos")
    sizes = (("a", 48), ("b", 37))
    return [make_clip(folder / f"{n}.mp4", frames=f, size=(320, 240), picture=moving_portrait()) for n, f in sizes]


@pytest.fixture(scope="module")
def reference(clips, tmp_path_factory) -> Reference:
    return prepare(tmp_path_factory.mktemp("reference"), COMMAND, clips, Settings())


@pytest.fixture
def chaos(qapp, clips, reference):
    rounds.app.make_application()
    made = Chaos(COMMAND, clips, reference, Settings(), seed=3, is_real=False)
    yield made
    made.close()
    faults.remove()


def test_cases_stay_whole_and_no_wrong_score_is_shown_whatever_happens_to_the_engine(chaos):
    for number in range(4):
        chaos.round(number)
    assert chaos.counts["kill"]
    assert chaos.counts["checks of the screen"] > 20


def test_the_checks_see_a_wrong_score_a_lost_frame_and_a_box_of_another_analysis(chaos):
    chaos._settle()
    chaos.check_screen()
    chaos.check_files()
    session = chaos.window.session
    box = session.shown.faces[0][1].box
    object.__setattr__(session.shown.faces[0][1].box, "x", box.x + 1)
    with pytest.raises(WrongError, match="box is that of another analysis"):
        chaos.check_screen()
    object.__setattr__(session.shown.faces[0][1].box, "x", box.x - 1)
    series = next(iter(session.board.tracks.values()))
    series.probability[3] += 0.01
    with pytest.raises(WrongError, match="on the curve"):
        chaos.check_screen()
    (path,) = cases_folder().glob("*.inspector")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM frames WHERE number = 9 AND analysis = ?", (session.analysis_id,))
    with pytest.raises(WrongError, match="frames are not those"):
        chaos.check_files()
