"""Rounds of a scripted window whose engine is killed, cancelled, restarted and stopped at random points.

After each round every analysis in every case file must equal what an undisturbed run stores, up to a whole batch; what
the window was told must be stored; and at every step the window may show scores and boxes of one analysis only.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication

from inspector.domain.settings import Settings
from inspector.engine import faults
from inspector.engine.case.case_file import CaseFile
from inspector.engine.decode.decoder import open_clip
from inspector.engine.model.bundle import outside_files
from inspector.engine.process import launch, protocol
from inspector.engine.process.client import EngineProcess
from inspector.engine.process.confine.access import Access
from inspector.ui import app
from inspector.ui.case.places import cases_folder
from inspector.ui.window.main_window import MainWindow

EVERY = (1, 2)  # the settings between which the examiner changes
KILLS = (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGABRT)
SECONDS = 120.0  # without any progress, for what has to happen

Known = dict[tuple[int, int], tuple[float | None, tuple[float, ...]]]
"""Probability and box of each score, by pts and track."""


class WrongError(AssertionError):
    """Something that the window shows or a case file holds is not what was computed."""


@dataclass
class Reference:
    """What undisturbed runs store: the scores by the clip's SHA-256 and `every`, and the pts of the frames."""

    scores: dict[tuple[str, int], Known] = field(default_factory=dict)
    frames: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def add(self, clip: Path, settings: Settings, folder: Path) -> None:
        """Analyse a clip without a disturbance."""
        path = folder / f"{clip.stem}-{settings.every}.inspector"
        with EngineProcess(Access.to([clip, *outside_files(settings.model)], [folder])) as engine:
            *_, done = engine.ask(lambda job: protocol.Analyze(job, str(clip), str(path), settings))
        assert isinstance(done, protocol.AnalysisDone), done
        with CaseFile.open(path, create=False) as case:
            key = (done.analysis.clip.sha256, settings.every)
            self.scores[key], self.frames[key] = stored_scores(case, done.analysis_id)


def stored_scores(case: CaseFile, analysis_id: int) -> tuple[Known, list[int]]:
    """The scores and the frames of one stored analysis."""
    stored = case.read(analysis_id)
    scores: Known = {}
    for score in stored.scores():
        box = score.box
        where = () if box is None else (box.x, box.y, box.width, box.height)
        scores[score.pts, score.track_id] = score.fake_probability, where
    return scores, [frame.pts for frame in stored.frames()]


def everies(path: Path) -> dict[int, tuple[str, int]]:
    """The clip's SHA-256 and the `every` of each analysis in a case file, read as a stranger reads it.

    Writable: where a killed engine left a transaction open, the first reader has to roll it back.
    """
    query = "SELECT id, json_extract(clip, '$.sha256'), json_extract(settings, '$.every') FROM analyses"
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as db:
        return {number: (sha256, every) for number, sha256, every in db.execute(query)}


class Chaos:
    """One window after the other, and a random hand on it."""

    def __init__(
        self,
        command: list[str],
        clips: list[Path],
        reference: Reference,
        settings: Settings,
        seed: int,
        *,
        is_real: bool,
    ) -> None:
        self._command, self._clips, self._reference = command, clips, reference
        self._seed, self._random = seed, random.Random(seed)
        self._settings, self._is_real = settings, is_real
        self.counts: Counter[str] = Counter()
        self.problems: list[str] = []  # noticed in a slot, where an exception would be lost
        faults.install("chaos", lambda error: self.problems.append(str(error)), prints=False)
        self._told: dict[tuple[Path, int], int] = {}  # frames that the window was told are stored
        self._running: dict[int, tuple[Path, int]] = {}
        self.window = self._open_window()

    # --- the window --------------------------------------------------------------------------------------------------

    def _open_window(self) -> MainWindow:
        window = app.make_window(None, self._command)
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, QApplication.platformName() != "offscreen")
        window.resize(1000, 600)
        window.show()
        window.controller.engine.answered.connect(self._note)
        window.session.notice_posted.connect(self._look_at)
        window.sheets.use_settings(replace(self._settings, every=self._random.choice(EVERY)))
        window.controller.open_path(self._random.choice(self._clips))
        self._until(lambda: window.session.shown is not None, "a clip opens", window)
        return window

    def close(self) -> None:
        """Close the window with all its threads and its process."""
        window = self.window
        if not window.close():
            window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _note(self, answer: protocol.Answer) -> None:
        """Remember how many frames the window was told are in which analysis."""
        self.counts["answers"] += 1
        running = self.window.controller.analyses.queue.running
        if isinstance(answer, protocol.Started) and running is not None:
            self._running[answer.job] = running.case_path, answer.analysis_id
            self._told.setdefault(self._running[answer.job], answer.frames_done)
        elif isinstance(answer, protocol.BatchDone) and answer.job in self._running:
            self._told[self._running[answer.job]] = answer.frames_done

    def _look_at(self, notice: object) -> None:
        text = str(getattr(notice, "text", ""))
        if "made an error" in text:
            self.problems.append(text)
        self.counts["notices of problems"] += bool(getattr(notice, "is_problem", False))

    # --- what is done ------------------------------------------------------------------------------------------------

    def _analyse(self) -> None:
        self.window.controller.analyses.analyse()

    def _stop(self) -> None:
        self.window.controller.analyses.cancel()

    def _kill(self) -> None:
        if process_id := self.window.controller.engine.process_id:
            self.counts["kills"] += 1
            os.kill(process_id, self._random.choice(KILLS))

    def _hang(self) -> None:
        """The process hangs, and the window has to notice it."""
        engine = self.window.controller.engine
        if engine.process_id and self._random.random() < 0.2:
            self.counts["hangs"] += 1
            os.kill(engine.process_id, signal.SIGSTOP)

    def _restart_engine(self) -> None:
        self.window.controller.engine.stop()
        self.window.controller.engine.crashed.emit("The engine was restarted by the test.")

    def _seek(self) -> None:
        opened = self.window.session.opened
        if opened is not None:
            self.window.controller.seek_index(self._random.randrange(len(opened.pts)))

    def _heat_map(self) -> None:
        session = self.window.session
        session.change_overlays(heat_map=not session.overlays.heat_map)

    def _change_settings(self) -> None:
        self.window.sheets.use_settings(replace(self.window.session.settings, every=self._random.choice(EVERY)))

    def _open(self) -> None:
        self.window.controller.open_path(self._random.choice(self._clips))

    def _report(self) -> None:
        self.window.controller.analyses.write_report(cases_folder().parent / f"report-{self._random.random()}")

    def _restart_window(self) -> None:
        if self._random.random() < 0.3:
            self.close()
            self.window = self._open_window()

    # --- rounds ------------------------------------------------------------------------------------------------------

    def round(self, number: int) -> None:
        """Some random actions, then an undisturbed analysis to its end; everything is checked.

        The actions follow from the seed and the number, so that a long run can be made in parts.
        """
        self._random.seed(f"{self._seed}-{number}")
        actions = [
            *[self._analyse] * 5, *[self._stop] * 3, *[self._kill] * 4, *[self._seek] * 4, *[self._heat_map] * 2,
            *[self._change_settings] * 2, self._open, self._report, self._restart_engine, self._hang,
            self._restart_window,
        ]  # fmt: skip
        self._analyse()
        for _ in range(self._random.randint(3, 9)):
            self._wait(self._random.choice((0.0, 0.02, 0.1, 0.3, 0.8)))
            action = self._random.choice(actions)
            self.counts[action.__name__.strip("_").replace("_", " ")] += 1
            action()
            self.check_screen()
        self._settle()
        self.check_screen()
        self.check_files()
        self.counts["rounds"] += 1

    def _settle(self) -> None:
        """The examiner analyses once more, and nothing disturbs it now."""
        session, queue = self.window.session, self.window.controller.analyses.queue
        if process_id := self.window.controller.engine.process_id:
            os.kill(process_id, signal.SIGCONT)
        self._until(lambda: session.shown is not None and not queue.is_busy, "the queue is empty")
        for _ in range(3):  # a process killed just before may be noticed only now
            self._analyse()
            self._until(lambda: not queue.is_busy, "the analysis ends")
            if session.analysis is not None and session.analysis.settings.every == session.settings.every:
                break
        done = session.analysis
        if done is None or not done.is_complete or done.settings.every != session.settings.every:
            raise WrongError(f"the analysis did not end: {self.window.message_bar.text}")
        key = done.clip.sha256, done.settings.every
        expected = self._reference.scores[key]
        self._until(lambda: sum(map(len, session.board.tracks.values())) == len(expected), "all scores are shown")

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while True:
            QApplication.processEvents()
            if time.monotonic() >= end:
                return
            time.sleep(0.005)

    def _until(self, is_so: Callable[[], bool], what: str, window: MainWindow | None = None) -> None:
        """Wait as long as the engine answers or computes, however slow the machine is."""
        waited_for = window or self.window
        progress, since = self._progress(waited_for), time.monotonic()
        while not is_so():
            self._wait(0.02)
            if window is None:
                self.check_screen()
            if progress != (progress := self._progress(waited_for)):
                since = time.monotonic()
            if time.monotonic() > since + SECONDS:
                raise WrongError(f"waited in vain: {what}; {waited_for.message_bar.text}")

    def _progress(self, window: MainWindow) -> tuple[int | None, int, int]:
        """What changes while there is progress: the engine process, its CPU time in ticks, and its answers."""
        process_id = window.controller.engine.process_id
        try:
            fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks = int(fields[11]) + int(fields[12])
        except OSError:  # ended, or no Linux
            ticks = 0
        return process_id, ticks, self.counts["answers"]

    # --- what must be true -------------------------------------------------------------------------------------------

    def check_screen(self) -> None:
        """All scores, boxes, heat maps and results on the screen are those of the analysis that the window names."""
        if self.problems:
            raise WrongError(self.problems[0])
        session = self.window.session
        if session.clip is None or session.analysis_id is None or session.case_path is None:
            if session.clip is not None and (session.faces or any(map(len, session.board.tracks.values()))):
                raise WrongError("there are scores or boxes of no analysis")
            return
        key = everies(session.case_path)[session.analysis_id]
        if key[0] != session.clip.sha256:
            raise WrongError("the analysis on the screen is another clip's")
        known = self._reference.scores[key]
        for track, series in session.board.tracks.items():
            for pts, probability in zip(series.pts, series.probability, strict=True):
                expected = known.get((int(pts), track), (None, ()))[0]
                if not (expected == probability or (expected is None and np.isnan(probability))):
                    raise WrongError(f"track {track} at {pts}: {probability} on the curve, not {expected}")
        for track, face in session.faces:
            box = face.box
            if known[face.pts, track][1] != (box.x, box.y, box.width, box.height):
                raise WrongError(f"track {track} at {face.pts}: the box is that of another analysis")
            cam = session.cam_at(track, face.pts)
            if cam is not None and cam.crop.y != box.y and not self._is_real:
                raise WrongError(f"track {track} at {face.pts}: the heat map is that of another analysis")
        if session.analysis is not None and session.analysis.settings.every != key[1]:
            raise WrongError("the result on the screen is another analysis's")
        self.counts["checks of the screen"] += 1

    def check_files(self) -> None:
        """Each case file is whole, and each analysis in it is a beginning of what an undisturbed run stores."""
        for path in cases_folder().glob("*.inspector"):
            with closing(sqlite3.connect(path)) as db:
                if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                    raise WrongError(f"{path} is damaged")
            with CaseFile.open(path, create=False) as case:
                for analysis_id, key in everies(path).items():
                    self._check_analysis(case, analysis_id, key)
            self.counts["checks of case files"] += 1
        log = faults.log_path()
        if log.exists() and "Traceback (most recent call last)" in log.read_text(encoding="utf-8"):
            raise WrongError(log.read_text(encoding="utf-8"))

    def _check_analysis(self, case: CaseFile, analysis_id: int, key: tuple[str, int]) -> None:
        scores, frames = stored_scores(case, analysis_id)
        whole, all_frames = self._reference.scores[key], self._reference.frames[key]
        if frames != all_frames[: len(frames)]:
            raise WrongError(f"{case.path}, analysis {analysis_id}: the frames are not those of an undisturbed run")
        stored = set(frames)
        if scores != {at: value for at, value in whole.items() if at[0] in stored}:
            raise WrongError(f"{case.path}, analysis {analysis_id}: the scores are not those of an undisturbed run")
        told = self._told.get((case.path, analysis_id), 0)
        if len(frames) < told:
            raise WrongError(f"{case.path}, analysis {analysis_id}: {told} frames were reported, {len(frames)} stored")
        result = case.read(analysis_id).result()
        if result is not None and len(frames) != len(all_frames):
            raise WrongError(f"{case.path}, analysis {analysis_id} is finished with {len(frames)} frames")


def prepare(folder: Path, command: list[str], clips: list[Path], settings: Settings) -> Reference:
    """Run every analysis once without a disturbance."""
    former, launch.engine_command = launch.engine_command, lambda: command
    try:
        reference = Reference()
        for clip in clips:
            for every in EVERY:
                reference.add(Path(open_clip(clip).path), replace(settings, every=every), folder)
        return reference
    finally:
        launch.engine_command = former
