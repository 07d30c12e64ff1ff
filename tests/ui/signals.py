"""Signals for tests of the window, put into its case file as an analysis would."""

import json

import numpy as np

from inspector.domain.analysis import SignalBlock
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.database import insert
from inspector.engine.case.signal_blocks import signal_row


def store_signals(qtbot, window, names, of_track):
    """Replace the signals of the shown analysis: names with units, and float (names, n) by track; wait until shown."""
    session = window.session
    pts = np.asarray(session.opened.pts, np.int64)
    with CaseFile.open(session.case_path, create=False) as case, case.database.transaction() as db:
        db.execute("DELETE FROM signals WHERE analysis = ?", (session.analysis_id,))
        db.execute("UPDATE analyses SET series = ? WHERE id = ?", (json.dumps(names), session.analysis_id))
        blocks = [SignalBlock(track, pts, np.asarray(values, np.float32)) for track, values in of_track.items()]
        insert(db, "signals", [signal_row(session.analysis_id, block) for block in blocks])
    session.set_analysis(session.analysis)
    wanted = tuple(name for name, _ in names)
    qtbot.waitUntil(lambda: session.signals is not None and session.signals.names == wanted)
