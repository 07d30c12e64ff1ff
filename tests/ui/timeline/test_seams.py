"""Recordings joined into one file: the window shows all frames, marks the seam, and says what it is."""

from functools import partial

import pytest

from inspector.ui.text import clip_facts
from inspector.ui.timeline.marks import Mark
from tests.clips import make_clip
from tests.engine.decode.test_account import rewrite, shift
from tests.ui.conftest import wait_shown


def test_the_seam_of_joined_recordings_is_marked_and_explained(make_window, tmp_path, qtbot):
    piece, path = make_clip(tmp_path / "piece.mp4", frames=25, gop=25, bframes=2), tmp_path / "joined.ts"
    path.write_bytes(b"".join(rewrite(piece, path, partial(shift, by=offset)).read_bytes() for offset in (10.0, 3.0)))
    window = make_window(path)
    wait_shown(qtbot, window, 0)
    assert len(window.session.opened.pts) == 50
    marks = window.timeline.ruler.marks
    qtbot.waitUntil(lambda: len(marks.starts(Mark.SEAM)) == 1)
    assert marks.starts(Mark.SEAM)[0] == pytest.approx(1.0)
    assert marks.text_at(1.0, 0.01) == ["seam: the time stamps go back by 8.00 s"]
    values = [value for _, facts in clip_facts(window.session.clip, 50) for _, value in facts]
    assert any(value.endswith("the time stamps go back by 8.00 s") for value in values)
    window.controller.seek_index(49)
    wait_shown(qtbot, window, 49)
